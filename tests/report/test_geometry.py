"""Pictures are arithmetic: what is drawn is in proportion to what was counted."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.core.errors import ResultError
from docketflow.report import charts
from docketflow.report.format import short, significant
from docketflow.report.pictures.sankey import layout

EDGES = [("a", "m", 60.0), ("b", "m", 30.0), ("b", "out", 10.0), ("m", "out", 55.0), ("m", "stay", 35.0)]


def test_that_boxes_are_as_high_as_people_are_many():
    nodes = {node.name: node for node in layout(EDGES, width=600, height=300).nodes}
    unit = nodes["a"].height / 60
    assert nodes["m"].height == pytest.approx(90 * unit)
    assert nodes["out"].height == pytest.approx(65 * unit)


def test_that_places_lie_right_of_those_people_come_from():
    drawn = layout(EDGES, width=600, height=300)
    x = {node.name: node.x for node in drawn.nodes}
    assert all(x[source] < x[target] for source, target, _ in EDGES)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(5, 9), st.floats(0.5, 1e6)),
        min_size=1,
        max_size=20,
        unique_by=lambda edge: edge[:2],
    )
)
def test_that_no_box_leaves_the_picture_or_covers_another(edges):
    drawn = layout([(str(a), str(b), people) for a, b, people in edges], width=600, height=400)
    for column in {node.column for node in drawn.nodes}:
        boxes = sorted((n.y, n.y + n.height) for n in drawn.nodes if n.column == column)
        assert boxes[0][0] >= -1e-6
        assert boxes[-1][1] <= 400 + len(boxes)
        assert all(above[1] <= below[0] + 1e-6 for above, below in itertools.pairwise(boxes))


def test_that_a_loop_is_refused_in_one_line():
    with pytest.raises(ResultError, match="loop"):
        layout([("a", "b", 1.0), ("b", "a", 1.0)], width=100, height=100)


def test_that_a_flow_without_people_draws_nothing():
    assert layout([("a", "b", 0.0)], width=100, height=100).nodes == ()


@given(st.floats(1e-3, 1e13))
def test_that_ticks_are_few_and_inside_the_axis(top):
    frame = charts.Frame(340, 190, dt.date(2025, 1, 20), 365, top)
    ticks = frame.grid()
    assert 2 <= len(ticks) <= 6
    assert all(frame.above - 0.1 <= y <= frame.base for y, _ in ticks)


@given(st.dates(dt.date(2009, 1, 1), dt.date(2035, 1, 1)), st.integers(5, 2000))
def test_that_months_on_the_axis_lie_inside_the_period_and_do_not_crowd(start, days):
    frame = charts.Frame(340, 190, start, days, 1.0)
    places = [x for x, _, _ in frame.calendar()]
    assert all(frame.left - 0.1 <= x <= frame.edge for x in places)
    assert len(places) <= 5


def test_that_a_step_holds_its_value_over_its_month():
    frame = charts.Frame(140, 100, dt.date(2025, 1, 1), 10, 10.0, left=20, right=20, above=0, below=0)
    assert charts.steps(frame, [4, 6], [10.0, 5.0]) == "M20.0,0.0L60.0,0.0L60.0,50.0L120.0,50.0"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (950, "950"), (45_000, "45k"), (1_250_000, "1.25M"), (2740, "2.74k")]
)
def test_that_axis_words_are_short(number, words):
    assert short(number) == words


def test_that_simulated_numbers_are_printed_with_three_digits():
    assert significant(312_456) == 312_000
    assert significant(0.051234) == 0.0512
