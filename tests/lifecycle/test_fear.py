"""Fear screenings, each with a judge's review, and withholding only."""

from __future__ import annotations

import pytest

from .slice import Way, goes, live, name_of

_HELD = {"custody": "yes"}
_REINSTATED = {"order": "reinstated", "docket": "ordered"}
WAYS = [
    Way("expedited", _HELD, ["fear.claim_share"], "fear_interview"),
    Way("expedited", _HELD, [], "final_order", {"order": "expedited"}),
    Way("reinstatement", _HELD, ["fear.reasonable.claim_share"], "reasonable_fear_interview", _REINSTATED),
    Way("reinstatement", _HELD, [], "final_order", _REINSTATED),
]


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_who_claims_fear_is_screened_and_who_does_not_is_ordered_removed(way: Way) -> None:
    goes(way)


_OFFICERS = {  # a thousand interviews a day
    "fear.officers.number": 365.25,
    "fear.officers.hours_per_year": 1000.0,
    "fear.officers.hours_credible": 1.0,
    "fear.officers.hours_reasonable": 1.0,
}
_DAYS = {
    **_OFFICERS,  # whole days, rounded up
    "fear.screening.median_days": 2.5,
    "fear.screening.sigma": 1e-6,
    "fear.review.days": 1e-6,
    "fear.reasonable.median_days": 4.5,
    "charge.administrative.days": 2.0,
}


@pytest.mark.parametrize(
    ("ones", "then", "route", "order", "counted"),
    [
        (["fear.positive_share"], "custody_decision", "notice_to_appear", "none", "fear_positive"),
        (["fear.positive_share", "fear.closed_share"], "custody_decision", "notice_to_appear", "none",
         "fear_positive"),
        (["fear.closed_share"], "final_order", "expedited", "expedited", "fear_closed"),
        ([], "final_order", "expedited", "expedited", "fear_negative"),
        (["fear.review.vacated_share"], "custody_decision", "notice_to_appear", "none", "fear_negative"),
    ],
)  # fmt: skip
def test_that_a_screening_ends_positive_closed_or_negative_and_a_judge_reviews_the_last(
    ones, then, route, order, counted
) -> None:
    numbers = {**_DAYS, **dict.fromkeys(ones, 1.0)}
    who = {**_HELD, "route": "expedited", "authority": "ina_235b1"}
    lived = live("fear_review", at="fear_screening", who=who, numbers=numbers, days=8)
    assert lived.share_at(then) == 1
    left = lived.traits_at(then)
    assert (left["order"], left["route"], left["authority"]) == (order, route, "ina_235b1")
    told = {f"fear_{word}": lived.counted_each(f"fear_{word}") for word in ("positive", "negative", "closed")}
    assert told == {name: float(name == counted) for name in told}


def test_that_a_screening_takes_its_own_days_and_a_review_one_more() -> None:
    lived = live("fear_review", at="fear_screening", who=_HELD, numbers=_DAYS, days=8)
    assert lived.standing("fear_screening") == [0, 400, 400, 400, 0, 0, 0, 0]
    assert lived.standing("fear_review") == [0, 0, 0, 0, 400, 0, 0, 0]


_ONLY = {"proceeding": "withholding_only", "docket": "ordered", "authority": "ina_241a"}


@pytest.mark.parametrize("order", ["reinstated", "administrative"])
@pytest.mark.parametrize("ones", [["fear.reasonable.positive_share"], ["fear.reasonable.vacated_share"], []])
def test_that_a_reasonable_fear_leads_to_withholding_only_under_the_same_order(order, ones) -> None:
    numbers = {**_DAYS, "fear.reasonable.claim_share": 1.0, **dict.fromkeys(ones, 1.0)}
    at = {"reinstated": "reinstatement", "administrative": "administrative"}[order]
    places = ("reasonable_fear_interview", "reasonable_fear", "reasonable_fear_review")
    lived = live(*places, at=at, who=_HELD, numbers=numbers, days=14)
    then = "kept" if ones else "final_order"
    assert lived.share_at(then) == 1
    left = lived.traits_at(then)
    assert (left["order"], left["docket"]) == (order, "ordered")
    found, claimed = lived.counted_each("reasonable_fear_found"), "fear.reasonable.positive_share" in ones
    assert (found, lived.counted_each("reasonable_fear_not_found")) == (bool(ones), not claimed)
    assert (left["proceeding"] == "withholding_only") is bool(ones)
    if ones:
        assert _ONLY.items() <= left.items()


def test_that_an_administrative_order_waits_for_its_days_and_its_screening() -> None:
    numbers = {**_DAYS, "fear.reasonable.claim_share": 0.0}
    lived = live(at="administrative", who=_HELD, numbers=numbers, days=8)
    assert lived.standing("administrative") == [0, 400, 400, 0, 0, 0, 0, 0]
    assert lived.traits_at("final_order")["order"] == "administrative"


@pytest.mark.parametrize(("officers", "a_day"), [(0.0, 0), (0.05, 50), (0.1, 100), (1.0, 400)])
def test_that_people_wait_for_an_interview_as_far_as_asylum_officers_are_too_few(officers, a_day) -> None:
    numbers = {**_DAYS, "fear.officers.number": 365.25 * officers}
    lived = live("fear_interview", at="fear_interview", who=_HELD, numbers=numbers, days=4)
    assert lived.standing("fear_interview")[1:] == [400 - min(400, a_day * day) for day in (1, 2, 3)]
