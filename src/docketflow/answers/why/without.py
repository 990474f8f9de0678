"""Lives a member of a scenario with some of its mechanisms taken out, each by a scenario that extends it.

`no-third-countries` extends the plan by the settings that take agreements back, and so on: a mixture is the
plan and the last layers of those whose mechanism is off. With all on it is the plan's own run, and with one
off the run of that scenario, to the last bit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from docketflow.answers.why.groups import touched
from docketflow.answers.why.mixed import with_sums
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import UsageError
from docketflow.policy import Scenario, load_scenario


class Without:
    """A scenario and what may be taken out of it.

    Parameters
    ----------
    whole : Scenario
    less : sequence of str
        Shipped scenarios that extend it, each without one mechanism.
    outcomes : sequence of str
        What is counted of a member, in this order.
    end : date, optional
        The last day of the answer, if not that of the scenario.
    scale, seed : as of `Simulator`
    """

    def __init__(
        self,
        whole: Scenario,
        less: Sequence[str],
        outcomes: Sequence[str],
        *,
        end: dt.date | None = None,
        scale: Fraction | str,
        seed: int = 1,
    ) -> None:
        self.whole = whole.between(end=end)
        self.less = {name: load_scenario(name).between(end=end) for name in less}
        self.outcomes = tuple(outcomes)
        for name, one in self.less.items():
            if one.layers[:-1] != whole.layers:
                raise UsageError(f"{name} does not extend {whole.name} by a layer of its own")
        every = dataclasses.replace(self.whole, layers=())._with(
            (*self.whole.layers, *(one.layers[-1] for one in self.less.values()))
        )
        self._paths = sorted(touched(every))
        self._drawn = Simulator(self.whole, scale=scale, seed=seed)
        self._bare = Simulator(dataclasses.replace(self.whole, layers=()), scale=scale, seed=seed)

    def __call__(self, on: frozenset[str], member: int) -> np.ndarray:
        """Live a member with the mechanisms on that are named, and the others out."""
        out = tuple(one.layers[-1] for name, one in self.less.items() if name not in on)
        mixed = self.whole._with((*self.whole.layers, *out))
        drawn = self._drawn._of(member)
        lived = mixed.compose(drawn.parameters, drawn.quantiles)
        answer = self._bare.member(member, values={path: lived[path] for path in self._paths})
        values = with_sums(answer)
        return np.array([values[name] for name in self.outcomes])
