"""Laws of scales: 1/N, and everything else is one line, however long the number it stands for."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.core.errors import UsageError
from docketflow.core.scale import COARSEST, read_scale


@pytest.mark.parametrize("given", ["1/20", " 1/20 ", "0.05", ".05", "5e-2", 0.05, 1 / 20, Fraction(1, 20)])
def test_that_every_way_to_write_a_scale_means_the_same(given):
    assert read_scale(given) == Fraction(1, 20)


def test_that_one_record_a_person_is_the_finest_scale():
    assert read_scale("1") == read_scale(1) == read_scale(1.0) == 1


@pytest.mark.parametrize(
    "given",
    (
        *(
            "",
            "0",
            "1/0",
            "0/0",
            "2/3",
            "-1/20",
            "1e-3000000000",
            "1/1_0",
            "١/٢",
            "1e9",
            "9" * 50,
            "x",
            "1/2/3",
        ),
        *(0, 20, -1, 0.3, 1e-9, math.nan, math.inf, None, True, b"1/20", [1], f"1/{COARSEST + 1}"),
    ),
)
def test_that_what_is_no_scale_is_one_line(given):
    with pytest.raises(UsageError) as caught:
        read_scale(given)
    assert "1/" in str(caught.value) and "\n" not in str(caught.value)


@given(st.text(alphabet="0123456789/.eE-+_ ", max_size=30))
def test_that_any_text_is_a_scale_or_one_line(text):
    try:
        assert read_scale(text).numerator == 1
    except UsageError as refused:
        assert "\n" not in str(refused)
