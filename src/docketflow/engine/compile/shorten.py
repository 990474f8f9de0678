"""Shortens chains of forks: a fork whose next fork is decided by traits alone is made one with it.

What people are told is the declaration; this is only how the kernel gets there in fewer steps. Every act is
done in the same order and every question is asked of the same luck, so nothing that is counted changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

from docketflow.core.quantity import Dated, Number, Table
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d

MOST_WAYS = 48  # of a fork after it was made one with others
MOST_THRESHOLDS = 1 << 14  # of such a fork: cells times ways, for each further trait multiplies the cells

Allowed = dict[str, frozenset[str]]
Known = Callable[[Number], Dated]  # what a number is by date


def shorten(program: Program, node: d.Decision, known: Known) -> tuple[d.Decision, str]:
    """Return a fork made one with those that follow, and the name of the fork whose luck it asks.

    A fork that follows is taken in if its ways are told apart by traits alone. One that asks luck is taken in
    if none did before, and if nothing done on the way to it changes the luck or a trait that its shares read.
    The fork itself comes back if none can be taken in, or only into too large a table.
    """
    ways, asks = list(node.ways), node.name if _asks_luck(node.ways) else ""
    read = _traits_read(ways, known)
    place = 0
    while place < len(ways):
        way = ways[place]
        following = program.nodes[program.index[way.target]] if way.target != d.STAY else None
        if isinstance(following, d.Decision):
            asked = _asks_luck(following.ways)
            if not asked or (not asks and _same_luck(ways, way, following, known)):
                both = [joined for onward in following.ways if (joined := _join(program, way, onward))]
                longer = [*ways[:place], *both, *ways[place + 1 :]]
                reading = read | _traits_read(following.ways, known)
                if _small(program, longer, reading):
                    ways, read = longer, reading
                    asks = following.name if asked else asks
                    continue
        place += 1
    taken = len(ways) != len(node.ways) or any(a is not b for a, b in zip(ways, node.ways, strict=True))
    return (d.Decision(node.name, ways) if taken else node), asks or node.name


def _traits_read(ways: Sequence[d.To], known: Known) -> frozenset[str]:
    """Return the traits on which shares or weights depend."""
    numbers = [way.share if way.share is not None else way.weight for way in ways]
    values = [value for number in numbers if number is not None for _, value in known(number)]
    return frozenset(trait for value in values if isinstance(value, Table) for trait in value.axes)


def _small(program: Program, ways: Sequence[d.To], read: frozenset[str]) -> bool:
    """Return whether a joined fork stays small in ways and in thresholds."""
    if len(ways) > MOST_WAYS:
        return False
    told = read.union(*(way.when for way in ways))
    return len(ways) * prod(len(program.fields[trait].values) for trait in told) <= MOST_THRESHOLDS


def _asks_luck(ways: Sequence[d.To]) -> bool:
    return any(way.share is not None or way.weight is not None for way in ways)


def _same_luck(ways: Sequence[d.To], way: d.To, following: d.Decision, known: Known) -> bool:
    """Return whether a fork may be asked its question before what is done on the way to it."""
    if len(ways) > 1 and any(onward.weight is not None for onward in following.ways):
        return False  # weights are scaled to one among all ways: they stand alone
    if any(op.code in ("episode", "round") for op in way.do):
        return False
    touched = {op.name for op in way.do if op.code in ("put", "step")}
    return not (touched and touched & _traits_read(following.ways, known))


def _join(program: Program, way: d.To, onward: d.To) -> d.To | None:
    """Return two ways, one after the other, as one; None if nobody can go both."""
    allowed = _before(program, _sets(onward.when), way.do)
    if allowed is None:
        return None
    for trait, values in _sets(way.when).items():
        allowed[trait] = allowed.get(trait, values) & values
        if not allowed[trait]:
            return None
    return d.To(
        onward.target,
        onward.share if way.share is None else way.share,
        onward.weight if way.weight is None else way.weight,
        {trait: tuple(sorted(values)) for trait, values in allowed.items()},
        (*way.do, *onward.do),
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
