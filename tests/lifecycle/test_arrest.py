"""Arrests inside the country: three ways of finding people, one pool of people at large."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join

from .slice import STAYS, Lived, Way, goes, live, name_of

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
    # booked into detention, or let go with a notice
    Way(_CUSTODIAL, {}, ["arrest.booked_share"], "booking", _BY_ICE, _arrest("custodial", docket="none")),
    Way(_CUSTODIAL, {"docket": "pending"}, ["arrest.booked_share"], "booking", _BY_ICE,
        _arrest("custodial", docket="pending")),
    Way(_CUSTODIAL, {"agency": "cbp"}, ["arrest.booked_share"], "booking", _BY_ICE, _arrest("custodial")),
    Way(_CUSTODIAL, {}, [], "awaiting_filing", {**_BY_ICE, "docket": "awaiting_filing"},
        _arrest("custodial", docket="none"), pool=True),
    *(Way(_CUSTODIAL, {"docket": docket}, [], STAYS, _BY_ICE, _arrest("custodial", docket=docket), pool=True)
      for docket in ("awaiting_filing", "pending", "ordered")),
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
    "arrest.booked_share": 1.0,
}
_SUPERVISED = {
    "arrest.supervision.check_ins_per_day": 100.0,
    "arrest.supervision.arrest_share": 0.04,
    "arrest.supervision.weight_by_docket": _even("docket"),
    "arrest.booked_share": 1.0,
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
    "arrest.booked_share": 1.0,
}
_WAYS = {"custodial": _JAIL, "supervision": _SUPERVISED, "search": _SEARCH}


def _at_large(channel: str, people: int = 400, days: int = 12, who=None, **changed) -> Lived:
    """Let people at large live some days with one way of finding them; the first day is the door's."""
    numbers = {**_WAYS[channel], **{f"arrest.{path.replace('__', '.')}": v for path, v in changed.items()}}
    return live(
        "arrested.in_jail", _CUSTODIAL, at="nothing_on_file", draws=[f"arrest.{channel}"], numbers=numbers,
        do=[join("not_detained")], who=who, people=people, days=days,
    )  # fmt: skip


@pytest.mark.parametrize(("channel", "a_day"), [("custodial", 5), ("supervision", 4), ("search", 5)])
def test_that_each_way_of_finding_people_arrests_as_many_a_day_as_its_limit_allows(channel, a_day) -> None:
    lived = _at_large(channel)
    taken = lived.ledger.taken[f"arrest.{channel}"][2:]
    assert taken.tolist() == [a_day] * 10
    found = lived.traits_at("booking")
    assert (found["agency"], found["channel"]) == ("ice", channel)
    assert lived.counted("arrest", channel=channel) == lived.counted("arrest") == lived.counted("at booking")


@pytest.mark.parametrize(
    ("changed", "a_day"),
    [
        ({"search__usual_officers": 15.0}, 4),  # 15 hours and half of 10
        ({"search__usual_officers": 15.0, "search__marginal_yield": 0.0}, 3),
        ({"search__usual_officers": 100.0, "search__borrowed_officers": 30.0}, 10),
        ({"search__borrowed_officers": 0.0, "search__share_of_time": 0.05}, 2),
        ({"search__hours_per_arrest": 12.5}, 2),
        ({"search__officers": 0.0, "search__borrowed_officers": 0.0}, 0),
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
        ("search", "search__weight_by_docket", "docket", "pending"),
        ("search", "search__weight_by_criminal", "criminal", "pending"),
        ("search", "search__weight_by_status", "status", "tps"),
    ],
)
def test_that_nobody_without_weight_is_found_and_all_with_weight_are(channel, weight, trait, only) -> None:
    other = next(label for label in labels(trait) if label != only)
    for label, arrests in ((only, 40), (other, 0)):
        lived = _at_large(
            channel, people=40, who={trait: label}, days=20, **{weight: _by(trait, **{only: 1.0})}
        )
        assert lived.counted("arrest") == arrests


@pytest.mark.parametrize("docket", ["awaiting_filing", "pending", "ordered"])
def test_that_who_is_known_and_not_booked_stays_on_file_and_can_be_arrested_again(docket) -> None:
    for channel in _WAYS:
        lived = _at_large(channel, people=1, who={"docket": docket}, booked_share=0.0)
        assert lived.standing("nothing_on_file")[-1] == 1
        assert lived.counted("arrest", docket=docket) > 1


def test_that_who_was_unknown_and_is_not_booked_gets_a_notice() -> None:
    for channel in _WAYS:
        lived = _at_large(channel, people=8, booked_share=0.0)
        assert lived.share_at("awaiting_filing") == 1
        assert lived.traits_at("awaiting_filing")["docket"] == "awaiting_filing"
