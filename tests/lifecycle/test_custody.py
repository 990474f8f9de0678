"""Immigration detention: who gets a bed, what is held from booking to release, how a stay ends."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Dated
from docketflow.engine.declare.vocabulary import mark, start, take

from .slice import FIRST, Way, goes, live, name_of

_HELD = {"custody": "yes", "detention": "yes"}
_ON_FILE = {"docket": "awaiting_filing"}
WAYS = [
    # without a place: who was convicted is kept, everybody else is let go
    Way("no_bed", {"criminal": "convicted"}, [], "hold_room"),
    Way("no_bed", {"criminal": "pending"}, [], "released_from_custody"),
    Way("no_bed", {"criminal": "none"}, [], "released_from_custody"),
    Way("other_custody", _HELD, ["custody.other_share"], "held_for_others"),
    Way("other_custody", _HELD, [], "route"),
    # release while the case is pending: parole, then recognizance, then bond
    Way("custody_decision", _HELD, ["release.parole_share"], "awaiting_release", {"exit": "parole"}),
    Way("custody_decision", _HELD, ["release.recognizance_share"], "awaiting_release",
        {"exit": "recognizance"}),
    Way("custody_decision", _HELD, ["release.ice_bond_share"], "awaiting_release", {"exit": "bond"}),
    Way("custody_decision", _HELD,
        ["release.parole_share", "release.recognizance_share", "release.ice_bond_share"],
        "awaiting_release", {"exit": "parole"}),
    Way("custody_decision", _HELD, ["release.recognizance_share", "release.ice_bond_share"],
        "awaiting_release", {"exit": "recognizance"}),
    Way("custody_decision", _HELD, [], "kept"),
    # back in the community, where the file stands
    Way("released_from_custody", {"docket": "none"}, [], "awaiting_filing", _ON_FILE, pool=True),
    Way("released_from_custody", {"docket": "awaiting_filing"}, [], "awaiting_filing", pool=True),
    Way("released_from_custody", {"docket": "pending"}, [], "continued", pool=True),
    Way("released_from_custody", {"docket": "ordered"}, [], "ordered_not_detained", pool=True),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_way_in_custody_leads_where_the_law_says(way: Way) -> None:
    goes(way)


_BEDS = {"detention.beds.contract": 8.0, "detention.beds.usable_share": 0.75, "detention.beds.overflow": 3.0}
_DOORS = ("booking", "booking.overflow", "no_bed", "hold_room")


def test_that_beds_fill_before_the_overflow_and_the_convicted_wait_for_a_bed() -> None:
    lived = live(*_DOORS, at="booking", who={"criminal": "convicted"}, numbers=_BEDS, people=20)
    assert (lived.held("detention.beds")[-1], lived.held("detention.overflow")[-1]) == (6, 3)
    assert lived.counted("at booked") == 9
    assert lived.standing("hold_room")[-1] == 11


def test_that_without_a_place_those_not_convicted_go_home_unbooked() -> None:
    lived = live(*_DOORS, at="booking", who={"criminal": "pending"}, numbers=_BEDS, people=20)
    assert lived.counted("at booked") == 9
    assert lived.counted("at released_from_custody") == 11
    assert lived.counted("book_in") == lived.counted("book_out") == 0


@pytest.mark.parametrize(("usable", "beds"), [(0.65, 5), (0.75, 6), (0.8, 6), (0.825, 7)])
def test_that_usable_beds_are_those_of_the_contract_times_their_share_to_the_nearest_whole(
    usable, beds
) -> None:
    numbers = {**_BEDS, "detention.beds.usable_share": usable, "detention.beds.overflow": 0.0}
    lived = live(*_DOORS, at="booking", who={"criminal": "convicted"}, numbers=numbers, people=20)
    assert lived.held("detention.beds")[-1] == beds


def test_that_a_bed_that_opens_goes_to_those_who_wait_without_one() -> None:
    opens = Dated((1, FIRST.toordinal() + 4), (0.0, 12.0))
    numbers = {**_BEDS, "detention.beds.contract": opens, "detention.beds.overflow": 0.0}
    lived = live(*_DOORS, at="booking", who={"criminal": "convicted"}, numbers=numbers, people=20, days=6)
    assert lived.held("detention.beds") == [0, 0, 0, 0, 9, 9]
    assert lived.standing("hold_room") == [0, 20, 20, 20, 11, 11]


_LONG = {"custody.long_stay_days": 3.0}


@pytest.mark.parametrize(
    ("agency", "space"),
    [("ice", "detained.ice_arrest"), ("cbp", "detained.cbp_arrest"), ("none", "detained.cbp_arrest")],
)
def test_that_a_booking_counts_the_person_under_who_made_the_arrest(agency, space) -> None:
    lived = live(at="booked", who={"agency": agency, "criminal": "pending"}, numbers=_LONG)
    other = ({"detained.ice_arrest", "detained.cbp_arrest"} - {space}).pop()
    assert (lived.held(space)[-1], lived.held(other)[-1]) == (400, 0)
    assert lived.counted_each("book_in", agency=agency, criminal="pending") == 1
    found = lived.traits_at("other_custody")
    assert (found["custody"], found["detention"]) == ("yes", "yes")


def test_that_a_long_stay_begins_its_days_at_the_booking() -> None:
    lived = live(at="booked", who={"agency": "ice"}, numbers=_LONG, days=7)
    assert lived.held("detained.over_180_days") == [0, 0, 0, 0, 400, 400, 400]


def test_that_a_stay_counts_its_days_from_the_booking() -> None:
    numbers = {**_LONG, "custody.other_share": 1.0, "custody.other_days": 1e-6}
    lived = live("other_custody", "held_for_others", at="booked", who={"agency": "ice"}, numbers=numbers)
    assert lived.counted_each("stay_days", agency="ice") == 1  # the day before the booking is no day of it


_STAYS = [
    # place, its further places, for whom, numbers, exit, where to, days there
    ("held_for_others", (), {}, {"custody.other_days": 1e-6}, "other", "in_other_custody", 1),
    ("awaiting_release", (), {"exit": "recognizance"}, {"release.days": 1e-6}, "recognizance",
     "released_from_custody", 1),
]  # fmt: skip
_EVERYTHING = [
    *(take(space) for space in ("detention.beds", "detention.overflow", "detained.ice_arrest")),
    *(take("detained.over_180_days"), start("tenure_180"), mark("first")),
]
_BOND = {"custody.bond_hearing.median_days": 5.5, "custody.bond_hearing.sigma": 1e-6}
_NEVER_DECIDED = {**_BOND, "custody.bond_hearing.median_days": 2.5}
_SOON = {"custody.long_stay_days": 2.0}


def _let_go(lived, why: str, then: str, days: int) -> None:
    """Check that everything held was given back, that the stay was counted, and what the files say."""
    for space in ("beds", "overflow"):
        assert lived.held(f"detention.{space}")[-1] == 0
    for space in ("ice_arrest", "cbp_arrest", "over_180_days"):
        assert lived.held(f"detained.{space}")[-1] == 0
    assert lived.share_at(then) == 1
    assert lived.traits_at(then)["custody"] == "no"
    assert lived.counted_each("book_out", exit=why) == lived.counted_each("book_out") == 1
    assert lived.counted_each("stay_days") == days


@pytest.mark.parametrize("stay", _STAYS, ids=lambda stay: stay[0])
def test_that_who_leaves_custody_gives_everything_back_and_stops_all_clocks(stay) -> None:
    place, more, who, numbers, why, then, days = stay
    lived = live(
        place, *more, "bond_decided", at=place, who={**_HELD, **who}, days=8,
        numbers={**numbers, **_SOON, **_NEVER_DECIDED, "release.judge_bond_share": 1.0},
        do=[*_EVERYTHING, start("bond_hearing")],
    )  # fmt: skip
    _let_go(lived, why, then, days)
    assert lived.counted("bond_granted") == 0


@pytest.mark.parametrize(
    ("ones", "why", "granted", "denied"),
    [
        (["release.judge_bond_share"], "bond", 1, 0),
        (["release.judge_bond_share", "release.habeas_share"], "bond", 1, 0),
        (["release.habeas_share"], "court_ordered", 0, 0),
    ],
)
def test_that_a_bond_hearing_comes_on_its_day_and_who_is_let_go_gives_everything_back(
    ones, why, granted, denied
) -> None:
    numbers = {**_BOND, "custody.bond_hearing_share": 1.0, "custody.long_stay_days": 30.0}
    lived = live(
        "bond_decided", at="kept", who=_HELD, numbers={**numbers, **dict.fromkeys(ones, 1.0)},
        do=_EVERYTHING, days=10,
    )  # fmt: skip
    _let_go(lived, why, "released_from_custody", 6)
    assert (lived.counted_each("bond_granted"), lived.counted_each("bond_denied")) == (granted, denied)


def test_that_who_is_denied_bond_stays_and_who_asks_for_none_is_not_heard() -> None:
    for asks in (1.0, 0.0):
        numbers = {**_BOND, "custody.bond_hearing_share": asks}
        lived = live("bond_decided", at="kept", who=_HELD, numbers=numbers, do=[mark("first")], days=10)
        assert lived.share_at("released_from_custody") == 0
        assert lived.share_at("filed_in_custody") == 1
        assert lived.counted_each("bond_denied") == asks
        assert lived.counted("book_out") == 0


@pytest.mark.xfail(strict=True, reason="who waits for a bed in a hold room holds no place and is in no count")
def test_that_who_is_kept_without_a_bed_is_counted_as_detained() -> None:
    numbers = {**_BEDS, "detention.beds.contract": 0.0, "detention.beds.overflow": 0.0}
    lived = live(*_DOORS, at="booking", who={"criminal": "convicted", "agency": "ice"}, numbers=numbers)
    assert lived.standing("hold_room")[-1] == sum(
        lived.held(f"detained.{who}_arrest")[-1] for who in ("ice", "cbp")
    )
