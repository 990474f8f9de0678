"""Laws of days, fiscal years and the federal working calendar."""

import datetime as dt
import doctest
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.core import dates
from docketflow.core.errors import EvidenceError, UsageError

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
EARLY = st.dates(dt.date(1891, 7, 1), dt.date(1977, 9, 30))


def test_that_the_examples_in_the_text_are_true():
    assert doctest.testmod(dates).failed == 0


@pytest.mark.parametrize(
    ("day", "year"), [("2023-09-30", 2023), ("2023-10-01", 2024), ("2024-02-29", 2024), ("2024-12-31", 2025)]
)
def test_that_a_fiscal_year_begins_on_the_first_of_october(day, year):
    assert dates.fiscal_year(dt.date.fromisoformat(day)) == year


@given(DAYS)
def test_that_every_day_lies_in_the_span_of_its_fiscal_year(day):
    start, end = dates.fiscal_year_span(dates.fiscal_year(day))
    assert start <= day <= end
    assert (end - start).days in (364, 365)


@given(EARLY)
def test_that_a_fiscal_year_began_in_july_until_the_one_of_fifteen_months(day):
    year = dates.fiscal_year(day)
    start, end = dates.fiscal_year_span(year)
    assert start <= day <= end
    assert start == dates.fiscal_year_span(year - 1)[1] + dates.DAY
    assert (start.month, end.month) == {1976: (7, 9), 1977: (10, 9)}.get(year, (7, 6))


@given(DAYS, st.integers(0, 900))
def test_that_months_cover_a_span_without_gap_or_overlap(start, length):
    end = start + dt.timedelta(days=length)
    spans = list(dates.months(start, end))
    assert (spans[0][0], spans[-1][1]) == (start, end)
    assert all(b[0] - a[1] == dt.timedelta(days=1) for a, b in itertools.pairwise(spans))
    assert all(dates.month_label(a) == dates.month_label(b) for a, b in spans)


@pytest.mark.parametrize(
    "text", ["", "2024-13-01", "2023-02-29", "20240101", "01/02/2024", "2024-1-1", "soon", "nan"]
)
def test_that_a_malformed_date_is_one_line_that_shows_the_form_wanted(text):
    with pytest.raises(UsageError, match="YYYY-MM-DD") as caught:
        dates.parse_date(text, where="--from")
    assert str(caught.value).startswith("--from: ")
    assert "\n" not in str(caught.value)


def test_that_the_caller_chooses_the_kind_of_error():
    with pytest.raises(EvidenceError):
        dates.parse_date("x", error=EvidenceError)


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        ("2024-09-30", "2024-09-30", "2024-09-30"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2016-10-01", "2020-09-30", "FY2017-2020"),
        ("2016-10-01", "2021-01-31", "2016-10 to 2021-01"),
        ("2017-01-20", "2021-01-19", "2017-01-20 to 2021-01-19"),
    ],
)
def test_that_a_period_is_named_in_the_fewest_words(start, end, label):
    assert dates.period_label(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == label


OFFICIAL = {
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24",
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
}


@pytest.mark.parametrize("year", OFFICIAL)
def test_that_the_rule_gives_the_published_federal_holidays(year):
    assert [f"{day:%m-%d}" for day in dates.federal_holidays(year)] == OFFICIAL[year].split()


def test_that_juneteenth_is_a_holiday_only_since_2021():
    assert dt.date(2020, 6, 19) not in dates.federal_holidays(2020)
    assert dt.date(2023, 6, 19) in dates.federal_holidays(2023)


def test_that_new_year_on_a_saturday_is_kept_in_the_year_before():
    assert not dates.working_days(dt.date(2021, 12, 31), 1)[0]


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_that_a_span_has_the_working_days_of_its_parts(first, one, other):
    whole = dates.working_days(first, one + other)
    parts = [*dates.working_days(first, one), *dates.working_days(first + dt.timedelta(days=one), other)]
    assert whole.tolist() == parts
    assert whole.dtype == bool


@given(st.integers(2022, 2060))
def test_that_a_year_has_about_two_hundred_and_fifty_working_days(year):
    days = (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days
    assert 247 <= dates.working_days(dt.date(year, 1, 1), days).sum() <= 252
