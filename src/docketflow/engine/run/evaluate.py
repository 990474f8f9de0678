"""Evaluates declared measures on the books of a run."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from docketflow.core.errors import EngineError, unknown
from docketflow.core.quantity import Number, Resolve, Table, quantity
from docketflow.engine.declare.measure import Flow, Level, Measure, Priced, Ratio, Scaled, Total
from docketflow.engine.run.ledger import Ledger

Value = tuple[np.ndarray, float]
Axes = tuple[tuple[str, tuple[str, ...]], ...]
_REDUCE: dict[str, Callable[[np.ndarray], Any]] = {
    "peak": np.max,
    "last": lambda days: days[-1],
    "sum": np.sum,
}


class Reader:
    """Reads measures off the books of a run over a window of days; what several measures share is read once.

    Parameters
    ----------
    ledger : Ledger
    window : first and last day, both included; both must be edges of segments
    resolve : parameter path to its dated value, for prices
    """

    def __init__(self, ledger: Ledger, window: tuple[dt.date, dt.date], resolve: Resolve) -> None:
        self.ledger, self.resolve = ledger, resolve
        self.segments = ledger.segments_in(window)
        self.spans = [ledger.span(k) for k in self.segments]
        self._found: dict[int, tuple[Measure, Value]] = {}

    def read(self, measure: Measure) -> Value:
        """Return a measure by segment of the window, and its value for the whole window.

        Returns
        -------
        by_segment : ndarray of float, one a segment of the window, in persons (or the measure's unit)
        whole : float, the value of the whole window
        """
        found = self._found.get(id(measure))
        if found is None:
            found = self._found[id(measure)] = measure, self._read(measure)
        return found[1]

    def _read(self, measure: Measure) -> Value:
        if isinstance(measure, Flow):
            return self._flow(measure)
        if isinstance(measure, Level):
            return self._level(measure)
        if isinstance(measure, Total):
            parts = [(sign, *self.read(part)) for sign, part in measure.parts]
            summed = np.sum([sign * by for sign, by, _ in parts], axis=0)
            return np.asarray(summed, dtype=float), float(sum(sign * whole for sign, _, whole in parts))
        if isinstance(measure, Ratio):
            top, whole_top = self.read(measure.top)
            bottom, whole_bottom = self.read(measure.bottom)
            ratio = np.divide(top, bottom, out=np.zeros_like(top), where=bottom != 0)
            return ratio, whole_top / whole_bottom if whole_bottom else 0.0
        if isinstance(measure, Scaled):
            return self._scaled(measure)
        return self._priced(measure)

    def _flow(self, measure: Flow) -> Value:
        data = self.ledger.tally(measure.tally)
        where = tuple(
            (trait, (wanted,) if isinstance(wanted, str) else tuple(wanted))
            for trait, wanted in measure.where.items()
        )
        cells = data.reshape(len(data), -1)
        if where:
            axes = tuple((trait, tuple(labels)) for trait, labels in self.ledger.tally_axes[measure.tally])
            cells = cells[:, _fitting(measure.tally, axes, where)]
        by_segment = cells.sum(axis=1)[self.segments]
        return by_segment.astype(float) * self.ledger.weight, float(by_segment.sum()) * self.ledger.weight

    def _level(self, measure: Level) -> Value:
        ledger = self.ledger
        lines = [ledger.stock[name] for name in measure.stages] + [
            ledger.held[name] for name in measure.spaces
        ]
        daily = np.zeros(ledger.days, dtype=np.int64)
        for line in lines:
            daily += line
        if measure.how == "mean":
            return self.means(daily) * ledger.weight, self._mean(daily) * ledger.weight
        reduce = _REDUCE[measure.how]
        by_segment = np.array([float(reduce(daily[a:b])) for a, b in self.spans]) * ledger.weight
        return by_segment, float(reduce(daily[self.spans[0][0] : self.spans[-1][1]])) * ledger.weight

    def sums(self, daily: np.ndarray) -> np.ndarray:
        """Return the sum of a line of whole numbers over the days of each segment."""
        return np.add.reduceat(daily[: self.spans[-1][1]], [a for a, _ in self.spans])

    def means(self, daily: np.ndarray) -> np.ndarray:
        """Return the mean of a line of whole numbers over the days of each segment."""
        return self.sums(daily) / [b - a for a, b in self.spans]

    def _mean(self, daily: np.ndarray) -> float:
        whole = daily[self.spans[0][0] : self.spans[-1][1]]
        return float(whole.sum()) / len(whole)

    def _scaled(self, measure: Scaled) -> Value:
        parts, whole = self.read(measure.of)
        by_segment = parts * self._numbers(measure.factor, "a scaling factor")
        mean = float(by_segment.sum() / parts.sum()) if parts.sum() else 0.0
        return by_segment, whole * mean

    def _priced(self, measure: Priced) -> Value:
        cents = np.zeros(len(self.segments), dtype=np.int64)
        for part, price in measure.items:
            amounts = self.read(part)[0].tolist()
            prices = self._numbers(price, "a price").tolist()
            cents += [round(amount) * round(usd * 100) for amount, usd in zip(amounts, prices, strict=True)]
        return cents / 100.0, float(cents.sum()) / 100.0

    def _numbers(self, number: Number, what: str) -> np.ndarray:
        """Return a number on the first day of each segment."""
        dated = quantity(number).evaluate(self.resolve)
        values = [dated.at(self.ledger.segments[segment][0].toordinal()) for segment in self.segments]
        if any(isinstance(value, Table) for value in values):
            raise TypeError(f"{what} is one number a date, not a table")
        return np.array(values, dtype=float)


@functools.lru_cache(maxsize=4096)
def _fitting(tally: str, axes: Axes, where: Axes) -> np.ndarray:
    """Return the places of the cells of a tally that fit a rule."""
    known = dict(axes)
    fits = np.ones((1,), dtype=bool)
    wanted = dict(where)
    for trait in wanted:
        if trait not in known:
            raise EngineError(unknown("trait", trait, known, f"tally {tally!r}"))
    for trait, labels in axes:
        for label in wanted.get(trait, ()):
            if label not in labels:
                raise EngineError(unknown(f"value of {trait}", label, labels, f"tally {tally!r}"))
        chosen = np.array([trait not in wanted or label in wanted[trait] for label in labels])
        fits = (fits[:, None] & chosen).ravel()
    return np.flatnonzero(fits)


def evaluate(
    measure: Measure, ledger: Ledger, window: tuple[dt.date, dt.date], resolve: Resolve
) -> tuple[np.ndarray, float]:
    """Evaluate one measure over the segments of a window (see `Reader.read`)."""
    return Reader(ledger, window, resolve).read(measure)


def opening(measure: Measure, ledger: Ledger, first: dt.date) -> float | None:
    """Return a level on the day before ``first`` (the starting stock, for the first day); None for flows."""
    if isinstance(measure, Level):
        day = (first - ledger.first).days - 1
        if day < 0:
            at_start = sum(ledger.opening[name] for name in (*measure.stages, *measure.spaces))
            return at_start * ledger.weight
        lines = [ledger.stock[name] for name in measure.stages] + [
            ledger.held[name] for name in measure.spaces
        ]
        return float(sum(int(line[day]) for line in lines)) * ledger.weight
    if isinstance(measure, Total):
        parts = [(sign, opening(part, ledger, first)) for sign, part in measure.parts]
        return (
            None if any(v is None for _, v in parts) else float(sum(sign * (v or 0.0) for sign, v in parts))
        )
    return None
