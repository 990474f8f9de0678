"""The picture of why two answers differ, a waterfall, and the numbers of its tables.

It takes the answer as `docketflow why --json` prints it; how it was found is not its business.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from docketflow.report import charts
from docketflow.report.format import short, significant
from docketflow.report.view import label

Said = Mapping[str, Any]
USD, PERCENT, WHOLE = 1e9, 100, 10
MINUS = re.compile(r"(?<![\w-])-(?=\d)")
SMALL_CHANGE = 0.15  # of the totals: where the bars' whole travel is less, the picture shows changes only
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
    wrap: int  # characters of a line of notes


SHAPES = (
    Shape("wide", 1120, 330, 290, 58, 22, 40, 4, 50),
    Shape("narrow", 358, 4, 4, 66, 16, 8, 20, 48),
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
    return MINUS.sub("−", sentence.replace(f" {said['outcome']}", f" {plain}"))


def num(path: str, text: str, tag: str = "span", **attributes: Any) -> Markup:
    """Return an element that shows a number and carries the path by which `explain` leads it back."""
    more = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f'<{tag} class="n" data-path="{escape(path)}"{more}>{escape(text)}</{tag}>')  # noqa: S704


def amount(value: float | None, unit: str) -> str:
    """Return a simulated number as it is printed here."""
    if value is None or not math.isfinite(value):
        return "–"
    if unit in ("share", "probability"):
        return f"{value * PERCENT:.1f}%".replace("-", "−")
    if unit == "USD":
        return f"{'−' if value < 0 else ''}${abs(value) / USD:.2f} bn"
    rounded = significant(value)
    return f"{rounded:,.{0 if abs(rounded) >= WHOLE or rounded == round(rounded) else 2}f}".replace("-", "−")


def signed(value: float | None, unit: str) -> str:
    """Return a change as it is printed here; of a share in points."""
    if value is not None and unit in ("share", "probability") and math.isfinite(value):
        return f"{value * PERCENT:+.1f} points".replace("-", "−")
    shown = amount(value, unit)
    return f"+{shown}" if value is not None and math.isfinite(value) and value > 0 else shown


def whole(one: Said, unit: str) -> str:
    """Return a part in whole numbers that add up, where it is a count."""
    return signed(one["value"], unit) if one["whole"] is None else f"{one['whole']:+,}".replace("-", "−")


def levers_of(one: Said) -> list[tuple[str, str]]:
    """Return path and title of each lever of a cause."""
    return list({row["lever"]: row["title"] for row in one["settings"]}.items())


def waterfall(said: Said, shape: Shape) -> dict[str, Any]:
    """Return the bars of the picture, from one side to the other."""
    unit, total = said["unit"], said["total"]
    start, end = total["b"]["value"], total["a"]["value"]
    levels = [start]
    for one in said["causes"]:
        levels.append(levels[-1] + one["value"])
    changes = max(levels) - min(levels) < SMALL_CHANGE * max(abs(start), abs(end))
    if changes:
        levels = [level - start for level in levels]
    rows = [_total(said, "b", shape, changes)]
    for before, after, one in zip(levels, levels[1:], said["causes"], strict=False):
        rows.append(
            {
                "title": one["title"],
                "notes": _notes(one, shape),
                "span": (before, after),
                "reach": (before + one["nine_in_ten_low"], before + one["nine_in_ten_high"]),
                "fall": after < before,
                "path": f"why:{one['cause']}",
                "value": signed(one["value"], unit),
                "range": f"{signed(one['nine_in_ten_low'], unit)} to {signed(one['nine_in_ten_high'], unit)}",
            }
        )
    rows.append(_total(said, "a", shape, changes))
    if changes:
        gap = said["difference"]
        rows[-1] |= {"span": (0.0, levels[-1]), "reach": None, "fall": levels[-1] < 0, "sum": True}
        rows[0]["span"] = None
        rows[-1]["change"] = signed(gap["value"], unit)
    return _laid(rows, shape, unit, changes)


def _total(said: Said, side: str, shape: Shape, changes: bool) -> dict[str, Any]:
    unit, total = said["unit"], said["total"][side]
    low, high = total["nine_in_ten_low"], total["nine_in_ten_high"]
    return {
        "title": said[side]["scenario"],
        "notes": _lines(said[side]["title"], shape),
        "span": (0.0, total["value"]),
        "reach": None if changes else (low, high),
        "fall": side == "b",
        "side": side,
        "path": f"why:{side}",
        "value": amount(total["value"], unit),
        "range": f"{amount(low, unit)} to {amount(high, unit)}",
    }


def _notes(one: Said, shape: Shape) -> list[str]:
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
    factor = PERCENT if unit in ("share", "probability") else 1
    base = shape.above + len(rows) * shape.row
    return {
        "kind": shape.kind,
        "shape": shape,
        "rows": rows,
        "changes": changes,
        "ticks": [
            (x(k * step), ("+" if changes and k > 0 else "") + short(k * step * factor)) for k in marks
        ],
        "zero": x(0.0),
        "base": base,
        "height": base + 26,
        "columns": (shape.width - shape.right + 90, shape.width),
    }
