"""Forecasts that need no model, from a monthly series up to an origin: what ours has to beat.

Each rule gives a value for every month ahead; its band is what the same rule missed by, so many months ahead,
at every earlier month of the series, both ways round.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from docketflow.core.dates import DAY, Span, month_end, months
from docketflow.core.errors import UsageError
from docketflow.core.outcomes import outcome
from docketflow.core.units import is_unit, unit
from docketflow.forecasts.spans import is_month
from docketflow.forecasts.table import LEVELS, Forecast, Happened, Key

YEAR = 12
FEWEST = 13  # months of a series: a year ago, and one error at least
TREND = 24  # months on which a line is laid
FEWEST_ERRORS = 6  # below that, errors of one month ahead are stretched by the root of the months

Rule = Callable[[np.ndarray, int, np.ndarray], float]
"""Given a series, months ahead, and an input over the series and the months ahead: the value there."""


def last_value(series: np.ndarray, ahead: int, given: np.ndarray) -> float:
    """Return the last value."""
    return float(series[-1])


def last_year(series: np.ndarray, ahead: int, given: np.ndarray) -> float:
    """Return the value of the same month of the latest year known."""
    return float(series[len(series) - YEAR + (ahead - 1) % YEAR])


def linear_trend(series: np.ndarray, ahead: int, given: np.ndarray) -> float:
    """Return the value on the line through the last two years."""
    recent = series[-TREND:]
    slope, level = np.polyfit(np.arange(len(recent)), recent, 1)
    return float(level + slope * (len(recent) - 1 + ahead))


def seasonal(series: np.ndarray, ahead: int, given: np.ndarray) -> float:
    """Return the mean of the last year times what the month usually is of its year."""
    ratios = [
        series[k] / series[k - YEAR + 1 : k + 1].mean()
        for k in range(len(series) + ahead - 1 - YEAR, YEAR - 2, -YEAR)
        if k < len(series) and series[k - YEAR + 1 : k + 1].mean()
    ]
    return float(series[-YEAR:].mean() * (np.mean(ratios) if ratios else 1.0))


def last_ratio(series: np.ndarray, ahead: int, given: np.ndarray) -> float:
    """Return the last ratio to an input, times the input then."""
    before = given[len(series) - 1]
    return float(series[-1] / before * given[len(series) - 1 + ahead]) if before else float(series[-1])


RULES: Mapping[str, Rule] = {
    "last-value": last_value,
    "linear-trend": linear_trend,
    "seasonal": seasonal,
    "last-year": last_year,
}
WITH_INPUT = "last-ratio"


def rivals(
    history: Sequence[Happened], origin: dt.date, end: dt.date, inputs: Sequence[Happened] = ()
) -> list[Forecast]:
    """Return the forecast of each rule for every series of a history that is long enough.

    Parameters
    ----------
    history
        Months of any number of outcomes; what ends after the origin is not looked at.
    origin, end
        Last day known, and last day forecast.
    inputs
        Months of one input (beds, encounters) over the history and the months ahead, for `last_ratio`.

    Raises
    ------
    UsageError
        One line: no series has enough months up to the origin, or the input does not reach the end.
    """
    if end <= origin:
        raise UsageError(f"--to {end}: is not after the origin {origin}")
    ahead = [span for span in months(origin + DAY, end) if is_month(span)]
    series = {name: known for name in dict.fromkeys(one.outcome for one in history)
              if len(known := months_until(history, name, origin)) >= FEWEST}  # fmt: skip
    if not series or not ahead:
        raise UsageError(
            f"no outcome has {FEWEST} whole months in a row up to {origin}, and a whole month to forecast"
        )
    rules = dict(RULES) | ({WITH_INPUT: last_ratio} if inputs else {})
    said = {one.outcome: one.definition for one in history}
    found = []
    for name, rule in rules.items():
        quantiles: dict[Key, np.ndarray] = {}
        for one, known in series.items():
            given = _input(inputs, origin, len(known), ahead) if inputs else np.zeros(0)
            for k, span in enumerate(ahead, start=1):
                quantiles[(one, *span)] = _band(rule, known, k, given, _bounds(one))
        found.append(Forecast(name, quantiles, said))
    return found


def months_until(history: Sequence[Happened], name: str, origin: dt.date) -> np.ndarray:
    """Return the values of an outcome's months in a row, the last of which ends on the origin."""
    by_end = {one.end: one.value for one in history if one.outcome == name and is_month((one.start, one.end))}
    values, day = [], origin
    while day in by_end:
        values.append(by_end[day])
        day = day.replace(day=1) - DAY
    return np.array(values[::-1])


def _input(inputs: Sequence[Happened], origin: dt.date, known: int, ahead: Sequence[Span]) -> np.ndarray:
    by_end = {one.end: one.value for one in inputs}
    days, day = [last for _, last in ahead], origin
    for _ in range(known):
        days.insert(0, day)
        day = day.replace(day=1) - DAY
    missing = [day for day in days if day not in by_end]
    if missing:
        raise UsageError(f"--inputs: has no value of the month that ends on {month_end(missing[0])}")
    return np.array([by_end[day] for day in days])


def _band(
    rule: Rule, known: np.ndarray, ahead: int, given: np.ndarray, bounds: tuple[float, float]
) -> np.ndarray:
    point = rule(known, ahead, given)
    errors = _errors(rule, known, ahead, given)
    if len(errors) < FEWEST_ERRORS:
        errors = _errors(rule, known, 1, given) * np.sqrt(ahead)
    both = np.concatenate([errors, -errors, [0.0]])
    return np.clip(point + np.quantile(both, LEVELS), *bounds)


def _errors(rule: Rule, known: np.ndarray, ahead: int, given: np.ndarray) -> np.ndarray:
    """Return what a rule missed by, so many months ahead, at each earlier month of the series."""
    cuts = range(YEAR, len(known) - ahead + 1)
    return np.array([known[cut + ahead - 1] - rule(known[:cut], ahead, given) for cut in cuts])


def _bounds(name: str) -> tuple[float, float]:
    """Return what an outcome's values lie between: those of its unit."""
    of = outcome(name).unit
    low, high = unit(of).bounds if is_unit(of) else (0.0, np.inf)
    return max(low, 0.0), high
