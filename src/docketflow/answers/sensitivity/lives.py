"""Runs for a sensitivity study: many points of the inputs at once, each under a luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from docketflow.answers.sensitivity.inputs import Inputs, Moved
from docketflow.conductor.model import quantiles
from docketflow.conductor.simulator import OTHER_LUCK, TWICE, Simulator

Told = Callable[[str, int], None]


class Lives:
    """Lives points of the inputs and remembers how many runs that took."""

    def __init__(self, simulator: Simulator, outcomes: Sequence[str], told: Told | None = None) -> None:
        self.simulator, self.outcomes = simulator, tuple(outcomes)
        self.runs = 0
        self._told = told or (lambda what, runs: None)
        simulator.at(0)  # alone: compiles the engine once, and fails early

    def __call__(
        self, what: str, points: Iterable[tuple[Moved, int]], simulator: Simulator | None = None
    ) -> np.ndarray:
        """Return the outcomes of some runs [run, outcome]."""
        own = simulator or self.simulator

        def one(point: tuple[Moved, int]) -> list[float]:
            moved, luck = point
            answer = own.at(luck, moved.values, quantiles=moved.quantiles, scenario=moved.scenario)
            return [answer.outcomes[name][1] for name in self.outcomes]

        asked = list(points)
        self._told(what, len(asked))
        self.runs += len(asked)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.array(list(pool.map(one, asked)), dtype=float).reshape(-1, len(self.outcomes))

    def design(self, inputs: Inputs, members: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the quantiles [member, input] and outcomes of members, and those with other luck.

        The quantiles are those at which the members of a run draw; every twelfth member is lived twice.
        """
        names, seed = [one.drawn_as for one in inputs.list], self.simulator.seed
        at = quantiles(seed, names, range(members))
        twice = [member for member in range(members) if member % TWICE == TWICE - 1]
        points = [(inputs.at(at[member]), member) for member in range(members)]
        points += [(points[member][0], member + OTHER_LUCK) for member in twice]
        lived = self("all inputs at once", points)
        again = np.full((members, len(self.outcomes)), np.nan)
        again[twice] = lived[members:]
        return at, lived[:members], again
