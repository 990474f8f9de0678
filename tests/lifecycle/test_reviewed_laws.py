"""Laws that two reviews asked for and no other file holds; the whole list stands in docs/laws.md."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from fractions import Fraction
from pathlib import Path

import pytest

from docketflow.conductor.simulator import Simulator
from docketflow.core.quantity import Dated, Table
from docketflow.core.vocabulary import labels
from docketflow.evidence import load
from docketflow.policy import load_scenario

SCALE = Fraction(1, 4000)
PLENTY = {
    "detention__beds__contract": 4_000_000,
    "detention__hold_rooms__places": 900_000,
    **{f"removal__seats__{mode}_per_day": 190_000 for mode in ("charter", "commercial", "land")},
}


def _everywhere(trait, value):
    return Table.of(trait, dict.fromkeys(labels(trait), value))


@pytest.fixture(scope="module")
def few(run):
    return functools.partial(run, scale=SCALE)


@pytest.fixture(scope="module")
def usual(few):
    return few()


def test_that_the_alien_enemies_act_changes_nothing_while_nobody_is_designated(few, usual):
    assert few(wartime__places=1e6, wartime__habeas_share=0, wartime__notice_days=21) == usual


def test_that_who_is_sent_under_the_alien_enemies_act_is_no_removal_under_an_order(few, usual):
    sent = few(wartime__places=1e6, wartime__habeas_share=0,
               wartime__designated_share=_everywhere("nationality", 1.0))  # fmt: skip
    assert sent["removals.alien_enemies"] > 0 == usual["removals.alien_enemies"]
    assert sent["removals.ohss"] < usual["removals.ohss"]


def test_that_more_countries_that_refuse_never_raise_removals(few):
    none, every = (
        few(order__travel_document__never_share=_everywhere("nationality", share)) for share in (0.0, 1.0)
    )
    assert every["removals.ice"] < none["removals.ice"]


def test_that_without_release_no_fewer_are_removed_where_beds_and_seats_are_plenty(few):
    def removed(share):
        release = {f"release__{name}_share": share for name in ("parole", "recognizance", "ice_bond")}
        bond = {"bond__granted_share": share, "bond__granted_share_with_counsel": share}
        return few(**PLENTY, **release, **bond)["removals.ice_arrest"]

    assert removed(0.0) >= removed(0.5)


def test_that_without_a_place_to_wait_nobody_is_flown_from_the_border(few, usual):
    assert few(border__staging__places=0)["removals.cbp_arrest.not_through_detention"] == 0
    assert usual["removals.cbp_arrest.not_through_detention"] > 0


@pytest.fixture(scope="module")
def without_seats():
    numbers = load().central() | {
        f"removal.seats.{mode}_per_day": Dated.always(0.0)
        for mode in ("charter", "commercial", "land", "military")
    }
    scenario = load_scenario("fiscal-year-2024")
    short = dataclasses.replace(scenario, end=scenario.start + dt.timedelta(90))
    return Simulator(short, scale=SCALE).ledger(0, values=numbers)


def test_that_nobody_stands_in_a_line_for_a_seat_without_a_place_that_is_counted(without_seats):
    """The places of people in custody and those before a flight from the border hold all who wait."""
    lines = ("charter", "commercial", "land", "transfer")
    in_line = sum(without_seats.stock[f"seat.{mode}"] for mode in lines)
    places = ("beds", "family", "overflow", "hold_rooms", "guantanamo")
    held = sum(without_seats.held[f"detention.{place}"] for place in places) + without_seats.held["staging"]
    assert in_line[-1] > 2 and (in_line <= held).all()


def test_that_every_test_named_in_the_list_of_laws_is_there():
    tests = Path(__file__).parents[1]
    page = (tests.parent / "docs" / "laws.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", page)
    assert len(named) > 30
    for file, test in named:
        assert f"def {test}(" in (tests / file).read_text(encoding="utf-8"), (file, test)
