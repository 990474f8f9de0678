"""More of one thing alone, all else as it is: never fewer removals by ICE, and of the bench no longer waits.

Each limit is lifted alone to where it is declared not to limit (`answers/limits.yaml`), in the plan, on
paired members. What lowers removals says here what takes them: arrests of everybody who comes to court do,
for want of places.
"""

from __future__ import annotations

import functools
import math
import statistics
from fractions import Fraction

import pytest

from docketflow.answers.limits import fitting, shelf
from docketflow.conductor.simulator import Simulator
from docketflow.policy import load_scenario

MEMBERS = range(4)
SURE = 2.0  # standard errors
BENCH = ("judges", "attorneys")
ALONE = dict.fromkeys((*shelf().standard, "attorneys"))
WAITS = ("courts.wait_days.detained_from_booking", "detained.over_180_days")


@pytest.fixture(scope="module")
def rise():
    """Return a function: by how much lifting a limit, beside others, raises an outcome; its chance."""
    plan = Simulator(load_scenario("one-million-first-year"), scale=Fraction(1, 1000))

    @functools.cache
    def lived(*settings):
        return [plan.member(member, settings=settings).outcomes for member in MEMBERS]

    def found(limit, outcome, *beside):
        (one, *others), _ = fitting(plan.scenario, [limit, *beside])
        under = [setting for other in others for setting in other.lifted]
        pairs = zip(lived(*under), lived(*under, *one.lifted), strict=True)
        gaps = [lifted[outcome][1] - usual[outcome][1] for usual, lifted in pairs]
        return statistics.mean(gaps), SURE * statistics.stdev(gaps) / math.sqrt(len(gaps))

    return found


@pytest.mark.parametrize("limit", ALONE)
def test_that_more_of_one_thing_alone_never_lowers_removals(rise, limit):
    mean, chance = rise(limit, "removals.ice")
    assert mean >= -chance


@pytest.mark.parametrize("limit", BENCH)
@pytest.mark.parametrize("wait", WAITS)
def test_that_more_judges_or_counsel_alone_keep_nobody_waiting_longer_in_custody(rise, limit, wait):
    mean, chance = rise(limit, wait)
    assert mean <= chance


def test_that_it_is_places_that_arrests_in_court_take_from_people_removed_sooner(rise):
    mean, chance = rise("courthouses", "removals.ice", "beds", "hold rooms")
    assert mean >= -chance
