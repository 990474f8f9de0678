"""A plan beside its baseline."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from docketflow.answers.beside import beside
from docketflow.conductor.ensemble import simulate
from docketflow.core.errors import ScenarioError
from docketflow.policy import load_scenario

_FEW = {"members": 3, "scale": Fraction(1, 2000), "seed": 1}


@pytest.fixture(scope="module")
def plan():
    return simulate(load_scenario("one-million-first-year"), **_FEW)


def test_that_a_plan_is_told_beside_the_same_members_without_it(plan) -> None:
    said = beside(plan, "baseline-january-2025").to_json()
    base = simulate(load_scenario("baseline-january-2025"), **_FEW)
    assert said["members"] == 3
    assert said["rows"]["removals.ice"]["baseline"] == base["removals.ice"].whole.rounded().value
    assert said["rows"]["removals.ice"]["baseline_low"] <= said["rows"]["removals.ice"]["baseline"]
    assert len(said["months"]["removals.ice"]["each"]) == len(base.months)
    assert said["months"]["removals.ice"]["so_far"][-1] == pytest.approx(
        base["removals.ice"].whole.value, rel=0.01
    )
    assert set(said["stages"]) == set(base.labels("stage"))
    assert set(said["accounts"]) == set(base.labels("account"))
    gaps = sorted(plan["arrests.ice"].values - base["arrests.ice"].values)
    assert said["rows"]["arrests.ice"]["difference"] == pytest.approx(gaps[1], rel=0.1)


def test_that_a_scenario_beside_itself_differs_by_nothing(plan) -> None:
    rows = beside(plan, "one-million-first-year").to_json()["rows"]
    assert not any(row["difference"] for row in rows.values())


def test_that_a_scenario_names_its_baseline_and_hands_it_on(tmp_path) -> None:
    assert load_scenario("one-million-first-year").baseline == "baseline-january-2025"
    assert load_scenario("no-alien-enemies-act").baseline == "baseline-january-2025"
    assert load_scenario("baseline-january-2025").baseline == ""
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\nextends: baseline-january-2025\nbaseline: baseline-january\n")
    with pytest.raises(ScenarioError, match="unknown scenario 'baseline-january'"):
        load_scenario(file)


def test_that_a_baseline_changes_no_hash() -> None:
    plan = load_scenario("one-million-first-year")
    assert plan.baseline and plan.hash == load_scenario("one-million-first-year").between().hash


def test_that_a_baseline_is_of_as_many_people_as_the_plan_says() -> None:
    said = load_scenario("one-million-first-year").between(end=dt.date(2025, 1, 31))
    said = said.with_sets(["population.people=11000000"])
    rows = beside(simulate(said, **_FEW), "one-million-first-year").to_json()["rows"]
    assert not any(row["difference"] for row in rows.values())
