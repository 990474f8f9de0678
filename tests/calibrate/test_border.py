"""Laws of the border ahead of an origin: a level, its season, how far the rule has strayed; nothing later."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.calibrate import backtest as testing
from docketflow.calibrate.border import Border
from docketflow.calibrate.fit import LAST
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
    found = testing.as_forecast(then, origin, end, border)
    value = then.room.parameters["border.booked_into_detention_per_day"].value
    mine = found["border.booked_into_detention_per_day"]
    level = np.mean([value.at(dt.date(2022, k, 5).toordinal()) / season[k - 1] for k in (7, 8, 9)])
    for day in (dt.date(2022, 10, 5), dt.date(2023, 10, 5), dt.date(2024, 3, 5)):
        assert mine.at(day.toordinal()) == pytest.approx(level * season[day.month - 1])
    assert mine.at(dt.date(2022, 3, 1).toordinal()) == value.at(dt.date(2022, 3, 1).toordinal())
    share = found["border.released.family_share"]  # has no season
    assert share.at(dt.date(2022, 12, 5).toordinal()) == share.at(dt.date(2023, 6, 5).toordinal())


def months_of(values, first=1):
    """Return figures of months in a row from January 2000 on, or another month of it."""
    base = next(iter(load().rows.values()))
    spans = months(dt.date(2000, first, 1), dt.date(2030, 12, 31))
    return [base.model_copy(update={"period_start": a, "period_end": b, "value": float(value)})
            for value, (a, b) in zip(values, spans, strict=False)]  # fmt: skip


def test_that_a_border_goes_on_at_its_level_in_its_season():
    every = 1000 * np.exp(np.tile(np.sin(np.arange(12)), 8))
    border = Border.of(months_of(every), dt.date(2007, 12, 31))
    assert border.years == 8 and border.first == 0
    assert np.exp(border.season()) * np.exp(border.logs[-12:].mean()) == pytest.approx(every[:12])
    assert np.exp(border.ahead(border.logs, 24)) == pytest.approx(np.tile(every[:12], 2))
    assert np.exp(border.ahead(np.log(every[-12:] / 7), 3)) == pytest.approx(every[:3] / 7)
    assert border.missed == pytest.approx(np.zeros(24), abs=1e-20)


def test_that_a_border_is_as_unsure_as_its_rule_has_been():
    rng = np.random.default_rng(1)
    logs = np.cumsum(rng.normal(0, 0.1, 240))
    border = Border.of(months_of(np.exp(7 + logs), first=10), dt.date(2020, 9, 30))
    assert border.first == 9 and border.years == 20
    assert border.missed[0] < border.missed[5] < border.missed[23]
    alone = Border.of(months_of(np.exp(7 + logs), first=10), dt.date(2015, 9, 30))
    assert alone.missed == pytest.approx(Border(border.logs[: len(alone.logs)], 9).missed)  # nothing later


def test_that_a_gap_in_the_border_is_refused_and_its_parts_add_up():
    whole = months_of(range(100, 130))
    with pytest.raises(EvidenceError, match="no figure of 2000-03"):
        Border.of([*whole[:2], *whole[3:]], dt.date(2001, 12, 31))
    twice = Border.of([*whole, *whole], dt.date(2001, 12, 31))
    assert np.exp(twice.logs) == pytest.approx(2 * np.arange(100, 124))


def test_that_the_inflow_begins_with_fiscal_year_2000_and_ends_where_fits_do():
    border = Border.of(inflow(), dt.date(2023, 9, 30))
    assert border.first == 9 and len(border.logs) == 24 * 12
    years = np.exp(border.logs[:228]).reshape(19, 12).sum(axis=1)
    assert years[[0, 11, 18]] == pytest.approx([1_643_679, 327_577, 396_579])  # as CBP has them by year
    assert max(figure.period_end for figure in inflow()) <= LAST
