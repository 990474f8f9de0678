"""Puts the moves of a person into words, and leaves out what would tell a trait that is to be left out.

It reads what was noted while a run was lived (see `trace.py`) and changes nothing in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from docketflow.core.quantity import Number, Table
from docketflow.engine.compile.needs import Spender
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.follower import Follower, Move
from docketflow.engine.inspect.histories import MARK
from docketflow.engine.inspect.reference_moves import Person
from docketflow.engine.layout import ONE

READS, SETS = "by a trait left out here", "sets a trait left out here"


class Words:
    """Puts the moves of a person into words, as rows of text."""

    def __init__(self, twin: Follower, hidden: frozenset[str]) -> None:
        self.twin, self.hidden = twin, hidden
        self.known: dict[str, bool] = {}  # fork to whether the way taken tells a trait left out

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
        parts = self.spent(self.as_then(person, move.traits, move.visit), owner)
        if owner.space is not None:
            parts.append(f"one of {owner.space}")
        return f", for {' and '.join(parts)}" if parts else ""

    def spent(self, then: Person, owner: Spender) -> list[str]:
        """Say what somebody costs."""
        first = [] if owner.effort is None else [d.Need(owner.effort, owner.cost)]
        return [
            f"{'some' if self.secret(n.cost) else self.twin.whole_value(n.cost, then)} of {n.effort}"
            for n in (*first, *owner.also)
        ]

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
        for step in self.steps(move, "chose", "gate", "spend"):
            if step[0] == "spend":
                _, spend, booked, traits, visit = step
                parts = " and ".join(self.spent(self.as_then(person, traits, visit), spend))
                found = f"{'spends' if booked else 'finds less than'} {parts}"
                told = self.tells(spend.name, (spend.enough, spend.short))
                said.append(f"{spend.name}: {SETS if told else found}")
                continue
            if step[0] == "gate":
                _, gate, admitted, had, held, capacity = step
                if self.tells(gate.name, (gate.free, gate.full)):
                    said.append(f"{gate.name}: {SETS}")
                elif had:
                    said.append(f"{gate.name}: {gate.space} held already")
                else:
                    said.append(
                        f"{gate.name}: {'admitted' if admitted else 'refused'}, {held} of {capacity}"
                        f" {gate.space} held"
                    )
                continue
            _, name, ways, way, traits, visit = step
            if len(ways) > 1 and self.tells(name, ways):
                alike = len({one.target for one in ways}) == 1
                said.append(f"{name}: {way.target}, {SETS}" if alike else f"{name}: {SETS}")
            elif len(ways) > 1:
                said.append(f"{name}: {way.target}, {self.chance(person, name, ways, way, traits, visit)}")
        return said

    def tells(self, name: str, ways: Sequence[d.To | str]) -> bool:
        """Return whether the way taken tells a trait left out: the ways, or what follows them, set it."""
        if name not in self.known:
            here = any(self.sets(way) for way in ways)
            self.known[name] = here or len({self.reach(way) for way in ways}) > 1
        return self.known[name]

    def sets(self, way: d.To | str) -> frozenset[d.Op]:
        """Return what a way itself does to traits left out."""
        acts = () if isinstance(way, str) else way.do
        return frozenset(op for op in acts if op.code in ("put", "step") and op.name in self.hidden)

    def reach(self, way: d.To | str) -> frozenset[d.Op]:
        """Return what may be done to traits left out on a way and all that follows before the next place."""
        done: set[d.Op] = set()
        met: set[str] = set()
        ahead: list[d.To | str] = [way]
        while ahead:
            one = ahead.pop()
            done |= self.sets(one)
            target = one if isinstance(one, str) else one.target
            if target not in met:  # forks that meet again further on are followed once
                met.add(target)
                ahead += self.after(target)
        return frozenset(done)

    def after(self, target: str) -> Sequence[d.To | str]:
        """Return the ways on from a fork, a gate or a spend: none from a place."""
        match self.twin.nodes.get(target):
            case d.Decision() as node:
                return node.ways
            case d.Gate() as node:
                return (node.free, node.full)
            case d.Spend() as node:
                return (node.enough, node.short)
        return ()

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
            return READS
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
