"""Laws of what it would take in the country: what may be asked, moved and kept, and what is said of it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

import docketflow
from docketflow.answers.feasible.country import pull
from docketflow.answers.feasible.goal import read_goal, read_kept
from docketflow.answers.feasible.shelf import movable, shelf
from docketflow.cli.main import main
from docketflow.conductor.model import outcomes_answered
from docketflow.core.errors import DocketflowError, ScenarioError, UsageError
from docketflow.evidence import load
from docketflow.policy import load_scenario
from docketflow.policy.catalogue import lever

slow = pytest.mark.slow  # searches over the whole country

SMALL = {"members": 3, "scale": "1/2000"}
YEAR = "by 2026-01-19"


@pytest.fixture(scope="module")
def plain():
    return docketflow.run("one-million-first-year", **SMALL)


@pytest.fixture(scope="module")
def short():
    return docketflow.feasible(f"removals.ice >= 10_000_000 {YEAR} using officers, beds", **SMALL)


@pytest.fixture(scope="module")
def decided(plain):
    """A goal of the courts a seventh above what they come to as it is."""
    return f"courts.total_completions >= {1.15 * plain['courts.total_completions'].values.max():.0f} {YEAR}"


@pytest.fixture(scope="module")
def least(decided):
    return docketflow.feasible(f"{decided} using judges", lags=["judges=30"], **SMALL)


@slow
def test_that_what_is_out_of_reach_is_proved_by_what_everybody_must_pass(short):
    certificate = short.to_json()["certificate"]
    assert short.verdict == "out of reach: proved" and certificate["word"] == "proved"
    assert short.found.top.highest <= certificate["cannot_pass"]
    assert all(name.startswith("seats.") for name in certificate["made_of"])


@slow
def test_that_lifting_what_a_certificate_names_lifts_the_bound(short):
    goal = f"removals.ice >= {1.2 * short.found.proof.most:.0f} {YEAR} using officers, beds"
    assert docketflow.feasible(goal, **SMALL).found.proved
    more = docketflow.feasible(f"{goal}, seats", **SMALL)
    assert not more.found.proved
    assert more.found.top.level.value > short.found.top.level.value


@slow
def test_that_the_answer_is_plain_data_and_says_what_comes_with_it(least):
    told = json.loads(json.dumps(least.to_json(), default=str))
    [need] = told["least"]
    assert told["verdict"] == "reached" and 0 < need["least"] <= told["levers"][0]["most"]
    assert told["found"]["runs_that_reach_it"] > told["as_it_is"]["runs_that_reach_it"]
    assert {
        "detained.average",
        "removals.without_hearing",
        "courts.wait_days.not_detained",
        "cost.total",
    } <= set(told["found"]["beside"])
    assert told["as_settings"] == [f"court.judges=+{need['least']:g}@2025-01-20+30d"]


@slow
def test_that_the_settings_of_an_answer_do_what_it_says(least):
    run = docketflow.run(least.scenario, sets=least.settings(), **SMALL)
    held = (run["courts.total_completions"].values >= least.goal.value).sum()
    assert held == least.standing.reached


@slow
def test_that_a_lag_takes_more_of_a_lever(least):
    assert least.found.at_once.amount <= least.found.each[0].amount


@slow
def test_that_a_number_of_members_fixes_every_digit(decided, least):
    again = docketflow.feasible(decided, using=["judges"], lags={"judges": 30}, **SMALL)
    assert again.to_json() == least.to_json()


@slow
def test_that_a_goal_reached_as_it_is_needs_nothing():
    found = docketflow.feasible(f"removals.ice >= 1000 {YEAR}", using=["beds"], **SMALL)
    assert found.verdict == "reached as it is" and found.settings() == []


@slow
def test_that_the_earliest_month_is_told_where_no_day_is_given(plain):
    goal = 1.2 * plain["removals.ice"].values.max()
    found = docketflow.feasible(f"removals.ice >= {goal:.0f}", using=["seats"], **SMALL)
    assert plain.end < found.date.month == found.result.end
    assert found.found.top.level.value >= goal


@slow
def test_that_what_is_kept_must_hold_in_the_same_runs(decided, least):
    kept = docketflow.feasible(
        decided, using=["judges"], keep=["cost.total <= 1"], lags=["judges=30"], **SMALL
    )
    assert least.reached and not kept.reached and not kept.found.proved


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("removals.ice >= 1_000_000", "removals.ice >= 1,000,000"),
        ("ICE removals at least 1 million", "removals.ice >= 1,000,000"),
        ("detained.over_180_days <= 0", "detained.over_180_days <= 0"),
        ("removals.without_hearing <= 40%", "removals.without_hearing <= 0.4"),
        ("court backlog ≤ 3.5 million", "courts.pending.active <= 3,500,000"),
        ("cost.total <= $9 billion", "cost.total <= 9,000,000,000"),
    ],
)
def test_that_a_goal_is_read_as_it_is_typed(text, wanted):
    assert str(read_goal(text, outcomes_answered())) == wanted


def test_that_a_day_and_levers_may_stand_in_the_goal():
    goal = read_goal("courts.pending.all <= 1_000_000 by 2028-09-30 using judges, seats", outcomes_answered())
    assert (goal.by, goal.using, goal.more) == (dt.date(2028, 9, 30), ("judges", "seats"), False)


@pytest.mark.parametrize(
    "goal",
    ["removals.ice", "removals.ice > 5", "removals.ice = 5", "removals.icy >= 5", "removals.ice >= many",
     "removals.ice >= 5 by soon", "", None, ">= 5", "removals.ice >= 1_000_000 using nationality"],
)  # fmt: skip
def test_that_a_goal_that_cannot_be_read_is_one_clear_line(goal):
    with pytest.raises(DocketflowError) as caught:
        docketflow.feasible(goal, **SMALL)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "word", ["nationality", "venezuela", "area", "CHI", "years", "removal.third_country.other_share[cuba]"]
)
def test_that_no_nationality_place_or_trait_is_a_lever(word, capsys):
    assert main(["feasible", "removals.ice >= 1000", "--using", word]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "never a nationality, a place or a trait" in told


def test_that_a_lever_at_work_after_the_last_day_is_refused():
    with pytest.raises(ScenarioError, match="240 days later at work"):
        docketflow.feasible("courts.total_completions >= 1 by 2025-06-30 using judges", **SMALL)


def test_that_what_is_declared_is_national_and_known():
    room, answered = load(), outcomes_answered()
    for one in shelf().levers.values():
        for path in one.levers:
            assert "[" not in path and (not lever(path).by or one.move != "add")
        assert one.source is None or one.source in room.sources
        assert one.lag == 0 or one.source or one.assumed
    assert set(shelf().beside) | {shelf().cost} <= answered
    assert {one.outcome for one in shelf().keep.values()} <= answered


def test_that_every_lever_can_be_moved_to_its_end_in_the_plan():
    plan = load_scenario("one-million-first-year")
    assert all(pull(plan, one, plan.start, None).most > 0 for one in shelf().levers.values())


def test_that_words_to_keep_mean_no_worse_than_it_is():
    kept = read_kept("right to a hearing", outcomes_answered())
    assert (kept.name, kept.more, kept.value) == ("removals.without_hearing", False, None)
    with pytest.raises(UsageError, match="did you mean"):
        read_kept("hearingz", outcomes_answered())


def test_that_ordinary_words_name_levers():
    assert [one.name for one in movable(["Planes", "court.judges", "jail space"])] == [
        "seats",
        "judges",
        "beds",
    ]
