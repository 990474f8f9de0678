"""Past months of a parameter that follows published counts: daily rates read off the tables of months.

A parameter may say ``months:``, a list of clauses that begin where the one before ends. Each names rows of
the tables (``of``, summed; ``less``, taken off), a ``factor`` and the day ``before`` which it holds. A month
that is not published lies on a line between its neighbours.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from docketflow.core.errors import EvidenceError
from docketflow.evidence.schema import Strict

Table = Mapping[str, Mapping[str, float]]
"""Row id to month (YYYY-MM) to the count of that month."""


class Clause(Strict):
    """Which rows make the rate before a day, from ``first`` or the end of the clause before."""

    of: Annotated[tuple[str, ...], Field(min_length=1)]
    before: dt.date
    first: dt.date | None = None
    less: tuple[str, ...] = ()
    factor: float = 1.0


def rates(clauses: Sequence[Clause], table: Table) -> tuple[dict[dt.date, float], tuple[str, ...]]:
    """Return the daily rate from the first of each month, and the ids of the figures it rests on."""
    found: dict[dt.date, float] = {}
    rests: list[str] = []
    begins: dt.date | None = None
    for clause in clauses:
        begins = clause.first or begins
        if begins is None:
            raise EvidenceError("months: the first clause needs a first month, such as first: 2018-10-01")
        named = {row: _whole(row, table) for row in (*clause.of, *clause.less)}
        day = begins
        while day < clause.before:
            month = f"{day:%Y-%m}"
            count = sum(_on(named[row], month) for row in clause.of)
            count -= sum(_on(named[row], month) for row in clause.less)
            days = calendar.monthrange(day.year, day.month)[1]
            found[day] = round(max(0.0, count) * clause.factor / days, 1)
            rests += [f"{row}-{month}" for row, counts in named.items() if month in counts]
            day = (day + dt.timedelta(days)).replace(day=1)
        begins = clause.before
    return found, tuple(rests)


def read(given: Any) -> list[Clause]:
    """Read the clauses as they are written."""
    if not isinstance(given, list):
        raise EvidenceError("months: needs a list of clauses")
    return [Clause(**clause) for clause in given]


def _whole(row: str, table: Table) -> Mapping[str, float]:
    if row not in table:
        raise EvidenceError(f"months: no row {row!r} in the tables of months")
    return table[row]


def _on(counts: Mapping[str, float], month: str) -> float:
    """Return the count of a month: as published, between its neighbours, or as on the last one."""
    if month in counts:
        return counts[month]
    before = [held for held in counts if held < month]
    after = [held for held in counts if held > month]
    if not before:
        return 0.0
    if not after:
        return counts[max(before)]
    left, right = max(before), min(after)
    weight = (_number(month) - _number(left)) / (_number(right) - _number(left))
    return counts[left] * (1 - weight) + counts[right] * weight


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
