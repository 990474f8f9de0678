"""What bars the execution of an order: withholding, a stay, a motion."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import mark, take

from .slice import Way, goes, live, name_of

_HELD = {"custody": "yes", "docket": "ordered", "order": "judge"}
_OLD = {**_HELD, "bar": "unsettled"}
_WITHHELD, _STAYED, _MOTION = (f"order.bars.{kind}_share" for kind in ("withheld", "stayed", "motion"))
_ELSEWHERE = "order.bars.withheld_to_third_country_share"
_ASKED, _ASKS = "motion_in_custody.asked", "court.motion.in_custody_share"
_STAY = "court.motion.stay_granted_share"
_NOBODY_IN_PARTICULAR = {"charge.crime_share": 0.0, "charge.theft_share": 0.0, "charge.applicant_share": 0.0}
_AWAY = {**_HELD, "order": "in_absentia"}
_SOON = {"order.bars.release_days": 2.0, "court.motion.days_in_custody": 2.0}
WAYS = [
    Way("bars", _HELD, [_WITHHELD], "bars.known", {"bar": "none"}),  # a new order brings what the judge said
    Way("bars", _OLD, [_WITHHELD], "bars.known", {"bar": "withheld"}),
    Way("bars", _OLD, [_STAYED], "bars.known", {"bar": "stayed"}),
    Way("bars", _OLD, [_MOTION], "bars.known", {"bar": "motion"}),
    Way("bars", _OLD, [_WITHHELD, _STAYED], "bars.known", {"bar": "withheld"}),
    Way("bars", _OLD, [], "bars.known", {"bar": "none"}),
    Way("bars.known", {**_HELD, "bar": "withheld"}, [], "withheld"),
    Way("bars.known", {**_HELD, "bar": "stayed"}, [], "stay_of_removal"),
    Way("bars.known", {**_HELD, "bar": "motion"}, [], "motion_in_custody"),
    Way("bars.known", _HELD, [], "motion_in_custody.asked"),
    # a motion stays an order in absentia by itself (INA 240(b)(5)(C)), another if a judge says so
    Way(_ASKED, _HELD, [], "destination"),
    Way(_ASKED, _AWAY, [_ASKS], "motion_in_custody", {"bar": "motion"}, {"motion": {"order": "in_absentia"}}),
    Way(_ASKED, _HELD, [_ASKS], "destination", {"motion": "pending"}, {"motion": {"order": "judge"}}),
    Way(_ASKED, _HELD, [_ASKS, _STAY], "motion_in_custody", {"bar": "motion"},
        {"motion": {"order": "judge"}}),
    *(Way(_ASKED, {**_HELD, "order": order}, [_ASKS, _STAY], "destination")
      for order in ("expedited", "reinstated", "administrative")),
    Way("withheld", {**_HELD, "bar": "withheld"}, [], "no_country_for_now"),
    Way("withheld", {**_HELD, "bar": "withheld"}, [_ELSEWHERE], "third_country"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_a_bar_is_settled_once_and_stops_what_the_law_says(way: Way) -> None:
    goes(way)


def test_that_nobody_whose_removal_is_withheld_is_sent_home() -> None:
    lived = live("bars.known", _ASKED, "withheld", "no_country_for_now", "released_from_custody", at="bars",
                 who={**_HELD, "bar": "withheld"}, numbers=_SOON, days=40,
                 do=[mark("first"), take("detained.ice_arrest.none")])  # fmt: skip
    assert lived.counted("at destination") == 0
    assert lived.share_at("ordered_not_detained") == 1
    found = lived.traits_at("ordered_not_detained")
    assert (found["order"], found["bar"], found["exit"]) == ("judge", "withheld", "supervision")
    assert lived.held("detained.ice_arrest.none")[-1] == 0


def test_that_a_stay_ends_and_the_order_is_executed_after_it() -> None:
    lived = live(at="stay_of_removal", who={**_HELD, "bar": "stayed"}, numbers={"order.bars.stay_days": 2.0},
                 days=60)  # fmt: skip
    assert lived.share_at("destination") == 1
    assert lived.traits_at("destination")["bar"] == "none"


@pytest.mark.parametrize(("days", "motion"), [(1.0, "none"), (4000.0, "pending")])
@pytest.mark.parametrize("at", ["proceed", _ASKED])
def test_that_a_motion_that_stays_nothing_is_pending_as_long_as_a_judge_takes(at, days, motion) -> None:
    who = {**_HELD, "route": "unexecuted_order", "bar": "stayed", "motion": "pending"}
    chains = {
        "proceed": ("final_order", "bars", "bars.known", "stay_of_removal", "destination"),
        _ASKED: ("destination", "destination.own", "travel_document", "removal_arranged"),
    }
    numbers = {
        "order.bars.stay_days": 20.0,
        "order.travel_document.median_days": 20.0,
        _ASKS: 1.0,
        "court.motion.days_in_custody": days,
        "order.travel_document.sigma": 0.1,
        "habeas.sigma": 0.1,
        "bond.hearing.sigma": 0.1,
    }
    *chain, slow = chains[at]
    lived = live(*chain, at=at, who=who, days=200, otherwise=4000.0, numbers=numbers)
    assert lived.share_at(slow, motion=motion) > 0.9


@pytest.mark.parametrize(
    ("order", "share"), [("in_absentia", "rescind.granted_share"), ("judge", "reopen.granted_share")]
)
def test_that_a_motion_in_custody_is_denied_and_the_order_executed_or_granted_and_gone(order, share) -> None:
    numbers = {"court.motion.days_in_custody": 2.0, **_NOBODY_IN_PARTICULAR}
    who = {**_HELD, "order": order, "bar": "motion", "authority": "ina_241a"}
    chain = ("motion_in_custody", "motion_in_custody.open")
    held = [take("detained.ina_241a"), take("detained.other")]
    denied = live(*chain, at=chain[0], who=who, numbers=numbers, days=60, do=held)
    assert denied.traits_at("destination") | {"order": order, "bar": "none"} == denied.traits_at(
        "destination"
    )
    assert denied.held("detained.ina_241a")[-1] == denied.people
    granted = live(*chain, at=chain[0], who=who, numbers={**numbers, f"court.motion.{share}": 1.0}, days=60,
                   do=held)  # fmt: skip
    found = granted.traits_at("custody_decision")
    assert (found["order"], found["docket"], found["reopened"]) == ("none", "pending", "reopened")
    assert found["authority"] == "ina_236a"
    assert granted.held("detained.ina_241a")[-1] == granted.held("detained.other")[-1] == 0
    assert granted.counted_each("reopening") == 1
