"""Little's law at every place: exactly on a run that is emptied, closely in a steady window."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from docketflow.conductor.simulator import Simulator
from docketflow.core.dates import working_days
from docketflow.core.quantity import Dated
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.layout import MOST_DAYS
from docketflow.engine.run.ledger import Ledger
from docketflow.policy import load_scenario
from docketflow.workloads import docket_ref

from .. import clinic
from ..networks import Case, cases
from . import daily, systems
from .findings import FIRST
from .watched import INSIDE, PLACE, days_inside, places_of, watched


def holds(ledger: Ledger, last: int) -> dict[str, tuple[int, int]]:
    """Check the law at every place; return both its sides."""
    sides = days_inside(ledger, last)
    assert {name: present for name, (present, _) in sides.items()} == {
        name: spent for name, (_, spent) in sides.items()
    }
    return sides


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(cases())
def test_littles_law_exactly_at_every_place_of_any_declaration_that_is_emptied(case: Case) -> None:
    last = case.days - 1
    network = watched(case.network, case.first + dt.timedelta(last))
    ledger = Run(replace(case, network=network).bind(), case.cells, case.seed).finish()
    holds(ledger, last)


def test_littles_law_exactly_at_every_place_of_the_clinic() -> None:
    last = clinic.DAYS - 1
    known = {path: v if isinstance(v, Dated) else Dated.always(v) for path, v in clinic.VALUES.items()}
    bound = bind(
        compile_network(watched(clinic.network(), clinic.FIRST + dt.timedelta(last))),
        known.__getitem__,
        first=clinic.FIRST,
        days=clinic.DAYS,
        calendars={"work": np.ones(clinic.DAYS, dtype=bool)},
    )
    sides = holds(Run(bound, clinic.cells(), 1).finish(), last)
    assert min(spent for _, spent in sides.values()) > 0


STEADY = {
    "servers": systems.waiting(4, 3, d.lognormal(6, 0.8), 0.0, daily.Comers(20, 0.012)),
    "few places": systems.waiting(4, 3, d.exponential(8), 0.0, daily.Comers(20, 0.02), 6),
    "calls": systems.losing(4, 12, d.lognormal(15, 1.0), daily.Comers(20, 0.02)),
    "classes": systems.ranked(4, d.exponential(4.0), [daily.Comers(10, 0.004)] * 3),
    "stations": systems.stations(
        3, (8, 12, 16), (1, 1, 2), [daily.Comers(10, 0.0025), daily.Comers(0, 0), daily.Comers(10, 0.0025)],
        ((0.0, 0.5, 0.2), (0.4, 0.0, 0.3), (0.25, 0.25, 0.1)),
    ),
}  # fmt: skip


ENDS = 0.05
"""Of the days in the window, what those have who are inside at its beginning or end."""


@pytest.mark.parametrize("name", STEADY)
def test_littles_law_at_every_place_in_a_steady_window_and_exactly_in_the_end(name: str) -> None:
    days = MOST_DAYS
    network = watched(STEADY[name], FIRST + dt.timedelta(days - 1))
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=FIRST, days=days)
    ledger = Run(bound, {"start": [network.starts[0].name], "count": [0]}, 1).finish()
    holds(ledger, days - 1)
    months = range(24, len(ledger.segments) - 1)
    first, last = ledger.span(months[0])[0], ledger.span(months[-1])[1]
    for place in days_inside(ledger, 0):
        spent = int(ledger.tally_where(INSIDE, {PLACE: place})[months].sum())
        assert spent == pytest.approx(int(ledger.stock[place][first:last].sum()), rel=ENDS)
    for line, served in ledger.served.items():
        present, waited = ledger.stock[line][first:last].sum(), ledger.waited[line][first:last].sum()
        assert served[first:last].sum() > 100
        if name != "stations":  # there some stand in the next line the night of their last service
            assert waited == pytest.approx(present, rel=ENDS)


@pytest.mark.parametrize("seed", [1, 2])
def test_littles_law_exactly_at_every_place_of_docket_ref(seed: int) -> None:
    first, days = docket_ref.FIRST_DAY, 500
    network = watched(docket_ref.network(), first + dt.timedelta(days - 1))
    bound = bind(
        compile_network(network),
        docket_ref.bind(2000, days).known,
        first=first,
        days=days,
    )
    sides = holds(Run(bound, docket_ref.cells(2000), seed).finish(), days - 1)
    assert len(sides) > 5


def test_littles_law_exactly_at_every_place_of_the_lifecycle() -> None:
    """Place by place: with the lifecycle's own traits there is one bit left in a person."""
    country = Simulator(load_scenario("one-million-first-year"), scale=Fraction(1, 3000))
    plain = country.bound(0)
    last, lived = plain.first + dt.timedelta(plain.days - 1), 0
    for place in places_of(country.program.network):
        bound = bind(
            compile_network(watched(country.program.network, last, [place])),
            plain.known,
            first=plain.first,
            days=plain.days,
            scale=plain.scale,
            calendars={"federal": working_days(plain.first, plain.days)},
        )
        ((_, spent),) = holds(Run(bound, country.stock, 1).finish(), plain.days - 1).values()
        lived += spent > 0
    assert lived > 20
