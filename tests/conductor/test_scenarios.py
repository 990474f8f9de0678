"""Every shipped scenario is lived, and orders of courts in runs."""

from __future__ import annotations

import datetime as dt
import functools

import numpy as np
import pytest

from docketflow.answers.why.without import Without
from docketflow.conductor.drawing import draw
from docketflow.conductor.model import evidence
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import UsageError
from docketflow.policy import list_scenarios, load_scenario

COARSE = "1/10000"
LONG = dt.date(2019, 1, 31)  # of scenarios of years a few months are enough
PLAN, ENACTED = "one-million-first-year", "as-enacted"


@functools.cache
def ready(first, start, end):
    """Return a simulator that lives scenarios of one horizon: what they share is made once."""
    like = load_scenario("baseline-january-2025")
    return Simulator(like.between(first=first, start=start, end=end), scale=COARSE)


@pytest.mark.parametrize("scenario", list_scenarios(), ids=lambda one: one.name)
def test_that_a_shipped_scenario_is_lived(scenario):
    end = min(scenario.end, LONG) if scenario.start < LONG else scenario.end
    horizon = scenario.between(end=end)
    answer = ready(horizon.first, horizon.start, horizon.end).at(0, scenario=horizon)
    assert answer.outcomes["removals.ice"][1] >= 0
    assert answer.outcomes["cost.total"][1] > 0


def test_that_months_before_an_order_are_the_same_without_it():
    whole = load_scenario(ENACTED)
    less = whole.with_sets(["litigation.make-the-road=off"])
    simulator = ready(whole.first, whole.start, whole.end)
    one, other = (simulator.at(0, scenario=side) for side in (whole, less))
    before = 7  # whole months from January to July 2025; the order is of 29 August
    for name, (months, _) in one.outcomes.items():
        if months is not None:
            same = np.asarray(months)[:before], np.asarray(other.outcomes[name][0])[:before]
            assert np.array_equal(*same, equal_nan=True), name


def test_that_foreseen_orders_come_and_go_alike_in_every_scenario():
    members = range(6)
    plan = load_scenario("orders-foreseen")
    sides = [plan, plan.with_sets(["court.judges=+100", "removal.third_country.halted_share[judge]=0.1"])]
    one, other = (draw(side, 1, members, evidence()) for side in sides)
    keys = [key for key in one.quantiles if "orders against" in key]
    assert len(keys) == 3 * len(plan.orders)
    assert all(np.array_equal(one.quantiles[key], other.quantiles[key]) for key in keys)
    named = [name for name in one.designs[0] if "days until" in name]
    assert len(named) == 2 * len(plan.orders) and len(set(named)) == len(named)


def test_that_an_order_is_not_switched_in_the_middle_of_a_study():
    simulator = Simulator(load_scenario(PLAN), scale=COARSE)
    with pytest.raises(UsageError, match="for a whole scenario"):
        simulator.member(0, settings=["litigation.jgg=off"])


def test_that_a_mechanism_taken_out_is_the_scenario_without_it():
    less = ("no-other-agencies", "no-parole-revocation")
    plan = load_scenario(PLAN)
    live = Without(plan, less, ["removals.ice", "cost.total"], scale=COARSE)
    for on, name in ((frozenset(less), PLAN), (frozenset(less[1:]), less[0])):
        own = Simulator(load_scenario(name), scale=COARSE).member(1).outcomes
        assert live(on, 1).tolist() == [own["removals.ice"][1], own["cost.total"][1]]


def test_that_a_mechanism_is_not_taken_out_by_a_scenario_of_other_days():
    with pytest.raises(UsageError, match="other days"):
        Without(load_scenario(ENACTED), ["no-other-agencies"], ["removals.ice"], scale=COARSE)
