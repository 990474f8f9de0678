"""Immigration detention: a place, what is held from booking to release, how a stay ends."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Dated, Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join, mark, put, start, take

from .slice import FIRST, Way, goes, live, name_of

_HELD = {"custody": "yes", "detention": "yes"}
_STATUTES = [label for label in labels("authority") if label.startswith("ina")]
_RELEASES = ["release.parole_share", "release.recognizance_share", "release.ice_bond_share"]
WAYS = [
    Way("other_custody", _HELD, ["custody.other_share"], "held_for_others"),
    Way("other_custody", _HELD, [], "proceed"),
    # release while the case is pending, as the statute allows
    *(Way("custody_decision", {**_HELD, "authority": f"ina_{statute}"}, _RELEASES, "release_decided",
          {"exit": "parole"}) for statute in ("235b1", "235b2")),
    *(Way("custody_decision", {**_HELD, "authority": f"ina_{statute}"}, _RELEASES[1:], "kept")
      for statute in ("235b1", "235b2")),
    Way("custody_decision", {**_HELD, "authority": "ina_236a"}, _RELEASES, "release_decided",
        {"exit": "recognizance"}),
    Way("custody_decision", {**_HELD, "authority": "ina_236a"}, _RELEASES[2:], "release_decided",
        {"exit": "bond"}),
    Way("custody_decision", {**_HELD, "authority": "ina_236a"}, _RELEASES[:1], "kept"),
    *(Way("custody_decision", {**_HELD, "authority": f"ina_{statute}"}, _RELEASES, "kept")
      for statute in ("236c", "241a")),
    # the case is filed while one waits, or after
    *(Way("release_decided", {**_HELD, "docket": docket}, ["release.filed_share"], "awaiting_release.filed",
          {"docket": "pending"}, {"receipt": {}}) for docket in ("none", "awaiting_filing")),
    Way("release_decided", {**_HELD, "docket": "pending"}, [], "awaiting_release.filed"),
    Way("release_decided", _HELD, [], "awaiting_release"),
    # back in the community, where the file stands
    Way("released_from_custody", {"docket": "none"}, [], "awaiting_filing", {"docket": "awaiting_filing"},
        pool=True),
    Way("released_from_custody", {"docket": "awaiting_filing"}, [], "awaiting_filing", pool=True),
    Way("released_from_custody", {"docket": "pending"}, [], "continued", pool=True),
    Way("released_from_custody", {"docket": "pending", "order": "judge"}, [], "appeal", pool=True),
    Way("released_from_custody", {"docket": "ordered"}, [], "ordered_not_detained", pool=True),
    # which class of place
    Way("booking", {"family": "single_adult"}, ["custody.family.adult_alone_share"], "booking.adult"),
    Way("booking", {"family": "unaccompanied_child"}, ["custody.family.adult_alone_share"],
        "children.to_hhs"),
    Way("booking", {"family": "family_unit", "agency": "ice"}, ["custody.family.adult_alone_share"],
        "booking.adult"),
    Way("booking", {"family": "family_unit", "agency": "ice"}, [], "booking.family"),
    Way("booking", {"family": "family_unit", "agency": "cbp"}, ["custody.family.adult_alone_share"],
        "booking.family"),
    # no bed
    Way("full", {}, [], "booking.overflow"),
    Way("full.overflow", {"agency": "ice"}, [], "hold_room.booked"),
    Way("full.overflow", {"agency": "cbp"}, [], "booking.hold_room"),
    # the place of detention is in a circuit
    *(Way("booked.here", {"area": area}, [], "other_custody", {"circuit": circuit})
      for area, circuit in (("BOS", "1st"), ("NYC", "2nd"), ("DAL", "5th"), ("LOS", "9th"), ("MIA", "11th"))),
    Way("booked.place", {"area": "NYC"}, ["custody.transfer_share"], "booked.transferred"),
    Way("booked.place", {"area": "NYC"}, [], "booked.here"),
    Way("booked.place", {"area": "none"}, [], "booked.transferred"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_way_in_custody_leads_where_the_law_says(way: Way) -> None:
    goes(way)


def test_that_a_transfer_leads_to_a_place_in_a_circuit_and_is_counted() -> None:
    south = {"custody.transfer.weight_by_circuit": _table("circuit", **{"5th": 1.0})}
    lived = live(at="booked.transferred", who={**_HELD, "area": "NYC"}, numbers=south)
    assert lived.traits_at("other_custody")["circuit"] == "5th"
    assert lived.counted_each("transfer") == 1


def test_that_every_area_is_in_a_circuit() -> None:
    for area in labels("area")[1:]:
        assert live(at="booked.here", who={"area": area}, people=1).share_at("other_custody") == 1


_PRIORITY = Table.of("authority", {label: float(label == "ina_236a") for label in labels("authority")})
_BEDS = {
    "detention.beds.contract": 8.0,
    "detention.beds.usable_share": 0.75,
    "money.appropriation.beds": 1e6,
    "detention.beds.overflow": 3.0,
    "detention.family.places": 0.0,
    "detention.hold_rooms.places": 5.0,
    "detention.hold_rooms.limit_days": 2.0,
    "custody.place.priority": _PRIORITY,
    "custody.long_stay_days": 50.0,
    "custody.family.limit_days": 3.0,
    "staff.hours.booking": 1.0,
    "staff.hours.placing": 0.5,
    "staff.placing_floor_share": 0.5,
    "habeas.days_to_filing": 1e6,
    "habeas.median_days": 1.0,
    "habeas.sigma": 1.0,
    "arrest.at_large.officers": 1000.0,
    "arrest.at_large.hours_per_officer_year": 365.25,
}
_DOORS = (
    *("booking", "booking.adult", "booking.family", "full", "booking.overflow", "full.overflow"),
    *("booking.hold_room", "hold_room.booked", "hold_room.statute", "hold_room.file", "hold_room"),
    *("cbp_keeps", "waits_with_cbp"),
)
_BY_CBP = {"agency": "cbp", "authority": "ina_235b1"}


def _book(who, people=20, days=4, at="booking", **changed):
    numbers = {**_BEDS, **{path.replace("__", "."): value for path, value in changed.items()}}
    return live(*_DOORS, at=at, who=who, numbers=numbers, people=people, days=days)


def test_that_beds_fill_then_the_overflow_then_hold_rooms_and_the_rest_waits_with_cbp() -> None:
    lived = _book(_BY_CBP)
    assert [lived.held(f"detention.{place}")[-1] for place in ("beds", "overflow", "hold_rooms")] == [6, 3, 5]
    assert lived.standing("hold_room")[-1] == 5
    assert lived.standing("waits_with_cbp")[-1] == lived.held("detention.with_cbp")[-1] == 6


def test_that_who_is_kept_without_a_bed_is_booked_and_counted_as_detained() -> None:
    lived = _book(_BY_CBP, detention__beds__contract=0.0, detention__beds__overflow=0.0)
    assert lived.standing("hold_room")[-1] == lived.held("detained.cbp_arrest.none")[-1] == 5
    assert lived.counted("book_in") == 5


def test_that_with_officers_gone_nobody_is_taken_in_from_cbp() -> None:
    lived = live(
        *("booking.handed_over", *_DOORS), at="booking.handed_over", who=_BY_CBP, people=20,
        numbers={**_BEDS, "arrest.at_large.officers": 0.0},
    )  # fmt: skip
    assert lived.counted("book_in") == 0
    assert lived.standing("waits_with_cbp")[-1] == 20


@pytest.mark.parametrize("statute", ["ina_235b1", "ina_236c", "ina_241a"])
def test_that_a_bed_that_opens_goes_first_to_those_the_statute_holds(statute) -> None:
    opens = Dated((1, FIRST.toordinal() + 3), (0.0, 8.0))
    numbers = {"detention__beds__contract": opens, "detention__beds__overflow": 0.0}
    lived = _book({**_BY_CBP, "authority": statute}, days=6, **numbers)
    assert lived.held("detention.beds") == [0, 0, 0, 6, 6, 6]
    assert lived.standing("hold_room")[-1] == 0  # before those with CBP
    late = _book({**_BY_CBP, "authority": statute}, 5, 6, detention__hold_rooms__limit_days=1.0, **numbers)
    over = late.held("detained.hold_rooms.over_limit")
    assert (max(over), over[-1]) == (5, 0)


def test_that_at_the_limit_of_hold_rooms_who_may_be_let_go_is_and_the_others_are_counted() -> None:
    full = {"detention__beds__contract": 0.0, "detention__beds__overflow": 0.0}
    may = Table.of("authority", {label: float(label == "ina_236a") for label in labels("authority")})
    for statute in _STATUTES:
        who = {**_BY_CBP, "authority": statute}
        lived = _book(who, 5, 6, custody__full__released_at_limit_share=may, **full)
        free = statute == "ina_236a"
        assert lived.counted("at released_at_limit") == 5 * free
        assert lived.held("detained.hold_rooms.over_limit")[-1] == 5 * (not free)


@pytest.mark.parametrize(
    ("statute", "how"),
    [("235b1", "parole"), ("235b2", "parole"), ("236a", "recognizance"), ("241a", "supervision")],
)
def test_that_who_is_let_go_at_a_limit_is_let_go_as_the_statute_says(statute, how) -> None:
    who = {**_HELD, "authority": f"ina_{statute}"}
    lived = live(at="released_at_limit", who=who, do=[mark("first")])
    assert lived.counted_each("book_out", exit=how) == lived.counted_each("book_out") == 1


def test_that_the_order_when_beds_are_full_is_a_lever() -> None:
    first = Table.of("authority", dict.fromkeys(labels("authority"), 1.0))
    lived = _book({"agency": "ice", "authority": "ina_236a"}, custody__full__released_first_share=first)
    assert lived.counted("at let_go_unbooked") == 14
    assert lived.held("detention.overflow")[-1] == 0


def test_that_families_take_no_adult_bed_and_single_adults_no_family_place() -> None:
    places = {"detention__family__places": 4.0}
    family = _book({"agency": "cbp", "family": "family_unit"}, **places)
    assert (family.held("detention.family")[1], family.held("detention.beds")[-1]) == (4, 0)
    assert family.counted("at let_go_unbooked") == 16
    assert _book(_BY_CBP, **places).held("detention.family")[-1] == 0


@pytest.mark.parametrize(("kept", "gone"), [(0.0, 4), (1.0, 0)])
def test_that_families_are_let_go_at_their_limit_unless_a_lever_says_otherwise(kept, gone) -> None:
    numbers = {"detention__family__places": 4.0, "custody__family__kept_past_limit_share": kept}
    lived = live(
        *_DOORS, "released_at_limit", at="booking.family", people=4, days=8,
        who={"agency": "cbp", "authority": "ina_235b1", "family": "family_unit"},
        numbers={**_BEDS, **{path.replace("__", "."): v for path, v in numbers.items()}},
    )  # fmt: skip
    assert lived.counted("at booked") == 4
    assert lived.counted("at released_from_custody") == gone


_LONG = {"custody.long_stay_days": 3.0}


@pytest.mark.parametrize("agency", labels("agency"))
def test_that_a_booking_counts_the_person_under_who_made_the_arrest(agency) -> None:
    lived = live(at="booked", who={"agency": agency, "criminal": "pending"}, numbers=_LONG)
    by = "ice" if agency == "ice" else "cbp"
    for other in ("ice", "cbp"):
        for criminal in labels("criminal"):
            mine = other == by and criminal == "pending"
            assert lived.held(f"detained.{other}_arrest.{criminal}")[-1] == 400 * mine
    assert lived.counted_each("book_in", agency=agency, criminal="pending") == 1
    found = lived.traits_at("booked.statute")
    assert (found["custody"], found["detention"]) == ("yes", "yes")


def test_that_everybody_booked_is_counted_under_one_statute_and_one_file() -> None:
    files = {"expedited": "expedited", "reinstatement": "reinstated", "administrative": "other"}
    for route in labels("route"):
        lived = live("booked.file", at="booked.statute", otherwise=30.0,
                     who={**_HELD, "route": route, "authority": "ina_241a"})  # fmt: skip
        assert [lived.held(f"detained.{name}")[-1] for name in _STATUTES] == [0, 0, 0, 0, 400]
        kept = {name: lived.held(f"detained.{name}")[-1] for name in ("expedited", "reinstated", "other")}
        if route in files:
            assert kept == {name: 400 * (name == files[route]) for name in kept}


def test_that_a_long_stay_begins_its_days_at_the_booking() -> None:
    lived = live(at="booked", who={"agency": "ice"}, numbers=_LONG, days=7)
    assert lived.held("detained.over_180_days") == [0, 0, 0, 0, 400, 400, 400]


_EVERYTHING = [
    *(take(space) for space in ("detention.beds", "detention.overflow", "detained.ice_arrest.none")),
    *(take("detained.over_180_days"), take("detained.ina_236a"), take("detained.expedited")),
    *(start("tenure_180"), start("bond_hearing"), start("habeas"), start("giving_up"), mark("first")),
]
_SOON = {  # what would fire if it were not stopped
    "custody.long_stay_days": 3.0,
    "bond.hearing.median_days": 2.5,
    "bond.hearing.sigma": 1e-6,
    "habeas.days_to_filing": 1e-6,
    "habeas.median_days": 3.5,
    "habeas.sigma": 1e-6,
    "giving_up.scale_days": 3.5,
    "giving_up.shape": 200.0,
    "bond.granted_share": 1.0,
}


@pytest.mark.parametrize(
    ("place", "numbers", "why", "then"),
    [
        ("held_for_others", {"custody.other_days": 1e-6}, "other", "in_other_custody"),
        ("awaiting_release", {"release.days": 1e-6}, "recognizance", "released_from_custody"),
    ],
)
def test_that_who_leaves_custody_gives_everything_back_and_stops_all_clocks(
    place, numbers, why, then
) -> None:
    lived = live(
        at=place, who={**_HELD, "authority": "ina_236a", "exit": "recognizance"}, days=8,
        numbers={**_SOON, **numbers}, do=_EVERYTHING,
    )  # fmt: skip
    for space, held in lived.ledger.held.items():
        assert held[-1] == 0, space
    assert lived.share_at(then) == 1
    left = lived.traits_at(then)
    assert (left["custody"], left["authority"], left["circuit"]) == ("no", "none", "none")
    assert lived.counted_each("book_out", exit=why) == lived.counted_each("book_out") == 1
    assert lived.counted_each("stay_days") == 1
    assert lived.counted("bond_granted") == lived.counted("at gives_up") == 0


def test_that_days_of_who_left_and_of_who_is_still_held_are_all_the_evenings_that_places_were_held() -> None:
    place = "detained.cbp_arrest.none"
    lived = live("released_from_custody", at="awaiting_release", who={**_HELD, "exit": "parole"}, days=9,
                 numbers={"release.days": 5.0, "release.days_factor_by_authority": 1.0},
                 do=[mark("first"), take(place)])  # fmt: skip
    held = lived.held(place)[1:]  # booked on the second day
    assert 0 < lived.counted("book_out", exit="parole") < lived.people
    assert lived.counted("stay_days", exit="parole") + held[-1] * len(held) == sum(held)


def test_that_families_are_let_go_sooner_than_single_adults_where_that_is_the_practice() -> None:
    sooner = Table.of(
        "family", {label: 0.01 if label == "family_unit" else 1.0 for label in labels("family")}
    )
    left = {
        family: live(
            at="awaiting_release", who={**_HELD, "authority": "ina_236a", "family": family}, days=8,
            numbers={"release.days": 300.0, "release.days_factor_by_family": sooner},
        ).share_at("released_from_custody")
        for family in ("single_adult", "family_unit")
    }  # fmt: skip
    assert left["family_unit"] > 0.7
    assert left["single_adult"] < 0.1


# --- children ---------------------------------------------------------------------------------------
def test_that_a_child_alone_is_in_care_until_a_sponsor_comes_and_takes_no_place_of_ice() -> None:
    numbers = {"children.care.median_days": 3.5, "children.care.sigma": 1e-6}
    lived = live("children.with_hhs", at="children.to_hhs", who={"agency": "cbp"}, numbers=numbers, days=8,
                 do=[take("detention.hold_rooms")])  # fmt: skip
    assert lived.held("detention.hold_rooms")[-1] == 0
    assert lived.held("children.in_care")[1:6] == [400] * 4 + [0]
    assert lived.share_at("released_from_custody") == 1
    assert lived.counted("book_in") == lived.held("detention.beds")[-1] == 0


def test_that_the_statute_that_holds_a_person_is_counted_once_after_it_changes() -> None:
    lived = live(
        at="final_order", who={**_HELD, "authority": "ina_236a"}, otherwise=90.0,
        do=[take("detained.ina_236a"), put("authority", "ina_236a")],
    )  # fmt: skip
    assert [lived.held(f"detained.{name}")[-1] for name in _STATUTES] == [0, 0, 0, 0, 400]


# --- alternatives to detention ----------------------------------------------------------------------
def _table(trait, **values):
    return Table.of(trait, {label: values.get(label, 0.0) for label in labels(trait)})


_PROGRAMME = {
    "alternatives.places": 30.0,
    "alternatives.enrolments_per_day": 20.0,
    "alternatives.days": 1e4,
    "alternatives.weight_by_docket": _table("docket", pending=1.0),
    "alternatives.weight_by_years": Table.of("years", dict.fromkeys(labels("years"), 1.0)),
    "alternatives.weight_by_supervision": _table("supervision", none=1.0, reporting=1.0),
}


def _enrolled(who, **changed):
    numbers = {**_PROGRAMME, **{path.replace("__", "."): value for path, value in changed.items()}}
    return live(at="inactive", draws=["alternatives.enrolment"], who=who, numbers=numbers, days=12,
                do=[join("not_detained")], otherwise=1e4)  # fmt: skip


def test_that_people_are_enrolled_as_far_as_there_are_places_and_once_at_a_time() -> None:
    lived = _enrolled({"docket": "pending"})
    assert lived.held("alternatives")[1:3] == [20, 30] and max(lived.held("alternatives")) == 30
    assert lived.counted("enrolment") == 30
    assert _enrolled({"docket": "pending", "supervision": "alternatives"}).counted("enrolment") == 0
    assert _enrolled({"docket": "none"}).counted("enrolment") == 0


def test_that_who_leaves_the_programme_makes_room_for_another() -> None:
    lived = _enrolled({"docket": "pending"}, alternatives__days=3.0)
    assert lived.held("alternatives")[-1] <= 30 < lived.counted("enrolment")


def test_that_a_booking_ends_an_enrolment() -> None:
    who = {"agency": "ice", "supervision": "alternatives"}
    lived = live(at="booked", who=who, numbers=_LONG, do=[take("alternatives")])
    assert lived.held("alternatives")[-1] == 0
    assert lived.traits_at("booked.statute")["supervision"] == "none"


def test_that_who_is_enrolled_misses_fewer_hearings() -> None:
    for supervision, share in (("none", 1.0), ("alternatives", 0.0)):
        who = {"docket": "pending", "supervision": supervision}
        absent = {"court.in_absentia_share.in_the_country": 1.0, "alternatives.absence_share": 0.0}
        lived = live(at="appearance", who=who, numbers=absent)
        assert lived.share_at("ordered_not_detained") == share


# --- full places and arrests ------------------------------------------------------------------------
_CHAIN_OF_ARREST = (
    *("charge", "charge.deferred", "charge.wartime", "charge.order", "charge.pending", "charge.notice"),
    *("booking.adult", "full", "booking.overflow", "full.overflow", "hold_room.booked", "hold_room.statute"),
    *(
        "hold_room.file",
        "hold_room",
        "booked",
        "booked.statute",
        "booked.file",
        "booked.place",
        "booked.here",
    ),
    *("charge.held", "booking", "other_custody", "held_for_others"),
)
_FILLED = {
    **_BEDS,
    "detention.beds.contract": 200.0,
    "detention.beds.usable_share": 1.0,
    "detention.beds.overflow": 0.0,
    "detention.hold_rooms.places": 40.0,
    "detention.hold_rooms.limit_days": 400.0,
    "arrest.supervision.check_ins_per_day": 100.0,
    "arrest.supervision.arrest_share": 1.0,
    "arrest.supervision.weight_by_docket": Table.of("docket", dict.fromkeys(labels("docket"), 1.0)),
    "arrest.supervision.weight_by_supervision": 1.0,
    "arrest.booked_share": 1.0,
    "staff.hours.supervision_arrest": 0.1,
    "charge.crime_share": 1.0,
    "custody.other_share": 1.0,
    "custody.other_days": 10.0,
    "habeas.days_to_filing": 1e6,
}


def _filled(**changed):
    numbers = {**_FILLED, **{path.replace("__", "."): value for path, value in changed.items()}}
    return live(
        *_CHAIN_OF_ARREST, at="nothing_on_file", draws=["arrest.supervision"], numbers=numbers,
        who={"docket": "pending", "area": "DAL"}, do=[join("not_detained")], people=6000, days=120,
        otherwise=1e6,
    )  # fmt: skip


def test_that_arrests_follow_places_without_a_cycle_of_two_days_and_the_limit_is_named() -> None:
    lived = _filled()
    arrests = lived.ledger.taken["arrest.supervision"][60:]
    assert 15 < arrests.mean() < 25  # 200 beds, ten days each
    assert abs(arrests[::2].sum() - arrests[1::2].sum()) < 0.1 * arrests.sum()
    assert lived.ledger.full["detention.hold_rooms"][60:].mean() > 0.9
    assert lived.held("detention.hold_rooms")[-1] <= 40
    free = _filled(detention__beds__contract=5000.0)
    assert free.ledger.taken["arrest.supervision"][2:40].tolist() == [100] * 38
    assert free.ledger.full["detention.hold_rooms"].sum() == 0


def test_that_more_arrests_ordered_never_lower_those_made_nor_the_people_held() -> None:
    for beds in (200.0, 5000.0):
        few, many = (
            _filled(detention__beds__contract=beds, arrest__supervision__arrest_share=share)
            for share in (0.1, 0.5)
        )
        assert many.counted("arrest") >= few.counted("arrest")
        assert many.counted("book_out") >= 0.97 * few.counted("book_out")
