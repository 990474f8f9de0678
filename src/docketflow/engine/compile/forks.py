"""Lays a fork: rules and shares become thresholds of luck by cell, what is done on each way becomes integers.

A decision is checked as it is declared and laid as `shorten.py` joins it; nothing here knows who comes by.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from docketflow.core.errors import DeclarationError
from docketflow.core.quantity import Quantity, Value
from docketflow.engine import layout as at
from docketflow.engine.compile.network import check_when, signed, target, ways_of
from docketflow.engine.compile.program import Field, Program
from docketflow.engine.compile.shorten import shorten
from docketflow.engine.compile.tables import Filling, Tables, axes_of, cells_of
from docketflow.engine.declare import vocabulary as d

AT_ONCE = 512  # cells of a fork that are guided together: as many as stay in the cache


@dataclass(frozen=True, eq=False)
class _Fork:
    """A decision over the cells of the traits it depends on.

    Attributes
    ----------
    parts : share or weight of each way, None for the rest
    fits, rest : bool arrays [way, cell]: whom a way is for, and whom it takes if no other does
    """

    name: str
    axes: list[Field]
    parts: list[Quantity | None]
    weighted: bool
    fits: np.ndarray
    rest: np.ndarray

    @property
    def numbers(self) -> list[Quantity]:
        return [part for part in self.parts if part is not None]

    def given(self, values: Sequence[Value], filling: Filling) -> np.ndarray:
        """Return the shares or weights [way, run, cell] from the numbers' values, zero where none is."""
        cells, following = filling.some(self.fits).shape[1], iter(values)
        given = np.zeros((len(self.parts), filling.runs, cells))
        for k, part in enumerate(self.parts):
            if part is not None:
                given[k] = filling.over(next(following), self.axes)
        return given

    def chances(self, values: Sequence[Value], filling: Filling, strict: bool, check: bool) -> np.ndarray:
        """Return the probability of each way [way, run, cell]; unless strict, too much is scaled down."""
        raw = self.given(values, filling)
        given = raw if self.for_all else np.where(filling.some(self.fits)[:, None], raw, 0.0)
        sums = _added(given)
        if check:
            _check(self, filling, raw, given, sums, strict)
        if self.weighted:
            return given / sums
        if not strict and sums.max() > 1.0:
            given = given / np.maximum(sums, 1.0)
            sums = _added(given)
        return np.where(filling.some(self.rest)[:, None], np.maximum(0.0, 1.0 - sums), given)

    @functools.cached_property
    def others(self) -> np.ndarray:
        """How many ways take those whom no other does, by cell."""
        return self.rest.sum(axis=0)

    @functools.cached_property
    def for_all(self) -> bool:
        """Whether every way is for everyone."""
        return bool(self.fits.all())


def _added(parts: np.ndarray) -> np.ndarray:
    """Return the sum over a first axis, added up in order: the same for any number of runs."""
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def lay_decision(program: Program, tables: Tables, row: np.ndarray, place: int, node: d.Decision) -> None:
    """Check a decision as it is declared, then lay it as one with the forks that follow."""
    declared = fork = _read(program, tables, node)
    _refuse_orphans(declared)
    joined, asks = shorten(program, node, tables.value)
    alone = joined is node
    if not alone:
        fork = _read(program, tables, joined)

        def check(values: Sequence[Value], filling: Filling) -> np.ndarray:
            declared.chances(values, filling, tables.strict, check=True)
            return np.empty((filling.runs, 0), dtype=np.int64)

        tables.rows(node.name, place, declared.numbers, declared.axes, 0, check)
    ways = len(joined.ways)
    guide = _guide_bits(ways)

    def build(values: Sequence[Value], filling: Filling) -> np.ndarray:
        levels = _thresholds(fork, filling, fork.chances(values, filling, tables.strict, check=alone))
        return (_guided(levels) if guide else levels).reshape(filling.runs, -1)

    row[at.KIND], row[at.WAYS], row[at.KEY] = at.DECISION, ways, signed(program.key(asks))
    row[at.GUIDE], row[at.STRIDE] = guide, _stride(ways)
    row[at.FIELDS_AT] = tables.fields(fork.axes)
    size = fork.fits.shape[1] * _stride(ways)
    row[at.ROWS_AT] = tables.rows(node.name, place + at.ROWS_AT, fork.numbers, fork.axes, size, build)
    row[at.EDGE] = lay_ways(program, tables, joined)


def _guide_bits(ways: int) -> int:
    return at.GUIDE_BITS if ways >= at.MANY_WAYS else 0


def _stride(ways: int) -> int:
    return ways + (at.GUIDE_WORDS if _guide_bits(ways) else 0)


def _read(program: Program, tables: Tables, node: d.Decision) -> _Fork:
    """Return a decision with its numbers."""
    ways = ways_of(node)
    weighted = any(way.weight is not None for way in ways)
    if weighted and any(way.weight is None for way in ways):
        raise DeclarationError(f"{node.name!r} mixes weights with shares: give every way a weight, or none")
    numbers = [way.share if way.share is not None else way.weight for way in ways]
    parts = [None if number is None else tables.number(number) for number in numbers]
    given = [tables.value(part) for part in parts if part is not None]
    axes = axes_of(program, given, {trait for way in ways for trait in way.when})
    cells_of(axes, node.name, _stride(len(ways)))
    fits = np.array([_fits(program, way.when, axes, node.name) for way in ways])
    rest = fits & np.array([part is None for part in parts])[:, None]
    return _Fork(node.name, axes, parts, weighted, fits, rest)


def _refuse_orphans(fork: _Fork) -> None:
    """Refuse a fork that leaves somebody without a way on."""
    orphan = ~fork.fits.any(axis=0)
    if orphan.any():
        raise DeclarationError(
            f"{fork.name!r} has no way on for a person with {_name_cell(fork.axes, int(orphan.argmax()))}"
        )


def _check(
    fork: _Fork, filling: Filling, raw: np.ndarray, given: np.ndarray, sums: np.ndarray, strict: bool
) -> None:
    """Refuse a fork whose numbers do not add up in some run."""
    name, others = fork.name, filling.some(fork.others)
    if not (given.min() >= 0.0 and np.isfinite(sums.sum()) and not np.isnan(raw).any()):
        not_numbers = " that is not a number" if np.isnan(raw).any() else " that is negative or not a number"
        raise DeclarationError(f"{name!r} has a share{not_numbers}")
    if fork.weighted:
        if np.any(sums <= 0):
            where = _name_cell(fork.axes, filling.cell(int((sums <= 0).argmax()) % len(others)))
            raise DeclarationError(f"{name!r} has only weights of zero for {where}")
        return
    too_many = strict & (sums > 1 + 1e-6)
    wrong = too_many | ((others == 0) & (sums < 1 - 1e-6)) | (others > 1)
    if wrong.any():
        run, cell = divmod(int(wrong.argmax()), len(others))
        whom = _name_cell(fork.axes, filling.cell(cell))
        raise DeclarationError(
            f"the shares of {name!r} add to {sums[run, cell]:.6g}, with {int(others[cell])} ways"
            f" for the rest, for {whom}; allowed: up to 1 and one way for the rest"
        )


def _thresholds(fork: _Fork, filling: Filling, chances: np.ndarray) -> np.ndarray:
    """Return cumulative thresholds [run and cell, way] of 32-bit luck from probabilities [way, run, cell].

    Where one way is certain, the first threshold is minus its number and no luck is asked.
    """
    fits, rest = filling.some(fork.fits)[:, None], filling.some(fork.rest)[:, None]
    takes = (fits & ((chances > 0) | rest)).reshape(len(chances), -1)
    chances, numbers = chances.reshape(len(chances), -1), np.arange(len(chances))[:, None]
    reached = chances.copy()
    for before, own in itertools.pairwise(reached):
        own += before
    levels = np.floor(np.minimum(reached, 1.0) * at.ONE + 0.5).astype(np.int64)
    chosen = np.where(takes, numbers, -1).max(axis=0)
    levels[numbers >= chosen] = at.ONE
    sure = (levels > 0).argmax(axis=0)  # the first way with any chance: if its level is one, it is certain
    certain = levels[sure, np.arange(len(sure))] == at.ONE
    levels[0, certain & (sure > 0)] = -sure[certain & (sure > 0)]
    return levels.T


def _guided(levels: np.ndarray) -> np.ndarray:
    """Return thresholds and, beside them, for each leading part of luck the first way it can fall to."""
    parts, (cells, ways) = 1 << at.GUIDE_BITS, levels.shape
    rows = np.empty((cells, ways + at.GUIDE_WORDS), dtype="<i8")
    rows[:, :ways] = levels
    guide = rows.view(np.uint8).reshape(cells, -1)[:, ways * rows.itemsize :]
    for begin in range(0, cells, AT_ONCE):
        own = levels[begin : begin + AT_ONCE]
        passed = np.maximum(0, -(-own >> (32 - at.GUIDE_BITS)))  # the first part of luck at or above each
        place = passed + np.arange(len(own), dtype=np.int64)[:, None] * (parts + 1)
        many = np.bincount(place.ravel(), minlength=len(own) * (parts + 1)).reshape(-1, parts + 1)
        first = many[:, :parts].cumsum(axis=1)
        guide[begin : begin + AT_ONCE] = np.minimum(first, at.FARTHEST, out=first)
    return rows


def _fits(program: Program, when: d.When, axes: Sequence[Field], where: str) -> np.ndarray:
    """Return which cells a rule fits, as a flat bool array."""
    check_when(program, when, where)
    fit = np.ones(tuple(len(axis.values) for axis in axes), dtype=bool)
    for k, axis in enumerate(axes):
        if axis.name in when:
            wanted = when[axis.name]
            names = [wanted] if isinstance(wanted, str) else wanted
            chosen = np.zeros(len(axis.values), dtype=bool)
            chosen[[axis.index(n, where) for n in names]] = True
            fit &= chosen.reshape([-1 if n == k else 1 for n in range(len(axes))])
    return fit.ravel()


def _name_cell(axes: Sequence[Field], cell: int) -> str:
    where = np.unravel_index(cell, tuple(len(axis.values) for axis in axes)) if axes else ()
    return (
        ", ".join(f"{axis.name} {axis.values[int(k)]!r}" for axis, k in zip(axes, where, strict=True))
        or "any trait"
    )


_READS = {at.STEP, at.START, at.JOIN, at.COUNT, at.COUNT_DAYS}  # acts that read traits


def lay_ways(program: Program, tables: Tables, node: d.Node) -> int:
    """Append the ways on from a fork; traits set before any act reads them are set all at once."""
    edges = []
    for way in ways_of(node):
        acts = [tables.act(program, op, node.name) for op in way.do]
        first = next((k for k, act in enumerate(acts) if act[0] in _READS), len(acts))
        cleared, bits = 0, 0
        for _, shift, value, mask in (act for act in acts[:first] if act[0] == at.PUT):
            width = (mask & 0xFFFFFFFF) << shift
            cleared, bits = cleared | width, (bits & ~width) | value << shift
        changed = {act[1] for act in acts if act[0] in (at.PUT, at.STEP)}
        acts = [act for k, act in enumerate(acts) if k >= first or act[0] != at.PUT]
        acts += [[at.NOTE, draw, 0, 0] for trait in sorted(changed) for draw in tables.noted.get(trait, ())]
        place = tables.add(np.array(acts)) if acts else 0
        edge = [len(acts), place, target(program, way.target, node.name)]
        for word in range(at.TRAIT_WORDS):
            kept, put = ((number >> at.WORD * word) % (1 << at.WORD) for number in (~cleared, bits))
            edge += [signed(kept), signed(put)]
        edges.append(edge + [0] * (at.EDGE_WIDTH - len(edge)))
    return tables.add(np.array(edges))
