"""Laws of levers acting on values by date."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docketflow.core.errors import ScenarioError
from docketflow.core.quantity import Dated, Table
from docketflow.policy import Scenario
from docketflow.policy.written import read_setting

from .conftest import END, FIRST, START

D = dt.date


def rows_of(*rows):
    return tuple(
        read_setting({"assumed": True, "note": "test", "from": START, **row}, f"a.yaml, line {n + 2}")
        for n, row in enumerate(rows)
    )


def scenario(*rows):
    return Scenario("test", "test", "test", FIRST, START, END, (rows_of(*rows),))


def beds(operation, value, start=START, **more):
    return {"lever": "custody.beds", "operation": operation, "value": value, "from": start, "lag": 0, **more}


def at(composed, path, day):
    return composed[path].at(day.toordinal())


def test_that_a_set_holds_from_its_first_to_its_last_day_and_no_longer(values):
    done = scenario(beds("set", 50_000, D(2025, 2, 1), to=D(2025, 2, 28))).compose(values)
    days = [D(2025, 1, 31), D(2025, 2, 1), D(2025, 2, 28), D(2025, 3, 1)]
    assert [at(done, "custody.beds", day) for day in days] == [41_000, 50_000, 50_000, 41_000]


def test_that_a_lag_delays_the_first_day_only(values):
    done = scenario(beds("set", 50_000, D(2025, 2, 1), lag=10, to=D(2025, 2, 28))).compose(values)
    days = [D(2025, 2, 10), D(2025, 2, 11), D(2025, 2, 28), D(2025, 3, 1)]
    assert [at(done, "custody.beds", day) for day in days] == [41_000, 50_000, 50_000, 41_000]


def test_that_operations_act_in_the_order_set_scale_add_whatever_the_listing():
    values = {"court.minutes": Dated.always(300.0)}
    row = {"lever": "court.minutes"}
    done = scenario(
        {**row, "operation": "add", "value": 5},
        {**row, "operation": "scale", "value": 2},
        {**row, "operation": "set", "value": 100},
    ).compose(values)
    assert at(done, "court.minutes", START) == 205


def test_that_a_ramp_climbs_in_weekly_steps_from_what_is_in_force_and_then_holds(values):
    done = scenario(beds("ramp", 51_000, START, to=D(2025, 3, 31))).compose(values)
    climb = [at(done, "custody.beds", START + dt.timedelta(days=k)) for k in range(71)]
    assert climb[:7] == [41_000] * 7
    assert climb[7] == climb[13] == 42_000
    assert climb[70] == 51_000
    assert at(done, "custody.beds", END) == 51_000
    assert climb == sorted(climb)


def test_that_a_ramp_starts_from_what_set_scale_and_add_leave(values):
    done = scenario(
        beds("ramp", 60_000, D(2025, 3, 1), to=D(2025, 4, 1)), beds("add", 1_000), beds("set", 45_000)
    ).compose(values)
    assert at(done, "custody.beds", D(2025, 2, 28)) == at(done, "custody.beds", D(2025, 3, 1)) == 46_000


def test_that_a_close_has_the_last_word_over_an_open(values):
    row = {"lever": "removal.third_country"}
    done = scenario(
        {**row, "operation": "close", "from": D(2025, 3, 28), "to": D(2025, 6, 22)},
        {**row, "operation": "open", "from": D(2025, 2, 1)},
    ).compose(values)
    days = [D(2025, 1, 31), D(2025, 2, 1), D(2025, 3, 28), D(2025, 6, 22), D(2025, 6, 23)]
    assert [at(done, "removal.third_country", day) for day in days] == [0, 1, 0, 0, 1]


def test_that_a_value_by_label_changes_only_the_cells_it_names(values):
    done = scenario({"lever": "custody.released", "value": {"none": 0.05}}).compose(values)
    after = at(done, "custody.released", START)
    assert np.array_equal(after.data[:, 0], [0.05, 0.05])
    assert np.array_equal(after.data[:, 1:], values["custody.released"].at(1).data[:, 1:])
    assert np.array_equal(at(done, "custody.released", FIRST).data, values["custody.released"].at(1).data)


def test_that_a_ramp_by_label_leaves_other_cells_alone(values):
    done = scenario(
        {"lever": "custody.released", "operation": "ramp", "value": {"ice": 0.0}, "to": D(2025, 6, 1)}
    ).compose(values)
    after = at(done, "custody.released", D(2025, 6, 1)).data
    assert np.array_equal(after[0], [0, 0, 0]) and np.array_equal(after[1], [0.6, 0.5, 0.2])


def test_that_nothing_changes_before_the_first_day_of_a_lever(values):
    done = scenario(
        beds("scale", 3, D(2025, 6, 1)), {"lever": "court.minutes", "value": 10, "from": D(2025, 6, 1)}
    )
    done = done.compose(values)
    for path in values:
        for day in (D(1999, 1, 1), FIRST, START, D(2025, 5, 31)):
            before, after = values[path].at(day.toordinal()), at(done, path, day)
            same = np.array_equal(before.data, after.data) if isinstance(before, Table) else before == after
            assert same, (path, day)


def test_that_a_lever_older_than_a_dated_value_does_not_reach_back():
    values = {"court.minutes": Dated((D(2025, 6, 1).toordinal(),), (300.0,))}
    done = scenario({"lever": "court.minutes", "value": 10, "from": D(2025, 2, 1)}).compose(values)
    assert [at(done, "court.minutes", d) for d in (D(2025, 1, 31), D(2025, 2, 1), D(2025, 7, 1))] == [
        300,
        10,
        10,
    ]


def test_that_a_draw_which_passes_a_bound_is_held_at_the_bound(values):
    done = scenario({"lever": "custody.released", "operation": "scale", "value": 4}).compose(values)
    assert at(done, "custody.released", START).data.max() == 1.0


def test_that_a_later_layer_acts_on_what_the_earlier_one_left(values):
    one = scenario(beds("set", 50_000))
    two = one.with_sets(["custody.beds=60000@2025-06-01"])
    done = two.compose(values)
    assert at(done, "custody.beds", D(2025, 5, 31)) == 50_000
    assert at(done, "custody.beds", D(2025, 6, 1)) == 60_000


def test_that_composing_does_not_change_what_it_was_given(values):
    before = {path: (dated.starts, dated.values) for path, dated in values.items()}
    table = values["custody.released"].at(1).data.copy()
    scenario(beds("set", 50_000), {"lever": "custody.released", "value": {"ice": 0.0}}).compose(values)
    assert {path: (dated.starts, dated.values) for path, dated in values.items()} == before
    assert np.array_equal(values["custody.released"].at(1).data, table)


DAYS = st.integers(0, (END - START).days - 60).map(lambda k: START + dt.timedelta(days=k))


@st.composite
def some_settings(draw):
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        operation = draw(st.sampled_from(["set", "scale", "add", "ramp"]))
        start = draw(DAYS)
        to = draw(st.none() | st.integers(20, 59).map(lambda k, start=start: start + dt.timedelta(days=k)))
        value = draw(st.floats(0, 3)) if operation == "scale" else float(draw(st.integers(0, 90_000)))
        row = {"lever": draw(st.sampled_from(["custody.beds", "court.minutes"])), "operation": operation}
        row |= {"value": value, "from": start, "lag": draw(st.integers(0, 15))}
        if to or operation == "ramp":
            row["to"] = to or start + dt.timedelta(days=30)
        rows.append(row)
    return rows


@given(some_settings(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_that_listing_order_never_matters(rows, dice: random.Random):
    values = {"custody.beds": Dated.always(41_000.0), "court.minutes": Dated.always(300.0)}
    shuffled = list(rows)
    dice.shuffle(shuffled)
    found = []
    for listing in (rows, shuffled):
        try:
            done = scenario(*listing).compose(values)
            found.append({path: (dated.starts, dated.values) for path, dated in done.items()})
        except ScenarioError:
            found.append("refused")
    assert found[0] == found[1]


def test_that_check_refuses_a_lever_whose_parameter_does_not_exist(values):
    del values["custody.beds"]
    with pytest.raises(ScenarioError, match=r"unknown parameter 'custody\.beds'.*a\.yaml, line 2"):
        scenario(beds("set", 1)).check(values)


def test_that_check_refuses_labels_on_a_parameter_that_is_one_number(values):
    values["custody.released"] = Dated.always(0.5)
    with pytest.raises(ScenarioError, match="is one number, not a number by label"):
        scenario({"lever": "custody.released", "value": {"ice": 0.1}}).check(values)


def test_that_check_refuses_a_result_out_of_bounds_at_central_values(values):
    with pytest.raises(ScenarioError, match="2 share is out of bounds; allowed: 0 to 1"):
        scenario({"lever": "custody.released", "operation": "scale", "value": {"ice": 4}}).check(values)


def test_that_thousands_of_settings_of_one_lever_each_act_once_and_are_checked_in_one_pass(values):
    """What grew with the square of their number took minutes here; a minute's test would be seen."""
    many = [beds("scale", 1.0001, START + dt.timedelta(n % 365)) for n in range(8_000)]
    plan = scenario(*many)
    plan.check(values)
    assert at(plan.compose(values), "custody.beds", END) == pytest.approx(41_000 * 1.0001**8_000)


def test_that_settings_of_other_labels_may_overlap_and_those_that_share_a_cell_may_not(values):
    row = {"lever": "custody.released", "operation": "set"}
    scenario({**row, "value": {"ice": 0.1}}, {**row, "value": {"cbp": 0.1}})
    for one, other in (({"ice": 0.1}, {"ice": 0.2}), ({"ice": 0.1}, {"none": 0.2}), (0.1, {"none": 0.2})):
        for pair in ((one, other), (other, one)):
            with pytest.raises(ScenarioError, match="two sets of one lever overlap"):
                scenario(*({**row, "value": value} for value in pair))


def test_that_a_long_setting_is_not_forgotten_behind_a_short_one():
    long, short, late = D(2025, 12, 31), D(2025, 2, 2), D(2025, 3, 1)
    with pytest.raises(ScenarioError, match=r"line 2 .* and a\.yaml, line 4.*overlap"):
        scenario(
            beds("set", 1, D(2025, 2, 1), to=long),
            {"lever": "court.minutes", "operation": "set", "value": 5, "to": short},
            beds("set", 3, late, to=late),
        )


def test_that_three_factors_from_one_day_are_one_product_whatever_their_listing():
    rows = [
        {"lever": "custody.beds", "operation": "scale", "value": value, "from": dt.date(2025, 3, 1), "lag": 0}
        for value in (1.1, 1.3, 1.7)
    ]
    values = {"custody.beds": Dated.always(41_000.1), "court.minutes": Dated.always(300.0)}
    listings = [[rows[k] for k in order] for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1))]
    found = {scenario(*listing).compose(values)["custody.beds"].values for listing in listings}
    assert len(found) == 1
