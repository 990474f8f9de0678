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
from docketflow.engine import declare as d
from docketflow.engine.bind import Bound
from docketflow.engine.histories import Trace
from docketflow.engine.rates import in_records
from docketflow.engine.starting import Cells, Stock
from docketflow.engine.twin import Twin
from docketflow.engine.twin_moves import Person
from docketflow.engine.words import Words

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
    return stock.people(scale) + int(inflow.sum())


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
    hide : traits to leave out, with every share that reads them and every fork that sets them (what a way
        does besides, and where it leads, is told: a declaration can tell a trait by that)
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
