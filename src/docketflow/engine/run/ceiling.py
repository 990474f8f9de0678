"""The most that can ever be counted: a bound that holds whatever the luck, the shares, the other capacities.

Who is counted has passed, since last counted, something that spends an effort, or stood beyond it on the
first day: that is read off the declaration, by following everybody wherever anything might take them. So no
more can be counted than the effort was enough for, and those who stood beyond. Of the efforts that cut every
way to the count in two, those that allow least are named.

It errs on the side of saying nothing: a clock, draw or event is taken to act on anybody anywhere, a share may
be anything, and an effort that follows the run's own past allows any number.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from docketflow.core.quantity import Number, Table, quantity
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.network import ways_of
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.declare.measure import Flow
from docketflow.engine.run.ledger import Ledger
from docketflow.engine.run.stock import Stock

Values = tuple[int, ...]  # of the traits that the count looks at
Place = tuple[str, Values]
FEW = 6  # efforts of which every set is looked at


@dataclass(frozen=True)
class Step:
    """From a place to another: whether it is counted on the way, and what must be spent."""

    to: Place
    counts: bool
    spends: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ceiling:
    """The most that can be counted in a window.

    Attributes
    ----------
    most : persons
    efforts : what every way to the count spends
    allowed : effort to the persons it was enough for
    beyond : persons who stood beyond it on the first day
    """

    most: float
    efforts: tuple[str, ...]
    allowed: Mapping[str, float]
    beyond: float


def ceiling(ways: Ways, bound: Bound, ledger: Ledger, days: tuple[int, int]) -> Ceiling | None:
    """Return the most that a flow can come to, or None where no effort bounds it.

    Parameters
    ----------
    ways : Ways
        All ways to the count.
    bound : Bound
    ledger : Ledger
        The books of a run under these numbers: what there was of each effort. It must not hang on the run
        itself: an effort under a feedback bounds nothing.
    days : half-open range of day numbers in which is counted
    """
    moving = {feedback.on for feedback in bound.program.network.feedbacks}
    plain = [e for e in bound.program.network.efforts if isinstance(e, d.Effort) and e.name not in moving]
    allowed = {one.name: _allowed(one.name, bound, ledger, range(days[1])) for one in plain}
    best: Ceiling | None = None
    for chosen in _cuts(allowed, ways):
        here = {name: allowed[name] for name in chosen}
        if ways.at_once(frozenset(chosen)):  # a service takes its day: what follows counts from the next
            since = range(max(0, days[0] - 1), days[1])
            here = {name: _allowed(name, bound, ledger, since) for name in chosen}
        beyond = ways.beyond(frozenset(chosen)) or 0
        most = sum(here.values()) + beyond
        if best is None or most < best.most:
            best = Ceiling(most, chosen, here, beyond)
    return best


def _cuts(allowed: Mapping[str, float], ways: Ways) -> Iterator[tuple[str, ...]]:
    """Yield sets of efforts that cut every way to the count: all there are of few, of many the likeliest."""
    names = [name for name, most in allowed.items() if math.isfinite(most)]

    def cuts(chosen: Iterable[str]) -> bool:
        return ways.beyond(frozenset(chosen)) is not None

    if len(names) <= FEW:
        sizes = range(1, len(names) + 1)
        every = (chosen for size in sizes for chosen in itertools.combinations(names, size))
        yield from filter(cuts, every)
        return
    for largest_first in (True, False):  # what is not needed goes
        left = list(names)
        for name in sorted(names, key=allowed.__getitem__, reverse=largest_first):
            if cuts(fewer := [one for one in left if one != name]):
                left = fewer
        if cuts(left):
            yield tuple(left)


def _allowed(name: str, bound: Bound, ledger: Ledger, days: range) -> float:
    """Return how many persons an effort is enough for on some days.

    What was left over before them is carried, but never more than the next in a line needs.
    """
    users = [*bound.program.nodes, *bound.program.network.draws]
    costs = [ends for one in users for cost in _costs(one, name) for ends in [_ends(cost, bound)]]
    least = min((low for low, _ in costs), default=0)
    if least < 1:
        return math.inf
    carried = sum(high for _, high in costs) if days.start else 0
    there = int(ledger.supply[name][days.start : days.stop].sum())
    return math.floor((there + carried) / least) * ledger.weight


def _costs(one: object, name: str) -> Iterator[Number]:
    if isinstance(one, d.Wait | d.Spend | d.Draw):
        if one.effort == name:
            yield one.cost
        yield from (need.cost for need in one.also if need.effort == name)


def _ends(cost: Number, bound: Bound) -> tuple[int, int]:
    """Return the least and the most that one person may need, whoever it is and whenever."""
    dated = [value for _, value in bound.known.value(quantity(cost))]
    cells = [v.data if isinstance(v, Table) else np.array([v]) for v in dated]
    return math.floor(min(float(c.min()) for c in cells)), math.ceil(max(float(c.max()) for c in cells))


class Ways:
    """All ways by which anybody might come to be counted.

    Parameters
    ----------
    program : Program
    stock : Stock
        Whom the run begins with.
    flow : Flow
        What is counted.
    """

    def __init__(self, program: Program, stock: Stock, flow: Flow) -> None:
        self.program, self.flow = program, flow
        self.nodes = {node.name: node for node in program.nodes}
        self.fields = [program.fields[trait] for trait in flow.where]
        self.wanted = [
            {field.index(label, flow.tally) for label in ([found] if isinstance(found, str) else found)}
            for field, found in zip(self.fields, flow.where.values(), strict=True)
        ]
        network = program.network
        self.triggers: Sequence[d.Clock | d.Draw | d.Attempt | d.On] = [
            *network.clocks, *network.draws, *network.attempts, *network.events,
        ]  # fmt: skip
        blank = tuple(0 for _ in self.fields)
        self.arriving = {(self._then(one.name), blank) for one in network.arrivals}
        # who may stand at one of several starts by shares counts wherever one of them counts
        self.standing: dict[frozenset[Place], int] = {}
        for numbers, words, counts in stock.alike():
            read = [np.array([field.read(one) for field in self.fields], dtype=int).T for one in words]
            names = [self._then(network.starts[number].name) for number in numbers]
            for cell, count in enumerate(counts.tolist()):
                places = frozenset(
                    (name, tuple(own[cell].tolist()) if self.fields else ())
                    for name, own in zip(names, read, strict=True)
                )
                self.standing[places] = self.standing.get(places, 0) + count

        self.steps: dict[Place, list[Step]] = {}
        self._explore()

    def beyond(self, cut: frozenset[str]) -> int | None:
        """Return how many stand beyond a cut on the first day; None if it cuts nothing in two.

        It does if nobody who arrives is counted without passing it, nor anybody twice.
        """
        if self._reach(self.arriving, cut)[1] or self._reach(self.counted, cut)[1]:
            return None
        return sum(many for places, many in self.standing.items() if self._reach(places, cut)[1])

    def at_once(self, cut: frozenset[str]) -> bool:
        """Say whether whoever passes a cut is counted on that way, and stands nowhere before."""
        past = {step.to for steps in self.steps.values() for step in steps if step.spends & cut}
        return not any(
            isinstance(self.nodes[place[0]], d.Stage | d.Wait | d.Rest) and self._reach({place}, cut)[1]
            for place in self._reach(past, cut)[0]
        )

    def _explore(self) -> None:
        """Note every step that anybody might make, until nothing new is come to."""
        ahead = [*self.arriving, *frozenset().union(*self.standing)]
        staying: list[tuple[Place, Values, bool]] = []
        seen = set(ahead)
        while ahead:
            while ahead:
                place = ahead.pop()
                self.steps[place] = list(self._onward(place, staying))
                new = {step.to for step in self.steps[place]} - seen
                seen |= new
                ahead += new
            for place, after, is_counted in staying:  # back to wherever such a person may stand
                for there, were in list(seen):
                    if were == place[1] and self._stands(there):
                        step = Step((there, after), is_counted)
                        if step not in self.steps[place]:
                            self.steps[place].append(step)
                            if step.to not in seen:
                                seen.add(step.to)
                                ahead.append(step.to)
        self.counted = {s.to for steps in self.steps.values() for s in steps if s.counts}

    def _reach(self, begin: Iterable[Place], cut: frozenset[str]) -> tuple[set[Place], bool]:
        """Return all places that can be come to without passing a cut, and whether anybody is counted."""
        seen, counted = set(begin), False
        ahead = list(seen)
        while ahead:
            for step in self.steps[ahead.pop()]:
                if step.spends & cut:
                    continue
                counted |= step.counts
                if step.to not in seen:
                    seen.add(step.to)
                    ahead.append(step.to)
        return seen, counted

    def _onward(self, place: Place, staying: list[tuple[Place, Values, bool]]) -> Iterator[Step]:
        name, values = place
        node = self.nodes[name]
        if isinstance(node, d.Stage | d.Wait):
            yield Step((self._then(name), values), False, _spends(node))
        if self._stands(name):
            for trigger in self.triggers:
                if self._touches(trigger, name) and self._then(trigger.name):
                    yield Step((self._then(trigger.name), values), False, _spends(trigger))
        for k, way in enumerate(ways_of(node)):
            if not self._fits(way, values):
                continue
            spends = _spends(node) if k == 0 else frozenset()
            for after, is_counted in self._after(way.do, values):
                if way.target == d.STAY:
                    staying.append((place, after, is_counted))
                else:
                    yield Step((way.target, after), is_counted, spends)

    def _stands(self, name: str) -> bool:
        return isinstance(self.nodes[name], d.Stage | d.Wait | d.Rest)

    def _then(self, name: str) -> str:
        following = self.program.then[name]
        return "" if following < 0 else self.program.nodes[following].name

    @staticmethod
    def _touches(trigger: object, name: str) -> bool:
        if isinstance(trigger, d.Attempt):
            return trigger.stage == name
        return not isinstance(trigger, d.On) or not trigger.stages or name in trigger.stages

    def _fits(self, way: d.To, values: Values) -> bool:
        for field, value in zip(self.fields, values, strict=True):
            found = way.when.get(field.name)
            if found is not None:
                labels = [found] if isinstance(found, str) else found
                if field.values[value] not in labels:
                    return False
        return True

    def _after(self, acts: Iterable[d.Op], values: Values) -> Iterator[tuple[Values, bool]]:
        """Yield what the traits may be once some acts are done, and whether that was counted on the way."""
        states = {(values, False)}
        for op in acts:
            if op.code in ("put", "step") and op.name in self.flow.where:
                k = list(self.flow.where).index(op.name)
                field = self.fields[k]
                put = [field.index(str(op.value), op.name)] if op.code == "put" else range(len(field.values))
                states = {((*was[:k], new, *was[k + 1 :]), did) for was, did in states for new in put}
            elif op.code == "count" and op.name == self.flow.tally:
                states = {(was, did or self._wanted(was)) for was, did in states}
        yield from states

    def _wanted(self, values: Values) -> bool:
        return all(value in wanted for value, wanted in zip(values, self.wanted, strict=True))


def _spends(one: object) -> frozenset[str]:
    """Return the efforts without one of which nobody goes on from there."""
    if not isinstance(one, d.Wait | d.Spend | d.Draw):
        return frozenset()
    efforts = (one.effort, *(need.effort for need in one.also))
    return frozenset(effort for effort in efforts if effort is not None)
