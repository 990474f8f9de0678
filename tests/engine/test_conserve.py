"""People, spaces and efforts add up every day; if not, one line says when, where and by how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given

from docketflow.core.errors import ConservationError
from docketflow.core.quantity import Dated
from docketflow.engine import bind, compile_network
from docketflow.engine import layout as at
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect import recount
from docketflow.engine.run.machine import Run
from docketflow.engine.run.totals import records

from . import clinic
from .networks import Case, cases, differences
from .test_twin import examples

DAY = 40


def column(run: Run, slot: int, kind: str, name: str) -> int:
    """Return where a number stands in a row of the books."""
    program = run.bound.program
    number = program.index[name] if kind == "node" else program.order[kind][name]
    return int(run.mem[slot] - run.mem[at.H_STOCK]) + number


def spoil_stock(run: Run) -> None:
    run._row[column(run, at.H_STOCK, "node", "ward")] += 1


def spoil_beds(run: Run) -> None:
    run._row[column(run, at.H_HELD, "space", "beds")] += 1


def drop_person(run: Run) -> None:
    """Move somebody on without telling the books."""
    words, ward, left = (
        records(run)[:, 0],
        *(run.bound.program.index[n] for n in ("ward", "left")),
    )
    who = int(np.flatnonzero((words & np.uint64(0xFFFF)) == ward)[0])
    words[who] = words[who] & ~np.uint64(0xFFFF) | np.uint64(left)


def lose_ticket(run: Run) -> None:
    """Make the place in line of somebody untrue."""
    words, line = records(run)[:, 0], run.bound.program.index["line"]
    who = int(np.flatnonzero((words & np.uint64(0xFFFF)) == line)[-1])
    words[who] += np.uint64(1 << 16)


@pytest.mark.parametrize(
    ("spoil", "stage", "resource", "amount"),
    [
        (spoil_stock, "ward", "people", 1),
        (spoil_beds, "door", "beds", 1),
        (drop_person, "ward", "people", 1),
        (lose_ticket, "line", "line", 1),
    ],
)
def test_that_a_recount_names_the_day_the_stage_the_resource_and_by_how_much(
    spoil: Callable[[Run], None], stage: str, resource: str, amount: int
) -> None:
    run = recount.watch(Run(clinic.bind(), clinic.cells(), 1), DAY)
    spoil(run)
    with pytest.raises(ConservationError) as found:
        recount.watch(run)
    error = found.value
    assert (error.stage, error.resource, error.amount) == (stage, resource, amount)
    assert error.date in (clinic.FIRST + dt.timedelta(DAY - 1), clinic.FIRST + dt.timedelta(DAY))
    for word in (stage, resource, str(error.date), "1 too many"):
        assert word in str(error)
    assert "\n" not in str(error)


def test_that_totals_alone_name_the_day_and_stage_of_one_too_many_people() -> None:
    run = Run(clinic.bind(), clinic.cells(), 1).advance(DAY)
    spoil_stock(run)
    with pytest.raises(ConservationError) as found:
        run.finish()
    assert str(found.value).startswith(
        "'clinic' does not add up on 2025-04-19 at the stage 'ward' in 'people'"
    )
    assert found.value.date == clinic.FIRST + dt.timedelta(DAY)


@pytest.mark.parametrize(("slot", "kind", "name", "amount", "stage"), [
    (at.H_STOCK, "node", "ward", 1, "a recount each day names it"),
    (at.H_STOCK, "node", "line", -1, "a recount each day names it"),
    (at.H_HELD, "space", "beds", 61, "door"),
    (at.H_SPENT, "effort", "minutes", 5000, "line or recall"),
    (at.H_SPENT, "effort", "minutes", -5000, "line or recall"),
])  # fmt: skip
def test_that_totals_name_the_day_of_a_wrong_entry_in_the_books(
    slot: int, kind: str, name: str, amount: int, stage: str
) -> None:
    run = Run(clinic.bind(), clinic.cells(), 1)
    run.finish()
    run.daily[DAY, column(run, slot, kind, name)] += amount
    with pytest.raises(ConservationError) as found:
        run.conserved.check(run, 0)
    error = found.value
    assert error.date == clinic.FIRST + dt.timedelta(DAY) and stage in error.stage
    assert error.resource == ("people" if kind == "node" else name)
    assert (error.amount > 0) == (amount > 0)


def _seats(per_day: float, cost: int) -> Run:
    network = d.Network(
        "seats",
        nodes=[d.Wait("queue", effort="seats", cost=cost, then="gone"), d.End("gone")],
        efforts=[d.Effort("seats", per_day)],
        arrivals=[d.Arrive("comes", 3, "queue")],
        starts=[d.Start("begins", "queue")],
    )
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=clinic.FIRST, days=60)
    return Run(bound, {"start": ["begins"], "count": [500]}, 1)


@pytest.mark.parametrize("amount", [1, -1])
def test_that_a_minute_too_much_or_too_little_is_found_where_all_cost_the_same(amount: int) -> None:
    run = _seats(8.5, 1)
    run.finish()
    run.daily[DAY, column(run, at.H_SPENT, "effort", "seats")] += amount
    with pytest.raises(
        ConservationError,
        match=f"2025-04-19 at the stage 'queue' in 'seats'.*1 too {'many' if amount > 0 else 'few'}",
    ):
        run.conserved.check(run, 0)


def test_that_a_recount_finds_a_minute_spent_twice_and_carried_over() -> None:
    run = recount.watch(_seats(7, 3), DAY)  # two served, one seat carried
    run.mem[run.mem[at.H_LEFT]] += 3
    before = run.mem[run.mem[at.H_LEFT]] - 3
    run.advance(DAY + 1)
    with pytest.raises(ConservationError, match=r"in 'seats': .* kept, .* to spend \(3 too many\)"):
        recount._recount_efforts(run, np.array([before]))


def test_that_a_fall_of_capacity_is_no_fault() -> None:
    fall = clinic.FIRST.toordinal() + DAY
    beds = Dated((1, fall), (60.0, 10.0))
    books = recount.watch(Run(clinic.bind({"beds": beds}), clinic.cells(), 1)).ledger()
    assert books.held["beds"][DAY] > books.capacity["beds"][DAY] == 10


@examples
@given(cases())
def test_that_any_declaration_adds_up_by_recount_every_day_and_looking_changes_nothing(case: Case) -> None:
    bound = case.bind()
    watched = recount.watch(Run(bound, case.cells, case.seed)).ledger()
    assert not differences(Run(bound, case.cells, case.seed).finish(), watched)
