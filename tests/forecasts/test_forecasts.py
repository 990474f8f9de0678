"""Laws of forecasts as files: written once, read strictly, scored by the book."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from docketflow.cli.main import main
from docketflow.core.dates import DAY, month_end
from docketflow.core.dates import months as core_months
from docketflow.core.errors import ResultError, UsageError
from docketflow.core.outcomes import outcome
from docketflow.forecasts import kept, read_forecasts, rivals
from docketflow.forecasts.make import horizon_of, table
from docketflow.forecasts.scoring import crps, wis
from docketflow.forecasts.spans import FROM_MONTHS, at, spans_of
from docketflow.forecasts.table import LEVELS, Forecast, Happened
from docketflow.policy import load_scenario
from docketflow.results import Series
from results.made import made

ORIGIN = dt.date(2025, 1, 19)
PLAIN = dict.fromkeys(("stocks", "resources", "flows", "costs"))
HEAD = "outcome,period_start,period_end,value,definition\n"
Q1 = (dt.date(2025, 1, 20), dt.date(2025, 3, 31))


@pytest.fixture
def ours():
    """A forecast by month, with the quarter as a span beside."""
    whole = made(target=None)
    months = {Q1: whole}
    for k, span in enumerate(core_months(*Q1)):
        series = {name: Series(one.by_month[:, k]) for name, one in whole.outcomes.items()
                  if one.by_month is not None}  # fmt: skip
        months[span] = made(target=(5.0, "removals.ice"), series=series, months=(), **PLAIN)
    return table("trial", months)


@pytest.fixture
def lies(ours, tmp_path):
    return kept.keep(ours, ORIGIN, {"members": 40}, tmp_path / "forecasts")


@pytest.fixture
def typed(capsys):
    def type_(*words):
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return type_


# --- files -----------------------------------------------------------------------------------------------
def test_that_a_forecast_is_read_as_it_was_written(ours, lies):
    [read] = read_forecasts(lies.parent)
    assert read.written() == ours.written()
    assert not any(name.startswith("target.probability") for name, _, _ in read.quantiles)


def test_that_a_forecast_is_never_written_over(ours, lies, tmp_path):
    before = lies.read_bytes()
    with pytest.raises(ResultError, match="never written over"):
        kept.keep(ours, ORIGIN, {}, tmp_path / "forecasts")
    assert lies.read_bytes() == before


def test_that_a_forecast_changed_afterwards_is_refused(lies, tmp_path, typed):
    happened = tmp_path / "happened.csv"
    happened.write_text(HEAD + "removals.ice,2025-02-01,2025-02-28,1000,\n")
    assert typed("score", lies, happened)[0] == 0
    lies.write_text(lies.read_text().replace("0.5,", "0.5,1", 1))
    code, _, err = typed("score", lies, happened)
    assert code == 2 and len(err.splitlines()) == 1


def test_that_the_hub_form_says_the_same_quantiles(ours, lies):
    place = lies.with_suffix("")
    [output] = (place / "model-output").glob("*/*.csv")
    assert output.name == f"{ORIGIN}-{output.parent.name}.csv"
    tasks = json.loads((place / "hub-config" / "tasks.json").read_text())["rounds"][0]["model_tasks"][0]
    ids = {name: set(said["optional"]) for name, said in tasks["task_ids"].items()}
    rows = [line.split(",") for line in output.read_text().splitlines()[1:]]
    assert len(rows) == len(LEVELS) * len(ours.quantiles)
    for row in rows:
        assert all(cell in ids[name] for name, cell in zip(ids, row, strict=False))
        assert float(row[5]) in tasks["output_type"]["quantile"]["output_type_id"]["required"]


def test_that_an_origin_outside_a_scenario_is_one_line(typed, tmp_path):
    assert horizon_of(load_scenario("fiscal-year-2024"), dt.date(2023, 12, 31))[0] == dt.date(2024, 1, 1)
    for origin in ("2024-09-30", "2020-01-01"):
        words = ("forecast", "fiscal-year-2024", "--origin", origin, "--out", tmp_path)
        code, _, err = typed(*words)
        assert code == 2 and err.startswith(f"docketflow: --origin {origin}") and len(err.splitlines()) == 1


# --- spans -----------------------------------------------------------------------------------------------
def test_that_fiscal_years_are_cut_at_the_horizon():
    spans = spans_of((dt.date(2025, 1, 20), dt.date(2026, 1, 19)))
    assert spans[0] == (dt.date(2025, 1, 20), dt.date(2025, 9, 30))
    assert spans[1] == (dt.date(2025, 10, 1), dt.date(2026, 1, 19))


def test_that_a_span_of_whole_months_is_the_sum_of_them_and_half_a_month_is_half(ours):
    feb, mar = (dt.date(2025, 2, 1), dt.date(2025, 2, 28)), (dt.date(2025, 3, 1), dt.date(2025, 3, 31))
    both, how = at(ours, "removals.ice", (feb[0], mar[1]))
    parts = [ours.quantiles[("removals.ice", *one)] for one in (feb, mar)]
    assert how == FROM_MONTHS and np.allclose(both, sum(parts))
    half, _ = at(ours, "removals.ice", (feb[0], dt.date(2025, 2, 14)))
    assert np.allclose(half, parts[0] / 2)


def test_that_a_stock_is_that_of_the_last_day_on_the_line_between_months(ours):
    ends = [ours.quantiles["courts.pending.all", *one] for one in ours.spans("courts.pending.all")
            if one != Q1 and one[1] > dt.date(2025, 2, 1)]  # fmt: skip
    middle, _ = at(ours, "courts.pending.all", (dt.date(2025, 2, 1), dt.date(2025, 3, 15)))
    assert np.all(ends[0] < middle) and np.all(middle < ends[1])


def test_that_an_average_is_weighed_by_days_though_it_counts_people():
    assert [outcome(name).over for name in ("detained.average", "detained.peak", "courts.pending.all")] == [
        "mean",
        "most",
        "last",
    ]
    spans = [(dt.date(2025, 2, 1), dt.date(2025, 2, 28)), (dt.date(2025, 3, 1), dt.date(2025, 3, 31))]
    two = {
        ("detained.average", *span): np.full(7, value)
        for span, value in zip(spans, (28.0, 59.0), strict=True)
    }
    found, _ = at(Forecast("two", two, {}), "detained.average", (spans[0][0], spans[1][1]))
    assert found == pytest.approx(np.full(7, (28 * 28 + 31 * 59) / 59))


def test_that_a_day_beyond_the_horizon_is_refused(ours):
    with pytest.raises(UsageError, match=r"says nothing of removals\.ice on 2025-04-01"):
        at(ours, "removals.ice", (dt.date(2025, 3, 1), dt.date(2025, 4, 2)))


# --- scores ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [5.0, 0.0, 20.0, 6.5])
def test_that_scores_are_those_of_the_definitions(value):
    quantiles = np.array([1.0, 2.0, 4.0, 5.0, 7.0, 11.0, 13.0])
    low, middle, high = quantiles[:3], quantiles[3], quantiles[:3:-1]
    alphas = 2 * np.array(LEVELS[:3])
    intervals = (high - low) + 2 / alphas * (np.maximum(low - value, 0) + np.maximum(value - high, 0))
    by_hand = (abs(value - middle) / 2 + (alphas / 2 * intervals).sum()) / 3.5
    assert wis(quantiles, value) == pytest.approx(by_hand)
    levels = (np.arange(4000) + 0.5) / 4000
    points = np.interp(levels, LEVELS, quantiles)
    energy = np.abs(points - value).mean() - np.abs(points[:, None] - points[None, ::8]).mean() / 2
    assert crps(quantiles, value) == pytest.approx(energy, rel=2e-3)


def test_that_a_sharp_forecast_that_is_right_scores_best():
    wide, sharp = np.linspace(0, 10, 7), np.linspace(4, 6, 7)
    for rule in (wis, crps):
        assert rule(sharp, 5.0) < rule(wide, 5.0) < rule(wide, 20.0) < rule(sharp, 20.0)


def test_that_a_folder_of_rivals_is_scored_beside_ours(ours, lies, tmp_path, typed):
    twice = {key: 2 * values for key, values in ours.quantiles.items()}
    kept.keep(Forecast("twice", twice, {}), ORIGIN, {}, tmp_path / "forecasts")
    happened = tmp_path / "happened.csv"
    february = ours.quantiles["removals.ice", dt.date(2025, 2, 1), dt.date(2025, 2, 28)]
    happened.write_text(HEAD + f"removals.ice,2025-02-01,2025-02-28,{february[3]},removals by ICE\n")
    code, out, _ = typed("score", lies.parent, happened, "--json", "--out", tmp_path / "scores.csv")
    said = {one["forecast"]: one for one in json.loads(out)["by_forecast"]}
    assert code == 0 and said["trial"]["wis"] < said["twice"]["wis"]
    assert said["trial"]["signed_error"] == 0 and said["trial"]["coverage_50"] == 1
    assert json.loads(out)["scores"][0]["defined"] == "other words"
    assert len((tmp_path / "scores.csv").read_text().splitlines()) == 3


WRONG = {
    "columns": ("outcome,value\nremovals.ice,3\n", "has no column 'period_start'"),
    "empty": ("", "has no column 'outcome'"),
    "no row": (HEAD, "holds no row"),
    "outcome": (HEAD + "removals.icy,2025-02-01,2025-02-28,3,\n", "did you mean 'removals.ice'"),
    "day": (HEAD + "removals.ice,Feb 1,2025-02-28,3,\n", "'Feb 1' is not a date"),
    "order": (HEAD + "removals.ice,2025-02-28,2025-02-01,3,\n", "is before period_start"),
    "value": (HEAD + "removals.ice,2025-02-01,2025-02-28,many,\n", "is not a number"),
    "nan": (HEAD + "removals.ice,2025-02-01,2025-02-28,nan,\n", "is not a number"),
    "cells": (HEAD + "removals.ice,2025-02-01,2025-02-28,1,000,,\n", "has 7 cells, needs 5"),
    "twice": (HEAD + 2 * "removals.ice,2025-02-01,2025-02-28,1,\n", "twice"),
    "beyond": (HEAD + "removals.ice,2025-02-01,2027-02-28,1,\n", "the horizon is 2025-01-20 to 2025-03-31"),
    "chance": (HEAD + "target.probability,2025-02-01,2025-02-28,1,\n", "has no quantiles"),
    "quotes": (HEAD + 'removals.ice,2025-02-01,2025-02-28,1,"open\n', "is not CSV"),
}


def test_that_the_folder_above_forecasts_says_where_they_are(lies, tmp_path, typed):
    happened = tmp_path / "happened.csv"
    happened.write_text("outcome,period_start,period_end,value,definition\n")
    code, _, err = typed("score", lies.parent.parent, happened)
    assert code == 2 and f"; look into {lies.parent.name}" in err and err.count("\n") == 1


@pytest.mark.parametrize("fault", WRONG)
def test_that_a_malformed_outcome_file_is_one_clear_line(fault, lies, tmp_path, typed):
    text, said = WRONG[fault]
    happened = tmp_path / "happened.csv"
    happened.write_text(text)
    code, out, err = typed("score", lies, happened)
    assert (code, out) == (2, "") and len(err.splitlines()) == 1
    assert said in err


MALFORMED = {
    "a level missing": ("0.95,", None, "lacks the quantiles 0.95"),
    "a level beyond": (",0.95,", ",950,", "does not lie between 0 and 1"),
    "a level twice": (",0.95,", ",0.9,", "twice"),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_that_a_malformed_rival_is_one_clear_line(fault, ours, tmp_path, typed):
    mark, other, said = MALFORMED[fault]
    lines = ours.written().splitlines(keepends=True)
    at_fault = next(k for k, line in enumerate(lines) if mark in line)
    lines[at_fault] = "" if other is None else lines[at_fault].replace(mark, other, 1)
    (rival := tmp_path / "rival.csv").write_text("".join(lines))
    (happened := tmp_path / "h.csv").write_text(HEAD + "removals.ice,2025-02-01,2025-02-28,1,\n")
    code, _, err = typed("score", rival, happened)
    assert code == 2 and said in err and len(err.splitlines()) == 1


# --- rivals ----------------------------------------------------------------------------------------------
def months_of(values, first=dt.date(2020, 10, 1), name="removals.ice"):
    rows, day = [], first
    for value in values:
        rows.append(Happened(name, day, month_end(day), float(value), "", ""))
        day = month_end(day) + DAY
    return rows, rows[-1].end


def medians(found):
    return {one.name: [values[3] for values in one.quantiles.values()] for one in found}


def test_that_each_rule_is_exact_on_the_series_it_is_made_for():
    year = 100 + 10 * np.arange(12)
    history, origin = months_of(np.tile(year, 3))
    end = month_end(origin + 300 * DAY)
    said = medians(rivals.rivals(history, origin, end))
    assert said["last-year"] == pytest.approx(year[: len(said["last-year"])].tolist())
    assert said["seasonal"] == pytest.approx(said["last-year"], rel=0.02)
    line, origin = months_of(100 + 3 * np.arange(36))
    said = medians(rivals.rivals(line, origin, month_end(origin + 80 * DAY)))
    assert said["linear-trend"] == pytest.approx([208, 211, 214][: len(said["linear-trend"])])
    assert set(said["last-value"]) == {205}


def test_that_the_last_ratio_follows_its_input():
    beds, _ = months_of([100.0] * 24 + [150.0, 200.0])
    history, origin = months_of([50.0] * 24)
    said = medians(rivals.rivals(history, origin, beds[-1].end, beds))
    assert said["last-ratio"] == pytest.approx([75, 100])
    with pytest.raises(UsageError, match="--inputs: has no value"):
        rivals.rivals(history, origin, beds[-1].end, beds[:-1])


def test_that_a_rival_never_looks_past_the_origin():
    history, end = months_of(100 + np.arange(36) % 7)
    origin = history[29].end
    before = rivals.rivals(history[:30], origin, end)
    after = rivals.rivals(history, origin, end)
    assert [one.written() for one in before] == [one.written() for one in after]


def test_that_bands_widen_with_the_months_ahead_and_hold_the_median():
    history, origin = months_of(1000 + 200 * np.sin(np.arange(60) ** 1.5))
    for one in rivals.rivals(history, origin, month_end(origin + 170 * DAY)):
        for values in one.quantiles.values():
            assert np.all(np.diff(values) >= 0) and values[0] >= 0


def test_that_too_short_a_history_is_refused(tmp_path, typed):
    (short := tmp_path / "short.csv").write_text(HEAD + "removals.ice,2025-02-01,2025-02-28,1,\n")
    code, _, err = typed("rivals", short, "--origin", "2025-02-28", "--to", "2025-06-30", "--out", tmp_path)
    assert code == 2 and "13 whole months" in err and len(err.splitlines()) == 1
