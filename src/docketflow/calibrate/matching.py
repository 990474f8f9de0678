"""History matching: which draws of the prior are not ruled out by the data, and in how many modes.

The smoother that comes after moves one cloud; where the data leave more than one, it must not be asked to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from docketflow.calibrate.method import method

RULED_OUT, SECOND = float(method("ruled_out")), int(method("second"))
BEST, CHANCE = float(method("best_share")), float(method("chance_of_middle"))
LEFT, FEWEST = float(method("left_share")), int(method("fewest_for_modes"))
BIMODAL = 5 / 9  # Sarle's coefficient of a uniform distribution; more says two modes


def refocused(
    ensemble: np.ndarray, misses: np.ndarray, years: Sequence[int], places: Sequence[int | None]
) -> np.ndarray:
    """Return where to look next: the middle of the members that miss least, each year by its own data.

    Years are nearly apart: what was practice in one is judged by that year, what never changes by all. A
    place moves only as far as its best members lie beyond what chance would put them.

    Parameters
    ----------
    ensemble : [member, place]
    misses : of each member, in standard deviations [member, datum]
    years : of each datum
    places : the year of each place, None where it has none
    """
    centre = ensemble.mean(axis=0)
    last, few = max(years), max(2, int(len(ensemble) * BEST))
    for year in dict.fromkeys(places):
        mine = [year is None or one == min(year, last) for one in years]
        cost = np.minimum(misses[:, mine], 2 * RULED_OUT).mean(axis=1)
        best = np.argsort(cost, kind="stable")[:few]
        there = [place == year for place in places]
        away = ensemble[best][:, there].mean(axis=0) - centre[there]
        chance = CHANCE * ensemble[:, there].std(axis=0) / np.sqrt(few)
        centre[there] += np.sign(away) * np.maximum(np.abs(away) - chance, 0.0)
    return centre


@dataclass(frozen=True)
class Matched:
    """What history matching found.

    Attributes
    ----------
    implausibility : of each member
    kept : members that are not ruled out; the least implausible where too few are left
    ruled_out_all : whether fewer than that were left
    modes : places whose kept members fall into two modes, with Sarle's coefficient
    centre : where the smoother begins to look (`refocused`)
    """

    implausibility: np.ndarray
    kept: np.ndarray
    ruled_out_all: bool
    modes: dict[str, float]
    centre: np.ndarray


def match(
    ensemble: np.ndarray,
    said: np.ndarray,
    wanted: np.ndarray,
    sd: np.ndarray,
    series: list[str],
    names: list[str],
    centre: np.ndarray,
) -> Matched:
    """Return what is not ruled out.

    Parameters
    ----------
    ensemble : [member, place]
    said : logarithms of what each member says of each datum [member, datum]
    wanted, sd : of each datum
    series : the series of each datum
    names : of places
    centre : where the smoother begins
    """
    misses = np.abs(said - wanted) / sd
    of = {one: [name == one for name in series] for one in series}
    by_series = np.array([np.median(misses[:, mine], axis=1) for mine in of.values()])
    implausibility = np.sort(by_series, axis=0)[-min(SECOND, len(by_series))]
    kept = np.flatnonzero(implausibility < RULED_OUT)
    least = int(len(ensemble) * LEFT)
    few = len(kept) < least
    if few:
        kept = np.sort(np.argsort(implausibility, kind="stable")[: max(1, least)])
    modes = {}
    if len(kept) >= FEWEST:
        modes = {
            name: value
            for name, line in zip(names, ensemble[kept].T, strict=True)
            if (value := sarle(line)) > BIMODAL
        }
    return Matched(implausibility, kept, few, modes, centre)


def sarle(values: np.ndarray) -> float:
    """Return Sarle's coefficient of bimodality, with its correction for few values."""
    n, away = len(values), values - values.mean()
    spread = float(np.sqrt((away**2).mean()))
    if not spread:
        return 0.0
    skew, kurtosis = float((away**3).mean()) / spread**3, float((away**4).mean()) / spread**4 - 3
    return (skew**2 + 1) / (kurtosis + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
