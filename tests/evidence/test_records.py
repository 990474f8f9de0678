"""Laws of the highest year: it ended before the day; the highest in history only if no year is missing."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.evidence.records import EVER, TEN, WIDEST, records
from evidence.conftest import figure

YEARS = range(2000, 2013)
RULES = [
    {"rule": "removals.ice", "label": "removals", "series": [["gone"]]},
    {"rule": WIDEST, "label": "all", "series": [["gone"]]},
]


def ended(year: int, value: float) -> dict:
    """Return a removal figure of one fiscal year."""
    days = {"period_start": f"{year - 1}-10-01", "period_end": f"{year}-09-30"}
    return figure(f"G{year}", "gone", "persons", value, **days)


@pytest.fixture
def known(draft):
    """A room in which the numbers of thirteen years rise and the rule of history has the same figures."""
    draft.rules = RULES
    draft.figures = [ended(year, 100 + year) for year in YEARS]
    return draft


def told(draft, before: dt.date) -> dict:
    """Return the records of the first rule."""
    room = draft.room()
    return records(room, room.counting_rules[0], before)


def test_that_the_record_is_of_years_that_ended_before_the_day(known):
    for before, year in ((dt.date(2010, 9, 30), 2009), (dt.date(2010, 10, 1), 2010)):
        found = told(known, before)[EVER]
        assert (found.count.value, found.since, found.until) == (100 + year, 2000, year)
        assert found.whole


def test_that_the_last_ten_are_ten(known):
    known.figures[2] = ended(2002, 9_000)
    assert told(known, dt.date(2012, 1, 1))[TEN].count.value == 9_000
    found = told(known, dt.date(2013, 1, 1))
    assert (found[TEN].count.value, found[TEN].since, found[EVER].count.value) == (2112, 2003, 9_000)


def test_that_nothing_is_the_highest_in_history_while_a_year_is_missing(known):
    del known.figures[5]
    assert not told(known, dt.date(2013, 1, 1))[EVER].whole
    assert told(known, dt.date(2005, 1, 1))[EVER].whole


def test_that_ten_years_of_which_two_are_missing_have_no_record(known):
    del known.figures[5:7]
    assert set(told(known, dt.date(2013, 1, 1))) == {EVER}
