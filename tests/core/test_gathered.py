"""A stock that a yearly rate fills late: who is hired acts after training, as far as they finish and stay."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.core.gathered import STEP_DAYS, Gathered
from docketflow.core.quantity import Dated, Known, Table, p

DAY = dt.date(2025, 3, 1).toordinal()
YEAR = 365.25


def _stock(rate, after=100.0, lost=0.0) -> Dated:
    numbers = {"rate": rate, "after": after, "lost": lost}
    known = Known(
        lambda path: numbers[path] if isinstance(numbers[path], Dated) else Dated.always(numbers[path])
    )
    return Gathered(p("rate"), p("after"), p("lost")).evaluate(known)


def _from(value: float, until: int = 0) -> Dated:
    return Dated((1, DAY, DAY + until), (0.0, value, 0.0)) if until else Dated((1, DAY), (0.0, value))


def test_that_nothing_is_gathered_where_nothing_comes_or_ever_changed() -> None:
    for rate in (0.0, 500.0, _from(0.0)):
        assert list(_stock(rate)) == [(1, 0.0)]


def test_that_a_table_over_nothing_is_a_number() -> None:
    rate = Dated((1, DAY), (Table({}, np.array(0.0)), Table({}, np.array(1200.0))))
    assert list(_stock(rate)) == list(_stock(_from(1200.0)))


@pytest.mark.parametrize("after", [0.0, 60.0, 140.0])
def test_that_nobody_counts_before_the_days_are_over_and_all_do_afterwards(after) -> None:
    stock = _stock(_from(1200.0, until=STEP_DAYS), after)
    ready = DAY + STEP_DAYS + int(after)
    assert stock.at(ready - 1) == 0
    assert stock.at(ready) == pytest.approx(1200 * STEP_DAYS / YEAR)
    assert stock.at(ready + 1000) == stock.at(ready)


def test_that_a_longer_course_and_more_who_leave_never_make_more() -> None:
    plain, late, leaving = (
        _stock(_from(1200.0)),
        _stock(_from(1200.0), 200.0),
        _stock(_from(1200.0), lost=0.1),
    )
    for day in range(DAY, DAY + 1500, 50):
        assert late.at(day) <= plain.at(day) and leaving.at(day) <= plain.at(day)
    assert late.at(DAY + 400) < plain.at(DAY + 400) > leaving.at(DAY + 400)


def test_that_a_stock_of_which_a_share_leaves_settles_where_as_many_come_as_go() -> None:
    settled = _stock(_from(100.0), lost=0.5).at(DAY + 3600)
    assert settled == pytest.approx(100 / 0.693, rel=0.05)  # half a year's loss is a rate of ln 2
