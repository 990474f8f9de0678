"""The most that an outcome can come to in each member, whatever its luck: read off the declaration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from docketflow.conductor.model import counts
from docketflow.conductor.simulator import Simulator

if TYPE_CHECKING:
    from docketflow.engine.run.ceiling import Ceiling


def ceilings(
    simulator: Simulator, name: str, members: Iterable[int], settings: Iterable[str] = ()
) -> list[Ceiling] | None:
    """Return the most that an outcome can come to, a member each; None where nothing bounds it.

    An outcome that adds up several counts has the sum of their bounds.
    """
    from docketflow.engine.run.ceiling import Ceiling, Ways, ceiling

    counted, scenario = counts(name), simulator.scenario
    if counted is None or any(sign < 0 for sign, _ in counted):
        return None
    levers = tuple(settings)
    days = ((scenario.start - scenario.first).days, simulator.days)
    ways = [Ways(simulator.program, simulator.stock, flow) for _, flow in counted]
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
