"""A final order: not detained, or in custody, where it is reviewed."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import mark, start, take

from .slice import Way, goes, live, name_of

WAYS = [
    Way("final_order", {"custody": "no"}, [], "ordered_not_detained", {"docket": "ordered"}, pool=True),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_an_order_without_custody_stands_and_the_person_can_be_met(way: Way) -> None:
    goes(way)


_REVIEWS = {
    "order.review.first_days": 4.0, "order.review.next_days": 3.0,
    "habeas.days_to_filing": 1e7, "habeas.median_days": 2.5, "habeas.sigma": 1e-6,
}  # fmt: skip
_FIRST, _NEXT = "order.review.released_share.first", "order.review.released_share.next"


def test_that_a_final_order_in_custody_is_on_file_and_joins_no_pool() -> None:
    lived = live(at="final_order", who={"custody": "yes"}, numbers=_REVIEWS, days=3)
    assert lived.share_at("bars") == 1
    assert lived.traits_at("bars")["docket"] == "ordered"
    assert lived.traits_at("bars")["authority"] == "ina_241a"
    assert lived.counted("(in the pool)") == 0


@pytest.mark.parametrize(
    ("shares", "gone"),
    [({_FIRST: 1.0}, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]),
     ({_NEXT: 1.0}, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
     ({}, [0] * 13)],
)  # fmt: skip
def test_that_custody_is_reviewed_after_the_order_first_and_then_again_and_again(shares, gone) -> None:
    lived = live(
        "final_order", "released_from_custody", at="final_order", who={"custody": "yes"}, days=13,
        numbers={**_REVIEWS, **shares}, do=[mark("first"), take("detained.ice_arrest.none")],
    )  # fmt: skip
    assert lived.held("detained.ice_arrest.none") == [400 * (1 - out) for out in gone]
    assert lived.counted_each("book_out", exit="supervision") == lived.counted_each("book_out") == gone[-1]
    if shares:
        assert lived.traits_at("ordered_not_detained")["custody"] == "no"
        assert lived.counted_each("(in the pool)") == 1


def test_that_reviews_go_on_for_as_long_as_they_keep_people() -> None:
    numbers = {**_REVIEWS, _NEXT: 0.5}
    lived = live(
        at="final_order", who={"custody": "yes"}, numbers=numbers, days=20, people=4000,
        do=[take("detained.ice_arrest.none")],
    )  # fmt: skip
    held = lived.held("detained.ice_arrest.none")
    assert held[7] == 4000  # the first review, on the fourth day, keeps all
    for day, left in ((8, 0.5), (11, 0.25), (14, 0.125)):
        assert held[day] == pytest.approx(4000 * left, rel=0.1)


def test_that_a_final_order_ends_the_wait_for_a_bond_hearing() -> None:
    numbers = {
        **_REVIEWS,
        "bond.hearing.median_days": 2.5,
        "bond.hearing.sigma": 1e-6,
        "bond.granted_share": 1.0,
    }
    lived = live("bond_decided", at="final_order", who={"custody": "yes"}, numbers=numbers,
                 do=[start("bond_hearing")], days=12)  # fmt: skip
    assert lived.counted("bond_granted") == lived.counted("bond_denied") == 0


@pytest.mark.parametrize("asked", ["habeas_without_bond", "habeas_decision"])
def test_that_a_petition_about_bond_falls_with_a_final_order(asked) -> None:
    numbers = {**_REVIEWS, "habeas.multiple_without_bond": 1e8, "habeas.released_share": 1.0}
    lived = live("habeas.heard", "habeas.decided", at="final_order", who={"custody": "yes"},
                 numbers=numbers, otherwise=1e6, do=[mark("first"), start(asked)], days=12)  # fmt: skip
    assert lived.counted("habeas_granted") == lived.counted("habeas_filed") == 0
    assert lived.share_at("released_from_custody") == 0
