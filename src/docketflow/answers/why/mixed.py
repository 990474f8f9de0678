"""Lives a member of two scenarios mixed: some causes as in one, all else as in the other, with the same luck.

A setting acts on the parameter of its lever and on no other (or says how many people there are), so a mixture
is the composed parameters of either side, lever by lever, given outright to a simulator without levers. With
every cause on, or none, that is the very run of the scenario itself, to the last bit.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from docketflow.answers.why.groups import Cause, touched
from docketflow.conductor.answer import Answer
from docketflow.conductor.ensemble import gather
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import UsageError, unknown
from docketflow.core.outcomes import outcomes
from docketflow.core.quantity import Dated
from docketflow.policy import Scenario
from docketflow.policy.setting import PEOPLE
from docketflow.results import Result

REMEMBERED = 64  # members whose composed parameters are kept


class Mixed:
    """Two scenarios and what they may be mixed of.

    Parameters
    ----------
    one, other : Scenario
        With every cause on it is ``one``; with none, ``other``.
    causes : sequence of Cause
    scale, seed : as of `Simulator`
    """

    def __init__(
        self, one: Scenario, other: Scenario, causes: Sequence[Cause], *, scale: Fraction | str, seed: int
    ) -> None:
        self.causes = {cause.name: cause.levers for cause in causes}
        self.one = Simulator(one, scale=scale, seed=seed)
        self.other = Simulator(other, scale=scale, seed=seed)
        bare = dataclasses.replace(other, layers=())
        shared = other.people if one.people == other.people else None
        self.bare = Simulator(bare.with_sets(_so_many(shared)), scale=scale, seed=seed)
        self.paths = sorted({*touched(one), *touched(other)})
        self.names: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._values: OrderedDict[int, tuple[Mapping[str, Dated], Mapping[str, Dated]]] = OrderedDict()
        self._ends: dict[tuple[bool, int], Answer] = {}

    def __call__(self, on: frozenset[str], member: int) -> np.ndarray:
        """Live a member with some causes on; return every outcome, in the order of ``names``."""
        answer = self.bare.member(member, values=self.values(on, member), settings=self._people(on))
        if not on or len(on) == len(self.causes):
            self._ends[bool(on), member] = answer
        values = with_sums(answer)
        self.names = self.names or tuple(values)
        return np.array(list(values.values()))

    def _people(self, on: Iterable[str]) -> tuple[str, ...]:
        """Return how many people there are with some causes on, if either scenario says so."""
        return _so_many((self.one if PEOPLE in self._moved(on) else self.other).scenario.people)

    def _moved(self, on: Iterable[str]) -> set[str]:
        return {path for name in on for path in self.causes[name]}

    def values(self, on: Iterable[str], member: int) -> dict[str, Dated]:
        """Return the parameters that either scenario pulls, as a member has them with some causes on."""
        one, other = self._sides(member)
        moved = self._moved(on)
        return {path: (one if path in moved else other)[path] for path in self.paths}

    def _sides(self, member: int) -> tuple[Mapping[str, Dated], Mapping[str, Dated]]:
        with self._lock:
            found = self._values.get(member)
        if found is None:
            sides = (self.one.values(member), self.other.values(member))
            found = ({p: sides[0][p] for p in self.paths}, {p: sides[1][p] for p in self.paths})
            with self._lock:
                self._values[member] = found
                while len(self._values) > REMEMBERED:
                    self._values.popitem(last=False)
        return found

    def place(self, outcome: str) -> int:
        """Return where an outcome stands among the numbers, or raise the line that names the nearest."""
        if outcome not in self.names:
            raise UsageError(unknown("outcome", outcome, self.names, "--outcome"))
        return self.names.index(outcome)

    def result(self, members: int, *, every: bool) -> Result:
        """Return the members with every cause on, or none: as the scenario itself would be run."""
        simulator = self.one if every else self.other
        own = [self._ends[every, member] for member in range(members)]
        answers = [
            dataclasses.replace(one, design=simulator.design(member)) for member, one in enumerate(own)
        ]
        return gather(simulator, answers, simulator.made_of(members))


def _so_many(people: int | None) -> tuple[str, ...]:
    return () if people is None else (f"{PEOPLE}={people}",)


def with_sums(answer: Answer) -> dict[str, float]:
    """Return every outcome of a member, those too that are declared as sums of others."""
    values = {name: whole for name, (_, whole) in answer.outcomes.items()}
    for name, declared in outcomes().items():
        if declared.sum_of and name not in values and all(part in values for part in declared.sum_of):
            values[name] = sum(values[part] for part in declared.sum_of)
    return values
