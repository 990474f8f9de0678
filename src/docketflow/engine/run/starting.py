"""The starting stock: cells become records, each with the time already spent where it stands."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import mix, mixed, person_key
from docketflow.engine.run.spent import age_in_equilibrium, remaining

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


def time_spent(bound: Bound, key: int, standing: Standing) -> list[np.ndarray]:
    """Return for each start what remains of each person's stay (-1 never, -2 to be drawn) and days spent.

    All starts at once: most of a lifecycle's have a handful of people each.
    """
    network, program = bound.program.network, bound.program
    edges = np.cumsum([0, *map(len, standing.ids)])
    extra = np.zeros((edges[-1], 2), dtype=np.int64)
    extra[:, 0] = -2
    found = [extra[begin:end] for begin, end in itertools.pairwise(edges)]
    asked = [
        k
        for k, start in enumerate(network.starts[: len(found)])
        if start.spent is not None and len(standing.ids[k])
    ]
    if not asked:
        return found
    many = [len(standing.ids[k]) for k in asked]
    luck = person_key(key, np.concatenate([standing.ids[k] for k in asked]))
    begins = np.cumsum([0, *many])
    staying: dict[str, list[tuple[int, slice]]] = {}
    age_u = _unit(mixed(luck, _keys(program, asked, "age", many)))
    for k, part in zip(asked, map(slice, begins[:-1], begins[1:]), strict=True):
        start = network.starts[k]
        if not isinstance(start.spent, str):
            found[k][:, 1] = _age_table(bound, start)[(age_u[part] * at.QUANTILES).astype(np.int64)]
        if isinstance(program.nodes[program.index[start.at]], d.Stage):
            staying.setdefault(start.at, []).append((k, part))
    if staying:
        rest_u = _unit(mixed(luck, _keys(program, asked, "rest", many)))
        _settle(bound, standing, staying, found, age_u, rest_u)
    return found


def _keys(program: Program, asked: Sequence[int], what: str, many: Sequence[int]) -> np.ndarray:
    """Return the key of what is asked of each person at some starts, of so many people each."""
    names = [f"{program.network.starts[k].name}/{what}" for k in asked]
    keys = np.array([program.key(name) for name in names], dtype=np.uint64)
    return np.repeat(keys, many)


def _settle(
    bound: Bound,
    standing: Standing,
    staying: Mapping[str, Sequence[tuple[int, slice]]],
    found: Sequence[np.ndarray],
    age_u: np.ndarray,
    rest_u: np.ndarray,
) -> None:
    """Write down what remains of each stay that began before, and how long it is in a steady state."""
    starts, laws = bound.program.network.starts, bound.laws.reshape(-1, at.QUANTILES)
    law_of, even, ages, early, late = [], [], [], [], []
    for stage, parts in staying.items():
        fields, rows = bound.law_rows(stage)
        words = np.concatenate([standing.words[k] for k, _ in parts])
        cell = np.zeros(len(words), dtype=np.int64)
        for f in fields:
            cell = cell * len(f.values) + f.read(words)
        law_of.append(rows[cell])
        for k, part in parts:
            even.append(np.full(len(found[k]), isinstance(starts[k].spent, str)))
            ages.append(found[k][:, 1])
            early.append(age_u[part])
            late.append(rest_u[part])
    numbers, age, steady = np.concatenate(law_of), np.concatenate(ages), np.concatenate(even)
    first_u, second_u = np.concatenate(early), np.concatenate(late)
    rest = np.empty(len(age), dtype=np.int64)
    order = np.argsort(numbers, kind="stable")
    for who in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1):
        law = laws[numbers[who[0]]]
        some = who[steady[who]]
        if len(some):
            age[some] = age_in_equilibrium(law, first_u[some])
        rest[who] = remaining(law, age[who], second_u[who])
    done = 0
    for k, _ in itertools.chain(*staying.values()):
        upto = done + len(found[k])
        found[k][:, 0], found[k][:, 1] = rest[done:upto], age[done:upto]
        done = upto


def in_line(key: int, own: int | None, ids: np.ndarray, extra: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the order of a starting line: by days spent, then start, then luck by the line's key.

    Without a key of its own a line is in the order of arrival.
    """
    with np.errstate(over="ignore"):
        last = ids if own is None else mix(person_key(key, ids) + ~np.uint64(own))
    days = extra[:, 1]
    if len(ids) and days.max() < 1 << _DAYS and starts.max() < 1 << _STARTS and len(ids) < 1 << _LAST:
        # one number in place of three, as far as luck's first bits tell people apart: it sorts faster
        first = ((1 << _DAYS) - 1 - days).astype(np.uint64) << np.uint64(64 - _DAYS)
        second = starts.astype(np.uint64) << np.uint64(_LAST)
        one = first | second | (last if own is None else last >> np.uint64(64 - _LAST))
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
