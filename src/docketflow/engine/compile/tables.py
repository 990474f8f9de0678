"""Collects the integers of a run into one array, each block once; rows that change by date become patches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from docketflow.core.errors import DeclarationError, EngineError
from docketflow.core.quantity import Dated, Number, Resolve, Table, Value, quantity
from docketflow.engine import layout as at
from docketflow.engine.compile.program import Field, Program


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
        self.values: dict[int, tuple[Number, Dated]] = {}

    def add(self, values: Sequence[int] | np.ndarray) -> int:
        """Append integers and return their place; equal blocks are kept once."""
        block = np.ascontiguousarray(np.asarray(values, dtype=np.int64).ravel())
        mark = block.tobytes()
        if mark not in self.known:
            self.known[mark] = self.size
            self.blocks.append(block)
            self.size += len(block)
        return self.known[mark]

    def value(self, number: Number) -> Dated:
        """Return a number by date; the same object, as in ways that share one, is evaluated once."""
        if id(number) not in self.values:
            self.values[id(number)] = number, quantity(number).evaluate(self.resolve)
        return self.values[id(number)][1]

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


def axes_of(program: Program, dated: Iterable[Dated], traits: Iterable[str] = ()) -> list[Field]:
    """Return the fields that some values depend on, plus those named."""
    names = set(traits)
    for value in dated:
        for _, version in value:
            if isinstance(version, Table):
                names |= set(version.axes)
    return program.axes(names)


def cells_of(axes: Sequence[Field], where: str, wide: int = 1) -> int:
    """Return the number of cells of some fields; refuse a table over them that is too large."""
    cells = int(np.prod([len(axis.values) for axis in axes], dtype=np.int64))
    if cells * wide > at.MOST_CELLS:
        raise DeclarationError(
            f"{where!r} depends on {[a.name for a in axes]}: {cells * wide} cells, at most {at.MOST_CELLS}"
        )
    return cells


def over(value: Value, axes: Sequence[Field]) -> np.ndarray:
    """Return a value as an array over the cells of some fields."""
    shape = tuple(len(axis.values) for axis in axes)
    if isinstance(value, Table):
        return np.broadcast_to(value.over({axis.name: axis.values for axis in axes}), shape)
    return np.broadcast_to(np.float64(value), shape)


def fields_at(words: np.ndarray, place: int, program: Program) -> list[tuple[Field, int]]:
    """Return the fields of a row index that stands at a place, each with its stride."""
    by_shift, found = {field.shift: field for field in program.fields.values()}, []
    while word := int(words[place]):
        field, mask, stride = by_shift[word & 0xFF], word >> 8 & 0xFFFFFF, word >> 32
        if field.mask != mask:
            raise EngineError(f"the mask {mask} at {place} is not that of the trait {field.name!r}")
        found.append((field, stride))
        place += 1
    return found
