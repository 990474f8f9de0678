"""With and without each order of a court: the orders on record, as settings, run against run.

An order counts from the day it was in force to the day before it was lifted. One that the scenario has
already is taken out instead: what it changes is told the same way round, with less without.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from docketflow.answers.paired import Worth, worth
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.conductor.model import checked, evidence
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import ScenarioError
from docketflow.evidence.schema import LitigationOrder
from docketflow.policy import Scenario
from docketflow.results import Result

MEMBERS = 12
NEAR = 7  # days by which a scenario's own setting may begin before or after the order it stands for
Declared = Mapping[str, tuple[Mapping[str, str], str]]


@dataclass(frozen=True)
class Held:
    """An order of a court, and what it changes of some outcomes: with it less without it."""

    order: LitigationOrder
    first: dt.date
    last: dt.date
    in_scenario: bool
    why: str
    changes: Mapping[str, tuple[Worth, str]]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "case": self.order.case,
            "policy": self.order.policy,
            "court": self.order.court,
            "from": str(self.first),
            "to": str(self.last),
            "source": self.order.source,
            "confidence": self.order.confidence,
            "in_scenario": self.in_scenario,
            "why": self.why,
            "changes": {name: {**one.to_json(), "unit": unit} for name, (one, unit) in self.changes.items()},
        }


def held_orders(
    result: Result, declared: Declared, beside: Sequence[str], members: int | None
) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    """Return what each order changes, and the orders in force for which this version has no lever."""
    scenario = scenario_of(result)
    numbers = range(min(MEMBERS, result.members) if members is None else members)
    names = [name for name in beside if name in result]
    found, unknown = [], []
    for order in evidence().litigation:
        first, last = _window(order, scenario)
        if first is None or last is None:
            continue
        if order.policy not in declared:
            unknown.append(f"{order.case}: {order.policy}")
            continue
        settings, why = declared[order.policy]
        other, own = _turned(scenario, settings, first, last)
        if other is None:
            unknown.append(f"{order.case}: {order.policy} (the levers do not fit this scenario)")
            continue
        ends = [
            _ends(Simulator(one, scale=result.scale, seed=result.seed), numbers, names)
            for one in (scenario, other)
        ]
        gaps = ends[0] - ends[1] if own else ends[1] - ends[0]
        units = [result[name].unit for name in names]
        changes = {
            name: (worth(column), unit) for name, column, unit in zip(names, gaps.T, units, strict=True)
        }
        found.append(Held(order, first, last, own, why, changes))
    return tuple(found), tuple(unknown)


def _window(order: LitigationOrder, scenario: Scenario) -> tuple[dt.date | None, dt.date | None]:
    """Return the days of the scenario's period on which an order was in force, if any."""
    if order.in_force_from is None:
        return None, None
    first = max(order.in_force_from, scenario.start)
    last = min(scenario.end, order.lifted - dt.timedelta(1)) if order.lifted else scenario.end
    return (first, last) if first <= last else (None, None)


def _turned(
    scenario: Scenario, settings: Mapping[str, str], first: dt.date, last: dt.date
) -> tuple[Scenario | None, bool]:
    """Return the scenario with an order it lacks or without one it has, and whether it has it."""
    moves = {
        (path.partition("[")[0], "scale" if value.startswith("*") else "set")
        for path, value in settings.items()
    }
    mine = [
        one
        for one in scenario.settings
        if (one.lever, one.operation) in moves
        and one.start is not None
        and abs((one.start - first).days) <= NEAR
    ]
    if mine:
        layers = tuple(tuple(one for one in layer if one not in mine) for layer in scenario.layers)
        return replace(scenario, layers=layers), True
    try:
        return checked(
            scenario.with_sets(f"{path}={value}@{first}..{last}" for path, value in settings.items())
        ), False
    except ScenarioError:
        return None, False


def _ends(simulator: Simulator, numbers: range, names: Sequence[str]) -> np.ndarray:
    return np.array([[simulator.member(k).outcomes[name][1] for name in names] for k in numbers])
