"""Collects the integers of a declaration into one array: constant blocks once, and rows that numbers fill.

What is constant is laid down here. Rows are given their place, and a recipe by which `numbers.py` fills them
for one run; rows that change by date are written over in place on that day.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from docketflow.core.errors import DeclarationError, EngineError
from docketflow.core.quantity import Dated, Known, Number, Quantity, Table, Value, quantity
from docketflow.core.runs import RUN, labels
from docketflow.engine import layout as at
from docketflow.engine.compile.network import operation
from docketflow.engine.compile.program import Field, Program
from docketflow.engine.declare.vocabulary import Op

Numberer = Callable[[np.ndarray], int]  # from a table of 1,024 quantiles to its number


@dataclass(frozen=True, eq=False)
class Filling:
    """What is filled together: how many runs, which cells (None: all), and how laws are numbered."""

    runs: int
    number_of: Numberer
    cells: np.ndarray | None = None

    def over(self, value: Value, axes: Sequence[Field]) -> np.ndarray:
        """Return a value as an array [run, cell of some fields]."""
        shape = (self.runs, *(len(axis.values) for axis in axes))
        known = {RUN: labels(self.runs)} | {axis.name: axis.values for axis in axes}
        cells = value.over(known) if isinstance(value, Table) else np.float64(value)
        return self.some(np.broadcast_to(cells, shape).reshape(self.runs, -1))

    def some(self, cells: np.ndarray) -> np.ndarray:
        """Return those of all cells, along the last axis, that are filled."""
        return cells if self.cells is None else cells[..., self.cells]

    def cell(self, k: int) -> int:
        """Return which of all cells one that is filled is."""
        return k if self.cells is None else int(self.cells[k])

    def unlike(self, old: Sequence[Value], new: Sequence[Value], axes: Sequence[Field]) -> np.ndarray:
        """Return the cells in which any of some values changes in any run."""
        pairs = [(before, now) for before, now in zip(old, new, strict=True) if before is not now]
        changes = [self.over(before, axes) != self.over(now, axes) for before, now in pairs]
        return np.flatnonzero(np.any(changes, axis=(0, 1))) if changes else np.empty(0, dtype=int)


Build = Callable[[Sequence[Value], Filling], np.ndarray]


class Outgrown(Exception):
    """Numbers do not fit the form they are to fill: it has to be laid out anew for them."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """Rows that follow from numbers.

    Attributes
    ----------
    where : whose rows, for errors
    numbers : what the rows follow from
    axes : the traits over which they are laid; a number over others does not fit
    pointer : place of the word that leads to the rows
    place, size : where the rows lie and how many words they are
    build : from the values of the numbers on a day to the rows [run, word], raising if they make no sense;
        as many words for each cell that is filled
    """

    where: str
    numbers: tuple[Quantity, ...]
    axes: tuple[Field, ...]
    pointer: int
    place: int
    size: int
    build: Build

    @property
    def cells(self) -> int:
        """The number of cells over which the rows are laid."""
        return int(np.prod([len(axis.values) for axis in self.axes], dtype=np.int64))

    @functools.cached_property
    def paths(self) -> frozenset[str]:
        """The parameter paths the rows rest on."""
        return frozenset().union(*(number.paths() for number in self.numbers))


class Tables:
    """Collects blocks of integers and recipes; blocks that are equal and constant are kept once."""

    def __init__(self, known: Known, first: int, days: int, strict: bool) -> None:
        self.known, self.first, self.days, self.strict = known, first, days, strict
        self.blocks: list[np.ndarray] = []
        self.recipes: list[Recipe] = []
        self.size = 0
        self.lists = at.RING
        self.noted: dict[int, list[int]] = {}  # where a trait lies to the draws that are told of its changes
        self._constant: dict[bytes, int] = {}
        self.asked: dict[int, tuple[Quantity, frozenset[str]]] = {}  # with traits it is given by
        self._quantities: dict[int, tuple[Number, Quantity]] = {}
        self._acts: dict[int, tuple[Op, list[int]]] = {}

    def add(self, values: Sequence[int] | np.ndarray) -> int:
        """Append constant integers and return their place; equal blocks are kept once."""
        block = np.ascontiguousarray(np.asarray(values, dtype=np.int64).ravel())
        mark = block.tobytes()
        if mark not in self._constant:
            self._constant[mark] = self._append(block)
        return self._constant[mark]

    def reserve(self, block: np.ndarray) -> int:
        """Append a block that is still written to, and return its place."""
        return self._append(block.reshape(-1))

    def _append(self, block: np.ndarray) -> int:
        place = self.size
        self.blocks.append(block)
        self.size += len(block)
        return place

    def number(self, number: Number) -> Quantity:
        """Return a number as a quantity, the same for the same object, so that it is evaluated once."""
        if id(number) not in self._quantities:
            self._quantities[id(number)] = number, quantity(number)
        return self._quantities[id(number)][1]

    def act(self, program: Program, op: Op, where: str) -> list[int]:
        """Return an act as four integers; a program keeps its acts, and joined forks do them again."""
        found = self._acts.get(id(op))
        if found is None:
            found = self._acts[id(op)] = op, operation(program, op, where)
        return found[1]

    def value(self, number: Number) -> Dated:
        """Return a number by date, as it is for the values the form is made with."""
        asked = self.number(number)
        found = self.known.value(asked)
        if id(asked) not in self.asked:
            self.asked[id(asked)] = asked, frozenset(traits_of([found]))
        return found

    def versions(self, dated: Iterable[Dated]) -> list[int]:
        """Return the day numbers at which any of some dated values changes inside the run, 0 first."""
        return versions(dated, self.first, self.days)

    def fields(self, axes: Sequence[Field]) -> int:
        """Append the description of a row index, a word a field, and return its place."""
        stride = 1
        words = [0]
        for axis in reversed(axes):
            words.append(axis.shift | axis.mask << 8 | stride << 32)
            stride *= len(axis.values)
        return self.add(words[::-1])

    def rows(
        self,
        where: str,
        pointer: int,
        numbers: Sequence[Quantity],
        axes: Sequence[Field],
        size: int,
        build: Build,
    ) -> int:
        """Set room aside for rows that numbers fill, and return their place."""
        place = self._append(np.zeros(size, dtype=np.int64)) if size else self.size
        self.recipes.append(Recipe(where, tuple(numbers), tuple(axes), pointer, place, size, build))
        return place


def versions(dated: Iterable[Dated], first: int, days: int) -> list[int]:
    """Return the day numbers at which any of some dated values changes inside a run, 0 first."""
    starts = {s - first for value in dated for s in value.starts}
    return [0, *sorted(s for s in starts if 0 < s < days)]


def traits_of(dated: Iterable[Dated]) -> set[str]:
    """Return the traits on which some values depend."""
    return {
        axis
        for value in dated
        for version in value.values
        if isinstance(version, Table)
        for axis in version.axes
    }


def axes_of(program: Program, dated: Iterable[Dated], traits: Iterable[str] = ()) -> list[Field]:
    """Return the fields that some values depend on, plus those named."""
    return program.axes(traits_of(dated).union(traits))


def cells_of(axes: Sequence[Field], where: str, wide: int = 1) -> int:
    """Return the number of cells of some fields; refuse a table over them that is too large."""
    cells = int(np.prod([len(axis.values) for axis in axes], dtype=np.int64))
    if cells * wide > at.MOST_CELLS:
        raise DeclarationError(
            f"{where!r} depends on {[a.name for a in axes]}: {cells * wide} cells, at most {at.MOST_CELLS}"
        )
    return cells


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
