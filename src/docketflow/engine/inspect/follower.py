"""The reference machine, noting every move of everybody while it lives a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from docketflow.engine.compile.bound import Bound
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.reference import Twin
from docketflow.engine.inspect.reference_moves import Person
from docketflow.engine.run.stock import Cells, Stock

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

    def spend_on(self, person: Person, spend: d.Spend) -> bool:
        """Spend or not, and note it."""
        booked = super().spend_on(person, spend)
        self.note("spend", spend, booked, person.traits, (person.episode, person.round))
        return booked

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
