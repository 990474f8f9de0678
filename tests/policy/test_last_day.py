"""The first and the last day of dated settings: both act, the day before and the day after do not."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.core.errors import ScenarioError
from docketflow.core.quantity import Dated

from .test_compose import at, beds, scenario

D = dt.date
DAY = dt.timedelta(1)
# what each operation makes of 41,000 beds, the value in force from START on
ACTS = {"set": 50_000, "scale": 2, "add": 9_000}
AFTER = {"set": 50_000, "scale": 82_000, "add": 50_000}


@pytest.mark.parametrize("operation", ACTS)
@pytest.mark.parametrize("days", [1, 2, 28, 200])
def test_that_a_setting_acts_on_its_first_and_last_day_and_on_neither_side(values, operation, days):
    first = D(2025, 2, 1)
    last = first + (days - 1) * DAY
    done = scenario(beds(operation, ACTS[operation], first, to=last)).compose(values)
    found = [at(done, "custody.beds", day) for day in (first - DAY, first, last, last + DAY)]
    assert found == [41_000, AFTER[operation], AFTER[operation], 41_000]


def test_that_a_setting_acts_on_its_last_day_also_where_the_parameter_itself_changes_that_day():
    first, last = D(2025, 2, 1), D(2025, 2, 28)
    for changes in (first - DAY, first, last - DAY, last, last + DAY):
        values = {"custody.beds": Dated((1, changes.toordinal()), (30_000.0, 40_000.0))}
        done = scenario(beds("add", 5, first, to=last)).compose(values)
        for day in (first - DAY, first, last - DAY, last, last + DAY):
            expected = (40_000 if day >= changes else 30_000) + (5 if first <= day <= last else 0)
            assert at(done, "custody.beds", day) == expected, (changes, day)


def test_that_one_setting_may_begin_the_day_after_another_ends(values):
    first, turn, last = D(2025, 2, 1), D(2025, 3, 1), D(2025, 3, 31)
    done = scenario(beds("set", 1, first, to=turn - DAY), beds("set", 2, turn, to=last)).compose(values)
    found = [at(done, "custody.beds", day) for day in (turn - DAY, turn, last, last + DAY)]
    assert found == [1, 2, 2, 41_000]


def test_that_two_settings_of_one_lever_may_not_share_even_one_day():
    turn = D(2025, 3, 1)
    with pytest.raises(ScenarioError, match="overlap"):
        scenario(beds("set", 1, D(2025, 2, 1), to=turn), beds("set", 2, turn, to=D(2025, 3, 31)))


def test_that_a_ramp_reaches_its_value_on_its_last_day_and_not_before(values):
    first, last = D(2025, 2, 1), D(2025, 2, 1) + 30 * DAY
    done = scenario(beds("ramp", 50_000, first, to=last)).compose(values)
    assert at(done, "custody.beds", last) == at(done, "custody.beds", last + DAY) == 50_000
    assert at(done, "custody.beds", first) == 41_000
    assert at(done, "custody.beds", last - DAY) == pytest.approx(41_000 + 9_000 * 28 / 30)


def test_that_a_draw_beyond_a_bound_is_held_there_from_the_first_day_of_a_setting_and_not_before():
    first = D(2025, 2, 1)
    values = {"custody.beds": Dated.always(600_000.0)}  # no more than 500,000 may be left behind
    done = scenario(beds("add", 5, first, to=first + 9 * DAY)).compose(values)
    assert [at(done, "custody.beds", day) for day in (first - DAY, first)] == [600_000, 500_000]


def test_that_a_ramp_stays_where_it_ends_also_when_the_parameter_itself_changes_later():
    first, last = D(2025, 2, 1), D(2025, 3, 1)
    values = {"custody.beds": Dated((1, D(2025, 5, 1).toordinal()), (40_000.0, 45_000.0))}
    done = scenario(beds("ramp", 50_000, first, to=last)).compose(values)
    assert [at(done, "custody.beds", day) for day in (last, D(2025, 4, 30), D(2025, 5, 2))] == [50_000] * 3
