"""Follows a few synthetic people through a run and tells their histories, move by move.

The twin lives the run, to the last bit the one the fast machine lives, and everybody's moves are noted on
the way; only those of the people followed are put into words. It adds nothing to the fast machine. It must
not know what the network is about, nor change a run by looking.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from docketflow.core.errors import UsageError
from docketflow.core.quantity import Number, Table
from docketflow.engine import declare as d
from docketflow.engine.bind import Bound
from docketflow.engine.histories import MARK, Trace
from docketflow.engine.layout import ONE
from docketflow.engine.rates import in_records
from docketflow.engine.starting import Cells, Stock
from docketflow.engine.twin import Twin
from docketflow.engine.twin_moves import Person

MOST_RECORDS = 500_000  # under a minute, some 1.7 gigabytes
MOVES = 3  # fewer hardly make a history
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Move:
    """One move of one person as noted while it happens; put into words later, if anybody asks."""

    day: int
    tomorrow: int
    owner: Any  # what moves the person: a stage, a wait, a clock, a draw, ...
    before: d.Node | None
    since: int
    traits: dict[str, int]
    visit: tuple[int, int]
    age: int
    rest: int | None
    after: d.Node | None = None
    became: dict[str, int] = field(default_factory=dict)
    settled: tuple[int, int] = (0, 0)
    steps: list[tuple[Any, ...]] = field(default_factory=list)  # what happened on the way, in order


class Follower(Twin):
    """The twin, noting every move of everybody."""

    def __init__(self, bound: Bound, cells: Cells | Stock, seed: int, progress: Progress | None) -> None:
        self.moves: dict[int, list[Move]] = {}
        self.owner: Any = None
        self.move: Move | None = None
        self.progress = progress
        super().__init__(bound, cells, seed)

    def send(self, person: Person, owner: Any) -> None:
        """Send a person on and remember by what."""
        self.owner = owner
        super().send(person, owner)
        self.owner = None

    def follow(self, person: Person, then: d.Then, owner: str) -> d.Node | None:
        """Open a note, then follow forks."""
        begin = self.owner or next(s for s in self.network.starts if s.name == owner)
        self.move = Move(
            self.day, self.day + self.serving, begin, person.place, person.joined, person.traits,
            (person.episode, person.round), self.age, self.rest,
        )  # fmt: skip
        self.moves.setdefault(person.number, []).append(self.move)
        return super().follow(person, then, owner)

    def settle(self, person: Person, node: d.Node | None, *, starting: bool = False) -> None:
        """Settle and close the note."""
        assert self.move is not None
        move, self.move = self.move, None
        move.after, move.became = node, person.traits
        move.settled = person.episode, person.round
        if isinstance(node, d.End):
            move.steps += [("gives back", space) for space in sorted(person.holds)]
        super().settle(person, node, starting=starting)

    def choose(self, person: Person, ways: Sequence[d.To], name: str) -> d.To:
        """Choose and note the question, who was asked and what fell."""
        way = super().choose(person, ways, name)
        self.note("chose", name, ways, way, person.traits, (person.episode, person.round))
        return way

    def admit(self, person: Person, gate: d.Gate) -> bool:
        """Admit or refuse, and note how full it was."""
        held, had = self.now["held"][gate.space], gate.space in person.holds
        admitted = super().admit(person, gate)
        self.note("gate", gate, admitted, had, held, self.capacity[gate.space])
        return admitted

    def hold(self, person: Person, space: str) -> None:
        """Hold and note it, if new."""
        if space not in person.holds:
            self.note("takes", space)
        super().hold(person, space)

    def give_back(self, person: Person, space: str) -> None:
        """Give back and note it, if held."""
        if space in person.holds:
            self.note("gives back", space)
        super().give_back(person, space)

    def act(self, person: Person, op: d.Op) -> None:
        """Act and note what leaves no other mark."""
        if op.code in ("start", "stop", "join", "leave", "count"):
            had = op.name in person.lanes
            self.note(op.code, op.name, had, person.traits, (person.episode, person.round))
        super().act(person, op)

    def note(self, *step: Any) -> None:
        """Add a step to the note that is open (a space taken by a service comes before any is)."""
        if self.move is not None:
            self.move.steps.append(step)

    def _evening(self) -> None:
        super()._evening()
        if self.progress is not None:
            self.progress(self.day + 1, self.bound.days)


def records_of(bound: Bound, stock: Stock, scale: Fraction | None = None) -> int:
    """Return how many records a run has, starting and coming (feedback aside)."""
    scale = bound.scale if scale is None else scale
    inflow = in_records("arrival", bound.rates["arrival"], scale)
    return int(stock.counts.sum() * scale) + int(inflow.sum())


def check_size(bound: Bound, stock: Stock, most: int = MOST_RECORDS) -> None:
    """Raise if a run has too many records to be lived one by one, and name the nearest scale that has not."""
    records = records_of(bound, stock)
    if records > most:
        one_in = -(-records * bound.scale.denominator // (most * bound.scale.numerator))
        while records_of(bound, stock, Fraction(1, one_in)) > most:
            one_in += 1
        raise UsageError(
            f"a trace lives the run person by person, with at most {most:,} records, and the scale"
            f" {bound.scale} has {records:,}; the nearest scale that can be traced is 1/{one_in}"
        )


def follow(
    bound: Bound,
    cells: Cells | Stock,
    seed: int,
    *,
    people: int,
    moves: int = MOVES,
    hide: Sequence[str] = (),
    title: str = "",
    progress: Progress | None = None,
) -> Trace:
    """Live a run and return the histories of some of its people.

    Parameters
    ----------
    bound, cells, seed
        What `Bound.begin` is given: the people are those of that run, with the same luck.
    people : int
        How many to follow: evenly, in order of identity (the starting stock, then each inflow by day),
        among those who make at least ``moves`` moves; where that leaves too few, among those who make fewer.
    hide : traits to leave out, with every share that depends on them
    title : what the header calls the run [the declaration's name and the seed]
    progress : called with days lived and days in all

    Raises
    ------
    UsageError
        If nobody or too many are to be followed, or the run is too large to be lived person by person.
    """
    if people < 1:
        raise UsageError(f"a trace follows at least 1 person, not {people}")
    stock = cells if isinstance(cells, Stock) else Stock.of(bound.program, cells)
    bound.program.axes(hide)  # an unknown trait is said before anything is lived
    check_size(bound, stock)
    collecting = gc.isenabled()
    gc.disable()  # millions of small notes and no circles: looking for some costs a quarter of the time
    try:
        twin = Follower(bound, stock, seed, progress)
        books = twin.live()
    finally:
        if collecting:
            gc.enable()
    made = {number: len(notes) - 1 for number, notes in twin.moves.items()}
    while moves > 0 and sum(many >= moves for many in made.values()) < people:
        moves -= 1
    movers = sorted((n for n, many in made.items() if many >= moves), key=lambda n: twin.people[n].identity)
    people = min(people, len(movers))
    chosen = [movers[(2 * k + 1) * len(movers) // (2 * people)] for k in range(people)]
    words = Words(twin, frozenset(hide))
    rows = [row for k, n in enumerate(chosen) for row in words.history(k + 1, twin.people[n])]
    return Trace(
        title=title or f"{bound.program.network.name}, seed {seed}",
        scale=str(bound.scale),
        first=bound.first,
        last=bound.first + dt.timedelta(bound.days - 1),
        people=people,
        moves=moves,
        among=len(movers),
        records=len(twin.people),
        hidden=tuple(hide),
        rows=rows,
        books=books,
    )


class Words:
    """Puts the moves of a person into words, as rows of text."""

    def __init__(self, twin: Follower, hidden: frozenset[str]) -> None:
        self.twin, self.hidden = twin, hidden

    def history(self, number: int, person: Person) -> list[dict[str, Any]]:
        """Return one row a move."""
        rows = []
        for k, move in enumerate(self.twin.moves[person.number]):
            self.twin.day, self.twin.serving = move.day, move.tomorrow > move.day
            rows.append(
                {
                    "mark": MARK,
                    "person": number,
                    "date": self.date(move.day),
                    "why": self.why(person, move),
                    "from": move.before.name if move.before else "",
                    "to": to.name if (to := move.after or move.before) else "",
                    "decided": self.decided(person, move),
                    "traits": self.changes(move, whole=k == 0),
                    "spaces": [f"{s[0]} {s[1]}" for s in self.steps(move, "takes", "gives back")],
                    "clocks": self.clocks(person, move),
                    "pools": [f"{'joins' if s[0] == 'join' else 'leaves'} {s[1]}" for s in move.steps
                              if s[0] == "join" or (s[0] == "leave" and s[2])],
                    "counted": [s[1] for s in self.steps(move, "count")],
                    "waited": move.day - move.since if isinstance(move.owner, d.Wait) else None,
                    "next": self.ahead(person, move),
                }
            )  # fmt: skip
        return rows

    def date(self, day: int) -> dt.date:
        """Return a day as a date."""
        return self.twin.bound.first + dt.timedelta(day)

    @staticmethod
    def steps(move: Move, *kinds: str) -> list[tuple[Any, ...]]:
        """Return the steps of some kinds."""
        return [step for step in move.steps if step[0] in kinds]

    def as_then(self, person: Person, traits: dict[str, int], visit: tuple[int, int]) -> Person:
        """Return the person as they were when a step was taken."""
        return Person(person.number, person.identity, traits, episode=visit[0], round=visit[1])

    def why(self, person: Person, move: Move) -> str:
        """Say what moved the person."""
        owner, days = move.owner, _days(move.day - move.since)
        if isinstance(owner, d.Start):
            spent = f", {_days(move.age)} there already" if move.age else ""
            return f"stands there on the first day ({owner.name}{spent})"
        if isinstance(owner, d.Stage):
            return f"stay at {owner.name} ends after {days}"
        if isinstance(owner, d.Wait):
            return f"served at {owner.name} after {days} in line{self.cost(person, move)}"
        if isinstance(owner, d.Clock):
            return f"clock {owner.name} fires"
        if isinstance(owner, d.Draw):
            return f"drawn from {owner.pool} by {owner.name}{self.cost(person, move)}"
        if isinstance(owner, d.Attempt):
            return f"found by {owner.name}"
        return f"comes with {owner.name}" if isinstance(owner, d.Arrive) else f"event {owner.name}"

    def cost(self, person: Person, move: Move) -> str:
        owner = move.owner
        parts = []
        if owner.effort is not None:
            then = self.as_then(person, move.traits, move.visit)
            spent = "some" if self.secret(owner.cost) else f"{self.twin.whole_value(owner.cost, then)}"
            parts.append(f"{spent} of {owner.effort}")
        if isinstance(owner, d.Wait) and owner.space is not None:
            parts.append(f"one of {owner.space}")
        return f", for {' and '.join(parts)}" if parts else ""

    def secret(self, *numbers: Number | None) -> bool:
        """Return whether any of some numbers depends on a trait that is left out."""
        return any(
            isinstance(value, Table) and not self.hidden.isdisjoint(value.axes)
            for number in numbers
            if number is not None
            for value in self.twin.dated(number).values
        )

    def decided(self, person: Person, move: Move) -> list[str]:
        """Say what fell at each fork: the share of the way taken, where it lies, and the luck."""
        said = []
        for step in self.steps(move, "chose", "gate"):
            if step[0] == "gate":
                _, gate, admitted, had, held, capacity = step
                if had:
                    said.append(f"{gate.name}: {gate.space} held already")
                else:
                    said.append(
                        f"{gate.name}: {'admitted' if admitted else 'refused'}, {held} of {capacity}"
                        f" {gate.space} held"
                    )
                continue
            _, name, ways, way, traits, visit = step
            if len(ways) > 1:
                said.append(f"{name}: {way.target}, {self.chance(person, name, ways, way, traits, visit)}")
        return said

    def chance(
        self,
        person: Person,
        name: str,
        ways: Sequence[d.To],
        way: d.To,
        traits: dict[str, int],
        visit: tuple[int, int],
    ) -> str:
        rules = {trait for one in ways for trait in one.when}
        if rules & self.hidden or self.secret(*(one.share for one in ways), *(one.weight for one in ways)):
            return "by a trait left out here"
        then = self.as_then(person, traits, visit)
        open_ways = self.twin.chances(then, ways)
        before = 0.0
        for k, share in open_ways:
            if ways[k] is way:
                break
            before += share
        if len(open_ways) == 1:
            return "the only way open"
        luck = (self.twin.draw_of(then, name) >> 32) / ONE
        return f"share {share:.4f} ({before:.4f} to {min(1.0, before + share):.4f}), luck {luck:.4f}"

    def changes(self, move: Move, *, whole: bool) -> list[str]:
        """Return the traits that changed, or all of them where a history begins."""
        said = []
        for trait, values in self.twin.values.items():
            now = values[move.became[trait]]
            if trait in self.hidden:
                continue
            if whole:
                said.append(f"{trait} {now}")
            elif move.became[trait] != move.traits[trait]:
                said.append(f"{trait} {values[move.traits[trait]]} -> {now}")
        return said

    def clocks(self, person: Person, move: Move) -> list[str]:
        """Say which clocks were started (and when they will fire if not stopped) or stopped."""
        said = []
        for step in self.steps(move, "start", "stop"):
            code, name, had, traits, visit = step
            if code == "stop":
                said += [f"stops what runs in {name}"] if had else []
                continue
            clock = next(c for c in self.twin.network.clocks if c.name == name)
            days = self.twin.stay(self.as_then(person, traits, visit), clock.after, name)
            due = "never fires by itself" if days is None else f"due {self.date(move.tomorrow + days)}"
            said.append(f"starts {name}, {due}")
        return said

    def ahead(self, person: Person, move: Move) -> str:
        """Say what comes next where the person settled, as far as it is known that evening."""
        node, then = move.after, self.as_then(person, move.became, move.settled)
        if isinstance(node, d.Wait):
            rank = (
                ""
                if self.secret(node.priority)
                else f" in class {self.twin.whole_value(node.priority, then)}"
            )
            return f"waits in line{rank}"
        if not isinstance(node, d.Stage):
            return {d.End: "the end", d.Rest: "rests"}.get(type(node), "stays")
        days = self.twin.stay(then, node.stay, node.name) if move.rest is None else move.rest
        never = days is None or days < 0
        return "stays without end" if never else f"stays to {self.date(move.tomorrow + (days or 0))}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
