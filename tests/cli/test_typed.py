"""Laws of levers as they are typed: what is typed is what is meant, or is refused in one line."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from docketflow.core.errors import DocketflowError
from docketflow.policy import levers, load_scenario
from docketflow.policy.catalogue import find_levers
from docketflow.policy.typed import FORM, read_typed

START = dt.date(2025, 1, 20)
BEDS = "detention.beds.contract"
TYPED = {
    f"{BEDS}=50000": ("set", 50_000, START, None, 0),
    f"{BEDS}=+200": ("add", 200, START, None, 0),
    f"{BEDS}=-47@2025-06-01": ("add", -47, dt.date(2025, 6, 1), None, 0),
    f"{BEDS}=*1.5@2025-03-01": ("scale", 1.5, dt.date(2025, 3, 1), None, 0),
    f"{BEDS}=+1e3@2025-03-01..2025-09-30": ("add", 1000, dt.date(2025, 3, 1), dt.date(2025, 9, 30), 0),
    f"{BEDS}=6e4@2025-03-01+60d": ("set", 60_000, dt.date(2025, 3, 1), None, 60),
    f"{BEDS}=*.5@2025-03-01..2025-09-30+60d": ("scale", 0.5, dt.date(2025, 3, 1), dt.date(2025, 9, 30), 60),
    f"{BEDS}=6e4@2025-03-01~2025-09-30+60d": ("ramp", 60_000, dt.date(2025, 3, 1), dt.date(2025, 9, 30), 60),
    "release.recognizance_share[ice]=*0.5": ("scale", {"ice": 0.5}, START, None, 0),
    "target.removals=500000": ("set", 500_000, None, None, 0),
    "target.series=removals.ohss": ("set", "removals.ohss", None, None, 0),
}


@pytest.mark.parametrize("text", TYPED)
def test_that_what_is_typed_is_what_is_meant(text):
    found = read_typed(text, START)
    assert (found.operation, found.value, found.start, found.end, found.lag) == TYPED[text]


WRONG = {
    f"{BEDS}=1_000": "needs a number",
    f"{BEDS}=\u0663": "needs a number",
    f"{BEDS}=50,000": "needs a number",
    f"{BEDS}=+10%": "needs a number",
    f"{BEDS}=+-5": "needs a number",
    f"{BEDS}=**2": "needs a number",
    f"{BEDS}=x2": "needs a number",
    f"{BEDS}=*-1": "needs a number",
    f"{BEDS}=+nan": "finite number",
    f"{BEDS}=5@soon": "'soon' is not a date",
    f"{BEDS}=5@2025-03-01..soon": "'soon' is not a date",
    f"{BEDS}=5@2025-03-01+manyd": "'many' is not a number of days",
    f"{BEDS}=5@2025-03-01+60": "write it as PATH=VALUE@DATE",
    f"{BEDS}=5@2025-03-01..": "write it as PATH=VALUE@DATE|is not a date",
    f"{BEDS}=5@2025-03-01@2025-04-01": "write it as",
    f"{BEDS}=+5@2025-03-01~2025-09-30": "names the number it comes to",
    f"{BEDS}=5@2025-09-30..2025-03-01": "before it starts",
    f"{BEDS}=5@2025-03-01..2025-03-10+60d": "lag of 60 days is longer",
    "target.removals=+5": "cannot add this lever",
    "release.ice_bond_share=+0.1": "cannot add this lever",
    "beds=5": f"did you mean '{BEDS}'",
    "lawyers=5": "unknown lever 'lawyers'",
}


@pytest.mark.parametrize("text", WRONG)
def test_that_what_cannot_be_meant_is_one_line(text):
    with pytest.raises(DocketflowError, match=WRONG[text]) as caught:
        read_typed(text, START)
    assert "\n" not in str(caught.value)


def test_that_two_steps_of_one_lever_are_typed_with_their_ends():
    plan = load_scenario("baseline-january-2025")
    steps = (f"{BEDS}=70000@2025-02-01..2025-05-31", f"{BEDS}=80000@2025-06-01")
    assert [one.value for one in plan.with_sets(steps).layers[-1]] == [70_000, 80_000]


def test_that_the_title_of_a_changed_plan_says_what_was_changed():
    plan = load_scenario("baseline-january-2025")
    changed = plan.with_sets(["court.judges=+200"])
    assert changed.title == f"{plan.title} (changed: court.judges=+200)"
    assert plan.with_sets([]) is plan
    assert plan.with_sets(["court.judges=+200"] * 1 + ["target.removals=1"] * 1).title.count("=") == 2


def test_that_a_hash_is_of_what_is_said_not_of_how():
    plan = load_scenario("baseline-january-2025")
    one, other = plan.with_sets(["court.judges=600"]), plan.with_sets(["court.judges=600@2025-01-20"])
    assert one.hash == other.hash and one.title != other.title
    told = {plan.with_sets([text]).hash for text in TYPED} | {plan.hash, plan.between(end=START).hash}
    assert len(told) == len(TYPED) + 2
    both = ["court.judges=600", f"{BEDS}=50000"]
    assert plan.with_sets(both).hash == plan.with_sets(both[::-1]).hash


def test_that_a_first_day_in_the_run_in_is_remarked_on():
    plan = load_scenario("baseline-january-2025")
    (said,) = plan.with_sets(["court.judges=600@2024-11-20"]).remarks
    assert "2024-11-20" in said and "2025-01-20" in said and "\n" not in said
    assert plan.remarks == plan.with_sets(["court.judges=600"]).remarks == ()


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("beds", BEDS),
        ("officers", "arrest.at_large.officers"),
        ("agents", "arrest.at_large.officers"),
        ("jails", "arrest.custodial.detainers_per_day"),
        ("planes", "removal.seats.charter_per_day"),
        ("flights", "removal.seats.charter_per_day"),
        ("Mexico", "removal.third_country.mexico_share"),
        ("judges", "court.judges"),
        ("wait", "court.filing.days"),
        ("asylum", "court.referral.per_day"),
        ("bond hearing", "bond.asked_share"),
        ("court.judges", "court.judges"),
    ],
)
def test_that_ordinary_words_find_levers(words, path):
    assert path in find_levers(words)


def test_that_no_message_names_a_lever_which_does_not_exist():
    named = {word.split("=")[0] for word in re.findall(r"[a-z_]+(?:\.[a-z_]+)+=?", FORM)}
    assert named and named <= set(levers())
    assert find_levers("lawyers for everyone on the moon") == {}
