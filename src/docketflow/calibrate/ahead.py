"""What is said ahead of an origin: the level seen there, part of the change the model says, an honest spread.

A structural model that starts elsewhere than the country stands loses to the last value whatever it knows.
So a forecast starts at the level of the last months. How far practice may walk from there is what the series
did in the fiscal years before 2019, and then also what forecasts of earlier origins missed: a variance that
is not known, so the spread is Student's. Nothing here looks past the origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

    def learned(self, misses: Sequence[float]) -> Walk:
        """Return the walk when earlier origins missed by so much variance a year, one each."""
        known = self.freedom + len(misses)
        return Walk((self.freedom * self.rate + sum(misses)) / known, known)


def walk_of(yearly: Sequence[float]) -> Walk:
    """Return the walk of a series of whole years: no drift, for which way practice turns is not foretold."""
    steps = np.diff(np.log(yearly))
    return Walk(WALK * float(np.mean(steps**2)), min(len(steps), method("faith")))


def next_year(yearly: Sequence[float], levels: Sequence[float]) -> np.ndarray:
    """Return the quantiles of the year after some whole years, as the walk has them."""
    walk = walk_of(yearly)
    spread = np.sqrt(walk.rate / WALK) * needed("scipy.special").stdtrit(walk.freedom, levels)
    return np.asarray(yearly[-1] * np.exp(spread))


@dataclass(frozen=True)
class Start:
    """Where a series stands at an origin.

    Attributes
    ----------
    level : the logarithm of its level
    latest : of how many last months that is the mean
    noise : variance of the logarithm of one month about the walk
    """

    level: float
    latest: int
    noise: float

    @classmethod
    def of(cls, months: Sequence[float], walk: Walk) -> Start:
        """Return where a series stands after its months up to the origin."""
        logs = np.log(np.maximum(months, 1.0))
        latest = latest_of(logs)
        noise = (float(np.mean(np.diff(logs) ** 2)) - walk.rate / YEAR) / 2
        return cls(float(logs[-latest:].mean()), latest, max(noise, 0.0))

    def years(self, ahead: int) -> float:
        """Return the years from the middle of the last months to a month ahead."""
        return (ahead + (self.latest - 1) / 2) / YEAR

    def chance(self) -> float:
        """Return the variance that single months put on a difference to the level."""
        return self.noise * (1 + 1 / self.latest)


def latest_of(logs: np.ndarray) -> int:
    """Return of how many last months the mean is the level: of as many as told it best before the origin."""
    return int(min(method("latest"), key=lambda k: _missed(logs, k)))


def _missed(logs: np.ndarray, latest: int) -> float:
    """Return by how much a mean of so many months missed the level some months on, before the origin."""
    ahead, first = method("told_ahead"), max(method("latest"))
    means = np.lib.stride_tricks.sliding_window_view(logs, latest)[first - latest : -ahead].mean(axis=1)
    return float(np.mean((logs[first + ahead - 1 :] - means) ** 2))


def said(change: np.ndarray, start: Start, walk: Walk, ahead: int, levels: Sequence[float]) -> np.ndarray:
    """Return the quantiles of a month ahead.

    Parameters
    ----------
    change : what each member says of its logarithm, less its own level at the origin
    start, walk : where the series stands and how far it walks
    ahead : months
    levels : quantiles wanted
    """
    there = start.level + method("weight") * change
    lacks = max(walk.rate * start.years(ahead) + start.chance() - float(np.var(there)), 0.0)
    return spread(there, lacks, walk.freedom, levels)


def spread(members: np.ndarray, variance: float, freedom: float, levels: Sequence[float]) -> np.ndarray:
    """Return quantiles of members' logarithms, with what they lack of a variance put on each."""
    at = needed("scipy.special").stdtrit(freedom, (np.arange(POINTS) + 0.5) / POINTS)
    return np.asarray(np.exp(np.quantile(members[:, None] + np.sqrt(variance) * at, levels)))
