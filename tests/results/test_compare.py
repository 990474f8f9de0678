"""Laws of comparison: paired on the same members, and with published figures."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from docketflow.core.errors import ResultError, UsageError
from docketflow.results import paired, with_evidence, with_series
from docketflow.results.result import about
from docketflow.results.tables import answers, as_text, by_month, members, number, resources, write

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


@dataclass(frozen=True)
class Figure:
    outcome: str
    value: float
    said: str = "pass"
    tolerance: str = "within 25%"
    source: str = "ICE"
    locator: str = "p. 1"
    note: str = ""

    def verdict(self, simulated: float) -> str:
        return f"{self.said} {simulated:g}"


def test_that_each_published_figure_gets_its_own_verdict_and_its_place_in_the_band(result):
    whole = result["removals.ice"].whole
    change = float(np.median(result["courts.pending.all"].change))
    found = with_evidence(
        result,
        [
            Figure("removals.ice", 1.2 * whole.value, "off"),
            Figure("removals.ice", whole.high),
            Figure("removals.ice", whole.high + 1),
            Figure("detained.average", 37_722),
            Figure("change:courts.pending.all", change),
        ],
    )
    assert [row["band"] for row in found] == ["inside", "inside", "outside", "", "inside"]
    assert [row["verdict"].split()[0] for row in found] == ["off", "pass", "pass", "not", "pass"]
    assert found[0]["verdict"] == f"off {whole.value:g}" and found[3]["verdict"] == "not modelled"
    assert found[0]["relative"] == pytest.approx(-1 / 6)


def test_that_a_table_says_what_it_is_of_in_every_row_and_in_its_file(result, tmp_path):
    for name, table in {"a": answers(result), "m": by_month(result), "r": resources(result)}.items():
        path = write(table, tmp_path / f"{name}.csv")
        with path.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert len(rows) == len(table)
        for row in rows:
            assert (row["scenario"], row["members"], row["scale"], row["seed"]) == (
                "trial",
                "40",
                "1/100",
                "1",
            )
            assert (row["from"], row["to"], row["band"]) == ("2025-01-20", "2025-03-31", "90%")
            assert {"settings", "version", "source", "licence", "unit", "days"} <= set(row)
        kept = pq.read_table(write(table, tmp_path / f"{name}.parquet"))
        assert kept.num_rows == len(table)
        assert json.loads(kept.schema.metadata[b"docketflow"]) == about(result)


def test_that_a_part_month_says_how_many_of_its_days_are_counted(result):
    days = {row["month"]: row["days"] for row in by_month(result)}
    assert days == {"2025-01": 12, "2025-02": 28, "2025-03": 31}
    assert {row["days"] for row in answers(result)} == {71}
    assert [row["days"] for row in result.to_json()["outcomes"]["removals.ice"]["by_month"]] == [12, 28, 31]


def test_that_months_carry_their_definitions_too(result):
    assert all(row["definition"] and row["unit"] for row in by_month(result))


def test_that_no_more_digits_are_written_than_the_members_bear_out(result):
    for row, answer in zip(answers(result), result.outcomes.values(), strict=True):
        error = answer.whole.error
        if error > 0:
            assert abs(row["value"] - answer.whole.value) <= error / 20
            assert row["value"] == float(f"{row['value']:.{max(1, digits(row['value'], error))}g}")


def digits(value, error):
    """Return how many significant digits reach the second digit of an error."""
    return math.floor(math.log10(abs(value))) - math.floor(math.log10(error)) + 2 if value else 1


def test_that_every_number_of_every_member_can_be_taken_away(result, tmp_path):
    kept = pd.read_parquet(write(members(result), tmp_path / "members.parquet"))
    assert list(kept.columns) == ["member", "month", "outcome", "value"]
    one = kept[(kept["outcome"] == "removals.ice") & (kept["month"] == "period")].sort_values("member")
    assert np.array_equal(one["value"], result["removals.ice"].values)
    assert {"period", "opening", *result.months} == set(kept["month"])


def test_that_a_table_that_cannot_be_written_is_one_clear_line(result, tmp_path):
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


@dataclass(frozen=True)
class OverMonths:
    """A published series over months of its own."""

    outcome: str
    value: float
    months: tuple[str, ...]
    series: Any
    tolerance: str = "within 10%"
    source: str = "SRC"
    note: str = ""

    def verdict(self, simulated: float) -> str:
        return "pass" if abs(simulated - self.value) <= 0.1 * self.value else "off"

    def course(self, simulated: list[float]) -> str:
        return "same" if simulated == sorted(simulated) else "opposite"


def over_months(outcome, value, months, over="sum"):
    return OverMonths(outcome, value, months, SimpleNamespace(id="s", held_out=True, over=over))


@pytest.mark.parametrize(
    ("over", "published", "verdict"),
    [
        ("sum", 1.5 * 1_700, "pass"),
        ("mean", 1.5 * 850, "pass"),
        ("last", 1.5 * 900, "pass"),
        ("sum", 1, "off"),
    ],
)
def test_that_a_series_is_held_against_the_same_months_of_the_result(result, over, published, verdict):
    two = ("2025-01", "2025-02")
    (row,) = with_series(result, [over_months("removals.ice", published, two, over)])
    assert row["verdict"] == verdict
    assert row["band"] == ("inside" if verdict == "pass" else "outside")
    assert row["course"] == "same"


@pytest.mark.parametrize(
    "one",
    [
        over_months("removals.nobody", 1, ("2025-01",)),
        over_months("removals.ice", 1, ("2024-12",)),
        over_months("stay.mean_days", 45, ("2025-01",)),
    ],
)
def test_that_a_series_the_result_has_no_months_of_is_said_to_be_not_modelled(result, one):
    (row,) = with_series(result, [one])
    assert row["verdict"] == "not modelled"
    assert math.isnan(row["model"])


def test_that_a_series_over_the_whole_period_is_held_against_its_one_value(result):
    (row,) = with_series(result, [over_months("stay.mean_days", 45, result.months, "mean")])
    assert (row["verdict"], row["model"]) == ("pass", pytest.approx(45))
