"""What a parameter and a check make of what is written: draws, bounds, dates, one tolerance."""

import datetime as dt

import pytest
from pydantic import ValidationError

from docketflow.evidence.schema import Check, Parameter

D = dt.date


def _share(**more):
    return Parameter(path="a.b", unit="share", how="assumed", note="for tests", **more)


def test_that_an_uncertain_number_is_drawn_and_a_certain_one_is_not():
    uncertain = _share(value=0.5, shape={"kind": "uniform", "low": 0.4, "high": 0.7})
    assert [uncertain.draw(u).at(1) for u in (0.05, 0.5, 0.95)] == pytest.approx([0.4, 0.5, 0.7])
    assert _share(value=0.5).draw(0.95).at(1) == 0.5


def test_that_draws_of_a_share_stay_between_none_and_all():
    wide = _share(value=0.5, shape={"kind": "normal", "low": 0.0, "high": 1.0})
    assert [wide.draw(u).at(1) for u in (0.001, 0.999)] == [0.0, 1.0]


def test_that_dated_values_hold_from_their_days_in_whatever_order_they_are_written():
    dated = _share(dated={D(2024, 5, 1): 0.3, D(2023, 10, 1): 0.1, D(2024, 1, 1): 0.2})
    days = (D(2023, 12, 31), D(2024, 1, 1), D(2024, 4, 30), D(2024, 5, 1))
    assert [dated.value.at(day.toordinal()) for day in days] == [0.1, 0.2, 0.2, 0.3]


@pytest.mark.parametrize("tolerance", [{}, {"relative": 0.1, "absolute": 5}])
def test_that_a_check_has_one_tolerance(tolerance):
    with pytest.raises(ValidationError, match="either relative or absolute"):
        Check(scenario="s", outcome="removals.ice", figures=("A",), **tolerance)
