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

from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.ledger import Ledger

PLACE, NOWHERE, SWEPT = "(place)", "(nowhere)", "(swept)"
INSIDE = "(days inside)"
OUT = d.count_days(INSIDE, "second")


def places_of(network: d.Network) -> list[str]:
    """Return the names of all places where people stay for a time."""
    return [n.name for n in network.nodes if isinstance(n, (d.Stage, d.Wait, d.Rest))]


def watched(network: d.Network, last: dt.date, only: Sequence[str] = ()) -> d.Network:
    """Return the declaration with its watches, emptied on the morning of ``last``.

    With ``only`` some places are watched, which needs a smaller trait. The second stopwatch is taken for it:
    what used it uses the first. Starting stock enters on the first day.
    """
    places = places_of(network)
    known = [name for name in places if name in only] if only else places

    def enter(name: str) -> list[d.Op]:
        return [d.put(PLACE, name if name in known else NOWHERE), d.mark("second")]

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
        stays = to.target == d.STAY
        first: tuple[d.Op, ...] = ()
        if leaving and not stays:
            first = (OUT,)
        elif stays and not leaving:  # behind a fork: was counted out on the way to it
            first = (d.mark("second"),)
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
        elif isinstance(node, d.Spend):
            nodes.append(replace(node, enough=way(node.enough, False), short=way(node.short, False)))
        else:
            nodes.append(onward(node) if isinstance(node, (d.Stage, d.Wait)) else node)
    nodes += [d.Decision(f"into {name}", [d.to(name, do=enter(name))]) for name in places]
    sweep = d.On("(sweep)", last, d.to(SWEPT, do=[OUT]))
    return replace(
        network,
        traits=[*network.traits, d.Trait(PLACE, (NOWHERE, *known))],
        nodes=[*nodes, d.End(SWEPT)],
        clocks=[onward(clock) for clock in network.clocks],
        draws=[onward(draw) for draw in network.draws],
        attempts=[onward(attempt) for attempt in network.attempts],
        events=[*(onward(event) for event in network.events), sweep],
        arrivals=[replace(arrive, then=ways(arrive.then, False)) for arrive in network.arrivals],
        starts=[
            replace(start, spent=None, do=(*acts(start.do), *enter(start.at))) for start in network.starts
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
