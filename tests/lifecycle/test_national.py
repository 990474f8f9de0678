"""Laws of the whole country: what must hold whatever the numbers are."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.tseries.holiday import USFederalHolidayCalendar

import docketflow
from docketflow.conductor.simulator import Simulator
from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.evidence import load
from docketflow.policy import load_scenario

YEAR = "fiscal-year-2024"
SMALL = Fraction(1, 2000)
JUDGES = ("judges", "judges.master", "judges.merits", "judges.detained", "government counsel")


@pytest.fixture(scope="module")
def world():
    return Simulator(load_scenario(YEAR), scale=SMALL)


@pytest.fixture(scope="module")
def central(world):
    """Return a function: a member's books at the central values of all parameters."""
    return lambda member: world.ledger(member, values=load().central())


@pytest.fixture(scope="module")
def books(central):
    return central(0)


def test_that_members_have_luck_of_their_own_also_where_their_numbers_are_the_same(central, books):
    others = [central(member) for member in (1, 2)]
    lines = [np.concatenate([*one.stock.values()]) for one in (books, *others)]
    for k, one in enumerate(lines):
        assert not any(np.array_equal(one, other) for other in lines[:k])
    assert np.array_equal(lines[0], np.concatenate([*central(0).stock.values()]))


def test_that_members_draw_numbers_of_their_own(world):
    drawn = [world.drawn(member) for member in range(3)]
    uncertain = [path for path, one in load().parameters.items() if one.shape]
    assert len(uncertain) > 50
    for k, one in enumerate(drawn):
        for other in drawn[:k]:
            differ = [path for path in uncertain if str(one[path].values) != str(other[path].values)]
            assert len(differ) > 0.9 * len(uncertain)


def test_that_judges_sit_on_federal_working_days_and_on_no_other(books, world):
    first, last = world.scenario.first, world.scenario.end
    days = pd.date_range(first, last)
    holidays = USFederalHolidayCalendar().holidays(first, last)
    open_days = ((days.day_of_week < 5) & ~days.isin(holidays)).tolist()
    assert sum(open_days) == 250
    for effort in JUDGES:
        assert (books.supply[effort] > 0).tolist() == open_days, effort


def test_that_everybody_in_custody_is_counted_under_one_arrest_statute_and_file_and_holds_one_place(books):
    def sum_of(*spaces):
        return sum(books.held[space] for space in spaces)

    arrests = [f"detained.{by}_arrest.{label}" for by in ("ice", "cbp") for label in labels("criminal")]
    statutes = [f"detained.{label}" for label in labels("authority") if label.startswith("ina")]
    files = [f"detained.{name}" for name in ("expedited", "notice_to_appear", "reinstated", "other")]
    counted = sum_of(*arrests)
    placed = sum_of("detention.beds", "detention.overflow", "detention.family") + books.stock["hold_room"]
    assert np.array_equal(counted, placed)
    assert np.array_equal(sum_of(*files), counted)
    both = sum_of(*statutes) - counted  # whom a judge orders removed is under both statutes that evening
    assert both.min() >= 0 and both.max() <= 0.1 * counted.max() and both.mean() < 0.01 * counted.mean()
    assert (books.held["detained.over_180_days"] <= counted).all()


def test_that_the_use_of_a_space_is_its_mean_over_the_days_of_a_month_and_supply_alike(world, central):
    answer = docketflow.run(YEAR, members=1, scale=SMALL, seed=1)
    ledger = world.ledger(0)
    begins = [dt.date.fromisoformat(f"{month}-01") for month in answer.months]
    days = [(day - world.scenario.first).days for day in begins] + [world.days]
    names, parts = answer.labels("resource"), answer.labels("measure")
    for space in ("detention.beds", "detention.overflow"):
        for part, lines in (("used", ledger.held), ("supply", ledger.capacity)):
            found = answer.arrays["resources"][names.index(space), parts.index(part), 0]
            mean = [lines[space][a:b].mean() * ledger.weight for a, b in itertools.pairwise(days)]
            assert found == pytest.approx(mean)


def test_that_the_order_in_which_levers_are_given_changes_nothing():
    sets = [
        "detention.beds.contract=30000@2024-12-01",
        "court.judges=900@2025-02-01",
        "detention.beds.overflow=500@2024-12-15",
        "arrest.booked_share=0.4@2025-01-20",
    ]
    answers = [
        docketflow.run("baseline-january-2025", members=1, scale=SMALL, sets=order)
        for order in (sets, sets[::-1])
    ]
    assert answers[0].to_json()["outcomes"] == answers[1].to_json()["outcomes"]


def test_that_the_bias_shown_beside_a_scale_is_the_one_measured_with_its_sign():
    home = Path(docketflow.__file__).parent / "results" / "scale_bias.csv"
    with home.open(newline="") as lines:
        measured = {
            row["outcome"]: float(row["bias"])
            for row in csv.DictReader(lines)
            if (row["scenario"], row["scale"]) == (YEAR, "1/100")
        }
    shown = docketflow.run(YEAR, members=1, scale="1/100").manifest["bias"]
    assert shown == measured and any(value < 0 for value in measured.values())


# --- extremes, on a small made-up country (see conftest) --------------------------------------------
NO_ARRESTS = {
    "arrest__custodial__detainers_per_day": 0,
    "arrest__supervision__check_ins_per_day": 0,
    "arrest__at_large__share_of_time": 0,
    "arrest__at_large__borrowed_officers": 0,
}
FLOWS = ("released", "paroled_at_ports", "children", "paroled_without_notice", "booked_into_detention",
         "adults_to_ice", "families_to_ice", "removed_by_cbp", "voluntary_returns", "withdrawals",
         "crew_returns")  # fmt: skip
NO_BORDER = {f"border__{flow}_per_day": 0 for flow in FLOWS}


def test_that_without_arrests_nobody_is_booked_in_after_an_arrest_by_ice(run, plain):
    quiet = run(**NO_ARRESTS)
    assert quiet["arrests.ice"] == quiet["book_ins.ice_arrest"] == 0
    assert quiet["book_ins.cbp_arrest"] > 0 and plain["book_ins.ice_arrest"] > 0


def test_that_without_arrivals_nobody_is_booked_in_after_an_arrest_by_cbp_nor_sent_back(run, plain):
    closed = run(**NO_BORDER)
    assert closed["book_ins.cbp_arrest"] == closed["returns.administrative"] == 0
    assert closed["book_ins.ice_arrest"] > 0 and plain["book_ins.cbp_arrest"] > 0


def test_that_beds_nobody_needs_change_nothing(run):
    many, more = (
        run(detention__beds__contract=beds, detention__beds__usable_share=1) for beds in (400_000, 500_000)
    )
    assert many == more


def test_that_more_judges_never_decide_fewer_cases(run, plain):
    doubled = run(court__judges=1_400)
    assert doubled["courts.total_completions"] > plain["courts.total_completions"]


def test_that_prices_change_no_person(run, plain):
    dear = run(money__detention__bed_day=1_000)
    assert dear["cost.total"] > plain["cost.total"]
    assert {k: v for k, v in dear.items() if "cost" not in k} == {
        k: v for k, v in plain.items() if "cost" not in k
    }


# --- limits answer to arrests ----------------------------------------------------------------------
def test_that_without_officers_nobody_is_arrested_taken_in_or_removed_by_ice(run):
    nobody = run(arrest__at_large__officers=0, arrest__at_large__borrowed_officers=0)
    assert nobody["arrests.ice"] == nobody["removals.ice"] == 0
    assert nobody["book_ins.ice_arrest"] == nobody["book_ins.cbp_arrest"] == 0
    assert nobody["waiting_with_cbp.average"] > 0


def test_that_fewer_people_are_arrested_when_there_is_no_place(run, plain):
    nothing = {"detention__beds__contract": 0, "detention__beds__overflow": 0}
    assert run(**nothing, detention__hold_rooms__places=0)["arrests.ice"] == 0
    assert run(**nothing)["arrests.ice"] < plain["arrests.ice"]
    assert run(**nothing)["hold_rooms.peak"] > 0


def test_that_more_arrests_never_lower_removals_where_nothing_is_scarce(run):
    free = {
        "detention__beds__contract": 4_000_000,
        "detention__hold_rooms__places": 900_000,
        "arrest__at_large__officers": 900_000,
        "arrest__at_large__share_of_time": 0.001,
        **{f"removal__seats__{mode}_per_day": 190_000 for mode in ("charter", "commercial", "land")},
    }
    few, many = (run(**free, arrest__supervision__arrest_share=share) for share in (0.002, 0.02))
    assert many["arrests.ice"] > few["arrests.ice"]
    assert many["removals.ice"] >= few["removals.ice"]


def test_that_closing_bond_never_lowers_habeas_filings_nor_hears_anybody(run, plain):
    closed = run(bond__open_share=Table.of("authority", dict.fromkeys(labels("authority"), 0.0)))
    assert closed["bond.hearings"] == 0 < plain["bond.hearings"]
    assert closed["habeas.filed"] >= plain["habeas.filed"]


def test_that_the_no_bond_reading_and_what_a_circuit_makes_of_it_can_be_written(run, plain):
    """Matter of Yajure Hurtado: applicants for admission everywhere, and two circuits that hold otherwise."""
    none = dict.fromkeys(labels("circuit"), 0.0)
    read = run(charge__applicant_share=1)
    some = {**none, "5th": 1.0, "9th": 1.0}
    opened = run(charge__applicant_share=1, bond__circuit_open_share=Table.of("circuit", some))
    assert read["bond.hearings"] < min(opened["bond.hearings"], plain["bond.hearings"])
    assert read["detained.ina_236a"] < plain["detained.ina_236a"]
    assert read["detained.ina_235b2"] > plain["detained.ina_235b2"]
    assert read["habeas.filed"] >= plain["habeas.filed"]
