"""Shares a difference out among its causes: each cause's part is what it changes, averaged over all orders.

It knows causes, members and a function that lives a member with some causes on, ``evaluate(on, member)``:
nothing of what is simulated, so it takes any declared network. The parts of a member add up to its whole
difference, whatever the order, so there is no residual.

Up to eight causes every subset is lived once and all orders are counted. Beyond that each member goes
through some orders, each with its reverse: they still add up, and the error of so few is told.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

MOST_EXACT = 8  # causes of which all orders are counted: 256 subsets a member
Evaluate = Callable[[frozenset[str], int], "np.ndarray | float"]
Order = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Split:
    """A difference and its parts, member by member, of every number that was asked for.

    Attributes
    ----------
    causes : their names, in the order given
    exact : whether all orders were counted
    runs : lives lived
    none, every : ndarray [member, number]
        With no cause on, and with all.
    parts : ndarray [cause, member, number]
        What each cause changes; over causes they add up to ``every - none``.
    first, last : ndarray [cause, member, number], None where not all orders were counted
        What each changes when it comes first, and when all others are on already.
    sampling : ndarray [cause, number]
        Error of the mean part from having gone through some orders only; zero where all were counted.
    """

    causes: tuple[str, ...]
    exact: bool
    runs: int
    none: np.ndarray
    every: np.ndarray
    parts: np.ndarray
    first: np.ndarray | None
    last: np.ndarray | None
    sampling: np.ndarray

    @property
    def gap(self) -> np.ndarray:
        """The whole difference [member, number]."""
        return np.asarray(self.every - self.none)


def share_out(
    evaluate: Evaluate,
    causes: Sequence[str],
    members: int,
    *,
    orders: int = 1,
    workers: int | None = None,
) -> Split:
    """Share out the difference that causes make together.

    Parameters
    ----------
    evaluate : callable
        Lives a member with some causes on and returns a number, or an array of numbers; the same for the same
        arguments, with the same luck for the same member whatever is on.
    causes : sequence of str
    members : int
    orders : int
        Orders a member goes through, each with its reverse, where there are too many causes for all.
    workers : int, optional
        Threads that live members.
    """
    exact = len(causes) <= MOST_EXACT
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        one = _exactly if exact else _sampled
        found = list(pool.map(lambda member: one(_Member(evaluate, member), causes, orders), range(members)))
    runs, none, every, parts, first, last, sampled = zip(*found, strict=True)
    return Split(
        causes=tuple(causes),
        exact=exact,
        runs=sum(runs),
        none=np.stack(none),
        every=np.stack(every),
        parts=np.stack(parts, axis=1),
        first=np.stack(first, axis=1) if exact else None,
        last=np.stack(last, axis=1) if exact else None,
        sampling=np.sqrt(np.sum(sampled, axis=0)) / members,
    )


def lives(causes: int, orders: int = 1) -> int:
    """Return how many lives of a member it takes to share out so many causes.

    >>> lives(5), lives(40)
    (32, 80)
    """
    return 1 << causes if causes <= MOST_EXACT else 2 * orders * (causes - 1) + 2


class _Member:
    """One member, each subset of causes lived once."""

    def __init__(self, evaluate: Evaluate, number: int) -> None:
        self._evaluate, self._number = evaluate, number
        self._kept: dict[frozenset[str], np.ndarray] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def __call__(self, on: frozenset[str]) -> np.ndarray:
        if on not in self._kept:
            found = self._evaluate(on, self._number)
            self._kept[on] = np.atleast_1d(np.asarray(found, dtype=float))
        return self._kept[on]


_Found = tuple[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _exactly(live: _Member, causes: Sequence[str], orders: int) -> _Found:
    """Return a member's parts over all orders; whole counts of orders, divided once at the end."""
    n, every = len(causes), frozenset(causes)
    subsets = [frozenset(causes[k] for k in range(n) if mask >> k & 1) for mask in range(1 << n)]
    before = [math.factorial(size) * math.factorial(n - 1 - size) for size in range(n)]
    parts = []
    for cause in causes:
        without = [on for on in subsets if cause not in on]
        parts.append(sum(before[len(on)] * (live(on | {cause}) - live(on)) for on in without))
    none, whole = live(frozenset()), live(every)
    size = none.shape
    first = np.array([live(frozenset([cause])) - none for cause in causes]).reshape(n, *size)
    last = np.array([whole - live(every - {cause}) for cause in causes]).reshape(n, *size)
    shared = np.array(parts).reshape(n, *size) / math.factorial(n)
    return len(live), none, whole, shared, first, last, np.zeros((n, *size))


def _sampled(live: _Member, causes: Sequence[str], orders: int) -> _Found:
    """Return a member's parts over some orders, and the variance of their mean from there being no more."""
    member = live._number
    through = []
    for k in range(orders):
        order = _order(causes, member * orders + k)
        through += [_along(live, order, causes), _along(live, order[::-1], causes)]
    steps = np.array(through)
    nothing = np.zeros_like(steps[0])
    every = live(frozenset(causes))
    return (
        len(live), live(frozenset()), every, steps.mean(axis=0), nothing, nothing,
        steps.var(axis=0, ddof=1) / len(steps),
    )  # fmt: skip


def _along(live: _Member, order: Order, causes: Sequence[str]) -> np.ndarray:
    """Return what each cause changes when they are turned on in one order."""
    on: frozenset[str] = frozenset()
    steps = {}
    for cause in order:
        steps[cause] = live(on | {cause}) - live(on)
        on |= {cause}
    return np.array([steps[cause] for cause in causes])


def _order(causes: Sequence[str], number: int) -> Order:
    """Return one order of many: shuffled by a hash, then turned, so that each cause comes first as often.

    >>> sorted(_order("abc", 0)) == sorted(_order("abc", 1)) and _order("abc", 0) != _order("abc", 1)
    True
    """
    round_, turn = divmod(number, len(causes))
    shuffled = sorted(causes, key=lambda name: hashlib.sha256(f"{round_} {name}".encode()).digest())
    return tuple(shuffled[turn:] + shuffled[:turn])


def in_whole_numbers(parts: Sequence[float], total: float) -> list[int]:
    """Return parts rounded to whole numbers that still add up to the rounded total (largest remainders).

    >>> in_whole_numbers([1.4, 1.4, 1.2], 4.0)
    [2, 1, 1]
    """
    floors = [math.floor(part) for part in parts]
    lacking = round(total) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda k: (floors[k] - parts[k], k))
    for k in by_remainder[: max(0, lacking)]:
        floors[k] += 1
    return floors
