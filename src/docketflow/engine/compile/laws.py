"""Laws of time as tables of 1,024 quantiles in whole days, built outside the kernel."""

from __future__ import annotations

import functools
from statistics import NormalDist

import numpy as np

from docketflow.core.errors import DeclarationError
from docketflow.engine.layout import LONGEST, NEVER, QUANTILES

AT_ONCE = 32  # laws worked out together: as many as stay in the cache


def quantiles(kind: str, parameters: tuple[float, ...], never: float, where: str) -> np.ndarray:
    """Return the quantile table of one law (see `tables`)."""
    try:
        return _table(kind, parameters, never)
    except DeclarationError:
        return _table(kind, parameters, never, where)  # which says where


@functools.lru_cache(maxsize=4096)
def _table(kind: str, parameters: tuple[float, ...], never: float, where: str = "") -> np.ndarray:
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
    endings = np.rint(QUANTILES * (1.0 - never)).astype(int)
    found = np.full((len(never), QUANTILES), NEVER, dtype=np.uint16)
    for ending in sorted(set(endings.tolist())):
        alike = np.flatnonzero(endings == ending)
        for begin in range(0, len(alike), AT_ONCE):
            some = alike[begin : begin + AT_ONCE]
            days = _days(kind, parameters[some].T[..., None], ending, where)
            days -= 1e-9
            np.ceil(days, out=days)
            np.maximum(days, 1, out=days)
            found[some, :ending] = np.minimum(days, LONGEST, out=days)
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


def _days(kind: str, parameters: np.ndarray, ending: int, where: str) -> np.ndarray:
    """Return the part that ends of the tables of some laws [law, quantile], in days."""
    if kind == "exponential":
        return -parameters[0] * _waiting(ending)
    if kind == "lognormal":
        return parameters[0] * np.exp(parameters[1] * _normal(ending))
    if kind == "weibull":
        return parameters[0] * (-_waiting(ending)) ** (1.0 / parameters[1])
    if kind == "uniform":
        return parameters[0] + _levels(ending) * (parameters[1] - parameters[0])
    if kind == "fixed":
        return parameters[0].repeat(ending, axis=1)
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
