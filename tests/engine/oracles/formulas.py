"""Textbook formulas in continuous time, written plainly, with where they come from.

Knows nothing of days nor of the machine. Rates are per unit of time, ``work`` is the mean time of a service,
``load`` the offered load: arrivals a unit of time times work.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def erlang_b(servers: int, load: float) -> float:
    """Return the share of calls that find all lines busy and are lost (Erlang 1917, by recursion)."""
    lost = 1.0
    for k in range(1, servers + 1):
        lost = load * lost / (k + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """Return the share of arrivals that must wait in M/M/c (Erlang 1917; Kleinrock 1975, section 3.5)."""
    lost = erlang_b(servers, load)
    return lost / (1 - load / servers * (1 - lost))


def many_servers_line(servers: int, load: float) -> float:
    """Return the mean number in line in M/M/c (Kleinrock 1975, section 3.5)."""
    return erlang_c(servers, load) * load / (servers - load)


def room_for(places: int, servers: int, load: float) -> np.ndarray:
    """Return the law of the number present in M/M/c/K: a birth-and-death process (Kleinrock 1975, 3.6)."""
    weights = np.ones(places + 1)
    for n in range(1, places + 1):
        weights[n] = weights[n - 1] * load / min(n, servers)
    return weights / weights.sum()


def pollaczek_khinchine(rate: float, work: float, square: float) -> float:
    """Return the mean wait in M/G/1: mean and mean square of a service (Kleinrock 1975, section 5.6)."""
    return rate * square / (2 * (1 - rate * work))


def cobham(rates: Sequence[float], works: Sequence[float], squares: Sequence[float]) -> list[float]:
    """Return the mean wait of each class, the first served first, services never broken off (Cobham 1954)."""
    residual = sum(rate * square for rate, square in zip(rates, squares, strict=True)) / 2
    waits, above = [], 0.0
    for rate, work in zip(rates, works, strict=True):
        upto = above + rate * work
        waits.append(residual / ((1 - above) * (1 - upto)))
        above = upto
    return waits


def traffic(outside: Sequence[float], routes: Sequence[Sequence[float]]) -> np.ndarray:
    """Return how many a unit of time pass each station of an open network with feedback (Jackson 1957)."""
    ways = np.array(routes, dtype=float)
    return np.linalg.solve(np.eye(len(ways)) - ways.T, np.array(outside, dtype=float))


def jackson(outside: Sequence[float], routes: Sequence[Sequence[float]], works: Sequence[float],
            servers: Sequence[int]) -> list[float]:  # fmt: skip
    """Return the mean number in line at each station: each is an M/M/c by itself (Jackson 1957)."""
    rates = traffic(outside, routes)
    loads = [float(rate) * work for rate, work in zip(rates, works, strict=True)]
    return [many_servers_line(c, load) for c, load in zip(servers, loads, strict=True)]


def waves(at: np.ndarray, level: float, swing: float, turn: float, work: float) -> np.ndarray:
    """Return the mean number present in M(t)/M/infinity with inflow level + swing sin(turn t).

    Eick, Massey and Whitt 1993, "Mt/G/infinity queues with sinusoidal arrival rates", equation (15).
    """
    end = 1 / work
    lagged = (end * np.sin(turn * at) - turn * np.cos(turn * at)) / (end**2 + turn**2)
    return level * work + swing * lagged


def poisson(mean: float, upto: int) -> np.ndarray:
    """Return the Poisson law from 0 to ``upto``: the number present in M/G/infinity (Takács 1962)."""
    return np.array([math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(upto + 1)])
