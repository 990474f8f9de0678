"""Lives a member of a scenario with some of its mechanisms taken out, each by a scenario that does just that.

`no-third-countries` says what the plan says but for the levers of agreements, and so on: with a mechanism
off, the levers on which the two differ have the values of the scenario without it. With all on it is the
plan's own run, and with one off the run of that scenario, to the last bit. A lever that two move is out with
either.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from docketflow.answers.why.groups import differing, touched
from docketflow.answers.why.mixed import with_sums
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import UsageError
from docketflow.core.quantity import Dated
from docketflow.policy import Scenario, load_scenario


class Without:
    """A scenario and what may be taken out of it.

    Parameters
    ----------
    whole : Scenario
    less : sequence of str
        Shipped scenarios over the same days, each without one mechanism.
    outcomes : sequence of str
        What is counted of a member, in this order.
    scale, seed : as of `Simulator`
    """

    def __init__(
        self,
        whole: Scenario,
        less: Sequence[str],
        outcomes: Sequence[str],
        *,
        scale: Fraction | str,
        seed: int = 1,
    ) -> None:
        self.outcomes = tuple(outcomes)
        others = {name: load_scenario(name) for name in less}
        for name, other in others.items():
            if (other.first, other.start, other.end) != (whole.first, whole.start, whole.end):
                raise UsageError(f"{name} answers for other days than {whole.name}")
            if other.people != whole.people:
                raise UsageError(f"{name} has another number of people than {whole.name}: no mechanism")
        self._moved = {name: tuple(differing(whole, other)) for name, other in others.items()}
        self._paths = sorted({path for one in (whole, *others.values()) for path in touched(one)})
        self._sides = {
            name: Simulator(one, scale=scale, seed=seed) for name, one in {"": whole, **others}.items()
        }
        bare, people = dataclasses.replace(whole, layers=()), self._sides[""].stock
        self._bare = Simulator(bare, scale=scale, seed=seed, stock=people)
        self._values: tuple[int, dict[str, Mapping[str, Dated]]] = (-1, {})

    def __call__(self, on: frozenset[str], member: int) -> np.ndarray:
        """Live a member with the mechanisms on that are named, and the others out."""
        of_member = self._values_of(member)
        lived = {path: of_member[""][path] for path in self._paths}
        for name, moved in self._moved.items():
            if name not in on:
                lived |= {path: of_member[name][path] for path in moved}
        values = with_sums(self._bare.member(member, values=lived))
        return np.array([values[name] for name in self.outcomes])

    def _values_of(self, member: int) -> dict[str, Mapping[str, Dated]]:
        """Return what the parameters of a member are on every side; those of the last member are kept."""
        kept, values = self._values
        if kept != member:
            values = {name: side.values(member) for name, side in self._sides.items()}
            self._values = (member, values)
        return values
