"""Numbers bound to names: a Table by labels, a value Dated by day, and the Quantity a declaration writes.

A declaration never holds a figure: it writes ``p("court.judges") * p("court.minutes_per_day")`` and the
value, by trait and by date, is found when a run binds its parameters and levers.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.core.errors import DeclarationError

FIRST_DAY = 1  # the proleptic ordinal that stands for "always"


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers by label along named axes (traits).

    Parameters
    ----------
    axes : mapping of str to tuple of str
        Axis name (a trait) to its labels, in the order of the array's dimensions.
    data : ndarray of float, one dimension an axis
    """

    axes: Mapping[str, tuple[str, ...]]
    data: np.ndarray

    def __post_init__(self) -> None:
        shape = tuple(len(labels) for labels in self.axes.values())
        if self.data.shape != shape:
            over = list(self.axes)
            raise DeclarationError(f"a table over {over} needs shape {shape}, got {self.data.shape}")

    @classmethod
    def of(cls, axis: str, values: Mapping[str, float]) -> Table:
        """Build a one-axis table from a mapping of label to value."""
        return cls({axis: tuple(values)}, np.array([float(v) for v in values.values()]))

    def over(self, axes: Mapping[str, tuple[str, ...]]) -> np.ndarray:
        """Return the values as an array broadcastable over ``axes`` (labels in the order asked for)."""
        data, names = self.data, list(self.axes)
        if list(axes.items()) == list(self.axes.items()):
            return data
        for k, name in enumerate(names):
            if name not in axes:
                raise DeclarationError(f"a table by {name!r} is used where only {sorted(axes)} are known")
            if axes[name] == self.axes[name]:
                continue
            have = {label: n for n, label in enumerate(self.axes[name])}
            missing = [label for label in axes[name] if label not in have]
            if missing:
                raise DeclarationError(f"a table by {name!r} has no value for {missing[0]!r}")
            data = np.take(data, [have[label] for label in axes[name]], axis=k)
        wanted = [name for name in axes if name in names]
        data = np.transpose(data, [names.index(name) for name in wanted])
        shape = [len(axes[name]) if name in names else 1 for name in axes]
        return data.reshape(shape)


Value = float | Table


def combine(operation: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
    """Apply an arithmetic operation to two values, matching tables by label."""
    if not isinstance(left, Table) and not isinstance(right, Table):
        return float(operation(left, right))
    axes: dict[str, tuple[str, ...]] = {}
    for side in (left, right):
        if isinstance(side, Table):
            for name, labels in side.axes.items():
                axes.setdefault(name, labels)
    parts = [side.over(axes) if isinstance(side, Table) else side for side in (left, right)]
    return Table(axes, np.asarray(operation(*parts), dtype=float))


@dataclass(frozen=True, eq=False)
class Dated:
    """A value that changes on given days: ``values[k]`` holds from ordinal ``starts[k]`` on."""

    starts: tuple[int, ...]
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        rising = list(self.starts) == sorted(set(self.starts))
        if not self.starts or len(self.starts) != len(self.values) or not rising:
            raise DeclarationError("a dated value needs rising, distinct start days, one a value")

    @classmethod
    def always(cls, value: Value) -> Dated:
        """Return a value that never changes."""
        return cls((FIRST_DAY,), (value,))

    def at(self, ordinal: int) -> Value:
        """Return the value in force on a day (the first value before the first start)."""
        return self.values[max(0, bisect.bisect_right(self.starts, ordinal) - 1)]

    def __iter__(self) -> Iterator[tuple[int, Value]]:
        return iter(zip(self.starts, self.values, strict=True))

    def cells(self) -> Iterator[tuple[str, float]]:
        """Yield each single number and where it stands: "" for a plain one, [label] of a table, @day.

        >>> list(Dated.always(Table.of("sex", {"female": 0.4, "male": 0.6})).cells())
        [('[female]', 0.4), ('[male]', 0.6)]
        """
        for start, value in self:
            day = "" if start == FIRST_DAY else f"@{dt.date.fromordinal(start)}"
            if isinstance(value, Table):
                labels = itertools.product(*value.axes.values())
                cells = zip(labels, value.data.ravel().tolist(), strict=True)
                yield from ((f"[{','.join(names)}]{day}", number) for names, number in cells)
            else:
                yield day, float(value)


Resolve = Callable[[str], Dated]


class Quantity:
    """A number in a declaration: a name, a constant, or arithmetic on them."""

    def paths(self) -> frozenset[str]:
        """Return the parameter paths this quantity reads."""
        return self._paths

    def evaluate(self, resolve: Resolve) -> Dated:
        """Return the value by date, given what each path stands for; `Known` remembers it."""
        return resolve.value(self) if isinstance(resolve, Known) else self.find(resolve)

    def find(self, resolve: Resolve) -> Dated:
        """Work the value out."""
        raise NotImplementedError

    @functools.cached_property
    def _paths(self) -> frozenset[str]:
        raise NotImplementedError

    def __add__(self, other: Number) -> Quantity:
        return _Pair("+", self, quantity(other))

    def __radd__(self, other: Number) -> Quantity:
        return _Pair("+", quantity(other), self)

    def __sub__(self, other: Number) -> Quantity:
        return _Pair("-", self, quantity(other))

    def __rsub__(self, other: Number) -> Quantity:
        return _Pair("-", quantity(other), self)

    def __mul__(self, other: Number) -> Quantity:
        return _Pair("*", self, quantity(other))

    def __rmul__(self, other: Number) -> Quantity:
        return _Pair("*", quantity(other), self)

    def __truediv__(self, other: Number) -> Quantity:
        return _Pair("/", self, quantity(other))

    def __rtruediv__(self, other: Number) -> Quantity:
        return _Pair("/", quantity(other), self)

    def pick(self, **labels: str) -> Quantity:
        """Return the value at one label of some traits: ``p("border.share").pick(family="family_unit")``."""
        return _Cell(self, tuple(labels.items()))


@dataclass(frozen=True)
class _Name(Quantity):
    path: str

    @functools.cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset([self.path])

    def find(self, resolve: Resolve) -> Dated:
        return resolve(self.path)

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class _Cell(Quantity):
    of: Quantity
    labels: tuple[tuple[str, str], ...]

    @functools.cached_property
    def _paths(self) -> frozenset[str]:
        return self.of.paths()

    def find(self, resolve: Resolve) -> Dated:
        dated = self.of.evaluate(resolve)
        return Dated(dated.starts, tuple(self._at(value) for value in dated.values))

    def _at(self, value: Value) -> Value:
        if not isinstance(value, Table):
            return value
        rest, data = dict(value.axes), value.data
        for trait, label in self.labels:
            if label not in rest.get(trait, ()):
                raise DeclarationError(f"{self.of} has no value for {trait} {label!r}")
            data = np.take(data, rest[trait].index(label), axis=list(rest).index(trait))
            del rest[trait]
        return Table(rest, data) if rest else float(data)

    def __str__(self) -> str:
        return f"{self.of}[{', '.join(label for _, label in self.labels)}]"


@dataclass(frozen=True)
class _Unmoved(Quantity):
    of: Quantity

    @functools.cached_property
    def _paths(self) -> frozenset[str]:
        return self.of.paths()

    def find(self, resolve: Resolve) -> Dated:
        return Dated.always(self.of.evaluate(resolve).values[0])

    def __str__(self) -> str:
        return f"unmoved({self.of})"


@dataclass(frozen=True)
class _Constant(Quantity):
    value: Any

    @functools.cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset()

    def find(self, resolve: Resolve) -> Dated:
        return self.value if isinstance(self.value, Dated) else Dated.always(self.value)

    def __str__(self) -> str:
        return f"{self.value:g}" if isinstance(self.value, float) else "table"


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "min": np.minimum,
    "max": np.maximum,
}


@dataclass(frozen=True)
class _Pair(Quantity):
    sign: str
    left: Quantity
    right: Quantity

    @functools.cached_property
    def _paths(self) -> frozenset[str]:
        return self.left.paths() | self.right.paths()

    def find(self, resolve: Resolve) -> Dated:
        left, right = self.left.evaluate(resolve), self.right.evaluate(resolve)
        starts = tuple(sorted(set(left.starts) | set(right.starts)))
        return Dated(starts, tuple(combine(_OPERATIONS[self.sign], left.at(s), right.at(s)) for s in starts))

    def __str__(self) -> str:
        if self.sign in ("min", "max"):
            return f"{self.sign}({self.left}, {self.right})"
        return f"({self.left} {self.sign} {self.right})"


class Known:
    """Finds numbers by name and remembers each, so that what many places read is worked out once.

    Parameters
    ----------
    resolve : callable, parameter path to its `Dated` value
    like : Known, optional
        What was found for other values; a quantity all of whose names stand for the same is taken from there.
    among : optional
        What is known of several runs side by side, of which this is one; its place, and how many they are.
    """

    def __init__(
        self, resolve: Resolve, like: Known | None = None, among: tuple[Known, int, int] | None = None
    ) -> None:
        self.resolve, self.like, self.among = resolve, like, among
        self.kept: dict[object, Any] = {}  # what others make of numbers and would make again
        self._found: dict[int, tuple[Quantity, Dated]] = {}
        self._compared: set[str] = set()
        self._changed: set[str] = set()

    def __call__(self, path: str) -> Dated:
        """Return what a name stands for."""
        return self.resolve(path)

    def value(self, number: Quantity) -> Dated:
        """Return a quantity by date."""
        found = self._found.get(id(number))
        if found is None:
            like = self.like
            old = None if like is None or self.differs(number.paths()) else like.value(number)
            found = self._found[id(number)] = number, number.find(self) if old is None else old
        return found[1]

    def differs(self, paths: frozenset[str]) -> bool:
        """Return whether any of some names stands for something else than in ``like``."""
        return not self.changed(paths).isdisjoint(paths)

    def changed(self, paths: frozenset[str]) -> set[str]:
        """Return all names asked of so far that stand for something else than in ``like``."""
        if not paths <= self._compared:
            new, like = paths - self._compared, self.like
            self._changed |= {path for path in new if like is None or not same(self(path), like(path))}
            self._compared |= new
        return self._changed


def same(left: Dated, right: Dated) -> bool:
    """Return whether two dated values are the same number on every day."""
    if left is right:
        return True
    if left.starts != right.starts:
        return False
    return all(_same(a, b) for a, b in zip(left.values, right.values, strict=True))


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, Table) and isinstance(right, Table):
        return left is right or (
            list(left.axes.items()) == list(right.axes.items()) and np.array_equal(left.data, right.data)
        )
    return not isinstance(left, Table) and not isinstance(right, Table) and left == right


Number = Quantity | Table | Dated | float | int


def p(path: str) -> Quantity:
    """Name a parameter of the evidence room: ``p("court.judges")``."""
    return _Name(path)


def quantity(value: Number) -> Quantity:
    """Return any number, table or dated value as a quantity."""
    if isinstance(value, Quantity):
        return value
    return _Constant(float(value) if isinstance(value, int) else value)


def least(left: Number, right: Number) -> Quantity:
    """Return the smaller of two quantities, cell by cell."""
    return _Pair("min", quantity(left), quantity(right))


def most(left: Number, right: Number) -> Quantity:
    """Return the larger of two quantities, cell by cell."""
    return _Pair("max", quantity(left), quantity(right))


def unmoved(number: Quantity) -> Quantity:
    """Return a quantity as it was before its first change of a date, on every day."""
    return _Unmoved(number)
