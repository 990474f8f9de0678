"""Which inputs matter at all: elementary effects (Morris 1991; Campolongo, Cariboni and Saltelli 2007).

Each path through the inputs has a luck of its own, the same along all of it, so that an effect is one of the
input and not of chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from docketflow.answers.sensitivity.extra import needed
from docketflow.answers.sensitivity.inputs import Inputs
from docketflow.answers.sensitivity.lives import Lives
from docketflow.core.shapes import HIGH, LOW

LEVELS = 4
CONFIDENCE = 0.9


@dataclass(frozen=True)
class Effect:
    """The mean size of what a group of inputs does on its way from the low to the high end of its range."""

    group: str
    size: float
    error: float


def screen(inputs: Inputs, lives: Lives, paths: int, seed: int) -> list[list[Effect]]:
    """Return, for each outcome, the effect of every group of inputs, the largest first."""
    morris, effects = needed("SALib.sample.morris"), needed("SALib.analyze.morris")
    names = inputs.names
    problem = {
        "num_vars": len(names),
        "names": names,
        "bounds": [[LOW, HIGH]] * len(names),
        "groups": [one.group for one in inputs.list],
    }
    points = morris.sample(problem, paths, num_levels=LEVELS, seed=seed)
    each = len(points) // paths
    lived = lives(
        "one group after another", [(inputs.at(point), k // each) for k, point in enumerate(points)]
    )
    found = []
    for values in lived.T:
        known = effects.analyze(problem, points, values, conf_level=CONFIDENCE, num_levels=LEVELS, seed=seed)
        rows = zip(known["names"], known["mu_star"], known["mu_star_conf"], strict=True)
        listed = [Effect(str(name), float(size), _finite(error)) for name, size, error in rows]
        found.append(sorted(listed, key=lambda effect: -effect.size))
    return found


def _finite(error: float) -> float:
    return float(error) if np.isfinite(error) else float("nan")
