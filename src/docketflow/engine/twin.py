"""The twin: the same machine written plainly and slowly, as the oracle that the kernel must equal.

It reads the declaration itself (not the flat tables): one object a person, lists for the calendar and the
lines, a heap for each draw. It shares with the fast machine only the hash, the tables of laws and the rounding
of rates. It must not know how anything lies in memory.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from docketflow.core.quantity import Dated, Number, Table, quantity
from docketflow.engine import declare as d
from docketflow.engine.bind import SMALLEST_WEIGHT, Bound
from docketflow.engine.draws import decide, exponential, mix, name_key, person_key, seed_key
from docketflow.engine.laws import age_in_equilibrium, quantiles, remaining
from docketflow.engine.layout import BIAS, NEVER, ONE, QUANTILES
from docketflow.engine.ledger import Ledger
from docketflow.engine.rates import in_records
from docketflow.engine.starting import Cells, Stock

WORD = (1 << 64) - 1
TOGETHER = 128  # how many people a draw takes out of its pool before they are sent on
ATTEMPT_KEY = 0x94D049BB133111EB

Entry = tuple["Person", "d.Clock | None", int]  # somebody's stay or clock ends, if the token still holds
Ticket = tuple["Person", int]


@dataclass(eq=False)
class Person:
    """Somebody, and all that is known of them."""

    number: int
    identity: int
    traits: dict[str, int]
    place: d.Node | None = None
    token: int = 0  # changes whenever the person settles somewhere: older entries and tickets are stale
    joined: int = 0
    episode: int = 0
    round: int = 0
    watches: dict[str, int] = field(default_factory=lambda: {"first": -BIAS, "second": -BIAS})
    holds: set[str] = field(default_factory=set)
    lanes: dict[str, int] = field(default_factory=dict)  # lane or pool to the token of what runs in it


def run(bound: Bound, cells: Cells, seed: int) -> Ledger:
    """Live the whole run slowly and return its books."""
    return Twin(bound, cells, seed).live()


class Twin:
    """A run in which everything is an object with a name."""

    def __init__(self, bound: Bound, cells: Cells, seed: int) -> None:
        network = bound.program.network
        self.bound, self.network, self.seed = bound, network, seed_key(seed)
        self.day, self.tokens = 0, itertools.count(1)
        self.serving = False
        self.age = 0  # days already spent, while the starting stock is placed
        self.rest: int | None = None  # what remains of the first stay: None to be drawn, -1 never ends
        self.nodes = {node.name: node for node in network.nodes}
        self.values = {trait.name: trait.values for trait in network.traits}
        self.known: dict[int, tuple[Number, Dated]] = {}
        self.whole = {kind: in_records(kind, line, bound.scale) for kind, line in bound.rates.items()}
        self.calendar: defaultdict[int, list[Entry]] = defaultdict(list)
        self.lines: defaultdict[str, defaultdict[int, list[Ticket]]] = defaultdict(lambda: defaultdict(list))
        self.joiners: defaultdict[str, defaultdict[int, list[Ticket]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.heaps: dict[str, list[tuple[int, int, int, Person]]] = {draw.name: [] for draw in network.draws}
        self.levels = {draw.name: 0 for draw in network.draws}
        places = [n.name for n in network.nodes if not isinstance(n, (d.Decision, d.Gate))]
        waits = [n.name for n in network.nodes if isinstance(n, d.Wait)]
        spaces, efforts = [s.name for s in network.spaces], [e.name for e in network.efforts]
        draws, tries = [w.name for w in network.draws], [a.name for a in network.attempts]
        self.capacity, self.freed = dict.fromkeys(spaces, 0), dict.fromkeys(spaces, 0)
        self.left, self.blocked = dict.fromkeys(efforts, 0), dict.fromkeys(efforts, False)
        columns = {
            "stock": places, "held": spaces, "refused": spaces, "spent": efforts, "served": waits, "waited": waits,
            "taken": draws, "tried": tries, "missed": tries, "arrived": [a.name for a in network.arrivals],
            "timers": ["timers"],
        }  # fmt: skip
        self.now = {kind: dict.fromkeys(names, 0) for kind, names in columns.items()}
        self.book: dict[str, dict[str, list[int]]] = {
            k: {n: [] for n in names} for k, names in columns.items()
        }
        self.tallies: dict[str, list[np.ndarray]] = {tally.name: [] for tally in network.tallies}
        self.people: list[Person] = []
        self._new_segment()
        self._place(cells)
        self.started = len(self.people)
        self.opening = {**self.now["stock"], **self.now["held"]}

    # --- numbers ------------------------------------------------------------------------------------
    def value(self, number: Number, person: Person) -> float:
        """Return a declared number for a person today."""
        if id(number) not in self.known:
            self.known[id(number)] = number, quantity(number).evaluate(self.bound.resolve)
        value = self.known[id(number)][1].at(self.bound.first.toordinal() + self.day)
        if isinstance(value, Table):
            cell = [labels.index(self.values[t][person.traits[t]]) for t, labels in value.axes.items()]
            return float(value.data[tuple(cell)])
        return float(value)

    def whole_value(self, number: Number, person: Person) -> int:
        """Return a cost or class for a person."""
        return int(np.rint(self.value(number, person)))

    def table(self, law: d.Law, person: Person) -> np.ndarray:
        """Return the quantiles of a law for a person today."""
        parameters = tuple(self.value(number, person) for number in law.parameters)
        return quantiles(law.kind, parameters, self.value(law.never_share, person), "the twin")

    def luck(self, person: Person) -> int:
        """Return a person's luck at this visit."""
        visit = person.episode << 8 | person.round
        return int(person_key(self.seed, np.array([person.identity], dtype=np.uint64), visit)[0])

    def draw_of(self, person: Person, name: str) -> int:
        """Return 64 bits of luck of a person for what bears a name."""
        return int(decide(np.array([self.luck(person)], dtype=np.uint64), name)[0])

    def stay(self, person: Person, law: d.Law, name: str) -> int | None:
        """Return a time drawn from a law; None when it never ends by itself."""
        days = int(self.table(law, person)[self.draw_of(person, name) >> 54])
        return None if days == NEVER else days

    # --- the starting stock -------------------------------------------------------------------------
    def _place(self, cells: Cells) -> None:
        starts, words = Stock.of(self.bound.program, cells).records(self.bound.scale)
        fields = self.bound.program.fields.values()
        for k, word in enumerate(words):
            self.people.append(Person(k, k, {f.name: int(word) >> f.shift & f.mask for f in fields}))
        for number, start in enumerate(self.network.starts):
            mine = [
                (person, *self._spent(start, person))
                for person in self.people
                if starts[person.number] == number
            ]
            if isinstance(self.nodes[start.at], d.Wait):
                mine.sort(key=lambda entry: -entry[1])
            for person, self.age, self.rest in mine:
                self.settle(
                    person, self.follow(person, d.to(start.at, do=start.do), start.name), starting=True
                )
        self.age, self.rest = 0, None

    def _spent(self, start: d.Start, person: Person) -> tuple[int, int | None]:
        """Return the days already spent and what remains of the stay."""
        if start.spent is None:
            return 0, None
        node = self.nodes[start.at]
        table = self.table(node.stay, person) if isinstance(node, d.Stage) else None
        early, late = (self._unit(person, f"{start.name}/{what}") for what in ("age", "rest"))
        if isinstance(start.spent, d.Law):
            age = int(self.table(start.spent, person)[int(early[0] * QUANTILES)])
        else:
            assert table is not None
            age = int(age_in_equilibrium(table, early)[0])
        return age, None if table is None else int(remaining(table, np.array([age]), late)[0])

    def _unit(self, person: Person, name: str) -> np.ndarray:
        return np.array([(self.draw_of(person, name) >> 11) / 2.0**53])

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
                way = node.free if self.admit(person, node.space) else node.full
                target = way if isinstance(way, str) else self.go(person, way)
            else:
                return node
        return None

    def admit(self, person: Person, space: str) -> bool:
        """Let a person hold a space if it is free or already theirs."""
        if space in person.holds:
            return True
        if self.now["held"][space] >= self.capacity[space]:
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
            given = [max(0.0, 1.0 - total) if r else share for r, share in zip(rest, given, strict=True)]
        possible = [k for k in range(len(ways)) if fits[k] and (given[k] > 0 or rest[k])]
        luck = self.draw_of(person, name) >> 32
        upto = 0.0
        for k in possible[:-1]:
            upto += given[k]
            if luck < math.floor(min(upto, 1.0) * ONE + 0.5):
                return ways[k]
        return ways[possible[-1]]

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
            person.traits[name] = self.values[name].index(str(value))
        elif op.code == "step":
            last = len(self.values[name]) - 1
            person.traits[name] = min(max(person.traits[name] + int(value or 0), 0), last)
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
            person.round = (person.round + 1) % 256
            self.enter(person, name)
        elif op.code == "mark":
            person.watches[name] = self.day - self.age
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

    def enter(self, person: Person, pool: str) -> None:
        """Give a person a threshold in each draw of a pool."""
        for draw in self.network.draws:
            weight = self.value(draw.weight, person) if draw.pool == pool else 0.0
            if weight >= SMALLEST_WEIGHT:
                away = (exponential(self.draw_of(person, draw.name)) >> 8) * int(
                    np.rint(65536.0 / weight)
                ) >> 8
                entry = (self.levels[draw.name] + away, person.number, person.lanes[pool], person)
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
            lines[node.name][self.whole_value(node.priority, person)].append((person, person.token))
        elif isinstance(node, d.End):
            for space in list(person.holds):
                self.give_back(person, space)
            person.lanes.clear()

    def send(self, person: Person, owner: Any) -> None:
        """Send a person on to what follows a stage, a clock, a draw ..."""
        self.settle(person, self.follow(person, owner.then, owner.name))

    # --- a day --------------------------------------------------------------------------------------
    def live(self) -> Ledger:
        """Live every day and return the books."""
        for self.day in range(self.bound.days):
            self._month()
            self._events()
            self._morning()
            self._arrivals()
            self._timers()
            for draw in self.network.draws:
                self._draw(draw)
            for number, attempt in enumerate(self.network.attempts):
                self._attempt(number, attempt)
            self._places()
            self.serving = True
            for node in self.network.nodes:
                if isinstance(node, d.Wait):
                    self._serve(node)
            self.serving = False
            self._evening()
        return self._ledger()

    def _new_segment(self) -> None:
        for tally in self.network.tallies:
            shape = tuple(len(values) for trait, values in self.values.items() if trait in tally.by)
            self.tallies[tally.name].append(np.zeros(shape, dtype=np.int64))

    def _month(self) -> None:
        today = self.bound.first + dt.timedelta(self.day)
        if self.day and today.day == 1:
            for feedback in self.network.feedbacks:
                past = [
                    float(cells.sum()) * float(1 / self.bound.scale) for cells in self.tallies[feedback.reads]
                ]
                self._change_rate(feedback.on, float(feedback.law(past)))
        if self.day and self.day in self.bound.cuts:
            self._new_segment()

    def _change_rate(self, name: str, factor: float) -> None:
        kinds: dict[str, Sequence[Any]] = {
            "exposure": self.network.draws, "arrival": self.network.arrivals, "effort": self.network.efforts,
        }  # fmt: skip
        for kind, things in kinds.items():
            for k, thing in enumerate(things):
                if thing.name == name:
                    line = self.bound.rates[kind][self.day :, k : k + 1] * factor
                    self.whole[kind][self.day :, k : k + 1] = in_records(kind, line, self.bound.scale)

    def _events(self) -> None:
        for event in self.network.events:
            if (event.date - self.bound.first).days != self.day:
                continue
            for person in self.people:
                assert person.place is not None
                wanted = (
                    person.place.name in event.stages if event.stages else not isinstance(person.place, d.End)
                )
                if wanted and self.fits(person, event.when):
                    self.send(person, event)

    def _morning(self) -> None:
        for k, space in enumerate(self.capacity):
            self.now["held"][space] -= self.freed[space]
            self.freed[space] = 0
            self.capacity[space] = int(self.whole["space"][self.day, k])
        for k, effort in enumerate(self.left):
            self.left[effort] += int(self.whole["effort"][self.day, k])
            self.blocked[effort] = False

    def _arrivals(self) -> None:
        for k, arrive in enumerate(self.network.arrivals):
            for ordinal in range(int(self.whole["arrival"][self.day, k])):
                identity = (k + 1) << 42 | self.day << 28 | ordinal
                person = Person(len(self.people), identity, dict.fromkeys(self.values, 0))
                self.people.append(person)
                self.now["arrived"][arrive.name] += 1
                self.send(person, arrive)

    def _timers(self) -> None:
        for person, clock, token in self.calendar.pop(self.day, []):
            if clock is None:
                if token == person.token:
                    self.now["timers"]["timers"] += 1
                    self.send(person, person.place)
            elif token == person.lanes.get(clock.lane):
                self.now["timers"]["timers"] += 1
                del person.lanes[clock.lane]
                self.send(person, clock)

    def afford(self, person: Person, effort: str | None, cost: Number) -> bool:
        """Spend effort on a person; when it is short, it is kept for them and nobody else is served."""
        if effort is None:
            return True
        price = self.whole_value(cost, person)
        if price > self.left[effort]:
            self.blocked[effort] = True
            return False
        self.left[effort] -= price
        self.now["spent"][effort] += price
        return True

    def _draw(self, draw: d.Draw) -> None:
        heap, number = self.heaps[draw.name], list(self.heaps).index(draw.name)
        exposure = int(self.whole["exposure"][self.day, number])
        upto = math.inf if exposure < 0 else self.levels[draw.name] + exposure
        while not (draw.effort is not None and self.blocked[draw.effort]):
            found = []
            while heap and len(found) < TOGETHER and heap[0][0] <= upto:
                found.append(heapq.heappop(heap))
            if not found:
                if exposure >= 0:
                    self.levels[draw.name] = int(upto)
                return
            used = 0
            for _, _, token, person in found:
                if person.lanes.get(draw.pool) == token:
                    if not self.afford(person, draw.effort, draw.cost):
                        break
                    del person.lanes[draw.pool]
                    self.now["taken"][draw.name] += 1
                    self.send(person, draw)
                used += 1
            if used:
                self.levels[draw.name] = found[used - 1][0]
            for entry in found[used:]:
                heapq.heappush(heap, entry)

    def _attempt(self, number: int, attempt: d.Attempt) -> None:
        luck = _mix(self.seed + (number + 1) * ATTEMPT_KEY)
        for k in range(int(self.whole["attempt"][self.day, number])):
            hashed = _mix(luck + (self.day << 32 | k) * 0x9E3779B97F4A7C15)
            person = self.people[(hashed >> 32) * self.started >> 32]
            self.now["tried"][attempt.name] += 1
            if person.place is self.nodes[attempt.stage]:
                self.send(person, attempt)
            else:
                self.now["missed"][attempt.name] += 1

    def _places(self) -> None:
        for name, classes in self.joiners.items():
            key = ~name_key(name)
            node = self.nodes[name]
            assert isinstance(node, d.Wait)
            for rank, joiners in classes.items():
                if node.order == "hash":
                    joiners.sort(key=lambda ticket: _mix(self.luck(ticket[0]) + key))
                self.lines[name][rank] += joiners
                joiners.clear()

    def _serve(self, wait: d.Wait) -> None:
        for rank in sorted(self.lines[wait.name]):
            line = self.lines[wait.name][rank]
            for k, (person, token) in enumerate(line):
                if wait.effort is not None and self.blocked[wait.effort]:
                    del line[:k]
                    return
                if token != person.token:
                    continue
                full = wait.space is not None and self.now["held"][wait.space] >= self.capacity[wait.space]
                if full or not self.afford(person, wait.effort, wait.cost):
                    del line[:k]
                    return
                if wait.space is not None:
                    self.hold(person, wait.space)
                self.now["served"][wait.name] += 1
                self.now["waited"][wait.name] += self.day - person.joined
                self.send(person, wait)
            line.clear()

    def _evening(self) -> None:
        for effort, blocked in self.blocked.items():
            if not blocked:
                self.left[effort] = 0
        for kind, columns in self.now.items():
            for name, amount in columns.items():
                self.book[kind][name].append(amount)
                if kind not in ("stock", "held"):
                    columns[name] = 0

    # --- the books ----------------------------------------------------------------------------------
    def _ledger(self) -> Ledger:
        bound = self.bound
        edges = [bound.first + dt.timedelta(c) for c in (*bound.cuts, bound.days)]
        lines = {
            kind: {name: np.array(days, dtype=np.int64) for name, days in columns.items()}
            for kind, columns in self.book.items()
        }
        return Ledger(
            first=bound.first,
            weight=float(1 / bound.scale),
            segments=[(a, b - dt.timedelta(1)) for a, b in itertools.pairwise(edges)],
            capacity={name: self.whole["space"][:, k] for k, name in enumerate(self.capacity)},
            supply={name: self.whole["effort"][:, k] for k, name in enumerate(self.left)},
            timers=lines.pop("timers")["timers"],
            opening=self.opening,
            tallies={name: np.stack(cells) for name, cells in self.tallies.items()},
            tally_axes={
                t.name: [(trait, values) for trait, values in self.values.items() if trait in t.by]
                for t in self.network.tallies
            },
            **lines,
        )


def _mix(z: int) -> int:
    return int(mix(np.array([z & WORD], dtype=np.uint64))[0])
