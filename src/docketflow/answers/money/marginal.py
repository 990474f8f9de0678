"""What one more removal costs: what lifting a limit adds to the cost, over what it adds to removals.

By paired runs at the members of a result; means, since they add up. Where a limit adds no removals that can
be told from none, no cost of one more can be said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.answers.limits import fitting, shelf
from docketflow.answers.paired import Worth, student, worth
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.conductor.simulator import Simulator
from docketflow.results import Result

MEMBERS = 12
COST, REMOVALS = "cost.total", "removals.ice"
TOGETHER = "all of them"


@dataclass(frozen=True)
class Added:
    """What a limit lifted adds: removals, dollars, and dollars for each of the removals."""

    limit: str
    title: str
    removals: Worth
    dollars: Worth
    each: tuple[float, float, float] | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        each = None if self.each is None else dict(zip(("value", "low", "high"), self.each, strict=True))
        return {
            "lifted": self.limit,
            "title": self.title,
            "removals": {**self.removals.to_json(), "unit": "persons"},
            "dollars": {**self.dollars.to_json(), "unit": "USD"},
            "each": None if each is None else {**each, "unit": "USD"},
        }


def marginal(result: Result, members: int | None = None) -> tuple[Added, ...]:
    """Return what lifting each limit, and all of them, adds to removals and to cost."""
    scenario = scenario_of(result)
    simulator = Simulator(scenario, scale=result.scale, seed=result.seed)
    numbers = range(min(MEMBERS, result.members) if members is None else members)
    lifted = {limit.name: limit.lifted for limit in fitting(scenario, shelf().standard)[0]}
    titles = {name: shelf().limits[name].title for name in lifted} | {TOGETHER: "All of them together"}
    asked = {**lifted, TOGETHER: tuple(one for settings in lifted.values() for one in settings)}
    plain = np.array([_ends(simulator, number, ()) for number in numbers])
    found = []
    for name, settings in asked.items():
        ends = np.array([_ends(simulator, number, tuple(map(str, settings))) for number in numbers])
        people, money = (ends - plain).T
        found.append(Added(name, titles[name], worth(people), worth(money), ratio(money, people)))
    return tuple(found)


def ratio(top: np.ndarray, bottom: np.ndarray) -> tuple[float, float, float] | None:
    """Return a ratio of means with its 90% interval (Fieller); None where the lower one may be none.

    >>> [round(x, 1) for x in ratio(np.array([10.0, 20.0, 30.0]), np.array([1.0, 2.0, 3.0]))]
    [10.0, 10.0, 10.0]
    """
    n = len(top)
    if n < 2 or not (told := worth(bottom)).told:
        return None
    t = student(n - 1)
    cov = np.cov(top, bottom) / n
    x, y = float(top.mean()), told.value
    a, b, c = y**2 - t**2 * cov[1, 1], x * y - t**2 * cov[0, 1], x**2 - t**2 * cov[0, 0]
    root = math.sqrt(max(0.0, b**2 - a * c))
    return x / y, (b - root) / a, (b + root) / a


def _ends(simulator: Simulator, number: int, settings: tuple[str, ...]) -> tuple[float, float]:
    outcomes = simulator.member(number, settings=settings).outcomes
    return outcomes[REMOVALS][1], outcomes[COST][1]
