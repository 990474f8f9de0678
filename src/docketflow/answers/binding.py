"""What stops a scenario: the search of `lifting` over the country's members, with what was scarce by month.

It is `docketflow.binding`. The sentences of the answer are made in `binding_words`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.answers.binding_words import sentences
from docketflow.answers.lifting import SECONDS, Found, Rung, Settings, Standing, Step, search
from docketflow.answers.limits import fitting, named, shelf
from docketflow.answers.paired import Lived
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.conductor.answer import Answer
from docketflow.conductor.ensemble import check_members, gather
from docketflow.conductor.model import checked
from docketflow.conductor.simulator import SCALE, Simulator
from docketflow.core import given
from docketflow.core.errors import ScenarioError, UsageError, unknown
from docketflow.policy import Scenario, load_scenario
from docketflow.results import Result
from docketflow.results.result import about

OUTCOME = "removals.ice"
WANTED = ("more", "less")
OUT = "days_out."
QUEUES = {"space": "people who found it full", "effort": "people in line at the month's end"}


@dataclass(frozen=True)
class Binding:
    """The answer: what was found, for which outcome, and the members as they are.

    Attributes
    ----------
    outcome, unit, wanted : what is counted, and whether more or less of it is the aim
    found : what the search found
    beyond : limits left out because the scenario has them at the end of their levers, with the reason
    result : the members under none lifted
    """

    outcome: str
    unit: str
    wanted: str
    found: Found
    beyond: Mapping[str, str]
    result: Result

    def month(self, place: int | None) -> str | None:
        """Return the label of a month of the answer."""
        return None if place is None else self.result.months[place]

    def resources(self) -> list[dict[str, Any]]:
        """Return supply, use, days out and queue of everything scarce, a row a resource and month (means)."""
        result, limits = self.result, shelf().limits
        of = {one: name for name, declared in limits.items() for one in declared.resources}
        measures = np.nanmean(np.asarray(result.arrays["resources"]), axis=2)
        days = np.nanmean(np.asarray(result.arrays["exhausted"]), axis=1)
        kinds, units = result.axes["resource"]["kind"], result.axes["resource"]["unit"]
        return [
            {
                "limit": of.get(name, ""),
                "resource": name,
                "unit": units[k],
                "month": month,
                **dict(zip(("supply", "used", "queue"), (float(x) for x in measures[k, :, m]), strict=True)),
                "queue_is": QUEUES[kinds[k]],
                "days_out": float(days[k, m]),
                "days": result.days[m],
            }
            for k, name in enumerate(result.labels("resource"))
            for m, month in enumerate(result.months)
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data."""
        found = self.found
        target = self.result.target
        return {
            **about(self.result),
            "outcome": self.outcome,
            "unit": self.unit,
            "wanted": self.wanted,
            "interval": "90% interval of the mean of paired runs",
            "runs": found.runs,
            "target": None if target is None else target[0],
            "says": sentences(self),
            "as_it_is": self._rung(found.base),
            "order": [self._standing(one) for one in found.order],
            "order_by_lifting": list(found.by_lifting),
            "orders_agree": found.agree,
            "takes_over": None if found.takes_over is None else dict(
                zip(("once_lifted", "limit"), found.takes_over, strict=True)
            ),
            "staircase": [self._step(k, one) for k, one in enumerate(found.staircase)],
            "together_less_the_sum_of_each": found.together.to_json(),
            "left_out": dict(self.beyond),
            "lifted_to": {
                one.limit: {path: pull.lifted for path, pull in shelf().limits[one.limit].levers.items()}
                for one in found.order
            },
            "resources": self.resources(),
        }  # fmt: skip

    def _standing(self, one: Standing) -> dict[str, Any]:
        return {
            "limit": one.limit,
            "title": shelf().limits[one.limit].title,
            "binds": one.binds,
            "after": list(one.after),
            "from": self.month(one.since),
            "worth_of_one_percent": one.one.to_json(),
            "worth_of_lifting": one.alone.adds.to_json(),
            "worth_of_lifting_last": one.last.to_json(),
            "ties": list(one.ties),
            "lifted_alone": self._rung(one.alone),
            "all_but": self._rung(one.all_but),
        }

    def _step(self, place: int, step: Step) -> dict[str, Any]:
        return {
            "step": place + 1,
            "limit": step.limit,
            "adds": step.adds.to_json(),
            "ties": list(step.ties),
            "from": self.month(step.since),
            **self._rung(step.rung),
        }

    def _rung(self, rung: Rung) -> dict[str, Any]:
        beside = {name: value for name, value in rung.beside.items() if not name.startswith(OUT)}
        out = {name.removeprefix(OUT): value for name, value in rung.beside.items() if name.startswith(OUT)}
        return {
            "lifted": list(rung.lifted),
            "total": rung.level.to_json(),
            "adds_to_none_lifted": rung.adds.to_json(),
            "beside": beside,
            "days_out": out,
        }

    def __repr__(self) -> str:
        return "\n".join([f"<Binding {self.result.scenario}, {self.outcome}", *sentences(self)]) + ">"


def binding(
    scenario: str | Path | Scenario,
    *,
    limits: Iterable[str] = (),
    outcome: str = OUTCOME,
    wanted: str = "more",
    members: int | None = None,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    sets: Iterable[str] = (),
    seconds: float = SECONDS,
) -> Binding:
    """Find which limit of a scenario binds, and what binds next once it is lifted.

    Parameters
    ----------
    scenario : str, Path or Scenario
    limits : iterable of str
        Words such as beds, officers, judges, seats (see `answers/limits.yaml`); those four if none is named.
    outcome : str
        What is counted.
    wanted : "more" or "less"
        Whether more or less of it is the aim.
    members : int, optional
        How many paired runs; if not given they are added until the first limit can be told from zero.
    scale, seed, sets : as of `docketflow.run`
    seconds : float
        When to stop adding members.
    """
    if wanted not in WANTED:
        raise UsageError(f"wanted: {wanted!r:.40} is not one of: {', '.join(WANTED)}")
    if members is not None:
        check_members(members)
    found = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    asked = checked(found.with_sets(sets))
    names = named(given.texts(limits, "limits")) or shelf().standard
    chosen, beyond = fitting(asked, names)
    if not chosen:
        raise ScenarioError(f"{asked.where or asked.name}: {'; '.join(beyond.values())}")
    country = _Country(Simulator(asked, scale=scale, seed=seed), outcome, names)
    goal = asked.target.removals if asked.target and asked.target.series == outcome else None
    country((), 0)  # alone: compiles the engine once, and fails early
    answer = search(country, chosen, members=members, seconds=seconds, wanted=wanted, goal=goal)
    result = country.result(answer.members)
    return Binding(outcome, result[outcome].unit, wanted, answer, beyond, result)


def of_result(result: Result, **more: Any) -> Binding:
    """Find what stops the scenario of a result, with its scale and seed (see `binding`)."""
    return binding(scenario_of(result), **{"scale": result.scale, "seed": result.seed, **more})


class _Country:
    """Lives a member under settings and keeps what the search and the answer need."""

    def __init__(self, simulator: Simulator, outcome: str, names: Iterable[str]) -> None:
        self.simulator, self.outcome = simulator, outcome
        self.resources = {name: shelf().limits[name].resources for name in names}
        self._plain: dict[int, Answer] = {}

    def __call__(self, settings: Settings, member: int) -> Lived:
        answer = self.simulator.member(member, settings=[str(one) for one in settings])
        if not settings:
            self._plain[member] = answer
        if self.outcome not in answer.outcomes:
            raise UsageError(unknown("outcome", self.outcome, answer.outcomes, "--outcome"))
        months, value = answer.outcomes[self.outcome]
        beside = {name: answer.outcomes[name][1] for name in shelf().beside}
        for name, resources in self.resources.items():
            if resources:
                beside[OUT + name] = max(float(answer.exhausted[one].sum()) for one in resources)
        adds_up = math.isclose(float(np.sum(months)), value, rel_tol=1e-6, abs_tol=1e-6)
        return Lived(value, months if adds_up else np.empty(0), beside)

    def result(self, members: int) -> Result:
        """Return the members as they are."""
        answers = [self._plain[member] for member in range(members)]
        return gather(self.simulator, answers, self.simulator.made_of(members))
