"""Laws of summaries, sums and probabilities."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.core.errors import ResultError, UsageError
from docketflow.core.outcomes import counting_rules
from docketflow.report.view import FIELDS, parts
from docketflow.results import Series
from docketflow.results.result import ABOUT
from docketflow.results.summary import bands, of_each, summarize

from .made import MONTHS, made


def test_that_the_value_is_the_median_and_the_band_the_5th_and_95th_percentiles():
    found = summarize(np.arange(101.0), "flow")
    assert (found.value, found.low, found.high) == (50, 5, 95)


def test_that_members_without_a_value_are_left_out():
    assert summarize(np.array([1.0, np.nan, 3.0]), "mean").value == 2
    assert np.isnan(summarize(np.array([np.nan]), "mean").value)


def test_that_a_probability_is_the_share_of_members_inside_its_interval():
    found = summarize(np.array([1.0] * 10 + [0.0] * 30), "probability")
    assert found.value == 0.25 and 0 < found.low < 0.25 < found.high < 1
    none = summarize(np.zeros(50), "probability")
    assert none.value == 0 == none.low and 0 < none.high < 0.1


def error(values):
    return summarize(values, "flow").error


def test_that_the_error_of_a_median_shrinks_with_the_root_of_the_members():
    few, many = (np.linspace(0, 1, n) for n in (100, 10_000))
    assert error(few) / error(many) == pytest.approx(10, rel=0.05)
    assert error(many) == pytest.approx(0.5 / 100, rel=0.05)  # 1 / (2 f sqrt(n)), f = 1


@pytest.mark.parametrize("kind", ["flow", "probability"])
def test_that_bands_are_those_of_each_column_whoever_else_is_summarized(kind):
    table = np.outer(np.linspace(1, 2, 30) % 0.3, [1.0, 2.0, 5.0])
    table = (table > 0.4).astype(float) if kind == "probability" else table
    table[3] = np.nan  # a member that failed
    table[5:9, 1] = np.nan  # members that have no number there
    table[:, 2] = np.nan
    found = bands(table, kind)
    for k, column in enumerate(table.T):
        assert repr(found.at(k)) == repr(summarize(column, kind))
    assert np.isnan(found.value[2])


def test_that_bands_of_many_outcomes_at_once_are_those_of_each():
    numbers = np.random.default_rng(1).random((4, 30, 3)).round(1)
    numbers[0, 3] = np.nan  # a member that failed
    numbers[2, :, 1] = np.nan
    kinds = ["flow", "probability", "mean", "probability"]
    found = of_each(numbers, kinds)
    for place, (own, kind) in enumerate(zip(numbers, kinds, strict=True)):
        assert [repr(found.at(place, k)) for k in range(3)] == [
            repr(summarize(own[:, k], kind)) for k in range(3)
        ]
        assert repr(found.of(place).at(0)) == repr(found.at(place, 0))


def test_that_the_page_the_tables_and_json_give_one_band_of_a_probability(result):
    name = "target.probability"
    read = parts(result[name].bands)
    for k, (_, summary) in enumerate(result[name].monthly()):
        assert (summary.low, summary.value, summary.high) == tuple(read[part][k] for part in FIELDS)
        assert summary.low <= summary.value <= summary.high


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=60), st.randoms(use_true_random=False))
def test_that_a_summary_does_not_depend_on_the_order_of_members(values, dice):
    shuffled = list(values)
    dice.shuffle(shuffled)
    assert summarize(np.array(values), "flow") == summarize(np.array(shuffled), "flow")


def test_that_a_parent_is_the_sum_of_its_children(result):
    whole, parts = result["book_ins"], [result["book_ins.ice_arrest"], result["book_ins.cbp_arrest"]]
    assert np.array_equal(whole.values, parts[0].values + parts[1].values)
    assert np.array_equal(whole.by_month, parts[0].by_month + parts[1].by_month)


def test_that_a_parent_is_not_given_when_a_child_is_missing(result):
    assert "book_outs" not in result and "removals.third_country" not in result


def test_that_the_probability_is_given_for_every_counting_rule_the_run_has(result):
    for rule in counting_rules():
        assert (f"target.probability.{rule}" in result) == (rule in result)
    chance = result["target.probability"]
    assert np.array_equal(chance.values, result["removals.ice"].values >= 3_000)
    assert 0 < chance.whole.value < result["target.probability.removals.ohss"].whole.value <= 1


def test_that_the_probability_by_month_never_falls_and_ends_at_that_of_the_period(result):
    by_month = [summary.value for _, summary in result["target.probability"].monthly()]
    assert by_month == sorted(by_month)
    assert by_month[-1] == result["target.probability"].whole.value


def test_that_a_run_without_a_target_has_no_probability():
    assert "target.probability" not in made(target=None)


def test_that_a_target_in_a_series_the_run_lacks_is_refused():
    with pytest.raises(ResultError, match=r"repatriations\.all, which this run does not have"):
        made(target=(5.0, "repatriations.all"))


def test_that_an_unknown_outcome_is_refused_with_the_nearest(result):
    with pytest.raises(UsageError, match=r"did you mean 'removals\.ice'"):
        result["removal.ice"]
    with pytest.raises(UsageError, match="unknown outcome"):
        made(series={"removals.icy": Series(np.ones(3))}, target=None)


def test_that_arrays_of_a_wrong_shape_are_refused_by_name():
    with pytest.raises(ResultError, match="same members"):
        made(series={"removals.ice": Series(np.ones(3)), "arrests.ice": Series(np.ones(4))})
    with pytest.raises(ResultError, match=r"removals\.ice: needs shape \(3, 3\)"):
        made(
            series={"removals.ice": Series(np.ones(3), np.ones((3, 5)))},
            stocks={},
            resources={},
            flows={},
            costs={},
        )


def test_that_a_manifest_cannot_say_another_scenario_than_the_result():
    with pytest.raises(ResultError, match="already says 'scenario'"):
        made(manifest={"scenario": "another"})


def test_that_the_plain_form_has_the_fields_the_command_promises(result):
    plain = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert set(plain) == {*ABOUT, "manifest", "outcomes"}
    one = plain["outcomes"]["removals.ice"]
    assert {"unit", "definition", "value", "low", "high", "by_month"} <= set(one)
    assert [row["month"] for row in one["by_month"]] == list(MONTHS)
    assert one["low"] < one["value"] < one["high"]
    assert plain["outcomes"]["stay.mean_days"]["by_month"] == []


def test_that_repr_says_what_matters(result):
    text = repr(result)
    assert "removals.ice" in text and "40 members at 1/100" in text and "3,000" in text


def test_that_the_labelled_data_set_holds_every_group_with_its_units(result):
    kept = result.to_xarray()
    assert set(kept.data_vars) == {"period", "opening", "monthly", "stocks", "resources", "flows", "costs"}
    ice = kept["period"].sel(outcome="removals.ice")
    assert (
        np.array_equal(ice.values, result["removals.ice"].values) and ice["outcome_unit"].item() == "persons"
    )
    assert kept["flows"]["edge_source"].values.tolist() == ["arrest", "custody > bed"]


def test_that_what_was_drawn_and_what_ran_out_are_kept_with_a_run():
    members = np.arange(40.0)
    found = made(design={"court.judges": members}, exhausted={"beds": np.ones((40, 3))}).to_xarray()
    assert np.array_equal(found["design"].sel(parameter="court.judges"), members)
    assert (found["exhausted"].sel(resource="beds") == 1).all()
    with pytest.raises(ResultError, match="the same resources"):
        made(exhausted={"judges": np.ones((40, 3))})
