"""Bands, intervals and relative differences against independent computations of the same."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from scipy.stats import binomtest

from docketflow.core.errors import UsageError
from docketflow.results import paired
from docketflow.results.summary import bands, summarize
from docketflow.results.tables import resources

from .made import made

MEMBERS = [2, 3, 7, 50, 201]


def _numbers(*shape: int) -> np.ndarray:
    """Return numbers without luck, skewed as outcomes are."""
    steps = np.arange(1, math.prod(shape) + 1)
    return np.exp(3 * np.modf(steps * 0.6180339887498949)[0]).reshape(shape)


@pytest.mark.parametrize("members", MEMBERS)
def test_that_a_band_is_the_median_and_the_5th_and_95th_percentile_of_the_members(members):
    values = _numbers(members, 4, 3)
    found = bands(values, "flow")
    for part, percent in ((found.value, 50), (found.low, 5), (found.high, 95)):
        assert part == pytest.approx(np.percentile(values, percent, axis=0), rel=1e-12)


def test_that_members_without_a_number_are_left_out_cell_by_cell():
    values = _numbers(40, 5)
    values[3, 1] = values[7, 1] = values[9, 3] = np.nan
    values[11, 4] = np.inf
    values[:, 2] = np.nan
    found = bands(values, "level")
    there = np.where(np.isfinite(values), values, np.nan)
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        expected = np.nanpercentile(there, [50, 5, 95], axis=0)
    for part, reference in zip((found.value, found.low, found.high), expected, strict=True):
        assert part == pytest.approx(reference, rel=1e-12, nan_ok=True)
    assert np.isnan(found.value[2])


def test_that_one_member_is_its_own_band_and_says_nothing_of_its_error():
    found = summarize(np.array([7.5]), "flow")
    assert (found.value, found.low, found.high) == (7.5, 7.5, 7.5)
    assert math.isnan(found.error)


@pytest.mark.parametrize(("reached", "members"), [(0, 20), (1, 20), (7, 50), (25, 50), (50, 50), (199, 200)])
def test_that_a_probability_is_a_share_of_members_with_a_wilson_interval(reached, members):
    found = summarize(np.r_[np.ones(reached), np.zeros(members - reached)], "probability")
    interval = binomtest(reached, members).proportion_ci(0.9, method="wilson")
    assert found.value == reached / members
    assert found.low == pytest.approx(interval.low, abs=1e-9)
    assert found.high == pytest.approx(interval.high, abs=1e-9)
    share = reached / members
    assert found.error == pytest.approx(math.sqrt(share * (1 - share) / members))


def test_that_the_error_of_a_median_is_near_that_of_the_normal_law_and_falls_with_members():
    errors = []
    for members in (100, 400, 1600):
        spread = np.array([_normal((k + 0.5) / members) for k in range(members)])
        errors.append(summarize(spread, "flow").error)
        assert errors[-1] == pytest.approx(math.sqrt(math.pi / 2 / members), rel=0.05)
    assert errors[0] / errors[2] == pytest.approx(4, rel=0.05)


def _normal(share: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)


def test_that_a_relative_difference_is_over_the_second_of_the_two():
    a, b = made(shift=250.0), made()
    row = paired(a, b).loc["removals.ice"]
    one, two = (float(np.median(result["removals.ice"].values)) for result in (a, b))
    assert row["relative"] == pytest.approx(float(np.median(np.full(2, 750.0))) / two)
    assert row["relative"] != pytest.approx(750.0 / one, rel=1e-2)
    back = paired(b, a).loc["removals.ice"]
    assert back["relative"] == pytest.approx(-750.0 / one)


def test_that_a_band_of_differences_is_that_of_the_differences_not_of_the_values():
    a, b = made(shift=250.0), made()
    gaps = a["removals.ohss"].values - b["removals.ohss"].values
    row = paired(a, b).loc["removals.ohss"]
    assert [row["difference"], row["low"], row["high"]] == pytest.approx(np.percentile(gaps, [50, 5, 95]))


@pytest.mark.parametrize("day", [{"start": dt.date(2025, 1, 21)}, {"end": dt.date(2025, 3, 30)}])
def test_that_answers_for_other_days_are_not_paired(day):
    with pytest.raises(UsageError, match="cannot be paired"):
        paired(made(), made(**day))


def test_that_a_target_reached_exactly_is_reached_and_counted_in_the_series_it_names():
    values = made()["removals.ohss"].values
    goal = float(np.sort(values)[10])
    found = made(target=(goal, "removals.ohss"))["target.probability"].values
    assert np.array_equal(found, values >= goal)
    assert found.sum() == 30


def test_that_the_table_of_resources_shows_medians_over_members():
    result = made()
    for row in resources(result):
        spot = result.labels("measure").index("used"), result.months.index(row["month"])
        used = result.arrays["resources"][result.labels("resource").index(row["resource"])]
        assert row["used"] == pytest.approx(np.median(used[spot[0], :, spot[1]]))
