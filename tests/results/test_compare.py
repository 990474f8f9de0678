"""Laws of comparison: paired on the same members, and with published figures."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.core.errors import ResultError, UsageError
from docketflow.results import Published, paired, with_evidence
from docketflow.results.tables import answers, as_text, by_month, number, resources, write

from .made import made


def test_that_the_difference_is_taken_member_by_member():
    table = paired(made(shift=10.0), made())
    row = table.loc["removals.ice"]
    assert row["difference"] == row["low"] == row["high"] == pytest.approx(30)
    assert row["a"] - row["b"] == pytest.approx(30)


def test_that_a_result_compared_with_itself_differs_in_nothing(result):
    table = paired(result, result)
    assert (table["difference"] == 0).all() and (table["low"] == 0).all()


@pytest.mark.parametrize("what", [{"seed": 2}, {"scale": "1/20"}])
def test_that_results_of_other_members_are_not_paired(what):
    with pytest.raises(UsageError, match="cannot be paired"):
        paired(made(), made(**what))


def test_that_a_difference_of_probabilities_is_a_difference_of_shares():
    row = paired(made(shift=300.0), made()).loc["target.probability"]
    assert (
        row["difference"] == pytest.approx(row["a"] - row["b"])
        and row["low"] < row["difference"] < row["high"]
    )


def test_that_each_published_figure_gets_its_verdict(result):
    value = result["removals.ice"].whole.value
    found = with_evidence(
        result,
        [
            Published("removals.ice", 1.2 * value, 0.3 * value, source="ICE", locator="p. 1"),
            Published("removals.ohss", 9 * value, 0.25 * value),
            Published("book_ins", 5.0, 1.0, given=True),
            Published("detained.average", 37_722, 9_000),
            Published(
                "change:courts.pending.all", float(np.median(result["courts.pending.all"].change)), 1.0
            ),
        ],
    )
    assert list(found["verdict"]) == ["pass", "off", "input", "not modelled", "pass"]
    assert found.iloc[0]["relative"] == pytest.approx(-1 / 6)


def test_that_tables_carry_units_and_survive_csv_and_parquet(result, tmp_path):
    for frame in (answers(result), by_month(result), resources(result)):
        assert "unit" in frame.columns
        for suffix in (".csv", ".parquet"):
            assert write(frame, tmp_path / f"t{suffix}").stat().st_size > 0
    with pytest.raises(UsageError, match=r"\.csv or \.parquet"):
        write(answers(result), tmp_path / "t.docx")
    with pytest.raises(ResultError, match="cannot be written"):
        write(answers(result), tmp_path / "none" / "t.csv")


def test_that_numbers_are_printed_for_people():
    assert [number(x) for x in (48210.4, 0.5637, 12, float("nan"), "beds")] == [
        "48,210",
        "0.564",
        "12",
        "-",
        "beds",
    ]
    text = as_text([{"a": "beds", "n": 5}, {"a": "judges", "n": 12345}], ["a", "n"])
    assert text.splitlines()[-1] == "judges  12,345"
