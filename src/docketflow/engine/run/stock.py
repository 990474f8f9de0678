"""The starting stock: cells of people become records, at the starts where they stand.

Some stand at one of several starts by shares (a `Fork`): under other shares they are dealt out anew.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile.program import Program

Cells = Mapping[str, Any]
AT_FORK = "fork"  # the column that says at which fork the people of a cell stand; below zero at none


@dataclass(frozen=True, eq=False)
class Fork:
    """Starts between which the people of some cells are dealt out by shares.

    Attributes
    ----------
    name : what whoever declares it calls it
    starts : numbers of the starts
    words : words of traits that each start marks them with
    upto : which part of them stands at a start or one before it; the last is one
    """

    name: str
    starts: np.ndarray
    words: np.ndarray
    upto: np.ndarray

    def at(self, shares: Sequence[float] | np.ndarray) -> Fork:
        """Return the fork with other shares, one a start but for the last, which has the rest."""
        upto = np.append(np.minimum(np.cumsum(shares), 1.0), 1.0)
        return replace(self, upto=upto)


@dataclass(frozen=True, eq=False)
class Stock:
    """The starting stock as numbers: for each cell its start, words of traits and how many real persons.

    The people of a cell whose start is below zero are dealt out between the starts of a fork (-1 the first).
    Who stands where depends on their place in the stock and on the shares alone: other shares move only some.
    """

    starts: np.ndarray
    words: np.ndarray
    counts: np.ndarray
    forks: tuple[Fork, ...] = ()
    base: Stock | None = None

    @classmethod
    def of(cls, program: Program, cells: Cells, forks: Sequence[tuple[str, Sequence[Way]]] = ()) -> Stock:
        """Read cells: columns ``start``, ``count`` and traits by label (absent: the trait's first value).

        With forks a column ``fork`` says at which people stand (below zero: at their start); each is a name
        and its ways, of which the last has what the shares of the others leave.

        Raises
        ------
        DeclarationError
            An unknown start or label, or a negative count.
        """
        counts = np.asarray(cells["count"], dtype=np.int64)
        if len(counts) and counts.min() < 0:
            raise DeclarationError(f"cell {int(counts.argmin())} of the starting stock has a negative count")
        where = np.asarray(cells[AT_FORK]) if forks else np.full(len(counts), -1)
        starts, plain = -1 - where.astype(np.int64), where < 0
        names, codes = np.unique(np.asarray(cells["start"]).astype(str)[plain], return_inverse=True)
        numbers = [_start(program, str(name)) for name in names]
        starts[plain] = np.array(numbers, dtype=np.int64)[codes]
        words = np.zeros((len(counts), at.TRAIT_WORDS), dtype=np.uint64)
        for trait, lies in program.fields.items():
            if trait in cells:
                labels, codes = np.unique(np.asarray(cells[trait]).astype(str), return_inverse=True)
                index = np.array([lies.index(str(label), "the starting stock") for label in labels])[codes]
                words[:, lies.word] |= index.astype(np.uint64) << np.uint64(lies.bit)
        return cls(starts, words, counts, tuple(_fork(program, name, ways) for name, ways in forks))

    def drawn(self, shares: Sequence[Sequence[float] | np.ndarray]) -> Stock:
        """Return the same people dealt out by other shares, a row a fork."""
        forks = tuple(fork.at(own) for fork, own in zip(self.forks, shares, strict=True))
        return replace(self, forks=forks, base=self.base or self)

    def among(self, program: Program, start: str, **traits: str) -> np.ndarray:
        """Return which cells stand at a start, and at no fork, and have some traits."""
        found = self.starts == program.order["start"][start]
        for trait, label in traits.items():
            lies = program.fields[trait]
            found &= lies.read(self.words) == lies.index(label, "the starting stock")
        return np.asarray(found)

    def changed(self, cells: np.ndarray, people: int) -> Stock:
        """Return the stock with so many people in some cells, each of them as much more or fewer."""
        before = self.counts[cells]
        upto = np.cumsum(before) * people // before.sum()
        counts = self.counts.copy()
        counts[cells] = np.diff(upto, prepend=0)
        return replace(self, counts=counts, base=None)

    def hash(self) -> str:
        """Return a hash of the whole stock."""
        digest = hashlib.sha256()
        columns = [self.starts, self.words, self.counts]
        for column in columns + [
            part for fork in self.forks for part in (fork.starts, fork.words, fork.upto)
        ]:
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()

    def people(self, scale: Fraction) -> int:
        """Return the number of records."""
        return int(self.counts.sum()) * scale.numerator // scale.denominator

    def alike(self) -> Iterator[tuple[list[int], list[np.ndarray], np.ndarray]]:
        """Yield where cells may stand: the starts, words of traits at each of them, and how many people."""
        for start in np.unique(self.starts).tolist():
            mine = self.starts == start
            if start >= 0:
                yield [start], [self.words[mine]], self.counts[mine]
            else:
                fork = self.forks[-1 - start]
                yield (
                    fork.starts.tolist(),
                    [self.words[mine] | more for more in fork.words],
                    self.counts[mine],
                )

    def records(self, scale: Fraction) -> tuple[np.ndarray, np.ndarray]:
        """Return each record's start and words of traits; fractions are carried, so that totals are right."""
        laid = (self.base or self)._laid(scale)
        starts, words = laid.starts.copy(), laid.words.copy()
        if self.forks:
            many, starts_of, marks = self._dealt(laid)
            starts[laid.turn] = starts_of.repeat(many)
            words[laid.turn] |= marks.repeat(many, axis=0)
        return starts, words

    def standing(self, scale: Fraction, size: int) -> Standing:
        """Return everybody as they stand before any luck is asked, in records of so many words.

        It is the same object for the same scale.
        """
        kept = _STANDING.setdefault(self, {})
        if (scale, size) not in kept:
            kept[scale, size] = self._stand((self.base or self)._laid(scale), size)
        return kept[scale, size]

    def _stand(self, laid: _Laid, size: int) -> Standing:
        from docketflow.engine.run.kernel.door import by_start

        starts, marked = laid.short.copy(), []
        many = laid.many
        if self.forks:
            ways, starts_of, marks = self._dealt(laid)
            dealt = np.bincount(starts_of, ways, len(many)).astype(int)
            dealt[: len(many)] += many
            many = dealt
            starts[laid.turn] = starts_of.astype(np.int16).repeat(ways)
            ends = np.cumsum(ways)
            marked = [
                (laid.turn[end - own : end], laid.turn_words[end - own : end] | mark)
                for own, end, mark in zip(ways, ends, marks, strict=True)
                if own and mark.any()
            ]
        ids = np.empty(len(starts), dtype=np.uint64)
        by_start(starts, many, ids)
        return Standing(laid.people(size), ids, many, marked)

    def _dealt(self, laid: _Laid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return how many of those at a fork go each way, in their turns, and its start and words of traits.

        Ways are numbered through all forks. People at a fork lie evenly between none and one, so that each
        way has its share wherever one looks.
        """
        ends = np.concatenate([k + fork.upto for k, fork in enumerate(self.forks)])
        many = np.diff(np.searchsorted(laid.points, ends), prepend=0)
        starts = np.concatenate([fork.starts for fork in self.forks])
        return many, starts, np.concatenate([fork.words for fork in self.forks])

    def _laid(self, scale: Fraction) -> _Laid:
        kept = _LAID.setdefault(self, {})
        if scale not in kept:
            totals = np.cumsum(self.counts) * scale.numerator // scale.denominator
            many = np.diff(totals, prepend=0)
            kept[scale] = _Laid(np.repeat(self.starts, many), np.repeat(self.words, many, axis=0))
        return kept[scale]

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the stock as arrays alone, to be kept."""
        forks = self.forks
        return {
            "starts": self.starts,
            "words": self.words,
            "counts": self.counts,
            "fork_names": np.array([fork.name for fork in forks], dtype=str),
            "fork_ends": np.cumsum([len(fork.starts) for fork in forks], dtype=np.int64),
            "fork_starts": np.concatenate([np.empty(0, np.int64), *(fork.starts for fork in forks)]),
            "fork_words": np.concatenate(
                [np.empty((0, at.TRAIT_WORDS), np.uint64), *(f.words for f in forks)]
            ),
            "fork_upto": np.concatenate([np.empty(0), *(fork.upto for fork in forks)]),
        }

    @classmethod
    def kept(cls, arrays: Mapping[str, np.ndarray]) -> Stock:
        """Return a stock from its arrays."""
        parts = (
            np.split(arrays[f"fork_{what}"], arrays["fork_ends"][:-1]) for what in ("starts", "words", "upto")
        )
        named = zip(arrays["fork_names"].tolist(), *parts, strict=True) if len(arrays["fork_names"]) else ()
        return cls(arrays["starts"], arrays["words"], arrays["counts"], tuple(Fork(*one) for one in named))


Way = tuple[str, Mapping[str, str], float | None]
"""A way of a fork: the start, traits it marks people with, the share of them (None: the rest)."""


def _start(program: Program, name: str) -> int:
    order = program.order["start"]
    if name not in order:
        raise DeclarationError(unknown("start", name, order, "the starting stock"))
    return order[name]


def _fork(program: Program, name: str, ways: Sequence[Way]) -> Fork:
    words = np.zeros((len(ways), at.TRAIT_WORDS), dtype=np.uint64)
    for k, (_, marks, _) in enumerate(ways):
        for trait, label in marks.items():
            lies = program.fields[trait]
            index = np.uint64(lies.index(label, "the starting stock"))
            words[k, lies.word] |= index << np.uint64(lies.bit)
    starts = np.array([_start(program, start) for start, _, _ in ways], dtype=np.int64)
    fork = Fork(name, starts, words, np.ones(len(ways)))
    return fork.at([float(share or 0) for *_, share in ways[:-1]])


@dataclass(frozen=True, eq=False)
class _Laid:
    """Everybody of a stock at a scale before anybody is dealt out: starts and words of traits by record."""

    starts: np.ndarray
    words: np.ndarray
    _people: dict[int, np.ndarray] = field(default_factory=dict)

    def people(self, size: int) -> np.ndarray:
        """Return the records of so many words, without what a fork marks."""
        if size not in self._people:
            people = np.zeros((len(self.starts), size), dtype=np.uint64)
            people[:, at.TRAITS_AT] = self.words[:, 0]
            if size == at.RECORD:
                people[:, at.MORE_AT] = self.words[:, 1]
            people[:, at.WHO_AT] = np.arange(len(self.starts), dtype=np.uint64) << np.uint64(16)
            self._people[size] = people  # when all is there: another thread takes what it finds
        return self._people[size]

    @functools.cached_property
    def short(self) -> np.ndarray:
        """The starts in sixteen bits."""
        return self.starts.astype(np.int16)

    @functools.cached_property
    def many(self) -> np.ndarray:
        """How many stand at each start without a fork."""
        return np.bincount(self.starts[self.starts >= 0])

    @functools.cached_property
    def _forked(self) -> tuple[np.ndarray, np.ndarray]:
        """Who stands at a fork, in the order of their points, and these: the fork plus a part of one.

        Parts are spread evenly along the stock.
        """
        forked = np.flatnonzero(self.starts < 0)
        fork = -1 - self.starts[forked]
        points = fork + np.modf(np.arange(1, len(fork) + 1) * np.sqrt(2))[0]
        rank = np.argsort(points, kind="stable")
        return forked[rank].astype(np.uint64), points[rank]

    @property
    def turn(self) -> np.ndarray:
        """Who stands at a fork, in turn."""
        return self._forked[0]

    @property
    def points(self) -> np.ndarray:
        """Their points."""
        return self._forked[1]

    @functools.cached_property
    def turn_words(self) -> np.ndarray:
        """Words of their traits."""
        found: np.ndarray = self.words[self.turn]
        return found


@dataclass(frozen=True, eq=False)
class Standing:
    """A starting stock before it is placed: records; who stands there, start by start, and how many at each.

    ``marked`` holds whom a fork marks, and the words of traits that take the place of those of their records.
    """

    people: np.ndarray
    ids: np.ndarray
    many: np.ndarray
    marked: list[tuple[np.ndarray, np.ndarray]]


_STANDING: WeakKeyDictionary[Stock, dict[tuple[Fraction, int], Standing]] = WeakKeyDictionary()
_LAID: WeakKeyDictionary[Stock, dict[Fraction, _Laid]] = WeakKeyDictionary()
