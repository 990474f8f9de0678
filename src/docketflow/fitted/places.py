"""The numbers that are fitted: where they act, on which scale, and what is believed of them beforehand.

A member is a vector of moves, zero where a number is what the evidence room says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from docketflow.core.dates import fiscal_year, fiscal_year_span
from docketflow.core.errors import UsageError, unknown
from docketflow.core.quantity import Dated, Table, Value
from docketflow.core.runs import spread
from docketflow.core.strict_yaml import read_yaml
from docketflow.engine.draws import quantiles

FIELDS = ("name", "path", "where", "scale", "by", "sd", "step")
SCALES = ("log", "odds")
YEAR, REGIME = "year", "regime"
BY = ("", YEAR, REGIME)


def cells(value: Value) -> np.ndarray:
    """Return the numbers of a value, of a table or of one."""
    return np.asarray(value.data if isinstance(value, Table) else value, dtype=float)


@dataclass(frozen=True)
class Fitted:
    """One number, or one a fiscal year or a regime of practice, that is fitted (see `fitted.yaml`)."""

    name: str
    path: str
    scale: str
    sd: float
    step: float = 0.0
    by: str = ""
    where: Mapping[str, str] = field(default_factory=dict)

    def moved(self, value: Value, by: float | np.ndarray) -> Value:
        """Return a value moved by so much on its scale, where it is meant; shares of 0 and 1 stay.

        By several moves, one a member, where the value's numbers lie side by side.
        """
        old = cells(value)
        factor = np.reshape(np.exp(by), np.shape(by) + (1,) * (old.ndim - 1) * np.ndim(by))
        new = old * factor if self.scale == "log" else old * factor / (1 - old + old * factor)
        if not isinstance(value, Table):
            return float(new)
        mine = self.cells(value)
        moved = old.copy()
        moved[mine] = new[mine]
        return Table(value.axes, moved)

    def cells(self, value: Table) -> tuple[int | slice, ...]:
        """Return which cells of a table are moved."""
        return tuple(
            labels.index(self.where[name]) if name in self.where else slice(None)
            for name, labels in value.axes.items()
        )


@dataclass(frozen=True)
class Space:
    """All that is fitted over some fiscal years: the places of a member's vector and what they mean.

    Attributes
    ----------
    fitted : the numbers
    years : fiscal years, each with a place for every number that changes by year
    turns : days within them on which practice turned, each with a place more for what changes by regime
    known : the fiscal year whose practice the evidence tells best: walks go out from its last place
    away : years from it to that of which the evidence's values are: as far as practice may have walked since
    """

    fitted: tuple[Fitted, ...]
    years: tuple[int, ...]
    turns: tuple[dt.date, ...] = ()
    known: int = 0
    away: int = 0

    def starts(self, one: Fitted) -> tuple[dt.date, ...]:
        """Return the days from which a number has a place of its own; none where it has one for all."""
        begins = [fiscal_year_span(year)[0] for year in self.years if one.by]
        return tuple(sorted([*begins, *(self.turns if one.by == REGIME else ())]))

    @property
    def places(self) -> list[tuple[Fitted, dt.date | None]]:
        """What each place of a vector is: a number, and the day from which it is meant if it has one."""
        return [(one, start) for one in self.fitted for start in self.starts(one) or (None,)]

    @property
    def in_years(self) -> list[int | None]:
        """The fiscal year of each place, None where it is of all."""
        return [None if start is None else fiscal_year(start) for _, start in self.places]

    @property
    def names(self) -> list[str]:
        """The places by name, such as ``pace.2021`` or ``booked.2021-02-18``."""
        return [one.name if start is None else f"{one.name}.{label(start)}" for one, start in self.places]

    def prior(self, seed: int, members: int) -> np.ndarray:
        """Return members [member, place] drawn from the prior: of each, its own whatever others there are."""
        at = quantiles(seed, [f"fit {name}" for name in self.names], range(members))
        steps = np.vectorize(NormalDist().inv_cdf)(at)
        return np.asarray(steps @ self.root.T)

    @property
    def root(self) -> np.ndarray:
        """The matrix that makes moves of independent steps: walks are sums of their steps."""
        root = np.zeros((len(self.places), len(self.places)))
        row = 0
        for one in self.fitted:
            many = len(self.starts(one)) or 1
            root[row : row + many, row : row + many] = self._walk(one, many)
            row += many
        return root

    def _walk(self, one: Fitted, many: int) -> np.ndarray:
        """Return the steps of a number's places [place, step]: out from where it is known best, both ways."""
        years = [fiscal_year(start) for start in self.starts(one)]
        known = max((k for k, year in enumerate(years) if year <= self.known), default=0)
        at, step = np.indices((many, many))
        between = ((known < step) & (step <= at)) | ((at <= step) & (step < known))
        return np.where(step == known, np.hypot(one.sd, one.step * np.sqrt(self.away)), one.step * between)

    @property
    def sd(self) -> np.ndarray:
        """The standard deviation of each place in the prior."""
        return np.asarray(np.sqrt((self.root**2).sum(axis=1)))

    def values(self, member: np.ndarray, known: Mapping[str, Dated]) -> dict[str, Dated]:
        """Return the parameters of a member: what is known, moved, by date where practice changes.

        Of members [member, place] at once, side by side.
        """
        found: dict[str, Dated] = {}
        moves = dict(zip(self.names, member.T, strict=True))
        for one in self.fitted:
            value = found.get(one.path) or _beside(known[one.path], member)
            found[one.path] = self._by_date(one, value, moves) if one.by else Dated(
                value.starts, tuple(one.moved(each, moves[one.name]) for each in value.values)
            )  # fmt: skip
        return found

    def _by_date(self, one: Fitted, value: Dated, moves: Mapping[str, np.ndarray]) -> Dated:
        begins = [start.toordinal() for start in self.starts(one)]
        starts = sorted({*value.starts, *begins})

        def move(day: int) -> np.ndarray:
            begun = dt.date.fromordinal(max([begins[0], *(start for start in begins if start <= day)]))
            return moves[f"{one.name}.{label(begun)}"]

        return Dated(tuple(starts), tuple(one.moved(value.at(start), move(start)) for start in starts))


def _beside(value: Dated, member: np.ndarray) -> Dated:
    """Return a value as it is in each member, where several are asked for."""
    if member.ndim == 1:
        return value
    return Dated(value.starts, tuple(spread(one, len(member)) for one in value.values))


def label(start: dt.date) -> str:
    """Return how the place that begins on a day is named: the fiscal year, or the day within it."""
    year = fiscal_year(start)
    return str(year) if start == fiscal_year_span(year)[0] else start.isoformat()


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
    if row.get("by", "") not in BY or bool(row.get("by")) != ("step" in row):
        raise UsageError(f"{where}: what changes by year or by regime has a step, and nothing else has")
    return Fitted(**row)


def nearness(space: Space, years: Sequence[int]) -> np.ndarray:
    """Return how far each number of data may move each place [place, datum]: near in time, or not at all.

    A year after the last data is as near to them as the last year that has any: the walk leads there.
    """
    last = max(years)
    found = np.ones((len(space.places), len(years)))
    for row, year in enumerate(space.in_years):
        if year is not None:
            apart = np.abs(np.asarray(years) - min(year, last))
            found[row] = np.select([apart <= 1, apart <= 2], [1.0, 0.5], 0.0)
    return found
