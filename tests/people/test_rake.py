"""Laws of raking and of rounding to whole persons, on tables small enough to know the answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.people.facts import carry
from docketflow.people.rake import Target, rake, whole


def table(weight, rows, columns):
    height, width = len(rows), len(columns)
    row, column = np.divmod(np.arange(height * width), width)
    targets = [
        Target("rows", row, np.array(rows, float)),
        Target("columns", column, np.array(columns, float)),
    ]
    return rake(np.array(weight, float).ravel(), targets)


def test_that_a_table_without_association_rakes_to_the_product_of_its_margins():
    found, _ = table(np.ones((2, 3)), [40, 60], [20, 30, 50])
    assert found.reshape(2, 3) == pytest.approx(np.outer([40, 60], [20, 30, 50]) / 100)


def test_that_raking_keeps_the_odds_ratio_it_starts_from():
    found, _ = table([[8, 1], [1, 1]], [50, 50], [70, 30])
    (a, b), (c, d) = found.reshape(2, 2)
    assert a * d / (b * c) == pytest.approx(8, rel=1e-3)


def test_that_a_combination_without_weight_stays_empty():
    found, _ = table([[0, 1], [1, 1]], [40, 60], [30, 70])
    assert found[0] == 0


def test_that_cells_outside_a_margin_are_left_alone():
    target = Target("part", np.array([0, 0, 1]), np.array([10.0]))
    found, _ = rake(np.array([1.0, 1.0, 7.0]), [target])
    assert found.tolist() == [5, 5, 7]


def test_that_margins_that_disagree_end_with_the_last_one_met():
    rows, columns = np.array([0, 1]), np.array([0, 0])
    asked = [Target("rows", rows, np.array([30.0, 30.0])), Target("all", columns, np.array([100.0]))]
    found, gaps = rake(np.ones(2), asked)
    assert found.sum() == pytest.approx(100)
    assert gaps[-1] > 0.1


@given(
    st.lists(st.floats(0, 1e4), min_size=1, max_size=60),
    st.lists(st.integers(0, 3), min_size=60, max_size=60),
)
def test_that_whole_counts_hold_the_totals_of_every_level(weights, groups):
    weight = np.array(weights)
    group = np.array(groups[: len(weight)])
    sums = np.bincount(group, weight, 4)
    totals = np.rint(sums).astype(int)
    totals[sums == 0] = 0
    count = whole(weight, totals, [group])
    assert np.bincount(group, count, 4).astype(int).tolist() == totals.tolist()
    assert (np.abs(count - weight) < 2).all()
    assert (count >= 0).all()


def test_that_remainders_go_to_the_largest_and_ties_to_the_first():
    assert whole(np.array([1.2, 1.7, 1.1]), np.array([4]), [np.zeros(3, int)]).tolist() == [1, 2, 1]
    assert whole(np.array([0.5, 0.5]), np.array([1]), [np.zeros(2, int)]).tolist() == [1, 0]


def test_that_a_carried_count_is_never_called_published():
    points = [(100, 10.0, ("a",)), (200, 20.0, ("b",))]
    assert carry(points, 101) == carry(points, 100)
    assert carry(points, 150).value == 15
    assert carry(points, 150).status == "derived"
    assert carry(points, 250).value == 25
    assert carry(points, 50).value == 10
