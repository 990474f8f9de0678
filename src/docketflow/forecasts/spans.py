"""The spans a forecast speaks of, and what it says of a span that it does not name: from its months."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import numpy as np

from docketflow.core.dates import DAY, Span, fiscal_year, fiscal_year_span, month_end, parse_date
from docketflow.core.errors import UsageError
from docketflow.core.outcomes import outcome
from docketflow.forecasts.table import Forecast

NAMED = re.compile(r"([\w-]+)=(\S+?)\.\.(\S+)")
AS_WRITTEN, FROM_MONTHS = "as written", "from months"


def read_span(text: str) -> tuple[str, Span]:
    """Return a name and its span, written NAME=FROM..TO."""
    found = NAMED.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--span {text!r:.60}: write it as NAME=FROM..TO, such as first-100-days=2025-01-20..2025-04-29"
        )
    start, end = (parse_date(day, where=f"--span {found[1]}") for day in found.groups()[1:])
    if end < start:
        raise UsageError(f"--span {found[1]}: ends on {end}, before it begins on {start}")
    return found[1], (start, end)


def spans_of(horizon: Span, named: Iterable[Span] = ()) -> list[Span]:
    """Return a horizon, its fiscal years (the first and last cut at its edges) and whatever is named."""
    start, end = horizon
    years = (fiscal_year_span(year) for year in range(fiscal_year(start), fiscal_year(end) + 1))
    cut = [(max(first, start), min(last, end)) for first, last in years]
    for first, last in (listed := list(named)):
        if first < start or last > end:
            raise UsageError(f"--span {first}..{last}: is not inside the horizon {start} to {end}")
    return list(dict.fromkeys([*cut, *listed, horizon]))


def at(forecast: Forecast, name: str, span: Span) -> tuple[np.ndarray, str]:
    """Return the quantiles of an outcome over a span, and whether they stand there or follow from months.

    A span that is not named is put together from the months it touches, day by day: what adds up is added, a
    mean or share is weighed by days, a stock is that of its last day, between two months' ends on the line
    between them. Quantiles are added as if all months rose and fell together: the widest band they allow.

    Raises
    ------
    UsageError
        When the forecast says nothing of the outcome, or not of all days of the span.
    """
    found = forecast.quantiles.get((name, *span))
    if found is not None:
        return found, AS_WRITTEN
    months_of = [(a, b) for a, b in forecast.spans(name) if (a.year, a.month) == (b.year, b.month)]
    if not months_of:
        raise UsageError(f"{forecast.name}: says nothing of {name}")
    return _from_months(forecast, name, span, months_of), FROM_MONTHS


def _from_months(forecast: Forecast, name: str, span: Span, pieces: list[Span]) -> np.ndarray:
    start, end = span
    day, parts = start, []
    for first, last in pieces:
        if first <= day <= min(last, end):
            inside = (min(last, end) - day + DAY).days
            parts.append((forecast.quantiles[name, first, last], inside, (last - first + DAY).days))
            day = last + DAY
    if day <= end:
        raise UsageError(f"{forecast.name}: says nothing of {name} on {day}, a day of {start} to {end}")
    over = outcome(name).over
    if over == "sum":
        return np.asarray(sum(values * inside / days for values, inside, days in parts))
    if over == "last":
        return _on_the_line(forecast, name, end, pieces)
    if over == "most":
        return np.max([values for values, _, _ in parts], axis=0)
    days_of = [inside for _, inside, _ in parts]
    return np.average([values for values, _, _ in parts], axis=0, weights=days_of)


def _on_the_line(forecast: Forecast, name: str, day: dt.date, pieces: list[Span]) -> np.ndarray:
    """Return a stock on a day: on the line between the ends of the months around it."""
    ends = sorted({last: (first, last) for first, last in pieces}.items())
    days = [end.toordinal() for end, _ in ends]
    values = np.array([forecast.quantiles[(name, *piece)] for _, piece in ends])
    return np.array([np.interp(day.toordinal(), days, line) for line in values.T])


def is_month(span: Span) -> bool:
    """Return whether a span is one whole calendar month."""
    return span[0].day == 1 and span[1] == month_end(span[0])
