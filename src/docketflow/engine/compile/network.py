"""Checks a declaration and lays out what does not depend on numbers: names, codes, traits, edges, acts.

`bind.py` then adds the numbers of one run. Nothing here runs anybody.
"""

from __future__ import annotations

import graphlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile import needs
from docketflow.engine.compile.program import Field, Program
from docketflow.engine.declare import vocabulary as d

_CODES = {
    "put": at.PUT,
    "step": at.STEP,
    "take": at.TAKE,
    "release": at.RELEASE,
    "start": at.START,
    "stop": at.STOP,
    "join": at.JOIN,
    "leave": at.LEAVE,
    "mark": at.MARK,
    "count": at.COUNT,
    "count_days": at.COUNT_DAYS,
    "episode": at.EPISODE,
    "round": at.ROUND,
}
_FRESH = {"episode", "round"}  # acts after which the same question is asked anew
MOST_VALUES = 62  # of a trait on which a cohort event depends: its rule is one signed word


def compile_network(network: d.Network) -> Program:
    """Check a declaration and number everything in it.

    Raises
    ------
    DeclarationError
        One line: what does not hold together, where, and the nearest name that would.
    """
    program = Program(network)
    _pack_traits(program)
    kinds: dict[str, Sequence[Any]] = {
        "space": network.spaces,
        "effort": network.efforts,
        "clock": network.clocks,
        "pool": network.pools,
        "draw": network.draws,
        "attempt": network.attempts,
        "arrival": network.arrivals,
        "event": network.events,
        "feedback": network.feedbacks,
        "start": network.starts,
        "tally": network.tallies,
    }
    for kind, things in kinds.items():
        program.order[kind] = _numbered(kind, [thing.name for thing in things])
    if len(network.spaces) > at.MAX_SPACES:
        raise DeclarationError(
            f"{network.name!r} declares {len(network.spaces)} spaces; at most {at.MAX_SPACES}"
        )
    if len(network.arrivals) > at.MAX_ARRIVALS:
        raise DeclarationError(
            f"{network.name!r} declares {len(network.arrivals)} arrivals; at most {at.MAX_ARRIVALS}"
        )
    _assign_lanes(program)
    cells = 0
    for tally in network.tallies:
        program.tally_at[tally.name] = cells
        size = int(np.prod([len(f.values) for f in program.axes(tally.by)], dtype=np.int64))
        if size > at.MOST_CELLS:
            raise DeclarationError(f"the tally {tally.name!r} has {size} cells, at most {at.MOST_CELLS}")
        cells += size
    program.tally_cells = cells
    _number_nodes(program)
    _check_names(program)
    needs.check(program)
    _check_forks(program)
    _check_loops(program)
    _check_luck(program)
    program.short = _is_short(program)
    return program


def _numbered(kind: str, names: Sequence[str]) -> dict[str, int]:
    seen: dict[str, int] = {}
    for name in names:
        if name in seen:
            raise DeclarationError(f"the {kind} {name!r} is declared twice")
        seen[name] = len(seen)
    return seen


def _pack_traits(program: Program) -> None:
    """Lay each trait in the first word of traits that has room: none lies in two words."""
    used = [0] * at.TRAIT_WORDS
    for trait in program.network.traits:
        width = max(1, (len(trait.values) - 1).bit_length())
        if trait.name in program.fields:
            raise DeclarationError(f"the trait {trait.name!r} is declared twice")
        word = next((k for k, bits in enumerate(used) if bits + width <= at.WORD), None)
        if word is None:
            needed = sum(max(1, (len(one.values) - 1).bit_length()) for one in program.network.traits)
            raise DeclarationError(
                f"the traits of {program.network.name!r} need {needed} bits in words of {at.WORD};"
                f" at most {at.TRAIT_BITS}"
            )
        program.fields[trait.name] = Field(
            trait.name, tuple(trait.values), word * at.WORD + used[word], width
        )
        used[word] += width


def _assign_lanes(program: Program) -> None:
    network = program.network
    for name in [pool.name for pool in network.pools] + [clock.lane for clock in network.clocks]:
        program.lanes.setdefault(name, len(program.lanes))
    if len(program.lanes) > at.LANES:
        raise DeclarationError(f"pools and clocks use the lanes {list(program.lanes)}; at most {at.LANES}")


def _is_short(program: Program) -> bool:
    """Return whether one word of traits is enough, lanes fit beside spaces, and two stopwatches are read."""
    acts = [op for node in program.nodes for way in ways_of(node) for op in way.do]
    third = any("third" in (op.name, op.value) for op in acts if op.code in ("mark", "count_days"))
    bits = len(program.network.spaces) + len(program.lanes) * at.LANE_BITS
    return bits <= at.MAX_SPACES and not third and all(field.word == 0 for field in program.fields.values())


def _number_nodes(program: Program) -> None:
    network = program.network
    program.nodes.extend(network.nodes)
    program.index.update(_numbered("node", [node.name for node in network.nodes]))
    owners: list[Any] = [n for n in network.nodes if isinstance(n, (d.Stage, d.Wait))]
    owners += [*network.clocks, *network.draws, *network.attempts, *network.arrivals, *network.events]
    named = {node.name for node in network.nodes}
    acting: list[Any] = [*network.clocks, *network.draws, *network.attempts, *network.arrivals]
    for thing in [*acting, *network.events, *network.starts, *network.spaces]:
        if thing.name in named:
            raise DeclarationError(f"the name {thing.name!r} is used twice")
        named.add(thing.name)
    for owner in owners:
        program.then[owner.name] = _inline(program, owner.name, owner.then)
    for start in network.starts:
        program.then[start.name] = _inline(program, start.name, d.to(start.at, do=start.do))


def _check_luck(program: Program) -> None:
    """Refuse luck by a former name that is nobody's, or that two things would share."""
    network = program.network
    drawing: list[Any] = [*network.nodes, *network.clocks, *network.draws, *network.attempts]
    drawing += [*network.arrivals, *network.events, *network.starts]
    named = [thing.name for thing in drawing]
    for name in network.luck:
        if name not in named:
            raise DeclarationError(unknown("renamed thing", name, named, network.name))
    by = Counter(network.luck.get(name, name) for name in named)
    for name, former in network.luck.items():
        if by[former] > 1:
            raise DeclarationError(f"{network.name!r}: {name!r} was {former!r}, whose luck another has")


def _inline(program: Program, owner: str, then: d.Then) -> int:
    if isinstance(then, str):
        return target(program, then, owner)
    ways = (then,) if isinstance(then, d.To) else tuple(then)
    name = f"{owner}/then"
    program.index[name] = len(program.nodes)
    program.nodes.append(d.Decision(name, ways))
    return program.index[name]


def target(program: Program, name: str, where: str) -> int:
    """Return the number of a node by name (-1 for STAY)."""
    if name == d.STAY:
        return -1
    if name not in program.index:
        raise DeclarationError(unknown("target", name, program.index, where))
    return program.index[name]


def ways_of(node: d.Node) -> tuple[d.To, ...]:
    """Return the ways on from a fork (a gate and a spend have two, a place none)."""
    if isinstance(node, d.Decision):
        return tuple(node.ways)
    if isinstance(node, d.Gate | d.Spend):
        both = (node.free, node.full) if isinstance(node, d.Gate) else (node.enough, node.short)
        return tuple(d.to(way) if isinstance(way, str) else way for way in both)
    return ()


def operation(program: Program, op: d.Op, where: str) -> list[int]:
    """Return an act as four integers."""
    code, network = _CODES[op.code], program.network
    if op.code in ("put", "step"):
        trait = program.axes([op.name])[0]
        value = trait.index(str(op.value), where) if op.code == "put" else int(op.value or 0)
        return [code, trait.shift, value, trait.mask | (len(trait.values) - 1) << 32]
    if op.code in ("take", "release"):
        number = program.number("space", op.name, where)
        if (
            op.code == "take"
            and network.spaces[number].capacity is not None
            and where not in (f"{begin.name}/then" for begin in network.starts)
        ):
            raise DeclarationError(
                f"{where!r} takes {op.name!r}, which has a capacity: use a Gate, a Wait or a Draw"
            )
        return [code, number, 0, 0]
    if op.code == "start":
        clock = network.clocks[program.number("clock", op.name, where)]
        return [code, program.number("clock", op.name, where), program.lane_bit(clock.lane), 0]
    if op.code == "stop":
        if op.name not in program.lanes:
            raise DeclarationError(unknown("lane", op.name, program.lanes, where))
        return [code, program.lane_bit(op.name), 0, 0]
    if op.code in ("join", "leave"):
        pool = network.pools[program.number("pool", op.name, where)].name
        return [code, program.lane_bit(pool), 0, 0]
    if op.code == "mark":
        return [code, _watch(op.name, where), 0, 0]
    if op.code in ("count", "count_days"):
        number = program.number("tally", op.name, where)
        watch = _watch(str(op.value), where) if op.code == "count_days" else 0
        return [code, program.tally_at[op.name], number, watch]
    return [code, 0, 0, 0]


def _watch(name: str, where: str) -> int:
    if name not in at.WATCHES:
        raise DeclarationError(unknown("stopwatch", name, at.WATCHES, where))
    return at.WATCHES[name]


def _check_names(program: Program) -> None:
    network = program.network
    for node in program.nodes:
        if isinstance(node, d.Fork) and not ways_of(node):
            raise DeclarationError(f"{node.name!r} has no way on")
        for way in ways_of(node):
            target(program, way.target, node.name)
            check_when(program, way.when, node.name)
            for op in way.do:
                operation(program, op, node.name)
        if (
            isinstance(node, d.Gate)
            and network.spaces[program.number("space", node.space, node.name)].capacity is None
        ):
            raise DeclarationError(f"the gate {node.name!r} is on {node.space!r}, which has no capacity")
        if isinstance(node, d.Wait):
            if node.effort is None and node.space is None:
                raise DeclarationError(f"the wait {node.name!r} needs an effort, a space or both")
            if node.order not in ("hash", "arrival"):
                raise DeclarationError(unknown("order", node.order, ("hash", "arrival"), node.name))
    for draw in network.draws:
        program.number("pool", draw.pool, draw.name)
        if draw.effort is None and draw.exposure is None:
            raise DeclarationError(f"the draw {draw.name!r} needs an exposure, an effort or both")
    for attempt in network.attempts:
        _check_standing(program, "attempt", attempt.name, attempt.stage)
    for event in network.events:
        check_when(program, event.when, event.name)
        for stage in event.stages:
            _check_standing(program, "event", event.name, stage)
        for trait in event.when:
            if len(program.fields[trait].values) > MOST_VALUES:
                raise DeclarationError(
                    f"the event {event.name!r} is for {trait!r}, which has over {MOST_VALUES} values"
                )
    for start in network.starts:
        node = _check_standing(program, "start", start.name, start.at)
        if start.spent == "equilibrium" and not isinstance(node, d.Stage):
            raise DeclarationError(
                f"the start {start.name!r} is in equilibrium at {start.at!r}, which is no stage"
            )
    for feedback in network.feedbacks:
        exposed = [draw for draw in network.draws if draw.exposure is not None]
        refilled = [effort for effort in network.efforts if isinstance(effort, d.Effort)]
        rates: list[Any] = [*exposed, *network.arrivals, *refilled]
        if feedback.on not in [thing.name for thing in rates]:
            raise DeclarationError(unknown("rate", feedback.on, [t.name for t in rates], feedback.name))
        program.number("tally", feedback.reads, feedback.name)


def _check_standing(program: Program, kind: str, name: str, place: str) -> d.Node:
    node = program.nodes[target(program, place, name)]
    if not isinstance(node, (d.Stage, d.Wait, d.Rest)):
        raise DeclarationError(f"the {kind} {name!r} is at {place!r}, which is no stage, wait or rest")
    return node


def check_when(program: Program, when: d.When, where: str) -> None:
    """Check that a rule names traits and values that exist."""
    for trait, wanted in when.items():
        if trait not in program.fields:
            raise DeclarationError(unknown("trait", trait, program.fields, where))
        for value in [wanted] if isinstance(wanted, str) else wanted:
            program.fields[trait].index(value, where)


def _check_forks(program: Program) -> None:
    """Refuse a loop of forks, which would take no time, and moves that end nowhere."""
    onward = {node.name: [way.target for way in ways_of(node)] for node in program.nodes if ways_of(node)}
    _refuse_loop(onward, "takes no time: let it pass through a stage, a wait or a rest")
    network = program.network
    owners: list[Any] = [n for n in network.nodes if isinstance(n, (d.Stage, d.Wait))] + [*network.arrivals]
    for owner in owners:
        following = program.then[owner.name]
        reached, ahead = set(), [program.nodes[following].name if following >= 0 else d.STAY]
        while ahead:
            name = ahead.pop()
            if name == d.STAY:
                raise DeclarationError(
                    f"what follows {owner.name!r} may not be STAY: nothing would move people on"
                )
            ahead += [target for target in onward.get(name, ()) if target not in reached]
            reached.add(name)


def _refuse_loop(onward: dict[str, list[str]], fault: str) -> None:
    try:
        graphlib.TopologicalSorter(onward).prepare()
    except graphlib.CycleError as error:
        raise DeclarationError(f"the loop {' -> '.join(reversed(error.args[1]))} {fault}") from None


def _check_loops(program: Program) -> None:
    """Refuse a loop in which the same question would be asked twice of the same luck."""
    stale: dict[str, list[str]] = {}  # moves that keep the luck of the visit
    for node in program.nodes:
        onward = stale.setdefault(node.name, [])
        if node.name in program.then and program.then[node.name] >= 0:
            onward.append(program.nodes[program.then[node.name]].name)
        for way in ways_of(node):
            codes = {op.code for op in way.do}
            if codes & _FRESH:
                continue
            if way.target != d.STAY:
                onward.append(way.target)
            onward.extend(f"clock {op.name}" for op in way.do if op.code == "start")
    for clock in program.network.clocks:
        following = program.then[clock.name]
        stale[f"clock {clock.name}"] = [program.nodes[following].name] if following >= 0 else []
    takers: list[d.Draw | d.Attempt] = [*program.network.draws, *program.network.attempts]
    for draw in takers:
        following = program.then[draw.name]
        first = program.nodes[following] if following >= 0 else None
        if (
            first is None
            or not all({op.code for op in w.do} & _FRESH for w in ways_of(first))
            or not ways_of(first)
        ):
            raise DeclarationError(
                f"people taken by {draw.name!r} must begin with new_episode() or new_round()"
            )
    _refuse_loop(stale, "repeats its luck: add new_round() or new_episode() to one way")


def forks_last_to_first(program: Program) -> list[int]:
    """Return the numbers of all nodes, those that forks lead to before the forks that lead there."""
    onward = {
        k: [program.index[way.target] for way in ways_of(node) if way.target != d.STAY]
        for k, node in enumerate(program.nodes)
    }
    return list(graphlib.TopologicalSorter(onward).static_order())


def signed(value: int) -> int:
    """Return an unsigned 64-bit integer as the signed one of the same bits."""
    return value - (1 << 64) if value >= 1 << 63 else value
