"""Pools: who is due at which point of a draw's level, found when the level comes near.

Each person in a pool has a Poisson process along the level of each of its draws, hashed window by window.
Those due in the present window stand in lists, a list a slot of the window. A slot that the level enters is
sorted once, into a run; who becomes due in it later waits in a heap behind the run.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.kernel.lists import (
    OUT_OF_ROOM,
    clear,
    free,
    heap_order,
    heap_push,
    heap_sink,
    push,
    push_pair,
    seal,
    sort_pairs,
)
from docketflow.engine.run.kernel.memory import (
    AHEAD,
    GOLDEN,
    M6,
    M16,
    M24,
    MIX1,
    NUMBERS,
    U0,
    U1,
    U2,
    U8,
    U16,
    U32,
    U64,
    WORDS,
    _u,
    add,
    cell_of,
    compiled,
    exponential,
    lane_of,
    least,
    load,
    mix,
    prefetch,
    store,
)

FURTHEST = np.int64(1 << 56)  # widest window of a draw
ANY = _u((1 << 64) - 1)


@compiled(_nrt=False)
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


@compiled(forceinline=True, _nrt=False)
def in_window(person, key, start):
    """Return a person's luck in a window of a draw."""
    return mix(person + key + _u(start) * MIX1)


@compiled(forceinline=True, _nrt=False)
def far_off(luck, inverse, wide):
    """Return whether a person is certainly not due inside a window: true of nearly all who are not."""
    return ((least(luck) >> L.WEIGHT_SHIFT) * inverse) >> L.WEIGHT_SHIFT >= wide


@compiled(_nrt=False)
def enter_pools(drawn, levels, rec, mem, chunk, keys, values, seed):
    """Enter those who joined pools in a batch into the present window of each of the pools' draws.

    Those whom the draw ``drawn`` took joined again at the ``levels`` of their places in the batch. All at
    once, draw by draw, costs two thirds of one by one. Identities make way for luck (`layout.WHO`).
    """
    first = load(mem, L.H_JOINERS)
    end = first + load(mem, L.JOINED) * L.JOINER_WIDTH
    store(mem, L.JOINED, 0)
    for joiner in range(first, end, L.JOINER_WIDTH):
        person = mix(seed + (_u(load(mem, joiner + L.WHO)) | M16) * GOLDEN)
        store(mem, joiner + L.WHO, np.int64(person))
    for k in range(load(mem, L.H_DRAWS)):
        row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
        fields_at, rows = load(mem, row + L.FIELDS_AT), load(mem, row + L.ROWS_AT)
        lane, key = load(mem, row + L.LANE), _u(load(mem, row + L.KEY))
        slots = load(mem, row + L.SLOTS_AT)
        start, wide, upto = load(mem, now + L.BEGUN), load(mem, now + L.WIDE), load(mem, now + L.LEVEL)
        shift, opened = load(mem, now + L.SHIFT), load(mem, now + L.SLOT)
        eligible = np.int64(0)
        for joiner in range(first, end, L.JOINER_WIDTH):
            if load(mem, joiner + L.OF_LANE) != lane:
                continue
            traits, more = load(mem, joiner + L.TRAITS), load(mem, joiner + L.MORE_TRAITS)
            inverse = load(mem, rows + cell_of(mem, fields_at, _u(traits), _u(more)))
            if inverse == 0:
                continue
            eligible += 1
            luck = in_window(_u(load(mem, joiner + L.WHO)), key, start)
            if far_off(luck, inverse, wide):
                continue
            level = load(levels, load(mem, joiner + L.FROM)) if k == drawn else upto
            due = point(luck, inverse, start, wide, level, mem)
            if due < 0:
                continue
            value, slot = _u(load(mem, joiner + L.ENTRY)), (due - start) >> shift
            if slot >= opened:
                push_pair(mem, chunk, slots + slot, _u(due), value)
            else:
                expect(k, due, value, rec, mem, keys, values)
        if eligible > 0:
            store(mem, now + L.EMPTY, 0)


@compiled(_nrt=False)
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


@compiled(_nrt=False)
def is_stale(value, lane, rec, mem):
    """Return whether somebody has left the pool since they were entered."""
    return lane_of(rec, (value >> U16) << _u(load(mem, L.H_RECORD)), _u(lane)) != value & M16


@compiled(types.none(types.int64, WORDS, NUMBERS, NUMBERS, WORDS), _nrt=False)
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


@compiled()
def open_slot(k, rec, mem, chunk, keys, values):
    """Sort those due in a draw's next slot into its run; run and heap are empty."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    base, room, lane = load(mem, row + L.HEAP_AT), load(mem, row + L.HEAP_ROOM), load(mem, row + L.LANE)
    slot, shift = load(mem, now + L.SLOT), load(mem, now + L.SHIFT)
    stride = _u(load(mem, L.H_RECORD))
    block = seal(mem, chunk, load(mem, row + L.SLOTS_AT) + slot)
    kept = 0
    if block != 0:
        clear(mem, load(mem, row + L.SLOTS_AT) + slot)
        low = load(mem, now + L.BEGUN) + (slot << shift)
        due, who = sort_pairs(block, mem, chunk, _u(low), shift)
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
    store(mem, now + L.RUN, 0)
    store(mem, now + L.RUN_END, kept)
    store(mem, now + L.SLOT, slot + 1)


@compiled()
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


@compiled(forceinline=True, _nrt=False)
def is_able(field, able, traits, more):
    """Return whether the value of a small trait is one of some."""
    lies = more if field & U64 != U0 else traits
    return (able >> ((lies >> (field & M6)) & ((field >> U8) & M24))) & U1 != U0


@compiled(_nrt=False)
def note(k, i, traits, more, mem, chunk):
    """Add a person whose trait was changed to the list of those whom a draw can take, if it has one."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    able = _u(load(mem, now + L.ABLE))
    if able != U0 and is_able(_u(load(mem, load(mem, row + L.FIELDS_AT))), able, traits, more):
        push(mem, chunk, load(mem, row + L.SLOTS_AT) + L.SLOTS, i)


@compiled(_nrt=False)
def list_able(k, able, rec, mem, chunk):
    """Bring the list of those whom a draw can take up to date; there is none where it would be long.

    It holds everybody whose trait has one of the values ``able``, and some who had one or stand in it twice.
    """
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    number, field = load(mem, row + L.SLOTS_AT) + L.SLOTS, _u(load(mem, load(mem, row + L.FIELDS_AT)))
    stride, more = _u(load(mem, L.H_RECORD)), _u(load(mem, L.H_MORE))
    people = load(mem, L.PEOPLE)
    most = max(people >> L.FEW, L.ENTRIES)
    known = _u(load(mem, now + L.ABLE)) == able
    held = 0
    block = seal(mem, chunk, number)
    clear(mem, number)
    while block != 0:
        for a in range(np.int64(load(chunk, block * L.CHUNK + 1))):
            i = load(chunk, block * L.CHUNK + 2 + a)
            j = i << stride
            if known and is_able(field, able, load(rec, j + U1), load(rec, j + more)):
                push(mem, chunk, number, i)
                held += 1
        following = np.int64(load(chunk, block * L.CHUNK))
        free(mem, chunk, block)
        block = following
    for i in range(load(mem, now + L.LOOKED) if known else 0, people):
        j = _u(i) << stride
        if is_able(field, able, load(rec, j + U1), load(rec, j + more)):
            held += 1
            if held > most:
                break
            push(mem, chunk, number, _u(i))
    store(mem, now + L.ABLE, np.int64(able) if held <= most else 0)
    store(mem, now + L.LOOKED, people)


@compiled(forceinline=True, _nrt=False)
def look(i, stride, more, lane, fields_at, rows, key, slots, start, wide, shift, rec, mem, chunk, seed):
    """List a person if due in a window of a draw: 0 if they cannot be taken, 1 if not due in it, else 2."""
    j = i << stride
    version = lane_of(rec, j, lane)
    if version & U1 == U0:
        return 0
    inverse = load(mem, rows + cell_of(mem, fields_at, load(rec, j + U1), load(rec, j + more)))
    if inverse == 0:
        return 0
    person = mix(seed + (load(rec, j + U2) | M16) * GOLDEN)
    luck = in_window(person, key, start)
    if far_off(luck, inverse, wide):
        return 1
    due = point(luck, inverse, start, wide, start, mem)
    if due < 0:
        return 1
    push_pair(mem, chunk, slots + ((due - start) >> shift), _u(due), (i << U16) | version)
    return 2


@compiled(_nrt=False)
def able_of(k, mem):
    """Return for which values of the one small trait that its weights depend on a draw can take people.

    A bit a value; all bits where the weights depend on other traits.
    """
    row = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH
    fields_at, rows = load(mem, row + L.FIELDS_AT), load(mem, row + L.ROWS_AT)
    field = _u(load(mem, fields_at))
    most = (field >> U8) & M24
    if field == U0 or load(mem, fields_at + 1) != 0 or most >= L.SMALL:
        return ANY
    able = U0
    for value in range(np.int64(most) + 1):
        if load(mem, rows + value * np.int64(field >> U32)) != 0:
            able |= U1 << _u(value)
    return able


@compiled(_nrt=False)
def open_window(k, upto, rec, mem, chunk, seed):
    """Move a draw to its next window and list everyone in the pool who is due in it, slot by slot.

    While nobody is due (a pool nearly empty) and the level goes on, windows follow at double width. Returns
    how many in the pool could be taken at all. Where one small trait alone says who can and they are few, a
    list holds them, and nobody else is looked at: a window is opened each day by a draw that hurries.
    """
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    slots, key = load(mem, row + L.SLOTS_AT), _u(load(mem, row + L.KEY))
    lane = _u(load(mem, row + L.LANE))
    fields_at = load(mem, row + L.FIELDS_AT)
    rows = load(mem, row + L.ROWS_AT)
    wide = load(mem, now + L.WIDE)
    shift = load(mem, now + L.SHIFT)
    stride, more = _u(load(mem, L.H_RECORD)), _u(load(mem, L.H_MORE))
    able, listed = able_of(k, mem), False
    if able == U0:
        return 0
    if able != ANY:
        list_able(k, able, rec, mem, chunk)
        listed = load(mem, now + L.ABLE) != 0
    people = load(mem, L.PEOPLE)
    start = load(mem, now + L.BEGUN) + wide
    if wide < L.WINDOW:
        wider = min(wide << L.WIDER, L.WINDOW)
        shift += 1 if wider == 2 * wide else L.WIDER
        wide = wider
    while True:
        eligible = 0
        due_here = 0
        if listed:
            block = seal(mem, chunk, load(mem, row + L.SLOTS_AT) + L.SLOTS)
            while block != 0:
                for a in range(np.int64(load(chunk, block * L.CHUNK + 1))):
                    found = look(
                        load(chunk, block * L.CHUNK + 2 + a), stride, more, lane, fields_at, rows, key,
                        slots, start, wide, shift, rec, mem, chunk, seed,
                    )  # fmt: skip
                    eligible += found > 0
                    due_here += found > 1
                block = np.int64(load(chunk, block * L.CHUNK))
        else:
            for i in range(people):
                found = look(
                    _u(i), stride, more, lane, fields_at, rows, key,
                    slots, start, wide, shift, rec, mem, chunk, seed,
                )  # fmt: skip
                eligible += found > 0
                due_here += found > 1
        if due_here > 0 or eligible == 0 or start + wide > upto or wide >= FURTHEST:
            break
        start += wide
        wide *= 2
        shift += 1
    if eligible == 0:
        return 0
    store(mem, now + L.SLOT, 0)
    store(mem, now + L.BEGUN, start)
    store(mem, now + L.WIDE, wide)
    store(mem, now + L.SHIFT, shift)
    store(mem, now + L.LEVEL, start)
    return eligible


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


@compiled(_nrt=False)
def skip_windows(k, upto, mem):
    """Move a draw from whose pool nobody can be taken to the window that holds a level."""
    now = load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    wide = load(mem, now + L.WIDE)
    end = load(mem, now + L.BEGUN) + wide
    if upto >= end:
        store(mem, now + L.BEGUN, end + (upto - end) // wide * wide)
        store(mem, now + L.SLOT, 0)
