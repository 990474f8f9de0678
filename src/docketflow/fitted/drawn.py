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

from docketflow.core.quantity import Dated, Table, Value
from docketflow.engine.draws import quantiles
from docketflow.evidence import Room
from docketflow.fitted.kept import SHIPPED, space_of
from docketflow.fitted.places import Space


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
        self.paths = tuple(dict.fromkeys(one.path for one in space.fitted))

    def __call__(self, seed: int, numbers: Sequence[int]) -> dict[str, Dated]:
        """Return the parameters of some members of a run, side by side."""
        return self.space.values(np.array([self.moves(seed, number) for number in numbers]), self.known)

    def moved(self, path: str, value: Value) -> np.ndarray:
        """Return which numbers of a value are drawn: all, or those of some labels."""
        if not isinstance(value, Table):
            return np.ones(1, dtype=bool)
        found = np.zeros(value.data.shape, dtype=bool)
        for one in self.space.fitted:
            if one.path == path:
                found[one.cells(value)] = True
        return found.ravel()

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
    other = copy.copy(room)
    other.jointly = Joint(space, members, room.central())
    other.__dict__["parameters"] = {
        path: one.model_copy(update={"shape": None}) if path in other.jointly.paths else one
        for path, one in room.parameters.items()
    }
    return other
