"""What a worker process does: live one member of a scenario under levers, by a simulator that stays warm."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from docketflow.conductor.simulator import Simulator
from docketflow.policy import Scenario

if TYPE_CHECKING:
    from docketflow.conductor.answer import Answer

HELD = 6  # simulators kept warm by a process


@functools.lru_cache(maxsize=HELD)
def simulator(scenario: str) -> Simulator:
    """Return the simulator of a shipped scenario, made when it is first asked for."""
    from docketflow.app.answers.question import shipped

    return Simulator(shipped(scenario))


def live(scenario: str, sets: tuple[str, ...], member: int) -> Answer:
    """Live a member and return what is kept of it; what it raises is one clear line."""
    return simulator(scenario).member(member, settings=sets)


def warm(scenario: str, member: int, day: str) -> None:
    """Hold a member's state on the day from which levers are moved, so that a moved lever goes on from it."""
    one = simulator(scenario)
    lever = _any_lever(one.scenario)
    if lever is not None:
        one.member(member, settings=(f"{lever}=+1@{day}",))


def _any_lever(scenario: Scenario) -> str | None:
    from docketflow.app.answers.shelf import main_levers

    return next((lever.path for lever in main_levers(scenario.name)), None)
