"""Shapley effects: shares of a variance that add up, also where inputs depend on one another.

Owen (2014), Song, Nelson and Staum (2016); from given data by nearest neighbours, Broto, Bachoc and Depecker
(2020). Knows numbers only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np

MOST = 8  # inputs or groups: 256 subsets


def shares(worth: Callable[[frozenset[int]], float], parts: int) -> np.ndarray:
    """Return what each part is worth on average over all orders, given what every set of them is worth.

    >>> shares(lambda held: float(len(held) == 2), 2).tolist()
    [0.5, 0.5]
    """
    known = {
        frozenset(held): worth(frozenset(held))
        for size in range(parts + 1)
        for held in itertools.combinations(range(parts), size)
    }
    found = np.zeros(parts)
    for held, value in known.items():
        for part in range(parts):
            if part not in held:
                weight = 1 / (parts * math.comb(parts - 1, len(held)))
                found[part] += weight * (known[held | {part}] - value)
    return found


def effects(inputs: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the Shapley effect of each input [input] from a sample, as shares that add up to one.

    Parameters
    ----------
    inputs : ndarray [point, input]
        Drawn as they are drawn together, dependence and all.
    values : ndarray [point]
        Without noise.
    """
    ranks = np.argsort(np.argsort(inputs, axis=0), axis=0) / len(values)
    centred = values - values.mean()
    variance = float(np.mean(centred**2))

    def explained(held: frozenset[int]) -> float:
        if not held:
            return 0.0
        if len(held) == inputs.shape[1]:
            return 1.0
        near = _nearest(ranks[:, sorted(held)])
        return float(np.mean(centred * centred[near])) / variance

    return shares(explained, inputs.shape[1])


def closed(function: Callable[[np.ndarray], np.ndarray], first: np.ndarray, second: np.ndarray,
           groups: Sequence[Sequence[int]]) -> np.ndarray:  # fmt: skip
    """Return the Shapley effects of groups of independent inputs on a function, in units of its variance.

    Parameters
    ----------
    first, second : ndarray [point, input]
        Two independent samples of the inputs (pick and freeze).
    """
    base = function(first)
    middle = base.mean()
    own = base - middle

    def worth(held: frozenset[int]) -> float:
        if not held:
            return 0.0
        mixed = second.copy()
        for group in held:
            mixed[:, list(groups[group])] = first[:, list(groups[group])]
        other = function(mixed)
        return float(np.mean(own * (other - other.mean())))

    return shares(worth, len(groups))


def _nearest(points: np.ndarray) -> np.ndarray:
    """Return the place of each point's nearest other."""
    from docketflow.answers.sensitivity.extra import needed

    return np.asarray(needed("scipy.spatial").cKDTree(points).query(points, k=2)[1][:, 1])
