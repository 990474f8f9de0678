"""Arrivals at the border and what Customs and Border Protection does with them."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels

from .slice import LATER, Way, goes, live, name_of

_LEFT = {"departure": {}, "departure_by_nationality": {}, "departure_by_record": {}, "departure_by_claim": {}}
_NOTICE = {"docket": "awaiting_filing"}
_SCREENED = "border.handed_over.screened_share"
_CONVICTED, _CHARGED = (f"border.booked_in.{which}_share" for which in ("convicted", "charged"))
WAYS = [
    Way("removed_by_cbp", {"remover": "cbp"}, ["border.removed.reinstated_share"], "departed",
        {"order": "reinstated"}, {**_LEFT, "departure": {"order": "reinstated", "remover": "cbp"}}),
    Way("removed_by_cbp", {"remover": "cbp"}, [], "departed",
        {"order": "expedited"}, {**_LEFT, "departure": {"order": "expedited", "remover": "cbp"}}),
    Way("returned_by_cbp", {"remover": "cbp"}, [], "departed",
        {}, {**_LEFT, "departure": {"order": "none", "remover": "cbp"}}),
    *(Way(f"handed_over.{who}", {}, [f"border.handed_over.flown_share.{who}"], "handed_over.flown")
      for who in ("adults", "families")),
    *(Way(f"handed_over.{who}", {}, [f"border.handed_over.flown_share.{other}"], "handed_over.released")
      for who, other in (("adults", "families"), ("families", "adults"))),
    # a fear found leads to a notice, a fear not found to a flight
    Way("handed_over.flown", {}, [_SCREENED], "flown_from_border", {}, {"fear_negative": {}}),
    Way("handed_over.flown", {}, [], "flown_from_border"),
    Way("handed_over.released", {}, [_SCREENED], "awaiting_filing", _NOTICE, {"fear_positive": {}},
        pool=True),
    Way("handed_over.released", {}, [], "awaiting_filing", _NOTICE, pool=True),
    Way("flown_under_order", {}, ["border.handed_over.reinstated_share"], "mode",
        {"order": "reinstated", "remover": "ice"}),
    Way("flown_under_order", {}, [], "mode", {"order": "expedited", "remover": "ice"}),
    Way("booked_in.record", {}, [_CONVICTED], "charge.at_border", {"criminal": "convicted"}),
    Way("booked_in.record", {}, [_CHARGED], "charge.at_border", {"criminal": "pending"}),
    Way("handed_over.record", {}, ["border.handed_over.convicted_share"], "handed_over.adults",
        {"criminal": "convicted"}),
    Way("handed_over.record", {}, [], "handed_over.adults", {"criminal": "none"}),
    Way("booked_in.record", {}, [], "charge.at_border", {"criminal": "none"}),
    Way("released", {}, ["border.released.family_share"], "released.notice", {"family": "family_unit"}),
    Way("released", {}, [], "released.notice"),
    Way("released.notice", {}, [], "awaiting_filing", _NOTICE, pool=True),
    Way("released.notice", {}, ["border.released.without_notice_share"], "reports_to_office", _NOTICE,
        pool=True),
    Way("paroled_at_port", {}, [], "awaiting_filing", _NOTICE, pool=True),
    Way("children_to_hhs", {}, [], "children.to_hhs"),
    Way("paroled_without_notice", {}, [], "nothing_on_file", pool=True),
    # INA 235(b)(2)(C): a case before a judge, and nobody in the country to arrest
    Way("returned_to_mexico", {}, [], "filed", {"left_unrecorded": "yes"}, {"returned_to_mexico": {}}),
    Way("returned_to_mexico", {}, ["border.returned_to_mexico.family_share"], "filed",
        {"left_unrecorded": "yes", "family": "family_unit"}, {"returned_to_mexico": {}}),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_disposition_leads_where_the_law_says(way: Way) -> None:
    goes(way)


_CBP = {"agency": "cbp", "entry": "without_inspection"}
_BY_CBP = {"agency": "cbp", "remover": "cbp", "mode": "land"}
_MIX = {"held_families": "handed_families"}  # nobody counts their nationalities apart
FLOWS = [
    ("released", "released", {"released_per_day": 7}, "released", _CBP),
    ("paroled_at_ports", "paroled_at_ports", {"paroled_at_ports_per_day": 7}, "paroled_at_port",
     {"agency": "cbp", "entry": "paroled", "status": "parole_cbp_one"}),
    ("children", "children", {"children_per_day": 7}, "children_to_hhs",
     {**_CBP, "family": "unaccompanied_child"}),
    ("paroled_without_notice", "paroled_without_notice", {"paroled_without_notice_per_day": 7},
     "paroled_without_notice", {"agency": "none", "entry": "paroled", "status": "parole_other"}),
    ("booked_in", "booked_in", {"booked_into_detention_per_day": 7}, "booked_in.record", _CBP),
    ("handed_over_adults", "handed_adults",
     {"adults_to_ice_per_day": 12, "booked_into_detention_per_day": 5}, "handed_over.record", _CBP),
    ("handed_over_families", "handed_families",
     {"families_to_ice_per_day": 12, "booked_into_detention_per_day": 20, "booked_in.family_share": 0.25},
     "handed_over.families", {**_CBP, "family": "family_unit"}),
    ("booked_in_families", "held_families",
     {"booked_into_detention_per_day": 28, "booked_in.family_share": 0.25}, "charge.at_border",
     {**_CBP, "family": "family_unit"}),
    ("returned_to_mexico", "returned_to_mexico", {"returned_to_mexico_per_day": 7}, "returned_to_mexico",
     _CBP),
    ("removed_by_cbp", "removed", {"removed_by_cbp_per_day": 7}, "removed_by_cbp", _BY_CBP),
    ("voluntary_returns", "returned", {"voluntary_returns_per_day": 7}, "returned_by_cbp", _BY_CBP),
    ("withdrawals", "withdrawn", {"withdrawals_per_day": 7}, "returned_by_cbp", _BY_CBP),
]  # fmt: skip


def _arriving(arrival: str, mix: str, per_day: dict[str, float]):
    one = {"haiti": 1.0}
    return live(
        f"{mix}.nationality", f"{mix}.area", arrivals=[f"arrive.{arrival}"], days=10,
        numbers={
            **{f"border.{path}": value for path, value in per_day.items()},
            f"border.nationality.{_MIX.get(mix, mix)}": Table.of(
                "nationality", {label: one.get(label, 0.0) for label in labels("nationality")}
            ),
            "border.area": Table.of("area", {label: float(label == "MIA") for label in labels("area")}),
        },
    )  # fmt: skip


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow[0])
def test_that_each_flow_arrives_at_its_daily_number_marked_as_what_it_is(flow) -> None:
    arrival, mix, per_day, then, marks = flow
    lived = _arriving(arrival, mix, per_day)
    assert lived.counted(f"at {then}") == 70
    found = lived.traits_at(then)
    assert {trait: found[trait] for trait in marks} == marks
    assert (found["nationality"], found["area"], found["docket"]) == ("haiti", "MIA", "none")
    if "family" not in marks:
        assert found["family"] == "single_adult"


def test_that_what_is_booked_in_is_split_between_single_adults_and_families_and_added_to_neither() -> None:
    numbers = {"booked_into_detention_per_day": 20, "booked_in.family_share": 0.25}
    adults = _arriving("booked_in", "booked_in", numbers).counted("at booked_in.record")
    families = _arriving("booked_in_families", "held_families", numbers).counted("at charge.at_border")
    assert (adults, families) == (150, 50)


def test_that_nobody_is_handed_over_when_all_who_come_to_ice_are_booked_into_detention() -> None:
    lived = _arriving(
        "handed_over_adults",
        "handed_adults",
        {"adults_to_ice_per_day": 5, "booked_into_detention_per_day": 9},
    )
    assert lived.counted("at handed_over.record") == 0


def test_that_a_crew_sent_back_is_counted_by_itself_and_is_no_departure() -> None:
    lived = live(
        "returned_by_cbp", arrivals=["arrive.crew"], days=10, numbers={"border.crew_returns_per_day": 3}
    )
    assert lived.counted("crew_return") == 30
    assert lived.counted("departure") == 0


def test_that_an_expulsion_is_counted_by_itself_and_is_no_departure() -> None:
    lived = live("departed", arrivals=["arrive.expelled"], days=10, numbers={"border.expelled_per_day": 3})
    assert lived.counted("expulsion") == 30
    assert lived.counted("crew_return") == lived.counted("departure") == 0


_OFFICERS = {"arrest.at_large.officers": 1000.0, "arrest.at_large.hours_per_officer_year": 2000.0,
             "staff.hours.removal": 2.0,
             "arrest.at_large.share_of_time": 0.0, "staff.removal_floor_share": 0.0}  # fmt: skip


def test_that_nobody_waits_for_a_flight_without_a_place_and_a_seat_gives_it_back() -> None:
    numbers = {
        **_OFFICERS,
        "border.staging.places": 30.0,
        "removal.seats.land_per_day": 10.0,
        "removal.mode.land_share": 1.0,
    }
    lived = live("flown_under_order", "mode", "mode.own", "seat.land", "boarded", at="flown_from_border",
                 numbers=numbers, days=8, otherwise=LATER)  # fmt: skip
    assert lived.counted("at awaiting_filing") == 370
    assert lived.held("staging")[1] == 30
    assert lived.held("staging")[-1] == 0
    assert lived.counted("departure", remover="ice", order="expedited", detention="no") == 30
