"""Places the starting stock: those in line in their order, then all of them, start by start."""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import compiled
from docketflow.engine.run.kernel.batch import batch
from docketflow.engine.run.kernel.lists import is_full
from docketflow.engine.run.kernel.memory import DAYS, GOLDEN, NUMBERS, U0, U16, U32, WORDS, _u, mix

_PAIRS, _SHORT = types.int64[:, ::1], types.int16[::1]
TOGETHER = 1 << 20  # how many are placed before room is looked after


@compiled(types.void(_SHORT, NUMBERS, WORDS), nogil=True)
def by_start(starts, many, people):
    """Write down everybody start by start, in their order: where each stands, and how many stand there."""
    place = np.zeros(len(many), np.int64)
    for k in range(1, len(many)):
        place[k] = place[k - 1] + many[k - 1]
    for i in range(len(starts)):
        people[place[starts[i]]] = _u(i)
        place[starts[i]] += 1


@compiled(
    types.void(types.uint64, types.uint64, types.boolean, _PAIRS, WORDS, _PAIRS, WORDS, _PAIRS, NUMBERS),
    nogil=True,
)
def line_up(seed, key, by_luck, parts, people, spent, who, extra, nodes):
    """Write down who stands in a line, in order: by days spent, the most first, then start, then luck.

    A row of ``parts`` is a start: where its people begin and end, and where they go from there. Without luck
    they stay in the order in which they are given. Luck is even, so that each is first put about where they
    belong, then moved the rest.
    """
    many, longest, size = len(parts), 0, 0
    for p in range(many):
        size += parts[p, 1] - parts[p, 0]
        for a in range(parts[p, 0], parts[p, 1]):
            longest = max(longest, spent[a, 1])
    begins = np.zeros((longest + 1) * many + 1, np.int64)
    for p in range(many):
        for a in range(parts[p, 0], parts[p, 1]):
            begins[(longest - spent[a, 1]) * many + p + 1] += 1
    for k in range(1, len(begins)):
        begins[k] += begins[k - 1]
    lucks, nears = np.empty(size, np.uint64), np.empty(size, np.int64)
    before = np.zeros(size + 1, np.int64)
    c = 0
    for p in range(many):
        for a in range(parts[p, 0], parts[p, 1]):
            luck = mix(mix(seed + (people[a] << U16) * GOLDEN) + ~key) if by_luck else U0
            group = (longest - spent[a, 1]) * many + p
            alike = _u(begins[group + 1] - begins[group])
            lucks[c], nears[c] = luck, begins[group] + np.int64(((luck >> U32) * alike) >> U32)
            before[nears[c] + 1] += 1
            c += 1
    for k in range(size):
        before[k + 1] += before[k]
    turns, lies, begun = np.empty(size, np.uint64), np.empty(size, np.int64), np.zeros(size, np.int64)
    c = 0
    for p in range(many):
        for a in range(parts[p, 0], parts[p, 1]):
            first, place, luck = before[nears[c]], before[nears[c]] + begun[nears[c]], lucks[c]
            begun[nears[c]] += 1
            while place > first and turns[place - 1] > luck:
                turns[place], lies[place] = turns[place - 1], lies[place - 1]
                place -= 1
            turns[place], lies[place] = luck, a * many + p
            c += 1
    for k in range(size):
        a, p = lies[k] // many, lies[k] % many
        who[k], nodes[k] = people[a], parts[p, 2]
        extra[k, 0], extra[k, 1] = spent[a, 0], spent[a, 1]


@compiled(
    types.int64(
        types.int64, NUMBERS, WORDS, NUMBERS, WORDS, NUMBERS, DAYS, WORDS, NUMBERS, WORDS, types.uint64
    ),
    nogil=True,
)
def place(first, nodes, people, extra, rec, mem, law, chunk, keys, values, seed):
    """Send people on to where they stand on the first day, in turn; ``extra``: what `spent` says of each.

    Those whose node is -1 are left for later. Begins at the ``first`` and returns who is next: not all, when
    there should be more room before that.
    """
    while first < len(people):
        last = first + 1
        while last < len(people) and last - first < TOGETHER and nodes[last] == nodes[first]:
            last += 1
        if nodes[first] >= 0:
            batch(
                L.STARTING, nodes[first], people, first, last - first, 0,
                rec, mem, law, chunk, keys, values, extra, seed,
            )  # fmt: skip
        first = last
        if is_full(mem):
            break
    return first
