"""What a worker process does: live one member of a scenario under levers, by a simulator that stays warm."""

from __future__ import annotations

import functools
import gc
from typing import TYPE_CHECKING

from docketflow.conductor.answer import some_of
from docketflow.conductor.simulator import Simulator

if TYPE_CHECKING:
    from docketflow.conductor.answer import Answer

HELD = 6  # simulators kept warm by a process


@functools.lru_cache(maxsize=HELD)
def simulator(scenario: str) -> Simulator:
    """Return the simulator of a shipped scenario, made when it is first asked for."""
    from docketflow.app.answers.question import shipped
    from docketflow.app.answers.shelf import shelf

    warmed = scenario in {one.scenario for one in shelf().questions}
    return Simulator(shipped(scenario), holds=not warmed)


def live(scenario: str, sets: tuple[str, ...], member: int, only: tuple[str, ...] = ()) -> Answer:
    """Live a member and return what is kept of it, or some outcomes alone; what it raises is one line."""
    one = simulator(scenario)
    if not only:
        return one.member(member, settings=sets)
    bound, ledger = one.books(member, sets, {})
    return some_of(one.scenario, ledger, bound.known, only)


def warm(scenario: str, member: int, levers: tuple[str, ...]) -> None:
    """Hold a member's state on the mornings from which levers act: a moved lever goes on from there."""
    for lever in levers:
        simulator(scenario).hold(member, (lever,))


def settle() -> None:
    """Leave all that stands now out of later searches for garbage: each would take as long as an answer."""
    gc.collect()
    gc.freeze()
