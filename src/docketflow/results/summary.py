"""From members to one number with a band: the one definition of it, for terminal, tables, page and JSON.

The value is the median, its band the 5th and 95th percentiles. A probability is a share of members: its value
is their mean, its band a Wilson interval. Members without a number are left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
LEVEL = "90%"  # of every band: what lies between LOW and HIGH
WHOLE = 1000  # from here on decimals say nothing
NORMAL_95 = 1.6448536269514722  # standard normal 95th percentile
SHARE = "probability"  # the kind of an outcome that is a share of members
DIGITS = 3  # significant digits of a value whose Monte Carlo error is not known


@dataclass(frozen=True)
class Bands:
    """Values, their 90% bands, and the standard errors that the number of members leaves in the values."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    error: np.ndarray

    def at(self, *place: int) -> Summary:
        """Return one of them."""
        parts = (self.value, self.low, self.high, self.error)
        return Summary(*(float(part[place]) for part in parts))

    def of(self, place: int) -> Bands:
        """Return those at a place of the first axis."""
        return Bands(self.value[place], self.low[place], self.high[place], self.error[place])


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

    def rounded(self) -> Summary:
        """Return the same in the digits that the Monte Carlo error allows: two of the error, no more."""
        if not math.isfinite(self.value):
            return self
        if self.error == 0:  # every member says the same: only the noise of floating point is taken away
            return Summary(*(float(f"{x:.12g}") for x in (self.value, self.low, self.high, 0.0)))
        if math.isfinite(self.error):
            places = 1 - math.floor(math.log10(self.error))
        elif self.value:
            places = DIGITS - 1 - math.floor(math.log10(abs(self.value)))
        else:
            places = DIGITS
        return Summary(*(_round(x, places) for x in (self.value, self.low, self.high, self.error)))


def bands(members: np.ndarray, kind: str) -> Bands:
    """Return the bands over the first axis.

    Parameters
    ----------
    members : ndarray of float [member, ...]
        What is not finite is no number: that member is left out there.
    kind : the outcome's kind
    """
    values = np.asarray(members, dtype=float)
    flat = values.reshape(len(values), math.prod(values.shape[1:]))
    known = np.isfinite(flat)
    if known.all() and len(flat):
        found = _of(flat, kind)
    else:  # columns that miss the same members go together
        found = np.full((4, flat.shape[1]), math.nan)
        for there in {column.tobytes(): column for column in known.T}.values():
            if there.any():
                columns = (known == there[:, None]).all(axis=0)
                found[:, columns] = _of(flat[there][:, columns], kind)
    return Bands(*found.reshape(4, *values.shape[1:]))


def of_each(members: np.ndarray, kinds: Sequence[str]) -> Bands:
    """Return the bands of many outcomes [outcome, ...] from their numbers [outcome, member, ...], at once."""
    found = np.empty((4, len(members), *members.shape[2:]))
    shares = np.array([kind == SHARE for kind in kinds], dtype=bool)
    for alike, kind in ((shares, SHARE), (~shares, "")):
        own = bands(np.moveaxis(members[alike], 1, 0), kind)
        found[:, alike] = own.value, own.low, own.high, own.error
    return Bands(*found)


def summarize(values: np.ndarray, kind: str) -> Summary:
    """Return the summary of one number a member."""
    return bands(values, kind).at()


def _of(flat: np.ndarray, kind: str) -> np.ndarray:
    """Return value, low, high and error of every column."""
    if kind == SHARE:
        return _shares(flat.mean(axis=0), len(flat))
    if len(flat) < 2:
        return np.stack([*flat, *flat, *flat, np.full(flat.shape[1], math.nan)])
    # The error of a median needs no resampling, so no luck: half the distance between the order statistics
    # one standard deviation of a binomial count away from the middle.
    reach = MIDDLE / math.sqrt(len(flat))
    at = (LOW, MIDDLE, HIGH, MIDDLE - reach, MIDDLE + reach)
    low, middle, high, below, above = np.quantile(flat, at, axis=0)
    return np.stack([middle, low, high, (above - below) / 2])


def _shares(mean: np.ndarray, members: int) -> np.ndarray:
    """Return shares of members with their Wilson intervals."""
    square = NORMAL_95**2 / members
    middle = (mean + square / 2) / (1 + square)
    half = NORMAL_95 / (1 + square) * np.sqrt(mean * (1 - mean) / members + square / (4 * members))
    low, high = np.maximum(0.0, middle - half), np.minimum(1.0, middle + half)
    error = np.sqrt(mean * (1 - mean) / members)
    return np.stack([mean, np.minimum(low, mean), np.maximum(high, mean), error])


def _round(value: float, places: int) -> float:
    return round(value, places) if math.isfinite(value) else value
