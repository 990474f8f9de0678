"""The declared lifecycle itself, at a coarse scale: the fast machine and its twin live the same country."""

from __future__ import annotations

from fractions import Fraction

import pytest

from docketflow import conductor
from docketflow.engine.twin import run as slowly
from docketflow.policy import load_scenario

from .networks import differences


@pytest.mark.parametrize(("name", "member"), [("fiscal-year-2024", 0), ("one-million-first-year", 3)])
def test_that_the_machine_equals_its_twin_on_the_lifecycle(name: str, member: int) -> None:
    scenario = conductor.checked(load_scenario(name))
    world = conductor.prepare(scenario, scale=Fraction(1, 3000), seed=1)
    bound = conductor._bound(world, conductor.resolver(conductor.values_of(world, member)))
    fast = bound.begin(world.stock, member).finish()
    assert not differences(fast, slowly(bound, world.stock, member))
    assert fast.events > 500
