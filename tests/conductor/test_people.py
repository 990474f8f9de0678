"""Laws of how many people there are: the level is met, who is counted stays, an answer has its own people."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.answers.sensitivity.structure import declared
from docketflow.answers.why.groups import causes_of, differing
from docketflow.answers.why.mixed import Mixed
from docketflow.conductor import model
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import DocketflowError, UsageError
from docketflow.lifecycle import UNCOUNTED
from docketflow.policy import Scenario, load_scenario
from docketflow.policy.setting import PEOPLE

FIRST = dt.date(2024, 10, 1)
FEW, MANY = 11_000_000, 20_000_000


@pytest.fixture(scope="module")
def plan() -> Scenario:
    """The plan, asked early: its people are those of any day."""
    end = dt.date(2024, 12, 31)
    return load_scenario("baseline-january-2025").between(start=FIRST, end=end)


@pytest.mark.parametrize("people", [FEW, 14_000_000, MANY])
def test_that_people_add_up_to_what_is_asked_and_whoever_is_counted_stays(people):
    known, found = model.stock(FIRST), model.stock(FIRST, people)
    free = known.among(model.program(), **UNCOUNTED)
    assert found.counts.sum() == people
    assert np.array_equal(found.counts[~free], known.counts[~free])
    assert np.array_equal(found.starts, known.starts) and np.array_equal(found.words, known.words)
    scale = (people - known.counts[~free].sum()) / known.counts[free].sum()
    assert np.abs(found.counts[free] - known.counts[free] * scale).max() <= 1


def test_that_a_scenario_which_says_nothing_has_the_people_of_the_evidence(plan):
    assert plan.people is None
    assert Simulator(plan).stock is model.stock(FIRST)
    said = plan.with_sets([f"{PEOPLE}={FEW}"])
    assert said.people == FEW and said.hash != plan.hash
    assert Simulator(said).stock is model.stock(FIRST, FEW)


def test_that_fewer_than_are_counted_is_one_clear_line():
    with pytest.raises(
        UsageError, match=r"population\.people: 9,000,000 is fewer than the .*; allowed: 10,\d"
    ) as caught:
        model.stock(FIRST, 9_000_000)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (f"{PEOPLE}=14", "14 persons is out of bounds; allowed: 10500000 to 30000000"),
        (f"{PEOPLE}=14000000@2025-01-20", "is set once, for a whole scenario, and has no dates or lag"),
        (f"{PEOPLE}=*2", "cannot scale this lever; it allows set"),
    ],
)
def test_that_what_no_number_of_people_is_gets_one_clear_line(plan, typed, wanted):
    with pytest.raises(DocketflowError, match=wanted) as caught:
        plan.with_sets([typed])
    assert "\n" not in str(caught.value)


def test_that_it_is_the_same_run_however_it_is_said_and_more_people_leave_where_more_live(plan):
    known = Simulator(plan, scale="1/5000")
    few, many = (Simulator(plan.with_sets([f"{PEOPLE}={n}"]), scale="1/5000") for n in (FEW, MANY))
    answers = [one.member(0).outcomes for one in (few, known, many)]
    again = known.member(0, settings=[f"{PEOPLE}={FEW}"]).outcomes
    assert repr(again) == repr(answers[0])
    assert repr(known.member(0).outcomes) == repr(answers[1])
    left = [one["departures.unrecorded"][1] for one in answers]
    assert left == sorted(left) and left[0] < left[-1]


@pytest.mark.parametrize("people", [FEW, MANY])
def test_that_as_many_are_arrested_at_large_as_officers_have_hours_for_at_any_level(plan, people):
    """There are more people than that; who is found among them changes, how many does not."""
    known = Simulator(plan, scale="1/1000")
    usual = known.ledger(0).taken["arrest.at_large"]
    other = known.ledger(0, settings=[f"{PEOPLE}={people}"]).taken["arrest.at_large"]
    assert usual.tolist() == other.tolist() and usual.sum() > 0


def test_that_it_is_a_cause_by_which_two_answers_differ(plan):
    few = plan.with_sets([f"{PEOPLE}={FEW}"])
    (cause,) = causes_of(differing(few, plan), "group")
    assert cause.levers == (PEOPLE,)
    mixed = Mixed(few, plan, [cause], scale="1/5000", seed=1)
    every, none = mixed(frozenset([cause.name]), 0), mixed(frozenset(), 0)
    place = mixed.place("departures.unrecorded")
    for simulator, found in ((mixed.one, every), (mixed.other, none)):
        assert simulator.member(0).outcomes["departures.unrecorded"][1] == found[place]


def test_that_lives_of_two_answers_with_as_many_people_are_counted_among_so_many(plan):
    few = plan.with_sets([f"{PEOPLE}={FEW}"])
    other = few.with_sets(["court.judges=900@2024-11-01"])
    mixed = Mixed(other, few, causes_of(differing(other, few), "group"), scale="1/5000", seed=1)
    assert mixed.bare.stock is model.stock(FIRST, FEW)


def test_that_published_levels_are_switches_of_structure_and_rest_where_a_scenario_says_its_own(plan):
    switches = [one for one in declared() if one.kind == "people"]
    simulator = Simulator(plan)
    levels = [one.other(simulator).scenario.people for one in switches]
    assert {11, 14} <= {round(level / 1e6) for level in levels}
    assert levels == [model.evidence().figure(one.figure).value for one in switches]
    told = Simulator(plan.with_sets([f"{PEOPLE}={FEW}"]))
    assert not any(one.other(told) for one in switches)
