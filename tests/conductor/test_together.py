"""Laws of scenarios lived together: each has the answers it has alone, to the last bit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from docketflow.conductor import together
from docketflow.conductor.simulator import TWICE, Simulator
from docketflow.policy import load_scenario
from docketflow.policy.scenario import Scenario

SMALL = Fraction(1, 10_000)
PLAN = "one-million-first-year"


def plan(*sets: str) -> Scenario:
    return load_scenario(PLAN).with_sets(sets)


@pytest.fixture(scope="module")
def simulators() -> list[Simulator]:
    asked = [plan(), load_scenario(PLAN).between(), plan("detention.beds.contract=70000@2025-06-01")]
    baseline = load_scenario("baseline-january-2025").between(start=asked[0].start, end=asked[0].end)
    return [Simulator(one, scale=SMALL) for one in (*asked, baseline, plan("court.judges=400@2024-10-01"))]


def bits(answer) -> list:
    own = [(name, by.tobytes(), whole) for name, (by, whole) in answer.outcomes.items()]
    lines = [(name, [part.tobytes() for part in parts]) for name, parts in answer.resources.items()]
    stocks = [(name, line.tobytes()) for name, line in answer.stocks.items()]
    return [own, lines, stocks, answer.flows, answer.costs, list(answer.again.items()), answer.opening]


@pytest.mark.parametrize("number", [0, TWICE - 1])
def test_that_who_is_lived_together_answers_as_alone(simulators, number):
    found = together.member(simulators, number)
    for answer, simulator in zip(found, simulators, strict=True):
        assert bits(answer) == bits(simulator.member(number))
    assert np.isfinite(next(iter(found[0].outcomes.values()))[1])


def test_that_a_plan_parts_from_its_baseline_on_the_day_it_begins(simulators):
    bounds = [one.bound(1) for one in simulators]
    days = [together._parts(simulators, bounds, k) for k in range(1, len(simulators))]
    first, begins = simulators[0].scenario.first, simulators[0].scenario.start
    run_in = (begins - first).days
    assert days[0] == simulators[0].days  # the same scenario never parts
    assert days[1] > run_in
    assert 0 < days[2] <= run_in
    assert days[3] == 0


def test_that_other_seeds_are_lived_alone(simulators):
    pair = [simulators[0], Simulator(simulators[3].scenario, scale=SMALL, seed=2)]
    assert together._parts(pair, [one.bound(1) for one in pair], 1) == 0
    other = together.member(pair, 1)[1]
    assert bits(other) == bits(pair[1].member(1))


def test_that_what_is_made_ready_beside_another_scenario_is_what_it_is_alone(simulators):
    both = [Simulator(simulators[k].scenario, scale=SMALL) for k in (0, 3, 3)]
    together.ready(both[:2], range(1, 2))  # who is ready already takes nothing from the others
    together.ready(both[:2], range(1, 3))
    both[2].ready(range(1, 3))
    for number in (1, 2):
        first, beside, alone = (one.bound(number) for one in both)
        shared = [ours is theirs for ours, theirs in zip(first.rows, beside.rows, strict=True)]
        assert 2 * sum(shared) > len(shared) > sum(shared)
        assert np.array_equal(beside.tables, alone.tables) and np.array_equal(beside.laws, alone.laws)
        assert beside.patches.keys() == alone.patches.keys()
        for day, parts in beside.patches.items():
            assert all(map(np.array_equal, parts, alone.patches[day])), day
