"""Raking (iterative proportional fitting) of weighted cells to margins, and rounding to whole persons.

Knows arrays and targets only, not what a cell or a margin stands for. See docs/decisions/0002-raking.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CLOSE = 1e-4  # largest relative gap at which raking stops
ROUNDS = 120


@dataclass(frozen=True)
class Target:
    """One margin as arrays: the group of each cell (the last group is free) and what each should hold."""

    name: str
    group: np.ndarray
    asked: np.ndarray

    def met(self, weight: np.ndarray) -> np.ndarray:
        """Return what each group holds."""
        return np.bincount(self.group, weight, len(self.asked) + 1)[:-1]


def rake(
    weight: np.ndarray, targets: Sequence[Target], rounds: int = ROUNDS
) -> tuple[np.ndarray, list[float]]:
    """Return weights scaled in turn to every target, and the largest relative gap of each round.

    The last target is met exactly; the others as closely as they agree. Groups without any cell are left out.
    """
    weight = weight.astype(float)
    gaps: list[float] = []
    for _ in range(rounds):
        worst = 0.0
        for target in targets:
            met = target.met(weight)
            factor = np.divide(target.asked, met, out=np.ones_like(met), where=met > 0)
            worst = max(worst, float(np.max(np.abs(factor[target.asked > 0] - 1), initial=0)))
            weight = weight * np.append(factor, 1.0)[target.group]
        gaps.append(worst)
        if worst < CLOSE:
            break
    return weight, gaps


def whole(weight: np.ndarray, totals: np.ndarray, levels: Sequence[np.ndarray]) -> np.ndarray:
    """Return whole counts by largest remainder, level by level, so that every level's totals are exact.

    Parameters
    ----------
    weight : ndarray
        The raked weight of each cell.
    totals : ndarray of int
        What the groups of the first level must hold.
    levels : sequence of ndarray
        The group of each cell at each level, coarse to fine, each nested in the one before.
    """
    above = np.asarray(totals, dtype=np.int64)
    parent_of_cell = levels[0]
    for group in [*levels[1:], np.arange(len(weight))]:
        names, first, inverse = np.unique(group, return_index=True, return_inverse=True)
        mass = np.bincount(inverse, weight, len(names))
        above = _apportion(mass, parent_of_cell[first], above)
        parent_of_cell = inverse
    return above


def _apportion(mass: np.ndarray, parent: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Divide each parent's whole total among its parts by largest remainder; ties go to the earlier part."""
    sums = np.bincount(parent, mass, len(totals))
    share = mass * np.divide(totals, sums, out=np.zeros_like(sums), where=sums > 0)[parent]
    floor = np.floor(share).astype(np.int64)
    short = totals - np.bincount(parent, floor, len(totals)).astype(np.int64)
    order = np.lexsort((np.arange(len(mass)), floor - share, parent))
    starts = np.searchsorted(parent[order], np.arange(len(totals)))
    rank = np.arange(len(mass)) - starts[parent[order]]
    extra = np.zeros(len(mass), dtype=np.int64)
    extra[order] = rank < short[parent[order]]
    return floor + extra
