"""Truths made by the model itself: how often the bands of a fit hold what is known to be true.

It proves that the method finds the numbers of a model that is right, at this size and this noise. It proves
nothing about a model that is wrong, and every model is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from docketflow.calibrate.fit import fit
from docketflow.calibrate.lived import Lived, by_month
from docketflow.calibrate.targets import Datum, read, vector
from docketflow.conductor.model import quantiles
from docketflow.policy import Scenario

BEYOND = 50_000  # numbers of members that are truths, and of no ensemble


def truths(
    scenario: Scenario,
    count: int,
    *,
    until: dt.date,
    folder: Path,
    members: int,
    steps: int,
    scale: Fraction | str,
    seed: int = 1,
) -> Iterator[dict[str, Any]]:
    """Yield, of each truth and place, where it lies in the posterior fitted to what it would publish.

    Parameters
    ----------
    scenario, until, folder, members, steps, scale, seed
        As of `fit`; the same call goes on from what was lived.
    count : int
        How many truths.
    """
    size: dict[str, Any] = {"members": members, "steps": steps, "scale": scale, "seed": seed}
    for number in range(count):
        true = _Truth(number, count, seed + 1)
        found = fit(scenario, until=until, folder=folder, truth=true, **size)
        for place, name in enumerate(found.space.names):
            after, at = found.members[:, place], float(true.member[place])
            low, high = np.quantile(after, [0.05, 0.95])
            yield {
                "truth": number,
                "place": name,
                "true": at,
                "low": float(low),
                "high": float(high),
                "inside": bool(low <= at <= high),
                "rank": float(np.mean(after < at)),
                "sd_ratio": float(after.std(ddof=1) / found.prior[:, place].std(ddof=1)),
            }


class _Truth:
    """One truth: a member of the prior that is in no ensemble, and what it would publish, noise and all."""

    def __init__(self, number: int, count: int, seed: int) -> None:
        self.number, self.count, self.seed = number, count, seed
        self.member = np.zeros(0)

    def __call__(self, lived: Lived, every: Sequence[Datum], sd: np.ndarray) -> np.ndarray:
        self.member = lived.space.prior(self.seed, self.count)[self.number]
        said = lived.one(BEYOND + self.number, self.member)
        noise = quantiles(self.seed, [f"noise {k}" for k in range(len(every))], [self.number])[0]
        away = np.vectorize(NormalDist().inv_cdf)(noise) * vector(every)[1]  # luck is in it already
        return np.asarray(read(every, by_month(said, lived.outcomes, lived.months)) + away)
