"""Follows a declaration backwards: from what is counted to the forks, laws and limits that decide it.

Whatever may hand people to an element, take them from it, change them there or compete with it for a space or
an effort is something it rests on. What may run beside a person (a clock, membership of a pool, a space held)
is followed along their ways, so that a clock touches only where it may still be running.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from docketflow.core.grounds import PARAMETER, Element, Grounds
from docketflow.core.quantity import Number, quantity
from docketflow.engine.compile.network import ways_of
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.declare.measure import (
    Daily,
    Flow,
    Level,
    Measure,
    Priced,
    Raised,
    Ratio,
    Scaled,
    Total,
)

STOCK = "people:starting stock"
"""Whom the run begins with: all that their counts rest on, for one count moves everybody's luck."""

Beside = frozenset[tuple[str, str]]  # what may run beside a person: ("clock" | "pool" | "space", name)
Trigger = d.Clock | d.Draw | d.Attempt | d.On
_KINDS = {"arrive": "arrival", "on": "event"}


def grounds_of(
    program: Program, numbers: Mapping[str, tuple[str, ...]], stock: Iterable[str] = ()
) -> Grounds:
    """Return what numbers rest on.

    Parameters
    ----------
    program : Program
    numbers : name to what it is read off (see `read_off`, `supplied`, `used`)
    stock : the parameters by which the starting stock was made
    """
    return Grounds(_Back(program, tuple(stock)).elements(), numbers)


def read_off(program: Program, measure: Measure) -> tuple[str, ...]:
    """Return the elements, and the parameters of prices and factors, that a measure reads."""
    return tuple(dict.fromkeys(_read_off(program, measure)))


def _read_off(program: Program, measure: Measure) -> Iterator[str]:
    if isinstance(measure, Flow):
        yield f"tally:{measure.tally}"
    elif isinstance(measure, Level):
        yield from (key(program.nodes[program.index[name]]) for name in measure.stages)
        yield from (f"held:{name}" for name in measure.spaces)
    elif isinstance(measure, Total):
        for _, part in measure.parts:
            yield from _read_off(program, part)
    elif isinstance(measure, Ratio):
        yield from _read_off(program, measure.top)
        yield from _read_off(program, measure.bottom)
    elif isinstance(measure, Scaled):
        yield from (PARAMETER + path for path in sorted(quantity(measure.factor).paths()))
        yield from _read_off(program, measure.of)
    elif isinstance(measure, Raised | Daily):
        number = measure.of if isinstance(measure, Raised) else measure.a_day
        yield from (PARAMETER + path for path in sorted(quantity(number).paths()))
    elif isinstance(measure, Priced):
        for part, price in measure.items:
            yield from (PARAMETER + path for path in sorted(quantity(price).paths()))
            yield from _read_off(program, part)


def supplied(scarce: d.Space | d.Effort | d.Quota) -> tuple[str, ...]:
    """Return what the capacity of a space, or what there is of an effort or quota, is read off."""
    return (key(scarce),)


def used(scarce: d.Space | d.Effort | d.Quota) -> tuple[str, ...]:
    """Return what the use of a space, effort or quota is read off."""
    return (f"{'held' if isinstance(scarce, d.Space) else 'spent'}:{scarce.name}",)


def key(thing: object) -> str:
    """Return a declared thing as ``kind:name``."""
    kind = type(thing).__name__.lower()
    return f"{_KINDS.get(kind, kind)}:{thing.name}"  # type: ignore[attr-defined]


class _Back:
    """Collects the elements of a program."""

    def __init__(self, program: Program, stock: tuple[str, ...]) -> None:
        self.program, self.stock = program, stock
        self.nodes = {node.name: node for node in program.nodes}
        self.beside: dict[str, Beside] = {name: frozenset() for name in self.nodes}
        self.fired: dict[str, set[str]] = {name: set() for name in self.nodes}  # by what a fork is come to
        network = program.network
        listed: list[Trigger] = [*network.clocks, *network.draws, *network.attempts, *network.events]
        self.triggers: dict[str, Trigger] = {one.name: one for one in listed}
        self.lanes = {clock.name: clock.lane for clock in network.clocks}
        self.capped = {space.name for space in network.spaces if space.capacity is not None}
        self.efforts = {effort.name: effort for effort in network.efforts}
        self._fed: dict[str, dict[str, None]] = defaultdict(dict)
        self._beside: dict[str, dict[str, None]] = defaultdict(dict)
        self._changed = True

    # --- what may run beside a person -----------------------------------------------------------------
    def follow(self) -> None:
        """Follow everybody's ways until nothing new runs beside anybody."""
        entering: list[d.Arrive | d.Start] = [*self.program.network.arrivals, *self.program.network.starts]
        while self._changed:
            self._changed = False
            for one in entering:
                self._come(self._then(one.name), frozenset())
            for node in self.nodes.values():
                self._onward(node)
            for trigger in self.triggers.values():
                onward = self._then(trigger.name)
                for place in self.touched(trigger):
                    beside = self._taken(trigger, self.beside[place])
                    self._come(place if onward is None else onward, beside, {trigger.name})

    def _onward(self, node: d.Node) -> None:
        beside = self.beside[node.name]
        if isinstance(node, d.Stage | d.Wait):
            self._come(self._then(node.name), beside | _space(node))
        for k, way in enumerate(ways_of(node)):
            taken = _space(node) if k == 0 else frozenset()
            after = self._after(way.do, beside | taken)
            for place in self._targets(node, way):
                self._come(place, after, self.fired[node.name])

    def _come(self, name: str | None, beside: Beside, fired: Iterable[str] = ()) -> None:
        """Note that people may come somewhere with something running beside them."""
        if name is None:
            return
        more = beside - self.beside[name]
        if more:
            self.beside[name] |= more
            self._changed = True
        if isinstance(self.nodes[name], d.Fork) and not self.fired[name].issuperset(fired):
            self.fired[name].update(fired)
            self._changed = True

    def _then(self, name: str) -> str | None:
        following = self.program.then[name]
        return None if following < 0 else self.program.nodes[following].name

    def _targets(self, node: d.Node, way: d.To) -> list[str]:
        """Return where a way leads; one that stays leads back to wherever its fork may be come to from."""
        if way.target != d.STAY:
            return [way.target]
        return [place for name in self.fired[node.name] for place in self.touched(self.triggers[name])]

    def touched(self, trigger: Trigger) -> list[str]:
        """Return the places at which a clock may fire, a draw take, an attempt find or an event act."""
        standing = [name for name, node in self.nodes.items() if isinstance(node, d.Stage | d.Wait | d.Rest)]
        if isinstance(trigger, d.Attempt):
            return [trigger.stage]
        if isinstance(trigger, d.On):
            return [name for name in standing if not trigger.stages or name in trigger.stages]
        token = ("clock", trigger.name) if isinstance(trigger, d.Clock) else ("pool", trigger.pool)
        return [name for name in standing if token in self.beside[name]]

    def _taken(self, trigger: Trigger, beside: Beside) -> Beside:
        if isinstance(trigger, d.Clock):
            return beside - {("clock", trigger.name)}
        if isinstance(trigger, d.Draw):
            return (beside - {("pool", trigger.pool)}) | _space(trigger)
        return beside

    def _after(self, acts: Iterable[d.Op], beside: Beside) -> Beside:
        """Return what may run beside a person once some acts are done."""
        for op in acts:
            if op.code in ("start", "stop"):
                lane = self.lanes[op.name] if op.code == "start" else op.name
                beside = frozenset(one for one in beside if one[0] != "clock" or self.lanes[one[1]] != lane)
            if op.code in ("start", "join", "take"):
                beside |= {({"start": "clock", "join": "pool", "take": "space"}[op.code], op.name)}
            elif op.code in ("leave", "release"):
                beside -= {("pool" if op.code == "leave" else "space", op.name)}
        return beside

    # --- what rests on what -----------------------------------------------------------------------------
    def elements(self) -> dict[str, Element]:
        """Return all elements by ``kind:name``."""
        self.follow()
        network = self.program.network
        scarce = [*network.spaces, *network.efforts]
        for thing in scarce:
            self._feed(used(thing)[0], thing)
        for node in self.nodes.values():
            self._lead(node)
        for trigger in self.triggers.values():
            onward = self._then(trigger.name)
            for place in self.touched(trigger):
                self._feed(trigger, self.nodes[place])
                self._disturb(self.nodes[place], trigger)
            if onward is not None:
                self._feed(self.nodes[onward], trigger)
        entering: list[d.Arrive | d.Start] = [*network.arrivals, *network.starts]
        for one in entering:
            self._feed(self.nodes[self._then(one.name) or ""], one)
        for start in network.starts:
            self._disturb(start, STOCK)  # a step further back: it is large
        for user in (*self.nodes.values(), *network.draws):
            self._compete(user)
        for feedback in network.feedbacks:
            self._feed(feedback, f"tally:{feedback.reads}")
            for fed in (*network.draws, *network.arrivals, *network.efforts):
                if fed.name == feedback.on:
                    self._feed(fed, feedback)
        things: list[object] = [
            *self.nodes.values(), *self.triggers.values(), *network.arrivals, *network.starts, *scarce,
            *network.feedbacks, *network.tallies,
        ]  # fmt: skip
        found = {key(thing): self._element(key(thing), _paths(thing)) for thing in things}
        found |= {name: self._element(name, ()) for thing in scarce for name in used(thing)}
        return {**found, STOCK: self._element(STOCK, self.stock)}

    def _element(self, name: str, paths: Iterable[str]) -> Element:
        kind, _, own = name.partition(":")
        fed = self._fed[name]
        beside = (other for other in self._beside[name] if other not in fed)
        return Element(kind, own, tuple(dict.fromkeys(paths)), tuple(fed), tuple(beside))

    def _feed(self, one: object, by: object) -> None:
        self._fed[_as_key(one)][_as_key(by)] = None

    def _disturb(self, one: object, by: object) -> None:
        self._beside[_as_key(one)][_as_key(by)] = None

    def _lead(self, node: d.Node) -> None:
        """Note who comes from a node, and what is counted, taken and given back on the way."""
        if isinstance(node, d.Stage | d.Wait):
            self._feed(self.nodes[self._then(node.name) or ""], node)
        for way in ways_of(node):
            for place in self._targets(node, way):
                note = self._disturb if way.target == d.STAY else self._feed
                note(self.nodes[place], node)
            for op in way.do:
                if op.code in ("count", "count_days"):
                    self._feed(f"tally:{op.name}", node)
                elif op.code == "take":
                    self._feed(f"held:{op.name}", node)
                elif op.code == "release":
                    self._disturb(f"held:{op.name}", node)
        if isinstance(node, d.End):  # all that is held is given back
            for kind, name in sorted(self.beside[node.name]):
                if kind == "space":
                    self._disturb(f"held:{name}", node)

    def _compete(self, one: d.Node | d.Draw) -> None:
        """Note what somebody needs, and that it is gone for others."""
        for _, name in _space(one):
            self._feed(f"held:{name}", one)
            if name in self.capped:
                self._feed(one, f"space:{name}")
                self._disturb(one, f"held:{name}")
        if isinstance(one, d.Wait | d.Spend | d.Draw):
            for effort in (one.effort, *(need.effort for need in one.also)):
                if effort is not None:
                    self._feed(one, self.efforts[effort])
                    self._disturb(one, f"spent:{effort}")
                    self._feed(f"spent:{effort}", one)


def _as_key(one: object) -> str:
    return one if isinstance(one, str) else key(one)


def _space(one: object) -> Beside:
    name = one.space if isinstance(one, d.Gate | d.Wait | d.Draw) else None
    return frozenset() if name is None else frozenset([("space", name)])


def _paths(thing: object) -> list[str]:
    """Return the parameters a declared thing names itself, in the order in which it names them."""
    return [path for number in _numbers(thing) for path in sorted(quantity(number).paths())]


def _numbers(thing: object) -> list[Number]:
    if isinstance(thing, d.Stage):
        return _of_law(thing.stay)
    if isinstance(thing, d.Clock):
        return _of_law(thing.after)
    if isinstance(thing, d.Start):
        return _of_law(thing.spent) if isinstance(thing.spent, d.Law) else []
    if isinstance(thing, d.Decision):
        return [number for way in thing.ways for number in (way.share, way.weight) if number is not None]
    if isinstance(thing, d.Wait):
        return [thing.cost, *(need.cost for need in thing.also), thing.priority]
    if isinstance(thing, d.Spend):
        return [thing.cost, *(need.cost for need in thing.also)]
    if isinstance(thing, d.Draw):
        exposure = [] if thing.exposure is None else [thing.exposure]
        return [*exposure, thing.weight, thing.cost, *(need.cost for need in thing.also)]
    if isinstance(thing, d.Space):
        return [] if thing.capacity is None else [thing.capacity]
    if isinstance(thing, d.Effort):
        return [thing.per_day, *(floor.share for floor in thing.floors)]
    if isinstance(thing, d.Quota):
        return [thing.limit]
    if isinstance(thing, d.Attempt | d.Arrive):
        return [thing.per_day]
    return []


def _of_law(law: d.Law) -> list[Number]:
    return [*law.parameters, law.never_share]
