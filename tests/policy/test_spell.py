"""Laws of a setting whose time in force is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.core.errors import ScenarioError
from docketflow.core.runs import OfRun, of_run
from docketflow.policy import Scenario
from docketflow.policy.written import read_setting

from .conftest import END, FIRST, START

DAYS = {"middle": 30, "shape": "lognormal", "low": 10, "high": 90}
SPELL = {"as": "a halt", "chance": 0.8, "after": DAYS, "lasts": {**DAYS, "middle": 60}}
COMES, AFTER, LASTS = "a halt: comes", "a halt: after", "a halt: lasts"
MIDDLE = {COMES: 0.5, AFTER: 0.5, LASTS: 0.5}


def setting(**row):
    given = {"lever": "court.minutes", "value": 10, "from": START, "to": END, "spell": SPELL}
    return read_setting(
        {**given, "assumed": True, "note": "test", "no_range": "test", **row}, "a.yaml, line 2"
    )


def scenario(*settings):
    return Scenario("test", "test", "test", FIRST, START, END, (settings,))


def course(plan, values, quantiles):
    minutes = plan.compose(values, quantiles)["court.minutes"]
    return [minutes.at(day) for day in range(FIRST.toordinal(), END.toordinal() + 30)]


def test_that_a_spell_acts_from_its_first_week_to_its_last_and_on_no_other_day(values):
    lived = course(scenario(setting()), values, MIDDLE)
    acting = [day for day, minutes in enumerate(lived) if minutes == 10]
    begins = (START - FIRST).days
    assert acting == list(range(acting[0], acting[-1] + 1)) and set(lived) == {10.0, 300.0}
    assert 30 <= acting[0] - begins < 30 + 7 and 90 <= acting[-1] + 1 - begins < 90 + 7


def test_that_it_acts_on_no_day_where_it_does_not_come(values):
    assert set(course(scenario(setting()), values, {**MIDDLE, COMES: 0.81})) == {300.0}


def test_that_it_ends_with_its_setting_however_long_it_would_last(values):
    long = setting(spell={**SPELL, "lasts": {**DAYS, "high": 3000}})
    lived = course(scenario(long), values, {COMES: 0.1, AFTER: 0.01, LASTS: 0.95})
    assert lived[-29:] == [300.0] * 29 and lived[-30] == 10


def test_that_several_runs_side_by_side_have_what_each_has_alone(values):
    plan = scenario(setting(range={"shape": "uniform", "low": 5, "high": 20}, no_range=None))
    some = np.array([0.1, 0.5, 0.93])
    every = dict.fromkeys(plan.drawn, some)
    together = plan.compose(values, every)
    for run, quantile in enumerate(some):
        alone = plan.compose(values, dict.fromkeys(plan.drawn, float(quantile)))["court.minutes"]
        own = OfRun(together, run)["court.minutes"]
        assert own.starts == alone.starts and own.values == alone.values
    assert of_run(together["court.minutes"], 0).values != of_run(together["court.minutes"], 2).values


def test_that_two_scenarios_with_other_spells_are_two_scenarios():
    other = {**SPELL, "chance": 0.7}
    hashes = {scenario(setting(**row)).hash for row in ({}, {"spell": other}, {"spell": None})}
    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"to": None}, "needs 'to'"),
        ({"operation": "ramp"}, "no ramp"),
        ({"spell": {"as": "a", "chance": 2, "after": DAYS, "lasts": DAYS}}, "share from 0 to 1"),
        ({"spell": {"as": "a", "chance": 1, "after": DAYS}}, "needs lasts"),
        ({"spell": {**SPELL, "long": 1}}, "unknown field"),
        ({"spell": {**SPELL, "after": {**DAYS, "middle": 5}}}, "outside 10 to 90"),
        ({"spell": "often"}, "is a mapping"),
    ],
)
def test_that_a_spell_that_cannot_be_meant_gets_one_line(row, said):
    with pytest.raises(ScenarioError, match=said) as error:
        setting(**row)
    assert "\n" not in str(error.value) and "a.yaml, line 2" in str(error.value)
