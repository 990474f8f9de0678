"""What stops a plan, rung by rung, under every counting rule at once: each life is lived once.

The search is `answers.lifting`; here a member's outcomes are kept, so that each counting rule finds its own
order, and each rung is told by its middle run like every other answer of the app.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import numpy as np

from docketflow.answers.lifting import Settings, search
from docketflow.answers.limits import fitting, shelf
from docketflow.answers.paired import Lived
from docketflow.conductor.simulator import Simulator
from docketflow.core.outcomes import counting_rules
from docketflow.results.summary import Summary, summarize

Lives = MutableMapping[tuple[tuple[str, ...], int], dict[str, float]]


class Lifts:
    """Members of a scenario under limits lifted.

    Parameters
    ----------
    simulator : Simulator
    members : int
    progress : callable, optional
        Called with the number of lives so far.
    lives : mapping, optional
        Lives that are known already, and where new ones go: settings as typed and member, to outcomes.
    """

    def __init__(
        self,
        simulator: Simulator,
        members: int,
        progress: Callable[[int], None] | None = None,
        lives: Lives | None = None,
    ) -> None:
        self.simulator, self.members, self._progress = simulator, members, progress
        self._lives: Lives = {} if lives is None else lives
        self._lock = threading.Lock()
        self.limits, _ = fitting(simulator.scenario, shelf().standard)

    def outcome(self, settings: Settings, member: int, name: str) -> float:
        """Return one outcome of a member under settings."""
        return self._life(settings, member)[name]

    def _life(self, settings: Settings, member: int) -> dict[str, float]:
        key = (tuple(str(one) for one in settings), member)
        if key not in self._lives:
            answer = self.simulator.member(member, settings=key[0])
            wanted = {*counting_rules(), *shelf().beside}
            values = {name: answer.outcomes[name][1] for name in wanted if name in answer.outcomes}
            values |= _sums(values, answer.outcomes)
            with self._lock:
                self._lives[key] = values
            if self._progress is not None:
                self._progress(len(self._lives))
        return self._lives[key]

    def stairs(self, outcome: str, goal: float | None) -> dict[str, Any]:
        """Return the rungs under one counting rule, as plain data."""
        found = search(
            lambda settings, member: Lived(self.outcome(settings, member, outcome)),
            self.limits,
            members=self.members,
            goal=goal,
        )
        names = [limit.name for limit in self.limits]
        alone = [self._rung((name,), (), outcome, goal) for name in names]
        together = []
        before: tuple[str, ...] = ()
        for step in found.staircase:
            lifted = (*before, step.limit)
            together.append(self._rung(lifted, before, outcome, goal))
            before = lifted
        return {
            "outcome": outcome,
            "members": self.members,
            "goal": goal,
            "base": self._rung((), (), outcome, goal),
            "alone": alone,
            "together": together,
            "first": [one.limit for one in found.order if one.binds == "now"],
            "day": str(self.simulator.scenario.start),
        }

    def _settings(self, lifted: Iterable[str]) -> Settings:
        chosen = set(lifted)
        return tuple(s for limit in self.limits if limit.name in chosen for s in limit.lifted)

    def _values(self, lifted: Iterable[str], outcome: str) -> np.ndarray:
        settings = self._settings(lifted)
        return np.array([self.outcome(settings, k, outcome) for k in range(self.members)])

    def _rung(
        self, lifted: tuple[str, ...], before: tuple[str, ...], outcome: str, goal: float | None
    ) -> dict[str, Any]:
        values = self._values(lifted, outcome)
        told = {"lifted": list(lifted), "value": triple(summarize(values, "flow"))}
        told["reached"] = None if goal is None else int((values >= goal).sum())
        told["most"] = float(values.max())
        if lifted:
            told["change"] = triple(summarize(values - self._values((), outcome), "flow"))
            told["from"] = float(np.median(self._values(before, outcome)))
        told["beside"] = {
            name: triple(summarize(self._values(lifted, name), "flow")) for name in self._beside()
        }
        return told

    def _beside(self) -> list[str]:
        return [name for name in shelf().beside if name in next(iter(self._lives.values()))]


def triple(found: Summary) -> list[float]:
    """Return value, low and high."""
    return [float(found.value), float(found.low), float(found.high)]


def _sums(values: dict[str, float], outcomes: Any) -> dict[str, float]:
    """Return counting rules that are declared as sums of others and not measured themselves."""
    from docketflow.core.outcomes import outcomes as declared

    return {
        name: sum(outcomes[part][1] for part in one.sum_of)
        for name, one in declared().items()
        if one.sum_of
        and name not in values
        and all(part in outcomes for part in one.sum_of)
        and name in {*counting_rules(), *shelf().beside}
    }
