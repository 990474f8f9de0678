"""The gates of the charge, in the law's order: who is let go, what route, under what statute one is held."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join
from docketflow.evidence import load

from .slice import STAYS, Lived, Way, goes, live, name_of

_ICE, _CBP = {"agency": "ice"}, {"agency": "cbp"}
_NEAR = {**_ICE, "years": "under_2"}
_PAROLED = {**_ICE, "entry": "paroled", "years": "over_10"}
_EXPEDITED, _USED = "charge.expedited", "route.interior.expedited_share"
_SCOPE, _PAROLED_SCOPE = "route.interior.expedited_scope", "route.interior.expedited_paroled_scope"
_HELD = "charge.held"


def _under(route: str, authority: str) -> dict[str, str]:
    return {"route": route, "authority": f"ina_{authority}"}


_FAST = _under("expedited", "235b1")
_DISMISSED = {"dismissed_for_expedited": {}}
WAYS = [
    # 0: temporary protected status in force; a child alone; deferred action and parole by practice
    Way("charge", {**_ICE, "status": "tps"}, ["arrest.booked_share"], "charge.let_go"),
    Way("charge", {**_ICE, "status": "tps", "family": "unaccompanied_child"}, [], "charge.let_go"),
    Way("charge", {**_ICE, "status": "tps"}, ["charge.tps_lost_share"], "charge.deferred",
        {"status": "none"}),
    Way("charge", {**_ICE, "family": "unaccompanied_child"}, [], "charge.child"),
    Way("charge", {**_ICE, "status": "daca"}, [], "charge.deferred"),
    Way("charge.child", _ICE, ["charge.child.minor_share"], "children.to_hhs"),
    Way("charge.child", {"family": "unaccompanied_child"}, [], "charge.deferred", {"family": "single_adult"}),
    Way("charge.deferred", _ICE, ["charge.spared_share"], "charge.let_go"),
    Way("charge.deferred", _ICE, [], "charge.wartime"),
    # 1: an order not executed, unless stayed, or withheld and no other country at hand
    Way("charge.order", {"docket": "ordered"}, [], _HELD, _under("unexecuted_order", "241a")),
    Way("charge.order", {"docket": "ordered", "bar": "unsettled"}, [], _HELD,
        _under("unexecuted_order", "241a")),
    *(Way("charge.order", {"docket": "ordered", "bar": bar}, ["charge.withheld_share"], "charge.let_go")
      for bar in ("stayed", "motion")),
    Way("charge.order", {"docket": "ordered", "bar": "withheld"}, [], "charge.let_go"),
    Way("charge.order", {"docket": "ordered", "bar": "withheld"}, ["charge.withheld_share"], _HELD,
        _under("unexecuted_order", "241a")),
    Way("charge.order", {"docket": "pending"}, [], "charge.pending"),
    Way("charge.order", {"docket": "awaiting_filing"}, [], "charge.reinstatement"),
    Way("charge.order", {}, [], "charge.reinstatement"),
    # a pending case: dismissed only where expedited removal reaches
    Way("charge.pending", {**_NEAR, "docket": "pending"}, [_SCOPE, _USED], "charge.notice"),
    Way("charge.pending", {**_NEAR, "docket": "pending"}, [_SCOPE, _USED, "charge.dismissed_share"], _HELD,
        {**_FAST, "docket": "none"}, _DISMISSED),
    Way("charge.pending", {**_NEAR, "docket": "pending"}, [_USED, "charge.dismissed_share"], "charge.notice"),
    *(Way("charge.pending", {**who, "docket": "pending", "order": "judge"},
          [_SCOPE, _PAROLED_SCOPE, _USED, "charge.dismissed_share"], "charge.notice")
      for who in (_NEAR, _PAROLED)),  # on appeal
    Way("charge.pending", {**_ICE, "docket": "pending", "years": "over_10"},
        [_SCOPE, _USED, "charge.dismissed_share"], "charge.notice"),
    # 2 to 5
    Way("charge.reinstatement", _ICE, ["route.interior.reinstatement_share"], _HELD,
        _under("reinstatement", "241a")),
    Way("charge.reinstatement", _ICE, [], "charge.administrative"),
    Way("charge.administrative", _ICE, ["route.interior.administrative_share"], _HELD,
        _under("administrative", "236c")),
    Way("charge.administrative", _ICE, [], "charge.visa_waiver"),
    Way("charge.visa_waiver", {"entry": "admitted"}, ["charge.visa_waiver_share"], _HELD,
        _under("visa_waiver", "241a")),
    Way("charge.visa_waiver", {}, ["charge.visa_waiver_share"], "charge.voluntary_return"),
    Way("charge.voluntary_return", _ICE, ["route.interior.voluntary_return_share"], _HELD,
        _under("voluntary_return", "236a")),
    Way("charge.voluntary_return", _ICE, [], _EXPEDITED),
    # 6: a class by years for who came without inspection; none by years for who was paroled
    Way(_EXPEDITED, _NEAR, [_SCOPE, _USED], _HELD, _FAST),
    Way(_EXPEDITED, _NEAR, [_USED], "charge.notice"),
    Way(_EXPEDITED, _NEAR, [_PAROLED_SCOPE, _USED], "charge.notice"),
    Way(_EXPEDITED, {**_NEAR, "years": "from_2_to_10"}, [_SCOPE, _USED], "charge.notice"),
    Way(_EXPEDITED, {**_NEAR, "entry": "admitted"}, [_SCOPE, _PAROLED_SCOPE, _USED], "charge.notice"),
    Way(_EXPEDITED, _PAROLED, [_PAROLED_SCOPE, _USED], _HELD, _FAST),
    Way(_EXPEDITED, _PAROLED, [_SCOPE, _USED], "charge.notice"),
    *(Way(_EXPEDITED, {**_PAROLED, "status": status}, [_SCOPE, _PAROLED_SCOPE, _USED], "charge.notice")
      for status in ("parole_cbp_one", "parole_other", "asylum_affirmative")),
    # 7: a notice, and the statute
    Way("charge.notice", {}, [], _HELD, _under("notice_to_appear", "236a")),
    Way("charge.notice", {"entry": "admitted"}, ["charge.theft_share", "charge.applicant_share"], _HELD,
        _under("notice_to_appear", "236a")),
    Way("charge.notice", {"entry": "admitted"}, ["charge.applicant_share"], _HELD,
        _under("notice_to_appear", "236a")),
    Way("charge.notice", {"entry": "admitted"}, ["charge.crime_share"], _HELD,
        _under("notice_to_appear", "236c")),
    Way("charge.notice", {}, ["charge.theft_share"], _HELD, _under("notice_to_appear", "236c")),
    Way("charge.notice", {}, ["charge.applicant_share"], _HELD, _under("notice_to_appear", "235b2")),
    Way("charge.notice", {}, ["charge.crime_share", "charge.applicant_share"], _HELD,
        _under("notice_to_appear", "236c")),
    Way("charge.notice", {"entry": "paroled"}, ["charge.crime_share"], _HELD,
        _under("notice_to_appear", "235b2")),
    # at the border
    Way("charge.at_border", {"family": "unaccompanied_child"},
        ["route.border.expedited_share", "route.border.reinstatement_share"], "children.to_hhs"),
    Way("charge.at_border", {"family": "family_unit"}, [], "charge.border"),
    Way("charge.border", _CBP, ["route.border.expedited_share"], "booking.handed_over", _FAST),
    Way("charge.border", _CBP, ["route.border.expedited_share", "route.border.reinstatement_share"],
        "booking.handed_over", _under("reinstatement", "241a")),
    Way("charge.border", _CBP, [], "charge.border.notice"),
    Way("charge.border.notice", _CBP, [], "booking.handed_over", _under("notice_to_appear", "236a")),
    # held, or let go with a notice on the day
    *(Way(_HELD, {**_ICE, "authority": f"ina_{statute}"}, [], "booking")
      for statute in ("235b1", "235b2", "236c")),
    *(Way(_HELD, {**_ICE, "authority": f"ina_{statute}"}, ["arrest.booked_share"], "booking")
      for statute in ("236a", "241a")),
    Way(_HELD, {**_PAROLED, "authority": "ina_235b2"}, ["arrest.booked_share"], "booking"),
    Way(_HELD, {**_PAROLED, "authority": "ina_235b2", "docket": "pending"}, [], STAYS, {"authority": "none"},
        pool=True),
    Way(_HELD, {**_ICE, "authority": "ina_236a"}, [], "awaiting_filing",
        {"authority": "none", "route": "notice_to_appear", "docket": "awaiting_filing"}, pool=True),
    *(Way(_HELD, {**_ICE, "authority": "ina_236a", "docket": docket}, [], STAYS, {"authority": "none"},
          pool=True)
      for docket in ("awaiting_filing", "pending", "ordered")),
    Way("charge.let_go", {**_ICE, "authority": "ina_236a"}, [], STAYS, {"authority": "none"}, pool=True),
    # after booking
    *(Way("proceed", {"route": route}, [], then)
      for route, then in (("expedited", "expedited"), ("reinstatement", "reinstatement"),
                          ("administrative", "administrative"), ("unexecuted_order", "final_order"),
                          ("voluntary_return", "removal_arranged"), ("none", "custody_decision"),
                          ("notice_to_appear", "custody_decision"))),
    Way("proceed", {"route": "visa_waiver"}, [], "final_order", {"order": "administrative"}),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_gate_is_for_whom_the_law_says_and_sets_route_and_statute(way: Way) -> None:
    goes(way)


_GATES = (
    *(
        "charge",
        "charge.child",
        "charge.deferred",
        "charge.wartime",
        "charge.order",
        "charge.pending",
        "charge.reinstatement",
    ),
    *("charge.administrative", "charge.visa_waiver", "charge.voluntary_return", "charge.expedited"),
    *("charge.notice", "charge.held", "charge.let_go"),
)
_EVERY_WAY = {
    **dict.fromkeys(
        ["route.interior.expedited_scope", "route.interior.expedited_paroled_scope"], 0.5
    ),
    **dict.fromkeys(["route.interior.expedited_share", "charge.dismissed_share"], 1.0),
    **dict.fromkeys(["arrest.booked_share", "charge.withheld_share"], 0.5),
    **dict.fromkeys(["route.interior.reinstatement_share", "route.interior.voluntary_return_share"], 0.2),
    **dict.fromkeys(["route.interior.administrative_share", "charge.crime_share"], 0.2),
}  # fmt: skip


_ARRESTS = {
    "arrest.supervision.check_ins_per_day": 100.0,
    "arrest.supervision.arrest_share": 1.0,
    "arrest.supervision.weight_by_supervision": 1.0,
    "arrest.supervision.weight_by_docket": Table.of("docket", dict.fromkeys(labels("docket"), 1.0)),
    "staff.hours.supervision_arrest": 1.0,
    "arrest.at_large.officers": 1000.0,
    "arrest.at_large.share_of_time": 0.0,
    "arrest.at_large.hours_per_officer_year": 365.25,
    "detention.hold_rooms.places": 150.0,
}


def _arrested(who, **changed) -> Lived:
    numbers = {**_EVERY_WAY, **_ARRESTS, **{path.replace("__", "."): v for path, v in changed.items()}}
    return live(
        *_GATES, at="nothing_on_file", draws=["arrest.supervision"], who=who, numbers=numbers,
        do=[join("not_detained")], people=100, days=5,
    )  # fmt: skip


@pytest.mark.parametrize("docket", ["none", "awaiting_filing", "pending", "ordered"])
def test_that_nobody_with_protected_status_in_force_is_booked_whatever_the_levers_say(docket) -> None:
    for criminal in labels("criminal"):
        lived = _arrested({**_NEAR, "status": "tps", "docket": docket, "criminal": criminal})
        assert lived.counted("arrest") >= 100
        assert lived.counted("at booking") == 0
        assert lived.standing("nothing_on_file")[-1] == 100


@pytest.mark.parametrize("nationality", ["guatemala", "mexico", "china"])
@pytest.mark.parametrize("docket", ["none", "awaiting_filing", "pending"])
def test_that_a_child_alone_is_never_put_in_expedited_removal_nor_booked(docket, nationality) -> None:
    who = {**_NEAR, "family": "unaccompanied_child", "docket": docket, "nationality": nationality}
    assert _arrested(who, charge__child__minor_share=1.0).share_at("children.to_hhs") == 1
    fast = {"route.border.expedited_share": 1.0}
    border = live("charge.border", at="charge.at_border", who=who, numbers=fast, otherwise=1.0)
    assert border.share_at("children.to_hhs") == 1


@pytest.mark.parametrize("booked", [0.0, 1.0])
def test_that_who_is_let_go_gives_back_the_place_in_the_hold_room(booked) -> None:
    who = {**_ICE, "years": "over_10", "docket": "pending"}
    lived = _arrested(who, arrest__booked_share=booked, charge__crime_share=0.0)
    assert lived.held("detention.hold_rooms")[-1] == lived.counted("at booking") == 100 * booked


def test_that_arrests_stop_for_the_day_when_hold_rooms_are_full() -> None:
    lived = _arrested({"docket": "pending"}, arrest__booked_share=1.0, detention__hold_rooms__places=30.0)
    assert lived.counted("arrest") == lived.held("detention.hold_rooms")[-1] == 30


def test_that_without_officers_nobody_is_arrested() -> None:
    assert _arrested({"docket": "pending"}, arrest__at_large__officers=0.0).counted("arrest") == 0


def test_that_the_act_of_january_2025_holds_people_charged_with_theft_from_its_day() -> None:
    table = load().parameters["charge.theft_share"].value
    before, after = (table.at(day.toordinal()) for day in (dt.date(2025, 1, 28), dt.date(2025, 1, 29)))
    assert isinstance(before, Table) and isinstance(after, Table)
    assert not before.data.any()
    assert after.data[list(after.axes["criminal"]).index("pending")] > 0
