"""The books of one lived plan balance: every way of dividing people, removals and money gives the whole."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from docketflow.conductor.simulator import Simulator
from docketflow.core.outcomes import outcomes
from docketflow.core.vocabulary import labels
from docketflow.lifecycle import ACCOUNTS, MEASURES, national
from docketflow.policy import levers, load_scenario

CRIMINAL = labels("criminal")
CENT = 0.01


@pytest.fixture(scope="module")
def lived():
    return Simulator(load_scenario("one-million-first-year"), scale=Fraction(1, 1000)).member(0)


def parts(whole: str, *names: str) -> list[str]:
    return [f"{whole}.{name}" for name in names]


ORDERS = ("no_order", "officers_order", "stipulated", "in_absentia", "hearing_held")
TITLE_8 = "repatriations.title8_enforcement"
WHOLES = [
    ("removals.ice", ["removals.ice_arrest", "removals.cbp_arrest"]),
    ("removals.ice", parts("removals.ice", *CRIMINAL)),
    ("removals.ice", parts("removals.ice", *ORDERS)),
    ("removals.ice", parts("removals.by_nationality_group", *labels("nationality"))),
    ("removals.ohss", parts("removals.ohss", "expedited", "reinstated", "other")),
    (TITLE_8, ["removals.ohss", "returns.enforcement"]),
    ("repatriations.all", [TITLE_8, "returns.administrative", "expulsions.title42"]),
    ("arrests.ice", parts("arrests", "custodial", "supervision", "courthouse", "interview", "at_large")),
    ("arrests.ice", parts("arrests.ice", *CRIMINAL)),
    ("book_ins.ice_arrest+book_ins.cbp_arrest", parts("book_ins", *CRIMINAL)),
    ("detained.average", ["detained.ice_arrest", "detained.cbp_arrest"]),
    *((f"detained.{by}_arrest", parts(f"detained.{by}_arrest", *CRIMINAL)) for by in ("ice", "cbp")),
    ("asylum.decided", parts("asylum.decided", "granted", "denied")),
    ("courts.total_completions", ["courts.initial_completions", "courts.subsequent_completions"]),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "names"), WHOLES, ids=lambda one: one if isinstance(one, str) else one[-1])
def test_that_parts_give_the_whole_in_every_month(lived, whole, names):
    def months(name: str) -> np.ndarray:
        return lived.outcomes[name][0]

    found = sum(months(name) for name in names)
    assert np.allclose(found, sum(months(name) for name in whole.split("+")), rtol=1e-12)
    assert found.sum() > 0


def test_that_money_adds_up_to_the_cent_by_account_and_by_step(lived):
    assert set(lived.costs) == set(ACCOUNTS)
    assert abs(sum(lived.costs.values()) - lived.outcomes["cost.total"][1]) < CENT
    for account, spent in lived.costs.items():
        steps = [line for (one, _), line in lived.steps.items() if one == account]
        if steps:
            assert abs(sum(line.sum() for line in steps) - spent) < CENT, account


def test_that_nothing_that_is_counted_crosses_nationality_with_place():
    places = {"area", "circuit"}
    for tally in national().tallies:
        assert not ("nationality" in tally.by and places & set(tally.by)), tally.name


def test_that_no_arrest_and_no_lever_on_arrests_is_told_by_nationality_and_no_outcome_by_place():
    told = {*outcomes(), *MEASURES}
    where = {*labels("area"), *labels("circuit")} - {"none"}
    assert not [name for name in told if where & set(name.split("."))]
    by_nationality = {name for name in told if set(labels("nationality")) & set(name.split("."))}
    by_nationality -= {"removals.third_country.mexico"}  # where they are sent, not where they are from
    assert all(name.startswith("removals.by_nationality_group.") for name in by_nationality)
    for path, lever in levers().items():
        assert not ("nationality" in lever.by and {"area", "circuit"} & set(lever.by)), path
