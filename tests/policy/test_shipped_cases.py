"""Laws of orders of courts: held against evidence, switched case by case, and nothing else moved by it."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.core.errors import ScenarioError
from docketflow.evidence import load, orders_without_a_lever
from docketflow.policy import levers, load_scenario
from docketflow.policy.cases import cases, foreseen, read_orders

PLAN, ENACTED = "one-million-first-year", "as-enacted"
ORDERS = {order.case: order for order in load().litigation}


def differing(one, other):
    """Return the days on which each parameter differs between two scenarios."""
    central = load().central()
    touched = {setting.lever for side in (one, other) for setting in side.settings} & set(central)
    sides = [side.compose({path: central[path] for path in touched}) for side in (one, other)]
    days = range(one.first.toordinal(), one.end.toordinal() + 1)
    apart = {}
    for path in sides[0]:
        cuts = sorted(
            {start for side in sides for start in side[path].starts if start <= days[-1]} | {days[0]}
        )
        found = [day for day in cuts if str(sides[0][path].at(day)) != str(sides[1][path].at(day))]
        if found:
            apart[path] = [dt.date.fromordinal(max(day, days[0])) for day in found]
    return apart


@pytest.mark.parametrize("key", cases())
def test_that_a_case_is_on_record_and_acts_while_it_was_in_force(key):
    case = cases()[key]
    order = ORDERS[case.case]
    assert case.why
    for setting in case.settings:
        assert setting.start == order.in_force_from
        assert (setting.end is None) == (order.lifted is None)
        if order.lifted:
            assert setting.end >= order.lifted - dt.timedelta(1)
        assert setting.source is None or setting.source in load().sources


def test_that_every_order_on_record_switches_a_lever_or_says_why_not():
    switched = [case.case for case in cases().values()]
    assert list(orders_without_a_lever(load(), switched)) == []
    said = list(orders_without_a_lever(load(), switched[1:]))
    assert said == [
        f"litigation {switched[0]}: switches no lever; give it settings, or say in no_lever why not"
    ]
    silent = next(order.case for order in ORDERS.values() if order.no_lever)
    (both,) = orders_without_a_lever(load(), [*switched, silent])
    assert "leave one out" in both
    (lost,) = orders_without_a_lever(load(), [*switched, "J.G.G. v. Trum"])
    assert "did you mean 'J.G.G. v. Trump'" in lost


@pytest.mark.parametrize("key", cases())
def test_that_switching_a_case_off_changes_only_what_it_touched(key):
    """The levers of its settings, and no day on which it was not in force."""
    whole = load_scenario(ENACTED)
    less = whole.with_sets([f"litigation.{key}=off"])
    assert key in whole.orders and key not in less.orders and set(less.orders) == {*whole.orders} - {key}
    mine = cases()[key].settings
    for path, days in differing(whole, less).items():
        own = [setting for setting in mine if setting.lever == path]
        assert own, f"{path} is no lever of {key}"
        assert all(any(s.start <= day <= (s.end or whole.end) for s in own) for day in days), path


def test_that_orders_the_plan_has_are_taken_out_and_put_back():
    plan = load_scenario(PLAN)
    less = plan.with_sets(["litigation.jgg=off"])
    assert set(differing(plan, less)) == {"wartime.halted_share"}
    assert not differing(plan, less.with_sets(["litigation.jgg=on"]))


def test_that_no_order_acts_where_all_are_stayed_and_none_is_lifted_where_all_last():
    assert load_scenario("orders-stayed").orders == ()
    last = load_scenario("orders-in-force")
    assert all(setting.end is None for setting in last.settings if setting.case)
    assert {*last.orders} == {*load_scenario(ENACTED).orders}


def test_that_an_order_is_foreseen_only_against_what_the_scenario_does():
    base = load_scenario("baseline-january-2025").with_orders({"all": "foreseen"})
    assert base.orders == ()
    plan = load_scenario("orders-foreseen")
    for key in plan.orders:
        begun = min(s.start for s in plan.settings if s.lever in foreseen()[key].against and not s.case)
        assert {s.start for s in plan.settings if s.case == key} == {begun}
    assert not {*plan.orders} & {*cases()}


def test_that_a_foreseen_order_is_against_levers_that_are():
    assert all(path in levers() for case in foreseen().values() for path in case.against)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"jg": "off"}, "did you mean 'jgg'"),
        ({"jgg": "of"}, "did you mean 'off'"),
        ({"jgg": "foreseen"}, "is on record"),
        ({"parole": "on"}, "no case on record"),
        ({}, "one of them for each case"),
        (3, "one of them for each case"),
    ],
)
def test_that_an_order_that_cannot_be_meant_gets_one_line(given, said):
    with pytest.raises(ScenarioError, match=said) as error:
        read_orders(given, "a.yaml, line 3")
    assert "\n" not in str(error.value)
