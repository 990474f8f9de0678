"""Numbers on the days of the books' segments: of runs that were filled at once, worked out once for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from docketflow.core.quantity import Dated, Number, Resolve, Table, quantity
from docketflow.core.runs import RUN


def on_days(resolve: Resolve, number: Number, days: Sequence[int], what: str) -> np.ndarray:
    """Return a number on some days (ordinals) [day]."""
    found: np.ndarray = all_on_days(resolve, number, [number], days, what)[0]
    return found


def all_on_days(
    resolve: Resolve, of: object, numbers: Sequence[Number], days: Sequence[int], what: str
) -> np.ndarray:
    """Return numbers on some days [number, day]; ``of`` is what they are always asked for."""

    def each(known: Resolve, runs: int) -> np.ndarray:
        lines = {id(number): _on(quantity(number).evaluate(known), days, runs, what) for number in numbers}
        return np.array([lines[id(number)] for number in numbers]).reshape(len(numbers), runs, len(days))

    return _of_run(resolve, of, days, each)


def risen(resolve: Resolve, number: Number, first: int, begins: Sequence[int], end: int) -> np.ndarray:
    """Return how far a number rises above the most it was since a first day, by segment [segment]."""

    def line(known: Resolve, runs: int) -> np.ndarray:
        dated, what = quantity(number).evaluate(known), "what is built up"
        found, most = np.zeros((1, runs, len(begins))), _each(dated.at(first), runs, what)
        for day in (day for day in dated.starts if first < day < end):
            value = _each(dated.at(day), runs, what)
            if day >= begins[0]:
                place = np.searchsorted(begins, day, side="right") - 1
                found[0, :, place] += np.maximum(0.0, value - most)
            most = np.maximum(most, value)
        return found

    found: np.ndarray = _of_run(resolve, number, ("risen", first, *begins, end), line)[0]
    return found


def _on(dated: Dated, days: Sequence[int], runs: int, what: str) -> np.ndarray:
    """Return a number on some days [run, day]."""
    values = np.array([_each(value, runs, what) for value in dated.values])
    if len(values) == 1:  # as most are
        return np.repeat(values.T, len(days), axis=1)
    stretch = np.searchsorted(dated.starts, days, side="right") - 1
    return values[np.maximum(stretch, 0)].T


def _of_run(
    resolve: Resolve, of: object, key: Sequence[object], each: Callable[[Resolve, int], np.ndarray]
) -> np.ndarray:
    """Return a run's own of what is made of numbers [thing, run, day], which its neighbours share."""
    among = getattr(resolve, "among", None)
    if among is None:
        return each(resolve, 1)[:, 0]
    known, run, runs = among
    kept = known.kept.get((id(of), *key))
    if kept is None:  # beside what it is of, so that nothing else is taken for it
        kept = known.kept[id(of), *key] = of, each(known, runs)
    own: np.ndarray = kept[1][:, run]
    return own


def _each(value: float | Table, runs: int, what: str) -> np.ndarray:
    """Return a number in each of some runs."""
    if not isinstance(value, Table):
        return np.full(runs, float(value))
    if list(value.axes) != [RUN]:
        raise TypeError(f"{what} is one number a date, not a table")
    return value.data
