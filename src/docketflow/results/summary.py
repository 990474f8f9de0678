"""From members to one number with a band: median, 5th and 95th percentiles, Monte Carlo error.

A probability is a share of members: its value is their mean and its band a Wilson interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
WHOLE = 1000  # from here on decimals say nothing
NORMAL_95 = 1.6448536269514722  # standard normal 95th percentile


@dataclass(frozen=True)
class Summary:
    """A value, its 90% band, and the standard error that the number of members leaves in the value."""

    value: float
    low: float
    high: float
    error: float

    def __repr__(self) -> str:
        value, low, high = (
            f"{x:,.0f}" if abs(x) >= WHOLE else f"{x:.3g}" for x in (self.value, self.low, self.high)
        )
        return f"{value} ({low} to {high})"


def summarize(values: np.ndarray, kind: str) -> Summary:
    """Return the summary of one number a member.

    Parameters
    ----------
    values : ndarray of float, one a member (NaN: the member has none)
    kind : the outcome's kind
    """
    known = values[np.isfinite(values)]
    if known.size == 0:
        return Summary(math.nan, math.nan, math.nan, math.nan)
    if kind == "probability":
        return _share(float(known.mean()), known.size)
    low, middle, high = (float(x) for x in np.quantile(known, [LOW, MIDDLE, HIGH]))
    return Summary(middle, low, high, median_error(known))


def median_error(values: np.ndarray) -> float:
    """Return the standard error of the median of a sample.

    Half the distance between the order statistics one standard deviation of a binomial count away from
    the middle: it needs no resampling, so no luck.
    """
    if values.size < 2:
        return math.nan
    reach = MIDDLE / math.sqrt(values.size)
    below, above = np.quantile(values, [MIDDLE - reach, MIDDLE + reach])
    return float(above - below) / 2


def _share(mean: float, members: int) -> Summary:
    """Return a share of members with its Wilson interval."""
    square = NORMAL_95**2 / members
    middle = (mean + square / 2) / (1 + square)
    half = NORMAL_95 / (1 + square) * math.sqrt(mean * (1 - mean) / members + square / (4 * members))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Summary(mean, min(low, mean), max(high, mean), math.sqrt(mean * (1 - mean) / members))
