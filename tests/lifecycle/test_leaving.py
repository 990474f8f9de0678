"""Departures by people's own decision: unrecorded ones, and voluntary departure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from docketflow.core.quantity import Dated, Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join

from .slice import FIRST, USUAL_SEARCHES, live

_PERIOD = {"departure.voluntary.shortest_days": 2.0, "departure.voluntary.longest_days": 4.0}


def _emigrants(
    docket: str,
    share: float,
    people: int = 20_000,
    more: Mapping[str, float | Dated] | None = None,
    **weights: float,
):
    table = Table.of("years", {label: weights.get(label, 1.0) for label in labels("years")})
    numbers = {
        "departure.emigration.share_per_year": share,
        "departure.emigration.weight_by_years": table,
        **USUAL_SEARCHES,
        **(more or {}),
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
        **USUAL_SEARCHES,
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


def test_that_the_share_that_leaves_answers_to_the_arrests_that_officers_can_make_and_at_zero_to_nothing():
    def left(response: float, **searches: float) -> int:
        more = {f"arrest.at_large.{of}": number for of, number in searches.items()}
        more["departure.emigration.response_to_arrests"] = response
        return _emigrants("none", 0.5, more=more).counted("unrecorded_departure")

    plain = left(0.0)
    assert left(0.5) == left(-1.0) == plain  # at the usual risk the response is nothing
    assert left(0.0, officers=9.0) == left(0.0, hours_per_arrest=0.1) == plain
    assert left(0.5, officers=3.0) == pytest.approx(1.5 * plain, rel=0.1)  # twice the arrests: half a yield
    assert left(0.5, officers=3.0) == left(0.5, borrowed_officers=2.0) > left(0.1, officers=3.0) > plain
    assert left(0.5, officers=0.0) < left(-0.1, officers=9.0) < plain
    assert left(-1.0, officers=3.0) == left(-1.0, officers=99.0) == 0  # nobody is the least


def test_that_who_takes_fewer_hours_for_an_arrest_from_a_day_on_makes_more_leave_from_that_day() -> None:
    day = (FIRST + dt.timedelta(days=50)).toordinal()
    more: dict[str, float | Dated] = {"departure.emigration.response_to_arrests": 1.0}
    more["arrest.at_large.hours_per_arrest"] = Dated((1, day), (42.0, 21.0))
    always = {**more, "arrest.at_large.hours_per_arrest": 42.0}
    as_ever, faster = (
        _emigrants("none", 0.5, more=each).standing("nothing_on_file") for each in (always, more)
    )
    assert as_ever[:50] == faster[:50]
    assert 20_000 - faster[-1] == pytest.approx(1.5 * (20_000 - as_ever[-1]), rel=0.1)


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
