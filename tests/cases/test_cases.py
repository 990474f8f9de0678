"""Faults that users reported of tools like this one, each tried here: dates, units, ends of months, luck.

What each file is about stands in its title.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from docketflow.conductor import ensemble
from docketflow.core.errors import DocketflowError, ScenarioError
from docketflow.evidence import load
from docketflow.policy import load_scenario

HERE = Path(__file__).parent
D = dt.date
FEW = {"members": 2, "scale": Fraction(1, 2000)}
BEDS = "detention.beds.contract"


def case(name):
    return load_scenario(HERE / f"{name}.yaml")


@pytest.fixture(scope="module")
def central():
    return load().central()


def at(scenario, central, path, *days):
    dated = scenario.compose(central)[path]
    return [dated.at(day.toordinal()) for day in days]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("one-day-twice", r"line 5 .* line 6: two sets of one lever overlap"),
        ("comma", r"line 5 .*needs a number in beds, got '50,000'"),
        ("time-of-day", r"line 5 .*from must be a date such as 2025-01-20"),
        ("spreadsheet-day", r"line 5 .*from must be a date such as 2025-01-20, got 45717"),
        ("lag-outlives", r"line 5 .*its lag of 60 days is longer than its time in force"),
        ("lag-too-late", r"line 5 .*with its lag of 90 days it first acts on 2026-03-01, after the horizon"),
    ],
)
def test_that_what_cannot_be_meant_is_refused_with_its_line(name, said):
    with pytest.raises(ScenarioError, match=said):
        case(name)


def test_that_a_setting_acts_from_its_first_day_to_its_last_and_months_may_touch(central):
    days = (D(2025, 2, 28), D(2025, 3, 1), D(2025, 3, 31), D(2025, 4, 1), D(2025, 4, 30), D(2025, 5, 1))
    before, *inside, after = at(case("months-that-touch"), central, BEDS, *days)
    assert inside == [20_000, 20_000, 30_000, 30_000]
    plain = at(load_scenario("baseline-january-2025"), central, BEDS, days[0], days[-1])
    assert [before, after] == plain


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("hours", "court.minutes_per_judge_day", 300),
        ("percent", "arrest.at_large.share_of_time", 0.25),
        ("a-month", "border.released_per_day", 3_000 * 12 / 365.25),
        ("a-year", "border.released_per_day", 1_000),
        ("leading-zero", BEDS, 50_000),
    ],
)
def test_that_another_unit_is_converted_and_a_zero_in_front_is_no_octal(name, path, value, central):
    (found,) = at(case(name), central, path, D(2025, 4, 1))
    assert np.asarray(getattr(found, "data", found)) == pytest.approx(value, rel=1e-4), "a month: 30.437 days"


def test_that_a_file_from_windows_is_read():
    assert case("line-ends-of-windows").title == "A file from Windows"


def test_that_the_order_of_a_list_changes_nothing(central):
    day = D(2025, 3, 1)
    (plain,) = at(load_scenario("baseline-january-2025"), central, "court.judges", day)
    for name in ("add-then-scale", "scale-then-add"):
        assert at(case(name), central, "court.judges", day) == [2 * plain + 100]


@pytest.mark.parametrize("day", ["2024-03-20", "2024-09-30", "2026-01-20", "2027-01-01"])
def test_that_a_change_dated_outside_the_run_is_never_silent(day):
    with pytest.raises(DocketflowError, match=r"outside the horizon 2024-10-01 to 2026-01-19"):
        load_scenario("baseline-january-2025").with_sets([f"{BEDS}=50000@{day}"])


@pytest.fixture(scope="module")
def plain():
    return ensemble.simulate(load_scenario("baseline-january-2025"), **FEW)


def months(result, name):
    return np.asarray(result[name].by_month)


def test_that_what_begins_later_changes_no_day_before_it(plain):
    late = ensemble.simulate(case("late-ramp"), **FEW)
    changed = 0
    for name in plain.names:
        if plain[name].by_month is None or name.startswith("target"):
            continue
        until = list(plain.months).index("2025-11")
        assert np.array_equal(months(plain, name)[:, :until], months(late, name)[:, :until], equal_nan=True)
        changed += not np.array_equal(months(plain, name), months(late, name), equal_nan=True)
    assert changed, "and something after it"


def test_that_more_members_redraw_none(plain):
    one = ensemble.simulate(load_scenario("baseline-january-2025"), **{**FEW, "members": 1})
    for name in one.names:
        assert np.array_equal(one[name].values, plain[name].values[:1], equal_nan=True), name


def test_that_nothing_at_all_for_a_summer_ends_no_run_and_leaves_no_negative(plain):
    empty = ensemble.simulate(case("nothing-for-a-summer"), **FEW)
    for name in empty.names:
        if empty[name].by_month is not None and "change" not in name:
            assert not (months(empty, name) < 0).any(), name
    summer = [list(empty.months).index(month) for month in ("2025-07", "2025-08")]
    assert (months(empty, "book_ins")[:, summer] <= months(plain, "book_ins")[:, summer]).all()
    assert (
        months(empty, "courts.total_completions")[:, summer]
        < months(plain, "courts.total_completions")[:, summer]
    ).all()
