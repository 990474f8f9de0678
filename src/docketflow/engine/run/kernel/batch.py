"""Sends people on: the one place that loops over people, following what the flat tables say.

A batch is some people who all move for the same reason on the same day: timers due, a line being served, a
pool being drawn from, an inflow. It knows nothing of what the network is about; all arithmetic is on
integers, so that the twin agrees to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import inner
from docketflow.engine.run.kernel.acts import act_on, end, spend_also, want
from docketflow.engine.run.kernel.lists import push, push_pair
from docketflow.engine.run.kernel.memory import (
    AHEAD,
    DAYS,
    GOLDEN,
    M6,
    M8,
    M12,
    M16,
    M32,
    M48,
    NUMBERS,
    U0,
    U1,
    U2,
    U3,
    U6,
    U8,
    U16,
    U32,
    U48,
    U54,
    U64,
    WORDS,
    _u,
    add,
    cell_of,
    lane_of,
    load,
    mix,
    prefetch,
    set_lane,
    store,
)
from docketflow.engine.run.kernel.pools import enter_pools

_ARRAYS = WORDS, NUMBERS, DAYS, WORDS, NUMBERS, WORDS, NUMBERS
_OF_ONE = types.int64, WORDS, types.int64, types.int64, types.int64, *_ARRAYS, types.uint64


@inner(forceinline=True, _nrt=False)
def luck_of(rec, j, w0, seed):
    """Return a person's luck at this visit (zero stands for not asked yet, and may be asked again)."""
    return mix(seed + ((load(rec, j + U2) & ~M16) | (w0 >> U48)) * GOLDEN)


@inner(forceinline=True, _nrt=False)
def charge(effort, cost_at, cost_rows, also, w1, w2, mem):
    """Spend effort on a person and what is needed also; if too little is left, spend none, say of which."""
    cost = load(mem, cost_rows + cell_of(mem, cost_at, w1, w2))
    left = load(mem, load(mem, L.H_LEFT) + effort)
    if cost > left:
        return effort
    if also != 0:
        short = spend_also(also, w1, w2, mem)
        if short >= 0:
            return short
    store(mem, load(mem, L.H_LEFT) + effort, left - cost)
    add(mem, load(mem, L.H_SPENT) + effort, cost)
    return np.int64(-1)


@inner(forceinline=True, _nrt=False)
def admitted(effort, space, cost_at, cost_rows, also, rec, j, w1, w2, mem):
    """Give a person the space and effort they need; if an effort is short, all they need is kept for them."""
    if space >= 0 and is_full(space, mem):
        return False
    if effort >= 0:
        short = charge(effort, cost_at, cost_rows, also, w1, w2, mem)
        if short >= 0:
            store(mem, load(mem, L.H_BLOCKED) + short, 1)
            want(effort, load(mem, cost_rows + cell_of(mem, cost_at, w1, w2)), also, w1, w2, mem)
            return False
    if space >= 0:
        held, bit = load(rec, j + U3), U1 << _u(space)
        if held & bit == U0:
            store(rec, j + U3, held | bit)
            add(mem, load(mem, L.H_HELD) + space, 1)
    return True


@inner(forceinline=True, _nrt=False)
def is_full(space, mem):
    """Return whether a space is full, and write down that somebody found it so."""
    if load(mem, load(mem, L.H_HELD) + space) < load(mem, load(mem, L.H_CAPACITY) + space):
        return False
    store(mem, load(mem, L.H_FULL) + space, 1)
    return True


@inner(forceinline=True, _nrt=False)
def send_on(mode, arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Send people on: ``n`` entries of ``src`` from ``off``, by ``mode``; return how many were used.

    ``arg`` is the wait (SERVICE), draw (TAKEN), next node (ARRIVAL, EVENT, STARTING), attempt (ATTEMPT).
    """
    o_stock, o_held, o_freed = load(mem, L.H_STOCK), load(mem, L.H_HELD), load(mem, L.H_FREED)
    o_tally = load(mem, L.H_TALLY)
    stride, more = _u(load(mem, L.H_RECORD)), _u(load(mem, L.H_MORE))
    tomorrow = day + 1 if mode == L.SERVICE else day
    today = _u(day + L.BIAS)
    fired = 0
    waited = 0
    moved = 0
    effort = np.int64(-1)
    space = np.int64(-1)
    cost_at, cost_rows, also = np.int64(0), np.int64(0), np.int64(0)
    desc = np.int64(0)
    if mode == L.SERVICE:
        desc = L.HEADER + arg * L.NODE_WIDTH
        cost_at, cost_rows = load(mem, desc + L.FIELDS_AT), load(mem, desc + L.ROWS_AT)
    elif mode == L.TAKEN:
        desc = load(mem, L.H_DRAWS_AT) + arg * L.DRAW_WIDTH
        cost_at, cost_rows = load(mem, desc + L.COST_FIELDS_AT), load(mem, desc + L.COST_ROWS_AT)
    if mode == L.SERVICE or mode == L.TAKEN:
        effort, space, also = load(mem, desc + L.EFFORT), load(mem, desc + L.SPACE), load(mem, desc + L.ALSO)
    drawn = arg if mode == L.TAKEN else np.int64(-1)
    for a in range(min(AHEAD, n)):
        prefetch(rec, (load(src, off + a) & M32) << stride)
    k = 0
    while k < n:
        if k + AHEAD < n:
            prefetch(rec, (load(src, off + k + AHEAD) & M32) << stride)
        entry = load(src, off + k)
        i = entry & M32
        j = i << stride
        w0 = load(rec, j)
        w1 = load(rec, j + U1)
        w2 = load(rec, j + more)
        stage = np.int64(w0 & M16)
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
                desc = load(mem, L.H_CLOCKS_AT) + (clock - 1) * L.CLOCK_WIDTH
                lane = _u(load(mem, desc + L.LANE))
                if version != lane_of(rec, j, lane):
                    k += 1
                    continue
                set_lane(rec, j, lane, (version + U1) & M12)
                node = load(mem, desc + L.THEN)
            fired += 1
        elif mode == L.SERVICE:
            if (entry >> U32) & M16 != (w0 >> U16) & M16:
                k += 1
                continue
            if not admitted(effort, space, cost_at, cost_rows, also, rec, j, w1, w2, mem):
                break
            waited += np.int64(today) - np.int64((w0 >> U32) & M16)
            moved += 1
            node = load(mem, desc + L.THEN)
        elif mode == L.TAKEN:
            lane = _u(load(mem, desc + L.LANE))
            running = lane_of(rec, j, lane)
            if (entry >> U32) & M16 != running:
                k += 1
                continue
            if not admitted(effort, space, cost_at, cost_rows, also, rec, j, w1, w2, mem):
                break
            set_lane(rec, j, lane, (running + U1) & M12)
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
        luck = U0
        row = np.int64(0)
        kind = np.int64(0)
        while node >= 0:
            row = L.HEADER + node * L.NODE_WIDTH
            kind = load(mem, row + L.KIND)
            if kind == L.DECISION:
                edge = load(mem, row + L.EDGE)
                ways = load(mem, row + L.WAYS)
                if ways > 1:
                    cell = cell_of(mem, load(mem, row + L.FIELDS_AT), w1, w2)
                    place = load(mem, row + L.ROWS_AT) + load(mem, row + L.STRIDE) * cell
                    level = load(mem, place)
                    if level < 0:
                        edge -= level * L.EDGE_WIDTH
                    elif level < L.ONE:
                        if luck == U0:
                            luck = luck_of(rec, j, w0, seed)
                        x = np.int64(mix(luck + _u(load(mem, row + L.KEY))) >> U32)
                        if load(mem, row + L.GUIDE) != 0:
                            part = x >> (32 - L.GUIDE_BITS)
                            skip = (load(mem, place + ways + (part >> 3)) >> ((part & 7) << 3)) & 0xFF
                            place += skip
                            edge += skip * L.EDGE_WIDTH
                            level = load(mem, place)
                        while x >= level:
                            place += 1
                            edge += L.EDGE_WIDTH
                            level = load(mem, place)
            elif kind == L.GATE:
                edge = load(mem, row + L.EDGE)
                gate = load(mem, row + L.SPACE)
                held, bit = load(rec, j + U3), U1 << _u(gate)
                if held & bit == U0:
                    if is_full(gate, mem):
                        add(mem, load(mem, L.H_REFUSED) + gate, 1)
                        edge += L.EDGE_WIDTH
                    else:
                        add(mem, o_held + gate, 1)
                        store(rec, j + U3, held | bit)
            elif kind == L.SPEND:
                edge = load(mem, row + L.EDGE)
                short = charge(
                    load(mem, row + L.EFFORT), load(mem, row + L.FIELDS_AT), load(mem, row + L.ROWS_AT),
                    load(mem, row + L.ALSO), w1, w2, mem,
                )  # fmt: skip
                if short >= 0:
                    store(mem, load(mem, L.H_EXHAUSTED) + short, 1)
                    add(mem, load(mem, L.H_WAITED) + node, 1)  # of a spend: who found too little
                    edge += L.EDGE_WIDTH
                else:
                    add(mem, load(mem, L.H_SERVED) + node, 1)
            else:
                break
            acts = load(mem, edge)
            act = load(mem, edge + 1)
            node = load(mem, edge + 2)
            w1 = (w1 & _u(load(mem, edge + 3))) | _u(load(mem, edge + 4))
            w2 = (w2 & _u(load(mem, edge + 5))) | _u(load(mem, edge + 6))
            for _ in range(acts):
                code = load(mem, act)
                what = load(mem, act + 1)
                if code == L.COUNT:
                    t = load(mem, load(mem, L.H_TALLIES_AT) + load(mem, act + 2))
                    add(mem, o_tally + what + cell_of(mem, t, w1, w2), 1)
                elif code == L.RELEASE:
                    held, bit = load(rec, j + U3), U1 << _u(what)
                    if held & bit != U0:
                        store(rec, j + U3, held & ~bit)
                        if mode == L.SERVICE:
                            add(mem, o_freed + what, 1)
                        else:
                            add(mem, o_held + what, -1)
                elif code == L.MARK:
                    since = today
                    if mode == L.STARTING:
                        since = today - _u(load(extra, 2 * (off + k) + 1))
                    at, shift = j + (_u(what) >> U6), _u(what) & M6
                    store(rec, at, (load(rec, at) & ~(M16 << shift)) | (since << shift))
                elif code == L.PUT or code == L.STEP:
                    shift = _u(what) & M6
                    width = _u(load(mem, act + 3) & 0xFFFFFFFF) << shift
                    lies = w2 if _u(what) & U64 != U0 else w1
                    now = load(mem, act + 2)
                    if code == L.STEP:
                        now = min(max(now + np.int64((lies & width) >> shift), 0), load(mem, act + 3) >> 32)
                    lies = (lies & ~width) | (_u(now) << shift)
                    if _u(what) & U64 != U0:
                        w2 = lies
                    else:
                        w1 = lies
                elif code == L.ROUND:
                    w0 = (w0 & ~(M8 << U48)) | ((((w0 >> U48) + U1) & M8) << U48)
                    luck = U0
                elif code == L.EPISODE:
                    w0 = (w0 & M48) | (((((w0 >> U48) >> U8) + U1) & M8) << _u(56))
                    luck = U0
                else:
                    if code == L.START and luck == U0:
                        luck = luck_of(rec, j, w0, seed)
                    act_on(
                        code, act, i, j, k, day, tomorrow, w1, w2, luck, drawn,
                        rec, mem, law, chunk, keys, values, extra, seed,
                    )  # fmt: skip
                act += L.OP_WIDTH
        # --- settle in the place reached
        if node >= 0:
            if mode != L.ARRIVAL and mode != L.STARTING:
                add(mem, o_stock + stage, -1)
            add(mem, o_stock + node, 1)
            version = ((w0 >> U16) + U1) & M16
            joined = _u(tomorrow + L.BIAS)
            if mode == L.STARTING:
                joined = today - _u(load(extra, 2 * (off + k) + 1))
            w0 = (w0 & ~M48) | _u(node) | (version << U16) | (joined << U32)
            entry = i | (version << U32)
            if kind == L.STAGE:
                if mode == L.STARTING and load(extra, 2 * (off + k)) >= -1:
                    stay = load(extra, 2 * (off + k))
                else:
                    if luck == U0:
                        luck = luck_of(rec, j, w0, seed)
                    cell = cell_of(mem, load(mem, row + L.FIELDS_AT), w1, w2)
                    pick = np.int64(mix(luck + _u(load(mem, row + L.KEY))) >> U54)
                    stay = np.int64(
                        load(law, load(mem, load(mem, row + L.ROWS_AT) + cell) * L.QUANTILES + pick)
                    )
                    if stay == L.NEVER:
                        stay = -1
                if stay >= 0:
                    push(mem, chunk, (tomorrow + stay) & (L.RING - 1), entry)
            elif kind == L.WAIT:
                cell = cell_of(mem, load(mem, row + L.CLASS_FIELDS_AT), w1, w2)
                line = load(mem, row + L.LIST) + load(mem, load(mem, row + L.CLASS_ROWS_AT) + cell)
                if mode != L.STARTING:
                    line += load(mem, row + L.WAYS)
                if mode != L.STARTING and load(mem, row + L.SORTED) == 1:
                    if luck == U0:
                        luck = luck_of(rec, j, w0, seed)
                    push_pair(mem, chunk, line, mix(luck + ~_u(load(mem, row + L.KEY))), entry)
                else:
                    push(mem, chunk, line, entry)
            elif kind == L.END:
                if mode == L.SERVICE:
                    end(rec, j, mem, o_freed, 1)
                else:
                    end(rec, j, mem, o_held, -1)
        store(rec, j, w0)
        store(rec, j + more, w2)
        store(rec, j + U1, w1)
        k += 1
    if mode != L.TIMER and mode != L.SERVICE and mode != L.ARRIVAL and load(mem, L.JOINED) > 0:
        # (who joined in those three is entered by the day: they are more at once)
        enter_pools(drawn, extra, rec, mem, chunk, keys, values, seed)
    if mode == L.TIMER:
        add(mem, load(mem, L.H_TIMERS), fired)
    elif mode == L.SERVICE:
        add(mem, load(mem, L.H_SERVED) + arg, moved)
        add(mem, load(mem, L.H_WAITED) + arg, waited)
    elif mode == L.TAKEN:
        add(mem, load(mem, L.H_TAKEN) + arg, moved)
    return k


# The commonest modes have compiled forms of their own, in which nothing asks what the mode is.


@inner(types.int64(*_OF_ONE), _nrt=False)
def timers(arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Send on those whose timers are due."""
    return send_on(L.TIMER, arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed)


@inner(types.int64(*_OF_ONE), _nrt=False)
def services(arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Serve a line of the wait ``arg``."""
    return send_on(L.SERVICE, arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed)


@inner(types.int64(types.int64, *_OF_ONE), _nrt=False)
def batch(mode, arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed):
    """Send people on for any reason."""
    return send_on(mode, arg, src, off, n, day, rec, mem, law, chunk, keys, values, extra, seed)
