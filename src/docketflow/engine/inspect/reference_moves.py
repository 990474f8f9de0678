"""How the twin's people move: their luck, the forks they follow, what is done on the way, where they settle.

One half of the plain, slow oracle of the kernel (see `reference.py`). It reads the declaration itself, and
must not know how anything lies in memory.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from docketflow.core.quantity import Dated, Number, Table, quantity
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.compile.needs import Spender
from docketflow.engine.compile.rates import in_records
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import exponential, seed_key
from docketflow.engine.layout import BIAS, NARROW, NEVER, NO_VISIT, ONE, WATCHES, WEIGHT_ONE, WINDOW

WORD = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
WINDOW_KEY, LAST_KEY = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
tabled = functools.lru_cache(maxsize=4096)(quantiles)

Entry = tuple["Person", "d.Clock | None", int]  # somebody's stay or clock ends, if the token still holds
Ticket = tuple["Person", int]
Lines = defaultdict[str, defaultdict[int, list[Ticket]]]


def scramble(z: int) -> int:
    """Return a 64-bit number scrambled: `draws.mix` in Python's own numbers, faster for one at a time."""
    z &= WORD
    z = (z ^ (z >> 30)) * WINDOW_KEY & WORD
    z = (z ^ (z >> 27)) * LAST_KEY & WORD
    return z ^ (z >> 31)


_UNMARKED = dict.fromkeys(WATCHES, -BIAS)


@dataclass(eq=False, slots=True)
class Person:
    """Somebody, and all that is known of them (traits are replaced, never changed: people alike share)."""

    number: int
    identity: int
    traits: dict[str, int]
    place: d.Node | None = None
    token: int = 0  # changes whenever the person settles somewhere: older entries and tickets are stale
    joined: int = 0
    turn: int = 0  # among those who join a line on the same day
    episode: int = 0
    round: int = 0
    watches: dict[str, int] = field(default_factory=lambda: _UNMARKED)
    holds: set[str] = field(default_factory=set)
    lanes: dict[str, int] = field(default_factory=dict)  # lane or pool to the token of what runs in it


class Moves:
    """A run's state in which everything is an object with a name, and the moves of one person."""

    def __init__(self, bound: Bound, seed: int) -> None:
        network = bound.program.network
        self.bound, self.network, self.seed = bound, network, seed_key(seed)
        self.key = functools.cache(bound.program.key)
        self.day, self.tokens = 0, itertools.count(1)
        self.serving = False
        self.age = 0  # days already spent, while the starting stock is placed
        self.rest: int | None = None  # what remains of the first stay: None to be drawn, -1 never ends
        self.nodes = {node.name: node for node in network.nodes}
        self.values = {trait.name: trait.values for trait in network.traits}
        self.known: dict[int, tuple[Number, Dated]] = {}
        self.laid: dict[int, tuple[Table, list[tuple[str, list[int]]]]] = {}
        self.whole = {kind: in_records(kind, line, bound.scale) for kind, line in bound.rates.items()}
        self.calendar: defaultdict[int, list[Entry]] = defaultdict(list)
        self.lines: Lines = defaultdict(lambda: defaultdict(list))
        self.joiners: Lines = defaultdict(lambda: defaultdict(list))
        self.heaps: dict[str, list[tuple[int, int, int, Person]]] = {draw.name: [] for draw in network.draws}
        self.levels = {draw.name: 0 for draw in network.draws}
        self.windows = {draw.name: (0, NARROW if draw.exposure is None else WINDOW) for draw in network.draws}
        self.empty = {draw.name: False for draw in network.draws}
        places = [n.name for n in network.nodes if not isinstance(n, d.Fork)]
        spends = [n.name for n in network.nodes if isinstance(n, d.Spend)]
        waits = [n.name for n in network.nodes if isinstance(n, d.Wait)]
        spaces, efforts = [s.name for s in network.spaces], [e.name for e in network.efforts]
        draws, tries = [w.name for w in network.draws], [a.name for a in network.attempts]
        self.capacity, self.freed = dict.fromkeys(spaces, 0), dict.fromkeys(spaces, 0)
        self.left, self.blocked = dict.fromkeys(efforts, 0), dict.fromkeys(efforts, False)
        self.wanted = dict.fromkeys(efforts, 0)
        columns = {
            "stock": places, "held": spaces, "refused": spaces, "spent": efforts, "served": waits,
            "waited": waits, "booked": spends, "lacked": spends, "taken": draws, "tried": tries,
            "missed": tries, "full": spaces, "exhausted": efforts,
            "arrived": [a.name for a in network.arrivals], "timers": ["timers"],
        }  # fmt: skip
        self.now = {kind: dict.fromkeys(names, 0) for kind, names in columns.items()}
        self.tallies: dict[str, list[np.ndarray]] = {tally.name: [] for tally in network.tallies}
        self.people: list[Person] = []

    # --- numbers ------------------------------------------------------------------------------------
    def dated(self, number: Number) -> Dated:
        """Return a declared number by date."""
        if id(number) not in self.known:
            self.known[id(number)] = number, quantity(number).evaluate(self.bound.known)
        return self.known[id(number)][1]

    def value(self, number: Number, person: Person) -> float:
        """Return a declared number for a person today."""
        value = self.dated(number).at(self.bound.first.toordinal() + self.day)
        if not isinstance(value, Table):
            return float(value)
        if id(value) not in self.laid:  # where each value of a trait stands along the table's axes
            places = [(t, [labels.index(v) for v in self.values[t]]) for t, labels in value.axes.items()]
            self.laid[id(value)] = value, places
        return float(value.data[tuple([place[person.traits[t]] for t, place in self.laid[id(value)][1]])])

    def whole_value(self, number: Number, person: Person) -> int:
        """Return a cost or class for a person."""
        return int(np.rint(self.value(number, person)))

    def table(self, law: d.Law, person: Person) -> np.ndarray:
        """Return the quantiles of a law for a person today."""
        parameters = tuple(self.value(number, person) for number in law.parameters)
        return tabled(law.kind, parameters, self.value(law.never_share, person), "the twin")

    def luck(self, person: Person) -> int:
        """Return a person's luck at this visit."""
        visit = person.episode << 8 | person.round
        return scramble(self.seed + (person.identity << 16 | visit) * GOLDEN)

    def draw_of(self, person: Person, name: str) -> int:
        """Return 64 bits of luck of a person for what bears a name."""
        return scramble(self.luck(person) + self.key(name))

    def in_line(self, person: Person, wait: d.Wait) -> int:
        """Return a person's turn among those who join a line on the same day."""
        if wait.order == "arrival":
            return person.number
        return scramble(self.luck(person) + ~self.key(wait.name))

    def stay(self, person: Person, law: d.Law, name: str) -> int | None:
        """Return a time drawn from a law; None when it never ends by itself."""
        days = int(self.table(law, person)[self.draw_of(person, name) >> 54])
        return None if days == NEVER else days

    # --- moving -------------------------------------------------------------------------------------
    def follow(self, person: Person, then: d.Then, owner: str) -> d.Node | None:
        """Follow forks, doing what stands on the way, until a place is reached; None: stay."""
        if isinstance(then, str):
            target = then
        else:
            ways = [then] if isinstance(then, d.To) else then
            target = self.go(person, self.choose(person, ways, f"{owner}/then"))
        while target != d.STAY:
            node = self.nodes[target]
            if isinstance(node, d.Decision):
                target = self.go(person, self.choose(person, node.ways, node.name))
            elif isinstance(node, d.Gate):
                way = node.free if self.admit(person, node) else node.full
                target = way if isinstance(way, str) else self.go(person, way)
            elif isinstance(node, d.Spend):
                way = node.enough if self.spend_on(person, node) else node.short
                target = way if isinstance(way, str) else self.go(person, way)
            else:
                return node
        return None

    def spend_on(self, person: Person, spend: d.Spend) -> bool:
        """Spend what a step costs, if there is enough left of everything."""
        short = self.charge(person, spend)
        if short is not None:
            self.now["exhausted"][short] = 1
        self.now["booked" if short is None else "lacked"][spend.name] += 1
        return short is None

    def charge(self, person: Person, owner: Spender) -> str | None:
        """Spend all that a person needs, or nothing; return the first of which there is too little."""
        costs = self.costs(person, owner)
        for effort, cost in costs.items():
            if cost > self.left[effort]:
                return effort
        for effort, cost in costs.items():
            self.left[effort] -= cost
            self.now["spent"][effort] += cost
        return None

    def costs(self, person: Person, owner: Spender) -> dict[str, int]:
        """Return what a person needs of each effort."""
        first = [] if owner.effort is None else [d.Need(owner.effort, owner.cost)]
        return {need.effort: self.whole_value(need.cost, person) for need in [*first, *owner.also]}

    def no_room(self, space: str) -> bool:
        """Return whether a space is full, and write down that somebody found it so."""
        if self.now["held"][space] < self.capacity[space]:
            return False
        self.now["full"][space] = 1
        return True

    def admit(self, person: Person, gate: d.Gate) -> bool:
        """Let a person hold a gate's space if it is free or already theirs."""
        space = gate.space
        if space in person.holds:
            return True
        if self.no_room(space):
            self.now["refused"][space] += 1
            return False
        self.hold(person, space)
        return True

    def hold(self, person: Person, space: str) -> None:
        """Let a person hold a space, free or not."""
        if space not in person.holds:
            person.holds.add(space)
            self.now["held"][space] += 1

    def give_back(self, person: Person, space: str) -> None:
        """Take a space from a person; after a service it is free tomorrow."""
        if space in person.holds:
            person.holds.remove(space)
            if self.serving:
                self.freed[space] += 1
            else:
                self.now["held"][space] -= 1

    def choose(self, person: Person, ways: Sequence[d.To], name: str) -> d.To:
        """Return the way that falls to a person."""
        possible = self.chances(person, ways)
        luck = self.draw_of(person, name) >> 32
        upto = 0.0
        for k, share in possible[:-1]:
            upto += share
            if luck < math.floor(min(upto, 1.0) * ONE + 0.5):
                return ways[k]
        return ways[possible[-1][0]]

    def chances(self, person: Person, ways: Sequence[d.To]) -> list[tuple[int, float]]:
        """Return the ways that are open to a person today, each with its share, in order."""
        fits = [self.fits(person, way.when) for way in ways]
        numbers = [way.share if way.weight is None else way.weight for way in ways]
        rest = [fit and number is None for fit, number in zip(fits, numbers, strict=True)]
        given = [
            self.value(number, person) if fit and number is not None else 0.0
            for fit, number in zip(fits, numbers, strict=True)
        ]
        total = sum(given)
        if any(way.weight is not None for way in ways):
            given = [share / total for share in given]
        else:
            if total > 1 + 1e-6:  # allowed only where numbers are drawn, not written
                given = [share / total for share in given]
                total = sum(given)
            given = [max(0.0, 1.0 - total) if r else share for r, share in zip(rest, given, strict=True)]
        return [(k, given[k]) for k in range(len(ways)) if fits[k] and (given[k] > 0 or rest[k])]

    def fits(self, person: Person, when: d.When) -> bool:
        """Return whether a rule fits a person."""
        return all(
            self.values[trait][person.traits[trait]] in ([wanted] if isinstance(wanted, str) else wanted)
            for trait, wanted in when.items()
        )

    def go(self, person: Person, way: d.To) -> str:
        """Do what stands on a way and return where it leads."""
        for op in way.do:
            self.act(person, op)
        return way.target

    def act(self, person: Person, op: d.Op) -> None:
        """Do one small thing."""
        name, value, tomorrow = op.name, op.value, self.day + self.serving
        if op.code == "put":
            person.traits = {**person.traits, name: self.values[name].index(str(value))}
        elif op.code == "step":
            last = len(self.values[name]) - 1
            stepped = min(max(person.traits[name] + int(value or 0), 0), last)
            person.traits = {**person.traits, name: stepped}
        elif op.code == "take":
            self.hold(person, name)
        elif op.code == "release":
            self.give_back(person, name)
        elif op.code == "start":
            clock = next(c for c in self.network.clocks if c.name == name)
            person.lanes[clock.lane] = token = next(self.tokens)
            days = self.stay(person, clock.after, clock.name)
            if days is not None:
                self.calendar[tomorrow + days].append((person, clock, token))
        elif op.code in ("stop", "leave"):
            person.lanes.pop(name, None)
        elif op.code == "join":
            person.lanes[name] = next(self.tokens)
            self.enter(person, name)
        elif op.code == "mark":
            person.watches = {**person.watches, name: self.day - self.age}
        elif op.code == "count":
            self.tally(person, name, 1)
        elif op.code == "count_days":
            self.tally(person, name, self.day - person.watches[str(value)])
        elif op.code == "episode":
            person.episode, person.round = (person.episode + 1) % 256, 0
        elif op.code == "round":
            person.round = (person.round + 1) % 256
        else:
            raise AssertionError(op.code)

    def tally(self, person: Person, name: str, amount: int) -> None:
        """Add to a tally in the cell of a person's traits."""
        by = next(t for t in self.network.tallies if t.name == name).by
        self.tallies[name][-1][tuple(person.traits[t] for t in self.values if t in by)] += amount

    def inverse(self, draw: d.Draw, person: Person) -> int:
        """Return one over a person's weight in a draw, in 65,536ths; 0: never taken."""
        weight = self.value(draw.weight, person)
        return int(np.rint(WEIGHT_ONE / weight)) if weight > 0 else 0

    def enter(self, person: Person, pool: str) -> None:
        """Enter a person into the present window of each draw of a pool."""
        for draw in self.network.draws:
            if draw.pool == pool and self.inverse(draw, person):
                self.empty[draw.name] = False
                self.expect(draw, person, *self.windows[draw.name], self.levels[draw.name])

    def expect(self, draw: d.Draw, person: Person, start: int, wide: int, level: int) -> None:
        """Add a person's next point above a level to a draw's heap, if it lies inside the window."""
        always = scramble(self.seed + (person.identity << 16 | NO_VISIT) * GOLDEN)
        luck = scramble(always + self.key(draw.name) + start * WINDOW_KEY)
        due, inverse = start, self.inverse(draw, person)
        due += ((exponential(luck) >> 8) * inverse) >> 8
        while due <= level and due < start + wide:
            luck = scramble(luck + GOLDEN)
            due += 1 + (((exponential(luck) >> 8) * inverse) >> 8)
        if due < start + wide:
            entry = (due, person.number, person.lanes[draw.pool], person)
            heapq.heappush(self.heaps[draw.name], entry)

    def settle(self, person: Person, node: d.Node | None, *, starting: bool = False) -> None:
        """Let a person arrive in a place (or stay where they are)."""
        if node is None:
            return
        if person.place is not None:
            self.now["stock"][person.place.name] -= 1
        self.now["stock"][node.name] += 1
        tomorrow = self.day + self.serving
        person.place, person.token, person.joined = node, next(self.tokens), tomorrow - self.age
        if isinstance(node, d.Stage):
            days = self.stay(person, node.stay, node.name) if self.rest is None else self.rest
            if days is not None and days >= 0:
                self.calendar[tomorrow + days].append((person, None, person.token))
        elif isinstance(node, d.Wait):
            lines = self.lines if starting else self.joiners
            person.turn = self.in_line(person, node)
            lines[node.name][self.whole_value(node.priority, person)].append((person, person.token))
        elif isinstance(node, d.End):
            for space in list(person.holds):
                self.give_back(person, space)
            person.lanes.clear()

    def send(self, person: Person, owner: Any) -> None:
        """Send a person on to what follows a stage, a clock, a draw ..."""
        self.settle(person, self.follow(person, owner.then, owner.name))
