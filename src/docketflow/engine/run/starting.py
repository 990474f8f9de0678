"""The starting stock: cells become records, each with the time already spent where it stands."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.laws import age_in_equilibrium, quantiles, remaining
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import decide, mix, name_key, person_key

Cells = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Stock:
    """The starting stock as numbers: for each cell its start, words of traits and how many real persons."""

    starts: np.ndarray
    words: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, program: Program, cells: Cells) -> Stock:
        """Read cells: columns ``start``, ``count`` and traits by label (absent: the trait's first value).

        Raises
        ------
        DeclarationError
            An unknown start or label, or a negative count.
        """
        names = np.asarray(cells["start"]).astype(str)
        counts = np.asarray(cells["count"], dtype=np.int64)
        if len(counts) and counts.min() < 0:
            raise DeclarationError(f"cell {int(counts.argmin())} of the starting stock has a negative count")
        order = program.order["start"]
        known, codes = np.unique(names, return_inverse=True)
        for name in known:
            if name not in order:
                raise DeclarationError(unknown("start", str(name), order, "the starting stock"))
        starts = np.array([order[str(name)] for name in known], dtype=np.int64)[codes]
        words = np.zeros((len(counts), at.TRAIT_WORDS), dtype=np.uint64)
        for trait, field in program.fields.items():
            if trait in cells:
                labels, codes = np.unique(np.asarray(cells[trait]).astype(str), return_inverse=True)
                index = np.array([field.index(str(label), "the starting stock") for label in labels])[codes]
                words[:, field.word] |= index.astype(np.uint64) << np.uint64(field.bit)
        return cls(starts, words, counts)

    def hash(self) -> str:
        """Return a hash of the whole stock."""
        digest = hashlib.sha256()
        for column in (self.starts, self.words, self.counts):
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()

    def people(self, scale: Fraction) -> int:
        """Return the number of records."""
        return int(self.counts.sum()) * scale.numerator // scale.denominator

    def records(self, scale: Fraction) -> tuple[np.ndarray, np.ndarray]:
        """Return each record's start and words of traits; fractions are carried, so that totals are right."""
        totals = np.cumsum(self.counts) * scale.numerator // scale.denominator
        many = np.diff(totals, prepend=0)
        return np.repeat(self.starts, many), np.repeat(self.words, many, axis=0)

    def standing(self, scale: Fraction, size: int) -> Standing:
        """Return everybody as they stand before any luck is asked, in records of so many words.

        It is the same object for the same scale.
        """
        kept = _STANDING.setdefault(self, {})
        if (scale, size) not in kept:
            starts, words = self.records(scale)
            people = np.zeros((len(starts), size), dtype=np.uint64)
            people[:, at.TRAITS_AT] = words[:, 0]
            if size == at.RECORD:
                people[:, at.MORE_AT] = words[:, 1]
            people[:, at.WHO_AT] = np.arange(len(starts), dtype=np.uint64) << np.uint64(16)
            order = np.argsort(starts, kind="stable")
            edges = np.searchsorted(starts[order], np.arange(int(starts.max(initial=-1)) + 2))
            ids = [order[a:b].astype(np.uint64) for a, b in itertools.pairwise(edges)]
            traits = [words[order[a:b]] for a, b in itertools.pairwise(edges)]
            kept[scale, size] = Standing(people, ids, traits)
        return kept[scale, size]


@dataclass(frozen=True, eq=False)
class Standing:
    """A starting stock before it is placed: records, and who and with what traits by start."""

    people: np.ndarray
    ids: list[np.ndarray]
    words: list[np.ndarray]


_STANDING: WeakKeyDictionary[Stock, dict[tuple[Fraction, int], Standing]] = WeakKeyDictionary()


def time_spent(bound: Bound, key: int, start: d.Start, ids: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Return what remains of each person's stay (-1 never, -2 to be drawn) and the days already spent."""
    extra = np.zeros((len(ids), 2), dtype=np.int64)
    extra[:, 0] = -2
    if start.spent is None:
        return extra
    luck = person_key(key, ids)
    age_u = _unit(decide(luck, f"{start.name}/age"))
    if not isinstance(start.spent, str):
        extra[:, 1] = _age_table(bound, start)[(age_u * at.QUANTILES).astype(np.int64)]
    if not isinstance(bound.program.nodes[bound.program.index[start.at]], d.Stage):
        return extra
    rest_u = _unit(decide(luck, f"{start.name}/rest"))
    fields, rows = bound.law_rows(start.at)
    cell = np.zeros(len(ids), dtype=np.int64)
    for f in fields:
        cell = cell * len(f.values) + f.read(words)
    law_of, laws = rows[cell], bound.laws.reshape(-1, at.QUANTILES)
    for number in np.unique(law_of):
        who = law_of == number
        if isinstance(start.spent, str):
            extra[who, 1] = age_in_equilibrium(laws[number], age_u[who])
        extra[who, 0] = remaining(laws[number], extra[who, 1], rest_u[who])
    return extra


def in_line(key: int, wait: d.Wait, ids: np.ndarray, extra: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the order of a starting line: by days spent, then start, then luck (or the order of arrival)."""
    by_luck = wait.order == "hash"
    with np.errstate(over="ignore"):
        last = mix(person_key(key, ids) + ~np.uint64(name_key(wait.name))) if by_luck else ids
    days = extra[:, 1]
    if len(ids) and days.max() < 1 << _DAYS and starts.max() < 1 << _STARTS and len(ids) < 1 << _LAST:
        # one number in place of three, as far as luck's first bits tell people apart: it sorts faster
        first = ((1 << _DAYS) - 1 - days).astype(np.uint64) << np.uint64(64 - _DAYS)
        second = starts.astype(np.uint64) << np.uint64(_LAST)
        one = first | second | (last >> np.uint64(64 - _LAST) if by_luck else last)
        order = np.argsort(one)
        line = one[order]
        if not (line[1:] == line[:-1]).any():
            return order
    return np.lexsort((last, starts, -days))


_DAYS, _STARTS, _LAST = 16, 8, 40  # bits of the one number


def _age_table(bound: Bound, start: d.Start) -> np.ndarray:
    law = start.spent
    if not isinstance(law, d.Law):
        raise DeclarationError(unknown("time spent", str(law), ["equilibrium"], start.name))
    parameters = bound.constants(law, start.name)
    if parameters[-1] > 0:
        raise DeclarationError(f"the time spent at {start.name!r} may not be endless")
    return quantiles(law.kind, parameters[:-1], parameters[-1], start.name).astype(np.int64)


def _unit(luck: np.ndarray) -> np.ndarray:
    """Return 64-bit luck as numbers in [0, 1)."""
    return (luck >> np.uint64(11)).astype(np.float64) / 2.0**53
