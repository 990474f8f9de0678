"""Laws of ranges on settings: what a member takes, what stays as it is, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docketflow.core.errors import ScenarioError
from docketflow.core.quantity import Dated, Table
from docketflow.core.runs import RUN, OfRun, labels, of_run
from docketflow.core.shapes import HIGH, LOW, MEDIAN
from docketflow.policy import Scenario
from docketflow.policy.ranges import by_label
from docketflow.policy.written import read_setting

from .conftest import END, FIRST, START

BEDS, RELEASED, MINUTES = "custody.beds", "custody.released", "court.minutes"
HALF_TO_TWICE = {"shape": "lognormal", "low": 0.5, "high": 2, "relative": True}


def setting(path=BEDS, **row):
    lag = {"lag": 0} if path == BEDS else {}
    return read_setting(
        {"lever": path, "from": START, "assumed": True, "note": "test", **lag, **row}, "a.yaml, line 2"
    )


def scenario(*rows):
    return Scenario("test", "test", "test", FIRST, START, END, (rows,))


def around(low, high, shape="lognormal", **more):
    return {"shape": shape, "low": low, "high": high, **more}


def last(done, path=BEDS):
    return done[path].at(END.toordinal())


def test_that_a_setting_is_drawn_at_its_percentiles_and_at_one_half_is_what_it_says():
    plan = scenario(setting(value=50_000, range=around(40_000, 70_000)))
    drawn = [plan.settings[0].at({BEDS: u}) for u in (LOW, MEDIAN, HIGH)]
    assert drawn == pytest.approx([40_000, 50_000, 70_000])
    assert drawn[1] == 50_000


@given(st.floats(0.001, 0.999))
@settings(max_examples=60, deadline=None)
def test_that_a_drawn_scenario_is_the_scenario_with_the_drawn_numbers_written(u):
    """So that order, dates, lags, labels and bounds of what is drawn are those of what is written."""
    values = {BEDS: Dated.always(40_000.0), MINUTES: Dated.always(300.0)}
    rows = [
        {"operation": "scale", "value": 1.5, "range": around(1, 2.5), "lag": 30},
        {"operation": "add", "value": -3000, "range": around(-9000, 0, "uniform")},
        {"path": MINUTES, "operation": "ramp", "value": 90_000, "to": END, "range": around(1e4, 1e5)},
    ]
    plan = scenario(*(setting(**row) for row in rows))
    drawn = {BEDS: u, MINUTES: u}
    numbers = [one.at(drawn) for one in plan.settings]
    outright = scenario(
        *(setting(**row | {"value": n, "range": None}) for row, n in zip(rows, numbers, strict=True))
    )
    done, wanted = plan.compose(values, drawn), outright.compose(values)
    for path in values:
        assert done[path].starts == wanted[path].starts and done[path].values == wanted[path].values


def test_that_one_quantile_moves_all_settings_of_a_lever_and_those_that_go_with_it(values):
    plan = scenario(
        setting(operation="add", value=1000, range=around(500, 2000)),
        setting(operation="add", value=200, range=around(100, 400)),
        setting(MINUTES, operation="scale", value=2, range=around(1, 4) | {"as": BEDS}),
    )
    assert tuple(plan.drawn) == (BEDS,)
    a, b, c = (one.at({BEDS: 0.8}) for one in plan.settings)
    assert a / 1000 == pytest.approx(b / 200) == pytest.approx(c / 2)
    assert a > 1000


def test_that_a_scenario_without_ranges_is_taken_as_it_is_and_a_range_is_part_of_what_one_says():
    plain = scenario(setting(value=50_000))
    assert plain.settings[0].at({}) == 50_000 and not plain.drawn
    assert scenario(setting(value=50_000, no_range="counted")).hash == plain.hash
    hashes = {scenario(setting(value=50_000, range=around(low, 70_000))).hash for low in (30_000, 40_000)}
    assert len(hashes | {plain.hash}) == 3


def test_that_draws_stay_in_the_levers_bounds_and_on_the_side_of_zero_of_their_range(values):
    rows = (
        setting(RELEASED, value={"ice": 0.8, "cbp": 0.2}, range=around(0.5, 1.25, "normal", relative=True)),
        setting(operation="add", value=100, range=around(10, 190, "normal")),
    )
    plan = scenario(*rows)
    for u in (1e-9, 1 - 1e-9):
        share, beds = (one.at({BEDS: u, RELEASED: u}) for one in plan.settings)
        assert all(0 <= one <= 1 for one in share.values())
        assert beds >= 0
    both = scenario(setting(operation="add", value=0, range=around(-10, 10, "normal")))
    assert both.settings[0].at({BEDS: 0.01}) < 0


def test_that_numbers_by_label_move_together_and_each_has_a_name_of_its_own(values):
    plan = scenario(
        setting(
            RELEASED, operation="scale", value={"ice": 0.5, "cbp": 0.1}, range=around(0.5, 2, relative=True)
        )
    )
    own = plan.settings[0].at({RELEASED: 0.3})
    assert own["ice"] / own["cbp"] == pytest.approx(5)
    assert list(by_label(own)) == ["[ice]", "[cbp]"]
    moved = last(plan.compose(values, {RELEASED: 0.3}), RELEASED)
    before = last(values, RELEASED) if RELEASED in values else None
    assert before is not None
    assert np.allclose(moved.data[0], before.data[0] * own["ice"])


def test_that_several_runs_composed_side_by_side_are_each_composed_alone(values):
    """Bit by bit, whatever is drawn: the parameter, the setting, both, by label or not."""
    plan = scenario(
        setting(operation="scale", value=1.5, range=around(1, 2.5), lag=30),
        setting(operation="scale", value=1.5, range=around(1.2, 2), lag=30),
        setting(operation="add", value=-3000, range=around(-9000, 0, "uniform")),
        setting(
            RELEASED, operation="scale", value={"ice": 0.5, "cbp": 0.1}, range=around(0.5, 2, relative=True)
        ),
        setting(RELEASED, operation="ramp", value={"pending": 0.9}, to=END),
        setting(MINUTES, operation="ramp", value=90_000, to=END, range=around(1e4, 1e5)),
    )
    at = {lever: np.array([0.1, 0.5, 0.93]) for lever in plan.drawn}
    beds = Dated(
        (1, START.toordinal()),
        tuple(Table({RUN: labels(3)}, np.array([n, 2 * n, 3 * n])) for n in (7e3, 9e3)),
    )
    for together in (values, {**values, BEDS: beds}):
        done = plan.compose(together, at)
        for run in range(3):
            alone = plan.compose(OfRun(together, run), {lever: float(u[run]) for lever, u in at.items()})
            for path in (BEDS, RELEASED, MINUTES):
                assert list(of_run(done[path], run).cells()) == list(alone[path].cells())


def test_that_a_range_is_given_in_the_unit_of_its_value():
    one = setting(MINUTES, value=5, unit="hours", range=around(4, 6, "uniform"))
    assert [one.value, one.range.shape.low, one.range.shape.high] == pytest.approx([300, 240, 360])


def test_that_what_is_assumed_says_its_range_or_why_it_has_none_or_is_remarked_on():
    bare = scenario(setting(value=50_000), setting(MINUTES, value=200))
    assert len(bare.unranged) == 2
    assert len(bare.remarks) == 1 and "1 more: assumed without a range" in bare.remarks[0]
    assert not scenario(setting(value=50_000, no_range="counted")).remarks
    assert not scenario(setting(value=50_000, range=around(40_000, 60_000))).remarks
    assert not scenario(setting(value=50_000)).with_sets(["custody.beds=5"]).remarks[1:]


WRONG = {
    "no mapping": ({"range": 3}, "range is a mapping with shape, low and high, got 3"),
    "no high": ({"range": {"shape": "normal", "low": 1}}, "range: a shape needs high"),
    "no such shape": ({"range": around(1, 2, "lognormall")}, "did you mean 'lognormal'"),
    "no such word": ({"range": around(1, 9e4, hi=3)}, "unknown word of a shape 'hi'"),
    "not about the value": ({"range": around(1, 2)}, "central value 50000 is outside 1 to 2"),
    "not a number": ({"range": around("1", 2)}, "'1' is not a number"),
    "nan": ({"range": around(math.nan, 9e4)}, "not a finite number"),
    "out of the bounds": (
        {"range": around(1, 6e5)},
        "range: 600000 beds is out of bounds",
    ),
    "a factor below zero": (
        {"operation": "scale", "value": 1, "range": around(-1, 2, "uniform")},
        "cannot scale by -1; a factor is 0 or more",
    ),
    "moves nothing": ({"value": 0, "range": around(0.5, 2, relative=True)}, "moves nothing"),
    "by label but not relative": (
        {"lever": RELEASED, "value": {"ice": 0.5}, "range": around(0.4, 0.6)},
        "numbers by label, low and high are factors; write relative: true",
    ),
    "a switch": (
        {"lever": "removal.third_country", "operation": "open", "value": None, "range": around(0, 1)},
        "only a number that a lever is moved by",
    ),
    "a name": (
        {"lever": "target.removals", "value": 5, "from": None, "range": around(4, 6)},
        "only a number that a lever is moved by",
    ),
    "drawn as nothing": ({"range": around(4e4, 6e4) | {"as": "custody.bed"}}, "did you mean 'custody.beds'"),
    "both": ({"range": around(4e4, 6e4), "no_range": "why"}, "has a range and says why it has none"),
    "no reason": ({"no_range": 5}, "no_range must be text"),
}


@pytest.mark.parametrize("what", WRONG)
def test_that_a_wrong_range_gets_one_clear_line(what):
    row, wanted = WRONG[what]
    row = {"value": 50_000, **row}
    row = {key: value for key, value in row.items() if value is not None}
    path = row.pop("lever", BEDS)
    if path.startswith("target"):
        row |= {"from": None}
    with pytest.raises(ScenarioError) as caught:
        setting(path, **row)
    said = str(caught.value)
    assert wanted in said and "a.yaml, line 2" in said and "\n" not in said
