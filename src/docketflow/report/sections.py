"""What each section of the page shows: pictures laid out, and the tables that lie beneath them as CSV.

It prepares; the words stand in the templates, and every printed number is asked for by its path there.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from docketflow.core.labels import label
from docketflow.core.sheets import as_csv
from docketflow.report import charts
from docketflow.report.baseline import Beside
from docketflow.report.format import day
from docketflow.report.pictures import lever_dates, sankey
from docketflow.report.view import FIELDS, Reading, Resource, rounded, words
from docketflow.results.result import about

WIDE, NARROW = (760, 330), (340, 250)
PANEL = (340, 190)
LETTER = 14  # from a line to the letters below it


def as_link(rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as the address of a CSV file that lies in the page itself."""
    return "data:text/csv;base64," + base64.b64encode(as_csv(rows).encode()).decode()


def _sheet(reading: Reading, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table of this result as a link; each row says what it is of."""
    tail = about(reading.result)
    return as_link([[*head, *tail], *([*row, *tail.values()] for row in rows)])


def _plain(value: float) -> float:
    return round(float(value), 4)


# --- removals ---------------------------------------------------------------------------------------
def interval(low: float, middle: float, high: float, top: float, *, width: int = 150) -> dict[str, float]:
    """Return the places of a band and its median on a line from zero to ``top``."""
    places = {"low": low, "middle": middle, "high": high}
    return {"width": width, **{key: round(value / top * width, 1) for key, value in places.items()}}


def rules(reading: Reading) -> list[dict[str, Any]]:
    """Return the counting rules, each with its interval on one common scale."""
    wholes = {name: reading.answers[name].whole for name in reading.rules}
    goal = reading.target[0] if reading.target else 0.0
    top = charts.room_above([goal, *(whole.high for whole in wholes.values())])
    return [
        {
            "name": name,
            "goal": round(goal / top * 150, 1),
            **interval(whole.low, whole.value, whole.high, top),
        }
        for name, whole in wholes.items()
    ]


def race(reading: Reading, beside: Beside) -> list[dict[str, Any]]:
    """Return the running total of the target's series, wide and narrow: with the plan and without it,
    against an even way to the target."""
    name = reading.rules[0]
    total, days = reading.running(name), [month.days for month in reading.months]
    goal = reading.target[0] if reading.target else 0.0
    drawn = []
    for kind, (width, height) in (("wide", WIDE), ("narrow", NARROW)):
        top = charts.room_above([goal, *total["high"]])
        frame = charts.Frame(width, height, reading.result.start, reading.days, top, left=44, right=14)
        lines = {part: charts.climb(frame, days, total[part]) for part in FIELDS}
        end, without = frame.y(total["median"][-1]), beside.months(name, "so_far")
        plain = frame.y(without[-1]) if without else None
        drawn.append(
            {
                "kind": kind,
                "name": name,
                "frame": frame,
                "dates": _dates(reading, frame),
                "line": lines["median"],
                "band": charts.between(lines["low"], lines["high"]),
                "goal": f"M{frame.x(0)},{frame.y(0)}L{frame.edge},{frame.y(goal)}" if goal else "",
                "goal_y": frame.y(goal) + 14,
                "without": charts.climb(frame, days, without) if without else "",
                "without_y": None if plain is None else max(frame.y(total["low"][-1]), plain, end) + 16,
                "high_y": min(frame.y(total["high"][-1]), end, end if plain is None else plain) - 8,
            }
        )
    return drawn


def paces(reading: Reading, beside: Beside) -> list[dict[str, Any]]:
    """Return a panel a counting rule: people a day by month, on one scale, with the target's pace and without
    the plan."""
    days = np.array([month.days for month in reading.months])
    shown = [name for name in reading.rules if name in reading.monthly]
    goal = reading.target[0] / reading.days if reading.target else 0.0
    plain = {name: np.array(beside.months(name, "each")) for name in shown}
    plain = {name: values / days for name, values in plain.items() if values.size}
    highest = [v for name in shown for v in reading.monthly[name]["high"] / days]
    top = charts.room_above([goal, *highest, *(v for values in plain.values() for v in values)])
    panels = []
    for name in shown:
        frame = charts.Frame(*PANEL, reading.result.start, reading.days, top)
        lines = {
            part: charts.steps(frame, days.tolist(), reading.monthly[name][part] / days) for part in FIELDS
        }
        panels.append(
            {
                "name": name,
                "frame": frame,
                "dates": _dates(reading, frame, frame.y(goal) + LETTER if goal else 0),
                "line": lines["median"],
                "band": charts.between(lines["low"], lines["high"]),
                "goal_y": frame.y(goal) if goal else None,
                "without": charts.steps(frame, days.tolist(), plain[name]) if name in plain else "",
                "csv": months_csv(reading, name),
            }
        )
    return panels


def _dates(reading: Reading, frame: charts.Frame, top: float = 0) -> list[lever_dates.Placed]:
    """Return the days on which settings begin to work, as letters in a picture: the same in every one."""
    marks = [lever_dates.Mark(day, str(n)) for n, day in _begun(reading)]
    panel = charts.Frame(*PANEL, reading.result.start, reading.days, 1)
    apart = lever_dates.days_apart(panel)
    return lever_dates.place(frame, marks, top=top or frame.above - 2, letters=True, apart=apart)


def _begun(reading: Reading) -> list[tuple[int, dt.date]]:
    """Return each setting, counted from one, that begins to work within the period, and the day."""
    days = [(n, lever_dates.begins(row)) for n, row in enumerate(reading.levers, start=1)]
    return [(n, day) for n, day in days if day and reading.result.start <= day <= reading.result.end]


def lettered(placed: Sequence[lever_dates.Placed]) -> list[tuple[str, list[tuple[dt.date, list[int]]]]]:
    """Return what each letter of a picture stands for: its days, and the settings that begin on each."""
    found = []
    for one in placed:
        days: dict[dt.date, list[int]] = {}
        for n, on in zip(one.says, one.days, strict=True):
            days.setdefault(on, []).append(int(n))
        found.append((one.letter, list(days.items())))
    return found


def named(reading: Reading, placed: Sequence[lever_dates.Placed], few: int) -> str:
    """Return what the letters of a picture stand for, in one line for a picture that stands alone."""
    said = []
    for letter, days in lettered(placed):
        first, last, rows = days[0][0], days[-1][0], [n for _, some in days for n in some]
        span = day(first) if first == last else f"{day(first)} to {day(last)}"
        titles = list(dict.fromkeys(str(reading.levers[n - 1]["title"]) for n in rows))
        more = f" and {len(titles) - few} more" if len(titles) > few else ""
        said.append(f"{letter}, {span}: {'; '.join(titles[:few])}{more}.")
    return f"Settings begin to work: {' '.join(said)}" if said else ""


def months_csv(reading: Reading, name: str) -> str:
    """Return the months of one outcome as CSV."""
    table, unit = reading.monthly[name], reading.answers[name].unit
    rows = [
        [name, month.label, month.days, unit, *rounded(table, k)] for k, month in enumerate(reading.months)
    ]
    return _sheet(reading, ["outcome", "month", "days", "unit", *FIELDS], rows)


# --- stocks and flows -------------------------------------------------------------------------------
def stocks(reading: Reading) -> list[dict[str, Any]]:
    """Return the stages where anybody is, largest first, each with a small line of its months."""
    rows = [
        {"name": name, "spark": charts.spark(bands["median"])}
        for name, bands in reading.stocks.items()
        if (bands["high"] > 0).any()
    ]
    return sorted(rows, key=lambda row: -float(reading.stocks[str(row["name"])]["median"][-1]))


def stocks_csv(reading: Reading) -> str:
    """Return every stage and month as CSV."""
    rows = [
        [name, label(name), month.label, month.days, "persons", *rounded(bands, k)]
        for name, bands in reading.stocks.items()
        for k, month in enumerate(reading.months)
    ]
    return _sheet(reading, ["stage", "label", "month", "days", "unit", *FIELDS], rows)


def flow(reading: Reading) -> list[sankey.Sankey]:
    """Return the flow from arrest to outcome, laid out wide and narrow."""
    sizes = ((960, 520, 150), (330, 560, 0))
    return [sankey.layout(reading.flows, width=w, height=h, margin=m) for w, h, m in sizes]


def flow_csv(reading: Reading) -> str:
    """Return the edges of the flow as CSV."""
    rows = ([a, b, _plain(value)] for a, b, value in reading.flows)
    return _sheet(reading, ["source_place", "target_place", "persons"], rows)


# --- resources and money ----------------------------------------------------------------------------
def resources(reading: Reading) -> list[dict[str, Any]]:
    """Return a panel a resource that has a limit and is used, the fullest first: supply and use by month."""
    limited = [one for one in _limits(reading) if not one.idle]
    return [_resource(reading, one) for one in sorted(limited, key=lambda one: -one.share)]


def unused(reading: Reading) -> list[str]:
    """Return the resources of which the middle run uses nothing."""
    return [one.name for one in _limits(reading) if one.idle]


def _limits(reading: Reading) -> list[Resource]:
    """Return the resources a plan could have more of: with a limit that is not the people who come."""
    come = words()["no_resource"]
    return [one for one in reading.resources.values() if one.capped and one.name not in come]


def _resource(reading: Reading, resource: Resource) -> dict[str, Any]:
    """Return one panel; efforts are drawn a day, so that months of any length compare."""
    days = resource.days
    over = np.ones(len(days)) if resource.kind == "space" else days
    supply, used = resource.supply / over, resource.used / over
    low, high = resource.low / over, resource.high / over
    frame = charts.Frame(*PANEL, reading.result.start, reading.days, charts.room_above([*supply, *high]))
    lengths = days.tolist()
    line = charts.steps(frame, lengths, used)
    return {
        "name": resource.name,
        "kind": resource.kind,
        "frame": frame,
        "supply": charts.steps(frame, lengths, supply),
        "used": line,
        "band": charts.between(charts.steps(frame, lengths, low), charts.steps(frame, lengths, high)),
        "refused": resource.whole("refused") > 0,
        "csv": resource_csv(reading, resource),
    }


def short(reading: Reading) -> list[str]:
    """Return the resources that were nearly full or turned someone away, the fullest first."""
    full = float(words()["method"]["full"]["value"])
    found = [
        one
        for one in _limits(reading)
        if one.share >= full or (one.kind == "space" and one.whole("refused") >= reading.record)
    ]
    return [one.name for one in sorted(found, key=lambda one: -one.share)]


def resource_csv(reading: Reading, resource: Resource) -> str:
    """Return the months of one resource as CSV."""
    parts = (resource.supply, resource.used, resource.low, resource.high, resource.refused)
    rows = [
        [resource.name, month.label, month.days, resource.unit, *(_plain(part[k]) for part in parts)]
        for k, month in enumerate(reading.months)
    ]
    return _sheet(
        reading,
        ["resource", "month", "days", "unit", "supply", "used", "used_low", "used_high", "refused"],
        rows,
    )


def costs(reading: Reading) -> list[dict[str, Any]]:
    """Return the accounts, dearest first, each with its interval on one common scale."""
    top = charts.room_above([bands["high"] for bands in reading.costs.values()])
    rows = [
        {"name": name, **interval(bands["low"], bands["median"], bands["high"], top, width=220)}
        for name, bands in reading.costs.items()
    ]
    return sorted(rows, key=lambda row: -row["middle"])


def costs_csv(reading: Reading) -> str:
    """Return the accounts as CSV."""
    rows = [[name, reading.days, "USD", *rounded(bands)] for name, bands in reading.costs.items()]
    return _sheet(reading, ["account", "days", "unit", *FIELDS], rows)


# --- what the plan changes --------------------------------------------------------------------------
def lever_groups(reading: Reading) -> list[list[int]]:
    """Return the rows of the table of levers, counted from one; rows that say the same of several are one."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for n, row in enumerate(reading.levers, start=1):
        alike = [str(row[key]) for key in ("operation", "value", "unit", "from", "to", "lag", "source")]
        key = tuple(alike) if row["operation"] == "scale" else (str(n),)
        groups.setdefault(key, []).append(n)
    return list(groups.values())
