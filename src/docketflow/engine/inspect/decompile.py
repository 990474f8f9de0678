"""Reads the integers of a bound declaration back: cells, shares, laws, ways, acts, dates.

The other direction of `bind.py`, from the flat tables as they lie in memory and the layout alone; of the
declaration it knows the names and nothing else, so that a slip of the compiler shows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from docketflow.core.errors import EngineError
from docketflow.engine import layout as at
from docketflow.engine.compile.network import signed
from docketflow.engine.compile.program import Field
from docketflow.engine.compile.tables import fields_at

if TYPE_CHECKING:
    from docketflow.engine.compile.bound import Bound

WATCHES = {bit: name for name, bit in at.WATCHES.items()}
KINDS = {
    at.REST: "rest", at.STAGE: "stage", at.WAIT: "wait", at.DECISION: "decision", at.GATE: "gate",
    at.END: "end", at.SPEND: "spend",
}  # fmt: skip
When = dict[str, list[str]]


@dataclass(frozen=True)
class Way:
    """One way on as it lies in memory: the acts in order, then where to."""

    to: str
    acts: list[str]


class Laid:
    """The tables of a bound declaration on one day, with the patches of all days up to it."""

    def __init__(self, bound: Bound, day: int = 0) -> None:
        self.bound, self.program, self.network = bound, bound.program, bound.program.network
        self.words = bound.tables.copy()
        for patched in sorted(k for k in bound.patches if k <= day):
            places, values = bound.patches[patched]
            self.words[places] = values
        self.lanes = {self.program.lane_bit(name): name for name in self.program.lanes}
        self.by_shift = {field.shift: field for field in self.program.fields.values()}

    def node(self, number: int) -> int:
        """Return where a node's descriptor begins."""
        return at.HEADER + number * at.NODE_WIDTH

    def clock(self, number: int) -> int:
        """Return where a clock's descriptor begins."""
        return int(self.words[at.H_CLOCKS_AT]) + number * at.CLOCK_WIDTH

    def draw(self, number: int) -> int:
        """Return where a draw's descriptor begins."""
        return int(self.words[at.H_DRAWS_AT]) + number * at.DRAW_WIDTH

    def asks(self, number: int) -> str:
        """Return the name of the fork whose luck a fork asks: its own, or that of one made one with it."""
        key = int(self.words[self.node(number) + at.KEY])
        names = (one.name for one in self.program.nodes)
        return next((name for name in names if signed(self.program.key(name)) == key), "nobody's")

    def name(self, node: int) -> str:
        """Return a node by name."""
        return self.program.nodes[node].name if node >= 0 else "(stay)"

    # --- rows by trait ------------------------------------------------------------------------------
    def rows(self, fields: int, rows: int, wide: int = 1) -> tuple[list[Field], np.ndarray]:
        """Return the fields of a table and its rows over their values, from the places of both."""
        found = fields_at(self.words, fields, self.program)
        axes = [field for field, _ in found]
        cells = np.zeros(tuple(len(axis.values) for axis in axes), dtype=np.int64)
        for k, (axis, stride) in enumerate(found):
            steps = np.arange(len(axis.values)) * stride
            cells += steps.reshape([-1 if n == k else 1 for n in range(len(axes))])
        return axes, self.words[rows + wide * cells[..., None] + np.arange(wide)]

    def shares(self, number: int) -> tuple[list[Field], np.ndarray]:
        """Return a decision's share of each way, by cell."""
        row = self.node(number)
        ways = int(self.words[row + at.WAYS])
        fields, rows, wide = (int(self.words[row + slot]) for slot in (at.FIELDS_AT, at.ROWS_AT, at.STRIDE))
        axes, levels = self.rows(fields, rows, wide)
        levels, guide = levels[..., :ways], levels[..., ways:]
        guide = np.ascontiguousarray(guide, dtype="<i8").view(np.uint8)
        least = np.arange(guide.shape[-1]) << (32 - int(self.words[row + at.GUIDE]))
        leads = np.minimum((levels[..., None, :] <= least[:, None]).sum(axis=-1), at.FARTHEST)
        if (guide != leads).any():
            raise EngineError(f"the guide of {self.name(number)!r} does not lead where its shares do")
        shares = np.diff(np.minimum(levels, at.ONE), axis=-1, prepend=0) / at.ONE
        certain = levels[..., 0] < 0  # minus the number of the way that is certain
        shares[certain] = np.eye(ways)[-levels[certain, 0]]
        return axes, shares

    def law(self, row: int) -> tuple[list[Field], np.ndarray]:
        """Return the 1,024 quantiles of a stay or clock, by cell."""
        axes, numbers = self.rows(int(self.words[row + at.FIELDS_AT]), int(self.words[row + at.ROWS_AT]))
        return axes, self.bound.laws.reshape(-1, at.QUANTILES)[numbers[..., 0]]

    def needs(self, row: int) -> list[int]:
        """Return the places of what is needed beside the effort that a descriptor names."""
        place, found = int(self.words[row + at.ALSO]), []
        while place and self.words[place + at.NEED_EFFORT] >= 0:
            found.append(place)
            place += at.NEED_WIDTH
        return found

    def plan(self, place: int, lines: int) -> list[tuple[str, int]]:
        """Return the lines of an order of service: wait and class."""
        rows = self.words[place : place + lines * at.PLAN_WIDTH].reshape(-1, at.PLAN_WIDTH)
        return [(self.name(int(wait)), int(rank)) for wait, rank in rows]

    # --- ways on ------------------------------------------------------------------------------------
    def ways(self, number: int) -> list[Way]:
        """Return the ways on from a decision, a gate (free, full) or a spend (enough, short)."""
        row = self.node(number)
        many = 2 if self.words[row + at.KIND] in (at.GATE, at.SPEND) else int(self.words[row + at.WAYS])
        edges = (int(self.words[row + at.EDGE]) + k * at.EDGE_WIDTH for k in range(many))
        return [self._way(self.words[edge : edge + at.EDGE_WIDTH]) for edge in edges]

    def _way(self, edge: np.ndarray) -> Way:
        many, place, target = (int(word) for word in edge[:3])
        sets = [int(word) % (1 << at.WORD) << at.WORD * (k // 2) for k, word in enumerate(edge[3:7])]
        kept, bits = sum(sets[::2]), sum(sets[1::2])
        acts = [
            f"puts {field.name} {field.values[bits >> field.shift & field.mask]}"
            for field in self.program.fields.values()
            if ~kept & field.mask << field.shift
        ]
        for k in range(many):
            words = self.words[place + k * at.OP_WIDTH : place + (k + 1) * at.OP_WIDTH]
            if words[0] != at.NOTE:  # nothing that was declared
                acts.append(self._act(*(int(word) for word in words)))
        return Way(self.name(target), acts)

    def _act(self, code: int, what: int, value: int, last: int) -> str:
        network = self.network
        if code in (at.PUT, at.STEP):
            field = self.by_shift[what]
            return (
                f"puts {field.name} {field.values[value]}"
                if code == at.PUT
                else f"adds {value} to {field.name}"
            )
        if code in (at.TAKE, at.RELEASE):
            return f"{'takes' if code == at.TAKE else 'gives back'} {network.spaces[what].name}"
        if code == at.START:
            return f"starts {network.clocks[what].name}"
        if code in (at.STOP, at.JOIN, at.LEAVE):
            word = {at.STOP: "stops", at.JOIN: "joins", at.LEAVE: "leaves"}[code]
            return f"{word} {self.lanes[what]}"
        if code == at.MARK:
            return f"marks the {WATCHES[what]} stopwatch"
        if code == at.COUNT:
            return f"counts in {network.tallies[value].name}"
        if code == at.COUNT_DAYS:
            return f"counts days since the {WATCHES[last]} mark in {network.tallies[value].name}"
        return {at.EPISODE: "new episode of luck", at.ROUND: "new round of luck"}[code]


def changes(bound: Bound, row: int, wide: int) -> list[int]:
    """Return the days on which any rows that a descriptor leads to are patched, 0 first."""
    blocks = [r for r in bound.form.recipes if row <= r.pointer < row + wide]
    patched = {
        day
        for day, (places, _) in bound.patches.items()
        if any(((places >= r.place) & (places < r.place + r.size)).any() for r in blocks)
    }
    return [0, *sorted(patched)]


def grouped(axes: Sequence[Field], rows: np.ndarray) -> list[tuple[When, np.ndarray]]:
    """Return rows by cell in few words: for whom (empty: everyone), and the row."""
    cells = rows.reshape(*(len(axis.values) for axis in axes), -1)
    kept = []
    for k in reversed(range(len(axes))):  # a trait that makes no difference is left out
        first = np.take(cells, [0], axis=k)
        if (cells == first).all():
            cells = np.take(cells, 0, axis=k)
        else:
            kept.append(axes[k])
    return list(_split(kept[::-1], cells))


def _split(axes: Sequence[Field], cells: np.ndarray) -> Iterator[tuple[When, np.ndarray]]:
    if not axes:
        yield {}, cells
        return
    axis = axes[0]
    alike: dict[bytes, list[int]] = {}
    for k in range(len(axis.values)):
        alike.setdefault(cells[k].tobytes(), []).append(k)
    for labels in alike.values():
        rule = {} if len(labels) == len(axis.values) else {axis.name: [axis.values[k] for k in labels]}
        for when, row in grouped(axes[1:], cells[labels[0]]):
            yield {**rule, **when}, row


def runs(line: np.ndarray) -> list[tuple[int, int]]:
    """Return the stretches of equal values of a line: first and last place."""
    edges = [0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line)]
    return [(a, b - 1) for a, b in itertools.pairwise(edges)]
