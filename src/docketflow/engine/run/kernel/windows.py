"""Windows of a draw's level: who in the pool is due in the next one; who can be taken, where they are few."""

from __future__ import annotations

import numpy as np

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import inner
from docketflow.engine.run.kernel.lists import clear, free, push, push_pair, seal
from docketflow.engine.run.kernel.memory import (
    GOLDEN,
    M6,
    M16,
    M24,
    U0,
    U1,
    U2,
    U8,
    U16,
    U32,
    U64,
    _u,
    cell_of,
    lane_of,
    load,
    mix,
    prefetch,
    store,
)
from docketflow.engine.run.kernel.pools import far_off, in_window, luck_due, may_be_due, nearest, point

FURTHEST = np.int64(1 << 56)  # widest window of a draw
ANY = _u((1 << 64) - 1)


@inner(forceinline=True, _nrt=False)
def is_able(field, able, traits, more):
    """Return whether the value of a small trait is one of some."""
    lies = more if field & U64 != U0 else traits
    return (able >> ((lies >> (field & M6)) & ((field >> U8) & M24))) & U1 != U0


@inner(_nrt=False)
def note(k, i, traits, more, mem, chunk):
    """Add a person whose trait was changed to the list of those whom a draw can take, if it has one."""
    row, now = load(mem, L.H_DRAWS_AT) + k * L.DRAW_WIDTH, load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    able = _u(load(mem, now + L.ABLE))
    if able != U0 and is_able(_u(load(mem, load(mem, row + L.FIELDS_AT))), able, traits, more):
        push(mem, chunk, load(mem, row + L.SLOTS_AT) + L.SLOTS, i)


@inner(_nrt=False)
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


@inner(forceinline=True, _nrt=False)
def look(i, luck, stride, more, lane, fields_at, rows, slots, start, wide, shift, rec, mem, chunk):
    """List a person if due in a window of a draw: 0 if they cannot be taken, 1 if not due in it, else 2."""
    j = i << stride
    version = lane_of(rec, j, lane)
    if version & U1 == U0:
        return 0
    inverse = load(mem, rows + cell_of(mem, fields_at, load(rec, j + U1), load(rec, j + more)))
    if inverse == 0:
        return 0
    if far_off(luck, inverse, wide):
        return 1
    due = point(luck, inverse, start, wide, start, mem)
    if due < 0:
        return 1
    push_pair(mem, chunk, slots + ((due - start) >> shift), _u(due), (i << U16) | version)
    return 2


@inner(forceinline=True, _nrt=False)
def can_be_taken(i, stride, more, lane, fields_at, rows, rec, mem):
    """Return whether a person is in a draw's pool and has a weight there."""
    j = i << stride
    if lane_of(rec, j, lane) & U1 == U0:
        return False
    return load(mem, rows + cell_of(mem, fields_at, load(rec, j + U1), load(rec, j + more))) != 0


@inner(forceinline=True, _nrt=False)
def person_of(i, stride, rec, seed):
    """Return the luck that belongs to a person, whatever became of them."""
    return mix(seed + (load(rec, (i << stride) + U2) | M16) * GOLDEN)


@inner(_nrt=False)
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


@inner(_nrt=False)
def open_window(k, upto, started, rec, mem, chunk, seed):
    """Move a draw to its next window and list everyone in the pool who is due in it, slot by slot.

    While nobody is due (a pool nearly empty) and the level goes on, windows follow at double width. Returns
    whether anybody in the pool could be taken at all. Where one small trait alone says who can and they are
    few, a list holds them, and nobody else is looked at: a window is opened each day by a draw that hurries.
    Else all are asked for their luck, and only those looked at who would be due with the largest weight.
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
    if able == U0 or nearest(k, mem) == L.NOBODY:
        return False
    if able != ANY:
        list_able(k, able, rec, mem, chunk)
        listed = load(mem, now + L.ABLE) != 0
    people = load(mem, L.PEOPLE)
    start = load(mem, now + L.BEGUN) + wide
    if wide < L.WINDOW:
        wider = min(wide << L.WIDER, L.WINDOW)
        shift += 1 if wider == 2 * wide else L.WIDER
        wide = wider
    lent = load(mem, L.H_JOINERS)  # nobody waits there to be entered in a pool
    asked, close = lent + L.ASKED * L.JOINERS, lent + L.CLOSE * L.JOINERS
    asked_before, close_before = lent + L.WHO * L.JOINERS, lent + L.FROM * L.JOINERS
    while True:
        eligible = False
        due_here = False
        if listed:
            block = seal(mem, chunk, load(mem, row + L.SLOTS_AT) + L.SLOTS)
            while block != 0:
                for a in range(np.int64(load(chunk, block * L.CHUNK + 1))):
                    i = load(chunk, block * L.CHUNK + 2 + a)
                    luck = in_window(person_of(i, stride, rec, seed), key, start)
                    found = look(
                        i, luck, stride, more, lane, fields_at, rows,
                        slots, start, wide, shift, rec, mem, chunk,
                    )  # fmt: skip
                    eligible |= found > 0
                    due_here |= found > 1
                block = np.int64(load(chunk, block * L.CHUNK))
        else:
            due, near_before = luck_due(nearest(k, mem), wide), 0
            for first in range(0, people + L.JOINERS, L.JOINERS):
                many = min(L.JOINERS, people - first)
                if first + many <= started:  # whoever started is who they are by their place
                    for a in range(many):
                        person = mix(seed + ((_u(first + a) << U16) | M16) * GOLDEN)
                        store(mem, asked + a, np.int64(in_window(person, key, start)))
                else:
                    for a in range(many):
                        person = person_of(_u(first + a), stride, rec, seed)
                        store(mem, asked + a, np.int64(in_window(person, key, start)))
                near = may_be_due(due, many, asked, close, mem)
                for c in range(near):
                    prefetch(rec, _u(first + load(mem, close + c)) << stride)
                for c in range(near_before):  # while memory brings those, the ones before them
                    a = load(mem, close_before + c)
                    found = look(
                        _u(first - L.JOINERS + a), _u(load(mem, asked_before + a)), stride, more, lane,
                        fields_at, rows, slots, start, wide, shift, rec, mem, chunk,
                    )  # fmt: skip
                    eligible |= found > 0
                    due_here |= found > 1
                near_before = near
                asked, asked_before = asked_before, asked
                close, close_before = close_before, close
            i = 0
            while not eligible and i < people:  # is there anybody, if far off?
                eligible = can_be_taken(_u(i), stride, more, lane, fields_at, rows, rec, mem)
                i += 1
        if due_here or not eligible or start + wide > upto or wide >= FURTHEST:
            break
        start += wide
        wide *= 2
        shift += 1
    if not eligible:
        return False
    store(mem, now + L.SLOT, 0)
    store(mem, now + L.BEGUN, start)
    store(mem, now + L.WIDE, wide)
    store(mem, now + L.SHIFT, shift)
    store(mem, now + L.LEVEL, start)
    return True


@inner(_nrt=False)
def skip_windows(k, upto, mem):
    """Move a draw from whose pool nobody can be taken to the window that holds a level."""
    now = load(mem, L.H_POOLED) + k * L.POOLED_WIDTH
    wide = load(mem, now + L.WIDE)
    end = load(mem, now + L.BEGUN) + wide
    if upto >= end:
        store(mem, now + L.BEGUN, end + (upto - end) // wide * wide)
        store(mem, now + L.SLOT, 0)
