"""Review: when an order is final, who appeals, the Board, petitions to a court of appeals."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import mark, start, take

from .slice import Way, goes, live, name_of

_ORDER = {"docket": "pending", "order": "judge"}
_CUSTODY = {"custody": "yes", "detention": "yes"}
_HELD = {**_ORDER, **_CUSTODY}
_ONLY = {**_CUSTODY, "docket": "ordered", "order": "reinstated", "proceeding": "withholding_only"}
_RELIEF = {"docket": "pending", "relief": "asylum"}
_BACK, _WON, _STAY = "appeal.remanded_share", "appeal.sustained_share", "circuit.stay_granted_share"
_ASKED = ["circuit.petition_share", "circuit.stay_asked_share"]
_AGAIN = {"reopened": "remanded"}
_FILED = {"petition": "pending"}
_FREED = {"custody": "no", "exit": "relief"}
_BOOKED_OUT = {"book_out": {"exit": "relief"}, "stay_days": {}}
WAYS = [
    # final at once where appeal is waived, at the Board where it is appealed, after the window otherwise
    Way("ordered", _ORDER, ["appeal.share.not_detained"], "appeal_filed", {}, {"appeal": {"custody": "no"}}),
    Way("ordered", _ORDER, ["appeal.share.detained", "appeal.waived_share.detained"], "appeal_window"),
    Way("ordered", _ORDER, ["appeal.waived_share.not_detained"], "final_order"),
    Way("ordered", _ORDER, ["appeal.share.not_detained", "appeal.waived_share.not_detained"], "appeal_filed",
        {}, {"appeal": {"order": "judge"}}),
    Way("ordered_in_custody", _HELD, ["appeal.share.detained"], "appeal_filed", {},
        {"appeal": {"custody": "yes"}}),
    Way("ordered_in_custody", _HELD, ["appeal.waived_share.detained"], "final_order"),
    Way("ordered_in_custody", _HELD, ["appeal.share.not_detained"], "appeal_window"),
    # a grant of relief ends the case, unless the Department appeals: then nobody is let go
    Way("granted", _RELIEF, [], "granted_relief"),
    Way("granted", _RELIEF, ["appeal.share.department"], "appeal_filed", {}, {"appeal": {"order": "none"}}),
    Way("granted", {**_RELIEF, **_CUSTODY}, [], "granted_relief", _FREED, _BOOKED_OUT),
    Way("granted", {**_RELIEF, **_CUSTODY}, ["appeal.share.department"], "appeal_filed", {},
        {"appeal": {"custody": "yes"}}),
    # the Board, on the person's appeal
    Way("appeal_decided", _ORDER, [_BACK], "remanded", _AGAIN, {"remand": {}}),
    Way("appeal_decided", _ORDER, [_WON], "granted_on_appeal", {}, {"sustained": {}}),
    Way("appeal_decided", _ORDER, [_BACK, _WON], "remanded", _AGAIN, {"remand": {}}),
    Way("appeal_decided", _ORDER, [], "petition", {}, {"appeal_dismissed": {}}),
    # and on the Department's: sustained, the relief is gone and an order stands
    Way("appeal_decided", _RELIEF, [_WON], "petition", {"order": "judge"}, {"sustained": {}}),
    Way("appeal_decided", _RELIEF, [], "granted_on_appeal", {}, {"appeal_dismissed": {}}),
    # sent back, the judge's order is gone; one that other officers made stands
    Way("remanded", _ORDER, [], "merits", {"order": "none"}, pool=True),
    Way("remanded", _HELD, [], "detained_merits", {"order": "none"}),
    Way("remanded", _ONLY, [], "detained_merits"),
    Way("granted_on_appeal", _RELIEF, [], "granted_relief"),
    Way("granted_on_appeal", {**_HELD, "relief": "cancellation"}, [], "granted_relief", _FREED, _BOOKED_OUT),
    # withholding is never an end, whoever appealed: an order stays, and is barred
    Way("granted", {**_RELIEF, "relief": "withholding_or_cat"}, [], "protected"),
    Way("granted_on_appeal", {**_ORDER, "relief": "withholding_or_cat"}, [], "protected"),
    Way("granted", {**_RELIEF, "relief": "withholding_or_cat"}, ["appeal.share.department"], "appeal_filed",
        {}, {"appeal": {"order": "none"}}),
    Way("protected", {"docket": "pending", "relief": "withholding_or_cat"}, [], "final_order",
        {"order": "judge", "bar": "withheld", "docket": "ordered"}),
    Way("protected", {**_ONLY, "relief": "withholding_or_cat"}, [], "final_order", {"bar": "withheld"}),
    # a petition stays nothing without a stay that is asked for and given
    Way("petition", _ORDER, [], "final_order"),
    Way("petition", _ORDER, ["circuit.petition_share"], "final_order", _FILED, {"petition": {}}),
    Way("petition", _ORDER, _ASKED, "final_order", _FILED, {"petition": {}}),
    Way("petition", _ORDER, [*_ASKED, _STAY], "final_order", {**_FILED, "bar": "stayed"},
        {"petition": {}, "stay": {}}),
    Way("petition", _ORDER, ["circuit.stay_asked_share", _STAY], "final_order"),
    # who is let go while an appeal is pending stands in the Board's line, and not in the court's
    Way("released_from_custody", _ORDER, [], "appeal", pool=True),
    Way("released_from_custody", {"docket": "pending"}, [], "continued", pool=True),
    Way("back_at_the_board", _ORDER, [], "appeal", pool=True),
    Way("back_at_the_board", _HELD, [], "appeal"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_review_leads_where_the_law_says(way: Way) -> None:
    goes(way)


def test_that_an_order_nobody_appeals_is_final_when_the_time_to_appeal_is_over() -> None:
    lived = live("appeal_window", at="ordered", who=_ORDER, numbers={"appeal.window_days": 30.0}, days=34)
    assert lived.standing("appeal_window") == [0, *[400] * 30, 0, 0, 0]
    assert lived.share_at("final_order") == 1


_DECIDED_ON = [([], "petition", {}, "appeal_dismissed"), ([_BACK], "remanded", _AGAIN, "remand"),
               ([_WON], "granted_on_appeal", {}, "sustained")]  # fmt: skip


@pytest.mark.parametrize(("ones", "then", "left", "counted"), _DECIDED_ON)
def test_that_no_appeal_touches_an_order_of_other_officers(ones, then, left, counted) -> None:
    goes(Way("appeal_decided", _ONLY, ones, then, left, {counted: {}}))


def test_that_the_board_decides_as_many_a_day_as_its_members_can() -> None:
    numbers = {"appeal.board.members": 4.0, "appeal.board.decisions_per_member_year": 365.25 * 1.5,
               "appeal.priority": 0.0}  # fmt: skip
    lived = live(at="appeal", numbers=numbers, people=40, days=8)
    assert set(lived.ledger.served["appeal"][2:7].tolist()) == {6}
    none = live(at="appeal", numbers={**numbers, "appeal.board.members": 0.0}, people=40, days=8)
    assert none.ledger.served["appeal"].sum() == 0


def test_that_a_petition_runs_beside_removal_and_a_stay_ends_with_it() -> None:
    soon = {"circuit.median_days": 2.5, "circuit.sigma": 1e-6}
    who = {"docket": "ordered", "order": "judge", "bar": "stayed"}
    lost = live(at="ordered_not_detained", who=who, numbers=soon, do=[start("petition_pending")], days=8)
    assert lost.standing("ordered_not_detained")[-1] == 400
    won = live("back_at_the_board", at="ordered_not_detained", who=who, days=8,
               numbers={**soon, "circuit.remanded_share": 1.0}, do=[start("petition_pending")])  # fmt: skip
    onward = ("final_order", "ordered_not_detained", "back_at_the_board")
    begun = live(*onward, at="petition", who=_ORDER, days=9,
                 numbers={**soon, **dict.fromkeys(_ASKED, 1.0), "circuit.remanded_share": 1.0},
                 otherwise=60.0)  # fmt: skip
    assert begun.share_at("appeal") == 1
    after = live(at="appeal_window", who=who, numbers={**soon, "appeal.window_days": 8.0}, days=12,
                 do=[start("petition_pending")])  # fmt: skip
    assert after.traits_at("final_order")["bar"] == "none"
    found = won.traits_at("appeal")
    assert (found["docket"], found["bar"], found["reopened"]) == ("pending", "none", "remanded")


@pytest.mark.parametrize("bar", ["none", "stayed"])
@pytest.mark.parametrize(("remanded", "left"), [(0.0, "released_from_custody"), (1.0, "appeal")])
def test_that_no_petition_is_pending_once_the_court_of_appeals_has_decided_it(bar, remanded, left) -> None:
    numbers = {
        "circuit.median_days": 2.5,
        "circuit.sigma": 1e-6,
        "circuit.remanded_share": remanded,
        "order.bars.release_days": 8.0,
    }
    lived = live("back_at_the_board", at="no_country_for_now", who={**_HELD, **_FILED, "bar": bar}, days=30,
                 numbers=numbers, do=[start("petition_pending")])  # fmt: skip
    told = {one: lived.share_at(left, petition=one) for one in labels("petition")}
    assert told["none"] > 0.6
    assert (told["pending"] == 0) is (left == "appeal")  # others are let go before it is decided


def test_that_a_stay_is_given_by_the_law_of_the_circuit_where_a_person_is_held() -> None:
    shares = Table.of("circuit", {label: float(label == "9th") for label in labels("circuit")})
    numbers = {
        **dict.fromkeys(_ASKED, 1.0),
        _STAY: shares,
        "circuit.median_days": 400.0,
        "circuit.sigma": 0.5,
    }
    for circuit, stayed in (("9th", 1), ("5th", 0), ("none", 0)):
        lived = live(at="petition", who={**_HELD, "circuit": circuit}, numbers=numbers)
        assert lived.counted_each("stay") == stayed


def test_that_who_wins_in_custody_gives_up_everything_held() -> None:
    held = ("detention.beds", "detention.overflow", "detained.cbp_arrest.none", "detained.over_180_days")
    for place in ("granted", "granted_on_appeal"):
        lived = live(at=place, who={**_RELIEF, **_CUSTODY}, do=[*map(take, held), mark("first")])
        assert [lived.held(space)[-1] for space in held] == [0, 0, 0, 0]
