"""Laws of backtests: nothing past an origin is looked at, and a forecast is as wide as its series' past."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from docketflow.calibrate import backtest as testing
from docketflow.calibrate.ahead import WALK, Stand, Walk, walk_of
from docketflow.calibrate.method import method
from docketflow.calibrate.targets import series
from docketflow.core.dates import DAY, fiscal_year, month_label, months
from docketflow.evidence import load
from docketflow.evidence.otherwise.as_of import as_of, is_given, later
from docketflow.forecasts.table import Happened
from docketflow.policy import load_scenario


@pytest.mark.parametrize("origin", testing.ORIGINS)
def test_that_a_backtest_is_told_nothing_later_than_its_origin(origin):
    room = load()
    then = as_of(room, origin)
    for path, parameter in then.room.parameters.items():
        if not is_given(path):
            assert not later(room, parameter, origin), path
            assert len(parameter.value.starts) == 1 or parameter.value.starts[-1] <= origin.toordinal()
    for path in then.widened:
        assert then.room.parameters[path].how == "assumed"
    for one in series(then.room):
        known = one.as_of(origin)
        assert all(figure.period_end <= origin for figure in known.figures)
        assert known.reporting >= one.reporting


def test_that_horizons_end_so_many_months_ahead():
    assert [(n, span[1]) for n, span in testing.horizons(dt.date(2022, 9, 30))] == [
        (3, dt.date(2022, 12, 31)),
        (6, dt.date(2023, 3, 31)),
        (12, dt.date(2023, 9, 30)),
        (24, dt.date(2024, 9, 30)),
    ]


def test_that_a_month_not_published_is_as_the_one_before_it():
    history = [Happened("removals.ice", dt.date(2022, m, 1), d, float(m), "", "") for m, d in
               ((6, dt.date(2022, 6, 30)), (8, dt.date(2022, 8, 31)))]  # fmt: skip
    found = testing.in_a_row(history, "removals.ice", dt.date(2022, 9, 30))
    assert [one.value for one in found] == [6, 6, 8, 8] and found[-1].end == dt.date(2022, 9, 30)


def past_of(name):
    [one] = [one for one in series(load()) if one.outcome == name]
    return one.past


@pytest.mark.parametrize(
    "name", ["arrests.ice", "removals.ice_arrest", "book_ins.ice_arrest", "detained.average"]
)
def test_that_the_regime_prior_of_years_to_2016_alone_holds_2017(name):
    special = pytest.importorskip("scipy.special")
    known = {figure.period_end.year: figure.value for figure in past_of(name)}
    walk = walk_of([value for year, value in known.items() if year <= 2016])
    year = walk.rate / WALK  # the mean of a year beside that of the one before
    low, high = np.exp(np.log(known[2016]) + np.sqrt(year) * special.stdtrit(walk.freedom, (0.05, 0.95)))
    assert low <= known[2017] <= high


def test_that_no_past_year_of_a_series_lies_in_the_years_that_are_fitted():
    first = load_scenario("historical").start
    for one in series(load()):
        years = [figure.period_end.year for figure in one.past]
        assert all(figure.period_end < first for figure in one.past)
        assert years == list(range(years[0], years[0] + len(years))) if years else not one.monthly


def test_that_months_before_those_that_are_fitted_are_in_a_row_and_add_up_to_published_years():
    first = load_scenario("historical").start
    told = [one for one in series(load()) if one.before]
    assert {one.outcome for one in series(load()) if one.monthly and not one.before} == {"detained.average"}
    for one in told:
        known = [*one.before, *(figure for figure in one.figures if figure.period_start < first)]
        assert known[0].period_start == dt.date(2013, 10, 1) and known[-1].period_end == first - DAY
        assert all(a.period_end + DAY == b.period_start for a, b in pairwise(known))
        if one.outcome not in ("book_ins.ice_arrest", "book_ins.cbp_arrest"):  # years of both stand for each
            by_year = {year: sum(f.value for f in known if fiscal_year(f.period_start) == year)
                       for year in range(2014, 2019)}  # fmt: skip
            for figure in one.past:
                if figure.period_end.year in by_year:
                    assert by_year[figure.period_end.year] == pytest.approx(figure.value, rel=0.02)


def test_that_a_walk_is_known_from_its_changes():
    even = walk_of([100.0, 110.0, 100.0])
    assert even.rate == pytest.approx(1.5 * np.log(1.1) ** 2) and even.freedom == 2
    assert walk_of([100.0] * 30).freedom == method("faith")


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_that_a_series_is_as_unsure_as_its_years_walked_and_its_level_missed(power):
    walk, months = Walk(0.04, 4), np.array([100.0, 121.0] * 18)
    stand = Stand(months, walk, 1, power)
    assert stand.people(np.array(stand.level)) == pytest.approx(121)
    assert len(stand.missed(1)) == 35 and stand.missed(2) == pytest.approx(np.zeros(34), abs=1e-12)
    step = stand.scaled(np.array(121.0)) - stand.scaled(np.array(100.0))
    assert np.abs(stand.missed(1)) == pytest.approx(np.full(35, step))
    variance, known = stand.variance(1)
    assert known == pytest.approx(4 + 35 / 12)
    assert variance == pytest.approx((4 * stand.walked(1) + 35 / 12 * step**2) / known)
    assert Stand(months[:1], Walk(0.04, 4), 1, power).missed(3).size == 0
    assert stand.walked(24) - stand.walked(12) == pytest.approx(0.04 * (1 + power * stand.level) ** 2)


def test_that_a_stand_of_one_month_or_of_no_miss_is_as_wide_as_its_years():
    one = Stand(np.array([100.0]), Walk(0.04, 4))
    assert one.variance(6) == (pytest.approx(one.walked(6)), 4) and one.walked(6) > 0
    means = Stand(np.array([100.0, 110.0]), Walk(0.04, 4), 3)
    assert means.missed(1).size == 0 and np.isfinite(means.variance(24)[0])


@pytest.mark.parametrize("board", [testing.GIVEN, testing.FORECAST])
@pytest.mark.parametrize("origin", testing.ORIGINS)
def test_that_a_forecast_looks_at_no_figure_past_its_origin(origin, board):
    pytest.importorskip("scipy")
    every = [one for one in series(load()) if one.monthly]

    def later_changed(figures):
        return tuple(f if f.period_end <= origin else f.model_copy(update={"value": 9e5}) for f in figures)

    rows = ("figures", "past", "before", "inflow")
    changed = [replace(one, **{row: later_changed(getattr(one, row)) for row in rows}) for one in every]
    scenario = load_scenario("historical").between(end=dt.date(origin.year + 1, 9, 30))
    names = tuple(one.outcome for one in every)
    labels = tuple(month_label(first) for first, _ in months(scenario.start, scenario.end))
    lived = np.exp(np.random.default_rng(3).normal(8, 0.2, (16, len(every), len(labels))))
    longer = SimpleNamespace(scenario=scenario, outcomes=names, months=labels)
    said = []
    for told_of in (every, changed):
        history = [testing.happened(one, figure) for one in told_of for figure in one.figures]
        known = [m for one in told_of for m in testing.in_a_row(history, one.outcome, origin)]
        stands = {one.outcome: testing.stand(one, known) for one in told_of}
        said.append(testing.forecast(board, lived, longer, told_of, stands, origin).quantiles)
    assert said[0].keys() == said[1].keys() and len(said[0]) == 12 * len(every)
    assert all((said[0][key] == said[1][key]).all() for key in said[0])


def test_that_a_forecast_starts_at_the_level_seen_and_widens_with_the_months_ahead():
    pytest.importorskip("scipy")
    stand = Stand(np.array([100.0] * 12 + [200.0] * 3), Walk(0.04, 4))
    assert stand.people(np.array(stand.level)) == pytest.approx(200)
    levels = (0.05, 0.5, 0.95)
    flat, half = np.zeros(8), np.full(8, np.log(4))
    low, middle, high = stand.said(flat, 3, levels)
    assert middle == pytest.approx(200) and low < 200 < high
    assert stand.said(half, 3, levels)[1] == pytest.approx(200 * 4 ** method("weight"))
    widths = [np.ptp(stand.said(flat, ahead, levels)) for ahead in (3, 12, 14, 15, 24)]
    assert widths == sorted(widths) and widths[0] < widths[-1]
    spread_out = np.linspace(-3, 3, 8)  # members that differ by more than the past did get nothing on top
    sure = Stand(np.array([200.0] * 15), Walk(1e-9, 4))
    assert sure.said(spread_out, 3, levels)[2] > high > sure.said(flat, 3, levels)[2]
    assert (Stand(np.array([4.0] * 15), Walk(9.0, 4)).said(flat, 24, levels) >= 0).all()
