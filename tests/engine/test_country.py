"""The declared lifecycle itself, at a coarse scale: the fast machine and its twin live the same country."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from docketflow.conductor import inspect as inspecting
from docketflow.conductor.ensemble import simulate
from docketflow.conductor.simulator import Simulator
from docketflow.core.vocabulary import labels
from docketflow.engine import Run
from docketflow.engine.inspect.histories import FORMS
from docketflow.engine.inspect.reference import run as slowly
from docketflow.policy import load_scenario

from .networks import differences


@pytest.mark.parametrize(("name", "member"), [("fiscal-year-2024", 0), ("one-million-first-year", 3)])
def test_that_the_machine_equals_its_twin_on_the_lifecycle(name: str, member: int) -> None:
    country = Simulator(load_scenario(name), scale=Fraction(1, 3000))
    bound = country.bound(member)
    fast = Run(bound, country.stock, member).finish()
    assert not differences(fast, slowly(bound, country.stock, member))
    assert fast.events > 500


def test_that_a_recount_each_day_of_the_lifecycle_adds_up_and_changes_no_answer() -> None:
    scenario = load_scenario("one-million-first-year")
    once, again = (
        simulate(scenario, members=1, scale=Fraction(1, 3000), recount=recount) for recount in (False, True)
    )
    assert once.to_json() == again.to_json()


def test_that_a_trace_tells_of_the_people_of_the_very_run_and_never_of_their_place() -> None:
    told = inspecting.trace("one-million-first-year", people=8, scale=Fraction(1, 3000), seed=2)
    lived = Simulator(load_scenario("one-million-first-year"), scale=Fraction(1, 3000), seed=2).ledger(0)
    assert not differences(lived, told.books)
    assert told.people == 8 and told.hidden == ("area",)
    assert {trait.split(" ")[0] for row in told.rows for trait in row["traits"]} >= {"nationality", "docket"}
    assert not any(trait.startswith("area ") for row in told.rows for trait in row["traits"])


def test_that_nobodys_history_tells_their_place_or_the_luck_by_which_it_fell() -> None:
    told = inspecting.trace("one-million-first-year", people=10**6, scale=Fraction(1, 3000))
    assert told.people == told.records
    forks = [one for row in told.rows for one in row["decided"] if one.split(":")[0].endswith(".area")]
    assert {one.split(".area")[0] for one in forks} >= {"released", "booked_in", "removed", "returned"}
    assert all(re.fullmatch(r"[a-z_]+\.area: [a-z_.]+, sets a trait left out here", one) for one in forks)
    shares = [one for row in told.rows for one in row["decided"] if ".nationality: " in one]
    assert shares and all("luck" in one for one in shares)
    places = re.compile(rf"\b({'|'.join(set(labels('area')) - {'none'})})\b")
    for form in FORMS:
        assert not places.search(told.written(form)), form
