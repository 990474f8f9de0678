"""Pools under strain: who rejoins for ever, great weights, weights that wake up, runs that are resumed."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import njit

from docketflow.core.errors import EngineError
from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import Run, bind, compile_network, layout
from docketflow.engine.compile.bound import Bound
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.reference import run as slowly
from docketflow.engine.run import paused
from docketflow.engine.run.kernel import pools

from .clinic import FIRST
from .networks import differences

AGAIN = [d.new_round(), d.join("pool")]
OUT = d.to("gone", do=[d.new_episode()])
HERE = d.Start("start", "here", None, (d.join("pool"),))


def bound(nodes: list[d.Node], known: dict[str, Dated], days: int, **parts: Any) -> Bound:
    network = d.Network("strain", nodes=nodes, pools=[d.Pool("pool")], **parts)
    return bind(compile_network(network), known.__getitem__, first=FIRST, days=days)


def cells(count: int, **traits: str) -> dict[str, list[Any]]:
    return {"start": ["start"], "count": [count], **{name: [value] for name, value in traits.items()}}


def test_that_whoever_may_be_due_in_a_window_is_looked_at_however_wide_it_is() -> None:
    """In one as wide as all luck everybody may be due: its bound once came round to nought."""
    luck_due = njit(lambda inverse, wide: pools.luck_due(inverse, wide))  # it is called by what is compiled
    far_off = njit(lambda luck, inverse, wide: pools.far_off(luck, inverse, wide))
    for inverse, wide in itertools.product(
        (1, 3, 64, 65_536, 65_537, 1 << 28), (1 << at for at in range(57))
    ):
        for width in {wide, wide - 1, wide + 1, inverse << 16, (inverse << 16) - 1} - {0}:
            due = int(luck_due(inverse, width))
            for luck in {0, (1 << 64) - 1, 1 << 63, due, (due - 1) % (1 << 64)}:
                assert (luck >= due) == (not far_off(np.uint64(luck), inverse, width))


def test_that_people_taken_again_and_again_for_years_are_each_due_once_in_another_draw() -> None:
    """Versions of 12 bits come round, so that entries of long ago hold again: as one, not as hundreds."""
    years = 3000
    wakes = Dated((1, FIRST.toordinal() + years), (0.0, 0.05))
    made = bound(
        [d.Rest("here"), d.End("gone")], {"x": wakes}, years + 90,
        efforts=[d.Effort("calls", 400)],
        draws=[
            d.Draw("often", "pool", d.to("here", do=AGAIN), effort="calls"),
            d.Draw("late", "pool", OUT, weight=256.0, exposure=p("x")),
        ],
        starts=[HERE],
    )  # fmt: skip
    run = Run(made, cells(10), 1)
    assert run.finish().taken["late"].sum() == 10
    room = int(run.mem[int(run.mem[layout.H_DRAWS_AT]) + layout.HEAP_ROOM])
    assert (run.pooled[:, layout.RUN_END] + run.pooled[:, layout.LATE]).max() <= room


def test_that_the_memory_of_a_pool_does_not_grow_with_those_who_rejoin_it_daily() -> None:
    stay = d.Stage("here", d.fixed(1), then=d.to("here", do=AGAIN))
    draws = [d.Draw("never", "pool", OUT, weight=4.0, exposure=0.0)]
    run = Run(bound([stay, d.End("gone")], {}, 400, draws=draws, starts=[HERE]), cells(5000), 1)
    before = len(run.chunk)
    run.finish()
    assert len(run.chunk) == before


def test_that_hundreds_who_join_two_pools_in_one_batch_are_entered_as_if_one_by_one() -> None:
    """More than are entered at once, twice over; some are taken again in the batch's own slot."""
    again = d.to("here", do=[d.new_round(), d.join("pool"), d.join("other")])
    made = bind(
        compile_network(
            d.Network(
                "strain",
                nodes=[d.Rest("here"), d.End("gone")],
                pools=[d.Pool("pool"), d.Pool("other")],
                efforts=[d.Effort("calls", 300), d.Effort("visits", 150)],
                draws=[
                    d.Draw("called", "pool", again, effort="calls"),
                    d.Draw("visited", "other", again, weight=3.0, effort="visits"),
                    d.Draw("often", "other", again, weight=40.0, exposure=0.01),
                    d.Draw("once", "pool", OUT, exposure=0.005),
                ],
                starts=[d.Start("start", "here", None, (d.join("pool"), d.join("other")))],
            )
        ),
        {}.__getitem__,
        first=FIRST,
        days=15,
    )
    ledger = Run(made, cells(700), 1).finish()
    assert min(int(days.sum()) for days in ledger.taken.values()) > 20
    assert not differences(ledger, slowly(made, cells(700), 1))


def test_that_a_day_too_full_for_the_memory_ends_in_an_error() -> None:
    """One effort takes a thousand people 300 times a day; each rejoins nine draws of great weight."""
    often = d.Draw("often", "pool", d.to("here", do=AGAIN), effort="calls")
    heavy = [d.Draw(f"draw {k}", "pool", OUT, weight=300.0, exposure=1e-7) for k in range(9)]
    made = bound(
        [d.Rest("here"), d.End("gone")], {}, 5,
        efforts=[d.Effort("calls", 300_000.0)], draws=[often, *heavy], starts=[HERE],
    )  # fmt: skip
    with pytest.raises(EngineError, match="calendar is full"):
        Run(made, cells(1000), 1).finish()


def test_that_everyone_may_be_due_in_many_draws_at_once() -> None:
    draws = [d.Draw(f"draw {k}", "pool", OUT, weight=1000.0, exposure=1e-6) for k in range(10)]
    made = bound([d.Rest("here"), d.End("gone")], {}, 3, draws=draws, starts=[HERE])
    ledger = Run(made, cells(200_000), 1).finish()
    assert 0 < sum(int(days.sum()) for days in ledger.taken.values()) < 200_000


@pytest.mark.parametrize("before", [0.0, 1 / 1024])
def test_that_a_weight_that_wakes_up_on_a_date_is_seen_that_day(before: float) -> None:
    weight = Dated((1, FIRST.toordinal() + 30), (before, 1.0))
    draws = [d.Draw("draw", "pool", OUT, weight=p("w"), exposure=0.3)]
    made = bound([d.Rest("here"), d.End("gone")], {"w": weight}, 100, draws=draws, starts=[HERE])
    ledger = Run(made, cells(1000), 1).finish()
    assert ledger.taken["draw"][:30].sum() < 20
    assert ledger.taken["draw"].sum() == 1000
    assert not differences(ledger, slowly(made, cells(1000), 1))


@pytest.mark.parametrize("day", [1, 10])
def test_that_those_whom_an_event_makes_eligible_are_taken(day: int) -> None:
    weight = Table({"called": ("no", "yes")}, np.array([0.0, 1.0]))
    call = d.to(d.STAY, do=[d.put("called", "yes"), d.new_round()])
    made = bound(
        [d.Rest("here"), d.End("gone")], {}, 120,
        traits=[d.Trait("called", ("no", "yes"))],
        draws=[d.Draw("draw", "pool", OUT, weight=weight, exposure=0.1)],
        events=[d.On("call", FIRST + dt.timedelta(day), call)],
        starts=[HERE],
    )  # fmt: skip
    ledger = Run(made, cells(1000, called="no"), 1).finish()
    assert ledger.taken["draw"].sum() == 1000
    assert not differences(ledger, slowly(made, cells(1000, called="no"), 1))


def test_that_a_draw_after_a_few_among_many_finds_all_whose_trait_becomes_theirs() -> None:
    """Its list of them: made anew when weights change, told of who is changed or comes, long at the end."""
    kind = d.Trait("kind", ("some", "few", "others"))
    table = Table({"kind": ("some", "few", "others")}, np.array([0.0, 1.0, 0.0]))
    wider = Table({"kind": ("some", "few", "others")}, np.array([1.0, 1.0, 0.0]))
    later = Dated((1, FIRST.toordinal() + 60), (table, wider))
    taken = d.to("taken", do=[d.new_round()])
    made = bound(
        [
            d.Rest("here"),
            d.Stage("turns", d.exponential(30), d.to("turned", do=AGAIN)),
            d.Decision("turned", [d.to("here", share=0.5, do=[d.put("kind", "few")]), d.to("here")]),
            d.Decision("taken", [
                d.to("here", when={"kind": "few"}, share=0.7, do=[d.put("kind", "others"), *AGAIN]),
                d.to("turns", when={"kind": ["some", "few", "others"]}, do=AGAIN),
            ]),
        ],
        {"weight": later}, 120, traits=[kind],
        arrivals=[d.Arrive("come", 3, d.to("turns", do=[d.put("kind", "few"), d.join("pool")]))],
        draws=[d.Draw("hurried", "pool", taken, weight=p("weight"), exposure=0.3)],
        starts=[HERE, d.Start("other", "turns", None, (d.join("pool"),))],
    )  # fmt: skip
    people = {
        "start": ["start", "start", "other"],
        "count": [3000, 150, 40],
        "kind": ["others", "few", "some"],
    }
    run = Run(made, people, 1)
    assert run.advance(50).pooled[0, layout.ABLE] & 0b111 == 0b010
    assert not differences(run.finish(), slowly(made, people, 1))


def test_that_a_run_can_be_resumed_with_fewer_to_come(tmp_path: Path) -> None:
    def made(inflow: Dated) -> Bound:
        return bound(
            [d.Stage("here", d.fixed(1), then=d.to("here", do=AGAIN)), d.End("gone")], {"x": inflow}, 120,
            draws=[d.Draw("draw", "pool", OUT, weight=1000.0, exposure=0.0)],
            arrivals=[d.Arrive("come", p("x"), d.to("here", do=[d.join("pool")]))],
            starts=[HERE],
        )  # fmt: skip

    ends = Dated((1, FIRST.toordinal() + 60), (100.0, 0.0))
    paused.save(Run(made(Dated.always(100.0)), cells(10), 1).advance(60), tmp_path / "run")
    resumed = paused.resume(tmp_path / "run", made(ends)).finish()
    assert not differences(resumed, Run(made(ends), cells(10), 1).finish())
