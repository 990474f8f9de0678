"""Paired runs in numbers: a worth with its interval, a level, and the month from which two courses part.

A worth is a mean over members of what a change adds to the same member under the same luck. Means add up
over steps, middle values do not. Its interval is that of the mean at 90%: what the number of members leaves
open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from docketflow.results.summary import HIGH, LOW, NORMAL_95


@dataclass(frozen=True)
class Lived:
    """What is kept of one member under some settings.

    Attributes
    ----------
    value : the number that is asked about
    months : its course, one number a month that add up to it, if there is one
    beside : other numbers, by name
    """

    value: float
    months: np.ndarray = field(default_factory=lambda: np.empty(0))
    beside: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Worth:
    """A mean difference of paired runs, its 90% interval and error, and where nine runs in ten lie."""

    value: float
    low: float
    high: float
    error: float
    least: float
    most: float

    @property
    def told(self) -> bool:
        """Whether its interval leaves zero out."""
        return self.low > 0 or self.high < 0

    @property
    def gains(self) -> bool:
        """Whether it is above zero, and its interval too."""
        return self.low > 0

    def ties(self, other: Worth) -> bool:
        """Return whether the two intervals overlap."""
        return self.low <= other.high and other.low <= self.high

    def to_json(self) -> dict[str, float]:
        """Return it as plain data."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "monte_carlo_error": self.error,
            "nine_in_ten_low": self.least,
            "nine_in_ten_high": self.most,
        }


@dataclass(frozen=True)
class Level:
    """Where runs end: their mean, where nine in ten lie, and how many of how many reach a goal."""

    value: float
    least: float
    most: float
    reached: int | None
    members: int

    def to_json(self) -> dict[str, float | None]:
        """Return it as plain data."""
        return {
            "value": self.value,
            "nine_in_ten_low": self.least,
            "nine_in_ten_high": self.most,
            "runs_that_reach_the_target": self.reached,
        }


def worth(differences: np.ndarray) -> Worth:
    """Return the mean of paired differences with its interval."""
    n = len(differences)
    mean = float(differences.mean())
    error = float(differences.std(ddof=1) / math.sqrt(n)) if n > 1 else math.inf
    half = student(n - 1) * error if n > 1 else math.inf
    least, most = (float(x) for x in np.quantile(differences, (LOW, HIGH)))
    return Worth(mean, mean - half, mean + half, error, least, most)


def level(values: np.ndarray, goal: float | None = None) -> Level:
    """Return where runs end."""
    least, most = (float(x) for x in np.quantile(values, (LOW, HIGH)))
    reached = None if goal is None else int((values >= goal).sum())
    return Level(float(values.mean()), least, most, reached, len(values))


def student(freedom: int) -> float:
    """Return the 95th percentile of Student's t (Abramowitz and Stegun 26.7.5, two terms).

    >>> round(student(23), 2), round(student(7), 2)
    (1.71, 1.89)
    """
    z = NORMAL_95
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def parts_from(differences: np.ndarray) -> int | None:
    """Return the first month from whose end on what has added up so far can be told from zero.

    Parameters
    ----------
    differences : ndarray [member, month]
        Paired differences by month.
    """
    told = [worth(column).told for column in differences.cumsum(axis=1).T]
    if not told or not told[-1]:
        return None
    return max((k + 1 for k, one in enumerate(told) if not one), default=0)
