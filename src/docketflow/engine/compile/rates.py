"""What is scarce and what flows in, by day: capacities, refills, exposures and inflows of one run."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.core.quantity import Known, Number, Quantity, Table, quantity
from docketflow.core.runs import RUN
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import EXPONENTIAL_ONE

KINDS = ("space", "effort", "floor", "exposure", "arrival", "attempt")


@dataclass(frozen=True, eq=False)
class Rate:
    """A line of a rate: a number by day.

    Attributes
    ----------
    kind, column : one of `KINDS`, and which of them
    number : what it is, None where there is none
    otherwise : the line where there is no number
    working : bool array, the days on which it is given, None for all
    renewed : bool array, the days on which a limit begins anew (the line is what it grows by), None for none
    shares : what may add to one at most, by day; None for nothing
    """

    kind: str
    column: int
    where: str
    number: Quantity | None
    otherwise: float
    working: np.ndarray | None = None
    renewed: np.ndarray | None = None
    shares: Quantity | None = None

    def lines(self, known: Known, first: int, days: int, runs: int = 1) -> np.ndarray:
        """Return the line of each of some runs by day [run, day], in real units.

        Raises
        ------
        DeclarationError
            A table where one number is needed, a negative number, or none.
        """
        if self.number is None:
            return np.full((runs, days), self.otherwise)
        line = self._by_day(self.number, known, first, days, runs)
        if self.shares is not None:
            most = self._by_day(self.shares, known, first, days, runs).max()
            if most > 1 + 1e-9:
                raise DeclarationError(f"the floors up to {self.where!r} add to {most:.6g}; allowed: up to 1")
        if self.renewed is not None:
            return np.where(self.renewed, line, np.diff(line, prepend=0.0))
        return line if self.working is None else line * self.working

    def _by_day(self, number: Quantity, known: Known, first: int, days: int, runs: int) -> np.ndarray:
        dated = known.value(number)
        line = np.empty((runs, days))
        starts = [0, *sorted(s - first for s in dated.starts if 0 < s - first < days)]
        for start, end in zip(starts, [*starts[1:], days], strict=True):
            value = dated.at(first + start)
            over = [name for name in value.axes if name != RUN] if isinstance(value, Table) else []
            if over:
                raise DeclarationError(f"{self.where!r} needs one number a day, not a table by {over}")
            line[:, start:end] = value.data[:, None] if isinstance(value, Table) else value
        if not np.all(np.isfinite(line)) or np.any(line < 0):
            raise DeclarationError(
                f"{self.where!r} is negative or not a number on day {int(np.argmin(line)) % days}"
            )
        return line

    @functools.cached_property
    def paths(self) -> frozenset[str]:
        """The parameter paths the line rests on."""
        return frozenset().union(*(one.paths() for one in (self.number, self.shares) if one is not None))


def rates_of(program: Program, first: dt.date, days: int, calendars: Mapping[str, np.ndarray]) -> list[Rate]:
    """Return the lines of capacities, refills, exposures and inflows that a declaration names."""
    network = program.network
    unlimited = float(np.iinfo(np.int64).max // 4)
    found: list[Rate] = []

    def line(kind: str, column: int, where: str, number: Number | None, otherwise: float = 0.0) -> None:
        named = None if number is None else quantity(number)
        found.append(Rate(kind, column, where, named, otherwise))

    for k, space in enumerate(network.spaces):
        line("space", k, space.name, space.capacity, unlimited)
    for k, effort in enumerate(network.efforts):
        if isinstance(effort, d.Quota):
            renewed = np.zeros(days, dtype=bool)
            renewed[[day for date in effort.renewed if 0 <= (day := (date - first).days) < days]] = True
            found.append(Rate("effort", k, effort.name, quantity(effort.limit), 0.0, renewed=renewed))
            continue
        working = _working(effort, days, calendars)
        found.append(Rate("effort", k, effort.name, quantity(effort.per_day), 0.0, working))
        shares = quantity(0.0)
        for floor in effort.floors:
            share, column = quantity(floor.share), sum(rate.kind == "floor" for rate in found)
            shares, number = shares + share, share * effort.per_day
            found.append(Rate("floor", column, floor.name, number, 0.0, working, shares=shares))
    for k, draw in enumerate(network.draws):
        line("exposure", k, draw.name, draw.exposure, -1.0)
    for k, arrival in enumerate(network.arrivals):
        line("arrival", k, arrival.name, arrival.per_day)
    for k, attempt in enumerate(network.attempts):
        line("attempt", k, attempt.name, attempt.per_day)
    return found


def _working(effort: d.Effort, days: int, calendars: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Return the days on which an effort is refilled, None for all."""
    if effort.calendar == "daily":
        return None
    if effort.calendar not in calendars:
        raise DeclarationError(unknown("calendar", effort.calendar, ["daily", *calendars], effort.name))
    if len(calendars[effort.calendar]) < days:
        raise DeclarationError(f"the calendar {effort.calendar!r} ends before the run of {days} days")
    return calendars[effort.calendar][:days]


def stacked(rates: Sequence[Rate], days: int) -> dict[str, np.ndarray]:
    """Return empty rates by day: for each kind an array [day, thing]."""
    many = Counter(rate.kind for rate in rates)
    return {kind: np.zeros((days, many[kind])) for kind in KINDS}


def in_records(kind: str, line: np.ndarray, scale: Fraction) -> np.ndarray:
    """Return a rate by day as integers at record scale; fractions are carried so that totals are right."""
    if kind == "exposure":
        return np.where(line < 0, -1, np.rint(line * 2.0**EXPONENTIAL_ONE)).astype(np.int64)
    if kind == "space":
        return np.floor(line * float(scale) + 0.5).astype(np.int64)
    totals = np.floor(np.cumsum(line, axis=0) * float(scale) + 1e-6).astype(np.int64)
    return np.diff(totals, axis=0, prepend=0)
