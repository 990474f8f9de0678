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


@intrinsic
def load(typing_context: Any, array: Any, index: Any) -> Any:
    """Read ``array[index]``; no sign or bound is checked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.load(builder.gep(data, [arguments[1]]))

    return array.dtype(array, index), generate


@intrinsic
def store(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Write ``array[index] = value``; no sign or bound is checked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        builder.store(arguments[2], builder.gep(data, [arguments[1]]))
        return context.get_dummy_value()

    return types.void(array, index, array.dtype), generate


@intrinsic
def add(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Do ``array[index] += value``; no sign or bound is checked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        place = builder.gep(data, [arguments[1]])
        builder.store(builder.add(builder.load(place), arguments[2]), place)
        return context.get_dummy_value()

    return types.void(array, index, array.dtype), generate


@njit(inline="always", **_PLAIN)
def mix(z):
    """Scramble a 64-bit integer (as `draws.mix`)."""
    z = (z ^ (z >> U30)) * MIX1
    z = (z ^ (z >> U27)) * MIX2
    return z ^ (z >> U31)


@njit(inline="always", **_PLAIN)
def cell_of(tab, fields, place, traits):
    """Return the row of a person's traits in a table."""
    cell = 0
    for _ in range(fields):
        cell += np.int64((traits >> _u(load(tab, place))) & _u(load(tab, place + 1))) * load(tab, place + 2)
        place += 3
    return cell


@njit(**_PLAIN)
def push(chunk, lists, ctl, number, entry):
    """Append an entry to a list of chunks."""
    at = number * L.LIST_WIDTH
    tail = load(lists, at + 1)
    used = np.int64(load(chunk, tail * L.CHUNK + 1))
    if tail == 0 or used == L.ENTRIES:
        fresh = load(ctl, L.C_FREE_CHUNK)
        if fresh != 0:
            store(ctl, L.C_FREE_CHUNK, np.int64(load(chunk, fresh * L.CHUNK)))
        else:
            fresh = load(ctl, L.C_NEXT_CHUNK)
            if (fresh + 1) * L.CHUNK > chunk.size:
                store(ctl, L.C_ERROR, OUT_OF_CHUNKS)
                return
            store(ctl, L.C_NEXT_CHUNK, fresh + 1)
        store(chunk, fresh * L.CHUNK, U0)
        if tail == 0:
            store(lists, at, fresh)
            store(lists, at + 2, 0)
        else:
            store(chunk, tail * L.CHUNK, _u(fresh))
        store(lists, at + 1, fresh)
        tail = fresh
        used = 0
    store(chunk, tail * L.CHUNK + 2 + used, entry)
    store(chunk, tail * L.CHUNK + 1, _u(used + 1))


@njit(**_PLAIN)
def heap_push(keys, values, base, size, key, value):
    """Add to the binary heap that starts at ``base`` and holds ``size``; ties go by value."""
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        other = load(keys, base + parent)
        if other < key or (other == key and load(values, base + parent) <= value):
            break
        store(keys, base + child, other)
        store(values, base + child, load(values, base + parent))
        child = parent
    store(keys, base + child, key)
    store(values, base + child, value)


@njit(**_PLAIN)
def heap_sink(keys, values, base, size, parent, key, value):
    """Put a key where ``parent`` is and let it sink."""
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size:
            left, right = load(keys, base + child), load(keys, base + child + 1)
            if right < left or (
                right == left and load(values, base + child + 1) < load(values, base + child)
            ):
                child += 1
        other = load(keys, base + child)
        if key < other or (key == other and value <= load(values, base + child)):
            break
        store(keys, base + parent, other)
        store(values, base + parent, load(values, base + child))
        parent = child
    store(keys, base + parent, key)
    store(values, base + parent, value)


@njit(**_PLAIN)
def heap_compact(keys, values, base, size, lane, rec):
    """Drop the entries of people who have left the pool; return the new size."""
    kept = 0
    for k in range(size):
        value = load(values, base + k)
        version = (load(rec, (value >> U16) * _u(4) + U2) >> _u(lane * L.LANE_BITS)) & M12
        if version == value & M16:
            store(keys, base + kept, load(keys, base + k))
            store(values, base + kept, value)
            kept += 1
    for parent in range(kept // 2 - 1, -1, -1):
        heap_sink(keys, values, base, kept, parent, load(keys, base + parent), load(values, base + parent))
    return kept


@njit(inline="always", **_PLAIN)
def exponential(z, table, ln2):
    """Return a fixed-point exponential variate (as `draws.exponential`)."""
    zeros = 0
    while z & TOP == U0 and zeros < 63:
        z = z << U1
        zeros += 1
    place = np.int64((z >> _u(51)) & _u(0xFFF))
    rest = np.int64((z >> U31) & _u(0xFFFFF))
    here = load(table, place)
    return zeros * ln2 + here - (((here - load(table, place + 1)) * rest) >> 20)


@njit(**_PLAIN)
def enter_pool(lane, i, w1, w2, luck, tab, ctl, rec, keys, values, table):
    """Give a person who joins a pool a threshold in each of its draws."""
    version = (w2 >> _u(lane * L.LANE_BITS)) & M12
    value = (_u(i) << U16) | version
    for k in range(load(tab, L.H_DRAWS)):
        row = load(tab, L.H_DRAWS_AT) + k * L.DRAW_WIDTH
        if load(tab, row + L.LANE) != lane:
            continue
        inverse = load(
            tab,
            load(tab, row + L.ROWS_AT)
            + cell_of(tab, load(tab, row + L.FIELDS), load(tab, row + L.FIELDS_AT), w1),
        )
        if inverse == 0:
            continue
        variate = exponential(mix(luck + _u(load(tab, row + L.KEY))), table, load(tab, L.H_LN2))
        level = load(ctl, load(tab, L.H_LEVEL) + k) + (((variate >> 8) * inverse) >> 8)
        base, heap = load(tab, row + L.HEAP_AT), load(tab, L.H_HEAP) + k
        if load(ctl, heap) >= load(tab, row + L.HEAP_ROOM):
            store(ctl, heap, heap_compact(keys, values, base, load(ctl, heap), lane, rec))
        heap_push(keys, values, base, load(ctl, heap), level, value)
        add(ctl, heap, 1)


@njit(_BATCH, nogil=True, **_PLAIN)
def batch(
    mode, arg, src, off, n, day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed
):
    """Send people on: ``n`` entries of ``src`` from ``off``, by ``mode``; return how many were used.

    ``arg`` is the wait (SERVICE), draw (TAKEN), next node (ARRIVAL, EVENT, STARTING) or attempt (ATTEMPT).
    """
    o_stock, o_held, o_freed, o_capacity = (
        load(tab, L.H_STOCK),
        load(tab, L.H_HELD),
        load(tab, L.H_FREED),
        load(tab, L.H_CAPACITY),
    )
    clocks_at, draws_at = load(tab, L.H_CLOCKS_AT), load(tab, L.H_DRAWS_AT)
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
        effort, space = load(tab, desc + L.EFFORT), load(tab, desc + L.SPACE)
        cost_fields, cost_at, cost_rows = (
            load(tab, desc + L.FIELDS),
            load(tab, desc + L.FIELDS_AT),
            load(tab, desc + L.ROWS_AT),
        )
    elif mode == L.TAKEN:
        desc = draws_at + arg * L.DRAW_WIDTH
        effort = load(tab, desc + L.EFFORT)
        cost_fields, cost_at = load(tab, desc + L.COST_FIELDS), load(tab, desc + L.COST_FIELDS_AT)
        cost_rows = load(tab, desc + L.COST_ROWS_AT)
    if effort >= 0:
        left = load(ctl, load(tab, L.H_LEFT) + effort)
    left_before = left
    moved = 0
    k = 0
    for a in range(min(n, AHEAD)):
        prefetch(rec, (load(src, off + a) & M32) * _u(4))
    while k < n:
        if k + AHEAD < n:
            prefetch(rec, (load(src, off + k + AHEAD) & M32) * _u(4))
        entry = load(src, off + k)
        i = entry & M32
        j = i * _u(4)
        w0 = load(rec, j)
        w1 = load(rec, j + U1)
        w2 = load(rec, j + U2)
        w3 = load(rec, j + _u(3))
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
                node = load(tab, L.HEADER + stage * L.NODE_WIDTH + L.THEN)
            else:
                desc = clocks_at + (clock - 1) * L.CLOCK_WIDTH
                shift = _u(load(tab, desc + L.LANE) * L.LANE_BITS)
                running = (w2 >> shift) & M12
                if version != running:
                    k += 1
                    continue
                w2 = (w2 & ~(M12 << shift)) | (((running + U1) & M12) << shift)
                node = load(tab, desc + L.THEN)
            fired += 1
        elif mode == L.SERVICE:
            if (entry >> U32) & M16 != (w0 >> U16) & M16:
                k += 1
                continue
            if space >= 0 and load(ctl, o_held + space) >= load(ctl, o_capacity + space):
                break
            if effort >= 0:
                cost = load(tab, cost_rows + cell_of(tab, cost_fields, cost_at, w1))
                if cost > left:
                    store(ctl, load(tab, L.H_BLOCKED) + effort, 1)
                    break
                left -= cost
            if space >= 0:
                bit = U1 << (U48 + _u(space))
                if w2 & bit == U0:
                    w2 |= bit
                    add(ctl, o_held + space, 1)
            waited += np.int64(today) - np.int64((w0 >> U32) & M16)
            moved += 1
            node = load(tab, L.HEADER + arg * L.NODE_WIDTH + L.THEN)
        elif mode == L.TAKEN:
            desc = draws_at + arg * L.DRAW_WIDTH
            shift = _u(load(tab, desc + L.LANE) * L.LANE_BITS)
            running = (w2 >> shift) & M12
            if (entry >> U32) & M16 != running:
                k += 1
                continue
            if effort >= 0:
                cost = load(tab, cost_rows + cell_of(tab, cost_fields, cost_at, w1))
                if cost > left:
                    store(ctl, load(tab, L.H_BLOCKED) + effort, 1)
                    break
                left -= cost
            w2 = (w2 & ~(M12 << shift)) | (((running + U1) & M12) << shift)
            moved += 1
            node = load(tab, desc + L.THEN)
        elif mode == L.ATTEMPT:
            if stage != load(tab, load(tab, L.H_ATTEMPTS_AT) + 2 * arg + 1):
                add(ctl, load(tab, L.H_MISSED) + arg, 1)
                k += 1
                continue
            node = load(tab, load(tab, L.H_ATTEMPTS_AT) + 2 * arg)
        else:
            node = arg
        # --- follow forks until a place is reached
        luck = mix(seed + ((w3 & ~M16) | (w0 >> U48)) * GOLDEN)
        while node >= 0:
            row = L.HEADER + node * L.NODE_WIDTH
            kind = load(tab, row + L.KIND)
            if kind == L.DECISION:
                edge = load(tab, row + L.EDGE)
                ways = load(tab, row + L.WAYS)
                if ways > 1:
                    place = load(tab, row + L.ROWS_AT) + ways * cell_of(
                        tab, load(tab, row + L.FIELDS), load(tab, row + L.FIELDS_AT), w1
                    )
                    level = load(tab, place)
                    if level < 0:
                        edge -= level * L.EDGE_WIDTH
                    elif level < L.ONE:
                        x = np.int64(mix(luck + _u(load(tab, row + L.KEY))) >> U32)
                        while x >= level:
                            place += 1
                            edge += L.EDGE_WIDTH
                            level = load(tab, place)
            elif kind == L.GATE:
                edge = load(tab, row + L.EDGE)
                held = load(tab, row + L.SPACE)
                bit = U1 << (U48 + _u(held))
                if w2 & bit == U0:
                    if load(ctl, o_held + held) < load(ctl, o_capacity + held):
                        add(ctl, o_held + held, 1)
                        w2 |= bit
                    else:
                        add(ctl, load(tab, L.H_REFUSED) + held, 1)
                        edge += L.EDGE_WIDTH
            else:
                break
            acts = load(tab, edge)
            act = load(tab, edge + 1)
            node = load(tab, edge + 2)
            for _ in range(acts):
                code = load(tab, act)
                what = load(tab, act + 1)
                if code == L.PUT:
                    shift = _u(what)
                    w1 = (w1 & ~(_u(load(tab, act + 3) & 0xFFFFFFFF) << shift)) | (
                        _u(load(tab, act + 2)) << shift
                    )
                elif code == L.COUNT:
                    t = load(tab, L.H_TALLIES_AT) + 2 * load(tab, act + 2)
                    add(tally, what + cell_of(tab, load(tab, t), load(tab, t + 1), w1), 1)
                elif code == L.RELEASE:
                    bit = U1 << (U48 + _u(what))
                    if w2 & bit != U0:
                        w2 &= ~bit
                        if mode == L.SERVICE:
                            add(ctl, o_freed + what, 1)
                        else:
                            add(ctl, o_held + what, -1)
                elif code == L.TAKE:
                    bit = U1 << (U48 + _u(what))
                    if w2 & bit == U0:
                        w2 |= bit
                        add(ctl, o_held + what, 1)
                elif code == L.START:
                    shift = _u(load(tab, act + 2) * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
                    desc = clocks_at + what * L.CLOCK_WIDTH
                    cell = cell_of(tab, load(tab, desc + L.FIELDS), load(tab, desc + L.FIELDS_AT), w1)
                    pick = np.int64(mix(luck + _u(load(tab, desc + L.KEY))) >> U54)
                    stay = np.int64(load(law, load(tab, load(tab, desc + L.ROWS_AT) + cell) * 1024 + pick))
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
                    store(rec, j + U2, w2)
                    enter_pool(what, i, w1, w2, luck, tab, ctl, rec, keys, values, table)
                elif code == L.MARK:
                    since = today
                    if mode == L.STARTING:
                        since = today - _u(load(extra, 2 * k + 1))
                    if what == 0:
                        w1 = (w1 & M48) | (since << U48)
                    else:
                        w3 = (w3 & ~M16) | since
                elif code == L.COUNT_DAYS:
                    t = load(tab, L.H_TALLIES_AT) + 2 * load(tab, act + 2)
                    since = w1 >> U48 if load(tab, act + 3) == 0 else w3 & M16
                    add(
                        tally,
                        what + cell_of(tab, load(tab, t), load(tab, t + 1), w1),
                        np.int64(today) - np.int64(since),
                    )
                elif code == L.STEP:
                    shift = _u(what)
                    width = _u(load(tab, act + 3) & 0xFFFFFFFF)
                    now = np.int64((w1 >> shift) & width) + load(tab, act + 2)
                    now = min(max(now, 0), load(tab, act + 3) >> 32)
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
                add(ctl, o_stock + stage, -1)
            add(ctl, o_stock + node, 1)
            version = ((w0 >> U16) + U1) & M16
            joined = from_day
            if mode == L.STARTING:
                joined = today - _u(load(extra, 2 * k + 1))
            w0 = (w0 & ~M48) | _u(node) | (version << U16) | (joined << U32)
            if kind == L.STAGE:
                if mode == L.STARTING and load(extra, 2 * k) >= -1:
                    stay = load(extra, 2 * k)
                else:
                    cell = cell_of(tab, load(tab, row + L.FIELDS), load(tab, row + L.FIELDS_AT), w1)
                    pick = np.int64(mix(luck + _u(load(tab, row + L.KEY))) >> U54)
                    stay = np.int64(load(law, load(tab, load(tab, row + L.ROWS_AT) + cell) * 1024 + pick))
                    if stay == L.NEVER:
                        stay = -1
                if stay >= 0:
                    push(chunk, lists, ctl, (tomorrow + stay) & (L.RING - 1), i | (version << U32))
            elif kind == L.WAIT:
                line = load(
                    tab,
                    load(tab, row + L.CLASS_ROWS_AT)
                    + cell_of(tab, load(tab, row + L.CLASS_FIELDS), load(tab, row + L.CLASS_FIELDS_AT), w1),
                )
                line += load(tab, row + L.LIST)
                if mode != L.STARTING:
                    line += load(tab, row + L.WAYS)
                push(chunk, lists, ctl, line, i | (version << U32))
            elif kind == L.END:
                for s in range(load(tab, L.H_SPACES)):
                    bit = U1 << (U48 + _u(s))
                    if w2 & bit != U0:
                        w2 &= ~bit
                        if mode == L.SERVICE:
                            add(ctl, o_freed + s, 1)
                        else:
                            add(ctl, o_held + s, -1)
                for lane in range(L.LANES):
                    shift = _u(lane * L.LANE_BITS)
                    running = ((w2 >> shift) + U1) & M12
                    w2 = (w2 & ~(M12 << shift)) | (running << shift)
        store(rec, j, w0)
        store(rec, j + U1, w1)
        store(rec, j + U2, w2)
        store(rec, j + _u(3), w3)
        k += 1
    add(ctl, load(tab, L.H_TIMERS), fired)
    if effort >= 0:
        store(ctl, load(tab, L.H_LEFT) + effort, left)
        add(ctl, load(tab, L.H_SPENT) + effort, left_before - left)
    if mode == L.SERVICE:
        add(ctl, load(tab, L.H_SERVED) + arg, moved)
        add(ctl, load(tab, L.H_WAITED) + arg, waited)
    elif mode == L.TAKEN:
        add(ctl, load(tab, L.H_TAKEN) + arg, moved)
    return k


@njit(cache=True)
def take_places(wait, chunk, lists, ctl, tab, rec, seed):
    """Move a wait's joiners of today to the end of its lines, sorted by luck if so declared."""
    row = L.HEADER + wait * L.NODE_WIDTH
    for line in range(load(tab, row + L.WAYS)):
        queue = (load(tab, row + L.LIST) + line) * L.LIST_WIDTH
        joiners = (load(tab, row + L.LIST) + load(tab, row + L.WAYS) + line) * L.LIST_WIDTH
        block = load(lists, joiners)
        if block == 0:
            continue
        if load(tab, row + L.SORTED) == 1:
            sort_chunks(block, chunk, load(tab, row + L.KEY), rec, seed)
        if load(lists, queue) == 0:
            store(lists, queue, block)
            store(lists, queue + 2, 0)
        else:
            store(chunk, load(lists, queue + 1) * L.CHUNK, _u(block))
        store(lists, queue + 1, load(lists, joiners + 1))
        store(lists, joiners, 0)
        store(lists, joiners + 1, 0)


@njit(cache=True)
def sort_chunks(first, chunk, key, rec, seed):
    """Sort the entries of a chain of chunks by the luck of the people in them, in place."""
    size = 0
    block = first
    while block != 0:
        size += np.int64(load(chunk, block * L.CHUNK + 1))
        block = np.int64(load(chunk, block * L.CHUNK))
    entries, order = np.empty(size, np.uint64), np.empty(size, np.uint64)
    k = 0
    block = first
    while block != 0:
        for a in range(np.int64(load(chunk, block * L.CHUNK + 1))):
            entry = load(chunk, block * L.CHUNK + 2 + a)
            j = (entry & M32) * _u(4)
            luck = mix(seed + ((load(rec, j + _u(3)) & ~M16) | (load(rec, j) >> U48)) * GOLDEN)
            entries[k] = entry
            order[k] = mix(luck + ~_u(key))
            k += 1
        block = np.int64(load(chunk, block * L.CHUNK))
    sequence = np.argsort(order)
    k = 0
    block = first
    while block != 0:
        for a in range(np.int64(load(chunk, block * L.CHUNK + 1))):
            store(chunk, block * L.CHUNK + 2 + a, entries[sequence[k]])
            k += 1
        block = np.int64(load(chunk, block * L.CHUNK))


@njit(**_PLAIN)
def serve(wait, day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed):
    """Serve a wait's lines in order of class until its effort or space is used up."""
    row = L.HEADER + wait * L.NODE_WIDTH
    effort = load(tab, row + L.EFFORT)
    for line in range(load(tab, row + L.WAYS)):
        at = (load(tab, row + L.LIST) + line) * L.LIST_WIDTH
        while load(lists, at) != 0:
            if effort >= 0 and load(ctl, load(tab, L.H_BLOCKED) + effort) != 0:
                return
            block = load(lists, at)
            done, held = load(lists, at + 2), np.int64(load(chunk, block * L.CHUNK + 1))
            following = np.int64(load(chunk, block * L.CHUNK))
            if following != 0:
                for a in range(0, L.CHUNK, 8):
                    prefetch(chunk, _u(following * L.CHUNK + a))
            used = batch(
                L.SERVICE, wait, chunk, block * L.CHUNK + 2 + done, held - done, day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
            if used < held - done:
                store(lists, at + 2, done + used)
                return
            store(lists, at, following)
            store(lists, at + 2, 0)
            if following == 0:
                store(lists, at + 1, 0)
            store(chunk, block * L.CHUNK, _u(load(ctl, L.C_FREE_CHUNK)))
            store(ctl, L.C_FREE_CHUNK, block)


@njit(**_PLAIN)
def draw(
    k,
    exposure,
    day,
    rec,
    tab,
    law,
    chunk,
    lists,
    keys,
    values,
    ctl,
    tally,
    table,
    extra,
    seed,
    found,
    at_level,
):
    """Take from a pool everyone whose threshold the day's exposure passes, as far as effort goes."""
    row = load(tab, L.H_DRAWS_AT) + k * L.DRAW_WIDTH
    base, heap, level = load(tab, row + L.HEAP_AT), load(tab, L.H_HEAP) + k, load(tab, L.H_LEVEL) + k
    effort = load(tab, row + L.EFFORT)
    upto = FAR if exposure < 0 else load(ctl, level) + exposure
    while True:
        if effort >= 0 and load(ctl, load(tab, L.H_BLOCKED) + effort) != 0:
            return
        n = 0
        while n < found.size and load(ctl, heap) > 0 and load(keys, base) <= upto:
            value = load(values, base)
            store(at_level, n, load(keys, base))
            store(found, n, (value >> U16) | ((value & M16) << U32))
            n += 1
            add(ctl, heap, -1)
            last = load(ctl, heap)
            if last > 0:
                heap_sink(keys, values, base, last, 0, load(keys, base + last), load(values, base + last))
        if n == 0:
            break
        used = batch(
            L.TAKEN, k, found, 0, n, day,
            rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
        )  # fmt: skip
        if used > 0:
            store(ctl, level, load(at_level, used - 1))
        for a in range(used, n):
            value = ((load(found, a) & M32) << U16) | (load(found, a) >> U32)
            heap_push(keys, values, base, load(ctl, heap), load(at_level, a), value)
            add(ctl, heap, 1)
    if exposure >= 0:
        store(ctl, level, upto)


@njit(cache=True, nogil=True)
def event(
    node, stages, masks, day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed
):
    """Send on everyone at one of ``stages`` whose traits fit ``masks``: rows of shift, mask, allowed bits."""
    found = np.empty(1, np.uint64)
    for i in range(load(ctl, L.C_PEOPLE)):
        if stages[np.int64(load(rec, i * 4) & M16)] == 0:
            continue
        fit = True
        for m in range(masks.shape[0]):
            value = (load(rec, i * 4 + 1) >> _u(masks[m, 0])) & _u(masks[m, 1])
            fit = fit and (masks[m, 2] >> np.int64(value)) & 1 == 1
        if fit:
            store(found, 0, _u(i))
            batch(
                L.EVENT, node, found, 0, 1, day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip


@njit(cache=True, nogil=True)
def advance(
    first,
    last,
    capacity,
    supply,
    exposure,
    inflow,
    tries,
    rec,
    tab,
    law,
    chunk,
    lists,
    keys,
    values,
    ctl,
    tally,
    daily,
    table,
    extra,
    seed,
    started,
):
    """Live the days from ``first`` up to ``last`` (not included); see the passes at the head of this file."""
    found = np.empty(128, np.uint64)
    at_level = np.empty(128, np.int64)
    for day in range(first, last):
        # 1 morning
        for s in range(load(tab, L.H_SPACES)):
            add(ctl, load(tab, L.H_HELD) + s, -load(ctl, load(tab, L.H_FREED) + s))
            store(ctl, load(tab, L.H_FREED) + s, 0)
            store(ctl, load(tab, L.H_CAPACITY) + s, capacity[day, s])
        for e in range(load(tab, L.H_EFFORTS)):
            add(ctl, load(tab, L.H_LEFT) + e, supply[day, e])
            store(ctl, load(tab, L.H_BLOCKED) + e, 0)
        # 2 arrivals
        for a in range(load(tab, L.H_ARRIVALS)):
            node = load(tab, load(tab, L.H_ARRIVALS_AT) + 2 * a)
            add(ctl, load(tab, L.H_ARRIVED) + a, inflow[day, a])
            done = 0
            while done < inflow[day, a]:
                n = min(inflow[day, a] - done, found.size)
                if (load(ctl, L.C_PEOPLE) + n) * 4 > rec.size:
                    store(ctl, L.C_ERROR, OUT_OF_PEOPLE)
                    return
                for b in range(n):
                    i = load(ctl, L.C_PEOPLE) + b
                    store(rec, i * 4, U0)
                    store(rec, i * 4 + 1, U0)
                    store(rec, i * 4 + 2, U0)
                    store(rec, i * 4 + 3, ((_u(a + 1) << _u(42)) | (_u(day) << _u(28)) | _u(done + b)) << U16)
                    store(found, b, _u(i))
                add(ctl, L.C_PEOPLE, n)
                batch(
                    L.ARRIVAL, node, found, 0, n, day,
                    rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
                )  # fmt: skip
                done += n
        # 3 timers
        at = (day & (L.RING - 1)) * L.LIST_WIDTH
        block = load(lists, at)
        store(lists, at, 0)
        store(lists, at + 1, 0)
        while block != 0:
            following = np.int64(load(chunk, block * L.CHUNK))
            if following != 0:
                for a in range(0, L.CHUNK, 8):
                    prefetch(chunk, _u(following * L.CHUNK + a))
            batch(
                L.TIMER, 0, chunk, block * L.CHUNK + 2, np.int64(load(chunk, block * L.CHUNK + 1)), day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
            store(chunk, block * L.CHUNK, _u(load(ctl, L.C_FREE_CHUNK)))
            store(ctl, L.C_FREE_CHUNK, block)
            block = following
        # 4 draws
        for k in range(load(tab, L.H_DRAWS)):
            draw(
                k, exposure[day, k], day, rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra,
                seed, found, at_level,
            )  # fmt: skip
        # 5 attempts
        for a in range(load(tab, L.H_ATTEMPTS)):
            chosen = np.empty(tries[day, a], np.uint64)
            luck = mix(seed + _u(a + 1) * MIX2)
            for b in range(tries[day, a]):
                z = mix(luck + ((_u(day) << U32) | _u(b)) * GOLDEN)
                chosen[b] = ((z >> U32) * _u(started)) >> U32
            add(ctl, load(tab, L.H_TRIED) + a, tries[day, a])
            batch(
                L.ATTEMPT, a, chosen, 0, tries[day, a], day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
        # 6 places in line, 7 services
        for w in range(load(tab, L.H_WAITS)):
            take_places(load(tab, load(tab, L.H_ORDER) + w), chunk, lists, ctl, tab, rec, seed)
        for w in range(load(tab, L.H_WAITS)):
            serve(
                load(tab, load(tab, L.H_ORDER) + w), day,
                rec, tab, law, chunk, lists, keys, values, ctl, tally, table, extra, seed,
            )  # fmt: skip
        # 8 evening
        for e in range(load(tab, L.H_EFFORTS)):
            if load(ctl, load(tab, L.H_BLOCKED) + e) == 0:
                store(ctl, load(tab, L.H_LEFT) + e, 0)
        if load(ctl, L.C_ERROR) != 0:
            return
        width = load(tab, L.H_ROW_END) - load(tab, L.H_ROW)
        for c in range(width):
            daily[day, c] = load(ctl, load(tab, L.H_ROW) + c)
        for c in range(load(tab, L.H_FLOWS), load(tab, L.H_ROW_END)):
            store(ctl, c, 0)
