"""The numbers that are fitted: where they act, on which scale, and what is believed of them beforehand.

A member is a vector of moves, zero where a number is what the evidence room says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from docketflow.conductor.model import quantiles
from docketflow.core.dates import fiscal_year_span
from docketflow.core.errors import UsageError, unknown
from docketflow.core.quantity import Dated, Table, Value
from docketflow.core.strict_yaml import read_yaml

FIELDS = ("name", "path", "scale", "by", "sd", "step")
SCALES = ("log", "odds")


def cells(value: Value) -> np.ndarray:
    """Return the numbers of a value, of a table or of one."""
    return np.asarray(value.data if isinstance(value, Table) else value, dtype=float)


@dataclass(frozen=True)
class Fitted:
    """One number, or one a fiscal year, that is fitted (see `fitted.yaml`)."""

    name: str
    path: str
    scale: str
    sd: float
    step: float = 0.0
    by: str = ""

    def moved(self, value: Value, by: float) -> Value:
        """Return a value moved by so much on its scale; shares of 0 and 1 stay what they are."""
        old, factor = cells(value), np.exp(by)
        new = old * factor if self.scale == "log" else old * factor / (1 - old + old * factor)
        return Table(value.axes, new) if isinstance(value, Table) else float(new)


@dataclass(frozen=True)
class Space:
    """All that is fitted over some fiscal years: the places of a member's vector and what they mean.

    Attributes
    ----------
    fitted : the numbers
    years : fiscal years, each with a place for every number that changes by year
    """

    fitted: tuple[Fitted, ...]
    years: tuple[int, ...]

    @property
    def places(self) -> list[tuple[Fitted, int | None]]:
        """What each place of a vector is: a number, and its year if it has one."""
        return [(one, year) for one in self.fitted for year in (self.years if one.by else (None,))]

    @property
    def names(self) -> list[str]:
        """The places by name, such as ``pace.2021``."""
        return [one.name if year is None else f"{one.name}.{year}" for one, year in self.places]

    def prior(self, seed: int, members: int) -> np.ndarray:
        """Return members [member, place] drawn from the prior: of each, its own whatever others there are."""
        at = quantiles(seed, [f"fit {name}" for name in self.names], range(members))
        steps = np.vectorize(NormalDist().inv_cdf)(at)
        return np.asarray(steps @ self.root.T)

    @property
    def root(self) -> np.ndarray:
        """The matrix that makes moves of independent steps: walks are sums of their steps."""
        root = np.zeros((len(self.places), len(self.places)))
        for row, (one, year) in enumerate(self.places):
            for column, (other, then) in enumerate(self.places):
                if one is other and year is None:
                    root[row, column] = one.sd
                elif one is other and year is not None and then is not None and then <= year:
                    root[row, column] = one.sd if then == self.years[0] else one.step
        return root

    @property
    def sd(self) -> np.ndarray:
        """The standard deviation of each place in the prior."""
        return np.asarray(np.sqrt((self.root**2).sum(axis=1)))

    def values(self, member: np.ndarray, known: Mapping[str, Dated]) -> dict[str, Dated]:
        """Return the parameters of a member: what is known, moved, by fiscal year where practice changes."""
        found: dict[str, Dated] = {}
        moves = dict(zip(self.names, member.tolist(), strict=True))
        for one in self.fitted:
            value = found.get(one.path, known[one.path])
            found[one.path] = self._by_year(one, value, moves) if one.by else Dated(
                value.starts, tuple(one.moved(each, moves[one.name]) for each in value.values)
            )  # fmt: skip
        return found

    def _by_year(self, one: Fitted, value: Dated, moves: Mapping[str, float]) -> Dated:
        begins = {fiscal_year_span(year)[0].toordinal(): year for year in self.years}
        starts = sorted({*value.starts, *begins})
        first, last = self.years[0], self.years[-1]

        def move(start: int) -> float:
            day = dt.date.fromordinal(max(start, 1))
            year = min(max(day.year + (day.month >= 10), first), last)
            return moves[f"{one.name}.{year}"]

        return Dated(tuple(starts), tuple(one.moved(value.at(start), move(start)) for start in starts))


def fitted(path: Path | None = None) -> tuple[Fitted, ...]:
    """Return the numbers that are fitted, or raise one line that says what is wrong."""
    place = path or Path(__file__).with_name("fitted.yaml")
    rows: Any = read_yaml(place, error=UsageError)
    return tuple(_read(row, f"{place.name}: {row.get('name', '?')}") for row in rows)


def _read(row: Mapping[str, Any], where: str) -> Fitted:
    for name in row:
        if name not in FIELDS:
            raise UsageError(unknown("field", name, FIELDS, where))
    if row.get("scale") not in SCALES:
        raise UsageError(unknown("scale", str(row.get("scale")), SCALES, where))
    if row.get("by", "") not in ("", "year") or bool(row.get("by")) != ("step" in row):
        raise UsageError(f"{where}: what changes by year has a step, and nothing else has")
    return Fitted(**row)


def nearness(space: Space, years: Sequence[int]) -> np.ndarray:
    """Return how far each number of data may move each place [place, datum]: near in time, or not at all.

    A year after the last data is as near to them as the last year that has any: the walk leads there.
    """
    last = max(years)
    found = np.ones((len(space.places), len(years)))
    for row, (_, year) in enumerate(space.places):
        if year is not None:
            apart = np.abs(np.asarray(years) - min(year, last))
            found[row] = np.select([apart <= 1, apart <= 2], [1.0, 0.5], 0.0)
    return found
