"""Time spent before the first day: how long people have been where they stand, and how much is left.

The same arithmetic, number by number, as the twin's (`inspect/spent.py`): each operation once, in its order.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import compiled, inner
from docketflow.engine.run.kernel.memory import (
    DAYS,
    GOLDEN,
    NUMBERS,
    U1,
    U16,
    WORDS,
    _u,
    cell_of,
    load,
    mix,
)

_TABLE, _PAIRS = types.int64[:, ::1], types.int64[:, ::1]
_U11 = _u(11)


@inner(_nrt=False)
def _first(law, base, upto, age):
    """Return the place of the first of a law's numbers of days that is no less than an age."""
    low, high = 0, upto
    while low < high:
        middle = (low + high) >> 1
        if np.int64(load(law, base + middle)) < age:
            low = middle + 1
        else:
            high = middle
    return low


@inner(_nrt=False)
def _steady_age(law, base, ends, lived, u):
    """Return the age of somebody found in a steady state (`lived`: days lived up to each age that ends)."""
    total = float(lived[ends - 1])
    low, high = 0, ends
    while low < high:
        middle = (low + high) >> 1
        if float(lived[middle]) / total <= u:
            low = middle + 1
        else:
            high = middle
    end = min(low, ends - 1)
    days, left = np.int64(load(law, base + end)), ends - end
    back = np.int64(np.floor((float(lived[end]) - u * total) / float(left)))
    age = min(max(days - back, 1), np.int64(load(law, base + ends - 1)))
    by = lived[end] - (days - age) * left
    return age + 1 if float(by) / total <= u else age


@inner(forceinline=True, _nrt=False)
def _unit(luck):
    """Return 64-bit luck as a number in [0, 1)."""
    return float(luck >> _U11) / 9007199254740992.0


@inner(_nrt=False)
def _remaining(law, base, ends, age, u):
    """Return what remains of a stay of some days (-1: never ends)."""
    first = _first(law, base, L.QUANTILES, age)
    fresh = first >= ends and ends == L.QUANTILES
    if fresh:  # an age beyond the last number of days says nothing about the rest
        pick = np.int64(u * float(L.QUANTILES))
    else:
        pick = np.int64(float(first) + u * float(L.QUANTILES - first))
    stay = np.int64(load(law, base + min(pick, L.QUANTILES - 1)))
    if stay == L.NEVER:
        return np.int64(-1)
    return stay if fresh else stay - age


@compiled(
    types.void(types.uint64, _TABLE, WORDS, _TABLE, WORDS, NUMBERS, DAYS, _PAIRS),
    nogil=True,
)
def settle(seed, starts, people, ages, rec, mem, law, found):
    """Write down what remains of people's stays (-1 never, -2 to be drawn) and the days spent there.

    A row of ``starts``, whose people follow on each other (`layout.START_PEOPLE`); ``ages`` are tables of the
    ages of those of them who do not stand in a steady state.
    """
    stride, more = _u(load(mem, L.H_RECORD)), _u(load(mem, L.H_MORE))
    slots = np.full(law.size // L.QUANTILES, -1)  # of each law, where its days lived are summed up
    many, first = 0, 0
    for s in range(len(starts)):  # which laws are needed?
        row = starts[s, L.START_STAY]
        for a in range(first, first + starts[s, L.START_PEOPLE] if row > 0 else first):
            j = people[a] << stride
            cell = cell_of(mem, load(mem, row + L.FIELDS_AT), load(rec, j + U1), load(rec, j + more))
            number = load(mem, load(mem, row + L.ROWS_AT) + cell)
            found[a, 0] = number
            if slots[number] < 0:
                slots[number] = many
                many += 1
        first += starts[s, L.START_PEOPLE]
    lived, ended = np.empty((many, L.QUANTILES), np.int64), np.empty(many, np.int64)
    for number in range(len(slots)):
        if slots[number] >= 0:
            base, days = number * L.QUANTILES, 0
            ends = _first(law, base, L.QUANTILES, L.NEVER)
            for k in range(ends):
                own = np.int64(load(law, base + k))
                days += own
                lived[slots[number], k] = days + (ends - k - 1) * own
            ended[slots[number]] = ends
    first = 0
    for s in range(len(starts)):
        end, spent = first + starts[s, L.START_PEOPLE], starts[s, L.START_SPENT]
        early, late = _u(starts[s, L.START_EARLY]), _u(starts[s, L.START_LATE])
        for a in range(first, end):
            age = np.int64(0)
            person = mix(seed + (people[a] << U16) * GOLDEN)
            if spent >= 0:
                age = ages[spent, np.int64(_unit(mix(person + early)) * float(L.QUANTILES))]
            if starts[s, L.START_STAY] > 0:
                number = found[a, 0]
                base, slot = number * L.QUANTILES, slots[number]
                ends = ended[slot]
                if spent == L.STEADY:
                    u = _unit(mix(person + early))
                    age = _steady_age(law, base, ends, lived[slot], u) if ends > 0 else np.int64(1)
                found[a, 0] = _remaining(law, base, ends, age, _unit(mix(person + late)))
            else:
                found[a, 0] = -2
            found[a, 1] = age
        first = end
