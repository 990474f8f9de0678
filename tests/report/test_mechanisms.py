"""Laws of what mechanisms are worth, as the report tells it."""

from __future__ import annotations

from fractions import Fraction

from docketflow.answers.levels import Levels
from docketflow.answers.mechanisms import Mechanisms
from docketflow.answers.small import Small, TooSmall
from docketflow.report import Trace, render
from docketflow.report.view import Reading

ROW = {"scenario": "plan", "members": "12", "scale": "1/100", "version": "1", "date": "2026-11-26"}
WORTH = {
    f"{way}{end}": str(value)
    for way, value in (("alone", 10), ("last", 30), ("shared", 20))
    for end, value in (("", value), ("_low", value - 5), ("_high", value + 5))
}


def test_that_what_mechanisms_are_worth_is_told_where_it_was_measured_and_its_numbers_lead_back(result, room):
    rows = [
        {**ROW, **WORTH, "mechanism": key, "title": title, "too_small": "", "outcome": "removals.ice"}
        for key, title in (("all", "All together"), ("no-help", "Help"))
    ]
    told = result.keeping(mechanisms=Mechanisms("plan", tuple(rows)))
    page = render(told, room)
    assert 'id="mechanisms"' in page and 'id="mechanisms"' not in render(result, room)
    traced = Trace(Reading(told), room).resolve("mechanisms:parts>no-help>outcomes>removals.ice>last>value")
    assert traced.value == 30 and traced.unit == "persons" and traced.simulated


def test_that_nothing_is_told_of_a_scenario_that_was_not_measured(without_target):
    assert not without_target.mechanisms()


def test_that_a_cap_too_small_at_the_scale_is_told_and_its_numbers_lead_back(result, room):
    cap = Small("places", "Places in a prison", False, frozenset({"wartime.places"}), 300.0, 3.0)
    told = result.keeping(small=TooSmall("plan", Fraction(1, 100), (cap,)))
    page = render(told, room)
    assert "Too small at this scale" in page and "Too small at this scale" not in render(result, room)
    trace = Trace(Reading(told), room)
    for end, value, unit in (("allowed", 300, "persons"), ("counted", 3, "records")):
        traced = trace.resolve(f"small:caps>0>{end}>value")
        assert (traced.value, traced.unit) == (value, unit)
    assert "300" in page  # what is allowed is no count of records, and not rounded to them


def test_that_other_numbers_of_people_are_told_with_whose_estimate_they_are(result, room):
    row = {
        **ROW,
        "figure": "pop_0012",
        "people": "14000000",
        "as_built": "14488858",
        "outcome": "removals.ice",
    }
    row |= {"plain": "200000", "value": "-300", "low": "-3000", "high": "2400"}
    told = result.keeping(levels=Levels("plan", (row,), room))
    page = render(told, room)
    assert 'id="levels"' in page and 'id="levels"' not in render(result, room)
    assert "14,000,000" in page and room.figure("pop_0012").subgroup in page
    trace = Trace(Reading(told), room)
    level = trace.resolve("levels:levels>0>people>published")
    assert (level.value, level.unit) == (14_000_000, "persons") and "figure:pop_0012/value" in level.rests_on
    assert trace.resolve("levels:levels>0>changes>removals.ice>value").value == -300


def test_that_levels_of_people_are_told_of_what_was_measured_and_no_other(without_target):
    assert not without_target.levels()
