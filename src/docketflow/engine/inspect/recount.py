"""Counts everybody again: a slow check, from the records and lines, of what stands in the books.

`recount` does so this evening, `watch` each evening. A failure is one line that names the day, the stage, the
resource and by how much. It must not change anything it looks at.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from docketflow.engine import layout as at
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.machine import Run
from docketflow.engine.run.totals import PEOPLE, miscounted, records, written


def recount(run: Run) -> None:
    """Count everybody again, this evening, from the records and lines.

    Raises
    ------
    ConservationError
        People at a stage, holders of a space or living entries of a line that are not what stands in the
        books, or an effort below nothing.
    """
    totals, today = run.conserved, max(0, run.day - 1)
    for stage, there, counted in miscounted(run, totals):
        totals.fail(
            today, stage, PEOPLE, f"{there} people in the books, {counted} by recount", there - counted
        )
    holds = records(run)[:, at.SPACES_AT]
    for s, space in enumerate(totals.spaces):
        counted = int(((holds >> np.uint64(s)) & np.uint64(1)).sum()) + int(run.mem[run.mem[at.H_FREED] + s])
        for held in (run.mem[run.mem[at.H_HELD] + s], written(run, at.H_HELD, s)):
            if held != counted:
                stage = " or ".join(totals.into(s)) or "(any that takes it)"
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
    wanted = run.mem[run.mem[at.H_WANTED] :][: len(left)]
    for e, effort in enumerate(totals.efforts):
        to_spend, spent = int(before[e] + run.whole["effort"][today, e]), written(run, at.H_SPENT, e)
        if run.day - 1 in totals.renewed.get(e, ()):
            to_spend -= int(before[e])  # lapsed
        spare = to_spend - spent
        keep = spare if e in totals.renewed else min(spare, int(wanted[e]))
        if keep != left[e] or (spare < 0 and spent > 0):
            kept = f", {left[e]} kept" if left[e] or keep else ""
            amount = int(left[e]) - keep or -spare
            fault = f"{spent} spent{kept}, {to_spend} to spend"
            totals.fail(today, " or ".join(totals.spenders[e]), effort, fault, amount)


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
            person = records(run)[(entries & np.uint64(0xFFFFFFFF)).astype(np.int64), 0]
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
