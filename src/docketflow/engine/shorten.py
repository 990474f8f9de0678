"""Shortens chains of forks: a fork whose next fork is decided by traits alone is made one with it.

What people are told is the declaration; this is only how the kernel gets there in fewer steps. Every act is
done in the same order and every question is asked of the same luck, so nothing that is counted changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from docketflow.core.quantity import Resolve, Table, quantity
from docketflow.engine import declare as d
from docketflow.engine.compile import Program

MOST_WAYS = 48  # of a fork after it was made one with others

Allowed = dict[str, frozenset[str]]


def shorten(program: Program, node: d.Decision, resolve: Resolve) -> tuple[d.Decision, str]:
    """Return a fork made one with those that follow, and the name of the fork whose luck it asks.

    A fork that follows is taken in if its ways are told apart by traits alone. One that asks luck is taken in
    if none did before, and if nothing done on the way to it changes the luck or a trait that its shares read.
    """
    ways, asks = list(node.ways), node.name if _asks_luck(node.ways) else ""
    place = 0
    while place < len(ways):
        way = ways[place]
        following = program.nodes[program.index[way.target]] if way.target != d.STAY else None
        if not isinstance(following, d.Decision):
            place += 1
            continue
        asked = _asks_luck(following.ways)
        both = [joined for onward in following.ways if (joined := _join(program, way, onward))]
        if len(ways) + len(both) - 1 > MOST_WAYS or (
            asked and (asks or not _same_luck(program, ways, way, following, resolve))
        ):
            place += 1
            continue
        ways[place : place + 1] = both
        asks = following.name if asked else asks
    return d.Decision(node.name, ways), asks or node.name


def _asks_luck(ways: Sequence[d.To]) -> bool:
    return any(way.share is not None or way.weight is not None for way in ways)


def _same_luck(
    program: Program, ways: Sequence[d.To], way: d.To, following: d.Decision, resolve: Resolve
) -> bool:
    """Return whether a fork may be asked its question before what is done on the way to it."""
    if len(ways) > 1 and any(onward.weight is not None for onward in following.ways):
        return False  # weights are scaled to one among all ways: they stand alone
    if any(op.code in ("episode", "round") for op in way.do):
        return False
    touched = {op.name for op in way.do if op.code in ("put", "step")}
    for onward in following.ways:
        number = onward.share if onward.share is not None else onward.weight
        if number is not None:
            for _, value in quantity(number).evaluate(resolve):
                if isinstance(value, Table) and touched & set(value.axes):
                    return False
    return True


def _join(program: Program, way: d.To, onward: d.To) -> d.To | None:
    """Return two ways, one after the other, as one; None if nobody can go both."""
    allowed = _before(program, _sets(onward.when), way.do)
    if allowed is None:
        return None
    for trait, values in _sets(way.when).items():
        allowed[trait] = allowed.get(trait, values) & values
        if not allowed[trait]:
            return None
    return replace(
        onward,
        when={trait: tuple(sorted(values)) for trait, values in allowed.items()},
        share=onward.share if way.share is None else way.share,
        weight=onward.weight if way.weight is None else way.weight,
        do=(*way.do, *onward.do),
    )


def _sets(when: d.When) -> Allowed:
    return {t: frozenset([wanted] if isinstance(wanted, str) else wanted) for t, wanted in when.items()}


def _before(program: Program, after: Mapping[str, frozenset[str]], acts: Sequence[d.Op]) -> Allowed | None:
    """Return the traits that fit a rule once some acts are done; None if no one's do."""
    allowed = dict(after)
    for op in reversed(acts):
        if op.name not in allowed or op.code not in ("put", "step"):
            continue
        if op.code == "put":
            if str(op.value) not in allowed.pop(op.name):
                return None
            continue
        values, by = program.fields[op.name].values, int(op.value or 0)
        moved = {v: values[min(max(k + by, 0), len(values) - 1)] for k, v in enumerate(values)}
        allowed[op.name] = frozenset(v for v in values if moved[v] in allowed[op.name])
        if not allowed[op.name]:
            return None
    return allowed
