"""The picture of removals a day: no plan, the plan and mine, the pace needed, the record, the days of levers.

Geometry alone, wide or narrow; markup is in `parts.html`. A month is drawn at its middle, as a rate a day:
the first and last month are parts of months.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.app.pages import say
from docketflow.app.words import _
from docketflow.report.charts import Frame, room_above, tick_step
from docketflow.report.pictures import lever_dates
from docketflow.results import Result

APART = 15.0  # least distance of words at line ends


@dataclass(frozen=True)
class Line:
    """One line: how it is called, its name for the style, and rates a day by month."""

    kind: str
    name: str
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def line(kind: str, name: str, result: Result, count: str) -> Line | None:
    """Return an outcome's rates a day, if it has months."""
    bands = result[count].bands if count in result else None
    if bands is None:
        return None
    days = np.array(result.days, dtype=float)
    return Line(kind, name, bands.value / days, bands.low / days, bands.high / days)


def picture(
    lines: Sequence[Line],
    days: Sequence[int],
    start: dt.date,
    *,
    needed: float | None,
    record: tuple[float, str] | None,
    marks: Sequence[lever_dates.Mark],
    narrow: bool = False,
) -> dict[str, Any]:
    """Return paths, words and their places."""
    width, right, height = (358, 62, 210) if narrow else (872, 204, 172)
    top = room_above(
        [*(float(x) for one in lines for x in one.high), needed or 0.0, record[0] if record else 0.0]
    )
    step = tick_step(top)
    above = math.ceil(top / step) * step
    top = above if above < top * 1.12 else top
    frame = Frame(width, height, start, sum(days), top, left=44, right=right, above=14, below=22)
    top_row = (frame.y(needed) + 14 if needed else float(frame.above)) + 10
    middles = [sum(days[:k]) + days[k] / 2 for k in range(len(days))]
    drawn = [_drawn(frame, one, middles) for one in lines]
    ends = [*(_end(frame, one) for one in lines)]
    if not narrow and record:
        ends.append({"kind": "record", "at": frame.y(record[0]), "words": record[1], "two": True})
    return {
        "frame": frame,
        "grid": [(frame.y(k * step), f"{k * step:,.0f}") for k in range(int(top / step + 1e-9) + 1)],
        "width": width,
        "height": height,
        "narrow": narrow,
        "lines": drawn,
        "ends": _spread(ends, frame.base + 12),
        "needed": None
        if needed is None
        else {"y": frame.y(needed), "words": _("needed: %(n)s a day", n=_three(needed))},
        "record": None if record is None else {"y": frame.y(record[0]), "words": record[1]},
        "marks": lever_dates.place(frame, marks, top=top_row, letters=narrow),
        "ticks": _calendar(frame, start, narrow),
        "last": frame.x(middles[-1]) if middles else frame.edge,
    }


def _three(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.0f}"


def _drawn(frame: Frame, one: Line, middles: Sequence[float]) -> dict[str, Any]:
    def path(values: np.ndarray) -> str:
        return "M" + "L".join(
            f"{frame.x(x)},{frame.y(float(v))}" for x, v in zip(middles, values, strict=True)
        )

    low, high = path(one.low), path(one.high)
    back = high.removeprefix("M").split("L")[::-1]
    area = f"{low}L{'L'.join(back)}Z" if not np.array_equal(one.low, one.high) else ""
    return {"kind": one.kind, "name": one.name, "path": path(one.value), "area": area}


def _end(frame: Frame, one: Line) -> dict[str, Any]:
    return {"kind": one.kind, "at": frame.y(float(one.value[-1])), "words": one.name, "two": False}


def _spread(ends: list[dict[str, Any]], floor: float) -> list[dict[str, Any]]:
    """Return words at line ends in the order of their lines, none over another, the last above a floor."""
    placed = sorted(ends, key=lambda end: (end["at"], end["kind"] != "record"))
    bottom = floor
    for end in reversed(placed):
        end["y"] = min(end["at"] + (-6 if end["two"] else 0), bottom - (APART if end["two"] else 0))
        bottom = end["y"] - APART - (1 if end["two"] else 0)
    return placed


def _calendar(frame: Frame, start: dt.date, narrow: bool) -> list[tuple[float, str]]:
    """Return the first day and every other (on a phone every third) month's first."""
    ticks = [(frame.x(0), say.day(start, short=True) if start.day != 1 else say.month(start))]
    every, months = 3 if narrow else 2, []
    day = dt.date(start.year, start.month, 1)
    while (day - start).days < frame.days:
        if day > start:
            months.append(day)
        day = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    for one in months[1::every]:
        x = frame.x((one - start).days)
        if x - ticks[-1][0] > APART * 3:
            ticks.append((x, say.month(one)))
    return ticks


def table(lines: Sequence[Line], result: Result) -> list[dict[str, Any]]:
    """Return the same numbers as rows: a month each, with the days it covers."""
    found = []
    for k, month in enumerate(result.months):
        cells: Mapping[str, Any] = {
            one.kind: (_three(float(one.value[k])), _three(float(one.low[k])), _three(float(one.high[k])))
            for one in lines
        }
        found.append({"month": month, "days": result.days[k], "cells": cells})
    return found
