"""The range of a setting: how far the number may be off that a scenario says, and the number a member takes.

It knows one number at a time; who draws the quantile, and for which member, is not its business.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from docketflow.core.shapes import Number, Shape

AS, NAMED = "as", "shape"
Numbers = float | Mapping[str, float]
Amounts = Number | Mapping[str, Number]  # a number of one run, or an array of those of several


@dataclass(frozen=True)
class Range:
    """What is not known of a setting's number, whose central value the setting says.

    Parameters
    ----------
    shape : Shape
        The 5th and 95th percentiles and what lies between, as of a parameter.
    lever : str
        The lever at whose quantile it is drawn: its own, or another's whose number it goes with. All
        settings of one lever are drawn at one quantile, in every scenario.
    bounds : tuple of float
        What draws are held in; they stay on the side of zero on which the range lies anyway.
    """

    shape: Shape
    lever: str
    bounds: tuple[float, float] = (-math.inf, math.inf)

    def draw(self, value: Numbers, quantile: Number) -> Amounts:
        """Return the number (of each label) at a quantile, or at several; at one half the setting's own."""
        if isinstance(value, Mapping):
            return {label: self._one(number, quantile) for label, number in value.items()}
        return self._one(value, quantile)

    def _one(self, number: float, quantile: Number) -> Number:
        shape = self.shape
        edges = [number * shape.low, number * shape.high] if shape.relative else [shape.low, shape.high]
        low = max(self.bounds[0], -math.inf if min(edges) < 0 else 0.0)
        high = min(self.bounds[1], math.inf if max(edges) > 0 else 0.0)
        return shape.quantile(number, quantile, bounds=(low, high))

    def row(self, path: str) -> dict[str, object]:
        """Return the range of a lever's setting as it is written."""
        shape = self.shape
        said: dict[str, object] = {NAMED: shape.kind, "low": shape.low, "high": shape.high}
        if shape.relative:
            said["relative"] = True
        return said if self.lever == path else {**said, AS: self.lever}


def by_label(value: Amounts | None) -> dict[str, Number]:
    """Return each number of a value, and where it stands: "" for a plain one, [label] of one by label."""
    if isinstance(value, Mapping):
        return {f"[{label}]": number for label, number in value.items()}
    return {} if value is None else {"": value}


def range_in_words(row: Mapping[str, object] | None) -> str:
    """Return a written range in one line; nothing for none.

    >>> range_in_words({"shape": "normal", "low": 10, "high": 30})
    '10 to 30 (normal)'
    """
    if not row:
        return ""
    times = ""
    if row.get("relative"):
        times = " times the odds" if row[NAMED] == "logit" else " times"
    like = f", with {row[AS]}" if AS in row else ""
    return f"{row['low']:g} to {row['high']:g}{times} ({row[NAMED]}{like})"
