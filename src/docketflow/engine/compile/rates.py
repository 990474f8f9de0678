"""What is scarce and what flows in, by day: capacities, refills, exposures and inflows of one run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.core.quantity import Number, Resolve, Table, quantity
from docketflow.engine.compile.program import Program
from docketflow.engine.draws import EXPONENTIAL_ONE


def rates_by_day(
    program: Program, first: dt.date, days: int, resolve: Resolve, calendars: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return capacities, refills, exposures and inflows by day, in real units."""
    network = program.network
    origin = first.toordinal()
    unlimited = float(np.iinfo(np.int64).max // 4)

    def daily(number: Number | None, where: str, otherwise: float = 0.0) -> np.ndarray:
        if number is None:
            return np.full(days, otherwise)
        dated = quantity(number).evaluate(resolve)
        line = np.empty(days)
        starts = [0, *sorted(s - origin for s in dated.starts if 0 < s - origin < days)]
        for start, end in zip(starts, [*starts[1:], days], strict=True):
            value = dated.at(origin + start)
            if isinstance(value, Table):
                raise DeclarationError(f"{where!r} needs one number a day, not a table by {list(value.axes)}")
            line[start:end] = value
        if not np.all(np.isfinite(line)) or np.any(line < 0):
            raise DeclarationError(f"{where!r} is negative or not a number on day {int(np.argmin(line))}")
        return line

    def stack(lines: list[np.ndarray]) -> np.ndarray:
        return np.stack(lines, axis=1) if lines else np.zeros((days, 0))

    refills = []
    for effort in network.efforts:
        line = daily(effort.per_day, effort.name)
        if effort.calendar != "daily":
            if effort.calendar not in calendars:
                raise DeclarationError(
                    unknown("calendar", effort.calendar, ["daily", *calendars], effort.name)
                )
            if len(calendars[effort.calendar]) < days:
                raise DeclarationError(f"the calendar {effort.calendar!r} ends before the run of {days} days")
            line = line * calendars[effort.calendar][:days]
        refills.append(line)
    return {
        "space": stack([daily(s.capacity, s.name, unlimited) for s in network.spaces]),
        "effort": stack(refills),
        "exposure": stack([daily(w.exposure, w.name, -1.0) for w in network.draws]),
        "arrival": stack([daily(a.per_day, a.name) for a in network.arrivals]),
        "attempt": stack([daily(a.per_day, a.name) for a in network.attempts]),
    }


def in_records(kind: str, line: np.ndarray, scale: Fraction) -> np.ndarray:
    """Return a rate by day as integers at record scale; fractions are carried so that totals are right."""
    if kind == "exposure":
        return np.where(line < 0, -1, np.rint(line * 2.0**EXPONENTIAL_ONE)).astype(np.int64)
    if kind == "space":
        return np.floor(line * float(scale) + 0.5).astype(np.int64)
    totals = np.floor(np.cumsum(line, axis=0) * float(scale) + 1e-6).astype(np.int64)
    return np.diff(totals, axis=0, prepend=0)
