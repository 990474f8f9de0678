"""The most that an outcome can come to in each member, whatever its luck: read off the declaration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from docketflow.conductor.simulator import Simulator
from docketflow.core.outcomes import outcome

if TYPE_CHECKING:
    from docketflow.engine.declare.measure import Flow
    from docketflow.engine.run.ceiling import Ceiling


def ceilings(
    simulator: Simulator, name: str, members: Iterable[int], settings: Iterable[str] = ()
) -> list[Ceiling] | None:
    """Return the most that an outcome can come to, a member each; None where nothing bounds it.

    An outcome that adds up several counts has the sum of their bounds.
    """
    from docketflow.engine.run.ceiling import Ceiling, Ways, ceiling

    flows, scenario = _flows(name), simulator.scenario
    if not flows:
        return None
    levers = tuple(settings)
    days = ((scenario.start - scenario.first).days, simulator.days)
    ways = [Ways(simulator.program, simulator.stock, flow) for flow in flows]
    found = []
    for member in members:
        bound, ledger = (
            simulator.bound(member, settings=levers),
            simulator.ledger(member, settings=levers),
        )
        each = [ceiling(way, bound, ledger, days) for way in ways]
        known = [one for one in each if one is not None]
        if len(known) < len(each):
            return None
        allowed: dict[str, float] = {}
        for one in known:
            for effort, most in one.allowed.items():
                allowed[effort] = allowed.get(effort, 0.0) + most
        whole, beyond = sum(one.most for one in known), sum(one.beyond for one in known)
        found.append(Ceiling(whole, tuple(allowed), allowed, beyond))
    return found


def _flows(name: str) -> list[Flow]:
    """Return the counts that an outcome adds up; nothing if it is anything else."""
    from docketflow.engine.declare.measure import Flow, Total
    from docketflow.lifecycle import MEASURES

    if name not in MEASURES:
        parts = [_flows(part) for part in outcome(name).sum_of]
        return [flow for part in parts for flow in part] if all(parts) else []
    measure = MEASURES[name]
    if isinstance(measure, Flow):
        return [measure]
    if isinstance(measure, Total) and all(
        sign == 1 and isinstance(part, Flow) for sign, part in measure.parts
    ):
        return [part for _, part in measure.parts if isinstance(part, Flow)]
    return []
