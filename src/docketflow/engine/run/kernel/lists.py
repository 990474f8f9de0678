"""The machine's containers: first-in-first-out lists of chunks, and heaps of those due in a draw's slot.

A list (a day of the calendar, a queue) is a chain of chunks; linked lists of people cost six times as much.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import compiled, inner
from docketflow.engine.run.kernel.memory import NUMBERS, U0, U32, _u, add, load, prefetch, store

OUT_OF_CHUNKS, OUT_OF_PEOPLE, OUT_OF_ROOM = 1, 2, 3
LINE = 8  # words of a line of memory


@inner(_nrt=False)
def push(mem, chunk, number, entry):
    """Append an entry to a list."""
    at = load(mem, L.H_OPEN) + number
    place = load(mem, at)
    if place & (L.CHUNK - 1) == 0:
        place = another_chunk(mem, chunk, number, place)
        if place == 0:
            return
    store(chunk, place, entry)
    prefetch(chunk, place + LINE)  # nobody has touched the next line of memory lately
    store(mem, at, place + 1)


@inner(_nrt=False)
def push_pair(mem, chunk, number, first, second):
    """Append two entries to a list of pairs (a chunk holds a whole number of them)."""
    at = load(mem, L.H_OPEN) + number
    place = load(mem, at)
    if place & (L.CHUNK - 1) == 0:
        place = another_chunk(mem, chunk, number, place)
        if place == 0:
            return
    store(chunk, place, first)
    store(chunk, place + 1, second)
    prefetch(chunk, place + LINE)
    store(mem, at, place + 2)


@inner(_nrt=False)
def another_chunk(mem, chunk, number, place):
    """Give a list that is empty or full one more chunk; return where its first entry goes, 0 if nowhere.

    A list is open at the place of its next entry: 0 while it is empty, at a chunk's end when that is full.
    """
    fresh = load(mem, L.FREE_CHUNK)
    if fresh != 0:
        store(mem, L.FREE_CHUNK, np.int64(load(chunk, fresh * L.CHUNK)))
        add(mem, L.FREE_CHUNKS, -1)
    else:
        fresh = load(mem, L.NEXT_CHUNK)
        if (fresh + 1) * L.CHUNK > chunk.size:
            store(mem, L.ERROR, OUT_OF_CHUNKS)
            return 0
        store(mem, L.NEXT_CHUNK, fresh + 1)
    store(chunk, fresh * L.CHUNK, U0)
    if place == 0:
        store(mem, load(mem, L.H_BEGIN) + number, fresh)
        store(mem, load(mem, L.H_DONE) + number, 0)
    else:
        store(chunk, place - L.CHUNK, _u(fresh))
        store(chunk, place - L.CHUNK + 1, _u(L.ENTRIES))
    return fresh * L.CHUNK + 2


@inner(_nrt=False)
def seal(mem, chunk, number):
    """Write the number of entries of a list's last chunk into the chunk, and return the list's first chunk.

    While a list grows, all that is touched of it is the place of its next entry, and that entry.
    """
    place = load(mem, load(mem, L.H_OPEN) + number)
    if place == 0:
        return 0
    head = (place - 1) & ~(L.CHUNK - 1)
    store(chunk, head + 1, _u(place - head - 2))
    return load(mem, load(mem, L.H_BEGIN) + number)


@inner(_nrt=False)
def clear(mem, number):
    """Make a list empty; its chunks are somebody else's now."""
    store(mem, load(mem, L.H_OPEN) + number, 0)


@inner(_nrt=False)
def free(mem, chunk, block):
    """Give a chunk back."""
    store(chunk, block * L.CHUNK, _u(load(mem, L.FREE_CHUNK)))
    store(mem, L.FREE_CHUNK, block)
    add(mem, L.FREE_CHUNKS, 1)


@compiled(types.boolean(NUMBERS), within=True, _nrt=False)
def is_full(mem):
    """Return whether so many chunks are in use that a day more might need more than there are."""
    return load(mem, L.NEXT_CHUNK) - load(mem, L.FREE_CHUNKS) > load(mem, L.FULL)


@inner(_nrt=False)
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


@inner(_nrt=False)
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


@inner(_nrt=False)
def heap_order(keys, values, base, size):
    """Make a heap of entries in any order."""
    for parent in range(size // 2 - 1, -1, -1):
        heap_sink(keys, values, base, size, parent, load(keys, base + parent), load(values, base + parent))


@inner(_nrt=True)
def sort_pairs(first, mem, chunk, low, bits):
    """Give back a chain of chunks of pairs, key and value, and return keys and values sorted by both.

    Keys are about even over the ``bits`` binary places above ``low``, so each is first put about where it
    belongs, then moved the rest.
    """
    size = 0
    block = first
    while block != 0:
        size += np.int64(load(chunk, block * L.CHUNK + 1)) // 2
        block = np.int64(load(chunk, block * L.CHUNK))
    before = np.zeros(size + 1, np.int64)  # how many belong in earlier places
    block = first
    while block != 0:
        for a in range(0, np.int64(load(chunk, block * L.CHUNK + 1)), 2):
            add(before, about(load(chunk, block * L.CHUNK + 2 + a) - low, bits, size) + 1, 1)
        block = np.int64(load(chunk, block * L.CHUNK))
    for k in range(size):
        add(before, k + 1, load(before, k))
    keys, values = np.empty(size, np.uint64), np.empty(size, np.uint64)
    block = first
    while block != 0:
        for a in range(0, np.int64(load(chunk, block * L.CHUNK + 1)), 2):
            key = load(chunk, block * L.CHUNK + 2 + a)
            near = about(key - low, bits, size)
            place = load(before, near)
            add(before, near, 1)
            store(keys, place, key)
            store(values, place, load(chunk, block * L.CHUNK + 3 + a))
        following = np.int64(load(chunk, block * L.CHUNK))
        free(mem, chunk, block)
        block = following
    for k in range(1, size):
        key, value = load(keys, k), load(values, k)
        place = k
        while place > 0:
            other = load(keys, place - 1)
            if other < key or (other == key and load(values, place - 1) <= value):
                break
            store(keys, place, other)
            store(values, place, load(values, place - 1))
            place -= 1
        store(keys, place, key)
        store(values, place, value)
    return keys, values


@inner(_nrt=True)
def push_sorted(mem, chunk, number, first):
    """Give back a chain of chunks of pairs, luck and entry, and append the entries to a list by luck."""
    _, entries = sort_pairs(first, mem, chunk, U0, 64)
    for entry in entries:
        push(mem, chunk, number, entry)


@inner(forceinline=True, _nrt=False)
def about(height, bits, size):
    """Return the place out of ``size`` that a number below two to the ``bits`` would have among even ones."""
    part = height >> _u(bits - 32) if bits >= 32 else height << _u(32 - bits)
    return np.int64((part * _u(size)) >> U32)
