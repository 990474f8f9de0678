"""Laws of the shapes of uncertainty: the centre is the median, low and high the 5th and 95th percentiles."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.core import shapes
from docketflow.core.errors import EvidenceError
from docketflow.core.shapes import KINDS, Shape

KIND = st.sampled_from(sorted(KINDS))
QUANTILE = st.floats(0.001, 0.999)
SHARE = st.floats(0.01, 0.99)


@st.composite
def around_a_share(draw):
    """A shape with low < centre < high, all inside (0, 1), so that every kind accepts it."""
    low, centre, high = sorted(draw(st.lists(SHARE, min_size=3, max_size=3, unique=True)))
    return Shape(draw(KIND), low, high), centre


def test_that_the_examples_in_the_text_are_true():
    assert doctest.testmod(shapes).failed == 0


@given(around_a_share())
def test_that_the_median_is_the_central_value_to_the_last_bit(drawn):
    shape, centre = drawn
    assert shape.quantile(centre, 0.5) == centre


@given(around_a_share())
def test_that_low_and_high_are_the_fifth_and_ninety_fifth_percentiles(drawn):
    shape, centre = drawn
    assert shape.quantile(centre, 0.05) == pytest.approx(shape.low, abs=1e-9)
    assert shape.quantile(centre, 0.95) == pytest.approx(shape.high, abs=1e-9)


@given(around_a_share(), QUANTILE, QUANTILE)
def test_that_a_higher_quantile_never_gives_a_lower_value(drawn, one, other):
    shape, centre = drawn
    low, high = sorted((one, other))
    assert shape.quantile(centre, low) <= shape.quantile(centre, high) + 1e-12


@given(around_a_share(), QUANTILE)
def test_that_shares_stay_shares(drawn, u):
    shape, centre = drawn
    assert 0 <= shape.quantile(centre, u, bounds=(0, 1)) <= 1


@given(st.floats(1, 1e9), st.floats(0.1, 1), st.floats(1, 10), QUANTILE)
def test_that_a_relative_lognormal_moves_every_cell_by_one_factor(centre, low, high, u):
    shape = Shape("lognormal", low, high, relative=True)
    cells = np.array([centre, 3 * centre, 0.0])
    moved = shape.quantile(cells, u)
    assert moved[1] == pytest.approx(3 * moved[0])
    assert moved[2] == 0


@given(SHARE, QUANTILE)
def test_that_a_relative_logit_moves_the_odds_and_leaves_certainty_alone(centre, u):
    shape = Shape("logit", 0.5, 2, relative=True)
    cells = np.array([centre, 0.0, 1.0])
    moved = shape.quantile(cells, u)
    assert moved[1:].tolist() == [0, 1]

    def odds(share):
        return share / (1 - share)

    mirrored = shape.quantile(centre, 1 - u)
    assert odds(moved[0]) * odds(mirrored) == pytest.approx(odds(centre) ** 2, rel=1e-6)
    assert odds(shape.quantile(centre, 0.95)) == pytest.approx(2 * odds(centre))


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("kind", ["uniform", "triangular", "normal", "lognormal", "logit"])
def test_that_many_quantiles_at_once_are_each_alone_to_the_last_bit(kind, relative):
    shape = Shape(kind, *(0.5, 2.0) if relative else (0.1, 0.8), relative)
    at = np.concatenate([np.random.default_rng(1).uniform(0.001, 0.999, 333), [0.5]])
    cells = np.array([[0.2, 0.31, 0.4], [0.55, 0.6, 0.7]])
    together = shape.quantile(cells, at, bounds=(0, 1))
    assert together.tolist() == [shape.quantile(cells, u, bounds=(0, 1)).tolist() for u in at.tolist()]
    assert shape.quantile(0.31, at).tolist() == [shape.quantile(0.31, u) for u in at.tolist()]


def test_that_a_uniform_shape_is_flat_from_end_to_end():
    shape = Shape("uniform", 5, 95)
    assert [shape.quantile(50.0, u) for u in (0.25, 0.75)] == pytest.approx([25, 75])


@pytest.mark.parametrize(
    ("shape", "centre", "fault"),
    [
        (Shape("normal", 2, 3), 1.0, "outside"),
        (Shape("normal", 2, 3, relative=True), 1.0, "either side of 1"),
        (Shape("lognormal", 0, 3), 1.0, "above 0"),
        (Shape("lognormal", 0, 3, relative=True), 1.0, "above 0"),
        (Shape("logit", 0.5, 2.0), 1.0, "between 0 and 1"),
        (Shape("logit", 0.0, 0.9), 0.5, "low above 0"),
        (Shape("normal", 1, 3), 2.0, ""),
        (Shape("logit", 0.5, 2.0, relative=True), np.array([0.0, 0.3, 1.0]), ""),
    ],
)
def test_that_a_shape_says_what_is_wrong_around_a_value(shape, centre, fault):
    assert (fault in shape.fault(centre)) if fault else shape.fault(centre) == ""


def test_that_an_unknown_shape_names_the_nearest():
    with pytest.raises(EvidenceError, match="did you mean 'normal'"):
        Shape("norml", 1, 2)


@pytest.mark.parametrize("u", [0, 1, -0.1, 1.1, math.nan])
def test_that_a_quantile_outside_zero_to_one_is_refused(u):
    with pytest.raises(EvidenceError, match="between 0 and 1"):
        Shape("normal", 1, 2).quantile(1.5, u)
