"""Under which law a person in custody is processed, and the fear screenings."""

from __future__ import annotations

import pytest

from .slice import Way, goes, live, name_of

_HELD = {"custody": "yes"}
_ICE, _CBP = {**_HELD, "agency": "ice"}, {**_HELD, "agency": "cbp"}
_NEAR = {**_ICE, "years": "under_2", "entry": "without_inspection"}
_PAROLED = {**_ICE, "years": "under_2", "entry": "paroled"}
_EXPEDITED = "route.interior.expedited_share"
_INTERIOR = "route.interior"
_SCOPE, _PAROLED_SCOPE = "route.interior.expedited_scope", "route.interior.expedited_paroled_scope"
_REST = "route.interior.rest"
WAYS = [
    # which law: a final order first, then a pending case, then by who made the arrest
    Way("route", {**_ICE, "docket": "ordered"}, [], "final_order", {"route": "unexecuted_order"}),
    Way("route", {**_CBP, "docket": "ordered"}, [], "final_order", {"route": "unexecuted_order"}),
    Way("route", {**_ICE, "docket": "pending"}, [], "custody_decision"),
    Way("route", {**_CBP, "docket": "pending"}, [], "custody_decision"),
    Way("route", _ICE, [], "route.interior"),
    Way("route", {**_ICE, "docket": "awaiting_filing"}, [], "route.interior"),
    Way("route", _CBP, [], "route.border"),
    Way("route", {**_HELD, "agency": "none"}, [], "route.border"),
    Way("route", {**_CBP, "docket": "awaiting_filing"}, [], "route.border"),
    # at the border: expedited removal before reinstatement, both before a notice
    Way("route.border", _CBP, ["route.border.expedited_share"], "expedited", {"route": "expedited"}),
    Way("route.border", _CBP, ["route.border.reinstatement_share"], "reinstatement",
        {"route": "reinstatement"}),
    Way("route.border", _CBP, ["route.border.expedited_share", "route.border.reinstatement_share"],
        "expedited", {"route": "expedited"}),
    Way("route.border", _CBP, [], "custody_decision"),
    # inside: reinstatement, administrative removal, voluntary return, expedited removal, a notice
    Way(_INTERIOR, _ICE, ["route.interior.reinstatement_share"], "reinstatement", {"route": "reinstatement"}),
    Way(_INTERIOR, _ICE, [], "route.interior.other"),
    Way("route.interior.other", _ICE, ["route.interior.administrative_share"], "final_order",
        {"route": "administrative", "order": "administrative"}),
    Way("route.interior.other", _ICE, [], _REST),
    Way(_REST, _NEAR, ["route.interior.voluntary_return_share"], "removal_arranged",
        {"route": "voluntary_return"}),
    Way(_REST, _NEAR, ["route.interior.voluntary_return_share", _SCOPE, _EXPEDITED], "removal_arranged",
        {"route": "voluntary_return"}),
    Way(_REST, _NEAR, [_SCOPE, _EXPEDITED], "expedited", {"route": "expedited"}),
    Way(_REST, _NEAR, [_EXPEDITED], "custody_decision"),
    Way(_REST, _NEAR, [_PAROLED_SCOPE, _EXPEDITED], "custody_decision"),
    Way(_REST, _PAROLED, [_PAROLED_SCOPE, _EXPEDITED], "expedited", {"route": "expedited"}),
    Way(_REST, _PAROLED, [_SCOPE, _EXPEDITED], "custody_decision"),
    # expedited removal reaches nobody who has been here for two years or was admitted
    Way(_REST, {**_NEAR, "years": "from_2_to_10"}, [_SCOPE, _PAROLED_SCOPE, _EXPEDITED], "custody_decision"),
    Way(_REST, {**_PAROLED, "years": "over_10"}, [_SCOPE, _PAROLED_SCOPE, _EXPEDITED], "custody_decision"),
    Way(_REST, {**_NEAR, "entry": "admitted"}, [_SCOPE, _PAROLED_SCOPE, _EXPEDITED], "custody_decision"),
    # fear
    Way("expedited", _HELD, ["fear.claim_share"], "fear_screening"),
    Way("expedited", _HELD, [], "final_order", {"order": "expedited"}),
    Way("reinstatement", _HELD, ["fear.reasonable.claim_share"], "reasonable_fear"),
    Way("reinstatement", _HELD, [], "final_order", {"order": "reinstated"}),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_route_is_for_whom_the_law_says_and_leads_there(way: Way) -> None:
    goes(way)


_DAYS = {  # whole days, rounded up
    "fear.screening.median_days": 2.5,
    "fear.screening.sigma": 1e-6,
    "fear.review.days": 1e-6,
    "fear.reasonable.median_days": 4.5,
}


@pytest.mark.parametrize(
    ("ones", "then", "order", "counted"),
    [
        (["fear.positive_share"], "custody_decision", "none", "fear_positive"),
        (["fear.positive_share", "fear.closed_share"], "custody_decision", "none", "fear_positive"),
        (["fear.closed_share"], "final_order", "expedited", "fear_closed"),
        ([], "final_order", "expedited", "fear_negative"),
        (["fear.review.vacated_share"], "custody_decision", "none", "fear_negative"),
    ],
)
def test_that_a_screening_ends_positive_closed_or_negative_and_a_judge_reviews_the_last(
    ones, then, order, counted
) -> None:
    numbers = {**_DAYS, **dict.fromkeys(ones, 1.0)}
    lived = live("fear_review", at="fear_screening", who=_HELD, numbers=numbers, days=8)
    assert lived.share_at(then) == 1
    assert lived.traits_at(then)["order"] == order
    told = {f"fear_{word}": lived.counted_each(f"fear_{word}") for word in ("positive", "negative", "closed")}
    assert told == {name: float(name == counted) for name in told}


def test_that_a_screening_takes_its_own_days_and_a_review_one_more() -> None:
    lived = live("fear_review", at="fear_screening", who=_HELD, numbers=_DAYS, days=8)
    assert lived.standing("fear_screening") == [0, 400, 400, 400, 0, 0, 0, 0]
    assert lived.standing("fear_review") == [0, 0, 0, 0, 400, 0, 0, 0]


@pytest.mark.parametrize(
    ("share", "then", "order"), [(1.0, "kept", "none"), (0.0, "final_order", "reinstated")]
)
def test_that_a_reasonable_fear_leads_to_a_judge_in_custody_and_none_to_the_old_order(
    share, then, order
) -> None:
    numbers = {**_DAYS, "fear.reasonable.positive_share": share}
    lived = live(at="reasonable_fear", who=_HELD, numbers=numbers, days=10)
    assert lived.share_at(then) == 1
    assert lived.traits_at(then)["order"] == order
    assert lived.standing("reasonable_fear") == [0, *[400] * 5, 0, 0, 0, 0]
