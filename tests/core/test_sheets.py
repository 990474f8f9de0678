"""Laws of CSV: what is written is read back, and no cell is run by a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from docketflow.core.sheets import FORMULA, as_csv


@pytest.mark.parametrize(
    "text", [f"{sign}SUM(A1)" for sign in FORMULA] + ["=cmd|' /C calc'!A0", "@x", "-2+3", "\n=1", "＝1"]
)
def test_that_no_cell_begins_like_a_formula(text):
    [[kept]] = csv.reader(io.StringIO(as_csv([[text]]), newline=""))
    assert kept == f"'{text}"


def test_that_numbers_and_words_are_read_back_as_they_were():
    rows = [["beds, all", -12.5, 3, "-4", 1e21, float("nan"), 'say "no"', "two\nlines"]]
    assert as_csv([["a\rb"]]) == as_csv([["a\nb"]])
    [read] = csv.reader(io.StringIO(as_csv(rows)))
    assert read == ["beds, all", "-12.5", "3", "-4", "1000000000000000000000", "", 'say "no"', "two\nlines"]
