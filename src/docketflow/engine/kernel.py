"""The fast machine: interprets flat tables over packed people, one day after the other.

The passes of a day, in this order:
  1  morning: spaces given back by yesterday's services come free, capacities are set, efforts refilled
  2  arrivals
  3  timers due today (stays that end, clocks that fire), in the order they were set
  4  draws from pools, in the order declared
  5  attempts
  6  today's joiners take their place in line
  7  services, in the order the waits are declared
  8  what effort is left is carried (up to the need of the next in line) or lost; the day is written down
Cohort events act before the first pass of their day. Only this file loops over people; it knows nothing of
what the network is about. All arithmetic is on integers, so that the twin agrees to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from docketflow.engine import layout as L

AHEAD = 16  # how many people ahead memory is asked for: hides most of its latency
OUT_OF_CHUNKS, OUT_OF_PEOPLE = 1, 2

_u = np.uint64
U0, U1, U2, U8, U12, U16, U20, U32, U48 = (_u(k) for k in (0, 1, 2, 8, 12, 16, 20, 32, 48))
U27, U30, U31, U54 = _u(27), _u(30), _u(31), _u(54)
M8, M12, M16, M32, M48 = (_u((1 << k) - 1) for k in (8, 12, 16, 32, 48))
GOLDEN, MIX1, MIX2 = _u(0x9E3779B97F4A7C15), _u(0xBF58476D1CE4E5B9), _u(0x94D049BB133111EB)
TOP = _u(1 << 63)
FAR = np.int64(1 << 62)

# No reference counting inside the machine (it allocates nothing), and one compiled form of the batch.
_PLAIN = {"cache": True, "_nrt": False}
_WORDS, _NUMBERS = types.uint64[::1], types.int64[::1]
_DAYS = types.Array(types.uint16, 1, "C", readonly=True)
_BATCH = types.int64(
    types.int64, types.int64, _WORDS, types.int64, types.int64, types.int64, _WORDS, _NUMBERS, _DAYS, _WORDS,
    _NUMBERS, _NUMBERS, _WORDS, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, types.uint64,
)  # fmt: skip


@intrinsic
def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of ``array[index]`` without waiting for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer_type, integer = ir.IntType(8).as_pointer(), ir.IntType(32)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        pointer = builder.bitcast(builder.gep(data, [arguments[1]]), pointer_type)
        kind = ir.FunctionType(ir.VoidType(), [pointer_type, integer, integer, integer])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [pointer, integer(1), integer(3), integer(1)])
        return context.get_dummy_value()

    return types.void(array, index), generate


@njit(inline="always", **_PLAIN)
def mix(z):  # type: ignore[no-untyped-def]
    """Scramble a 64-bit integer (as `draws.mix`)."""
    z = (z ^ (z >> U30)) * MIX1
    z = (z ^ (z >> U27)) * MIX2
    return z ^ (z >> U31)


@njit(inline="always", **_PLAIN)
def cell_of(tab, fields, place, traits):  # type: ignore[no-untyped-def]
    """Return the row of a person's traits in a table."""
    cell = 0
    for _ in range(fields):
        cell += np.int64((traits >> _u(tab[place])) & _u(tab[place + 1])) * tab[place + 2]
        place += 3
    return cell


@njit(**_PLAIN)
def push(chunk, lists, ctl, number, entry):  # type: ignore[no-untyped-def]
    """Append an entry to a list of chunks."""
    at = number * L.LIST_WIDTH
    tail = lists[at + 1]
    used = np.int64(chunk[tail * L.CHUNK + 1])
    if tail == 0 or used == L.ENTRIES:
        fresh = ctl[L.C_FREE_CHUNK]
        if fresh != 0:
            ctl[L.C_FREE_CHUNK] = np.int64(chunk[fresh * L.CHUNK])
        else:
            fresh = ctl[L.C_NEXT_CHUNK]
            if (fresh + 1) * L.CHUNK > chunk.size:
                ctl[L.C_ERROR] = OUT_OF_CHUNKS
                return
            ctl[L.C_NEXT_CHUNK] = fresh + 1
        chunk[fresh * L.CHUNK] = U0
        if tail == 0:
            lists[at] = fresh
            lists[at + 2] = 0
        else:
            chunk[tail * L.CHUNK] = _u(fresh)
        lists[at + 1] = fresh
        tail = fresh
        used = 0
    chunk[tail * L.CHUNK + 2 + used] = entry
    chunk[tail * L.CHUNK + 1] = _u(used + 1)


@njit(**_PLAIN)
def heap_push(keys, values, base, size, key, value):  # type: ignore[no-untyped-def]
    """Add to the binary heap that starts at ``base`` and holds ``size``; ties go by value."""
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        other = keys[base + parent]
        if other < key or (other == key and values[base + parent] <= value):
            break
        keys[base + child] = other
        values[base + child] = values[base + parent]
        child = parent
    keys[base + child] = key
    values[base + child] = value


@njit(**_PLAIN)
def heap_sink(keys, values, base, size, parent, key, value):  # type: ignore[no-untyped-def]
    """Put a key where ``parent`` is and let it sink."""
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size:
            left, right = keys[base + child], keys[base + child + 1]
            if right < left or (right == left and values[base + child + 1] < values[base + child]):
                child += 1
        other = keys[base + child]
        if key < other or (key == other and value <= values[base + child]):
            break
        keys[base + parent] = other
        values[base + parent] = values[base + child]
        parent = child
    keys[base + parent] = key
    values[base + parent] = value


@njit(**_PLAIN)
def heap_compact(keys, values, base, size, lane, rec):  # type: ignore[no-untyped-def]
    """Drop the entries of people who have left the pool; return the new size."""
    kept = 0
    for k in range(size):
        value = values[base + k]
        version = (rec[(value >> U16) * _u(4) + U2] >> _u(lane * L.LANE_BITS)) & M12
        if version == value & M16:
            keys[base + kept] = keys[base + k]
            values[base + kept] = value
            kept += 1
    for parent in range(kept // 2 - 1, -1, -1):
        heap_sink(keys, values, base, kept, parent, keys[base + parent], values[base + parent])
    return kept


@njit(inline="always", **_PLAIN)
def exponential(z, table, ln2):  # type: ignore[no-untyped-def]
    """Return a fixed-point exponential variate (as `draws.exponential`)."""
    zeros = 0
    while z & TOP == U0 and zeros < 63:
        z = z << U1
        zeros += 1
    place = np.int64((z >> _u(51)) & _u(0xFFF))
    rest = np.int64((z >> U31) & _u(0xFFFFF))
    here = table[place]
    return zeros * ln2 + here - (((here - table[place + 1]) * rest) >> 20)


@njit(**_PLAIN)
def enter_pool(lane, i, w1, w2, luck, tab, ctl, rec, keys, values, table):  # type: ignore[no-untyped-def]
    """Give a person who joins a pool a threshold in each of its draws."""
    version = (w2 >> _u(lane * L.LANE_BITS)) & M12
    value = (_u(i) << U16) | version
    for k in range(tab[L.H_DRAWS]):
        row = tab[L.H_DRAWS_AT] + k * L.DRAW_WIDTH
        if tab[row + L.LANE] != lane:
            continue
        inverse = tab[tab[row + L.ROWS_AT] + cell_of(tab, tab[row + L.FIELDS], tab[row + L.FIELDS_AT], w1)]
        if inverse == 0:
            continue
        variate = exponential(mix(luck + _u(tab[row + L.KEY])), table, tab[L.H_LN2])
        level = ctl[tab[L.H_LEVEL] + k] + (((variate >> 8) * inverse) >> 8)
        base, heap = tab[row + L.HEAP_AT], tab[L.H_HEAP] + k
        if ctl[heap] >= tab[row + L.HEAP_ROOM]:
            ctl[heap] = heap_compact(keys, values, base, ctl[heap], lane, rec)
        heap_push(keys, values, base, ctl[heap], level, value)
        ctl[heap] += 1


@njit(_BATCH, nogil=True, **_PLAIN)
def batch(mode, arg, src, off, n, day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed):  # type: ignore[no-untyped-def]  # noqa: E501
    """Send people on: ``n`` entries of ``src`` from ``off``, why they move by ``mode``; return how many were used.

    ``arg`` is the wait (L.SERVICE), draw (L.TAKEN), next node (L.ARRIVAL, EVENT, L.STARTING) or attempt (L.ATTEMPT).
    """
    o_stock, o_held, o_freed, o_capacity = tab[L.H_STOCK], tab[L.H_HELD], tab[L.H_FREED], tab[L.H_CAPACITY]
    clocks_at, draws_at = tab[L.H_CLOCKS_AT], tab[L.H_DRAWS_AT]
    tomorrow = day + 1 if mode == L.SERVICE else day
    today = _u(day + L.BIAS)
    from_day = _u(tomorrow + L.BIAS)
    fired = 0
    waited = 0
    effort = np.int64(-1)
    space = np.int64(-1)
    left = np.int64(0)
    cost_fields, cost_at, cost_rows = np.int64(0), np.int64(0), np.int64(0)
    if mode == L.SERVICE:
        desc = L.HEADER + arg * L.NODE_WIDTH
        effort, space = tab[desc + L.EFFORT], tab[desc + L.SPACE]
        cost_fields, cost_at, cost_rows = tab[desc + L.FIELDS], tab[desc + L.FIELDS_AT], tab[desc + L.ROWS_AT]
    elif mode == L.TAKEN:
        desc = draws_at + arg * L.DRAW_WIDTH
        effort = tab[desc + L.EFFORT]
        cost_fields, cost_at = tab[desc + L.COST_FIELDS], tab[desc + L.COST_FIELDS_AT]
        cost_rows = tab[desc + L.COST_ROWS_AT]
    if effort >= 0:
        left = ctl[tab[L.H_LEFT] + effort]
    left_before = left
    moved = 0
    k = 0
    for a in range(min(n, AHEAD)):
        prefetch(rec, (src[off + a] & M32) * _u(4))
    while k < n:
        if k + AHEAD < n:
            prefetch(rec, (src[off + k + AHEAD] & M32) * _u(4))
        entry = src[off + k]
        i = entry & M32
        j = i * _u(4)
        w0 = rec[j]
        w1 = rec[j + U1]
        w2 = rec[j + U2]
        w3 = rec[j + _u(3)]
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
                node = tab[L.HEADER + stage * L.NODE_WIDTH + L.THEN]
            else:
                desc = clocks_at + (clock - 1) * L.CLOCK_WIDTH
                shift = _u(tab[desc + L.LANE] * L.LANE_BITS)
                running = (w2 >> shift) & M12
                if version != running:
                    k += 1
                    continue
                w2 = (w2 & ~(M12 << shift)) | (((running + U1) & M12) << shift)
                node = tab[desc + L.THEN]
            fired += 1
        elif mode == L.SERVICE:
            if (entry >> U32) & M16 != (w0 >> U16) & M16:
                k += 1
                continue
            if space >= 0 and ctl[o_held + space] >= ctl[o_capacity + space]:
                break
            if effort >= 0:
                cost = tab[cost_rows + cell_of(tab, cost_fields, cost_at, w1)]
                if cost > left:
                    ctl[tab[L.H_BLOCKED] + effort] = 1
                    break
                left -= cost
            if space >= 0:
                bit = U1 << (U48 + _u(space))
                if w2 & bit == U0:
                    w2 |= bit
                    ctl[o_held + space] += 1
            waited += np.int64(today) - np.int64((w0 >> U32) & M16)
            moved += 1
            node = tab[L.HEADER + arg * L.NODE_WIDTH + L.THEN]
        elif mode == L.TAKEN:
            desc = draws_at + arg * L.DRAW_WIDTH
            shift = _u(tab[desc + L.LANE] * L.LANE_BITS)
            running = (w2 >> shift) & M12
            if (entry >> U32) & M16 != running:
                k += 1
                continue
            if effort >= 0:
                cost = tab[cost_rows + cell_of(tab, cost_fields, cost_at, w1)]
                if cost > left:
                    ctl[tab[L.H_BLOCKED] + effort] = 1
                    break
                left -= cost
            w2 = (w2 & ~(M12 << shift)) | (((running + U1) & M12) << shift)
            moved += 1
            node = tab[desc + L.THEN]
        elif mode == L.ATTEMPT:
            if stage != tab[tab[L.H_ATTEMPTS_AT] + 2 * arg + 1]:
                ctl[tab[L.H_MISSED] + arg] += 1
                k += 1
                continue
            node = tab[tab[L.H_ATTEMPTS_AT] + 2 * arg]
        else:
            node = arg
        # --- follow forks until a place is reached
        luck = mix(seed + ((w3 & ~M16) | (w0 >> U48)) * GOLDEN)
        while node >= 0:
            row = L.HEADER + node * L.NODE_WIDTH
            kind = tab[row + L.KIND]
            if kind == L.DECISION:
                edge = tab[row + L.EDGE]
                ways = tab[row + L.WAYS]
                if ways > 1:
                    place = tab[row + L.ROWS_AT] + ways * cell_of(tab, tab[row + L.FIELDS], tab[row + L.FIELDS_AT], w1)
                    level = tab[place]
                    if level < 0:
                        edge -= level * L.EDGE_WIDTH
                    elif level < L.ONE:
                        x = np.int64(mix(luck + _u(tab[row + L.KEY])) >> U32)
                        while x >= level:
                            place += 1
                            edge += L.EDGE_WIDTH
                            level = tab[place]
            elif kind == L.GATE:
                edge = tab[row + L.EDGE]
                held = tab[row + L.SPACE]
                bit = U1 << (U48 + _u(held))
                if w2 & bit == U0:
                    if ctl[o_held + held] < ctl[o_capacity + held]:
                        ctl[o_held + held] += 1
                        w2 |= bit
                    else:
                        ctl[tab[L.H_REFUSED] + held] += 1
                        edge += L.EDGE_WIDTH
            else:
                break
            acts = tab[edge]
            act = tab[edge + 1]
            node = tab[edge + 2]
            for _ in range(acts):
                code = tab[act]
                what = tab[act + 1]
                if code == L.PUT:
                    shift = _u(what)
                    w1 = (w1 & ~(_u(tab[act + 3] & 0xFFFFFFFF) << shift)) | (_u(tab[act + 2]) << shift)
                elif code == L.COUNT:
                    t = tab[L.H_TALLIES_AT] + 2 * tab[act + 2]
                    tally[what + cell_of(tab, tab[t], tab[t + 1], w1)] += 1
                elif code == L.RELEASE:
                    bit = U1 << (U48 + _u(what))
                    if w2 & bit != U0:
                        w2 &= ~bit
                        if mode == L.SERVICE:
                            ctl[o_freed + what] += 1
                        else:
                            ctl[o_held + what] -= 1
                elif code == L.TAKE:
                    bit = U1 << (U48 + _u(what))
                    if w2 & bit == U0:
                        w2 |= bit
                        ctl[o_held + what] += 1
                elif code == L.START:
                    shift = _u(tab[act + 2] * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                    desc = clocks_at + what * L.CLOCK_WIDTH
                    cell = cell_of(tab, tab[desc + L.FIELDS], tab[desc + L.FIELDS_AT], w1)
                    pick = np.int64(mix(luck + _u(tab[desc + L.KEY])) >> U54)
                    stay = np.int64(law[tab[tab[desc + L.ROWS_AT] + cell] * 1024 + pick])
                    if stay != L.NEVER:
                        entry = i | (running << U32) | (_u(what + 1) << U48)
                        push(chunk, lists, ctl, (tomorrow + stay) & (L.RING - 1), entry)
                elif code == L.STOP or code == L.LEAVE:
                    shift = _u(what * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                elif code == L.JOIN:
                    shift = _u(what * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                    w0 = (w0 & ~(M8 << U48)) | ((((w0 >> U48) + U1) & M8) << U48)
                    luck = mix(seed + ((w3 & ~M16) | (w0 >> U48)) * GOLDEN)
                    rec[j + U2] = w2
                    enter_pool(what, i, w1, w2, luck, tab, ctl, rec, keys, values, table)
                elif code == L.MARK:
                    since = today
                    if mode == L.STARTING:
                        since = today - _u(extra[2 * k + 1])
                    if what == 0:
                        w1 = (w1 & M48) | (since << U48)
                    else:
                        w3 = (w3 & ~M16) | since
                elif code == L.COUNT_DAYS:
                    t = tab[L.H_TALLIES_AT] + 2 * tab[act + 2]
                    since = w1 >> U48 if tab[act + 3] == 0 else w3 & M16
                    tally[what + cell_of(tab, tab[t], tab[t + 1], w1)] += np.int64(today) - np.int64(since)
                elif code == L.STEP:
                    shift = _u(what)
                    width = _u(tab[act + 3] & 0xFFFFFFFF)
                    now = np.int64((w1 >> shift) & width) + tab[act + 2]
                    now = min(max(now, 0), tab[act + 3] >> 32)
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
                ctl[o_stock + stage] -= 1
            ctl[o_stock + node] += 1
            version = ((w0 >> U16) + U1) & M16
            joined = from_day
            if mode == L.STARTING:
                joined = today - _u(extra[2 * k + 1])
            w0 = (w0 & ~M48) | _u(node) | (version << U16) | (joined << U32)
            if kind == L.STAGE:
                if mode == L.STARTING and extra[2 * k] >= -1:
                    stay = extra[2 * k]
                else:
                    cell = cell_of(tab, tab[row + L.FIELDS], tab[row + L.FIELDS_AT], w1)
                    pick = np.int64(mix(luck + _u(tab[row + L.KEY])) >> U54)
                    stay = np.int64(law[tab[tab[row + L.ROWS_AT] + cell] * 1024 + pick])
                    if stay == L.NEVER:
                        stay = -1
                if stay >= 0:
                    push(chunk, lists, ctl, (tomorrow + stay) & (L.RING - 1), i | (version << U32))
            elif kind == L.WAIT:
                line = tab[tab[row + L.CLASS_ROWS_AT] + cell_of(tab, tab[row + L.CLASS_FIELDS], tab[row + L.CLASS_FIELDS_AT], w1)]
                line += tab[row + L.LIST]
                if mode != L.STARTING:
                    line += tab[row + L.WAYS]
                push(chunk, lists, ctl, line, i | (version << U32))
            elif kind == L.END:
                for s in range(tab[L.H_SPACES]):
                    bit = U1 << (U48 + _u(s))
                    if w2 & bit != U0:
                        w2 &= ~bit
                        if mode == L.SERVICE:
                            ctl[o_freed + s] += 1
                        else:
                            ctl[o_held + s] -= 1
                for lane in range(L.LANES):
                    shift = _u(lane * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
        rec[j] = w0
        rec[j + U1] = w1
        rec[j + U2] = w2
        rec[j + _u(3)] = w3
        k += 1
    ctl[tab[L.H_TIMERS]] += fired
    if effort >= 0:
        ctl[tab[L.H_LEFT] + effort] = left
        ctl[tab[L.H_SPENT] + effort] += left_before - left
    if mode == L.SERVICE:
        ctl[tab[L.H_SERVED] + arg] += moved
        ctl[tab[L.H_WAITED] + arg] += waited
    elif mode == L.TAKEN:
        ctl[tab[L.H_TAKEN] + arg] += moved
    return k


@njit(cache=True)
def take_places(wait, chunk, lists, ctl, tab, rec, seed):  # type: ignore[no-untyped-def]
    """Move a wait's joiners of today to the end of its lines, sorted by luck if so declared."""
    row = L.HEADER + wait * L.NODE_WIDTH
    for line in range(tab[row + L.WAYS]):
        queue = (tab[row + L.LIST] + line) * L.LIST_WIDTH
        joiners = (tab[row + L.LIST] + tab[row + L.WAYS] + line) * L.LIST_WIDTH
        block = lists[joiners]
        if block == 0:
            continue
        if tab[row + L.SORTED] == 1:
            sort_chunks(block, chunk, tab[row + L.KEY], rec, seed)
        if lists[queue] == 0:
            lists[queue] = block
            lists[queue + 2] = 0
        else:
            chunk[lists[queue + 1] * L.CHUNK] = _u(block)
        lists[queue + 1] = lists[joiners + 1]
        lists[joiners] = 0
        lists[joiners + 1] = 0


@njit(cache=True)
def sort_chunks(first, chunk, key, rec, seed):  # type: ignore[no-untyped-def]
    """Sort the entries of a chain of chunks by the luck of the people in them, in place."""
    size = 0
    block = first
    while block != 0:
        size += np.int64(chunk[block * L.CHUNK + 1])
        block = np.int64(chunk[block * L.CHUNK])
    entries, order = np.empty(size, np.uint64), np.empty(size, np.uint64)
    k = 0
    block = first
    while block != 0:
        for a in range(np.int64(chunk[block * L.CHUNK + 1])):
            entry = chunk[block * L.CHUNK + 2 + a]
            j = (entry & M32) * _u(4)
            luck = mix(seed + ((rec[j + _u(3)] & ~M16) | (rec[j] >> U48)) * GOLDEN)
            entries[k] = entry
            order[k] = mix(luck + ~_u(key))
            k += 1
        block = np.int64(chunk[block * L.CHUNK])
    sequence = np.argsort(order)
    k = 0
    block = first
    while block != 0:
        for a in range(np.int64(chunk[block * L.CHUNK + 1])):
            chunk[block * L.CHUNK + 2 + a] = entries[sequence[k]]
            k += 1
        block = np.int64(chunk[block * L.CHUNK])


@njit(**_PLAIN)
def serve(wait, day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed):  # type: ignore[no-untyped-def]
    """Serve a wait's lines in order of class until its effort or space is used up."""
    row = L.HEADER + wait * L.NODE_WIDTH
    effort = tab[row + L.EFFORT]
    for line in range(tab[row + L.WAYS]):
        at = (tab[row + L.LIST] + line) * L.LIST_WIDTH
        while lists[at] != 0:
            if effort >= 0 and ctl[tab[L.H_BLOCKED] + effort] != 0:
                return
            block = lists[at]
            done, held = lists[at + 2], np.int64(chunk[block * L.CHUNK + 1])
            following = np.int64(chunk[block * L.CHUNK])
            if following != 0:
                for a in range(0, L.CHUNK, 8):
                    prefetch(chunk, _u(following * L.CHUNK + a))
            used = batch(
                L.SERVICE, wait, chunk, block * L.CHUNK + 2 + done, held - done, day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
            if used < held - done:
                lists[at + 2] = done + used
                return
            lists[at] = following
            lists[at + 2] = 0
            if following == 0:
                lists[at + 1] = 0
            chunk[block * L.CHUNK] = _u(ctl[L.C_FREE_CHUNK])
            ctl[L.C_FREE_CHUNK] = block


@njit(**_PLAIN)
def draw(k, exposure, day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed, found, at_level):  # type: ignore[no-untyped-def]  # noqa: E501
    """Take from a pool everyone whose threshold the day's exposure passes, as far as effort goes."""
    row = tab[L.H_DRAWS_AT] + k * L.DRAW_WIDTH
    base, heap, level = tab[row + L.HEAP_AT], tab[L.H_HEAP] + k, tab[L.H_LEVEL] + k
    effort = tab[row + L.EFFORT]
    upto = FAR if exposure < 0 else ctl[level] + exposure
    while True:
        if effort >= 0 and ctl[tab[L.H_BLOCKED] + effort] != 0:
            return
        n = 0
        while n < found.size and ctl[heap] > 0 and keys[base] <= upto:
            value = values[base]
            at_level[n] = keys[base]
            found[n] = (value >> U16) | ((value & M16) << U32)
            n += 1
            ctl[heap] -= 1
            last = ctl[heap]
            if last > 0:
                heap_sink(keys, values, base, last, 0, keys[base + last], values[base + last])
        if n == 0:
            break
        used = batch(
            L.TAKEN, k, found, 0, n, day,
            rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
        )  # fmt: skip
        if used > 0:
            ctl[level] = at_level[used - 1]
        for a in range(used, n):
            value = ((found[a] & M32) << U16) | (found[a] >> U32)
            heap_push(keys, values, base, ctl[heap], at_level[a], value)
            ctl[heap] += 1
    if exposure >= 0:
        ctl[level] = upto


@njit(cache=True, nogil=True)
def event(node, stages, masks, day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed):  # type: ignore[no-untyped-def]
    """Send on everyone at one of ``stages`` whose traits fit ``masks``: rows of shift, mask, allowed bits."""
    found = np.empty(1, np.uint64)
    for i in range(ctl[L.C_PEOPLE]):
        if stages[np.int64(rec[i * 4] & M16)] == 0:
            continue
        fit = True
        for m in range(masks.shape[0]):
            value = (rec[i * 4 + 1] >> _u(masks[m, 0])) & _u(masks[m, 1])
            fit = fit and (masks[m, 2] >> np.int64(value)) & 1 == 1
        if fit:
            found[0] = _u(i)
            batch(
                L.EVENT, node, found, 0, 1, day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip


@njit(cache=True, nogil=True)
def advance(first, last, capacity, supply, exposure, inflow, tries, rec, tab, law, chunk, lists, keys, values, ctl, tally, daily, table, extra, seed, started):  # type: ignore[no-untyped-def]  # noqa: E501
    """Live the days from ``first`` up to ``last`` (not included); see the passes at the head of this file."""
    found = np.empty(128, np.uint64)
    at_level = np.empty(128, np.int64)
    for day in range(first, last):
        # 1 morning
        for s in range(tab[L.H_SPACES]):
            ctl[tab[L.H_HELD] + s] -= ctl[tab[L.H_FREED] + s]
            ctl[tab[L.H_FREED] + s] = 0
            ctl[tab[L.H_CAPACITY] + s] = capacity[day, s]
        for e in range(tab[L.H_EFFORTS]):
            ctl[tab[L.H_LEFT] + e] += supply[day, e]
            ctl[tab[L.H_BLOCKED] + e] = 0
        # 2 arrivals
        for a in range(tab[L.H_ARRIVALS]):
            node = tab[tab[L.H_ARRIVALS_AT] + 2 * a]
            ctl[tab[L.H_ARRIVED] + a] += inflow[day, a]
            done = 0
            while done < inflow[day, a]:
                n = min(inflow[day, a] - done, found.size)
                if (ctl[L.C_PEOPLE] + n) * 4 > rec.size:
                    ctl[L.C_ERROR] = OUT_OF_PEOPLE
                    return
                for b in range(n):
                    i = ctl[L.C_PEOPLE] + b
                    rec[i * 4] = U0
                    rec[i * 4 + 1] = U0
                    rec[i * 4 + 2] = U0
                    rec[i * 4 + 3] = ((_u(a + 1) << _u(42)) | (_u(day) << _u(28)) | _u(done + b)) << U16
                    found[b] = _u(i)
                ctl[L.C_PEOPLE] += n
                batch(
                    L.ARRIVAL, node, found, 0, n, day,
                    rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
                )  # fmt: skip
                done += n
        # 3 timers
        at = (day & (L.RING - 1)) * L.LIST_WIDTH
        block = lists[at]
        lists[at] = 0
        lists[at + 1] = 0
        while block != 0:
            following = np.int64(chunk[block * L.CHUNK])
            if following != 0:
                for a in range(0, L.CHUNK, 8):
                    prefetch(chunk, _u(following * L.CHUNK + a))
            batch(
                L.TIMER, 0, chunk, block * L.CHUNK + 2, np.int64(chunk[block * L.CHUNK + 1]), day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
            chunk[block * L.CHUNK] = _u(ctl[L.C_FREE_CHUNK])
            ctl[L.C_FREE_CHUNK] = block
            block = following
        # 4 draws
        for k in range(tab[L.H_DRAWS]):
            draw(
                k, exposure[day, k], day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra,
                seed, found, at_level,
            )  # fmt: skip
        # 5 attempts
        for a in range(tab[L.H_ATTEMPTS]):
            chosen = np.empty(tries[day, a], np.uint64)
            luck = mix(seed + _u(a + 1) * MIX2)
            for b in range(tries[day, a]):
                z = mix(luck + ((_u(day) << U32) | _u(b)) * GOLDEN)
                chosen[b] = ((z >> U32) * _u(started)) >> U32
            ctl[tab[L.H_TRIED] + a] += tries[day, a]
            batch(
                L.ATTEMPT, a, chosen, 0, tries[day, a], day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
        # 6 places in line, 7 services
        for w in range(tab[L.H_WAITS]):
            take_places(tab[tab[L.H_ORDER] + w], chunk, lists, ctl, tab, rec, seed)
        for w in range(tab[L.H_WAITS]):
            serve(
                tab[tab[L.H_ORDER] + w], day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
        # 8 evening
        for e in range(tab[L.H_EFFORTS]):
            if ctl[tab[L.H_BLOCKED] + e] == 0:
                ctl[tab[L.H_LEFT] + e] = 0
        if ctl[L.C_ERROR] != 0:
            return
        width = tab[L.H_ROW_END] - tab[L.H_ROW]
        for c in range(width):
            daily[day, c] = ctl[tab[L.H_ROW] + c]
        for c in range(tab[L.H_FLOWS], tab[L.H_ROW_END]):
            ctl[c] = 0
