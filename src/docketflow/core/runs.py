"""Numbers of several runs side by side: one table along an axis of runs, and each run's own."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

import numpy as np

from docketflow.core.quantity import Dated, Table, Value

RUN = "(run)"  # the axis along which the numbers of several runs lie; always the first


@functools.cache
def labels(runs: int) -> tuple[str, ...]:
    """Return the labels of so many runs."""
    return tuple(map(str, range(runs)))


def spread(value: Value, runs: int) -> Table:
    """Return a value as it is in each of several runs: the same, if it does not lie side by side already."""
    if isinstance(value, Table) and RUN in value.axes:
        return value
    axes = dict(value.axes) if isinstance(value, Table) else {}
    data = np.asarray(value.data if isinstance(value, Table) else value, dtype=float)
    return Table({RUN: labels(runs), **axes}, np.broadcast_to(data, (runs, *data.shape)))


def side_by_side(like: Value, data: np.ndarray) -> Table:
    """Return the numbers [run, *cells] of several runs over the labels of a value of one of them."""
    axes = dict(like.axes) if isinstance(like, Table) else {}
    return Table({RUN: labels(len(data)), **axes}, data)


def of_run(every: Dated, run: int) -> Dated:
    """Return what one of several runs has of a value that may lie side by side."""
    if not any(isinstance(value, Table) and RUN in value.axes for value in every.values):
        return every
    return Dated(every.starts, tuple(_of_run(value, run) for value in every.values))


def _of_run(value: Value, run: int) -> Value:
    if not isinstance(value, Table) or RUN not in value.axes:
        return value
    axes = {name: have for name, have in value.axes.items() if name != RUN}
    return Table(axes, value.data[run]) if axes else float(value.data[run])


class OfRun(Mapping[str, Dated]):
    """What names stand for in one of several runs whose values lie side by side; taken out when asked for.

    Parameters
    ----------
    together : mapping of name to `Dated`, along the axis of runs where runs differ
    run : int
        Which of them.
    """

    def __init__(self, together: Mapping[str, Dated], run: int) -> None:
        self._together, self._run = together, run
        self._own: dict[str, Dated] = {}

    def __getitem__(self, name: str) -> Dated:
        """Return what a name stands for."""
        found = self._own.get(name)
        if found is None:
            found = self._own[name] = of_run(self._together[name], self._run)
        return found

    def __contains__(self, name: object) -> bool:
        """Say whether a name stands for anything."""
        return name in self._together

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._together)

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self._together)
