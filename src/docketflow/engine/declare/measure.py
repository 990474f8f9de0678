"""Measures: what is read off the books of a run, declared as data beside the network.

A measure has a value for each segment of the books and one for a whole window of days
(`docketflow.engine.run.evaluate` finds them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docketflow.core.quantity import Number

Where = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Flow:
    """A tally, summed over the cells that fit ``where``."""

    tally: str
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Level:
    """People at stages and holding spaces, added up: their "mean", "peak", "last" or "sum" over days."""

    stages: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    how: str = "last"


@dataclass(frozen=True)
class Total:
    """A signed sum of measures."""

    parts: tuple[tuple[int, Measure], ...]


@dataclass(frozen=True)
class Ratio:
    """One measure over another (zero where the lower one is zero)."""

    top: Measure
    bottom: Measure


@dataclass(frozen=True)
class Scaled:
    """A measure times one number (by date), such as journeys from passengers."""

    of: Measure
    factor: Number


@dataclass(frozen=True)
class Raised:
    """How far a number rises, by date, above the most it was since the run's first day: what is built up.

    What falls and rises again to where it was is not built again. The books are not read.
    """

    of: Number


@dataclass(frozen=True)
class Daily:
    """A number a day, by date, added up over the days: what is decided by pace. The books are not read."""

    a_day: Number


@dataclass(frozen=True)
class Priced:
    """Measures times prices (USD, by date), added up in whole cents."""

    items: tuple[tuple[Measure, Number], ...]


Measure = Flow | Level | Total | Ratio | Scaled | Raised | Daily | Priced


def total(*parts: Measure) -> Total:
    """Return the sum of measures."""
    return Total(tuple((1, part) for part in parts))


def countable(measure: Measure) -> list[tuple[int, Flow]] | None:
    """Return a measure as a signed sum of flows, or None when it is not one: then nobody is counted in it."""
    if isinstance(measure, Flow):
        return [(1, measure)]
    if not isinstance(measure, Total):
        return None
    parts = [(sign, countable(part)) for sign, part in measure.parts]
    if any(part is None for _, part in parts):
        return None
    return [(sign * inner, flow) for sign, part in parts for inner, flow in part or ()]
