"""Evaluates declared measures on the books of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np

from docketflow.core.quantity import Resolve, Table, quantity
from docketflow.engine.declare.measure import Flow, Level, Measure, Priced, Ratio, Scaled, Total
from docketflow.engine.run.ledger import Ledger


def evaluate(
    measure: Measure,
    ledger: Ledger,
    window: tuple[dt.date, dt.date],
    resolve: Resolve,
) -> tuple[np.ndarray, float]:
    """Evaluate a measure over the segments of a window.

    Parameters
    ----------
    measure : Measure
    ledger : Ledger
    window : first and last day, both included; both must be edges of segments
    resolve : parameter path to its dated value, for prices

    Returns
    -------
    by_segment : ndarray of float, one a segment of the window, in persons (or the measure's unit)
    whole : float, the value of the whole window
    """
    if isinstance(measure, Flow):
        cells = ledger.tally_where(measure.tally, measure.where)[ledger.segments_in(window)]
        by_segment = cells.astype(float) * ledger.weight
        return by_segment, float(cells.sum()) * ledger.weight
    if isinstance(measure, Level):
        return _level(measure, ledger, window)
    if isinstance(measure, Total):
        parts = [(sign, *evaluate(part, ledger, window, resolve)) for sign, part in measure.parts]
        summed = np.sum([sign * by for sign, by, _ in parts], axis=0)
        return np.asarray(summed, dtype=float), float(sum(sign * whole for sign, _, whole in parts))
    if isinstance(measure, Ratio):
        top, whole_top = evaluate(measure.top, ledger, window, resolve)
        bottom, whole_bottom = evaluate(measure.bottom, ledger, window, resolve)
        ratio = np.divide(top, bottom, out=np.zeros_like(top), where=bottom != 0)
        return ratio, whole_top / whole_bottom if whole_bottom else 0.0
    if isinstance(measure, Scaled):
        return _scaled(measure, ledger, window, resolve)
    return _priced(measure, ledger, window, resolve)


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


_REDUCE: dict[str, Callable[[np.ndarray], Any]] = {
    "mean": np.mean,
    "peak": np.max,
    "last": lambda days: days[-1],
    "sum": np.sum,
}


def _level(measure: Level, ledger: Ledger, window: tuple[dt.date, dt.date]) -> tuple[np.ndarray, float]:
    daily = np.zeros(ledger.days, dtype=np.int64)
    for name in measure.stages:
        daily = daily + ledger.stock[name]
    for name in measure.spaces:
        daily = daily + ledger.held[name]
    reduce = _REDUCE[measure.how]
    spans = [ledger.span(k) for k in ledger.segments_in(window)]
    by_segment = np.array([float(reduce(daily[a:b])) for a, b in spans]) * ledger.weight
    return by_segment, float(reduce(daily[spans[0][0] : spans[-1][1]])) * ledger.weight


def _scaled(
    measure: Scaled, ledger: Ledger, window: tuple[dt.date, dt.date], resolve: Resolve
) -> tuple[np.ndarray, float]:
    parts, whole = evaluate(measure.of, ledger, window, resolve)
    dated = quantity(measure.factor).evaluate(resolve)
    factors = [dated.at(ledger.segments[segment][0].toordinal()) for segment in ledger.segments_in(window)]
    if any(isinstance(factor, Table) for factor in factors):
        raise TypeError("a scaling factor is one number a date, not a table")
    by_segment = parts * np.array(factors, dtype=float)
    mean = float(by_segment.sum() / parts.sum()) if parts.sum() else 0.0
    return by_segment, whole * mean


def _priced(
    measure: Priced, ledger: Ledger, window: tuple[dt.date, dt.date], resolve: Resolve
) -> tuple[np.ndarray, float]:
    segments = ledger.segments_in(window)
    cents = np.zeros(len(segments), dtype=np.int64)
    for part, price in measure.items:
        amounts, _ = evaluate(part, ledger, window, resolve)
        dated = quantity(price).evaluate(resolve)
        for k, segment in enumerate(segments):
            usd = dated.at(ledger.segments[segment][0].toordinal())
            if isinstance(usd, Table):
                raise TypeError("a price is one number a date, not a table")
            cents[k] += round(amounts[k]) * round(usd * 100)
    return cents / 100.0, float(cents.sum()) / 100.0
