"""What is scarce and what flows in, by day: capacities, refills, exposures and inflows of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.core.quantity import Known, Number, Quantity, Table, quantity
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import EXPONENTIAL_ONE

KINDS = ("space", "effort", "exposure", "arrival", "attempt")


@dataclass(frozen=True, eq=False)
class Rate:
    """A line of a rate: a number by day.

    Attributes
    ----------
    kind, column : "space", "effort", "exposure", "arrival" or "attempt", and which of them
    number : what it is, None where there is none
    otherwise : the line where there is no number
    working : bool array, the days on which it is given, None for all
    """

    kind: str
    column: int
    where: str
    number: Quantity | None
    otherwise: float
    working: np.ndarray | None

    def line(self, known: Known, first: int, days: int) -> np.ndarray:
        """Return the line by day, in real units.

        Raises
        ------
        DeclarationError
            A table where one number is needed, a negative number, or none.
        """
        if self.number is None:
            return np.full(days, self.otherwise)
        dated = known.value(self.number)
        line = np.empty(days)
        starts = [0, *sorted(s - first for s in dated.starts if 0 < s - first < days)]
        for start, end in zip(starts, [*starts[1:], days], strict=True):
            value = dated.at(first + start)
            if isinstance(value, Table):
                over = list(value.axes)
                raise DeclarationError(f"{self.where!r} needs one number a day, not a table by {over}")
            line[start:end] = value
        if not np.all(np.isfinite(line)) or np.any(line < 0):
            raise DeclarationError(
                f"{self.where!r} is negative or not a number on day {int(np.argmin(line))}"
            )
        return line if self.working is None else line * self.working

    @property
    def paths(self) -> frozenset[str]:
        """The parameter paths the line rests on."""
        return frozenset() if self.number is None else self.number.paths()


def rates_of(program: Program, days: int, calendars: Mapping[str, np.ndarray]) -> list[Rate]:
    """Return the lines of capacities, refills, exposures and inflows that a declaration names."""
    network = program.network
    unlimited = float(np.iinfo(np.int64).max // 4)
    found: list[Rate] = []

    def line(kind: str, column: int, where: str, number: Number | None, otherwise: float = 0.0) -> None:
        working = None
        if kind == "effort":
            working = _working(network.efforts[column], days, calendars)
        named = None if number is None else quantity(number)
        found.append(Rate(kind, column, where, named, otherwise, working))

    for k, space in enumerate(network.spaces):
        line("space", k, space.name, space.capacity, unlimited)
    for k, effort in enumerate(network.efforts):
        line("effort", k, effort.name, effort.per_day)
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
