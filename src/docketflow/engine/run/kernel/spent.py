"""Time spent before the first day: how long people have been where they stand, and how much is left.

The same arithmetic, number by number, as the twin's (`inspect/spent.py`): each operation once, in its order.
"""

from __future__ import annotations

import numpy as np
from numba import types

from docketflow.engine import layout as L
from docketflow.engine.run.kernel.memory import DAYS, NUMBERS, compiled, load

_PARTS = types.float64[::1]


@compiled(_nrt=False)
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


@compiled(_nrt=False)
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


@compiled(
    types.void(NUMBERS, NUMBERS, types.boolean[::1], _PARTS, _PARTS, DAYS, types.int64[:, ::1]), nogil=True
)
def settle(order, numbers, steady, early, late, law, found):
    """Write down what remains of people's stays (-1: never ends) and, in a steady state, their age.

    ``numbers`` of laws, luck and ``found`` (what remains, days spent) are by person; ``order`` has those of
    one law together.
    """
    lived = np.empty(L.QUANTILES, np.int64)
    known, ends = np.int64(-1), 0
    for who in order:
        base = numbers[who] * L.QUANTILES
        if base != known:
            known, ends = base, _first(law, base, L.QUANTILES, L.NEVER)
            days = 0
            for k in range(ends):
                own = np.int64(load(law, base + k))
                days += own
                lived[k] = days + (ends - k - 1) * own
        if steady[who]:
            found[who, 1] = _steady_age(law, base, ends, lived, early[who]) if ends > 0 else 1
        first, u = _first(law, base, L.QUANTILES, found[who, 1]), late[who]
        fresh = first >= ends and ends == L.QUANTILES
        if fresh:  # an age beyond the last number of days says nothing about the rest
            pick = np.int64(u * float(L.QUANTILES))
        else:
            pick = np.int64(float(first) + u * float(L.QUANTILES - first))
        stay = np.int64(load(law, base + min(pick, L.QUANTILES - 1)))
        if stay == L.NEVER:
            found[who, 0] = -1
        else:
            found[who, 0] = stay if fresh else stay - found[who, 1]
