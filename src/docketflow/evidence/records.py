"""The highest published fiscal year of a counting rule: of all years there are, and of the last ten.

Whether that is the highest in history depends on how far back anybody counted so, which is said with it.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from docketflow.core.dates import DAY, fiscal_year, fiscal_year_span
from docketflow.evidence.counting import Asked, Count, by_year
from docketflow.evidence.room import Room
from docketflow.evidence.schema import CountingRule

EVER, TEN = "ever", "ten"
LAST = 10  # fiscal years
WIDEST = "repatriations.all"  # removals and returns together


@dataclass(frozen=True)
class Record:
    """The highest year of those with figures.

    Parameters
    ----------
    count
        The highest year.
    since, until
        The first and last fiscal year that has figures.
    whole
        Whether figures reach back to the first year in which removals and returns were both published
        (`history`), and no year is missing: else the highest in history cannot be said.
    """

    count: Count
    since: int
    until: int
    whole: bool


@functools.lru_cache(maxsize=8)
def history(room: Room) -> int:
    """Return the first fiscal year for which removals and returns were both published."""
    rules = {rule.rule: rule for rule in room.counting_rules}
    ends = max((row.period_end for row in room.rows.values()), default=dt.date.max)
    years = _years(room, rules[WIDEST], ends) if WIDEST in rules else {}
    return min(years, default=dt.date.max.year)


def records(room: Room, rule: CountingRule, before: dt.date) -> dict[str, Record]:
    """Return the highest year of a rule of all that ended before a day (`EVER`), and of the last ten (`TEN`).

    A kind without figures is left out, and the ten where more than the latest of them has none yet.
    """
    last = fiscal_year(before) - 1
    years = _years(room, rule, fiscal_year_span(last)[1])
    found = {EVER: years, TEN: {year: one for year, one in years.items() if year > last - LAST}}
    return {
        kind: _record(each, history(room))
        for kind, each in found.items()
        if each and (kind == EVER or len(each) >= LAST - 1)
    }


def _record(years: dict[int, Count], first: int) -> Record:
    since, until = min(years), max(years)
    whole = since <= first and len(years) == until - since + 1
    return Record(max(years.values(), key=lambda one: one.value), since, until, whole)


@functools.lru_cache(maxsize=64)
def _years(room: Room, rule: CountingRule, until: dt.date) -> dict[int, Count]:
    """Return the counts of every fiscal year with figures that ended by a day."""
    start = min((row.period_start for row in room.rows.values()), default=until)
    if start >= until:
        return {}
    asked = Asked(start, until + DAY, lambda value: False)
    return {fiscal_year(one.end): one for one in by_year(room, asked, rule)}
