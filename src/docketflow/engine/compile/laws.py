"""Laws of time as tables of 1,024 quantiles in whole days, built outside the kernel."""

from __future__ import annotations

import functools
from statistics import NormalDist

import numpy as np

from docketflow.core.errors import DeclarationError
from docketflow.engine.layout import LONGEST, NEVER, QUANTILES


@functools.lru_cache(maxsize=QUANTILES + 1)
def _normal(ending: int) -> np.ndarray:
    """Return standard normal quantiles of the part of the table that ends."""
    return np.array([NormalDist().inv_cdf(u) for u in _levels(ending)])


@functools.lru_cache(maxsize=QUANTILES + 1)
def _levels(ending: int) -> np.ndarray:
    return (np.arange(ending) + 0.5) / max(ending, 1)


@functools.lru_cache(maxsize=4096)
def quantiles(kind: str, parameters: tuple[float, ...], never: float, where: str) -> np.ndarray:
    """Return the quantile table of a law.

    Parameters
    ----------
    kind : "exponential", "lognormal", "weibull", "fixed" or "uniform"
    parameters : in days (sigma and shape without unit)
    never : share of people whose time never ends by itself

    Returns
    -------
    ndarray of uint16, 1,024 rising numbers of days from 1 to 4,000, NEVER where it does not end
    """
    if not all(np.isfinite(parameters)) or not 0.0 <= never <= 1.0:
        raise DeclarationError(
            f"the {kind} law of {where!r} has parameters {parameters} and never share {never}"
        )
    if any(value < 0 for value in parameters) or (
        kind != "fixed" and kind != "uniform" and parameters[0] <= 0
    ):
        raise DeclarationError(f"the {kind} law of {where!r} needs positive parameters, got {parameters}")
    ending = round(QUANTILES * (1.0 - never))
    u = _levels(ending)
    if kind == "exponential":
        days = -parameters[0] * np.log1p(-u)
    elif kind == "lognormal":
        days = parameters[0] * np.exp(parameters[1] * _normal(ending))
    elif kind == "weibull":
        days = parameters[0] * (-np.log1p(-u)) ** (1.0 / parameters[1])
    elif kind == "uniform":
        days = parameters[0] + u * (parameters[1] - parameters[0])
    elif kind == "fixed":
        days = np.full(len(u), parameters[0])
    else:
        raise DeclarationError(f"unknown law {kind!r} at {where!r}")
    table = np.full(QUANTILES, NEVER, dtype=np.uint16)
    table[: len(u)] = np.clip(np.ceil(days - 1e-9), 1, LONGEST).astype(np.uint16)
    table.setflags(write=False)
    return table


def age_in_equilibrium(table: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return ages (days since entry, at least 1) of people found inside a stage in its steady state.

    The chance of age a is proportional to the chance that a stay lasts at least a days.
    """
    ending = table[table != NEVER].astype(np.int64)
    if len(ending) == 0:
        return np.ones(len(u), dtype=np.int64)
    at_least = len(ending) - np.searchsorted(
        np.sort(ending), np.arange(1, int(ending.max()) + 1), side="left"
    )
    cumulative = np.cumsum(at_least) / at_least.sum()
    return np.searchsorted(cumulative, u, side="right") + 1


def remaining(table: np.ndarray, age: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return the stay that remains (0: ends on the first day) given the age; -1 where it never ends.

    An age beyond the table's last number of days says nothing about the rest, which is then drawn afresh.
    """
    days = table.astype(np.int64)
    first = np.searchsorted(days, age, side="left")
    fresh = first >= np.searchsorted(days, NEVER, side="left")
    fresh &= days[-1] != NEVER
    pick = np.where(fresh, u * QUANTILES, first + u * (QUANTILES - first)).astype(np.int64)
    stay = days[np.minimum(pick, QUANTILES - 1)]
    return np.where(stay == NEVER, -1, np.where(fresh, stay, stay - age))
