"""Structural switches: other forms of a declared network, or another number of people, as data, and what each
changes, run against run.

Knows networks, not the country: a switch names kinds of change and patterns of names.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from fnmatch import fnmatchcase
from importlib import resources
from operator import add
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docketflow.answers.paired import Worth, worth
from docketflow.answers.sensitivity.inputs import Moved
from docketflow.answers.sensitivity.lives import Lives
from docketflow.conductor.model import compiled
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import EvidenceError
from docketflow.core.quantity import least, quantity
from docketflow.core.strict_yaml import parse_yaml
from docketflow.engine.declare.vocabulary import (
    Decision,
    Effort,
    Law,
    Network,
    To,
    Wait,
    exponential,
)
from docketflow.policy.setting import PEOPLE

FILE = "structure.yaml"
FOUND = 1e12  # times any weight above zero is above one
LN_2 = math.log(2)


class Switch(BaseModel):
    """One change of form (see `structure.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["memoryless", "merge", "alike", "unranked", "fresh", "redirect", "people"]
    weight: Annotated[float, Field(gt=0, lt=1)]
    why: str
    efforts: str = ""
    into: str = ""
    draws: str = ""
    fork: str = ""
    from_: Annotated[str, Field(alias="from")] = ""
    to: str = ""
    figure: str = ""

    def other(self, simulator: Simulator) -> Simulator | None:
        """Return a simulator in this form, or None where there is nothing to change."""
        scenario, program, stock = simulator.scenario, None, None
        if self.kind == "people":
            people = round(simulator.room.figure(self.figure).value)
            if scenario.people is not None:  # it says itself how many there are
                return None
            scenario = scenario.with_sets([f"{PEOPLE}={people}"])
        else:
            changed = self.applied(simulator.program.network)
            if changed is None:
                return None
            program, stock = compiled(changed), simulator.stock
        return Simulator(
            scenario,
            scale=simulator.scale,
            seed=simulator.seed,
            stock=stock,
            room=simulator.room,
            program=program,
        )

    def applied(self, network: Network) -> Network | None:
        """Return the network in this form, or None where there is nothing to change."""
        changed: Network = getattr(self, f"_{self.kind}")(network)
        return None if changed == network else changed

    def _people(self, network: Network) -> Network:
        return network  # no form of the lifecycle: others live in it

    def _memoryless(self, network: Network) -> Network:
        found: Network = _laws(network, _forgetful)
        return found

    def _merge(self, network: Network) -> Network:
        mine = [
            one for one in network.efforts if isinstance(one, Effort) and fnmatchcase(one.name, self.efforts)
        ]
        if len(mine) < 2 or any(one.floors or one.calendar != mine[0].calendar for one in mine):
            return network
        per_day = functools.reduce(add, (quantity(one.per_day) for one in mine))
        whole = replace(mine[0], name=self.into, per_day=per_day)
        names = {one.name for one in mine}
        rest = [one for one in network.efforts if one.name not in names]
        found: Network = _renamed(replace(network, efforts=(*rest, whole)), names, self.into)
        return found

    def _alike(self, network: Network) -> Network:
        draws = tuple(
            replace(one, weight=least(quantity(one.weight) * FOUND, 1))
            if fnmatchcase(one.name, self.draws) and not isinstance(one.weight, int | float) else one
            for one in network.draws
        )  # fmt: skip
        return replace(network, draws=draws)

    def _unranked(self, network: Network) -> Network:
        nodes = tuple(
            replace(one, priority=0) if isinstance(one, Wait) and one.priority != 0 else one
            for one in network.nodes
        )
        return replace(network, nodes=nodes)

    def _fresh(self, network: Network) -> Network:
        return replace(network, starts=tuple(replace(one, spent=None) for one in network.starts))

    def _redirect(self, network: Network) -> Network:
        def led(way: To, ways: Sequence[To]) -> To:
            if way.target != self.from_:
                return way
            like = next((one for one in ways if one.target == self.to), way)  # as who goes there already
            return replace(way, target=self.to, do=like.do)

        nodes = tuple(
            replace(one, ways=tuple(led(way, one.ways) for way in one.ways))
            if isinstance(one, Decision) and one.name == self.fork else one
            for one in network.nodes
        )  # fmt: skip
        changed = replace(network, nodes=nodes)
        return network if _targets(changed) == _targets(network) else changed


@dataclass(frozen=True)
class Turned:
    """A switch and what it changes of each outcome; none where it changed nothing of the lifecycle."""

    switch: Switch
    changes: tuple[Worth, ...] | None

    def variance(self, outcome: int) -> float:
        """Return the variance that not knowing which form holds adds to an outcome."""
        if self.changes is None:
            return 0.0
        one = self.changes[outcome]
        sure = max(0.0, one.value**2 - one.error**2)  # what chance alone would give is not a change
        return self.switch.weight * (1 - self.switch.weight) * sure


def turn(lives: Lives, lucks: int, switches: Sequence[Switch] = ()) -> list[Turned]:
    """Return what each switch changes at central values, under the same lucks."""
    simulator = lives.simulator
    points = [(Moved(), luck) for luck in range(lucks)]
    plain = lives("as it is", points)
    found = []
    for switch in switches or declared():
        other = switch.other(simulator)
        if other is None:
            found.append(Turned(switch, None))
            continue
        gaps: np.ndarray = lives(f"another form: {switch.name}", points, other) - plain
        found.append(Turned(switch, tuple(worth(column) for column in gaps.T)))
    return found


@functools.cache
def declared() -> tuple[Switch, ...]:
    """Return the switches of `structure.yaml`."""
    text = resources.files("docketflow.answers.sensitivity").joinpath(FILE).read_text(encoding="utf-8")
    try:
        return tuple(Switch.model_validate(entry) for entry in parse_yaml(text, where=FILE))
    except ValidationError as error:
        first = error.errors()[0]
        raise EvidenceError(f"{FILE}: {first['loc']}: {first['msg']}") from None


def _forgetful(law: Law) -> Law:
    """Return the law without memory that has the same middle value."""
    if law.kind != "lognormal":
        return law
    return exponential(quantity(law.parameters[0]) / LN_2, law.never_share)


def _laws(thing: Any, change: Any) -> Any:
    """Return a declaration with each law changed, wherever in it."""
    if isinstance(thing, Law):
        return change(thing)
    if isinstance(thing, list | tuple):
        return tuple(_laws(part, change) for part in thing)
    if is_dataclass(thing) and type(thing).__module__ == Network.__module__:
        parts = {f.name: getattr(thing, f.name) for f in fields(thing)}
        changed = {name: _laws(part, change) for name, part in parts.items() if _is_deep(part)}
        return replace(thing, **changed)  # type: ignore[type-var]
    return thing


def _is_deep(part: Any) -> bool:
    return isinstance(part, Law | list | tuple) or is_dataclass(part)


def _renamed(thing: Any, names: set[str], into: str) -> Any:
    """Return a declaration in which whatever spends one of some efforts spends another instead."""
    if isinstance(thing, list | tuple):
        return tuple(_renamed(part, names, into) for part in thing)
    if is_dataclass(thing) and not isinstance(thing, type) and hasattr(thing, "__dataclass_fields__"):
        if type(thing).__module__ not in (Network.__module__, Effort.__module__):
            return thing
        changed: dict[str, Any] = {}
        for f in fields(thing):
            part = getattr(thing, f.name)
            if f.name in ("effort", "on") and part in names:
                changed[f.name] = into
            elif isinstance(part, list | tuple) or is_dataclass(part):
                changed[f.name] = _renamed(part, names, into)
        return replace(thing, **changed)
    return thing


def _targets(network: Network) -> list[str]:
    return [way.target for one in network.nodes if isinstance(one, Decision) for way in one.ways]
