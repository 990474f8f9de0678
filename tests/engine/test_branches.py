"""What a change may touch and what it may not: before its date, on another branch, in a steady state."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.core.quantity import Dated, p
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.declare import vocabulary as d

from . import clinic
from .networks import differences

JUNE = dt.date(2025, 6, 1)


@pytest.mark.parametrize(
    ("path", "factor"),
    [
        ("beds", 0.3), ("minutes", 0.5), ("arrivals", 2.0), ("ward.days", 0.5), ("home.share", 0.2),
        ("ward.share", 0.1), ("visit.minutes", 3.0), ("recall.exposure", 9.0),
    ],
)  # fmt: skip
def test_that_a_change_on_the_first_of_june_changes_nothing_before(path: str, factor: float) -> None:
    before = clinic.VALUES[path]
    after = (p("x") * factor).evaluate(lambda _: Dated.always(before)).at(1)
    changed = clinic.bind({path: Dated((1, JUNE.toordinal()), (before, after))})
    plain = Run(clinic.bind(), clinic.cells(), 11).finish()
    other = Run(changed, clinic.cells(), 11).finish()
    june = (JUNE - clinic.FIRST).days
    segments = [k for k, (_, end) in enumerate(plain.segments) if end < JUNE]
    for kind in (
        "stock",
        "held",
        "refused",
        "served",
        "waited",
        "spent",
        "taken",
        "arrived",
        "supply",
        "capacity",
    ):
        for name, line in getattr(plain, kind).items():
            assert np.array_equal(line[:june], getattr(other, kind)[name][:june])
    for name, cells in plain.tallies.items():
        assert np.array_equal(cells[segments], other.tallies[name][segments])
    assert differences(plain, other)


def _two_branches() -> d.Network:
    def branch(name: str) -> list[d.Node]:
        return [
            d.Stage(f"{name} stay", d.exponential(8), then=f"{name} line"),
            d.Wait(
                f"{name} line", effort=f"{name} slots",
                then=[
                    d.to(f"{name} home", share=0.5, do=[d.join("pool"), d.count("home")]),
                    d.to("left", do=[d.count("left")]),
                ],
            ),
            d.Rest(f"{name} home"),
        ]  # fmt: skip

    return d.Network(
        "two branches",
        traits=[d.Trait("side", ("east", "west")), d.Trait("mood", ("calm", "cross"))],
        nodes=[
            d.Decision("side", [d.to(f"{side} stay", when={"side": side}) for side in ("east", "west")]),
            *branch("east"), *branch("west"), d.End("left"),
        ],
        efforts=[d.Effort("east slots", p("east.slots")), d.Effort("west slots", 9)],
        pools=[d.Pool("pool")],
        draws=[
            d.Draw("recall", "pool", exposure=0.01, then=d.to("side", do=[d.new_episode(), d.count("back")]))
        ],
        arrivals=[
            d.Arrive("comes", 20, [d.to("side", share=0.4, do=[d.put("side", "west")]), d.to("side")]),
        ],
        starts=[
            d.Start("in stay", "east stay", "equilibrium"),
            d.Start("at home", "west home", None, (d.join("pool"),)),
        ],
        tallies=[d.Tally(name, ("side",)) for name in ("home", "left", "back")],
    )  # fmt: skip


def test_that_a_change_on_one_branch_leaves_the_people_of_another_as_they_were() -> None:
    program = compile_network(_two_branches())
    cells = {"start": ["in stay", "at home"], "side": ["east", "west"], "count": [200, 300]}

    def run(slots: float):
        bound = bind(program, {"east.slots": Dated.always(slots)}.__getitem__, first=clinic.FIRST, days=300)
        return Run(bound, cells, 2).finish()

    plain, other = run(12.0), run(4.0)
    for name in ("west stay", "west line", "west home"):
        assert np.array_equal(plain.stock[name], other.stock[name])
    for tally in ("home", "left", "back"):
        assert np.array_equal(plain.tally(tally)[:, 1], other.tally(tally)[:, 1])
        assert not np.array_equal(plain.tally(tally)[:, 0], other.tally(tally)[:, 0])


def test_that_more_effort_takes_a_superset_of_the_same_people_from_a_pool() -> None:
    network = d.Network(
        "search",
        traits=[d.Trait("person", tuple(f"p{k}" for k in range(50)))],
        nodes=[d.Rest("at large"), d.End("found")],
        efforts=[d.Effort("hours", p("hours"))],
        pools=[d.Pool("pool")],
        draws=[
            d.Draw(
                "find", "pool", effort="hours", cost=2,
                then=d.to("found", do=[d.new_episode(), d.count("found")]),
            )
        ],
        starts=[d.Start("start", "at large", None, (d.join("pool"),))],
        tallies=[d.Tally("found", ("person",))],
    )  # fmt: skip
    cells = {"start": ["start"] * 50, "person": [f"p{k}" for k in range(50)], "count": [1] * 50}
    found = []
    for hours in (0.5, 1.0, 3.0):
        bound = bind(
            compile_network(network), lambda _, h=hours: Dated.always(h), first=clinic.FIRST, days=25
        )
        ledger = Run(bound, cells, 4).finish()
        assert ledger.spent["hours"].sum() == 2 * ledger.taken["find"].sum()
        found.append(ledger.tally("found").sum(axis=0) > 0)
    assert [int(some.sum()) for some in found] == [6, 12, 37]
    assert (found[0] <= found[1]).all()
    assert (found[1] <= found[2]).all()


LAWS = {
    "exponential": d.exponential(16.0),
    "lognormal": d.lognormal(20.0, 0.8),
    "uniform": d.uniform(2.0, 40.0),
    "fixed": d.fixed(9.0),
}


def in_and_out(law: d.Law, per_day: d.Number) -> d.Network:
    """Return a stage into which people flow: a queue with as many servers as people."""
    return d.Network(
        "in and out",
        nodes=[d.Stage("in", law, then="out"), d.End("out")],
        arrivals=[d.Arrive("comes", per_day, "in")],
        starts=[d.Start("inside", "in", "equilibrium")],
    )


def table_of(law: d.Law) -> np.ndarray:
    """Return a law's days."""
    return quantiles(law.kind, tuple(float(v) for v in law.parameters), 0.0, "a test").astype(int)


@pytest.mark.parametrize("name", LAWS)
def test_that_a_model_started_in_equilibrium_stays_there_in_mean_and_variance(name: str) -> None:
    law, per_day, seeds = LAWS[name], 64, 60
    table = table_of(law)
    stock = round(per_day * table.mean())
    bound = bind(
        compile_network(in_and_out(law, per_day)), lambda _: Dated.always(0.0), first=clinic.FIRST, days=150
    )
    cells = {"start": ["inside"], "count": [stock]}
    lines = np.array([Run(bound, cells, seed).finish().stock["in"] for seed in range(seeds)])
    ages = np.arange(1, table.max() + 2)
    longer = (table[:, None] >= ages).mean(axis=0)  # chance to be inside still, by days since entry
    residual = np.array([longer[day:].sum() for day in range(150)]) / longer.sum()
    for day in (0, 1, 5, 20, 60, 149):
        late = longer[: day + 1]
        variance = per_day * (late * (1 - late)).sum()
        gone = residual[day + 1] if day + 1 < 150 else 0.0
        variance += stock * gone * (1 - gone)
        error = np.sqrt(max(variance, 1.0) / seeds)
        assert abs(lines[:, day].mean() - per_day * table.mean()) < 4 * error + 1
        if variance > 5:
            assert 0.45 < lines[:, day].var(ddof=1) / variance < 1.9


def test_that_the_mean_follows_a_change_of_inflow_as_theory_says() -> None:
    law, seeds, change = LAWS["lognormal"], 40, 30
    starts = (1, clinic.FIRST.toordinal() + change)
    bound = bind(
        compile_network(in_and_out(law, p("inflow"))),
        lambda _: Dated(starts, (10.0, 40.0)),
        first=clinic.FIRST,
        days=120,
    )
    cells = {"start": ["inside"], "count": [0]}
    lines = np.array([Run(bound, cells, seed).finish().stock["in"] for seed in range(seeds)])
    inflow = np.where(np.arange(120) < change, 10, 40)
    longer = (table_of(law)[:, None] >= np.arange(1, 121)).mean(axis=0)
    for day in (10, 29, 40, 70, 119):
        chance = longer[: day + 1][::-1]
        mean, variance = (inflow[: day + 1] * chance).sum(), (inflow[: day + 1] * chance * (1 - chance)).sum()
        assert abs(lines[:, day].mean() - mean) < 4 * np.sqrt(variance / seeds)
