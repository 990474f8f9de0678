"""Looks inside one member of a run: the histories of some of its people, the tables it is made of.

It asks the conductor for the very run and the engine for what there is to see; it computes no answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docketflow.conductor.ensemble import Progress
from docketflow.conductor.model import checked, counts
from docketflow.conductor.simulator import SCALE, SEEDS_APART, Simulator, centre
from docketflow.core import given
from docketflow.core.errors import UsageError
from docketflow.core.quantity import Dated
from docketflow.policy import Scenario, load_scenario

if TYPE_CHECKING:
    from docketflow.engine.inspect.histories import Trace
    from docketflow.engine.inspect.parting import Parted
    from docketflow.engine.inspect.parting import Parting as Parting

MOST_PEOPLE = 2**31
NOT_TRACED = ("area",)  # a history tells nationality, so never the place beside it


def trace(
    scenario: str | Path | Scenario,
    *,
    people: int,
    scale: Fraction | str = SCALE,
    start: dt.date | None = None,
    end: dt.date | None = None,
    seed: int = 1,
    sets: Iterable[str] = (),
    member: int = 0,
    progress: Progress | None = None,
) -> Trace:
    """Follow some synthetic people of one member of a run (see `docketflow.engine.inspect.trace.follow`)."""
    from docketflow.engine.inspect.trace import follow

    found = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    found = checked(found.between(start=start, end=end).with_sets(sets))
    given.whole(member, "member", 0, given.MOST_MEMBERS - 1)
    given.whole(people, "people", 1, MOST_PEOPLE)
    simulator = Simulator(found, scale=scale, seed=seed)
    return follow(
        simulator.bound(member),
        simulator.stock_of(member),
        seed * SEEDS_APART + member,
        people=people,
        hide=NOT_TRACED,
        title=f"{found.name}, member {member} of seed {seed}",
        progress=progress,
    )


def tables(
    scenario: str | Path | Scenario,
    name: str = "",
    *,
    scale: Fraction | str = SCALE,
    sets: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """Return what a scenario compiles to at central values, read back from memory: all, or what bears a name.

    See `docketflow.engine.inspect.describe`.
    """
    from docketflow.engine.inspect.describe import entries_of

    found = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    found = checked(found.with_sets(sets))
    return entries_of(centre(found, scale), name)


def parted(
    simulator: Simulator,
    member: int,
    one: Mapping[str, Dated],
    other: Mapping[str, Dated],
    outcome: str,
) -> Parted:
    """Live a member person by person under two sets of values and find where lives part (see `parting`).

    Raises
    ------
    UsageError
        When the outcome is no count of what people do, or the run is too large to be lived person by person.
    """
    from docketflow.engine.inspect.parting import part
    from docketflow.engine.inspect.trace import check_size

    flows = counts(outcome)
    if flows is None:
        raise UsageError(f"--people: {outcome} is no count of what people do; choose one that is, a total")
    left, right = (simulator.bound(member, values=values) for values in (one, other))
    for bound in (left, right):
        check_size(bound, simulator.stock)
    scenario = simulator.scenario
    return part(
        left,
        right,
        simulator.stock_of(member),
        simulator.seed * SEEDS_APART + member,
        flows=flows,
        window=(scenario.start, scenario.end),
    )
