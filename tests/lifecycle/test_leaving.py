"""Departures by people's own decision: unrecorded ones, and voluntary departure."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join

from .slice import live

_PERIOD = {"departure.voluntary.shortest_days": 2.0, "departure.voluntary.longest_days": 4.0}


def _emigrants(docket: str, share: float, people: int = 20_000, **weights: float):
    table = Table.of("years", {label: weights.get(label, 1.0) for label in labels("years")})
    numbers = {
        "departure.emigration.share_per_year": share,
        "departure.emigration.weight_by_years": table,
    }
    return live(at="nothing_on_file", draws=["emigration"], numbers=numbers, do=[join("not_detained")],
                who={"docket": docket, "years": "over_10"}, people=people, days=101)  # fmt: skip


def test_that_who_leaves_with_nothing_on_file_is_gone() -> None:
    lived = _emigrants("none", 0.5)
    assert lived.counted("at departed") == lived.counted("unrecorded_departure", docket="none")
    assert lived.counted("departure") == 0
    assert lived.standing("nothing_on_file")[-1] == 20_000 - lived.counted("at departed")


@pytest.mark.parametrize("docket", ["awaiting_filing", "pending", "ordered"])
def test_that_who_leaves_with_a_case_or_an_order_stays_on_file_absent_and_leaves_once(docket) -> None:
    lived = _emigrants(docket, 40.0, people=400)
    assert lived.standing("nothing_on_file")[-1] == 400
    assert lived.counted_each("unrecorded_departure", docket=docket) == pytest.approx(1, abs=0.01)


def test_that_who_leaves_with_a_case_is_missing_at_what_follows() -> None:
    numbers = {
        "departure.emigration.share_per_year": 400.0, "departure.emigration.weight_by_years": 1.0,
        "court.filing.days": 20.0, "court.filing.never_share": 0.0, "court.filing.dormant_days": 20.0,
    }  # fmt: skip
    lived = live("awaiting_filing", draws=["emigration"], numbers=numbers, do=[join("not_detained")],
                 who={"docket": "awaiting_filing"}, people=400, days=40)  # fmt: skip
    assert lived.share_at("filed", left_unrecorded="yes") > 0.8


def test_that_the_share_that_leaves_in_a_year_is_the_share_of_a_year_by_days_and_weight() -> None:
    left = 20_000 * 0.5 * 100 / 365.25
    for weight, expected in ((1.0, left), (0.5, left / 2), (0.0, 0.0)):
        lived = _emigrants("none", 0.5, over_10=weight)
        assert lived.counted("unrecorded_departure") == pytest.approx(expected, rel=0.15)


def test_that_a_voluntary_departure_lies_inside_its_days() -> None:
    lived = live(at="voluntary_departure_period", days=8,
                 numbers={**_PERIOD, "departure.voluntary.left_share": 1.0})  # fmt: skip
    standing = lived.standing("voluntary_departure_period")
    assert (standing[1], standing[2], standing[5]) == (400, 400, 0)
    assert lived.share_at("departed") == lived.counted_each("voluntary_departure") == 1
    assert lived.counted("departure") == 0


def test_that_who_stays_beyond_the_days_of_a_voluntary_departure_is_ordered_removed() -> None:
    lived = live(at="voluntary_departure_period", numbers=_PERIOD, days=8)
    assert lived.share_at("ordered_not_detained") == 1
    found = lived.traits_at("ordered_not_detained")
    assert (found["docket"], found["order"]) == ("ordered", "judge")  # a removal, should it be executed
    assert lived.counted_each("(in the pool)") == 1
    assert lived.counted("voluntary_departure") == 0


def test_that_a_stipend_of_nothing_changes_nothing_and_a_response_of_nothing_neither() -> None:
    weights = Table.of("docket", dict.fromkeys(labels("docket"), 1.0))

    def left(**changed: float) -> int:
        numbers = {"departure.app.share_per_year": 0.5, "departure.app.stipend": 1000.0,
                   "departure.app.response_to_stipend": 0.001, "departure.app.weight_by_docket": weights,
                   **{f"departure.app.{name}": value for name, value in changed.items()}}  # fmt: skip
        lived = live(at="nothing_on_file", draws=["departure.app"], numbers=numbers,
                     do=[join("not_detained")], people=20_000, days=51)  # fmt: skip
        assert lived.counted("app_departure") == lived.counted("at departed")
        return lived.counted("app_departure")

    plain = left(stipend=0.0)
    assert plain == left(response_to_stipend=0.0)
    assert left() == pytest.approx(2 * plain, rel=0.1)
    assert left(share_per_year=0.0) == 0
