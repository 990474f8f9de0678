"""The picture of why two answers differ, a waterfall, and the numbers of its tables.

It takes the answer as `docketflow why --json` prints it; how it was found is not its business.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from docketflow.core.labels import label
from docketflow.report import charts
from docketflow.report.format import minus, short, significant

Said = Mapping[str, Any]
USD, PERCENT, WHOLE = 1e9, 100, 10
SMALL_CHANGE = 0.15  # of the totals: where the bars' whole travel is less, the picture shows changes only
MOST_BARS = 12
NOTES = 2  # lines of settings under a title


@dataclass(frozen=True)
class Shape:
    """Where things stand in one form of the picture."""

    kind: str
    width: int
    left: int
    right: int
    row: int
    bar: int
    above: int
    drop: int  # from a row's top to its bar
    title: int  # characters of a title
    wrap: int  # and of a line of notes


SHAPES = (
    Shape("wide", 1120, 330, 290, 58, 22, 40, 4, 40, 50),
    Shape("narrow", 358, 4, 4, 66, 16, 8, 20, 32, 48),
)


def helpers(said: Said | None, *, alone: bool) -> dict[str, Any]:
    """Return what the section's template knows; ``alone`` on a page of its own."""
    if said is None:
        return {"why": None}
    return {
        "alone": alone,
        "why": said,
        "says": [_read(sentence, said) for sentence in said["says"]],
        "falls": [waterfall(said, shape) for shape in SHAPES],
        "num": num,
        "label": label,
        "amount": amount,
        "signed": signed,
        "whole": whole,
        "levers_of": levers_of,
    }


def _read(sentence: str, said: Said) -> str:
    """Return a sentence with the outcome's plain words and true minus signs."""
    words = label(said["outcome"])
    plain = words if words[:2].isupper() else words[:1].lower() + words[1:]
    return minus(sentence.replace(f" {said['outcome']}", f" {plain}"))


def num(path: str, text: str, tag: str = "span", **attributes: Any) -> Markup:
    """Return an element that shows a number and carries the path by which `explain` leads it back."""
    more = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f'<{tag} class="n" data-path="{escape(path)}"{more}>{escape(text)}</{tag}>')  # noqa: S704


def _tick(value: float, changes: bool) -> str:
    return ("+" if changes and value > 0 else "") + minus(short(value))


def amount(value: float | None, unit: str) -> str:
    """Return a simulated number as it is printed here."""
    if value is None or not math.isfinite(value):
        return "–"
    if unit in ("share", "probability"):
        return minus(f"{value * PERCENT:.1f}%")
    if unit == "USD":
        return minus(f"{'-' if value < 0 else ''}${abs(value) / USD:.2f} bn")
    rounded = significant(value)
    return minus(f"{rounded:,.{0 if abs(rounded) >= WHOLE or rounded == round(rounded) else 2}f}")


def signed(value: float | None, unit: str) -> str:
    """Return a change as it is printed here; of a share in points."""
    if value is not None and unit in ("share", "probability") and math.isfinite(value):
        return minus(f"{value * PERCENT:+.1f} points")
    shown = amount(value, unit)
    return f"+{shown}" if value is not None and math.isfinite(value) and value > 0 else shown


def whole(one: Said, unit: str) -> str:
    """Return a part in whole numbers that add up, where it is a count."""
    return signed(one["value"], unit) if one["whole"] is None else minus(f"{one['whole']:+,}")


def levers_of(one: Said) -> list[tuple[str, str]]:
    """Return path and title of each lever of a cause."""
    return list({row["lever"]: row["title"] for row in one["settings"]}.items())


def waterfall(said: Said, shape: Shape) -> dict[str, Any]:
    """Return the bars of the picture, from one side to the other."""
    unit, total, causes = said["unit"], said["total"], _drawn(said["causes"])
    start, end = total["b"]["value"], total["a"]["value"]
    levels = [start]
    for one in causes:
        levels.append(levels[-1] + one["value"])
    changes = max(levels) - min(levels) < SMALL_CHANGE * max(abs(start), abs(end))
    if changes:
        levels = [level - start for level in levels]
    rows = [_total(said, "b", shape, changes)]
    for before, one in zip(levels, causes, strict=False):
        rows.append(_step(one, before, f"why:{one['cause']}", unit, shape))
    rows.append(_total(said, "a", shape, changes))
    if changes:
        rows[0]["span"] = None
        name, value = rows[-1]["title"], rows[-1]["value"]
        together = {**said["difference"], "title": "Together", "settings": []}
        rows[-1] = _step(together, 0.0, "why:difference", unit, shape)
        rows[-1]["notes"] = _lines(f"{name}: {value}", shape)
    return _laid(rows, shape, unit, changes)


def _drawn(causes: Sequence[Said]) -> list[Said]:
    """Return the causes that have a bar of their own, in their order, and the smallest of many as one."""
    if len(causes) <= MOST_BARS:
        return list(causes)
    by_size = sorted(causes, key=lambda one: -abs(one["value"]))
    large = [one["cause"] for one in by_size[: MOST_BARS - 1]]
    small = by_size[MOST_BARS - 1 :]
    rest: dict[str, Any] = {"cause": "difference", "settings": []}
    rest["title"] = f"{len(small)} others together"
    rest |= {"value": sum(one["value"] for one in small), "nine_in_ten_low": None, "nine_in_ten_high": None}
    return [*(one for one in causes if one["cause"] in large), rest]


def _step(one: Said, before: float, path: str, unit: str, shape: Shape) -> dict[str, Any]:
    """Return the row of one part, from a level on."""
    low, high = one["nine_in_ten_low"], one["nine_in_ten_high"]
    first, *more = textwrap.wrap(one["title"], shape.title) or [""]
    ranged = low is not None and high is not None
    return {
        "title": first,
        "notes": more[:NOTES] or _notes(one, shape),
        "wrapped": bool(more),
        "span": (before, before + one["value"]),
        "reach": (before + low, before + high) if ranged else None,
        "fall": one["value"] < 0,
        "path": path,
        "raw": (one["value"], low, high),
        "value": signed(one["value"], unit),
        "range": f"{signed(low, unit)} to {signed(high, unit)}" if ranged else "",
    }


def _total(said: Said, side: str, shape: Shape, changes: bool) -> dict[str, Any]:
    unit, total = said["unit"], said["total"][side]
    low, high = total["nine_in_ten_low"], total["nine_in_ten_high"]
    return {
        "title": said[side]["scenario"],
        "notes": _lines(said[side]["title"], shape),
        "span": (0.0, total["value"]),
        "reach": None if changes else (low, high),
        "fall": side == "b",
        "wrapped": False,
        "side": side,
        "path": f"why:{side}",
        "raw": (total["value"], low, high),
        "value": amount(total["value"], unit),
        "range": f"{amount(low, unit)} to {amount(high, unit)}",
    }


def _notes(one: Said, shape: Shape) -> list[str]:
    if [title for _, title in levers_of(one)] == [one["title"]]:
        return [""]
    titles = [title[:1].lower() + title[1:] if title[1:2].islower() else title for _, title in levers_of(one)]
    return _lines("; ".join(titles), shape)


def _lines(text: str, shape: Shape) -> list[str]:
    lines = textwrap.wrap(
        text, shape.wrap, max_lines=NOTES if shape.kind == "wide" else 1, placeholder=" ..."
    )
    return lines or [""]


def _laid(rows: list[dict[str, Any]], shape: Shape, unit: str, changes: bool) -> dict[str, Any]:
    """Return rows with their places."""
    ends = [value for row in rows for pair in (row["span"], row["reach"]) if pair for value in pair]
    top, bottom = charts.room_above(ends), -charts.room_above([-value for value in ends])
    bottom = bottom if min(ends) < 0 else 0.0
    wide = shape.width - shape.left - shape.right

    def x(value: float) -> float:
        return round(shape.left + (value - bottom) / (top - bottom) * wide, 1)

    for k, row in enumerate(rows):
        row["y"] = shape.above + k * shape.row
        row["bar"] = row["y"] + shape.drop
        if row["span"]:
            low, high = sorted(map(x, row["span"]))
            row |= {"x": low, "wide": round(max(high - low, 1.0), 1), "end": x(row["span"][1])}
        else:
            row["end"] = x(0.0)
        if row["reach"]:
            row["low"], row["high"] = map(x, row["reach"])
    step = charts.tick_step(top - bottom)
    marks = range(math.ceil(bottom / step), math.floor(top / step + 1e-9) + 1)
    share = unit in ("share", "probability")
    factor, mark = (PERCENT, " pts" if changes else "%") if share else (1, "")
    base = shape.above + len(rows) * shape.row
    return {
        "kind": shape.kind,
        "shape": shape,
        "rows": rows,
        "changes": changes,
        "ticks": [(x(k * step), _tick(k * step * factor, changes) + mark) for k in marks],
        "zero": x(0.0),
        "base": base,
        "height": base + 26,
        "columns": (shape.width - shape.right + 90, shape.width),
    }
