"""The published series that a fit sees, up to a day: values, how far each may be off, and where it stands.

Months are added up to quarters for the fit: months of one series err together, and a fit that took each for
itself would be too sure.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from docketflow.core.dates import fiscal_year, month_label
from docketflow.core.errors import EvidenceError, unknown
from docketflow.core.outcomes import outcome
from docketflow.core.strict_yaml import read_yaml
from docketflow.evidence import Figure, Room
from docketflow.forecasts.spans import is_month

WHICH = ("series", "months", "figures", "past", "before", "inflow", "part_of")
FIELDS = (*WHICH, "reporting", "revised", "discrepancy", "rule", "vintage")
QUARTER = 3
LAST = dt.date(2024, 12, 31)
"""No fit looks past this day: what happened after it is a blind test."""
FLOOR = 1.0  # persons: below one, a logarithm says nothing


@dataclass(frozen=True)
class Series:
    """A published series of an outcome.

    Attributes
    ----------
    figures : its rows of the evidence, in order of time
    reporting, discrepancy : relative standard deviations, of what is published and of what the model misses
    revised : by how much an early vintage differs from the one that is read, also relative
    past : whole fiscal years before those that are fitted, of it or of what stands for it
    before : its months before those that are fitted, in a row, the last just before the first of `figures`
    inflow : months of what it follows, parts that add up (`border.py`)
    part_of : an outcome whose parts are all fitted
    """

    outcome: str
    figures: tuple[Figure, ...]
    reporting: float
    revised: float
    discrepancy: float
    rule: str
    vintage: str
    past: tuple[Figure, ...] = ()
    before: tuple[Figure, ...] = ()
    inflow: tuple[Figure, ...] = ()
    part_of: str = ""

    @property
    def monthly(self) -> bool:
        """Whether it is published by month (else by fiscal year, or on its last day)."""
        return all(is_month((one.period_start, one.period_end)) for one in self.figures)

    def until(self, day: dt.date) -> Series:
        """Return what of it speaks of days up to one."""
        known = tuple(one for one in self.figures if one.period_end <= day)
        return replace(self, figures=known)

    def as_of(self, day: dt.date) -> Series:
        """Return what was known of it on a day: what is read was revised since, so it is less sure."""
        return replace(self.until(day), reporting=float(np.hypot(self.reporting, self.revised)))


@dataclass(frozen=True)
class Datum:
    """One number that a fit sees: months of an outcome, its value, its relative standard deviation."""

    outcome: str
    months: tuple[str, ...]
    year: int
    value: float
    sd: float

    def of(self, by_month: Mapping[str, float]) -> float:
        """Return what a run says: the sum over the months, the mean of a mean, the last of a stock."""
        return whole(self.outcome, [by_month[month] for month in self.months])


def whole(name: str, months: Sequence[float]) -> float:
    """Return an outcome over some months: their sum, mean or most, or the last of a stock."""
    over = outcome(name).over
    if over == "last":
        return months[-1]
    return float(sum(months) if over == "sum" else np.mean(months) if over == "mean" else max(months))


def series(room: Room) -> tuple[Series, ...]:
    """Return every target, or raise one line that says what is wrong."""
    path = room.home / "targets.yaml"
    rows: Any = read_yaml(path)
    return tuple(_series(room, row, f"{path.name}: {row.get('series', '?')}") for row in rows)


def _series(room: Room, row: Mapping[str, Any], where: str) -> Series:
    for name in row:
        if name not in FIELDS:
            raise EvidenceError(unknown("field", name, FIELDS, where))
    figures = [room.figure(id) for id in row.get("figures", ())] + _months(room, row.get("months", ()), where)
    figures.sort(key=lambda one: one.period_end)
    said = {name: row[name] for name in FIELDS[len(WHICH) :]}
    past = tuple(room.figure(id) for id in row.get("past", ()))
    inflow = (one for one in _months(room, row.get("inflow", ()), where) if one.period_end <= LAST)
    before = tuple(_months(room, row.get("before", ()), where))
    said |= {"past": past, "before": before, "inflow": tuple(inflow), "part_of": row.get("part_of", "")}
    return Series(outcome(str(row["series"])).name, tuple(figures), **said)


def _months(room: Room, rows: Iterable[str], where: str) -> list[Figure]:
    """Return the figures of some rows of months."""
    found: list[Figure] = []
    for id in rows:
        if id not in _rows(room):
            raise EvidenceError(unknown("row of months", id, _rows(room), where))
        found += _rows(room)[id]
    return found


FITTED, IN_PART, HELD_OUT = "fitted", "fitted in part", "held out"


def told(room: Room, name: str, start: dt.date, end: dt.date) -> str:
    """Return whether what was published over a period is fitted, as a target or their sum, in part or not.

    In part it is where a target, or one of a sum, has figures of some of its days alone.
    """
    bare = name.rpartition(":")[2]
    mine = [one for one in series(room) if bare in (one.outcome, one.part_of)]
    if mine and outcome(mine[0].outcome).over == "last":  # what stands on the last day speaks of no other
        start = end
    days = (end - start).days + 1
    met = [sum(_shared(figure, start, end) for figure in one.figures) for one in mine]
    if not any(met):
        return HELD_OUT
    return FITTED if min(met) >= days else IN_PART


def _shared(figure: Figure, start: dt.date, end: dt.date) -> int:
    """Return how many days of a period a figure speaks of."""
    return max(0, (min(figure.period_end, end) - max(figure.period_start, start)).days + 1)


@functools.cache
def _rows(room: Room) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for figure in room.monthly.values():
        found.setdefault(figure.id[: -len("-2024-01")], []).append(figure)
    return found


def data(every: Iterable[Series], since: dt.date) -> list[Datum]:
    """Return the numbers that a fit sees from a day on: quarters of what is monthly, years of the rest."""
    found: list[Datum] = []
    for one in every:
        known = [figure for figure in one.figures if figure.period_end >= since]
        sd = float(np.hypot(one.reporting, one.discrepancy))
        if one.monthly:
            found += _quarters(one.outcome, [f for f in known if f.period_start >= since], sd)
        else:
            found += [_year(one.outcome, figure, sd) for figure in known]
    return found


def _quarters(name: str, figures: Sequence[Figure], sd: float) -> list[Datum]:
    """Return sums (means, of a mean) over quarters; of a quarter with months missing, those there are."""
    groups: dict[tuple[int, int], list[Figure]] = {}
    for figure in figures:
        day = figure.period_start
        groups.setdefault((fiscal_year(day), (day.month - 1) // QUARTER), []).append(figure)
    found = []
    for (year, _), some in groups.items():
        value = whole(name, [figure.value for figure in some])
        found.append(Datum(name, tuple(month_label(figure.period_start) for figure in some), year, value, sd))
    return found


def _year(name: str, figure: Figure, sd: float) -> Datum:
    year = fiscal_year(figure.period_end)
    days = [dt.date(year - (month >= 10), month, 1) for month in (10, 11, 12, *range(1, 10))]
    return Datum(name, tuple(map(month_label, days)), year, figure.value, sd)


def vector(every: Sequence[Datum]) -> tuple[np.ndarray, np.ndarray]:
    """Return the logarithms of the values, and their standard deviations."""
    return np.log([max(one.value, FLOOR) for one in every]), np.array([one.sd for one in every])


def read(every: Iterable[Datum], by_month: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    """Return the logarithms of what a run says of each number."""
    return np.log([max(one.of(by_month[one.outcome]), FLOOR) for one in every])
