"""One server and any law of service: M/G/1, classes served in order (Cobham), and lines for slots of a day.

The means in days (`daily.waits`) are exact for any law of stay; they come to Pollaczek and Khinchine's and to
Cobham's as days get short.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from docketflow.core.quantity import Dated, Table
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.layout import MOST_DAYS

from . import daily, formulas, systems
from .findings import FIRST, Finding, ledgers

STAYS = {
    "fixed": d.fixed(3),
    "uniform": d.uniform(0, 8),
    "exponential": d.exponential(4),
    "lognormal": d.lognormal(2.5, 1.0),
}
LOADS = (0.5, 0.8, 0.95)
WARM = 4000
"""Days until an empty system has forgotten that it was: many times its relaxation time at these loads."""


def comers_at(load: float, work: float) -> daily.Comers:
    """Return callers of whom one in fifty comes, for a load."""
    tries = round(load / work / 0.02)
    return daily.Comers(tries, load / work / tries)


def served_one_by_one(kind: str, load: float, runs: int = 12, pace: float = 1.0) -> Finding:
    """Return what runs say of the mean wait in M/G/1; ``pace`` other than one is a fault on purpose."""
    copies, held = 16, daily.Holding.of(systems.days_of(STAYS[kind]))
    comers = comers_at(load, held.mean)
    network = systems.waiting(copies, 1, STAYS[kind], 0.0, daily.Comers(comers.tries, comers.share * pace))

    def cells(run: int) -> dict[str, list]:
        return {"start": ["start 0"], "count": [0]}

    waits = []
    for ledger in ledgers(network, runs, MOST_DAYS, cells):
        waited = sum(ledger.waited[f"line {n}"][WARM:].sum() for n in range(copies))
        waits.append(waited / sum(ledger.served[f"line {n}"][WARM:].sum() for n in range(copies)))
    return Finding(
        f"M/G/1, {kind} services, load {load}", "days waited", daily.waits([comers], [held])[0],
        np.array(waits), formulas.pollaczek_khinchine(comers.mean, held.mean, held.square),
    )  # fmt: skip


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("kind", STAYS)
def test_that_one_server_lets_people_wait_as_long_as_the_day_law_says(kind: str, load: float) -> None:
    served_one_by_one(kind, load).assert_within(2 if load < 0.9 else 8)


@pytest.mark.parametrize("pace", [0.97, 1.03])
def test_that_callers_of_one_server_three_per_cent_off_are_noticed(pace: float) -> None:
    assert abs(served_one_by_one("lognormal", 0.8, pace=pace).z) > 6


def off_pollaczek_khinchine(kind: str, load: float, finer: int) -> float:
    """Return how far the mean wait is off, in parts, when stays are counted in so small a part of a day."""
    held = daily.Holding.of(systems.days_of(STAYS[kind]) * finer - 1)
    comers = daily.Comers(100 * finer, load / held.mean / (100 * finer))
    textbook = formulas.pollaczek_khinchine(comers.mean, held.mean, held.square)
    return daily.waits([comers], [held])[0] / textbook - 1


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("kind", STAYS)
def test_that_the_day_law_of_one_server_comes_to_pollaczek_khinchine_as_days_get_short(kind, load) -> None:
    off = [abs(off_pollaczek_khinchine(kind, load, finer)) for finer in (10, 100, 1000)]
    assert off[2] < 0.001
    assert off[2] < 0.2 * off[1] < 0.2 * 0.2 * off[0]


RANKED = d.exponential(Table.of("class", {"first": 2.0, "second": 5.0, "third": 3.0}))
SHARES = (0.25, 0.25, 0.3)
"""Of the server's time that each class takes."""


def served_by_class(runs: int = 15, pace: float = 1.0) -> list[Finding]:
    """Return what runs say of each class's mean wait; ``pace`` other than one puts a fault in the first's."""
    copies, held = 16, systems.holding_by_class(RANKED)
    comers = [comers_at(load, h.mean) for load, h in zip(SHARES, held, strict=True)]
    faulty = [daily.Comers(comers[0].tries, comers[0].share * pace), *comers[1:]]

    def cells(run: int) -> dict[str, list]:
        return {"start": ["start"], "count": [0]}

    waits = []
    for ledger in ledgers(systems.ranked(copies, RANKED, faulty), runs, 12_000, cells):
        warm = next(k for k, (day, _) in enumerate(ledger.segments) if (day - FIRST).days > WARM)
        days, people = (
            sum(ledger.tally(f"{what} {n}")[warm:].sum(axis=0) for n in range(copies))
            for what in ("waited", "served")
        )
        waits.append(days / people)
    exact = daily.waits(comers, held)
    limit = formulas.cobham([c.mean for c in comers], [h.mean for h in held], [h.square for h in held])
    return [
        Finding(
            "three classes, one server", f"days waited, {name}", exact[k], np.array(waits)[:, k], limit[k]
        )
        for k, name in enumerate(systems.CLASSES)
    ]


def test_that_each_class_waits_as_long_as_the_day_law_says() -> None:
    for finding in served_by_class():
        finding.assert_within(2)


def test_that_a_first_class_that_comes_five_per_cent_more_is_noticed() -> None:
    assert max(abs(finding.z) for finding in served_by_class(pace=1.05)) > 4


def off_cobham(finer: int) -> np.ndarray:
    """Return how far each class's mean wait is off, in parts, at so small a part of a day."""
    held = [
        daily.Holding.of(systems.days_of(RANKED, **{"class": name}) * finer - 1) for name in systems.CLASSES
    ]
    comers = [
        daily.Comers(100 * finer, load / h.mean / (100 * finer)) for load, h in zip(SHARES, held, strict=True)
    ]
    textbook = formulas.cobham([c.mean for c in comers], [h.mean for h in held], [h.square for h in held])
    return np.array(daily.waits(comers, held)) / textbook - 1


def test_that_the_day_law_of_classes_comes_to_cobhams_as_days_get_short() -> None:
    off = [np.abs(off_cobham(finer)).max() for finer in (10, 100, 1000)]
    assert off[2] < 0.001
    assert off[2] < 0.2 * off[1] < 0.2 * 0.2 * off[0]


def callers_of_a_slot(runs: int = 10) -> Finding:
    """Return what runs say of a line for one slot a day, whose Poisson callers come out of a pool."""
    load, people = 0.8, 8000
    network = d.Network(
        "calls",
        nodes=[
            d.Rest("outside"),
            d.Wait("inside", effort="slots", then=d.to("outside", do=[d.join("callers")])),
        ],
        efforts=[d.Effort("slots", 1)],
        pools=[d.Pool("callers")],
        draws=[
            d.Draw("calls", "callers", exposure=load / people, then=d.to("inside", do=[d.new_episode()]))
        ],
        starts=[d.Start("at first", "outside", None, (d.join("callers"),))],
    )  # fmt: skip
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=FIRST, days=4000)
    cells = {"start": ["at first"], "count": [people]}
    means = [Run(bound, cells, k).finish().stock["inside"][400:].mean() for k in range(runs)]
    return Finding(
        "slots of a day, callers from a pool", "in line", load**2 / (2 * (1 - load)), np.array(means)
    )


def test_that_poisson_callers_from_a_pool_stand_in_line_as_pollaczek_and_khinchine_say() -> None:
    callers_of_a_slot().assert_within(10)


def findings(more: int = 1) -> Iterator[Finding]:
    """Yield everything that is held against an oracle here, from ``more`` times as many runs."""
    for kind in STAYS:
        for load in LOADS:
            yield served_one_by_one(kind, load, 12 * more)
    yield from served_by_class(15 * more)
    yield callers_of_a_slot(10 * more)
