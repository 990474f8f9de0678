"""Where counters wrap, heaps fill and the calendar grows, the machine equals its twin without limits."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.core.errors import DeclarationError
from docketflow.core.quantity import Dated, p
from docketflow.engine import Run, bind, compile_network, layout
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.reference import run as slowly

from .clinic import FIRST
from .networks import differences

AGAIN = [d.new_round(), d.join("pool")]


def _nothing(path: str) -> Dated:
    return Dated.always(0.0)


def test_that_a_clock_that_restarts_for_ever_never_takes_an_old_entry_for_its_own() -> None:
    """A lane's version has 12 bits: it passes every value while long entries are pending."""
    network = d.Network(
        "restarts",
        nodes=[d.Rest("here"), d.End("gone")],
        clocks=[
            d.Clock(
                "often", "lane", d.fixed(1),
                d.to(d.STAY, do=[d.new_round(), d.start("late"), d.start("often")]),
            ),
            d.Clock("late", "lane", d.fixed(3900), d.to("gone", do=[d.new_round(), d.count("late")])),
        ],
        starts=[d.Start("start", "here", None, (d.start("often"),))],
        tallies=[d.Tally("late")],
    )  # fmt: skip
    bound = bind(compile_network(network), _nothing, first=FIRST, days=4500)
    ledger = Run(bound, {"start": ["start"], "count": [3]}, 1).finish()
    assert not differences(ledger, slowly(bound, {"start": ["start"], "count": [3]}, 1))
    assert ledger.stock["here"][-1] == 3
    assert ledger.timers.sum() == 3 * 4499


def test_that_a_place_entered_many_thousand_times_keeps_its_line() -> None:
    """The version of a place has 16 bits: two persons pass it over 65,536 times."""
    network = d.Network(
        "rounds",
        nodes=[
            d.Rest("here"),
            d.Wait("line", effort="slots", then=d.to("here", do=AGAIN)),
            d.End("gone"),
        ],
        efforts=[d.Effort("slots", 1), d.Effort("calls", 40)],
        pools=[d.Pool("pool")],
        draws=[
            d.Draw(
                "call", "pool", effort="calls",
                then=[d.to("here", share=0.99, do=AGAIN), d.to("line", do=[d.new_round()])],
            )
        ],
        starts=[d.Start("start", "here", None, (d.join("pool"),))],
    )  # fmt: skip
    bound = bind(compile_network(network), _nothing, first=FIRST, days=3600)
    cells = {"start": ["start"], "count": [2]}
    ledger = Run(bound, cells, 1).finish()
    assert ledger.taken["call"].sum() > 2 * 65_536
    assert np.array_equal(ledger.stock["here"] + ledger.stock["line"], np.full(3600, 2))
    assert np.array_equal(ledger.spent["calls"], ledger.taken["call"])


def test_that_a_full_pool_is_compacted_without_losing_anybody() -> None:
    network = d.Network(
        "rejoining",
        traits=[d.Trait("mood", ("calm", "cross"))],
        nodes=[d.Rest("here"), d.Stage("away", d.fixed(3), d.to("here", do=[d.new_round(), d.join("pool")]))],
        pools=[d.Pool("pool")],
        clocks=[
            d.Clock("again", "lane", d.fixed(1), d.to(d.STAY, do=[*AGAIN, d.start("again")]))
        ],
        draws=[
            d.Draw("often", "pool", d.to("away", do=[d.new_episode()]), exposure=0.002),
            d.Draw("seldom", "pool", d.to("away", do=[d.new_episode()]), exposure=0.0001),
        ],
        starts=[d.Start("start", "here", None, (d.join("pool"), d.start("again")))],
    )  # fmt: skip
    bound = bind(compile_network(network), _nothing, first=FIRST, days=150)
    cells = {"start": ["start"], "count": [120]}
    ledger = Run(bound, cells, 1).finish()
    assert ledger.taken["often"].sum() > 10
    assert not differences(ledger, slowly(bound, cells, 1))


def test_that_the_calendar_grows_when_people_leave_many_old_entries_in_it() -> None:
    network = d.Network(
        "stale",
        nodes=[d.Rest("here"), d.Wait("closed", effort="none", then="gone"), d.End("gone")],
        efforts=[d.Effort("none", p("none"))],
        clocks=[
            d.Clock(
                "daily", "first", d.fixed(1),
                d.to("closed", do=[d.new_round(), d.start("daily"), d.start("review")]),
            ),
            d.Clock("review", "second", d.fixed(3000), d.to("gone", do=[d.new_round()])),
        ],
        starts=[d.Start("start", "here", None, (d.start("daily"),))],
    )  # fmt: skip
    bound = bind(compile_network(network), _nothing, first=FIRST, days=200)
    run = Run(bound, {"start": ["start"], "count": [30_000]}, 1)
    size = len(run.chunk)
    ledger = run.finish()
    assert len(run.chunk) > size
    assert ledger.stock["closed"][-1] == 30_000
    assert ledger.timers[1:].tolist() == [30_000] * 199


def test_that_a_trickle_into_a_closed_line_fills_chunks_before_it_opens_others() -> None:
    network = d.Network(
        "trickle",
        nodes=[d.Wait("closed", effort="none", then="gone"), d.End("gone")],
        efforts=[d.Effort("none", 0)],
        arrivals=[d.Arrive("comes", 1, "closed")],
        starts=[d.Start("start", "closed")],
    )
    bound = bind(compile_network(network), _nothing, first=FIRST, days=1000)
    run = Run(bound, {"start": ["start"], "count": [1]}, 1)
    run.finish()
    assert run.mem[layout.NEXT_CHUNK] < 10


def test_that_starting_lines_are_in_order_of_age_and_then_of_luck_not_of_cells() -> None:
    network = d.Network(
        "line",
        traits=[d.Trait("cell", ("first", "second"))],
        nodes=[d.Wait("line", effort="slots", then=d.to("gone", do=[d.count("served")])), d.End("gone")],
        efforts=[d.Effort("slots", 10)],
        starts=[d.Start("young", "line", d.fixed(5)), d.Start("old", "line", d.fixed(50))],
        tallies=[d.Tally("served", ("cell",))],
    )
    cells = {
        "start": ["young", "young", "old"],
        "cell": ["first", "second", "second"],
        "count": [200, 200, 100],
    }
    bound = bind(compile_network(network), _nothing, first=FIRST, days=20)
    run = Run(bound, cells, 1)
    assert run.advance(10).ledger().waited["line"].sum() == 10 * (50 * 10 + 45)  # the old first
    ledger = run.finish()
    first, second = ledger.tally("served").sum(axis=0)
    assert first + second == 200
    assert abs(first - 50) < 4 * np.sqrt(25)  # then the young of both cells alike
    assert not differences(ledger, slowly(bound, cells, 1))


def test_that_a_cohort_event_on_the_first_day_finds_the_days_capacity() -> None:
    network = d.Network(
        "call",
        nodes=[d.Rest("home"), d.Gate("door", "beds", "inside", "home"), d.Rest("inside"), d.End("gone")],
        spaces=[d.Space("beds", 7)],
        events=[d.On("call", FIRST, d.to("door"), ("home",))],
        starts=[d.Start("start", "home")],
    )
    bound = bind(compile_network(network), _nothing, first=FIRST, days=2)
    ledger = Run(bound, {"start": ["start"], "count": [20]}, 1).finish()
    assert ledger.held["beds"].tolist() == [7, 7]
    assert ledger.refused["beds"].tolist() == [13, 0]


def test_that_a_run_longer_than_an_identity_can_tell_days_apart_is_refused() -> None:
    """The day of arrival has 14 bits in an identity: after 16,384 days those who come have old luck again."""
    network = d.Network(
        "long",
        nodes=[d.Rest("here"), d.End("gone")],
        arrivals=[d.Arrive("comes", 1, "gone")],
        starts=[d.Start("start", "here")],
    )
    with pytest.raises(DeclarationError, match="1 to 16384 days"):
        bind(compile_network(network), _nothing, first=FIRST, days=16_385)
