"""People, spaces and efforts add up: cheap totals that always run, and a full recount that tests turn on.

`Totals` reads the books of all evenings whenever a run halts: a few sums over columns. `recount`
reads everybody's record and every line instead; `watch` does so each evening. A failure is one line that
names the day, the stage, the resource and by how much. It must not change anything it looks at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from docketflow.core.errors import ConservationError
from docketflow.engine import declare as d
from docketflow.engine import layout as at
from docketflow.engine.laid import fields_at

if TYPE_CHECKING:
    from docketflow.engine.bind import Bound
    from docketflow.engine.machine import Run

PEOPLE = "people"
UNNAMED = "(the books of that day alone: a recount each day names it)"


class Totals:
    """What must hold of the books of any run of a bound declaration."""

    def __init__(self, bound: Bound) -> None:
        network, program, header = bound.program.network, bound.program, bound.tables
        self.name, self.first = network.name, bound.first
        self.nodes = [node.name for node in program.nodes]
        self.spaces, self.efforts = [s.name for s in network.spaces], [e.name for e in network.efforts]
        self.base = int(header[at.H_STOCK])
        served, taken = int(header[at.H_SERVED]) - self.base, int(header[at.H_TAKEN]) - self.base
        spenders = [
            (node.name, node.effort, at.HEADER + k * at.NODE_WIDTH, at.FIELDS_AT, at.ROWS_AT, served + k)
            for k, node in enumerate(program.nodes)
            if isinstance(node, d.Wait)
        ] + [
            (draw.name, draw.effort, int(header[at.H_DRAWS_AT]) + k * at.DRAW_WIDTH,
             at.COST_FIELDS_AT, at.COST_ROWS_AT, taken + k)
            for k, draw in enumerate(network.draws)
        ]  # fmt: skip
        self.spenders: list[list[str]] = [[] for _ in self.efforts]
        columns = int(header[at.H_ROW_END]) - self.base
        self.least = np.zeros((columns, len(self.efforts)), dtype=np.int64)
        self.most = np.zeros((columns, len(self.efforts)), dtype=np.int64)
        self.carried = np.zeros(len(self.efforts), dtype=np.int64)
        for name, effort, row, fields, rows, column in spenders:
            if effort is not None:
                e, costs = self.efforts.index(effort), costs_of(bound, row + rows, int(header[row + fields]))
                self.spenders[e].append(name)
                self.least[column, e], self.most[column, e] = costs.min(), costs.max()
                self.carried[e] = max(self.carried[e], costs.max() - 1)
        self.flows = np.flatnonzero(self.most.any(axis=1))
        self.least, self.most = self.least[self.flows], self.most[self.flows]
        self.into = [
            [n.name for n in program.nodes if isinstance(n, (d.Gate, d.Wait)) and n.space == space]
            for space in self.spaces
        ]

    def check(self, run: Run, since: int) -> None:
        """Check the books of the days from ``since`` up to today.

        Raises
        ------
        ConservationError
        """
        days = run.daily[since : run.day]
        if len(days):
            self._people(run, days, since)
            self._spaces(run, days, since)
            self._efforts(run, days, since)

    def _columns(self, run: Run, slot: int, many: int) -> slice:
        begins = int(run.mem[slot]) - self.base
        return slice(begins, begins + many)

    def _people(self, run: Run, days: np.ndarray, since: int) -> None:
        stock = days[:, : len(self.nodes)]
        came = self._columns(run, at.H_ARRIVED, int(run.mem[at.H_ARRIVALS]))
        before = run.started + int(run.daily[:since, came].sum())
        wanted = before + days[:, came].sum(axis=1).cumsum()
        excess = stock.sum(axis=1) - wanted
        if excess.any():
            day = int((excess != 0).argmax())
            amount, stage = int(excess[day]), UNNAMED
            for place, there, counted in _miscounted(run, self):
                stage = place
                if (there - counted > 0) == (amount > 0):
                    break
            self.fail(
                since + day, stage, PEOPLE,
                f"{stock[day].sum()} people in the stages, {wanted[day]} started or came", amount,
            )  # fmt: skip
        if (stock < 0).any():
            day, node = (int(k) for k in np.argwhere(stock < 0)[0])
            lacking = int(stock[day, node])
            self.fail(since + day, self.nodes[node], PEOPLE, f"{lacking} people there", lacking)

    def _spaces(self, run: Run, days: np.ndarray, since: int) -> None:
        column = self._columns(run, at.H_HELD, len(self.spaces))
        held, capacity = days[:, column], run.whole["space"][since : run.day]
        first = run.daily[since - 1, column] if since else run.opening[column]
        before = np.concatenate([first[None], held[:-1]])
        over = held - np.maximum(before, capacity)  # nobody is moved when capacity falls
        if (over > 0).any() or (held < 0).any():
            day, s = (int(k) for k in np.argwhere((over > 0) | (held < 0))[0])
            stage = " or ".join(self.into[s]) or "(any that takes it)"
            fault = f"{held[day, s]} held, room for {capacity[day, s]}, {before[day, s]} held the day before"
            amount = int(over[day, s]) if over[day, s] > 0 else int(held[day, s])
            self.fail(since + day, stage, self.spaces[s], fault, amount)

    def _efforts(self, run: Run, days: np.ndarray, since: int) -> None:
        spent = days[:, self._columns(run, at.H_SPENT, len(self.efforts))]
        supply = run.whole["effort"][since : run.day]
        least, most = days[:, self.flows] @ self.least, days[:, self.flows] @ self.most
        # what is left is carried up to the need of the next in line, and lost beyond that
        saved = (supply - spent).cumsum(axis=0) + (self.carried if since else 0)
        peak = np.maximum.accumulate(saved, axis=0) - self.carried
        spare = saved - np.maximum(0, np.concatenate([np.zeros_like(peak[:1]), peak[:-1]]))
        wrong = (spare < 0) | (spent < least) | (spent > most)
        if wrong.any():
            day, e = (int(k) for k in np.argwhere(wrong)[0])
            amount = -int(spare[day, e])
            fault = f"{spent[day, e]} spent, {spent[day, e] - amount} to spend"
            if spare[day, e] >= 0:
                amount = int(spent[day, e] - (most if spent[day, e] > most[day, e] else least)[day, e])
                fault = f"{spent[day, e]} spent, {spent[day, e] - amount} needed for those served"
            self.fail(since + day, " or ".join(self.spenders[e]), self.efforts[e], fault, amount)

    def fail(self, day: int, stage: str, resource: str, fault: str, amount: int) -> NoReturn:
        """Say on which day what does not add up, where, and by how much."""
        date = self.first + dt.timedelta(day)
        raise ConservationError(
            self.name, date=date, stage=stage, resource=resource, fault=fault, amount=amount
        )


def costs_of(bound: Bound, place: int, fields: int) -> np.ndarray:
    """Return every cost that stands in the rows which ``place`` leads to, now or after a patch."""
    axes = fields_at(bound.tables, fields, bound.program)
    cells = 1 + sum(stride * (len(field.values) - 1) for field, stride in axes)
    starts = {int(bound.tables[place])}
    for places, values in bound.patches.values():
        starts |= {int(value) for value in values[places == place]}
    return np.concatenate([bound.tables[start : start + cells] for start in sorted(starts)])


# --- the recount --------------------------------------------------------------------------------------
def recount(run: Run) -> None:
    """Count everybody again, this evening, from the records and lines.

    Raises
    ------
    ConservationError
        People at a stage, holders of a space or living entries of a line that are not what stands in the
        books, or an effort below nothing.
    """
    totals, today = run.conserved, max(0, run.day - 1)
    for stage, there, counted in _miscounted(run, totals):
        totals.fail(
            today, stage, PEOPLE, f"{there} people in the books, {counted} by recount", there - counted
        )
    holds = _records(run)[:, at.SPACES_AT]
    for s, space in enumerate(totals.spaces):
        counted = int(((holds >> np.uint64(s)) & np.uint64(1)).sum()) + int(run.mem[run.mem[at.H_FREED] + s])
        for held in (run.mem[run.mem[at.H_HELD] + s], _written(run, at.H_HELD, s)):
            if held != counted:
                stage = " or ".join(totals.into[s]) or "(any that takes it)"
                fault = f"{held} held in the books, {counted} by recount"
                totals.fail(today, stage, space, fault, int(held) - counted)
    for wait, counted in _living(run):
        there = int(run.mem[run.mem[at.H_STOCK] + wait])
        if there != counted:
            fault = f"{there} people in the books, {counted} in line"
            totals.fail(today, totals.nodes[wait], "line", fault, there - counted)


def watch(run: Run, until: int | None = None) -> Run:
    """Live the days up to day number ``until`` (all by default) with a recount each evening."""
    recount(run)
    for day in range(run.day, run.bound.days if until is None else until):
        before = _left(run)
        run.advance(day + 1)
        recount(run)
        _recount_efforts(run, before)
    return run


def _left(run: Run) -> np.ndarray:
    """Return what is left of each effort: over night, what is carried."""
    return run.mem[run.mem[at.H_LEFT] :][: len(run.conserved.efforts)].copy()


def _recount_efforts(run: Run, before: np.ndarray) -> None:
    """Check today's efforts: what was there is spent, kept for the next in line or lost."""
    totals, today, left = run.conserved, run.day - 1, _left(run)
    blocked = run.mem[run.mem[at.H_BLOCKED] :][: len(left)]
    for e, effort in enumerate(totals.efforts):
        to_spend, spent = int(before[e] + run.whole["effort"][today, e]), _written(run, at.H_SPENT, e)
        if (blocked[e] and to_spend - spent != left[e]) or spent > to_spend:
            kept = f", {left[e]} kept" if blocked[e] else ""
            amount = spent - to_spend + (int(left[e]) if blocked[e] else 0)
            fault = f"{spent} spent{kept}, {to_spend} to spend"
            totals.fail(today, " or ".join(totals.spenders[e]), effort, fault, amount)


def _records(run: Run) -> np.ndarray:
    return run.rec[: at.RECORD * run.people].reshape(-1, at.RECORD)


def _written(run: Run, slot: int, k: int) -> int:
    """Return what was written down last evening (or before the first day) in a column."""
    row = run.daily[run.day - 1] if run.day else run.opening
    return int(row[int(run.mem[slot] - run.mem[at.H_STOCK]) + k])


def _miscounted(run: Run, totals: Totals) -> Iterator[tuple[str, int, int]]:
    """Yield the stages whose stock is not the number of people who stand there: name, stock, people."""
    stands = (_records(run)[:, 0] & np.uint64(0xFFFF)).astype(np.int64)
    counted = np.bincount(stands, minlength=len(totals.nodes))
    for k, name in enumerate(totals.nodes):
        for there in (int(run.mem[run.mem[at.H_STOCK] + k]), _written(run, at.H_STOCK, k)):
            if there != counted[k]:
                yield name, there, int(counted[k])
                break


def _living(run: Run) -> Iterator[tuple[int, int]]:
    """Yield each wait and how many entries of its lines are still true."""
    for k, node in enumerate(run.bound.program.nodes):
        if isinstance(node, d.Wait):
            row = at.HEADER + k * at.NODE_WIDTH
            first, ways = int(run.mem[row + at.LIST]), int(run.mem[row + at.WAYS])
            step = (
                2 if run.mem[row + at.SORTED] else 1
            )  # who joined today stands behind their turn, if sorted
            lines = [_entries(run, line) for line in range(first, first + ways)]
            joiners = [
                _entries(run, line)[step - 1 :: step] for line in range(first + ways, first + 2 * ways)
            ]
            entries = np.concatenate([*lines, *joiners])
            person = _records(run)[(entries & np.uint64(0xFFFFFFFF)).astype(np.int64), 0]
            version = (entries >> np.uint64(32)) & np.uint64(0xFFFF)
            true = ((person >> np.uint64(16)) & np.uint64(0xFFFF)) == version
            yield k, int((true & ((person & np.uint64(0xFFFF)) == np.uint64(k))).sum())


def _entries(run: Run, line: int) -> np.ndarray:
    """Return what stands in a list: a chain of chunks, open at the place of the next entry (0: empty)."""
    after, block, done = (
        int(run.mem[int(run.mem[slot]) + line]) for slot in (at.H_OPEN, at.H_BEGIN, at.H_DONE)
    )
    found = [np.empty(0, dtype=np.uint64)]
    while after:
        begins = block * at.CHUNK
        last = block == (after - 1) // at.CHUNK
        found.append(
            run.chunk[begins + 2 + done : after if last else begins + 2 + int(run.chunk[begins + 1])]
        )
        if last:
            break
        block, done = int(run.chunk[begins]), 0
    return np.concatenate(found)
