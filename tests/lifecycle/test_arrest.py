"""Arrests inside the country: three ways of finding people, one pool of people at large."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join

from .slice import Lived, Way, goes, live, name_of

_CUSTODIAL = "arrested.custodial"
_CONVICTED, _CHARGED = "arrest.custodial.convicted_share", "arrest.custodial.charged_share"


def _arrest(channel: str, **also: str) -> dict[str, dict[str, str]]:
    return {"arrest": {"channel": channel, **also}}


_BY_ICE = {"agency": "ice", "channel": "custodial"}
WAYS = [
    # who is met through a jail has a conviction or a charge, with few exceptions; what is on file stays
    Way("arrested.in_jail", {"criminal": "convicted"}, [_CHARGED], _CUSTODIAL),
    Way("arrested.in_jail", {"criminal": "pending"}, [_CONVICTED], _CUSTODIAL),
    Way("arrested.in_jail", {}, [_CONVICTED], _CUSTODIAL, {"criminal": "convicted"}),
    Way("arrested.in_jail", {}, [_CHARGED], _CUSTODIAL, {"criminal": "pending"}),
    Way("arrested.in_jail", {}, [_CONVICTED, _CHARGED], _CUSTODIAL, {"criminal": "convicted"}),
    Way("arrested.in_jail", {}, [], _CUSTODIAL),
    # whoever is arrested comes to the charge; who sits in a jail is met alone
    *(Way(_CUSTODIAL, {"docket": docket}, [], "charge", _BY_ICE, _arrest("custodial", docket=docket))
      for docket in labels("docket")),
    Way(_CUSTODIAL, {"family": "family_unit", "agency": "cbp"}, [], "charge",
        {**_BY_ICE, "family": "single_adult"}, _arrest("custodial")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_an_arrest_leads_where_the_law_says(way: Way) -> None:
    goes(way)


def _by(trait: str, **weights: float) -> Table:
    return Table.of(trait, {label: weights.get(label, 0.0) for label in labels(trait)})


def _even(trait: str) -> Table:
    return Table.of(trait, dict.fromkeys(labels(trait), 1.0))


_JAIL = {
    "arrest.custodial.detainers_per_day": 20.0,
    "arrest.custodial.transfer_share": 0.25,
    "arrest.custodial.weight_by_area": _even("area"),
    "arrest.custodial.weight_by_criminal": _even("criminal"),
}
_SUPERVISED = {
    "arrest.supervision.check_ins_per_day": 100.0,
    "arrest.supervision.arrest_share": 0.04,
    "arrest.supervision.weight_by_docket": _even("docket"),
    "arrest.supervision.weight_by_supervision": _even("supervision"),
}
# 5 hours an arrest; 25 officers of 365.25 hours a year are 25 hours a day
_SEARCH = {
    "arrest.at_large.officers": 200.0,
    "arrest.at_large.share_of_time": 0.1,
    "arrest.at_large.borrowed_officers": 5.0,
    "arrest.at_large.usual_officers": 25.0,
    "arrest.at_large.marginal_yield": 0.5,
    "arrest.at_large.hours_per_officer_year": 365.25,
    "arrest.at_large.hours_per_arrest": 5.0,
    "arrest.at_large.weight_by_docket": _even("docket"),
    "arrest.at_large.weight_by_criminal": _even("criminal"),
    "arrest.at_large.weight_by_status": _even("status"),
}
_TIME = {
    "arrest.at_large.officers": 200.0,
    "arrest.at_large.share_of_time": 0.1,
    "arrest.at_large.hours_per_officer_year": 365.25,
    "staff.hours.custodial_arrest": 1.0,
    "staff.hours.supervision_arrest": 1.0,
    "detention.hold_rooms.places": 1000.0,
}
_WAYS = {
    "custodial": {**_TIME, **_JAIL},
    "supervision": {**_TIME, **_SUPERVISED},
    "at_large": {**_TIME, **_SEARCH},
}


def _at_large(channel: str, people: int = 400, days: int = 12, who=None, **changed) -> Lived:
    """Let people at large live some days with one way of finding them; the first day is the door's."""
    numbers = {**_WAYS[channel], **{f"arrest.{path.replace('__', '.')}": v for path, v in changed.items()}}
    return live(
        "arrested.in_jail", _CUSTODIAL, at="nothing_on_file", draws=[f"arrest.{channel}"], numbers=numbers,
        do=[join("not_detained")], who=who, people=people, days=days,
    )  # fmt: skip


@pytest.mark.parametrize(("channel", "a_day"), [("custodial", 5), ("supervision", 4), ("at_large", 5)])
def test_that_each_way_of_finding_people_arrests_as_many_a_day_as_its_limit_allows(channel, a_day) -> None:
    lived = _at_large(channel)
    taken = lived.ledger.taken[f"arrest.{channel}"][2:]
    assert taken.tolist() == [a_day] * 10
    found = lived.traits_at("charge")
    assert (found["agency"], found["channel"]) == ("ice", channel)
    assert lived.counted("arrest", channel=channel) == lived.counted("arrest") == lived.counted("at charge")


@pytest.mark.parametrize(
    ("changed", "a_day"),
    [
        ({"at_large__usual_officers": 15.0}, 4),  # 15 hours and half of 10
        ({"at_large__usual_officers": 15.0, "at_large__marginal_yield": 0.0}, 3),
        ({"at_large__usual_officers": 100.0, "at_large__borrowed_officers": 30.0}, 10),
        ({"at_large__borrowed_officers": 0.0, "at_large__share_of_time": 0.05}, 2),
        ({"at_large__hours_per_arrest": 12.5}, 2),
        ({"at_large__officers": 0.0, "at_large__borrowed_officers": 0.0}, 0),
    ],
)
def test_that_officers_beyond_the_usual_number_find_fewer_an_hour(changed, a_day) -> None:
    assert _at_large("at_large", **changed).ledger.taken["arrest.at_large"][2:].tolist() == [a_day] * 10


@pytest.mark.parametrize(
    ("channel", "weight", "trait", "only"),
    [
        ("custodial", "custodial__weight_by_criminal", "criminal", "convicted"),
        ("custodial", "custodial__weight_by_area", "area", "DAL"),
        ("supervision", "supervision__weight_by_docket", "docket", "ordered"),
        ("at_large", "at_large__weight_by_docket", "docket", "pending"),
        ("at_large", "at_large__weight_by_criminal", "criminal", "pending"),
        ("at_large", "at_large__weight_by_status", "status", "tps"),
    ],
)
def test_that_nobody_without_weight_is_found_and_all_with_weight_are(channel, weight, trait, only) -> None:
    other = next(label for label in labels(trait) if label != only)
    for label, arrests in ((only, 40), (other, 0)):
        lived = _at_large(
            channel, people=40, who={trait: label}, days=20, **{weight: _by(trait, **{only: 1.0})}
        )
        assert lived.counted("arrest") == arrests


def test_that_an_arrest_takes_a_place_in_a_hold_room_and_stops_for_the_day_where_none_is_left() -> None:
    for channel, ways in _WAYS.items():
        numbers = {**ways, "detention.hold_rooms.places": 7.0}
        lived = live(
            "arrested.in_jail", _CUSTODIAL, at="nothing_on_file", draws=[f"arrest.{channel}"],
            numbers=numbers, do=[join("not_detained")], days=12,
        )  # fmt: skip
        assert lived.held("detention.hold_rooms")[-1] == lived.counted("arrest") == 7


@pytest.mark.parametrize("channel", ["custodial", "supervision"])
def test_that_arrests_stop_for_the_day_when_officers_have_no_time_left(channel) -> None:
    few = {"at_large__officers": 10.0, "at_large__share_of_time": 0.8}  # two hours a day
    lived = _at_large(channel, **few)
    assert lived.ledger.taken[f"arrest.{channel}"][2:].tolist() == [2] * 10
