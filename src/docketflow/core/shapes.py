"""Shapes of uncertainty: a central value with its 5th and 95th percentiles, and the value at any quantile.

The central value is the median of every shape, and the two sides may differ in width. No luck is drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from docketflow.core.errors import EvidenceError, unknown

LOW, HIGH = 0.05, 0.95
MEDIAN = 0.5

Number = np.ndarray | float
_normal = NormalDist().inv_cdf


def _uniform(u: float) -> float:
    return 2 * u - 1


def _triangular(u: float) -> float:
    return math.copysign(1 - math.sqrt(1 - abs(2 * u - 1)), u - MEDIAN)


@dataclass(frozen=True)
class _Kind:
    """A standard quantile with median 0, and the scale on which distances from the centre are measured."""

    standard: Callable[[float], float]
    to: Callable[[Number], Number]
    back: Callable[[Number], Number]


def _same(x: Number) -> Number:
    return x


def _log(x: Number) -> Number:
    with np.errstate(divide="ignore"):
        return np.log(x)


def _logit(x: Number) -> Number:
    with np.errstate(divide="ignore"):
        return np.log(x) - np.log1p(-np.asarray(x, dtype=float))


def _expit(x: Number) -> Number:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


KINDS: Mapping[str, _Kind] = {
    "uniform": _Kind(_uniform, _same, _same),
    "triangular": _Kind(_triangular, _same, _same),
    "normal": _Kind(_normal, _same, _same),
    "lognormal": _Kind(_normal, _log, np.exp),
    "logit": _Kind(_normal, _logit, _expit),
}


@dataclass(frozen=True)
class Shape:
    """How uncertain a value is.

    Parameters
    ----------
    kind : {"uniform", "triangular", "normal", "lognormal", "logit"}
    low, high : float
        The 5th and 95th percentiles. With ``relative`` they are factors on the central value, cell by cell
        (for ``logit``: factors on its odds).
    relative : bool
        Whether low and high are factors. Tables and dated values need this form.
    """

    kind: str
    low: float
    high: float
    relative: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise EvidenceError(unknown("shape", self.kind, KINDS))

    def fault(self, central: Number) -> str:
        """Return what is wrong with this shape around a central value, or an empty string."""
        centre = np.asarray(central, dtype=float)
        if self.relative:
            if not 0 <= self.low <= 1 <= self.high:
                return f"factors {self.low:g} and {self.high:g} do not lie on either side of 1"
            if self.kind in ("lognormal", "logit") and self.low <= 0:
                return f"a {self.kind} factor must be above 0, not {self.low:g}"
        elif not bool(np.all((self.low <= centre) & (centre <= self.high))):
            return f"central value {float(centre.flat[0]):g} is outside {self.low:g} to {self.high:g}"
        least = min(float(centre.min()), math.inf if self.relative else self.low)
        most = max(float(centre.max()), -math.inf if self.relative else self.high)
        if self.kind == "lognormal" and (least < 0 or (not self.relative and least == 0)):
            return "a lognormal value must be above 0"
        if self.kind == "logit" and (least < 0 or most > 1):
            return "a logit value must lie between 0 and 1"
        if self.kind == "logit" and not self.relative and (least == 0 or most == 1):
            return "a logit value needs low above 0 and high below 1"
        return ""

    def quantile(
        self, central: Number, u: Number, *, bounds: tuple[float, float] = (-math.inf, math.inf)
    ) -> Number:
        """Return the value at quantile ``u``, inside ``bounds``; at one half the central value itself.

        At several quantiles at once, an array of them, the values lie along a first axis.

        >>> Shape("normal", 6, 12).quantile(8.0, 0.95)
        12.0
        """
        if not isinstance(u, np.ndarray):
            alone = np.asarray(self.quantile(central, np.array([u], dtype=float), bounds=bounds))[0]
            return alone if isinstance(central, np.ndarray) else float(alone)
        inside = (u > 0) & (u < 1)
        if not inside.all():
            raise EvidenceError(f"a quantile lies strictly between 0 and 1, not {float(u[~inside][0])!r}")
        kind, centre = KINDS[self.kind], np.asarray(central, dtype=float)
        each = (-1, *(1,) * centre.ndim)
        above = (u > MEDIAN).reshape(each)
        standard = np.array([kind.standard(one) for one in u.tolist()]).reshape(each)
        reach = standard / np.where(above, kind.standard(HIGH), kind.standard(LOW))
        edge = np.where(above, self.high, self.low)
        if not self.relative:
            moved = kind.back(kind.to(centre) + (kind.to(edge) - kind.to(centre)) * reach)
        elif kind.to is _same:
            moved = centre * (1 + (edge - 1) * reach)
        else:  # a factor on the value or on the odds: cells of exactly 0 (or, for odds, 1) stay what they are
            odds = np.where(above, math.log(self.high), math.log(self.low))
            moved = kind.back(kind.to(centre) + odds * reach)
        return np.where(u.reshape(each) == MEDIAN, centre, np.clip(moved, *bounds))


def read_shape(given: Mapping[str, Any], named: str = "kind") -> Shape:
    """Return the shape that a mapping of plain data says: its kind (under ``named``), low, high, relative.

    Raises
    ------
    ValueError
        One line: what is missing, unknown or no number.
    """
    words = (named, "low", "high", "relative")
    for word in given:
        if word not in words:
            raise ValueError(unknown("word of a shape", str(word), words))
    for word in words[:3]:
        if word not in given:
            raise ValueError(f"a shape needs {word}")
    relative = given.get("relative", False)
    if not isinstance(relative, bool):
        raise ValueError(f"relative is true or false, not {relative!r}")
    kind = str(given[named])
    if kind not in KINDS:
        raise ValueError(unknown("shape", kind, KINDS))
    return Shape(kind, finite(given["low"]), finite(given["high"]), relative)


def finite(given: Any) -> float:
    """Return a number as it is written, or raise `ValueError` if it is none or not finite."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(f"{given!r} is not a number")
    if not np.isfinite(given):
        raise ValueError(f"{given!r} is not a finite number")
    return float(given)
