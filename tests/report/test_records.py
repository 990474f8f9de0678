"""Laws of past years as lines on the chart, and of what mechanisms are worth."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.answers.mechanisms import Mechanisms
from docketflow.core.outcomes import counting_rules
from docketflow.evidence import load
from docketflow.evidence.records import named, record
from docketflow.report import Trace, render
from docketflow.report.view import Reading

ROW = {"scenario": "plan", "members": "12", "scale": "1/100", "version": "1", "date": "2026-11-26"}
WORTH = {
    f"{way}{end}": str(value)
    for way, value in (("alone", 10), ("last", 30), ("shared", 20))
    for end, value in (("", value), ("_low", value - 5), ("_high", value + 5))
}


@pytest.mark.parametrize("series", counting_rules())
def test_that_a_record_is_the_most_of_whole_fiscal_years_to_which_the_model_is_not_later(series):
    found = record(load(), series)
    if found is None:
        return
    years = (found.first, found.highest, found.last)
    assert found.highest.value == max(figure.value for figure in years)
    assert all((one.period_end - one.period_start).days in (364, 365) for one in years)
    assert found.last.period_end <= dt.date(2024, 12, 31)


def test_that_the_record_of_removals_by_ice_is_fiscal_year_2012():
    assert named(record(load(), "removals.ice").highest) == "FY2012"


def test_that_the_chart_has_a_line_for_the_record_that_a_reader_may_show(result, room):
    page = render(result, room)
    best = record(room, "removals.ice")
    assert 'type="checkbox" class="records"' in page
    assert page.count(f'data-path="figure:{best.highest.id}"') == 3  # wide, narrow, and in words


def test_that_what_mechanisms_are_worth_is_told_where_it_was_measured_and_its_numbers_lead_back(result, room):
    rows = [
        {**ROW, **WORTH, "mechanism": key, "title": title, "outcome": "removals.ice"}
        for key, title in (("all", "All together"), ("no-help", "Help"))
    ]
    told = result.keeping(mechanisms=Mechanisms("plan", tuple(rows)))
    page = render(told, room)
    assert 'id="mechanisms"' in page and 'id="mechanisms"' not in render(result, room)
    traced = Trace(Reading(told), room).resolve("mechanisms:parts>no-help>outcomes>removals.ice>last>value")
    assert traced.value == 30 and traced.unit == "persons" and traced.simulated


def test_that_nothing_is_told_of_a_scenario_that_was_not_measured(result):
    assert not result.mechanisms()
