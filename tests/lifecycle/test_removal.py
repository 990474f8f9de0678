"""Removal carried out: a seat, and one record of the departure."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import Wait, mark, start, take
from docketflow.lifecycle import national

from .slice import Way, goes, live, name_of

_LAND, _FLIGHT = "removal.mode.land_share", "removal.mode.commercial_share"
_BINDS, _TRANSFER = "money.appropriation.binds_share", "removal.seats.transfer_share"
_CREDITED = "removal.credited_to_ice_share"


def _gone(**where: str) -> dict[str, dict[str, str]]:
    by = ("nationality", "record", "claim")
    return {"departure": where, **{f"departure_by_{one}": {} for one in by}}


_ICE, _CBP = {"agency": "ice", "remover": "ice"}, {"agency": "cbp", "remover": "ice"}
WAYS = [
    Way("removal_arranged", {}, [], "mode", {"remover": "ice"}),
    Way("mode", {"destination": "mexico"}, [], "seat.land", {"mode": "land"}),
    Way("mode", {"destination": "other"}, [], "mode.charter"),
    Way("mode", {"destination": "prison"}, [], "mode.charter"),
    Way("mode", {"destination": "own"}, [], "mode.own"),
    Way("mode.own", {}, [_LAND], "seat.land", {"mode": "land"}),
    Way("mode.own", {}, [_FLIGHT], "seat.commercial", {"mode": "commercial"}),
    Way("mode.own", {}, [_LAND, _FLIGHT], "seat.land", {"mode": "land"}),
    Way("mode.own", {}, [], "mode.charter"),
    Way("mode.charter", {}, [], "seat.military"),
    Way("mode.charter", {}, ["removal.seats.transfer_share"], "seat.transfer"),
    Way("boarded", {"custody": "no", "order": "expedited"}, [], "departed", {},
        _gone(order="expedited", detention="no")),
    # ICE credits part of the removals after its own bookings to an earlier arrest by CBP
    Way("arrest_credited", _ICE, [_CREDITED], "departed", {}, _gone(agency="ice", remover="ice")),
    Way("arrest_credited", _ICE, [], "departed", {"agency": "cbp"}, _gone(agency="cbp", remover="ice")),
    Way("arrest_credited", _CBP, [_CREDITED], "departed", {}, _gone(agency="cbp")),
    Way("arrest_credited", _CBP, [], "departed", {}, _gone(agency="cbp")),
    Way("arrest_credited", {"agency": "none"}, [], "departed", {}, _gone(agency="none")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_a_removal_takes_the_way_the_law_says_and_leaves_one_record(way: Way) -> None:
    goes(way)


def test_that_who_boards_from_custody_gives_up_the_bed_and_is_booked_out_for_removal() -> None:
    held = ("detention.beds", "detention.overflow", "detained.cbp_arrest.none", "detained.over_180_days")
    lived = live(
        at="boarded", who={"custody": "yes", "detention": "yes", "agency": "cbp"}, days=8,
        numbers={"custody.long_stay_days": 2.0},
        do=[*map(take, held), mark("first"), start("tenure_180")],
    )  # fmt: skip
    assert [lived.held(space)[-1] for space in held] == [0, 0, 0, 0]
    assert lived.share_at("arrest_credited") == 1
    assert lived.traits_at("arrest_credited")["exit"] == "removal"
    assert lived.traits_at("arrest_credited")["custody"] == "no"
    assert lived.counted_each("book_out", exit="removal", agency="cbp") == 1
    assert lived.counted("departure") == 0  # counted once, after the credit


_OFFICERS = {
    "arrest.at_large.officers": 100.0,
    "arrest.at_large.hours_per_officer_year": 365.25,
    "staff.hours.removal": 2.0,
    **{f"money.removal.{mode}": 10.0 for mode in ("charter", "commercial", "land", "military")},
    "money.appropriation.removal": 120.0,
}


@pytest.mark.parametrize("officers", [0.0, 10.0])
def test_that_nobody_is_removed_without_an_escort(officers) -> None:
    numbers = {**_OFFICERS, "arrest.at_large.officers": officers, "removal.seats.land_per_day": 1e3}
    lived = live(at="seat.land", numbers=numbers, people=40, days=6)
    assert lived.ledger.served["seat.land"].tolist()[1:] == [officers / 2] * 5


@pytest.mark.parametrize("mode", ["charter", "commercial", "land"])
def test_that_as_many_leave_a_day_as_there_are_seats_of_that_mode(mode) -> None:
    lived = live(
        at=f"seat.{mode}", numbers={**_OFFICERS, f"removal.seats.{mode}_per_day": 7.5}, people=40, days=10
    )
    served = lived.ledger.served[f"seat.{mode}"].tolist()
    assert served[1:6] == [7, 7, 8, 7, 8] or served[1:6] == [8, 7, 8, 7, 8]
    assert sum(served) == lived.counted("at boarded") == 40
    none = live(
        at=f"seat.{mode}", numbers={**_OFFICERS, f"removal.seats.{mode}_per_day": 0.0}, people=40, days=10
    )
    assert none.counted("at boarded") == 0


def test_that_as_many_leave_in_a_fiscal_year_as_its_money_pays_for_where_it_binds() -> None:
    numbers = {**_OFFICERS, "removal.seats.land_per_day": 1e3}
    for binds, gone in ((1.0, 12), (0.5, 24), (0.0, 40)):
        lived = live(at="seat.land", people=40, days=6, numbers={**numbers, _BINDS: binds})
        assert lived.counted("at boarded") == gone


def test_that_military_seats_go_first_and_who_finds_none_waits_for_a_charter() -> None:
    numbers = {**_OFFICERS, "removal.seats.military_per_day": 15.0, "removal.seats.charter_per_day": 0.0}
    lived = live("seat.military", "seat.charter", at="mode.charter", numbers=numbers, people=40, days=6)
    assert lived.counted("at boarded, mode", mode="military") == lived.counted("at boarded") == 15
    assert lived.standing("seat.charter")[-1] == 25
    numbers["removal.seats.military_per_day"] = 0.0
    lived = live("seat.military", "seat.charter", at="mode.charter", numbers=numbers, people=40, days=6)
    assert lived.counted("at boarded") == 0 and lived.standing("seat.charter")[-1] == 40


def test_that_flights_within_the_country_take_seats_from_removals() -> None:
    numbers = {**_OFFICERS, "removal.seats.military_per_day": 0.0, "removal.seats.charter_per_day": 8.0}
    places = ("mode.charter", "seat.transfer", "seat.military", "seat.charter")
    gone = [
        live(*places, at="mode.charter", people=40, days=5, numbers={**numbers, _TRANSFER: share})
        for share in (0.0, 1.0)
    ]
    assert [one.counted("domestic_transfer") > 0 for one in gone] == [False, True]
    assert gone[0].counted("at boarded") == 32
    assert gone[1].counted("at boarded") + gone[1].counted("domestic_transfer") == 32


def test_that_removals_by_every_mode_are_sure_of_a_part_of_officers_time() -> None:
    officers = "officers' minutes"
    waits = (one for one in national().nodes if isinstance(one, Wait) and one.name.startswith("seat."))
    lines = {one.name for one in waits if one.effort == officers}
    kept = next(one for one in national().efforts if one.name == officers)
    assert lines == {line for floor in kept.floors if floor.name == "removals" for line in floor.waits}
