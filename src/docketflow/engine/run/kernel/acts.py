"""What is seldom done on the way: timers, pools, watches read, spaces given back at an end.

Kept out of the loop over people (`batch.py`), whose common path is the shorter for it. Whatever is changed
here lies in the record in memory; what the loop holds meanwhile (place, visit, traits) is only read.
"""

from __future__ import annotations

import numpy as np

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import inner
from docketflow.engine.run.kernel.lists import push
from docketflow.engine.run.kernel.memory import (
    M6,
    M12,
    M16,
    U0,
    U1,
    U2,
    U3,
    U6,
    U16,
    U32,
    U48,
    U54,
    _u,
    add,
    cell_of,
    lane_of,
    load,
    mix,
    set_lane,
    store,
)
from docketflow.engine.run.kernel.pools import enter_pools
from docketflow.engine.run.kernel.windows import note


def _every_lane(bits: int) -> list[np.uint64]:
    """Return, for each word of lanes, the same bits in each lane."""
    words = [0] * (L.RECORD - L.LANES_AT)
    for number in range(L.LANES):
        word, bit = divmod(L.lane_bit(number), L.WORD)
        words[word - L.LANES_AT] |= bits << bit
    return [np.uint64(word) for word in words]


_LOW, _HIGH = _every_lane(1), _every_lane(1 << (L.LANE_BITS - 1))
_WORDS_OF_LANES = tuple(zip(range(L.LANES_AT, L.RECORD), _LOW, _HIGH, strict=True))
(_A, _A_LOW, _A_HIGH), (_B, _B_LOW, _B_HIGH), (_C, _C_LOW, _C_HIGH) = _WORDS_OF_LANES


@inner(_nrt=False)
def act_on(
    code, act, i, j, k, day, tomorrow, w1, w2, luck, drawn, rec, mem, law, chunk, keys, values, extra, seed
):  # fmt: skip
    """Do one of the acts that are seldom done; ``k`` is the person's place in the batch."""
    what = load(mem, act + 1)
    if code == L.JOIN:
        bit = _u(what)
        running = lane_of(rec, j, bit)
        running = (running + U1 + (running & U1)) & M12  # a pool's lane is odd while the person is in it
        set_lane(rec, j, bit, running)
        # entered before any draw looks who is due: many at once
        joined = load(mem, L.JOINED)
        joiner = load(mem, L.H_JOINERS) + joined
        store(mem, joiner + L.ENTRY * L.JOINERS, np.int64((i << U16) | running))
        store(mem, joiner + L.TRAITS * L.JOINERS, np.int64(w1))
        store(mem, joiner + L.MORE_TRAITS * L.JOINERS, np.int64(w2))
        store(mem, joiner + L.WHO * L.JOINERS, np.int64(load(rec, j + U2)))
        store(mem, joiner + L.FROM * L.JOINERS, k)
        store(mem, joiner + L.OF_LANE * L.JOINERS, what)
        store(mem, L.JOINED, joined + 1)
        if joined + 1 == L.JOINERS:
            enter_pools(drawn, extra, rec, mem, chunk, keys, values, seed)
    elif code == L.START:
        bit = _u(load(mem, act + 2))
        running = (lane_of(rec, j, bit) + U1) & M12
        set_lane(rec, j, bit, running)
        desc = load(mem, L.H_CLOCKS_AT) + what * L.CLOCK_WIDTH
        cell = cell_of(mem, load(mem, desc + L.FIELDS_AT), w1, w2)
        pick = np.int64(mix(luck + _u(load(mem, desc + L.KEY))) >> U54)
        stay = np.int64(load(law, load(mem, load(mem, desc + L.ROWS_AT) + cell) * L.QUANTILES + pick))
        if stay != L.NEVER:
            entry = i | (running << U32) | (_u(what + 1) << U48)
            push(mem, chunk, (tomorrow + stay) & (L.RING - 1), entry)
    elif code == L.STOP:
        bit = _u(what)
        set_lane(rec, j, bit, (lane_of(rec, j, bit) + U1) & M12)
    elif code == L.LEAVE:
        bit = _u(what)
        running = lane_of(rec, j, bit)
        set_lane(rec, j, bit, (running + (running & U1)) & M12)
    elif code == L.TAKE:
        held, bit = load(rec, j + U3), U1 << _u(what)
        if held & bit == U0:
            store(rec, j + U3, held | bit)
            add(mem, load(mem, L.H_HELD) + what, 1)
    elif code == L.NOTE:
        note(what, i, w1, w2, mem, chunk)
    elif code == L.COUNT_DAYS:
        t = load(mem, load(mem, L.H_TALLIES_AT) + load(mem, act + 2))
        watch = _u(load(mem, act + 3))
        since = (load(rec, j + (watch >> U6)) >> (watch & M6)) & M16
        cell = what + cell_of(mem, t, w1, w2)
        add(mem, load(mem, L.H_TALLY) + cell, day + L.BIAS - np.int64(since))


@inner(_nrt=False)
def spend_also(also, w1, w2, mem):
    """Spend all one needs also (`layout.NEED_EFFORT`), or nothing; return of which is too little."""
    place = also
    effort = load(mem, place + L.NEED_EFFORT)
    while effort >= 0:
        if cost_of(place, w1, w2, mem) > load(mem, load(mem, L.H_LEFT) + effort):
            return effort
        place += L.NEED_WIDTH
        effort = load(mem, place + L.NEED_EFFORT)
    place = also
    effort = load(mem, place + L.NEED_EFFORT)
    while effort >= 0:
        cost = cost_of(place, w1, w2, mem)
        add(mem, load(mem, L.H_LEFT) + effort, -cost)
        add(mem, load(mem, L.H_SPENT) + effort, cost)
        place += L.NEED_WIDTH
        effort = load(mem, place + L.NEED_EFFORT)
    return np.int64(-1)


@inner(_nrt=False)
def want(effort, cost, also, w1, w2, mem):
    """Write down what a person turned away needs of each effort: so much of what is left is kept for them."""
    wanted = load(mem, L.H_WANTED)
    store(mem, wanted + effort, max(load(mem, wanted + effort), cost))
    if also == 0:
        return
    while load(mem, also + L.NEED_EFFORT) >= 0:
        one = wanted + load(mem, also + L.NEED_EFFORT)
        store(mem, one, max(load(mem, one), cost_of(also, w1, w2, mem)))
        also += L.NEED_WIDTH


@inner(_nrt=False)
def cost_of(need, w1, w2, mem):
    """Return what a further need costs for a person."""
    cell = cell_of(mem, load(mem, need + L.NEED_FIELDS), w1, w2)
    return load(mem, load(mem, need + L.NEED_ROWS) + cell)


@inner(_nrt=False)
def end(rec, j, mem, books, by):
    """Stop every clock, leave every pool, give back every space: ``by`` is added to the ``books`` of each."""
    held = load(rec, j + U3) & ((U1 << _u(load(mem, L.H_SPACES))) - U1)
    if held != U0:
        store(rec, j + U3, load(rec, j + U3) ^ held)
        while held != U0:
            if held & U1 != U0:
                add(mem, books, by)
            held >>= U1
            books += 1
    if load(mem, L.H_RECORD) == L.SHORT_SHIFT:
        _end_lanes(rec, j + U3, _u(load(mem, L.H_LOW)), _u(load(mem, L.H_HIGH)))
        return
    _end_lanes(rec, j + _u(_A), _A_LOW, _A_HIGH)
    _end_lanes(rec, j + _u(_B), _B_LOW, _B_HIGH)
    _end_lanes(rec, j + _u(_C), _C_LOW, _C_HIGH)


@inner(forceinline=True, _nrt=False)
def _end_lanes(rec, place, low, high):
    """Move each lane of a word to its next even version: every entry is stale, every pool left."""
    word = load(rec, place) & ~low
    store(rec, place, ((word & ~high) + (low << U1)) ^ (word & high))
