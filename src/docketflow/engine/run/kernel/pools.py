"""Pools: who is due at which point of a draw's level, found when the level comes near.

Each person in a pool has a Poisson process along the level of each of its draws, hashed window by window.
Those due in the present window stand in lists, a list a slot of the window. A slot that the level enters is
sorted once, into a run; who becomes due in it later waits in a heap behind the run.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import compiled, inner
from docketflow.engine.run.kernel.lists import (
    OUT_OF_ROOM,
    clear,
    free,
    heap_order,
    heap_push,
    heap_sink,
    push_pair,
    seal,
    sort_pairs,
)
from docketflow.engine.run.kernel.memory import (
    AHEAD,
    GOLDEN,
    M16,
    MIX1,
    NUMBERS,
    U0,
    U8,
    U16,
    U32,
    WORDS,
    _u,
    add,
    cell_of,
    exponential,
    lane_of,
    least,
    load,
    mix,
    prefetch,
    store,
)


@inner(_nrt=False)
def point(luck, inverse, start, wide, level, mem):
    """Return the next level above ``level`` at which a person is due inside a window, or -1.

    ``luck`` is the person's in this window (`in_window`); `far_off` spares most people this call.

    Each person has a Poisson process along a draw's level, hashed window by window: nobody's next point need
    be kept until the level comes near it, and who joins, leaves and joins again keeps the same points.
    """
    due = start + (((exponential(luck, mem) >> L.WEIGHT_SHIFT) * inverse) >> L.WEIGHT_SHIFT)
    while due <= level and due < start + wide:
        luck = mix(luck + GOLDEN)
        due += 1 + (((exponential(luck, mem) >> L.WEIGHT_SHIFT) * inverse) >> L.WEIGHT_SHIFT)
    if due < start + wide:
        return due
    return np.int64(-1)


@inner(forceinline=True, _nrt=False)
def in_window(person, key, start):
    """Return a person's luck in a window of a draw."""
    return mix(person + key + _u(start) * MIX1)


@inner(forceinline=True, _nrt=False)
def far_off(luck, inverse, wide):
    """Return whether a person is certainly not due inside a window: true of nearly all who are not."""
    return ((least(luck) >> L.WEIGHT_SHIFT) * inverse) >> L.WEIGHT_SHIFT >= wide


@inner(_nrt=False)
def luck_due(inverse, wide):
    """Return the least luck with which a person may be due inside a window: with less they are `far_off`."""
    if wide >= inverse << U16:
        return U0
    height = ((((wide << U8) + inverse - 1) // inverse) << U8) + 4
    return U0 - (_u(height) << U32) if height >> U32 == 0 else U0  # (as wide as all luck: everybody may be)


@inner(_nrt=False)
def may_be_due(due, many, asked, close, mem):
    """List at ``close`` which of those whose luck was ``asked`` may be due; return how many.

    Nearly nobody is: passing over them without a decision each is what makes large pools cheap.
    """
    found = 0
    for a in range(many):
        store(mem, close + found, a)
        found += np.int64(_u(load(mem, asked + a)) >= due)
    return found


@inner(_nrt=False)
def nearest(k, mem):
    """Return one over the largest weight of a draw, as rows hold it, or `layout.NOBODY` if all are zero."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    found = load(mem, now + L.NEAREST)
    if found == 0:
        rows = load(mem, row + L.ROWS_AT)
        found = L.NOBODY
        for cell in range(load(mem, row + L.CELLS)):
            if load(mem, rows + cell) > 0:
                found = min(found, load(mem, rows + cell))
        store(mem, now + L.NEAREST, found)
    return found


@inner(_nrt=False)
def enter_pools(drawn, levels, rec, mem, chunk, keys, values, seed):
    """Enter those who joined pools into the present window of each of the pools' draws.

    Those whom the draw ``drawn`` took joined again at the ``levels`` of their places in the batch. All at
    once, draw by draw, costs less than half of one by one: luck is asked for all before anything else, in a
    loop that the processor does several of at a time. Identities make way for luck (`layout.WHO`).
    """
    first, joined = load(mem, L.H_JOINERS), load(mem, L.JOINED)
    if joined == 0:
        return
    who, asked = first + L.WHO * L.JOINERS, first + L.ASKED * L.JOINERS
    close = first + L.CLOSE * L.JOINERS
    store(mem, L.JOINED, 0)
    for a in range(joined):
        store(mem, who + a, np.int64(mix(seed + (_u(load(mem, who + a)) | M16) * GOLDEN)))
    for k in range(load(mem, L.H_DRAWS)):
        row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
        near = nearest(k, mem)
        if near == L.NOBODY:
            continue
        fields_at, rows = load(mem, row + L.FIELDS_AT), load(mem, row + L.ROWS_AT)
        lane, key = load(mem, row + L.LANE), _u(load(mem, row + L.KEY))
        slots = load(mem, row + L.SLOTS_AT)
        start, wide, upto = load(mem, now + L.BEGUN), load(mem, now + L.WIDE), load(mem, now + L.LEVEL)
        shift, opened = load(mem, now + L.SHIFT), load(mem, now + L.SLOT)
        due = luck_due(near, wide)
        if load(mem, now + L.EMPTY) != 0:
            due = U0  # everybody is looked at: is there anybody who can be taken?
        eligible = np.int64(0)
        for a in range(joined):
            store(mem, asked + a, np.int64(in_window(_u(load(mem, who + a)), key, start)))
        for c in range(may_be_due(due, joined, asked, close, mem)):
            a = load(mem, close + c)
            luck = _u(load(mem, asked + a))
            joiner = first + a
            if load(mem, joiner + L.OF_LANE * L.JOINERS) != lane:
                continue
            traits = load(mem, joiner + L.TRAITS * L.JOINERS)
            more = load(mem, joiner + L.MORE_TRAITS * L.JOINERS)
            inverse = load(mem, rows + cell_of(mem, fields_at, _u(traits), _u(more)))
            if inverse == 0:
                continue
            eligible += 1
            if far_off(luck, inverse, wide):
                continue
            level = load(levels, load(mem, joiner + L.FROM * L.JOINERS)) if k == drawn else upto
            at = point(luck, inverse, start, wide, level, mem)
            if at < 0:
                continue
            value, slot = _u(load(mem, joiner + L.ENTRY * L.JOINERS)), (at - start) >> shift
            if slot >= opened:
                push_pair(mem, chunk, slots + slot, _u(at), value)
            else:
                expect(k, at, value, rec, mem, keys, values)
        if eligible > 0:
            store(mem, now + L.EMPTY, 0)


@inner(_nrt=False)
def expect(k, due, value, rec, mem, keys, values):
    """Add somebody due in a draw's present slot, or before it, to the heap behind the slot's run."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    heap, end = now + L.LATE, now + L.RUN_END
    if load(mem, end) + load(mem, heap) >= load(mem, row + L.HEAP_ROOM):
        drop_stale(k, rec, mem, keys, values)
        if load(mem, heap) >= load(mem, row + L.HEAP_ROOM):
            store(mem, L.ERROR, OUT_OF_ROOM)
            return
    heap_push(keys, values, load(mem, row + L.HEAP_AT) + load(mem, end), load(mem, heap), due, value)
    add(mem, heap, 1)


@inner(_nrt=False)
def is_stale(value, lane, rec, mem):
    """Return whether somebody has left the pool since they were entered."""
    return lane_of(rec, (value >> U16) << _u(load(mem, L.H_RECORD)), _u(lane)) != value & M16


@compiled(types.none(types.int64, WORDS, NUMBERS, NUMBERS, WORDS), within=True, _nrt=False)
def drop_stale(k, rec, mem, keys, values):
    """Make one heap of those of a draw's run and heap who are still in the pool."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    base, lane = load(mem, row + L.HEAP_AT), load(mem, row + L.LANE)
    kept = 0
    for a in range(
        load(mem, now + L.RUN),
        load(mem, now + L.RUN_END) + load(mem, now + L.LATE),
    ):
        if not is_stale(load(values, base + a), lane, rec, mem):
            store(keys, base + kept, load(keys, base + a))
            store(values, base + kept, load(values, base + a))
            kept += 1
    heap_order(keys, values, base, kept)
    store(mem, now + L.RUN, 0)
    store(mem, now + L.RUN_END, 0)
    store(mem, now + L.LATE, kept)


@inner(_nrt=False)
def open_slot(k, rec, mem, chunk, keys, values):
    """Sort those due in a draw's next slot into its run; run and heap are empty."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    slot = load(mem, now + L.SLOT)
    block = seal(mem, chunk, load(mem, row + L.SLOTS_AT) + slot)
    kept = np.int64(0)
    if block != 0:
        clear(mem, load(mem, row + L.SLOTS_AT) + slot)
        kept = _in_run(k, block, rec, mem, chunk, keys, values)
    store(mem, now + L.RUN, 0)
    store(mem, now + L.RUN_END, kept)
    store(mem, now + L.SLOT, slot + 1)


@inner(_nrt=True)
def _in_run(k, block, rec, mem, chunk, keys, values):
    """Sort a slot's list into a draw's run and return how many of it are still in the pool."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    base, room, lane = load(mem, row + L.HEAP_AT), load(mem, row + L.HEAP_ROOM), load(mem, row + L.LANE)
    shift, stride = load(mem, now + L.SHIFT), _u(load(mem, L.H_RECORD))
    low = load(mem, now + L.BEGUN) + (load(mem, now + L.SLOT) << shift)
    due, who = sort_pairs(block, mem, chunk, _u(low), shift)
    kept = 0
    for a in range(due.size):
        if a + AHEAD < due.size:
            prefetch(rec, (load(who, a + AHEAD) >> U16) << stride)
        # versions come round, so that an entry of long ago may be as good as a new one: once is enough
        again = kept > 0 and load(due, a) == load(due, a - 1) and load(who, a) == load(who, a - 1)
        if not again and not is_stale(load(who, a), lane, rec, mem):
            if kept == room:
                store(mem, L.ERROR, OUT_OF_ROOM)
                break
            store(keys, base + kept, np.int64(load(due, a)))
            store(values, base + kept, load(who, a))
            kept += 1
    return kept


@inner(_nrt=False)
def take_due(k, upto, most, found, at_level, mem, rec, chunk, keys, values):
    """Take from a draw's present window those who are due next, up to a level and so many; return how many.

    Who has left the pool since is passed over, so it makes no difference when stale entries are dropped.
    """
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    base, heap = load(mem, row + L.HEAP_AT), now + L.LATE
    run, run_end = now + L.RUN, now + L.RUN_END
    start, shift = load(mem, now + L.BEGUN), load(mem, now + L.SHIFT)
    stride = _u(load(mem, L.H_RECORD))
    n = 0
    while n < most:
        first, end = base + load(mem, run), base + load(mem, run_end)
        waiting = load(mem, heap)
        if first == end and waiting == 0:
            slot = load(mem, now + L.SLOT)
            if slot == L.SLOTS or start + (slot << shift) > upto:
                break
            open_slot(k, rec, mem, chunk, keys, values)
            continue
        late = first == end or (
            waiting > 0
            and (
                load(keys, end) < load(keys, first)
                or (load(keys, end) == load(keys, first) and load(values, end) < load(values, first))
            )
        )
        place = end if late else first
        if load(keys, place) > upto:
            break
        value = load(values, place)
        if place + AHEAD < end:
            prefetch(rec, (load(values, place + AHEAD) >> U16) << stride)
        if not is_stale(value, load(mem, row + L.LANE), rec, mem):
            store(at_level, n, load(keys, place))
            store(found, n, (value >> U16) | ((value & M16) << U32))
            n += 1
        if late:
            add(mem, heap, -1)
            last = end + waiting - 1
            if waiting > 1:
                heap_sink(keys, values, end, waiting - 1, 0, load(keys, last), load(values, last))
        else:
            add(mem, run, 1)
    return n


@compiled(types.none(types.int64, WORDS, NUMBERS, WORDS), _nrt=False)
def drop_stale_pairs(k, rec, mem, chunk):
    """Keep in the lists of a draw's slots only those who are still in the pool, and give back chunks."""
    row = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH
    slots, lane = load(mem, row + L.SLOTS_AT), load(mem, row + L.LANE)
    for slot in range(slots, slots + L.SLOTS):
        block = seal(mem, chunk, slot)
        clear(mem, slot)
        while block != 0:
            for a in range(0, np.int64(load(chunk, block * L.CHUNK + 1)), 2):
                value = load(chunk, block * L.CHUNK + 3 + a)
                if not is_stale(value, lane, rec, mem):
                    push_pair(mem, chunk, slot, load(chunk, block * L.CHUNK + 2 + a), value)
            following = np.int64(load(chunk, block * L.CHUNK))
            free(mem, chunk, block)
            block = following
