"""With and without each order of a court on record (`policy/cases.py`), run against run.

An order counts from the day it was in force to the day before it was lifted. One that the scenario has
already is taken out instead: what it changes is told the same way round, with less without.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.answers.paired import Worth, worth
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.conductor.model import checked, evidence
from docketflow.conductor.simulator import Simulator
from docketflow.evidence.schema import LitigationOrder
from docketflow.policy import Scenario
from docketflow.policy.cases import cases
from docketflow.results import Result

MEMBERS = 12


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
    result: Result, beside: Sequence[str], members: int | None
) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    """Return what each order changes, and the orders in force for which this version has no lever."""
    scenario = scenario_of(result)
    numbers = range(min(MEMBERS, result.members) if members is None else members)
    names = [name for name in beside if name in result]
    by_name = {case.case: case for case in cases().values()}
    found, unknown = [], []
    for order in evidence().litigation:
        first, last = _window(order, scenario)
        if first is None or last is None:
            continue
        case = by_name.get(order.case)
        if case is None:
            unknown.append(f"{order.case}: {order.policy}. {order.no_lever}")
            continue
        own = case.key in scenario.orders
        other = checked(scenario.with_orders({case.key: "stayed" if own else "recorded"}))
        ends = [
            _ends(Simulator(one, scale=result.scale, seed=result.seed), numbers, names)
            for one in (scenario, other)
        ]
        gaps = ends[0] - ends[1] if own else ends[1] - ends[0]
        units = [result[name].unit for name in names]
        changes = {
            name: (worth(column), unit) for name, column, unit in zip(names, gaps.T, units, strict=True)
        }
        found.append(Held(order, first, last, own, case.why, changes))
    return tuple(found), tuple(unknown)


def _window(order: LitigationOrder, scenario: Scenario) -> tuple[dt.date | None, dt.date | None]:
    """Return the days of the scenario's period on which an order was in force, if any."""
    if order.in_force_from is None:
        return None, None
    first = max(order.in_force_from, scenario.start)
    last = min(scenario.end, order.lifted - dt.timedelta(1)) if order.lifted else scenario.end
    return (first, last) if first <= last else (None, None)


def _ends(simulator: Simulator, numbers: range, names: Sequence[str]) -> np.ndarray:
    return np.array([[simulator.member(k).outcomes[name][1] for name in names] for k in numbers])
