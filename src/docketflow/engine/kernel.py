"""Sends people on: the one place that loops over people, following what the flat tables say.

A batch is some people who all move for the same reason on the same day: timers due, a line being served, a
pool being drawn from, an inflow. It knows nothing of what the network is about; all arithmetic is on
integers, so that the twin agrees to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.lists import push, push_pair
from docketflow.engine.memory import (
    AHEAD,
    GOLDEN,
    M8,
    M12,
    M16,
    M32,
    M48,
    U0,
    U1,
    U2,
    U3,
    U4,
    U8,
    U16,
    U32,
    U48,
    U54,
    _u,
    add,
    cell_of,
    compiled,
    load,
    mix,
    prefetch,
    store,
)
from docketflow.engine.pools import enter_pools

BURST = 4  # how many are asked for together

_WORDS, _NUMBERS = types.uint64[::1], types.int64[::1]
_DAYS = types.Array(types.uint16, 1, "C", readonly=True)
_BATCH = types.int64(
    types.int64, types.int64, _WORDS, types.int64, types.int64, types.int64, _WORDS, _NUMBERS, _DAYS, _WORDS,
    _NUMBERS, _WORDS, _NUMBERS, types.uint64,
)  # fmt: skip


@compiled(_BATCH, nogil=True, _nrt=False)
def batch(mode, arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Send people on: ``n`` entries of ``src`` from ``off``, by ``mode``; return how many were used.

    ``arg`` is the wait (SERVICE), draw (TAKEN), next node (ARRIVAL, EVENT, STARTING), attempt (ATTEMPT).
    """
    o_stock, o_held, o_freed, o_capacity = (
        load(mem, L.H_STOCK),
        load(mem, L.H_HELD),
        load(mem, L.H_FREED),
        load(mem, L.H_CAPACITY),
    )
    o_tally = load(mem, L.H_TALLY)
    clocks_at, draws_at = load(mem, L.H_CLOCKS_AT), load(mem, L.H_DRAWS_AT)
    tomorrow = day + 1 if mode == L.SERVICE else day
    today = _u(day + L.BIAS)
    from_day = _u(tomorrow + L.BIAS)
    fired = 0
    waited = 0
    effort = np.int64(-1)
    space = np.int64(-1)
    left = np.int64(0)
    cost_at, cost_rows = np.int64(0), np.int64(0)
    if mode == L.SERVICE:
        desc = L.HEADER + arg * L.NODE_WIDTH
        effort, space = load(mem, desc + L.EFFORT), load(mem, desc + L.SPACE)
        cost_at, cost_rows = load(mem, desc + L.FIELDS_AT), load(mem, desc + L.ROWS_AT)
    elif mode == L.TAKEN:
        desc = draws_at + arg * L.DRAW_WIDTH
        effort = load(mem, desc + L.EFFORT)
        cost_at = load(mem, desc + L.COST_FIELDS_AT)
        cost_rows = load(mem, desc + L.COST_ROWS_AT)
    if effort >= 0:
        left = load(mem, load(mem, L.H_LEFT) + effort)
    left_before = left
    moved = 0
    joiners_at = load(mem, L.H_JOINERS)
    joiners = 0
    drawn = arg if mode == L.TAKEN else np.int64(-1)
    k = 0
    ahead = np.int64(0)
    while k < n:
        if k + AHEAD >= ahead and ahead < n:
            upto = min(n, ahead + BURST)
            while ahead < upto:
                prefetch(rec, (load(src, off + ahead) & M32) * U4)
                ahead += 1
        entry = load(src, off + k)
        i = entry & M32
        j = i * U4
        w0 = load(rec, j)
        w1 = load(rec, j + U1)
        w2 = load(rec, j + U2)
        w3 = load(rec, j + U3)
        stage = np.int64(w0 & M16)
        clock = np.int64(0)
        # --- is the entry still true, can it be afforded, and where does it lead?
        if mode == L.TIMER:
            version = (entry >> U32) & M16
            clock = np.int64(entry >> U48)
            if clock == 0:
                if version != (w0 >> U16) & M16:
                    k += 1
                    continue
                node = load(mem, L.HEADER + stage * L.NODE_WIDTH + L.THEN)
            else:
                desc = clocks_at + (clock - 1) * L.CLOCK_WIDTH
                shift = _u(load(mem, desc + L.LANE) * L.LANE_BITS)
                running = (w2 >> shift) & M12
                if version != running:
                    k += 1
                    continue
                w2 = (w2 & ~(M12 << shift)) | (((running + U1) & M12) << shift)
                node = load(mem, desc + L.THEN)
            fired += 1
        elif mode == L.SERVICE:
            if (entry >> U32) & M16 != (w0 >> U16) & M16:
                k += 1
                continue
            if space >= 0 and load(mem, o_held + space) >= load(mem, o_capacity + space):
                break
            if effort >= 0:
                cost = load(mem, cost_rows + cell_of(mem, cost_at, w1))
                if cost > left:
                    store(mem, load(mem, L.H_BLOCKED) + effort, 1)
                    break
                left -= cost
            if space >= 0:
                bit = U1 << (U48 + _u(space))
                if w2 & bit == U0:
                    w2 |= bit
                    add(mem, o_held + space, 1)
            waited += np.int64(today) - np.int64((w0 >> U32) & M16)
            moved += 1
            node = load(mem, L.HEADER + arg * L.NODE_WIDTH + L.THEN)
        elif mode == L.TAKEN:
            desc = draws_at + arg * L.DRAW_WIDTH
            shift = _u(load(mem, desc + L.LANE) * L.LANE_BITS)
            running = (w2 >> shift) & M12
            if (entry >> U32) & M16 != running:
                k += 1
                continue
            if effort >= 0:
                cost = load(mem, cost_rows + cell_of(mem, cost_at, w1))
                if cost > left:
                    store(mem, load(mem, L.H_BLOCKED) + effort, 1)
                    break
                left -= cost
            w2 = (w2 & ~(M12 << shift)) | (((running + U1) & M12) << shift)
            store(
                mem, load(mem, L.H_POOLED) + arg * L.POOLED_WIDTH + L.LEVEL, load(extra, k)
            )  # who joins again is due further on
            moved += 1
            node = load(mem, desc + L.THEN)
        elif mode == L.ATTEMPT:
            if stage != load(mem, load(mem, L.H_ATTEMPTS_AT) + 2 * arg + 1):
                add(mem, load(mem, L.H_MISSED) + arg, 1)
                k += 1
                continue
            node = load(mem, load(mem, L.H_ATTEMPTS_AT) + 2 * arg)
        else:
            node = arg
        # --- follow forks until a place is reached
        luck = mix(seed + ((w3 & ~M16) | (w0 >> U48)) * GOLDEN)
        while node >= 0:
            row = L.HEADER + node * L.NODE_WIDTH
            kind = load(mem, row + L.KIND)
            if kind == L.DECISION:
                edge = load(mem, row + L.EDGE)
                ways = load(mem, row + L.WAYS)
                if ways > 1:
                    cell = cell_of(mem, load(mem, row + L.FIELDS_AT), w1)
                    place = load(mem, row + L.ROWS_AT) + load(mem, row + L.STRIDE) * cell
                    level = load(mem, place)
                    if level < 0:
                        edge -= level * L.EDGE_WIDTH
                    elif level < L.ONE:
                        x = np.int64(mix(luck + _u(load(mem, row + L.KEY))) >> U32)
                        if load(mem, row + L.GUIDE) != 0:
                            skip = load(mem, place + ways + (x >> (32 - L.GUIDE_BITS)))
                            place += skip
                            edge += skip * L.EDGE_WIDTH
                            level = load(mem, place)
                        while x >= level:
                            place += 1
                            edge += L.EDGE_WIDTH
                            level = load(mem, place)
            elif kind == L.GATE:
                edge = load(mem, row + L.EDGE)
                held = load(mem, row + L.SPACE)
                bit = U1 << (U48 + _u(held))
                if w2 & bit == U0:
                    if load(mem, o_held + held) < load(mem, o_capacity + held):
                        add(mem, o_held + held, 1)
                        w2 |= bit
                    else:
                        add(mem, load(mem, L.H_REFUSED) + held, 1)
                        edge += L.EDGE_WIDTH
            else:
                break
            acts = load(mem, edge)
            act = load(mem, edge + 1)
            node = load(mem, edge + 2)
            w1 = (w1 & _u(load(mem, edge + 3))) | _u(load(mem, edge + 4))
            for _ in range(acts):
                code = load(mem, act)
                what = load(mem, act + 1)
                if code == L.PUT:
                    shift = _u(what)
                    w1 = (w1 & ~(_u(load(mem, act + 3) & 0xFFFFFFFF) << shift)) | (
                        _u(load(mem, act + 2)) << shift
                    )
                elif code == L.COUNT:
                    t = load(mem, load(mem, L.H_TALLIES_AT) + load(mem, act + 2))
                    add(mem, o_tally + what + cell_of(mem, t, w1), 1)
                elif code == L.RELEASE:
                    bit = U1 << (U48 + _u(what))
                    if w2 & bit != U0:
                        w2 &= ~bit
                        if mode == L.SERVICE:
                            add(mem, o_freed + what, 1)
                        else:
                            add(mem, o_held + what, -1)
                elif code == L.TAKE:
                    bit = U1 << (U48 + _u(what))
                    if w2 & bit == U0:
                        w2 |= bit
                        add(mem, o_held + what, 1)
                elif code == L.START:
                    shift = _u(load(mem, act + 2) * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                    desc = clocks_at + what * L.CLOCK_WIDTH
                    cell = cell_of(mem, load(mem, desc + L.FIELDS_AT), w1)
                    pick = np.int64(mix(luck + _u(load(mem, desc + L.KEY))) >> U54)
                    stay = np.int64(load(law, load(mem, load(mem, desc + L.ROWS_AT) + cell) * 1024 + pick))
                    if stay != L.NEVER:
                        entry = i | (running << U32) | (_u(what + 1) << U48)
                        push(mem, chunk, (tomorrow + stay) & (L.RING - 1), entry)
                elif code == L.STOP:
                    shift = _u(what * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                elif code == L.LEAVE:  # a pool's lane is odd while the person is in it
                    shift = _u(what * L.LANE_BITS)
                    running = ((w2 >> shift) + ((w2 >> shift) & U1)) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                elif code == L.JOIN:
                    shift = _u(what * L.LANE_BITS)
                    running = ((w2 >> shift) + U1 + ((w2 >> shift) & U1)) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                    # entered at the end of the batch: until then no draw looks who is due
                    joiner = joiners_at + joiners * L.JOINER_WIDTH
                    store(mem, joiner + L.ENTRY, np.int64((i << U16) | running))
                    store(mem, joiner + L.TRAITS, np.int64(w1))
                    store(mem, joiner + L.WHO, np.int64(w3))
                    store(mem, joiner + L.FROM, (k << L.FROM_SHIFT) | what)
                    joiners += 1
                    if joiners == L.JOINERS:
                        store(rec, j + U2, w2)  # entering may drop who has left, and looks here
                        enter_pools(joiners, drawn, extra, rec, mem, chunk, keys, values, seed)
                        joiners = 0
                elif code == L.MARK:
                    since = today
                    if mode == L.STARTING:
                        since = today - _u(load(extra, 2 * k + 1))
                    if what == 0:
                        w1 = (w1 & M48) | (since << U48)
                    else:
                        w3 = (w3 & ~M16) | since
                elif code == L.COUNT_DAYS:
                    t = load(mem, load(mem, L.H_TALLIES_AT) + load(mem, act + 2))
                    since = w1 >> U48 if load(mem, act + 3) == 0 else w3 & M16
                    add(
                        mem,
                        o_tally + what + cell_of(mem, t, w1),
                        np.int64(today) - np.int64(since),
                    )
                elif code == L.STEP:
                    shift = _u(what)
                    width = _u(load(mem, act + 3) & 0xFFFFFFFF)
                    now = np.int64((w1 >> shift) & width) + load(mem, act + 2)
                    now = min(max(now, 0), load(mem, act + 3) >> 32)
                    w1 = (w1 & ~(width << shift)) | (_u(now) << shift)
                elif code == L.EPISODE:
                    w0 = (w0 & M48) | (((((w0 >> U48) >> U8) + U1) & M8) << _u(56))
                    luck = mix(seed + ((w3 & ~M16) | (w0 >> U48)) * GOLDEN)
                elif code == L.ROUND:
                    w0 = (w0 & ~(M8 << U48)) | ((((w0 >> U48) + U1) & M8) << U48)
                    luck = mix(seed + ((w3 & ~M16) | (w0 >> U48)) * GOLDEN)
                act += L.OP_WIDTH
        # --- settle in the place reached
        if node >= 0:
            if mode != L.ARRIVAL and mode != L.STARTING:
                add(mem, o_stock + stage, -1)
            add(mem, o_stock + node, 1)
            version = ((w0 >> U16) + U1) & M16
            joined = from_day
            if mode == L.STARTING:
                joined = today - _u(load(extra, 2 * k + 1))
            w0 = (w0 & ~M48) | _u(node) | (version << U16) | (joined << U32)
            if kind == L.STAGE:
                if mode == L.STARTING and load(extra, 2 * k) >= -1:
                    stay = load(extra, 2 * k)
                else:
                    cell = cell_of(mem, load(mem, row + L.FIELDS_AT), w1)
                    pick = np.int64(mix(luck + _u(load(mem, row + L.KEY))) >> U54)
                    stay = np.int64(load(law, load(mem, load(mem, row + L.ROWS_AT) + cell) * 1024 + pick))
                    if stay == L.NEVER:
                        stay = -1
                if stay >= 0:
                    push(mem, chunk, (tomorrow + stay) & (L.RING - 1), i | (version << U32))
            elif kind == L.WAIT:
                line = load(
                    mem,
                    load(mem, row + L.CLASS_ROWS_AT) + cell_of(mem, load(mem, row + L.CLASS_FIELDS_AT), w1),
                )
                line += load(mem, row + L.LIST)
                entry = i | (version << U32)
                if mode != L.STARTING:
                    line += load(mem, row + L.WAYS)
                if mode != L.STARTING and load(mem, row + L.SORTED) == 1:
                    push_pair(mem, chunk, line, mix(luck + ~_u(load(mem, row + L.KEY))), entry)
                else:
                    push(mem, chunk, line, entry)
            elif kind == L.END:
                for s in range(load(mem, L.H_SPACES)):
                    bit = U1 << (U48 + _u(s))
                    if w2 & bit != U0:
                        w2 &= ~bit
                        if mode == L.SERVICE:
                            add(mem, o_freed + s, 1)
                        else:
                            add(mem, o_held + s, -1)
                for lane in range(L.LANES):  # to the next even version: every entry is stale, every pool left
                    shift = _u(lane * L.LANE_BITS)
                    running = ((w2 >> shift) + U2) & M12 & ~U1
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
        store(rec, j, w0)
        store(rec, j + U1, w1)
        store(rec, j + U2, w2)
        store(rec, j + U3, w3)
        k += 1
    if joiners > 0:
        enter_pools(joiners, drawn, extra, rec, mem, chunk, keys, values, seed)
    add(mem, load(mem, L.H_TIMERS), fired)
    if effort >= 0:
        store(mem, load(mem, L.H_LEFT) + effort, left)
        add(mem, load(mem, L.H_SPENT) + effort, left_before - left)
    if mode == L.SERVICE:
        add(mem, load(mem, L.H_SERVED) + arg, moved)
        add(mem, load(mem, L.H_WAITED) + arg, waited)
    elif mode == L.TAKEN:
        add(mem, load(mem, L.H_TAKEN) + arg, moved)
    return k
