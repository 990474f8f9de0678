"""What the evidence room says on a date: a series carried to the day, a parameter, and where each came from.

Knows figures and parameters, not what they mean. A carried number is never called published.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from docketflow.core.errors import EvidenceError
from docketflow.core.quantity import Dated, Table
from docketflow.core.strict_yaml import read_yaml
from docketflow.core.vocabulary import labels
from docketflow.evidence import Figure, Room

HOME = Path(__file__).parent
NEAR_DAYS = 3  # a count this close to the date stands for the date
DAYS_PER_YEAR = 365.25
Points = list[tuple[int, float, tuple[str, ...]]]
"""A series as (day, value, figure ids), earliest first."""
STRENGTH = ("published", "derived", "assumed")


def weakest(*statuses: str) -> str:
    """Return the least certain of some statuses."""
    return max(statuses, key=STRENGTH.index)


@dataclass(frozen=True)
class Estimate:
    """A number with its standing (published, derived, assumed) and the figures and parameters it rests on."""

    value: float
    status: str
    rests: tuple[str, ...]

    def _with(self, other: Estimate | float, value: float) -> Estimate:
        if not isinstance(other, Estimate):
            return Estimate(value, weakest(self.status, "derived"), self.rests)
        rests = tuple(dict.fromkeys(self.rests + other.rests))
        return Estimate(value, weakest(self.status, other.status, "derived"), rests)

    def __add__(self, other: Estimate | float) -> Estimate:
        return self._with(other, self.value + _number(other))

    def __sub__(self, other: Estimate | float) -> Estimate:
        return self._with(other, self.value - _number(other))

    def __mul__(self, other: Estimate | float) -> Estimate:
        return self._with(other, self.value * _number(other))


def _number(x: Estimate | float) -> float:
    return x.value if isinstance(x, Estimate) else float(x)


class Facts:
    """The evidence room read on one date.

    Parameters
    ----------
    room : Room
        Figures and parameters.
    date : date
        The first day of the population.
    values : mapping of str to Dated, optional
        Parameter values to use instead of the central ones.
    """

    def __init__(self, room: Room, date: dt.date, values: Mapping[str, Dated] | None = None) -> None:
        self.room, self.date = room, date
        self.values = dict(values or {})
        self.series: dict[str, Any] = _series()
        self.read: set[str] = set()
        self._tables: dict[str, pd.Series] = {}

    # --- figures ------------------------------------------------------------------------------------
    def figure(self, id: str) -> Figure:
        """Return one figure."""
        return self.room.figure(id)

    def rows(self, metric: str) -> list[Figure]:
        """Return every figure of a metric."""
        return [row for row in self.room.rows.values() if row.metric == metric]

    def points(self, *path: str) -> Points:
        """Return a series as (day, value, figure ids), earliest first."""
        found: Any = self.series
        for step in path:
            found = found[step]
        points = []
        for point in found if isinstance(found, list) else [found]:
            rows = [self.figure(id) for id in (point if isinstance(point, list) else [point])]
            day = max(row.period_end for row in rows).toordinal()
            points.append((day, sum(row.value for row in rows), tuple(row.id for row in rows)))
        return sorted(points)

    def on_date(self, *path: str) -> Estimate:
        """Return a series on a date: published, between points, along its last slope; 0 before it begins."""
        begins = self.series["begins"].get(path[-1])
        if begins is not None and self.date < begins:
            return Estimate(0.0, "published", ())
        return carry(self.points(*path), self.date.toordinal())

    def counted(self, metric: str, **words: str) -> Points:
        """Return the figures of a metric whose subgroup says just these words, earliest first."""
        said = ";".join(f"{name}={label}" for name, label in words.items()) or "all"
        rows = [row for row in self.rows(metric) if row.subgroup == said]
        return sorted((row.period_end.toordinal(), row.value, (row.id,)) for row in rows)

    # --- parameters ---------------------------------------------------------------------------------
    def _value(self, path: str) -> float | Table:
        self.read.add(path)
        dated = self.values.get(path) or self.room.parameter(path).central
        return dated.at(self.date.toordinal())

    def parameter(self, path: str) -> Estimate:
        """Return a scalar parameter."""
        value = self._value(path)
        if isinstance(value, Table):
            raise EvidenceError(f"parameter {path!r} is a table where a single number is needed")
        return Estimate(value, self.standing(path), (path,))

    def shares(self, path: str) -> pd.Series:
        """Return a table parameter indexed by its labels (one level a trait)."""
        if path not in self._tables:
            table = self._value(path)
            if not isinstance(table, Table):
                raise EvidenceError(f"parameter {path!r} is a single number where a table is needed")
            names = list(table.axes)
            crossed = pd.MultiIndex.from_product(list(table.axes.values()), names=names)
            index: pd.Index = crossed.get_level_values(0) if len(names) == 1 else crossed
            self._tables[path] = pd.Series(table.data.ravel(), index=index)
        return self._tables[path]

    def by(self, trait: str, path: str) -> pd.Series:
        """Return a one-trait table over every label of the trait, zero where it says nothing."""
        return self.shares(path).reindex(list(labels(trait)), fill_value=0.0)

    def standing(self, path: str) -> str:
        """Return whether a parameter is assumed or derived from figures."""
        return "assumed" if self.room.parameter(path).how == "assumed" else "derived"


def carry(points: Points, day: int) -> Estimate:
    """Return the value of a series on a day.

    A point within three days is taken as it stands. Between two points the value moves on a straight line;
    after the last it follows the last line; before the first it is the first.
    """
    days = np.array([point[0] for point in points])
    nearest = int(np.argmin(np.abs(days - day)))
    if abs(days[nearest] - day) <= NEAR_DAYS:
        return Estimate(points[nearest][1], "published", points[nearest][2])
    after = int(np.searchsorted(days, day))
    if after == 0 or len(points) == 1:
        return Estimate(points[0][1], "derived", points[0][2])
    after = min(after, len(points) - 1)
    (d0, v0, i0), (d1, v1, i1) = points[after - 1], points[after]
    value = v0 + (v1 - v0) * (day - d0) / (d1 - d0)
    return Estimate(value, "derived", tuple(dict.fromkeys(i0 + i1)))


@functools.cache
def groups() -> dict[str, str]:
    """Return country to nationality group."""
    text = (HOME / "countries.csv").read_text(encoding="utf-8")
    return {row["country"]: row["nationality"] for row in csv.DictReader(text.splitlines())}


def subgroup(figure: Figure, name: str) -> str:
    """Return one word of a figure's subgroup such as ``citizenship=Cuba;outcome=...``, or an empty string."""
    return dict(part.partition("=")[::2] for part in figure.subgroup.split(";")).get(name, "")


@functools.cache
def _series() -> dict[str, Any]:
    return dict(read_yaml(HOME / "series.yaml"))
