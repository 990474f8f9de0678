"""Laws of prices: whatever spends somebody's time is paid for, once, on an account."""

from __future__ import annotations

from dataclasses import fields

from docketflow.core.quantity import Number, quantity
from docketflow.engine.declare.measure import Daily, Measure, Priced, Raised
from docketflow.engine.declare.vocabulary import Need
from docketflow.lifecycle import ONE_TIME, built_up, national
from docketflow.lifecycle.outcomes import prices
from docketflow.lifecycle.outcomes.money import ACCOUNTS, PAID_BY

TIME = (
    "officers' minutes",
    "at-large arrest minutes",
    "asylum officers' minutes",
    "judges",
    "government counsel",
    "appellate decisions",
    "habeas decisions",
)
"""Efforts that are somebody's time; the others count places, seats, money, or what is given from outside."""


def spent(step: object) -> set[str]:
    """Return the efforts that a step of the lifecycle takes from."""
    found = set()
    for field in fields(step):  # type: ignore[arg-type]
        value = getattr(step, field.name)
        if field.name == "effort" and value:
            found.add(value)
        if isinstance(value, tuple):
            found |= {need.effort for need in value if isinstance(need, Need)}
    return found


def test_that_every_step_that_spends_somebodys_time_has_a_price():
    network = national()
    steps = {step.name for step in (*network.nodes, *network.draws) if spent(step) & set(TIME)}
    assert steps == set(PAID_BY)
    assert {effort.name for effort in network.efforts} >= set(TIME)


def test_that_every_price_stands_on_one_account():
    read = [
        {path for _, price in account.items for path in quantity(price).paths()}
        for account in ACCOUNTS.values()
        if isinstance(account, Priced)
    ]
    paid = {price for each in PAID_BY.values() for price in each}
    assert paid <= prices()
    assert all(sum(price in account for account in read) == 1 for price in paid)


def test_that_what_is_built_up_is_paid_for_once_and_by_nothing_that_runs():
    once = {str(quantity(price)) for account in ONE_TIME.values() for _, price in account.items}
    running = {
        str(quantity(price)) for one in ACCOUNTS.values() if isinstance(one, Priced) for _, price in one.items
    }
    assert once and not once & running
    paths = [
        path
        for one in ONE_TIME.values()
        for part, _ in one.items
        for path in sorted(quantity(_of(part)).paths())
    ]
    assert len(paths) == len(set(paths)) and set(paths) == built_up()


def _of(part: Measure) -> Number:
    assert isinstance(part, Raised | Daily)
    return part.of if isinstance(part, Raised) else part.a_day
