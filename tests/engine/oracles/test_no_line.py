"""M/G/infinity, steady and varying in time: a stage that everybody enters at once.

Who came on day s is still there on day t with the chance that a stay lasts longer than t - s: mean and
variance of every day are exact, for any law and any inflow.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from docketflow.core.quantity import Dated
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d

from . import daily, formulas, systems
from .findings import FIRST, Finding

STAYS = {
    "exponential": d.exponential(30),
    "lognormal": d.lognormal(20, 0.9),
    "weibull": d.weibull(40, 1.5),
    "uniform": d.uniform(5, 60),
}
DAYS, RUNS = 500, 60


def wave(days: int, level: float, swing: float, period: float) -> np.ndarray:
    """Return an inflow that swings about a level."""
    return level + swing * np.sin(2 * np.pi / period * (np.arange(days) + 0.5))


def in_and_out(kind: str, inflow: np.ndarray, share: float = 1.0, slow: float = 1.0) -> np.ndarray:
    """Return how far the mean number present over runs is off each evening, in exact standard errors.

    ``slow`` other than one lengthens the stays that the formula has: a fault put in on purpose.
    """
    law = STAYS[kind]
    network = systems.unlimited(law, systems.by_day(inflow, FIRST.toordinal()), share)
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=FIRST, days=len(inflow))
    books = [Run(bound, {"start": ["start"], "count": [0]}, k).finish() for k in range(RUNS)]
    came = books[0].arrived["comes"].astype(float)
    left = share * daily.still_there(np.rint(systems.days_of(law) * slow).astype(np.int64))
    mean, variance = daily.inside(came, left), daily.inside(came, left * (1 - left))
    found = np.mean([ledger.stock["inside"] for ledger in books], axis=0)
    return (found - mean) / np.sqrt(np.maximum(variance, 1e-9) / RUNS)


@pytest.mark.parametrize("share", [1.0, 0.1])
@pytest.mark.parametrize("kind", STAYS)
def test_that_a_stage_holds_every_evening_what_inflow_and_law_say(kind: str, share: float) -> None:
    off = in_and_out(kind, wave(DAYS, 40, 25, 120) / share, share)[1:]
    assert np.abs(off).max() < 5  # of 500 evenings, each normal: once in three thousand tries
    assert abs((off**2).mean() - 1) < 1  # neither too far nor too near


def test_that_stays_three_per_cent_longer_are_noticed() -> None:
    assert np.abs(in_and_out("lognormal", wave(DAYS, 40, 25, 120), slow=1.03)[1:]).max() > 8


def off_waves(finer: int) -> float:
    """Return how far the mean is off at most, in parts of its level, at so small a part of a day."""
    work, period = 30.0 * finer, 120.0 * finer
    inflow = wave(int(12 * period), 40 / finer, 25 / finer, period)
    mean = daily.inside(inflow, np.exp(-np.arange(len(inflow)) / work))
    at = np.arange(len(inflow)) + 1.0
    textbook = formulas.waves(at, 40 / finer, 25 / finer, 2 * np.pi / period, work)
    return float(np.abs(mean - textbook)[len(inflow) // 2 :].max() / (40 * 30))


def test_that_a_swinging_inflow_is_followed_as_eick_massey_and_whitt_say() -> None:
    """The mean in days comes to the textbook's as days get short; the wave lags and flattens."""
    off = [off_waves(finer) for finer in (1, 4, 16)]
    assert off[2] < 0.002
    assert off[2] < 0.3 * off[1] < 0.3 * 0.3 * off[0]


def steady(kind: str, runs: int = 40) -> Finding:
    """Return what runs say of the mean number in M/G/infinity."""
    law = STAYS[kind]
    days = systems.days_of(law)
    network = systems.unlimited(law, 50, 0.02)
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=FIRST, days=3000)
    seed = 1000 * list(STAYS).index(kind)  # else the same people come to each
    books = [Run(bound, {"start": ["start"], "count": [0]}, seed + k).finish() for k in range(runs)]
    found = [ledger.stock["inside"][days.max() :].mean() for ledger in books]
    return Finding(f"M/G/infinity, {kind} stays", "present", float(days.mean()), np.array(found))


@pytest.mark.parametrize("kind", STAYS)
def test_that_the_number_in_a_stage_is_inflow_times_mean_stay(kind: str) -> None:
    steady(kind).assert_within(1)


def samples(runs: int = 60) -> tuple[np.ndarray, int]:
    """Return numbers present on days so far apart that nobody is in two of them, and the mean."""
    law = STAYS["uniform"]
    days = systems.days_of(law)
    apart = int(days.max()) + 1
    network = systems.unlimited(law, 50, 0.02)
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=FIRST, days=60 * apart)
    books = [Run(bound, {"start": ["start"], "count": [0]}, k).finish() for k in range(runs)]
    return np.concatenate([ledger.stock["inside"][apart::apart] for ledger in books]), float(days.mean())


def test_that_the_number_in_a_stage_has_poissons_law() -> None:
    present, mean = samples()
    law = formulas.poisson(mean, 200)
    edges = np.searchsorted(np.cumsum(law), np.arange(1, 10) / 10)  # the last number of each tenth but one
    chances = np.add.reduceat(law, np.concatenate([[0], edges + 1]))
    counts = np.bincount(np.searchsorted(edges, present, side="left"), minlength=10)
    misfit = ((counts - len(present) * chances) ** 2 / (len(present) * chances)).sum()
    assert len(present) > 3000
    assert misfit < 34  # chi-squared with 9 degrees: exceeded once in ten thousand


def findings(more: int = 1) -> Iterator[Finding]:
    """Yield everything that is held against an oracle here, from ``more`` times as many runs."""
    for kind in STAYS:
        yield steady(kind, 40 * more)
