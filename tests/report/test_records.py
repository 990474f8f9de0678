"""Laws of the past a reader can put on the chart: records, their sources, and what they cannot say."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from docketflow.core.errors import UsageError
from docketflow.evidence.records import EVER, TEN, history, records
from docketflow.report import render
from docketflow.report.past.records import lines, resolve
from docketflow.report.provenance import Trace
from docketflow.report.view import Reading

JANUARY = dt.date(2025, 1, 20)


@pytest.fixture(scope="module")
def trace(result, room):
    return Trace(Reading(result), room)


def test_that_each_line_of_the_past_has_a_box_to_tick_and_is_in_both_pictures(result, room, trace):
    page = render(result, room)
    offered = {line["kind"] for line in lines(trace, "removals.ice")}
    assert offered == {"ever", "ten", "said"}
    for kind in offered:
        assert f'id="put-{kind}"' in page and f'for="put-{kind}"' in page
        assert page.count(f'<g class="put-{kind}">') == 2, "wide and narrow"
        assert f"#put-{kind}:checked" in page


def test_that_a_record_leads_to_sources_a_reader_can_open(result, room, trace):
    page = render(result, room)
    for line in lines(trace, "removals.ice"):
        for source in line["sources"]:
            assert room.is_source(source)
            assert f'href="{room.sources[source].url}"' in page
        steps = [step.path for step in trace.follow(f"{line['path']}/value")]
        assert any(step.startswith("source:") for step in steps)


def test_that_the_largest_in_history_is_said_where_it_was_counted_and_else_cannot_be_said(room):
    rules = {rule.rule: rule for rule in room.counting_rules}
    by_order = records(room, rules["removals.ohss"], JANUARY)[EVER]
    assert by_order.whole and by_order.since <= history(room)
    ice = records(room, rules["removals.ice"], JANUARY)[EVER]
    assert not ice.whole and ice.since > history(room)
    assert records(room, rules["removals.ice"], JANUARY)[TEN].since == JANUARY.year - 10


def test_that_the_page_says_which_of_the_two_it_is(result, room):
    note = re.search(r'<p class="note">Most in a fiscal year.*?</p>', render(result, room), flags=re.S)
    assert note is not None
    assert "cannot be said of it" in note[0]


def test_that_a_period_that_is_no_year_is_held_against_no_year(trace, monkeypatch):
    monkeypatch.setattr(trace.reading, "days", 180)
    assert lines(trace, "removals.ice") == []


def test_that_an_unknown_record_is_one_line_with_the_nearest(room):
    for path, said in [
        ("record:removals.ice.evr/value", "evr"),
        ("record:removals.icee.ever/value", "removals.icee"),
        ("record:removals.ice.ever/valu", "valu"),
    ]:
        name, field = path.removeprefix("record:").split("/")
        with pytest.raises(UsageError, match=said):
            resolve(room, JANUARY, path, name, field)


def test_that_the_decades_of_one_edition_are_those_of_another(room):
    """Sums printed by decade in the Yearbook of 2003, whose years were read in those of 2013 and 2019."""
    printed = {
        "removals.ohss": {
            1910: 119_769,
            1920: 206_021,
            1930: 281_464,
            1940: 185_303,
            1950: 141_112,
            1960: 150_472,
        },
        "returns": {1940: 93_330, 1950: 1_470_925, 1960: 3_883_660},
    }
    for metric, decades in printed.items():
        for last, total in decades.items():
            years = [room.figure(f"yb-fy{year}-{metric}").value for year in range(last - 9, last + 1)]
            assert sum(years) == total
