"""Laws of time as tables of 1,024 quantiles in whole days, built outside the kernel."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from docketflow.core.errors import DeclarationError
from docketflow.engine.layout import LONGEST, NEVER, QUANTILES


@functools.lru_cache(maxsize=4096)
def quantiles(kind: str, parameters: tuple[float, ...], never: float, where: str) -> np.ndarray:
    """Return the quantile table of one law (see `tables`)."""
    table = tables(kind, np.array([parameters], dtype=float), np.array([never], dtype=float), where)[0]
    table.setflags(write=False)
    return table


def tables(kind: str, parameters: np.ndarray, never: np.ndarray, where: str) -> np.ndarray:
    """Return the quantile tables of some laws of one kind, a row each.

    Parameters
    ----------
    kind : "exponential", "lognormal", "weibull", "fixed" or "uniform"
    parameters : [law, parameter] in days (sigma and shape without unit)
    never : [law] share of people whose time never ends by itself

    Returns
    -------
    ndarray of uint16, 1,024 rising numbers of days from 1 to 4,000, NEVER where it does not end
    """
    _check(kind, parameters, never, where)
    endings, days = np.rint(QUANTILES * (1.0 - never)).astype(int), np.zeros((len(never), QUANTILES))
    for row, own, ending in zip(days, parameters.tolist(), endings.tolist(), strict=True):
        row[:ending] = _days(kind, own, ending, where)
    found = np.clip(np.ceil(days - 1e-9), 1, LONGEST).astype(np.uint16)
    found[np.arange(QUANTILES) >= endings[:, None]] = NEVER
    return found


def _check(kind: str, parameters: np.ndarray, never: np.ndarray, where: str) -> None:
    strange = ~(np.isfinite(parameters).all(axis=1) & (never >= 0.0) & (never <= 1.0))
    if strange.any():
        first = int(strange.argmax())
        raise DeclarationError(
            f"the {kind} law of {where!r} has parameters {tuple(parameters[first].tolist())} and never share"
            f" {float(never[first])}"
        )
    low = (parameters < 0).any(axis=1)
    if kind not in ("fixed", "uniform"):
        low |= parameters[:, 0] <= 0
    if low.any():
        own = tuple(parameters[int(low.argmax())].tolist())
        raise DeclarationError(f"the {kind} law of {where!r} needs positive parameters, got {own}")


def _days(kind: str, parameters: Sequence[float], ending: int, where: str) -> np.ndarray:
    """Return the part of a table that ends, in days."""
    if kind == "exponential":
        return -parameters[0] * _waiting(ending)
    if kind == "lognormal":
        return parameters[0] * np.exp(parameters[1] * _normal(ending))
    if kind == "weibull":
        return parameters[0] * (-_waiting(ending)) ** (1.0 / parameters[1])
    if kind == "uniform":
        return parameters[0] + _levels(ending) * (parameters[1] - parameters[0])
    if kind == "fixed":
        return np.full(ending, parameters[0])
    raise DeclarationError(f"unknown law {kind!r} at {where!r}")


@functools.lru_cache(maxsize=QUANTILES + 1)
def _levels(ending: int) -> np.ndarray:
    """Return the levels of the quantiles of the part of a table that ends."""
    return (np.arange(ending) + 0.5) / max(ending, 1)


@functools.lru_cache(maxsize=QUANTILES + 1)
def _normal(ending: int) -> np.ndarray:
    """Return its standard normal quantiles."""
    return np.array(list(map(NormalDist().inv_cdf, _levels(ending).tolist())))


@functools.lru_cache(maxsize=QUANTILES + 1)
def _waiting(ending: int) -> np.ndarray:
    """Return its standard exponential quantiles, negative."""
    return np.log1p(-_levels(ending))


def age_in_equilibrium(table: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return ages (days since entry, at least 1) of people found inside a stage in its steady state.

    The chance of age a is proportional to the chance that a stay lasts at least a days.
    """
    days = table[: np.searchsorted(table, np.uint16(NEVER))].astype(np.int64)  # they rise
    if len(days) == 0:
        return np.ones(len(u), dtype=np.int64)
    # how many of all days lived are lived by an age: a straight line between one stay's end and the next
    left = len(days) - np.arange(len(days))
    lived = np.cumsum(days) + (left - 1) * days
    total = lived[-1]
    stay = np.searchsorted(lived / total, u, side="right")
    end = np.minimum(stay, len(days) - 1)
    back = np.floor((lived[end] - u * total) / left[end]).astype(np.int64)
    age = np.clip(days[end] - back, 1, days[-1])
    by = lived[end] - (days[end] - age) * left[end]
    return np.where(by / total <= u, age + 1, age)


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
