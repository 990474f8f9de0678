"""Geometry of the charts: values to coordinates, paths and ticks (markup: `templates/charts.html`).

It knows days and numbers; not what they count, and no colour.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docketflow.report.format import short

TICKS = 4
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Frame:
    """A plotting area: the period along x, zero to ``top`` along y."""

    width: int
    height: int
    start: dt.date
    days: int
    top: float
    left: int = 40
    right: int = 10
    above: int = 12
    below: int = 34

    def x(self, day: float) -> float:
        """Return the place of a day, counted from the first."""
        return round(self.left + day / self.days * (self.width - self.left - self.right), 1)

    def y(self, value: float) -> float:
        """Return the place of a value."""
        return round(self.base - value / self.top * (self.base - self.above), 1)

    @property
    def base(self) -> int:
        """Return where zero lies."""
        return self.height - self.below

    @property
    def edge(self) -> int:
        """Return where the period ends."""
        return self.width - self.right

    def grid(self) -> list[tuple[float, str]]:
        """Return the place and the words of each tick of y."""
        step = tick_step(self.top)
        return [(self.y(k * step), short(k * step)) for k in range(int(self.top / step + 1e-9) + 1)]

    def calendar(self) -> list[tuple[float, str, str]]:
        """Return the place, month and (where it changes) year of a few month starts along x."""
        first = dt.date(self.start.year, self.start.month, 1)
        starts = [_months_on(first, k) for k in range(self.days // 28 + 2)]
        inside = [day for day in starts if 0 <= (day - self.start).days < self.days]
        every = max(1, math.ceil(len(inside) / 5))
        ticks, year = [], 0
        for day in inside[::every]:
            ticks.append(
                (self.x((day - self.start).days), f"{day:%b}", "" if day.year == year else str(day.year))
            )
            year = day.year
        return ticks


def _months_on(day: dt.date, months: int) -> dt.date:
    place = day.month - 1 + months
    return dt.date(day.year + place // 12, place % 12 + 1, 1)


def tick_step(top: float) -> float:
    """Return a round step that divides zero to ``top`` into about four.

    >>> tick_step(3000), tick_step(1_050_000)
    (1000, 500000)
    """
    if top <= 0:
        return 1
    size = 10 ** math.floor(math.log10(top / TICKS))
    return next(int(s * size) if s * size >= 1 else s * size for s in STEPS if top / (s * size) <= TICKS)


def room_above(values: Sequence[float]) -> float:
    """Return the top of an axis that holds all values with a little air."""
    finite = [float(value) for value in values if math.isfinite(value)]
    return max([*finite, 0.0]) * 1.08 or 1.0


def steps(frame: Frame, days: Iterable[int], values: Iterable[float]) -> str:
    """Return a line that holds each value over its days (a run of days a month)."""
    places: list[str] = []
    first = 0
    for length, value in zip(days, values, strict=True):
        places += [f"{frame.x(first)},{frame.y(value)}", f"{frame.x(first + length)},{frame.y(value)}"]
        first += length
    return "M" + "L".join(places)


def climb(frame: Frame, days: Iterable[int], values: Iterable[float]) -> str:
    """Return a line from zero through the value reached at each month's end."""
    places, last = [f"{frame.x(0)},{frame.y(0)}"], 0
    for length, value in zip(days, values, strict=True):
        last += length
        places.append(f"{frame.x(last)},{frame.y(value)}")
    return "M" + "L".join(places)


def between(low: str, high: str) -> str:
    """Return the area between two lines that begin and end at the same days."""
    back = high.removeprefix("M").split("L")[::-1]
    return f"{low}L{'L'.join(back)}Z"


def spark(series: Iterable[float], *, width: int = 96, height: int = 24) -> str:
    """Return a small line of a series from zero to its highest value."""
    values = list(series)
    top = room_above(values)
    wide = width / max(1, len(values) - 1)
    places = [
        f"{k * wide:.1f},{height - 2 - value / top * (height - 4):.1f}" for k, value in enumerate(values)
    ]
    return "M" + "L".join(places)
