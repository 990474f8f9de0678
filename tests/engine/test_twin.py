"""The fast machine equals its plain twin and keeps the laws of the books, on random small declarations."""

from __future__ import annotations

import itertools
import os

import hypothesis
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from docketflow.engine import Run, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.reference import Twin
from docketflow.workloads import docket_ref

from .networks import MOST_COST, Case, cases, differences

DEEP = int(os.environ.get("DOCKETFLOW_DEEP", "1"))
"""How many times more examples than the default; 20 takes about ten minutes."""

examples = settings(
    max_examples=150 * DEEP, deadline=None, derandomize=DEEP == 1,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@examples
@given(cases(deep=DEEP > 1))
def test_that_the_machine_equals_its_twin_to_the_bit(case: Case) -> None:
    bound = case.bind()
    fast = Run(bound, case.cells, case.seed).finish()
    twin = Twin(bound, case.cells, case.seed)
    slow = twin.live()
    assert not differences(fast, slow)
    for space, held in slow.held.items():
        holders = sum(space in person.holds for person in twin.people)
        assert held[-1] == holders + twin.freed[space]


@examples
@given(cases(deep=DEEP > 1))
def test_that_people_are_conserved_and_capacity_is_kept_every_day(case: Case) -> None:
    bound = case.bind()
    ledger = Run(bound, case.cells, case.seed).finish()
    inside = sum(ledger.stock.values())
    came = sum((days.cumsum() for days in ledger.arrived.values()), np.zeros(case.days, dtype=np.int64))
    began = sum(ledger.opening[place] for place in ledger.stock)
    assert np.array_equal(inside, began + came)
    assert all((days >= 0).all() for days in ledger.stock.values())
    quotas = {one.name: one for one in case.network.efforts if isinstance(one, d.Quota)}
    for effort, spent in ledger.spent.items():
        supply = ledger.supply[effort]
        if effort in quotas:
            renewals = {
                k for date in quotas[effort].renewed if 0 < (k := (date - case.first).days) < case.days
            }
            for begin, end in itertools.pairwise(sorted({0, case.days} | renewals)):
                used, most = spent[begin:end].cumsum(), supply[begin:end].cumsum()
                assert (used <= most)[spent[begin:end] > 0].all()
            continue
        assert (spent.cumsum() <= supply.cumsum()).all()
        assert (spent <= supply + MOST_COST - 1).all()
    for space, held in ledger.held.items():
        before = np.concatenate([[ledger.opening[space]], held[:-1]])
        assert (held >= 0).all()
        assert (held <= np.maximum(before, ledger.capacity[space])).all()


@settings(examples, max_examples=50 * DEEP)
@given(cases(deep=DEEP > 1))
def test_that_the_width_of_a_record_changes_nothing(case: Case) -> None:
    short, long = case.bind(), case.bind(long=True)
    hypothesis.assume(short.program.short)
    assert not differences(
        Run(short, case.cells, case.seed).finish(), Run(long, case.cells, case.seed).finish()
    )


def _of(spaces: int = 0, lanes: int = 0, bits: int = 0, watch: str = "second") -> d.Network:
    return d.Network(
        "some",
        [d.Trait(f"trait {k}", ("no", "yes")) for k in range(bits)],
        [d.Rest("here"), d.Stage("there", d.fixed(1), d.to("here", do=[d.mark(watch)]))],
        spaces=[d.Space(f"space {k}", None) for k in range(spaces)],
        pools=[d.Pool(f"pool {k}") for k in range(lanes)],
        starts=[d.Start("start", "there")],
    )


def test_that_a_record_is_short_as_long_as_everything_fits_into_half_a_line() -> None:
    fit = [_of(), _of(spaces=48), _of(lanes=4), _of(spaces=12, lanes=3, bits=64)]
    too_much = [_of(spaces=13, lanes=3), _of(spaces=1, lanes=4), _of(bits=65), _of(watch="third")]
    assert [compile_network(one).short for one in fit + too_much] == [True] * 4 + [False] * 4


@pytest.mark.parametrize("seed", [1, 2])
def test_that_the_machine_equals_its_twin_on_docket_ref(seed: int) -> None:
    bound, cells = docket_ref.bind(2000, 500), docket_ref.cells(2000)
    assert not differences(Run(bound, cells, seed).finish(), Twin(bound, cells, seed).live())
