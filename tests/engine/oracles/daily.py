"""The same systems in whole days, exactly: what the machine must say at any length of day.

The textbook lives in continuous time, the machine in days. Between them stand these formulas, which have no
error of their own: the machine is held against them with nothing but chance allowed, and they are held
against the textbook as the day gets short beside a service. People come each day in a number with a law of
its own (`Comers`), the same every day; a server taken on day t for H days is free on day t + H.
Knows nothing of the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


def binomial(tries: int, share: float) -> np.ndarray:
    """Return the binomial law from 0 to ``tries``."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, tries + 1)))])
    n = np.arange(tries + 1)
    if share in (0.0, 1.0):
        return (n == tries * share).astype(float)
    return np.exp(logs[-1] - logs - logs[::-1] + n * np.log(share) + (tries - n) * np.log1p(-share))


@dataclass(frozen=True)
class Comers:
    """Every day ``tries`` people may come and each does with chance ``share``: Poisson if that is small."""

    tries: int
    share: float

    @property
    def mean(self) -> float:
        """Return how many come a day."""
        return self.tries * self.share

    @property
    def pairs(self) -> float:
        """Return the mean of A (A - 1), A the number who come on a day."""
        return self.tries * (self.tries - 1) * self.share**2

    def law(self) -> np.ndarray:
        """Return the chance of each number."""
        return binomial(self.tries, self.share)


@dataclass(frozen=True)
class Holding:
    """How many days one server is held: the mean and the mean square."""

    mean: float
    square: float

    @classmethod
    def of(cls, days: np.ndarray, at_once: float = 0.0) -> Holding:
        """Return it of a day of service and then a stay, which a share ``at_once`` do not need."""
        whole = 1.0 + days
        rest = 1 - at_once
        return cls(at_once + rest * whole.mean(), at_once + rest * (whole**2).mean())


# --- many servers, each busy one free tomorrow with the same chance -------------------------------------
def present(
    comers: Comers, ends: float, servers: int, places: int, *, morning: bool = False
) -> tuple[np.ndarray, float]:
    """Return the law of the number present in the evening, and the share refused for want of a place.

    From one evening to the next, of those in service (at most ``servers``) each leaves with chance ``ends``,
    then the day's people come, as far as there are places. With ``morning`` the law is that between the two.
    """
    states = places + 1
    stay, law = np.zeros((states, states)), comers.law()
    for n in range(states):
        busy = min(n, servers)
        stay[n, n - busy : n + 1] = binomial(busy, ends)[::-1]
    come = np.zeros((states, states))
    refused = np.zeros(states)
    for n in range(states):
        room = min(places - n, comers.tries)
        come[n, n : n + room + 1] = law[: room + 1]
        come[n, places] += law[room + 1 :].sum()
        refused[n] = (law[room + 1 :] * np.arange(1, comers.tries - room + 1)).sum()
    step = stay @ come
    equations = np.vstack([step.T[:-1] - np.eye(states)[:-1], np.ones(states)])
    evening = np.clip(np.linalg.solve(equations, np.eye(states)[-1]), 0, None)
    before = evening @ stay
    return before if morning else evening, float(before @ refused) / comers.mean


def in_line(law: np.ndarray, servers: int) -> float:
    """Return the mean number in line."""
    return float(law[servers:] @ np.arange(len(law) - servers))


# --- one server, any law of service ---------------------------------------------------------------------
def waits(comers: Sequence[Comers], holdings: Sequence[Holding]) -> list[float]:
    """Return the mean days waited by class, the first served first, services never broken off.

    Cobham's argument in days. Who comes finds a service that goes on (each service of H days meets those
    who come on its later days with H - 1, ..., 0 days to go), those in line, those of the day placed before,
    and is overtaken by who comes later in a class above, until the very day of service. For one class it is
    the mean of Lindley's recursion in days, (E W² - E W) / 2 (1 - E W) with W a day's new work, plus the
    work of those of the same day placed before.
    """
    residual = sum(c.mean * (h.square - h.mean) / 2 for c, h in zip(comers, holdings, strict=True))
    found, above, ahead = [], 0.0, 0.0
    for c, h in zip(comers, holdings, strict=True):
        load = c.mean * h.mean
        same_day = c.pairs / (2 * c.mean) * h.mean
        found.append((residual + ahead + same_day) / (1 - above - load))
        above += load
        ahead += load * (found[-1] + 1)
    return found


# --- no line at all -------------------------------------------------------------------------------------
def still_there(days: np.ndarray) -> np.ndarray:
    """Return the share of stays still going in the evening of day 0, 1, 2, ... after entry."""
    counts = np.bincount(days)
    return 1 - np.cumsum(counts) / counts.sum()


def inside(inflow: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return the mean number present each evening: yesterday's inflows times who is still there."""
    return np.convolve(inflow, left)[: len(inflow)]


# --- stations one after another, with feedback ----------------------------------------------------------
def stations(
    ends: Sequence[float],
    servers: Sequence[int],
    comers: Sequence[Comers],
    routes: Sequence[Sequence[float]],
    begin: np.ndarray,
) -> list[float]:
    """Return the mean number in line at each station, from the law of all of them together.

    Of those in service at a station each leaves with the same chance; all who leave on a day go their ways
    at once, then the day's people come. The law is stepped from ``begin`` (numbers present, one axis a
    station) until its means stand still; who would not fit in the array is left out, and must be few.
    """
    size = begin.shape
    moves: dict[tuple[int, ...], np.ndarray] = {}
    for gone in np.ndindex(*(c + 1 for c in servers)):
        chance = np.ones(size)
        for i, leave in enumerate(gone):
            busy = np.minimum(np.arange(size[i]), servers[i])
            of = [binomial(n, ends[i])[leave] if leave <= n else 0.0 for n in busy]
            chance = chance * np.array(of).reshape([-1 if k == i else 1 for k in range(len(size))])
        for change, share in _ways(gone, routes).items():
            moves[change] = moves.get(change, 0.0) + share * chance
    law, last = begin / begin.sum(), np.zeros(len(size))
    for step in range(100_000):
        new = np.zeros(size)
        for change, chance in moves.items():
            where = [slice(max(0, c), n + min(0, c)) for c, n in zip(change, size, strict=True)]
            whence = [slice(max(0, -c), n - max(0, c)) for c, n in zip(change, size, strict=True)]
            new[tuple(where)] += (law * chance)[tuple(whence)]
        for i, some in enumerate(comers):
            new = sum(chance * _later(new, i, n) for n, chance in enumerate(some.law()) if chance > 1e-9)
        law = new / new.sum()
        if step % 50 == 0:
            axes = [tuple(k for k in range(len(size)) if k != i) for i in range(len(size))]
            means = np.array([in_line(law.sum(axis=a), c) for a, c in zip(axes, servers, strict=True)])
            if np.abs(means - last).max() < 1e-5:
                break
            last = means
    return [float(mean) for mean in means]


def _ways(gone: Sequence[int], routes: Sequence[Sequence[float]]) -> dict[tuple[int, ...], float]:
    """Return the law of how the numbers at all stations change when so many leave each."""
    found = {tuple(-n for n in gone): 1.0}
    for i, leave in enumerate(gone):
        for _ in range(leave):
            after: dict[tuple[int, ...], float] = {}
            for change, chance in found.items():
                after[change] = after.get(change, 0.0) + chance * (1 - sum(routes[i]))
                for j, share in enumerate(routes[i]):
                    to = tuple(c + (k == j) for k, c in enumerate(change))
                    after[to] = after.get(to, 0.0) + chance * share
            found = after
    return {change: chance for change, chance in found.items() if chance}


def _later(law: np.ndarray, axis: int, by: int) -> np.ndarray:
    """Return a law moved up along an axis."""
    moved = np.zeros_like(law)
    size = law.shape[axis]
    to, of = [slice(None)] * law.ndim, [slice(None)] * law.ndim
    to[axis], of[axis] = slice(by, size), slice(0, size - by)
    moved[tuple(to)] = law[tuple(of)]
    return moved
