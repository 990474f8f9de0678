"""Laws of the finer series: listed once and kept, half of them held out, nothing of them upstream."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from docketflow.evidence import finer_series, load
from docketflow.evidence.lint.checks import problems
from docketflow.policy import load_scenario

from .conftest import figure

READ = {"court.judges"}


def listed():
    """Return the series as they were listed on 2026-11-26, before the lifecycle was rebuilt."""
    with (Path(__file__).parent / "series_listed.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_that_no_listed_series_is_gone_or_changed():
    room = load()
    series = {series.id: series for series in room.finer_series}
    for row in listed():
        now = series[row["id"]]
        values = [room.rows[id].value for id in now.figures]
        assert now.held_out == (row["held_out"] == "yes"), row["id"]
        assert now.figures[:1] == tuple(filter(None, [row["first_figure"]])), row["id"]
        assert len(values) == int(row["figures"]), row["id"]
        assert sum(values) == pytest.approx(float(row["total"]), rel=1e-5), row["id"]


def test_that_at_least_thirty_series_of_the_year_stand_and_half_are_held_out():
    year = [series for series in load().finer_series if series.scenario == "fiscal-year-2024"]
    assert len(year) >= 30
    assert abs(sum(series.held_out for series in year) - len(year) / 2) <= 1


@pytest.fixture
def held(draft):
    """A draft that holds a scenario against removals of fiscal year 2024."""
    draft.figures.append(
        figure("R1", "removals.ice", "persons", 250, period_start="2023-10-01", period_end="2024-09-30")
    )
    draft.events = [{"events": "ice removals", "metrics": ["removals.ice*", "flown_*"]}]
    draft.series = [series("year.removals", "removals.ice", ["R1"], held_out=True)]
    return draft


def series(id, outcome, figures, **more):
    """Return one entry of series.yaml."""
    return {
        "id": id,
        "outcome": outcome,
        "scenario": "year",
        "says": "Removals.",
        "events": "ice removals",
        "figures": figures,
        "relative": 0.15,
    } | more


def said(draft):
    return problems(draft.room(), READ)


def test_that_a_sound_series_has_no_problems(held):
    assert said(held) == []


def test_that_the_same_events_by_another_source_in_an_overlapping_period_are_refused(held):
    held.figures.append(
        figure("F1", "flown_people", "judges", 735, period_start="2023-01-01", period_end="2023-12-31")
    )
    held.parameters[0]["evidence"] = ["F1"]
    (line,) = said(held)
    assert "rests on F1, the same events (ice removals)" in line
    held.parameters[0]["input_for"] = ["year"]
    assert said(held) == []
    held.parameters[0].pop("input_for")
    held.figures[-1] |= {"period_start": "2022-10-01", "period_end": "2023-09-30"}
    assert said(held) == []


def test_that_who_is_held_out_follows_the_rule_and_not_a_choice(held):
    held.series.append(series("year.zzz", "removals.ice", ["R1"], held_out=True))
    (line,) = said(held)
    assert "series year.zzz: held_out must be false" in line


def test_that_a_series_names_figures_of_its_own_outcome_in_order(held):
    held.series[0]["figures"] = ["R1", "J1"]
    assert any("figure J1 is of judges_on_board" in line for line in said(held))
    assert any("J1 begins before the one before it ends" in line for line in said(held))


def test_that_a_yield_taken_from_throughput_says_whether_the_resource_was_the_limit(draft):
    draft.figures[0]["unit"] = draft.parameters[0]["unit"] = "seats/day"
    (line,) = said(draft)
    assert "say bound: yes, no or not known" in line
    draft.parameters[0]["bound"] = "no"
    (line,) = said(draft)
    assert "say lower bound in the note" in line
    draft.parameters[0]["note"] = "Seats flown, a lower bound."
    assert said(draft) == []


YEAR = dt.date(2023, 10, 1), dt.date(2024, 9, 30)


def test_that_series_held_out_come_first_and_only_those_of_the_period():
    found = finer_series("fiscal-year-2024", *YEAR)
    held_out = [one.series.held_out for one in found]
    assert held_out == sorted(held_out, reverse=True)
    assert finer_series("another", *YEAR) == []
    months = {month for one in found if not one.series.stand_in for month in one.months}
    assert (min(months), max(months)) == ("2023-10", "2024-09")


def test_that_a_series_is_judged_by_its_own_tolerance_and_what_was_given_is_never_a_pass():
    found = {one.series.id: one for one in finer_series("fiscal-year-2024", *YEAR)}
    mexico = found["fy2024.removals.by_nationality_group.mexico"]
    assert (mexico.value, mexico.tolerance) == (81_480, "within 15%")
    assert [mexico.verdict(81_480 * near) for near in (0.86, 1.14, 0.84)] == ["pass", "pass", "off"]
    assert found["fy2024.book_ins.cbp_arrest"].verdict(187_298) == "input"
    assert found["fy2024.courts.subsequent_completions"].verdict(200) == ""


def test_that_a_course_is_opposite_only_when_both_rise_or_fall():
    found = {one.series.id: one for one in finer_series("fiscal-year-2024", *YEAR)}
    falling = found["fy2024.detained.cbp_arrest"]
    months = range(12)
    assert falling.course([30.0 - month for month in months]) == "same"
    assert falling.course([10.0 + month for month in months]) == "opposite"
    assert falling.course([20.0 for _ in months]) == ""
    assert falling.course([1.0, 2.0]) == ""


def test_that_the_quarter_after_the_year_is_a_shipped_scenario_of_its_own():
    quarter = load_scenario("last-quarter-2024")
    found = finer_series(quarter.name, quarter.start, quarter.end)
    assert {one.outcome for one in found} >= {
        "book_ins.ice_arrest",
        "book_ins.cbp_arrest",
        "detained.ice_arrest",
        "detained.cbp_arrest",
        "removals.ice",
        "courts.receipts",
        "courts.total_completions",
    }
    assert quarter.settings == load_scenario("baseline-january-2025").settings
