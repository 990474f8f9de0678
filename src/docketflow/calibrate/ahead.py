"""What is said ahead of an origin: the level seen there, part of the change the model says, an honest spread.

A structural model that starts elsewhere than the country stands loses to the last value whatever it knows.
So a forecast starts at the level of the last month. How far practice may walk from there is what the series
did from year to year before 2019, and what its level missed, so many months ahead, at every month before the
origin: a variance that is not known, so the spread is Student's. Such rules were tried on months of fiscal
years 2014 to 2018 (`benchmarks/practice_ahead.py`). Nothing here looks past an origin.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from docketflow.calibrate.method import method
from docketflow.calibrate.smoother import needed

YEAR = 12
WALK = 3 / 2
"""Variance of a walk over a year by that of the change of its yearly means, which is two thirds of it."""
POINTS = 99  # that stand for the spread of one member


@dataclass(frozen=True)
class Walk:
    """How far a series walks from where it stands.

    Attributes
    ----------
    rate : variance of the logarithm a year
    freedom : how many changes that variance is known from
    """

    rate: float
    freedom: float


def walk_of(yearly: Sequence[float]) -> Walk:
    """Return the walk of a series of whole years: no drift, for which way practice turns is not foretold."""
    steps = np.diff(np.log(yearly))
    return Walk(WALK * float(np.mean(steps**2)), min(len(steps), method("faith")))


@dataclass(frozen=True, eq=False)
class Stand:
    """Where a series stands at an origin, and how far from there it may be.

    Attributes
    ----------
    months : its months in a row up to the origin
    walk : how far it walks, by whole years before
    latest : of how many last months its level is the mean
    power : of Box and Cox, in which misses are alike at any level; nought is logarithms
    """

    months: np.ndarray
    walk: Walk
    latest: int = field(default_factory=lambda: int(method("latest")))
    power: float = field(default_factory=lambda: float(method("power")))

    def scaled(self, people: np.ndarray) -> np.ndarray:
        """Return people on the scale on which misses are alike."""
        return np.asarray(needed("scipy.special").boxcox(np.maximum(people, 1.0), self.power))

    def people(self, scaled: np.ndarray) -> np.ndarray:
        """Return people of that scale: nobody below its end."""
        special = needed("scipy.special")
        return np.asarray(special.inv_boxcox(np.maximum(scaled, special.boxcox(0.0, self.power)), self.power))

    @functools.cached_property
    def level(self) -> float:
        """Where it stands on that scale."""
        return float(self.scaled(self.months[-self.latest :]).mean())

    def variance(self, ahead: int) -> tuple[float, float]:
        """Return the variance so many months ahead, on that scale, and from how many years it is known.

        Nobody is surer of a later month: where few misses make one sure, it is that of an earlier one.
        """
        every = [self._variance(month) for month in range(1, ahead + 1)]
        return max(variance for variance, _ in every), every[-1][1]

    def _variance(self, ahead: int) -> tuple[float, float]:
        """Return what the level missed, a year for a year, beside what the walk is known from."""
        missed = self.missed(ahead)
        known = self.walk.freedom + len(missed) / YEAR
        return (self.walk.freedom * self.walked(ahead) + float(np.sum(missed**2)) / YEAR) / known, known

    def missed(self, ahead: int) -> np.ndarray:
        """Return by how much the level missed so many months ahead, at every earlier month."""
        every = self.scaled(self.months)
        if len(every) < self.latest + ahead:
            return np.zeros(0)
        levels = np.lib.stride_tricks.sliding_window_view(every, self.latest).mean(axis=1)
        return np.asarray(every[self.latest + ahead - 1 :] - levels[:-ahead])

    def walked(self, ahead: int) -> float:
        """Return the variance of the walk, and of single months about it, so many months ahead."""
        mean = (self.latest - 1) * (2 * self.latest - 1) / (6 * self.latest)  # a mean of months stands back
        slope = 1 + self.power * self.level  # of the scale, by the logarithm
        rate = self.walk.rate * slope**2
        steps = np.diff(self.scaled(self.months))
        noise = (float(np.mean(steps**2)) - rate / YEAR) / 2 if steps.size else 0.0
        return rate * (ahead + mean) / YEAR + max(noise, 0.0) * (1 + 1 / self.latest)

    def said(self, change: np.ndarray, ahead: int, levels: Sequence[float]) -> np.ndarray:
        """Return the quantiles of a month ahead.

        Parameters
        ----------
        change : what each member says of its logarithm, less its own level at the origin
        ahead : months
        levels : quantiles wanted
        """
        there = self.scaled(self.people(np.array(self.level)) * np.exp(method("weight") * change))
        variance, freedom = self.variance(ahead)
        lacks = max(variance - float(np.var(there)), 0.0)
        return self.people(spread(there, lacks, freedom, levels))


def spread(members: np.ndarray, variance: float, freedom: float, levels: Sequence[float]) -> np.ndarray:
    """Return quantiles of members, with what they lack of a variance put on each."""
    at = needed("scipy.special").stdtrit(freedom, (np.arange(POINTS) + 0.5) / POINTS)
    return np.asarray(np.quantile(members[:, None] + np.sqrt(variance) * at, levels))
