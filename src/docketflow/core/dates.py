"""Days, months and federal fiscal years: parsing, spans, labels, and the federal working-day calendar.

A span is a pair of dates, both included. Knows nothing of what happens on any day.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator

import numpy as np

from docketflow.core.errors import DocketflowError, UsageError

DAY = dt.timedelta(days=1)
FISCAL_FIRST_MONTH = 10  # a fiscal year runs from October 1 of the year before to September 30
LONG_YEAR = 1976  # up to it from July 1 to June 30; it has the three months after it too (31 U.S.C. 1102)
JUNETEENTH_SINCE = 2021

Span = tuple[dt.date, dt.date]


def parse_date(text: object, *, where: str = "", error: type[DocketflowError] = UsageError) -> dt.date:
    """Return the date written as YYYY-MM-DD, or raise ``error`` with one line that shows the form wanted.

    >>> parse_date("2024-02-29")
    datetime.date(2024, 2, 29)
    """
    if isinstance(text, dt.datetime):
        return text.date()
    if isinstance(text, dt.date):
        return text
    words = str(text).strip()
    try:
        if len(words) != len("YYYY-MM-DD"):
            raise ValueError
        return dt.date.fromisoformat(words)
    except ValueError:
        place = f"{where}: " if where else ""
        raise error(f"{place}{words!r} is not a date; write it as YYYY-MM-DD, such as 2025-01-20") from None


def fiscal_year(day: dt.date) -> int:
    """Return the federal fiscal year a day falls in.

    >>> fiscal_year(dt.date(2023, 10, 1)), fiscal_year(dt.date(1953, 7, 1))
    (2024, 1954)
    """
    first_month = FISCAL_FIRST_MONTH if day.year >= LONG_YEAR else 7
    return day.year + (day.month >= first_month)


def fiscal_year_span(year: int) -> Span:
    """Return the first and last day of a fiscal year."""
    first, after = (FISCAL_FIRST_MONTH if each > LONG_YEAR else 7 for each in (year, year + 1))
    return dt.date(year - 1, first, 1), dt.date(year, after, 1) - DAY


def fiscal_year_starts() -> tuple[dt.date, ...]:
    """Return the first day of each fiscal year that a run can reach, 2011 to 2041."""
    return tuple(fiscal_year_span(year)[0] for year in range(2011, 2042))


def month_end(day: dt.date) -> dt.date:
    """Return the last day of the month a day falls in."""
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1) - DAY


def month_label(day: dt.date) -> str:
    """Return the month a day falls in, as YYYY-MM."""
    return f"{day:%Y-%m}"


def months(start: dt.date, end: dt.date) -> Iterator[Span]:
    """Yield the calendar months of a span, the first and last cut at its edges.

    >>> [a.isoformat() for a, _ in months(dt.date(2024, 1, 20), dt.date(2024, 3, 5))]
    ['2024-01-20', '2024-02-01', '2024-03-01']
    """
    while start <= end:
        last = min(month_end(start), end)
        yield start, last
        start = last + DAY


def period_label(start: dt.date, end: dt.date) -> str:
    """Return a span in the fewest words: a day, a month, a fiscal year, fiscal years, or both its days.

    >>> period_label(*fiscal_year_span(2024))
    'FY2024'
    """
    if start == end:
        return start.isoformat()
    first, last = fiscal_year(start), fiscal_year(end)
    if (start, end) == (fiscal_year_span(first)[0], fiscal_year_span(last)[1]):
        return f"FY{first}" if first == last else f"FY{first}-{last}"
    if start.day == 1 and end == month_end(end):
        first_month, last_month = month_label(start), month_label(end)
        return first_month if first_month == last_month else f"{first_month} to {last_month}"
    return f"{start.isoformat()} to {end.isoformat()}"


def _nth(year: int, month: int, weekday: int, nth: int) -> dt.date:
    """Return the nth given weekday (Monday 0) of a month; nth -1 is the last."""
    if nth < 0:
        last = month_end(dt.date(year, month, 1))
        return last - dt.timedelta(days=(last.weekday() - weekday) % 7)
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _observed(day: dt.date) -> dt.date:
    """Return the weekday on which a holiday is kept: Friday for a Saturday, Monday for a Sunday."""
    return day + dt.timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


@functools.cache
def federal_holidays(year: int) -> tuple[dt.date, ...]:
    """Return the days on which the federal holidays of a calendar year are kept (5 U.S.C. 6103(a)).

    New Year's Day can be kept on December 31 of the year before. Closures ordered for one day are not rules
    and are left out.
    """
    fixed = [(1, 1), (7, 4), (11, 11), (12, 25)] + ([(6, 19)] if year >= JUNETEENTH_SINCE else [])
    moving = [(1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (10, 0, 2), (11, 3, 4)]
    days = [_observed(dt.date(year, month, day)) for month, day in fixed]
    return tuple(sorted(days + [_nth(year, *rule) for rule in moving]))


def working_days(first: dt.date, days: int) -> np.ndarray:
    """Return which of ``days`` days from ``first`` on are federal working days.

    >>> working_days(dt.date(2024, 7, 3), 3).tolist()
    [True, False, True]
    """
    if days <= 0:
        return np.zeros(0, dtype=bool)
    last = first + dt.timedelta(days=days - 1)
    weekdays = (first.weekday() + np.arange(days)) % 7 < 5
    for year in range(first.year, last.year + 2):  # the year after: its New Year's Day may fall into this one
        for holiday in federal_holidays(year):
            if first <= holiday <= last:
                weekdays[(holiday - first).days] = False
    return weekdays
