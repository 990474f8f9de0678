"""Laws of the border ahead of an origin: a level and its season; nothing later."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.calibrate import backtest as testing
from docketflow.calibrate.border import Border, as_forecast
from docketflow.calibrate.fit import LAST
from docketflow.calibrate.method import method
from docketflow.calibrate.targets import series
from docketflow.core.dates import months
from docketflow.core.errors import EvidenceError
from docketflow.evidence import load
from docketflow.evidence.otherwise.as_of import as_of

pytest.importorskip("scipy")


def inflow():
    [one] = [one for one in series(load()) if one.outcome == testing.INPUT]
    return one.inflow


def test_that_a_border_nobody_gives_stays_at_its_level_times_the_season():
    origin, end = dt.date(2022, 9, 30), dt.date(2024, 9, 30)
    then, border = as_of(load(), origin), Border.of(inflow(), origin)
    season = np.exp(border.season())
    found = as_forecast(then, origin, end, border)
    for path, has in (("border.expelled_per_day", season), (*method("no_season"), np.ones(12))):
        value, mine = then.room.parameters[path].value, found[path]
        level = np.mean([value.at(dt.date(2022, k, 5).toordinal()) / has[k - 1] for k in (7, 8, 9)])
        for day in (dt.date(2022, 10, 5), dt.date(2023, 10, 5), dt.date(2024, 3, 5)):
            assert mine.at(day.toordinal()) == pytest.approx(level * has[day.month - 1])
        assert mine.at(dt.date(2022, 3, 1).toordinal()) == value.at(dt.date(2022, 3, 1).toordinal())
    share = found["border.released.family_share"]  # has no season
    assert share.at(dt.date(2022, 12, 5).toordinal()) == share.at(dt.date(2023, 6, 5).toordinal())


def months_of(values, first=1, row="toy"):
    """Return figures of months in a row, that many a day, from January 2000 on, or another month of it."""
    base = next(iter(load().rows.values()))
    spans = months(dt.date(2000, first, 1), dt.date(2030, 12, 31))
    return [base.model_copy(update={"id": f"{row}-{a:%Y-%m}", "period_start": a, "period_end": b,
                                    "value": float(value) * ((b - a).days + 1)})
            for value, (a, b) in zip(values, spans, strict=False)]  # fmt: skip


def test_that_as_many_a_day_in_every_month_have_no_season():
    border = Border.of(months_of([1000.0] * 60), dt.date(2004, 12, 31))
    assert border.season() == pytest.approx(np.zeros(12), abs=1e-12)


def test_that_a_season_is_that_of_its_years_and_looks_at_nothing_later():
    every = 1000 * np.exp(np.tile(np.sin(np.arange(12)), 8))
    border = Border.of(months_of(every), dt.date(2007, 12, 31))
    assert border.first == 0
    assert np.exp(border.season()) * np.exp(border.logs[-12:].mean()) == pytest.approx(every[:12])
    whole = months_of(np.exp(7 + np.random.default_rng(1).normal(0, 0.1, 240)), first=10)
    origin = dt.date(2015, 9, 30)
    other = [one if one.period_end <= origin else one.model_copy(update={"value": 1.0}) for one in whole]
    early, changed = Border.of(whole, origin), Border.of(other, origin)
    assert early.first == 9 and (early.season() == changed.season()).all()
    assert (early.season() != Border.of(whole, dt.date(2016, 9, 30)).season()).any()


def test_that_a_part_with_a_gap_is_refused_and_parts_add_up():
    whole, origin = months_of(range(100, 150)), dt.date(2003, 12, 31)
    part = months_of([10.0] * 50, row="part")
    assert np.exp(Border.of([*whole, *part], origin).logs) == pytest.approx(np.arange(110, 158))
    for missing in (whole, part):
        with pytest.raises(EvidenceError, match="no figure of 2000-03"):
            Border.of([one for one in (*whole, *part) if one is not missing[2]], origin)
    with pytest.raises(EvidenceError, match="has 0 months"):
        Border.of(whole, dt.date(1999, 12, 31))


def test_that_months_not_yet_published_are_as_the_last_that_is():
    border = Border.of(months_of(range(100, 148)), dt.date(2004, 3, 31))
    assert np.exp(border.logs[-4:]) == pytest.approx([147, 147, 147, 147])
    assert len(testing._border(dt.date(2024, 11, 30)).logs) == 25 * 12 + 2  # the inflow ends in July 2024


def test_that_what_was_not_known_at_an_origin_has_no_season():
    origin = dt.date(2019, 9, 30)
    then = as_of(load(), origin)
    found = as_forecast(then, origin, dt.date(2021, 9, 30), Border.of(inflow(), origin))
    for path, value in found.items():
        known = then.room.parameters[path].value
        if known.starts[0] > origin.toordinal():
            assert len(value.starts) == 1, path
        else:
            assert value.at(origin.toordinal()) == known.at(origin.toordinal()), path


def test_that_the_inflow_begins_with_fiscal_year_2000_and_ends_where_fits_do():
    border = Border.of(inflow(), dt.date(2023, 9, 30))
    assert border.first == 9 and len(border.logs) == 24 * 12
    before = [figure.value for figure in inflow() if figure.period_end <= dt.date(2018, 9, 30)]
    years = np.array(before).reshape(19, 12).sum(axis=1)
    assert years[[0, 11, 18]].tolist() == [1_643_679, 327_577, 396_579]  # as CBP has them by year
    assert max(figure.period_end for figure in inflow()) <= LAST
