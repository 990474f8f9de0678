"""Sobol indices of groups of inputs on an emulator, with intervals that hold its error (Saltelli 2010)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from docketflow.answers.sensitivity.emulator import FOLDS, Emulator
from docketflow.answers.sensitivity.extra import needed
from docketflow.results.summary import NORMAL_95

POINTS = 512  # of Saltelli's design
CONFIDENCE = 0.9
EDGE = 1e-3  # quantiles are kept so far from the ends, where every shape is still finite


@dataclass(frozen=True)
class Share:
    """A share of a variance with its 90% interval."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float | str]:
        """Return it as plain data."""
        return {"value": self.value, "low": self.low, "high": self.high, "unit": "share"}


@dataclass(frozen=True)
class Index:
    """What a group of inputs does alone, and with all it does together with others."""

    group: str
    first: Share
    total: Share


def sobol(emulator: Emulator, groups: Sequence[str], variance: float, seed: int) -> list[Index]:
    """Return the indices of groups of inputs, as shares of a variance, the largest total first.

    Parameters
    ----------
    groups : the group of each input of the emulator
    variance : of the outcome over members, what screened-out inputs and luck add included
    """
    sampling, analysis = needed("SALib.sample.sobol"), needed("SALib.analyze.sobol")
    problem = {
        "num_vars": len(groups),
        "names": [str(k) for k in range(len(groups))],
        "bounds": [[EDGE, 1 - EDGE]] * len(groups),
        "groups": list(groups),
    }
    points = sampling.sample(problem, POINTS, calc_second_order=False, seed=seed)

    def indices(function: Callable[[np.ndarray], np.ndarray]) -> dict[str, np.ndarray]:
        values = function(points)
        scale = float(np.var(values)) / variance
        known = analysis.analyze(
            problem, values, calc_second_order=False, conf_level=CONFIDENCE, seed=seed, print_to_console=False
        )
        return {
            key: np.asarray(known[key], dtype=float) * scale for key in ("S1", "S1_conf", "ST", "ST_conf")
        }

    whole = indices(emulator.whole)
    left = [indices(fit) for fit in emulator.without]
    names = list(dict.fromkeys(groups))
    if len(names) == 1:  # one group is all of it; the estimator has nothing to compare it with
        share = _share(float(np.var(emulator.whole(points))) / variance, 0.0, [])
        return [Index(names[0], share, share)]

    def shares(key: str) -> list[Share]:
        return [
            _share(whole[key][k], whole[f"{key}_conf"][k], [one[key][k] for one in left])
            for k in range(len(names))
        ]

    found = [Index(*row) for row in zip(names, shares("S1"), shares("ST"), strict=True)]
    return sorted(found, key=lambda index: -index.total.value)


def _share(value: float, half: float, left: Sequence[float]) -> Share:
    """Return a share with its interval: of the sample of points, and (jackknife) of the members shown."""
    spread = float(np.sqrt((FOLDS - 1) * np.var(left))) * NORMAL_95 if left else 0.0
    reach = float(np.hypot(half, spread))
    value = min(max(float(value), 0.0), 1.0)
    return Share(value, max(0.0, value - reach), min(1.0, value + reach))
