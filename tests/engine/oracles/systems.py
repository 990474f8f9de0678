"""The oracles' systems as declarations: several independent copies of each in one network.

A copy is told by the number after its names. Nobody's luck is shared between copies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from docketflow.core.quantity import Dated, Table
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.declare import vocabulary as d

from .daily import Comers, Holding

GONE = d.End("gone")


def days_of(law: d.Law, **by_trait: str) -> np.ndarray:
    """Return the 1,024 equally likely numbers of days of a law, of one trait's value if it has tables."""
    numbers = [
        float(n.data[n.axes[trait].index(value)]) if isinstance(n, Table) else float(n)  # type: ignore[arg-type]
        for n in law.parameters
        for trait, value in (by_trait or {"": ""}).items()
    ]
    return quantiles(law.kind, tuple(numbers), 0.0, "an oracle").astype(np.int64)


def memoryless(work: float) -> tuple[d.Law, float, float]:
    """Return a stay, the share who need none, and the chance a day that a server held so comes free.

    A service takes its day; a share leave with it and the others stay a geometric number of days more, so
    that the whole is geometric with mean ``work``. An exponential law in whole days is geometric, but for
    the end of its table of 1,024: the chance a day is that of the table's mean.
    """
    law = d.exponential(-1 / math.log1p(-1 / work))
    more = float(days_of(law).mean())
    return law, 1 / more, 1 / more


def thinned(comers: Comers, target: str) -> list[d.To]:
    """Return the ways of those who may come: some do."""
    return [d.to(target, share=comers.share), d.to("gone")]


def waiting(copies: int, servers: int, stay: d.Law, at_once: float, comers: Comers,
            places: int | None = None) -> d.Network:  # fmt: skip
    """Declare lines for servers, each held from the start of a service to its end.

    With ``places`` who finds none free is refused. A day's people then first walk for a day, because those
    who leave on a day must leave their places before it is found out who gets one.
    """
    nodes: list[d.Node] = []
    for n in range(copies):
        served = d.to(f"service {n}")
        then = [d.to("gone", share=at_once), served] if at_once else [served]
        nodes += [
            d.Decision(f"door {n}", thinned(comers, f"walk {n}" if places else f"line {n}")),
            d.Wait(f"line {n}", space=f"servers {n}", then=then),
            d.Stage(f"service {n}", stay, then="gone"),
        ]
        if places:
            nodes += [
                d.Stage(f"walk {n}", d.fixed(1), then=f"room {n}"),
                d.Gate(f"room {n}", f"places {n}", free=f"line {n}", full="gone"),
            ]
    spaces = [d.Space(f"servers {n}", servers) for n in range(copies)]
    spaces += [d.Space(f"places {n}", places) for n in range(copies) if places]
    return d.Network(
        "waiting", nodes=[*nodes, GONE], spaces=spaces,
        arrivals=[d.Arrive(f"comes {n}", comers.tries, f"door {n}") for n in range(copies)],
        starts=[
            d.Start(f"start {n}", f"line {n}", None, (d.take(f"places {n}"),) if places else ())
            for n in range(copies)
        ],
    )  # fmt: skip


def losing(copies: int, lines: int, call: d.Law, comers: Comers) -> d.Network:
    """Declare a loss system: who finds no line free is gone."""
    nodes: list[d.Node] = []
    for n in range(copies):
        nodes += [
            d.Decision(f"door {n}", thinned(comers, f"walk {n}")),
            d.Stage(f"walk {n}", d.fixed(1), then=f"try {n}"),
            d.Gate(f"try {n}", f"lines {n}", free=f"call {n}", full="gone"),
            d.Stage(f"call {n}", call, then="gone"),
        ]
    return d.Network(
        "losing", nodes=[*nodes, GONE], spaces=[d.Space(f"lines {n}", lines) for n in range(copies)],
        arrivals=[d.Arrive(f"comes {n}", comers.tries, f"door {n}") for n in range(copies)],
        starts=[d.Start(f"start {n}", f"call {n}", None, (d.take(f"lines {n}"),)) for n in range(copies)],
    )  # fmt: skip


CLASSES = ("first", "second", "third")


def ranked(copies: int, stay: d.Law, comers: Sequence[Comers]) -> d.Network:
    """Declare one server for three classes, the first served first, no service broken off."""
    nodes: list[d.Node] = []
    arrivals = []
    for n in range(copies):
        done = [d.count_days(f"waited {n}", "first"), d.count(f"served {n}")]
        nodes += [
            d.Wait(
                f"line {n}", space=f"servers {n}", then=d.to(f"service {n}", do=done),
                priority=Table.of("class", {name: k for k, name in enumerate(CLASSES)}),
            ),
            d.Stage(f"service {n}", stay, then="gone"),
        ]  # fmt: skip
        for name, some in zip(CLASSES, comers, strict=True):
            way = d.to(f"line {n}", share=some.share, do=[d.put("class", name), d.mark("first")])
            arrivals.append(d.Arrive(f"{name} {n}", some.tries, [way, d.to("gone")]))
    return d.Network(
        "ranked", traits=[d.Trait("class", CLASSES)], nodes=[*nodes, GONE],
        spaces=[d.Space(f"servers {n}", 1) for n in range(copies)], arrivals=arrivals,
        starts=[d.Start("start", "line 0")],
        tallies=[d.Tally(f"{what} {n}", ("class",)) for what in ("waited", "served") for n in range(copies)],
    )  # fmt: skip


def holding_by_class(stay: d.Law) -> list[Holding]:
    """Return how long each class of `ranked` holds the server."""
    return [Holding.of(days_of(stay, **{"class": name})) for name in CLASSES]


def unlimited(stay: d.Law, inflow: d.Number, share: float = 1.0) -> d.Network:
    """Declare a stage that everybody enters at once."""
    return d.Network(
        "unlimited", nodes=[d.Decision("door", thinned(Comers(1, share), "inside")),
                            d.Stage("inside", stay, then="gone"), GONE],
        arrivals=[d.Arrive("comes", inflow, "door")], starts=[d.Start("start", "inside")],
    )  # fmt: skip


def by_day(values: np.ndarray, first: int) -> Dated:
    """Return an inflow that is another number every day."""
    return Dated(tuple(first + k for k in range(len(values))), tuple(float(v) for v in values))


def stations(copies: int, works: Sequence[float], servers: Sequence[int], outside: Sequence[Comers],
             routes: Sequence[Sequence[float]]) -> d.Network:  # fmt: skip
    """Declare an open network of stations with feedback: memoryless services, then another station or out."""
    nodes: list[d.Node] = []
    arrivals, spaces, starts = [], [], []
    for n in range(copies):
        for i, work in enumerate(works):
            stay, at_once, _ = memoryless(work)
            again = [d.release(f"servers {i} {n}"), d.new_round()]
            ways = [d.to(f"line {j} {n}", share=r, do=again) for j, r in enumerate(routes[i]) if r]
            nodes += [
                d.Wait(
                    f"line {i} {n}", space=f"servers {i} {n}",
                    then=[d.to(f"leave {i} {n}", share=at_once), d.to(f"service {i} {n}")],
                ),
                d.Stage(f"service {i} {n}", stay, then=f"leave {i} {n}"),
                d.Decision(f"leave {i} {n}", [*ways, d.to("gone")]),
            ]  # fmt: skip
            spaces.append(d.Space(f"servers {i} {n}", servers[i]))
            starts.append(d.Start(f"start {i} {n}", f"line {i} {n}"))
            if outside[i].tries:
                arrivals.append(d.Arrive(f"comes {i} {n}", outside[i].tries, f"door {i} {n}"))
                nodes.append(d.Decision(f"door {i} {n}", thinned(outside[i], f"line {i} {n}")))
    return d.Network("stations", nodes=[*nodes, GONE], spaces=spaces, arrivals=arrivals, starts=starts)
