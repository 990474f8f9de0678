"""Past months of a parameter, read off the tables of months."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.core.errors import EvidenceError
from docketflow.evidence import load
from docketflow.evidence.rates import Clause, rates

TABLE = {"a": {"2020-01": 310.0, "2020-03": 620.0}, "b": {"2020-01": 31.0, "2020-02": 29.0, "2020-03": 31.0}}
_JANUARY, _APRIL = dt.date(2020, 1, 1), dt.date(2020, 4, 1)


def test_that_a_count_of_a_month_becomes_its_daily_rate_and_a_gap_lies_between_its_neighbours():
    found, rests = rates([Clause(of=("a",), first=_JANUARY, before=_APRIL)], TABLE)
    assert list(found.values()) == [10.0, pytest.approx(465 / 29, abs=0.05), 20.0]
    assert rests == ("a-2020-01", "a-2020-03")


def test_that_rows_are_added_and_taken_off_and_scaled():
    clause = Clause(of=("a", "b"), less=("b",), factor=0.5, first=_JANUARY, before=dt.date(2020, 2, 1))
    assert rates([clause], TABLE)[0] == {_JANUARY: 5.0}


def test_that_a_clause_goes_on_where_the_one_before_ends():
    clauses = [
        Clause(of=("a",), first=_JANUARY, before=dt.date(2020, 3, 1)),
        Clause(of=("b",), before=_APRIL),
    ]
    found, _ = rates(clauses, TABLE)
    assert list(found) == [_JANUARY, dt.date(2020, 2, 1), dt.date(2020, 3, 1)]
    assert found[dt.date(2020, 3, 1)] == 1.0


def test_that_what_comes_before_the_first_published_month_is_nothing():
    found, _ = rates([Clause(of=("a",), first=dt.date(2019, 12, 1), before=_JANUARY)], TABLE)
    assert list(found.values()) == [0.0]


def test_that_an_unknown_row_or_a_missing_beginning_is_one_clear_line():
    with pytest.raises(EvidenceError, match="no row 'c'"):
        rates([Clause(of=("c",), first=_JANUARY, before=_APRIL)], TABLE)
    with pytest.raises(EvidenceError, match="first: 2018-10-01"):
        rates([Clause(of=("a",), before=_APRIL)], TABLE)


def test_that_border_inputs_reach_back_to_the_first_start_and_keep_the_days_of_the_shipped_scenarios():
    for path, parameter in load().parameters.items():
        if (
            path.startswith("border.")
            and path.endswith("_per_day")
            and "withdrawals" not in path
            and "crew" not in path
        ):
            days = [dt.date.fromordinal(start) for start in parameter.value.starts]
            assert days == sorted(set(days)), path
            assert days[0] <= dt.date(2022, 10, 1) and days[-1] >= dt.date(2023, 6, 1), path
