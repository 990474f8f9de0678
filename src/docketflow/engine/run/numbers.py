"""Numbers on the days of the books' segments: of runs that were filled at once, worked out once for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from docketflow.core.quantity import Dated, Number, Resolve, Table, quantity
from docketflow.core.runs import RUN


def on_days(resolve: Resolve, number: Number, days: Sequence[int], what: str) -> np.ndarray:
    """Return a number on some days (ordinals) [day]."""

    def lines(dated: Dated, runs: int) -> np.ndarray:
        values = np.array([_each(value, runs, what) for value in dated.values])
        if len(values) == 1:  # as most are
            return np.repeat(values.T, len(days), axis=1)
        stretch = np.searchsorted(dated.starts, days, side="right") - 1
        return np.ascontiguousarray(values[np.maximum(stretch, 0)].T)

    return _own(resolve, number, ("on", *days), lines)


def risen(resolve: Resolve, number: Number, first: int, begins: Sequence[int], end: int) -> np.ndarray:
    """Return how far a number rises above the most it was since a first day, by segment [segment]."""

    def lines(dated: Dated, runs: int) -> np.ndarray:
        what = "what is built up"
        found, most = np.zeros((runs, len(begins))), _each(dated.at(first), runs, what)
        for day in (day for day in dated.starts if first < day < end):
            value = _each(dated.at(day), runs, what)
            if day >= begins[0]:
                found[:, np.searchsorted(begins, day, side="right") - 1] += np.maximum(0.0, value - most)
            most = np.maximum(most, value)
        return found

    return _own(resolve, number, ("risen", first, *begins, end), lines)


def _own(
    resolve: Resolve, number: Number, key: tuple[object, ...], lines: Callable[[Dated, int], np.ndarray]
) -> np.ndarray:
    """Return a run's own line of those that are made of a number, which its neighbours share."""
    among = getattr(resolve, "among", None)
    if among is None:
        own: np.ndarray = lines(quantity(number).evaluate(resolve), 1)[0]
        return own
    known, run, runs = among
    kept = known.kept.get((id(number), key))
    if kept is None:  # beside the number, so that no other is taken for it
        kept = known.kept[id(number), key] = number, lines(quantity(number).evaluate(known), runs)
    line: np.ndarray = kept[1][run]
    return line


def _each(value: float | Table, runs: int, what: str) -> np.ndarray:
    """Return a number in each of some runs."""
    if not isinstance(value, Table):
        return np.full(runs, float(value))
    if list(value.axes) != [RUN]:
        raise TypeError(f"{what} is one number a date, not a table")
    return value.data
