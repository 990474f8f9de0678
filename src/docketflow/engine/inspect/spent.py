"""Time spent before the first day: how long people have been where they stand, and how much is left."""

from __future__ import annotations

import numpy as np

from docketflow.engine.layout import NEVER, QUANTILES


def age_in_equilibrium(table: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return ages (days since entry, at least 1) of people found inside a stage in its steady state.

    The chance of age a is proportional to the chance that a stay lasts at least a days.
    """
    days = table[: np.searchsorted(table, np.uint16(NEVER))].astype(np.int64)  # they rise
    if len(days) == 0:
        return np.ones(len(u), dtype=np.int64)
    # how many of all days lived are lived by an age: a straight line between one stay's end and the next
    left = len(days) - np.arange(len(days))
    lived = np.cumsum(days) + (left - 1) * days
    total = lived[-1]
    stay = np.searchsorted(lived / total, u, side="right")
    end = np.minimum(stay, len(days) - 1)
    back = np.floor((lived[end] - u * total) / left[end]).astype(np.int64)
    age = np.clip(days[end] - back, 1, days[-1])
    by = lived[end] - (days[end] - age) * left[end]
    return np.where(by / total <= u, age + 1, age)


def remaining(table: np.ndarray, age: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return the stay that remains (0: ends on the first day) given the age; -1 where it never ends.

    An age beyond the table's last number of days says nothing about the rest, which is then drawn afresh.
    """
    days = table.astype(np.int64)
    first = np.searchsorted(days, age, side="left")
    fresh = first >= np.searchsorted(days, NEVER, side="left")
    fresh &= days[-1] != NEVER
    pick = np.where(fresh, u * QUANTILES, first + u * (QUANTILES - first)).astype(np.int64)
    stay = days[np.minimum(pick, QUANTILES - 1)]
    return np.where(stay == NEVER, -1, np.where(fresh, stay, stay - age))
