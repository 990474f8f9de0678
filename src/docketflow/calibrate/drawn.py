"""The evidence as a posterior has it: what was fitted is drawn together, from its members, the rest as ever.

More members than a posterior holds are drawn from its fitted shape: a normal one, of its mean and of how its
members differ, all places together.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np

from docketflow.calibrate.fitted import Space
from docketflow.calibrate.grounds import grounds
from docketflow.calibrate.posterior import MANIFEST, SHIPPED, TABLE, space_of
from docketflow.conductor.model import quantiles
from docketflow.core import files
from docketflow.core.quantity import Dated
from docketflow.evidence import Room
from docketflow.policy import load_scenario

HISTORICAL = "historical"
"""The scenario that a kept posterior is fitted on."""


class Joint:
    """Draws of what was fitted.

    Parameters
    ----------
    space : what the places of a member mean
    members : of the posterior [member, place]
    known : the evidence's central values
    """

    def __init__(self, space: Space, members: np.ndarray, known: Mapping[str, Dated]) -> None:
        self.space, self.members, self.known = space, members, known

    def __call__(self, seed: int, numbers: Sequence[int]) -> dict[str, Dated]:
        """Return the parameters of some members of a run, side by side."""
        return self.space.values(np.array([self.moves(seed, number) for number in numbers]), self.known)

    def moves(self, seed: int, number: int) -> np.ndarray:
        """Return the moves of one member of a run: one of the posterior, or one more of its fitted shape."""
        held = len(self.members)
        if number < held:
            return np.asarray(self.members[number])
        names = [f"posterior {k}" for k in range(held)]
        steps = np.array([NormalDist().inv_cdf(at) for at in quantiles(seed, names, [number])[0]])
        away = self.members - self.members.mean(axis=0)
        return np.asarray(self.members.mean(axis=0) + steps @ away / np.sqrt(held - 1))


def drawn_from(room: Room, folder: Path = SHIPPED) -> Room:
    """Return the evidence with what a kept posterior fitted drawn from it."""
    space, members = space_of(folder)
    fitted_here = {one.path for one in space.fitted}
    other = copy.copy(room)
    digest = files.unsealed(folder / MANIFEST)["sha256"][TABLE]
    other.otherwise = f"the ranges of what posterior {digest} fitted"
    other.jointly = Joint(space, members, room.central())
    other.__dict__["parameters"] = {
        path: one.model_copy(update={"shape": None}) if path in fitted_here else one
        for path, one in room.parameters.items()
    }
    return other


def is_of(room: Room, folder: Path = SHIPPED) -> bool:
    """Return whether a kept posterior was fitted to this evidence, by this method."""
    mine = grounds(room, load_scenario(HISTORICAL))
    return bool(files.unsealed(folder / MANIFEST).get("grounds") == mine)
