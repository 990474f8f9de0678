"""Lives the days: the order of what happens from morning to evening.

The passes of a day, in this order:
  1  morning: spaces given back by yesterday's services come free, capacities are set, efforts refilled
  2  arrivals
  3  timers due today (stays that end, clocks that fire), in the order they were set
  4  floors, from those in line since yesterday; draws from pools, in the order declared
  5  attempts
  6  today's joiners take their place in line
  7  floors again; services, in the order the waits are declared (or by class, where an effort says so)
  8  what effort is left is kept (of a quota), carried (up to what those turned away need) or lost; the day
     is written down
Cohort events act between the morning of the spaces and that of the efforts of their day.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import compiled, inner
from docketflow.engine.run.kernel.batch import batch, services, timers
from docketflow.engine.run.kernel.lists import OUT_OF_PEOPLE, clear, free, is_full, push_sorted, seal
from docketflow.engine.run.kernel.memory import (
    AHEAD,
    DAYS,
    GOLDEN,
    M6,
    M16,
    M32,
    MIX2,
    NUMBERS,
    U0,
    U1,
    U3,
    U6,
    U16,
    U32,
    WORDS,
    _u,
    add,
    load,
    mix,
    prefetch,
    store,
)
from docketflow.engine.run.kernel.pools import enter_pools, expect, take_due
from docketflow.engine.run.kernel.windows import open_window, skip_windows

_ARRAYS = WORDS, NUMBERS, DAYS, WORDS, NUMBERS, WORDS, NUMBERS
_BY_DAY = types.int64[:, ::1]
FAR, NO_DRAW = np.int64(1 << 62), np.int64(-1)


@inner(_nrt=False)
def ask_for(following, chunk, rec, mem):
    """Ask memory for the first people of the next chunk of a list, and for the chunk after it."""
    further = load(chunk, following * L.CHUNK)
    if further != U0:
        for a in range(0, L.NEXT_LINES * 8, 8):
            prefetch(chunk, further * _u(L.CHUNK) + _u(a))
    for a in range(min(AHEAD, np.int64(load(chunk, following * L.CHUNK + 1)))):
        prefetch(rec, (load(chunk, following * L.CHUNK + 2 + a) & M32) << _u(load(mem, L.H_RECORD)))


@inner(_nrt=False)
def take_places(wait, chunk, mem):
    """Move a wait's joiners of today to the end of its lines, sorted by luck if so declared."""
    row = L.HEADER + wait * L.NODE_WIDTH
    first, ways = load(mem, row + L.LIST), load(mem, row + L.WAYS)
    for queue in range(first, first + ways):
        joiners = queue + ways
        block = seal(mem, chunk, joiners)
        if block == 0:
            continue
        if load(mem, row + L.SORTED) == 1:
            clear(mem, joiners)
            push_sorted(mem, chunk, queue, block)
            continue
        end, joined = load(mem, load(mem, L.H_OPEN) + queue), load(mem, load(mem, L.H_OPEN) + joiners)
        clear(mem, joiners)
        more = joined - block * L.CHUNK - 2
        single = (joined - 1) // L.CHUNK == block
        if end != 0 and single and ((end - 1) & (L.CHUNK - 1)) + more < L.CHUNK:
            for a in range(more):  # few enough for the last chunk of the line
                store(chunk, end + a, load(chunk, block * L.CHUNK + 2 + a))
            store(mem, load(mem, L.H_OPEN) + queue, end + more)
            free(mem, chunk, block)
            continue
        if end == 0:
            store(mem, load(mem, L.H_BEGIN) + queue, block)
            store(mem, load(mem, L.H_DONE) + queue, 0)
        else:
            seal(mem, chunk, queue)
            store(chunk, (end - 1) & ~(L.CHUNK - 1), _u(block))
        store(mem, load(mem, L.H_OPEN) + queue, joined)


@inner(_nrt=False)
def is_blocked(effort, also, mem):
    """Return whether any effort that is needed is kept for somebody else today."""
    blocked = load(mem, L.H_BLOCKED)
    if effort >= 0 and load(mem, blocked + effort) != 0:
        return True
    if also != 0:
        while load(mem, also) >= 0:
            if load(mem, blocked + load(mem, also)) != 0:
                return True
            also += L.NEED_WIDTH
    return False


@inner(_nrt=False)
def serve(wait, line, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Serve a line of a wait until an effort or space that it needs is used up."""
    row = L.HEADER + wait * L.NODE_WIDTH
    queue = load(mem, row + L.LIST) + line
    if load(mem, load(mem, L.H_OPEN) + queue) == 0 or is_blocked(
        load(mem, row + L.EFFORT), load(mem, row + L.ALSO), mem
    ):
        return
    while load(mem, load(mem, L.H_OPEN) + queue) != 0:
        block = seal(mem, chunk, queue)
        done = load(mem, load(mem, L.H_DONE) + queue)
        held = np.int64(load(chunk, block * L.CHUNK + 1))
        following = np.int64(load(chunk, block * L.CHUNK))
        if following != 0:
            ask_for(following, chunk, rec, mem)
        used = services(
            wait, chunk, block * L.CHUNK + 2 + done, held - done, day,
            rec, mem, law, chunk, keys, values, extra, seed,
        )  # fmt: skip
        if used < held - done:
            store(mem, load(mem, L.H_DONE) + queue, done + used)
            return
        store(mem, load(mem, L.H_BEGIN) + queue, following)
        store(mem, load(mem, L.H_DONE) + queue, 0)
        if following == 0:
            clear(mem, queue)
        free(mem, chunk, block)


@inner(_nrt=False)
def serve_floor(floor, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Serve the lines of a floor from its budget alone, and say what is kept for the next in line."""
    row = load(mem, L.H_FLOORS_AT) + floor * L.FLOOR_WIDTH
    effort = load(mem, row + L.FLOOR_EFFORT)
    left, blocked = load(mem, L.H_LEFT) + effort, load(mem, L.H_BLOCKED) + effort
    budget, short = load(mem, L.H_BUDGET) + floor, load(mem, L.H_SHORT) + floor
    if load(mem, blocked) != 0:
        return
    wanted = load(mem, L.H_WANTED) + effort
    before = load(mem, wanted)
    store(mem, wanted, 0)
    whole = load(mem, left)
    most = min(whole, load(mem, budget))
    store(mem, left, most)
    plan = load(mem, row + L.FLOOR_PLAN)
    for k in range(load(mem, row + L.FLOOR_LINES)):
        place = plan + k * L.PLAN_WIDTH
        serve(
            load(mem, place + L.PLAN_WAIT), load(mem, place + L.PLAN_LINE), day,
            rec, mem, law, chunk, keys, values, extra, seed,
        )  # fmt: skip
    used = most - load(mem, left)
    store(mem, left, whole - used)
    add(mem, budget, -used)
    if load(mem, blocked) != 0 and most < whole:  # it is the budget that is short: the others may go on
        store(mem, blocked, 0)
    store(mem, short, load(mem, wanted))
    store(mem, wanted, max(before, load(mem, wanted)))


@inner(_nrt=False)
def affordable(row, most, mem):
    """Return how many a draw may find at once: as many as the day's effort pays for, and one who lacks it."""
    effort = load(mem, row + L.EFFORT)
    if effort < 0 or load(mem, load(mem, row + L.COST_FIELDS_AT)) != 0:  # nothing, or not all cost the same
        return most
    cost = load(mem, load(mem, row + L.COST_ROWS_AT))
    if cost <= 0:
        return most
    return min(most, max(load(mem, load(mem, L.H_LEFT) + effort), 0) // cost + 1)


@inner(_nrt=False)
def draw(k, exposure, day, rec, mem, law, chunk, keys, values, seed, started, found, at_level):
    """Take from a pool everyone whose point the day's exposure passes, as far as effort goes."""
    row = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH
    effort, also = load(mem, row + L.EFFORT), load(mem, row + L.ALSO)
    now = load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    level = now + L.LEVEL
    upto = FAR if exposure < 0 else load(mem, level) + exposure
    while True:
        if load(mem, L.ERROR) != 0 or is_blocked(effort, also, mem):
            return
        most = affordable(row, found.size, mem)
        n = take_due(k, upto, most, found, at_level, mem, rec, chunk, keys, values)
        if n == 0:
            if upto < load(mem, now + L.BEGUN) + load(mem, now + L.WIDE):
                break
            if load(mem, now + L.EMPTY) == 0 and open_window(k, upto, started, rec, mem, chunk, seed):
                continue
            store(mem, now + L.EMPTY, 1)  # until somebody joins
            if exposure < 0:
                return
            skip_windows(k, upto, mem)
            break
        so_far = load(mem, level)
        used = batch(
            L.TAKEN, k, found, 0, n, day, rec, mem, law, chunk, keys, values, at_level, seed,
        )  # fmt: skip
        store(mem, level, max(so_far, load(at_level, used - 1)) if used > 0 else so_far)
        for a in range(used, n):
            entry = load(found, a)
            expect(k, load(at_level, a), ((entry & M32) << U16) | (entry >> U32), rec, mem, keys, values)
        if used < n:  # an effort or the space is used up
            return
    if exposure >= 0:
        store(mem, level, upto)


@compiled(
    types.int64(types.int64, types.int64, NUMBERS, _BY_DAY, types.int64, *_ARRAYS, types.uint64),
    nogil=True,
)
def event(first, node, stages, masks, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Send on everyone at one of ``stages`` whose traits fit ``masks``: rows of shift, mask, allowed bits.

    Begins at person ``first`` and returns who is next: not all, when the calendar should grow before that.
    """
    found = np.empty(1, np.uint64)
    for i in range(first, load(mem, L.PEOPLE)):
        if is_full(mem):
            return i
        j = _u(i) << _u(load(mem, L.H_RECORD))
        if stages[np.int64(load(rec, j) & M16)] == 0:
            continue
        fit = True
        for m in range(masks.shape[0]):
            shift = _u(masks[m, 0])
            value = (load(rec, j + U1 + U3 * (shift >> U6)) >> (shift & M6)) & _u(masks[m, 1])
            fit = fit and (masks[m, 2] >> np.int64(value)) & 1 == 1
        if fit:
            store(found, 0, _u(i))
            batch(
                L.EVENT, node, found, 0, 1, day,
                rec, mem, law, chunk, keys, values, extra, seed,
            )  # fmt: skip
    return load(mem, L.PEOPLE)


@compiled(
    types.int64(
        types.int64, types.int64, *[_BY_DAY] * 6, *_ARRAYS[:-1], _BY_DAY, NUMBERS, types.uint64, types.int64
    ),
    nogil=True,
)
def advance(
    first,
    last,
    capacity,
    supply,
    sure,
    exposure,
    inflow,
    tries,
    rec,
    mem,
    law,
    chunk,
    keys,
    values,
    books,
    extra,
    seed,
    started,
):
    """Live the days from ``first`` up to ``last`` (not included); see the passes at the head of this file.

    Returns the day reached: before ``last`` when little room is left for lists.
    """
    found = np.empty(128, np.uint64)
    at_level = np.empty(128, np.int64)
    words = 1 << load(mem, L.H_RECORD)  # of a person
    for day in range(first, last):
        # 1 morning
        for s in range(load(mem, L.H_SPACES)):
            add(mem, load(mem, L.H_HELD) + s, -load(mem, load(mem, L.H_FREED) + s))
            store(mem, load(mem, L.H_FREED) + s, 0)
            store(mem, load(mem, L.H_CAPACITY) + s, capacity[day, s])
        for e in range(load(mem, L.H_EFFORTS)):
            add(mem, load(mem, L.H_LEFT) + e, supply[day, e])
            store(mem, load(mem, L.H_BLOCKED) + e, 0)
            store(mem, load(mem, L.H_WANTED) + e, 0)
        for f in range(load(mem, L.H_FLOORS)):
            add(mem, load(mem, L.H_BUDGET) + f, sure[day, f])
        # 2 arrivals
        for a in range(load(mem, L.H_ARRIVALS)):
            node = load(mem, load(mem, L.H_ARRIVALS_AT) + 2 * a)
            add(mem, load(mem, L.H_ARRIVED) + a, inflow[day, a])
            done = 0
            while done < inflow[day, a]:
                n = min(inflow[day, a] - done, found.size)
                if (load(mem, L.PEOPLE) + n) * words > rec.size:
                    store(mem, L.ERROR, OUT_OF_PEOPLE)
                    return day
                for b in range(n):
                    i = load(mem, L.PEOPLE) + b
                    j = i * words
                    prefetch(rec, j + found.size * words)
                    for word in range(words):
                        store(rec, j + word, U0)
                    who = (_u(a + 1) << _u(L.ARRIVAL_BIT)) | (_u(day) << _u(L.DAY_BIT)) | _u(done + b)
                    store(rec, j + L.WHO_AT, who << U16)
                    store(found, b, _u(i))
                add(mem, L.PEOPLE, n)
                batch(
                    L.ARRIVAL, node, found, 0, n, day,
                    rec, mem, law, chunk, keys, values, extra, seed,
                )  # fmt: skip
                done += n
        # 3 timers
        block = seal(mem, chunk, day & (L.RING - 1))
        clear(mem, day & (L.RING - 1))
        while block != 0:
            following = np.int64(load(chunk, block * L.CHUNK))
            if following != 0:
                ask_for(following, chunk, rec, mem)
            timers(
                0, chunk, block * L.CHUNK + 2, np.int64(load(chunk, block * L.CHUNK + 1)), day,
                rec, mem, law, chunk, keys, values, extra, seed,
            )  # fmt: skip
            free(mem, chunk, block)
            block = following
        # 4 floors, draws
        for f in range(load(mem, L.H_FLOORS)):
            serve_floor(f, day, rec, mem, law, chunk, keys, values, extra, seed)
        enter_pools(NO_DRAW, extra, rec, mem, chunk, keys, values, seed)
        for k in range(load(mem, L.H_DRAWS)):
            draw(
                k, exposure[day, k], day, rec, mem, law, chunk, keys, values, seed, started, found, at_level,
            )  # fmt: skip
        # 5 attempts
        for a in range(load(mem, L.H_ATTEMPTS)):
            add(mem, load(mem, L.H_TRIED) + a, tries[day, a])
            if started == 0:  # nobody to find
                add(mem, load(mem, L.H_MISSED) + a, tries[day, a])
                continue
            chosen = np.empty(tries[day, a], np.uint64)
            luck = mix(seed + _u(a + 1) * MIX2)
            for b in range(tries[day, a]):
                z = mix(luck + ((_u(day) << U32) | _u(b)) * GOLDEN)
                chosen[b] = ((z >> U32) * _u(started)) >> U32
            batch(
                L.ATTEMPT, a, chosen, 0, tries[day, a], day,
                rec, mem, law, chunk, keys, values, extra, seed,
            )  # fmt: skip
        # 6 places in line, 7 services
        for w in range(load(mem, L.H_WAITS)):
            take_places(load(mem, load(mem, L.H_ORDER) + w), chunk, mem)
        for f in range(load(mem, L.H_FLOORS)):
            serve_floor(f, day, rec, mem, law, chunk, keys, values, extra, seed)
        for p in range(load(mem, L.H_PLANS)):
            place = load(mem, L.H_PLAN) + p * L.PLAN_WIDTH
            serve(
                load(mem, place + L.PLAN_WAIT), load(mem, place + L.PLAN_LINE), day,
                rec, mem, law, chunk, keys, values, extra, seed,
            )  # fmt: skip
        # 8 evening
        for e in range(load(mem, L.H_EFFORTS)):
            if load(mem, load(mem, L.H_BLOCKED) + e) != 0:
                store(mem, load(mem, L.H_EXHAUSTED) + e, 1)
            if load(mem, load(mem, L.H_KEEPS) + e) == 0:
                left, wanted = load(mem, L.H_LEFT) + e, load(mem, load(mem, L.H_WANTED) + e)
                store(mem, left, min(load(mem, left), wanted))
        for f in range(load(mem, L.H_FLOORS)):
            budget, short = load(mem, L.H_BUDGET) + f, load(mem, load(mem, L.H_SHORT) + f)
            store(mem, budget, min(load(mem, budget), short))
        if load(mem, L.ERROR) != 0:
            return day
        width = load(mem, L.H_ROW_END) - load(mem, L.H_STOCK)
        for c in range(width):
            written = load(mem, load(mem, L.H_STOCK) + c)
            if written != 0:  # days of a line stand together: each number written is a line of memory
                books[c, day] = written
        for c in range(load(mem, L.H_REFUSED), load(mem, L.H_ROW_END)):
            store(mem, c, 0)
        if is_full(mem):
            last = day + 1
            break
    enter_pools(NO_DRAW, extra, rec, mem, chunk, keys, values, seed)
    return last
