"""Any declaration, with a stopwatch on every place: what Little's law needs to be checked everywhere.

Whoever settles in a place is marked, and whoever moves on from it, by whatever means, adds the days in
between to the place's tally. On the last morning everybody inside is sent out, so that nobody's days are
open: then the number present, summed over evenings, equals days spent, exactly, place by place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from docketflow.engine import declare as d
from docketflow.engine.ledger import Ledger

PLACE, NOWHERE, SWEPT = "(place)", "(nowhere)", "(swept)"
INSIDE = "(days inside)"
OUT = d.count_days(INSIDE, "second")


def watched(network: d.Network, last: dt.date) -> d.Network:
    """Return the declaration with its watches, emptied on the morning of ``last``.

    The second stopwatch is taken for it: what used it uses the first. Starting stock enters on the first day.
    """
    places = [n.name for n in network.nodes if isinstance(n, (d.Stage, d.Wait, d.Rest))]

    def acts(ops: Sequence[d.Op]) -> tuple[d.Op, ...]:
        changed = []
        for op in ops:
            if op.code == "mark":
                op = replace(op, name="first")
            elif op.code == "count_days":
                op = replace(op, value="first")
            changed.append(op)
        return tuple(changed)

    def way(to: d.To | str, leaving: bool) -> d.To:
        to = d.To(to) if isinstance(to, str) else to
        target = f"into {to.target}" if to.target in places else to.target
        first = (OUT,) if leaving and to.target != d.STAY else ()
        return replace(to, target=target, do=(*first, *acts(to.do)))

    def ways(then: d.Then, leaving: bool) -> list[d.To]:
        many = [then] if isinstance(then, (str, d.To)) else then
        return [way(to, leaving) for to in many]

    def onward(thing: Any) -> Any:
        return replace(thing, then=ways(thing.then, True))

    nodes: list[d.Node] = []
    for node in network.nodes:
        if isinstance(node, d.Decision):
            nodes.append(replace(node, ways=ways(node.ways, False)))
        elif isinstance(node, d.Gate):
            nodes.append(replace(node, free=way(node.free, False), full=way(node.full, False)))
        else:
            nodes.append(onward(node) if isinstance(node, (d.Stage, d.Wait)) else node)
    nodes += [
        d.Decision(f"into {name}", [d.to(name, do=[d.put(PLACE, name), d.mark("second")])]) for name in places
    ]
    sweep = d.On("(sweep)", last, d.to(SWEPT, do=[OUT]))
    return replace(
        network,
        traits=[*network.traits, d.Trait(PLACE, (NOWHERE, *places))],
        nodes=[*nodes, d.End(SWEPT)],
        clocks=[onward(clock) for clock in network.clocks],
        draws=[onward(draw) for draw in network.draws],
        attempts=[onward(attempt) for attempt in network.attempts],
        events=[*(onward(event) for event in network.events), sweep],
        arrivals=[replace(arrive, then=ways(arrive.then, False)) for arrive in network.arrivals],
        starts=[
            replace(start, spent=None, do=(*acts(start.do), d.put(PLACE, start.at), d.mark("second")))
            for start in network.starts
        ],
        tallies=[*network.tallies, d.Tally(INSIDE, (PLACE,))],
    )


def days_inside(ledger: Ledger, last: int) -> dict[str, tuple[int, int]]:
    """Return of each place the number present summed over evenings before ``last``, and days spent there."""
    spent = ledger.tally(INSIDE).sum(axis=0)
    ((_, names),) = ledger.tally_axes[INSIDE]
    return {
        name: (int(ledger.stock[name][:last].sum()), int(spent[k]))
        for k, name in enumerate(names)
        if name != NOWHERE
    }
