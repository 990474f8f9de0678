"""Collects the integers of a run into one array, each block once; rows that change by date become patches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from docketflow.core.quantity import Dated, Resolve
from docketflow.engine import layout as at
from docketflow.engine.compile import Field


class Tables:
    """Collects integers into one array; rows that change by date become patches."""

    def __init__(self, first: dt.date, days: int, resolve: Resolve, strict: bool) -> None:
        self.strict = strict
        self.first, self.days, self.resolve = first.toordinal(), days, resolve
        self.blocks: list[np.ndarray] = []
        self.size = 0
        self.patches: dict[int, list[tuple[int, int]]] = {}
        self.laws: dict[bytes, int] = {}
        self.lists = at.RING
        self.known: dict[bytes, int] = {}

    def add(self, values: Sequence[int] | np.ndarray) -> int:
        """Append integers and return their place; equal blocks are kept once."""
        block = np.ascontiguousarray(np.asarray(values, dtype=np.int64).ravel())
        mark = block.tobytes()
        if mark not in self.known:
            self.known[mark] = self.size
            self.blocks.append(block)
            self.size += len(block)
        return self.known[mark]

    def versions(self, dated: Iterable[Dated]) -> list[int]:
        """Return the day numbers at which any of some dated values changes inside the run, 0 first."""
        starts = {s - self.first for value in dated for s in value.starts}
        return [0, *sorted(s for s in starts if 0 < s < self.days)]

    def fields(self, axes: Sequence[Field]) -> int:
        """Append the description of a row index, a word a field, and return its place."""
        stride = 1
        words = [0]
        for axis in reversed(axes):
            words.append(axis.shift | axis.mask << 8 | stride << 32)
            stride *= len(axis.values)
        return self.add(words[::-1])

    def rows(self, place: int, dated: Sequence[Dated], build: Callable[[int], np.ndarray | list[int]]) -> int:
        """Append one block of rows a version, patch ``place`` on its date, and return the first block."""
        versions = self.versions(dated)
        at_first = self.add(build(self.first))
        for day in versions[1:]:
            self.patches.setdefault(day, []).append((place, self.add(build(self.first + day))))
        return at_first

    def law(self, table: np.ndarray) -> int:
        """Return the number of a quantile table; equal tables are kept once."""
        return self.laws.setdefault(table.tobytes(), len(self.laws))
