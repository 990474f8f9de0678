"""The picture of what stops a plan: bars from zero, each rung's middle run, range and what it adds.

Geometry alone, wide or narrow; markup is in `parts.html`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docketflow.app.pages.say import change
from docketflow.app.words import _
from docketflow.report import charts
from docketflow.report.format import significant
from docketflow.results.summary import Summary

MOST_TICKS = 3
MOST_LETTERS = 58  # of a name and its numbers on one line of the narrow form
LINE = 15  # what a second one takes


@dataclass(frozen=True)
class Form:
    """How a picture is laid out."""

    width: int
    left: int
    wide: int
    pitch: int
    bar: int
    top: int
    columns: tuple[int, ...]
    narrow: bool = False


WIDE = Form(width=872, left=226, wide=318, pitch=27, bar=16, top=34, columns=(626, 786, 872))
NARROW = Form(width=358, left=1, wide=335, pitch=40, bar=12, top=26, columns=(358,), narrow=True)


def rows(
    said: Mapping[str, Any] | None,
    none: Summary | None,
    plan: Summary,
    mine: Summary | None,
    reached: Mapping[str, str],
    titles: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return what the picture and its table hold, a row a bar."""
    found: list[dict[str, Any]] = []
    if none is not None:
        found.append(_bar("none", _("No plan: rules of January 2025"), none, reached["none"]))
    found.append(_bar("plan", _("The plan, as announced"), plan, reached["plan"]))
    if mine is not None:
        found.append(_bar("mine", _("Mine: the plan, changed"), mine, reached["mine"]))
    if not said:
        return found
    of = f"{said['members']}"
    if said["alone"]:
        found.append({"heading": _("Plan, with one limit lifted"), "aside": _("change, run against run")})
    for rung in said["alone"]:
        name = titles.get(rung["lifted"][0], rung["lifted"][0])
        found.append(_rung(rung, name, said["base"]["value"][0], of, told=True))
    together = said["together"][1:]
    if together:
        found.append({"heading": _("Plan, with limits lifted together"), "aside": ""})
    for place, rung in enumerate(together):
        words = [str(one) for one in rung["lifted"]]  # the limits' own words are short
        last = place == len(together) - 1 and len(words) > 2
        joined = _joined(words)
        name = _("All %(n)s limits", n=_count(len(words))) if last else joined[:1].upper() + joined[1:]
        found.append(_rung(rung, name, rung["from"], of, told=False))
    return found


def _bar(kind: str, name: str, found: Summary, reached: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "from": 0.0,
        "reached": reached,
        "change": "",
    }


def _rung(rung: Mapping[str, Any], name: str, start: float, of: str, *, told: bool) -> dict[str, Any]:
    value, low, high = rung["value"]
    said = ""
    if "change" in rung:
        parts = [change(x) for x in rung["change"]]
        said = _("%(value)s (%(low)s to %(high)s)", value=parts[0], low=parts[1], high=parts[2])
    reached = "" if rung["reached"] is None else _("%(n)s of %(of)s", n=rung["reached"], of=of)
    return {
        "kind": "rung",
        "name": name,
        "value": value,
        "low": low,
        "high": high,
        "from": min(start, value),
        "reached": reached,
        "change": said,
        "told": told,
        "beside": rung["beside"],
    }


def picture(listed: Sequence[Mapping[str, Any]], goal: float | None, form: Form) -> dict[str, Any]:
    """Return the rows with their places, the axis and the goal."""
    bars = [row for row in listed if "heading" not in row]
    top = charts.room_above([*(row["high"] for row in bars), goal or 0.0])

    def x(value: float) -> float:
        return round(form.left + max(0.0, value) / top * form.wide, 1)

    y, placed = float(form.top), []
    for row in listed:
        if "heading" in row:
            y += 8 if form.narrow else 4
            placed.append({**row, "y": y, "words": y + 13})
            y += 22 if form.narrow else 25
            continue
        edge = x(max(row["high"], row["value"]))
        shown = whole(row["value"])
        span = _("%(low)s to %(high)s", low=whole(row["low"]), high=whole(row["high"]))
        long = form.narrow and len(row["name"]) + len(shown) + len(span) + len(" ()") > MOST_LETTERS
        first, y = y, y + (LINE if long else 0)
        bar = y + (16 if form.narrow else 0)
        placed.append(
            {
                **row,
                "y": bar,
                "words": first + (11 if form.narrow else form.bar - 3),
                "numbers": y + (11 if form.narrow else form.bar - 3),
                "zero": x(0),
                "start": x(row["from"]),
                "end": x(row["value"]),
                "least": x(row["low"]),
                "most": edge,
                "middle": bar + form.bar / 2,
                "after": edge + 8,
                "shown": shown,
                "span": span,
            }
        )
        y += form.pitch
    step = charts.tick_step(top)
    while top / step > MOST_TICKS + 1:
        step *= 2
    ticks = [(x(k * step), _tick(k * step)) for k in range(int(top / step + 1e-9) + 1)]
    return {
        "form": form,
        "rows": placed,
        "ticks": ticks,
        "base": y,
        "height": y + 22,
        "goal": None if goal is None else {"x": x(goal), "words": f"{goal:,.0f}"},
        "grid_top": form.top - 6,
    }


def _tick(value: float) -> str:
    if value >= 1e6:
        return _("%(n)s million", n=f"{value / 1e6:.3g}")
    return f"{value:,.0f}"


def _count(number: int) -> str:
    words = {3: _("three"), 4: _("four"), 5: _("five")}
    return words.get(number, str(number))


def _joined(words: Sequence[str]) -> str:
    return _("%(a)s and %(b)s", a=", ".join(_(word) for word in words[:-1]), b=_(words[-1]))


def whole(value: float) -> str:
    """Return a number in three digits and all its places, so that columns can be read down."""
    return f"{significant(value):,.0f}" if math.isfinite(value) else "–"
