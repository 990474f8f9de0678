"""Lives one run twice under other numbers and finds where each person's two lives first part, and why.

Luck is a hash of who, what and which visit, so the same person meets the same luck in both. Up to the first
difference a life is the same; there, either a number that decides it differs between the two runs, or, where
something scarce decides, others stand differently before it. Only sums leave this file, never a person.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.core.quantity import Number, Table, quantity
from docketflow.core.unsearched import unsearched
from docketflow.engine.compile.bound import Bound
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.declare.measure import Flow
from docketflow.engine.inspect.follower import Follower, Move, Progress
from docketflow.engine.inspect.reference_moves import Person
from docketflow.engine.run.stock import Cells, Stock

OTHERS = "others"
"""The cause of whom somebody else is before: in line, in a space, in a draw."""

Window = tuple[dt.date, dt.date]
_FORKS = ("chose", "gate", "spend")
_PASSES = (d.Start, d.On, d.Arrive, d.Stage, d.Clock, d.Draw, d.Attempt, d.Wait)  # a day, in order


@dataclass(frozen=True)
class Parting:
    """Lives that part in one place for one cause.

    Attributes
    ----------
    cause : parameters that decide there and differ between the two runs, or `OTHERS` alone
    kind, name : what decides: a fork, a law of time, a line, a draw, an inflow
    people : how many part there
    gained, lost : how much the outcome is more, and less, in the first run, over these people
    """

    cause: tuple[str, ...]
    kind: str
    name: str
    people: int
    gained: float
    lost: float


@dataclass(frozen=True)
class Parted:
    """All lives of two runs: where they part, how many never do, and the outcome of either run."""

    partings: tuple[Parting, ...]
    alike: int
    one: float
    other: float
    weight: float


class Witness(Follower):
    """The follower, noting also what everybody is counted in."""

    def __init__(self, bound: Bound, cells: Cells | Stock, seed: int, progress: Progress | None) -> None:
        self.counts: defaultdict[int, list[tuple[str, int, dict[str, int], int]]] = defaultdict(list)
        super().__init__(bound, cells, seed, progress)

    def tally(self, person: Person, name: str, amount: int) -> None:
        """Count and note it (traits are replaced, never changed)."""
        super().tally(person, name, amount)
        self.counts[person.number].append((name, len(self.tallies[name]) - 1, person.traits, amount))


def part(
    one: Bound,
    other: Bound,
    cells: Cells | Stock,
    seed: int,
    *,
    flows: Sequence[tuple[int, Flow]],
    window: Window,
    progress: Progress | None = None,
) -> Parted:
    """Live both runs person by person and find where lives part.

    Parameters
    ----------
    one, other : Bound
        The same declaration under two sets of numbers; ``one`` less ``other`` is counted.
    cells, seed : as of `Run`
    flows : what is counted (see `measure.countable`)
    window : first and last day of what is counted, edges of segments
    """
    stock = cells if isinstance(cells, Stock) else Stock.of(one.program, cells)
    with unsearched():  # millions of small notes
        pair = _Pair(*(Witness(bound, stock, seed, progress) for bound in (one, other)))
        for side in pair.sides:
            side.live()
    return pair.parted(flows, window)


class _Pair:
    """The two runs once they are lived."""

    def __init__(self, one: Witness, other: Witness) -> None:
        self.one, self.other = one, other
        self.sides = (one, other)
        self.efforts = {effort.name: effort for effort in one.network.efforts}
        self.spaces = {space.name: space for space in one.network.spaces}
        self.draws = [draw.name for draw in one.network.draws]
        self._spans: dict[str, list[tuple[int, int]]] = {}

    def parted(self, flows: Sequence[tuple[int, Flow]], window: Window) -> Parted:
        """Return where lives part, with what is counted on either side."""
        by_identity = [{p.identity: p.number for p in side.people} for side in self.sides]
        worth = [_Counted(side, flows, window) for side in self.sides]
        found: defaultdict[tuple[tuple[str, ...], str, str], list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
        alike, totals = 0, [0.0, 0.0]
        for identity in dict.fromkeys(itertools.chain(*by_identity)):
            numbers = [known.get(identity) for known in by_identity]
            counted = [0.0 if n is None else of(n) for of, n in zip(worth, numbers, strict=True)]
            totals = [a + b for a, b in zip(totals, counted, strict=True)]
            key = self._first(*numbers)
            if key is None:
                alike += 1
                continue
            row, more = found[key], counted[0] - counted[1]
            row[0] += 1
            row[1 if more > 0 else 2] += more
        weight = float(1 / self.one.bound.scale)
        partings = (
            Parting(*key, people=int(many), gained=up * weight, lost=abs(down) * weight)
            for key, (many, up, down) in found.items()
        )
        ordered = sorted(partings, key=lambda one: (one.lost - one.gained, one.cause, one.kind, one.name))
        return Parted(tuple(ordered), alike, totals[0] * weight, totals[1] * weight, weight)

    # --- where two lives part -------------------------------------------------------------------------
    def _first(self, one: int | None, other: int | None) -> tuple[tuple[str, ...], str, str] | None:
        """Return cause, kind and name of the first difference between two lives; None if they are alike."""
        if one is None or other is None:
            side = self.one if other is None else self.other
            move = side.moves[one if one is not None else other or 0][0]
            return self._arrival(move)
        before: Move | None = None
        for a, b in itertools.zip_longest(self.one.moves[one], self.other.moves[other]):
            if a is None or b is None or (a.day, a.owner.name) != (b.day, b.owner.name):
                return self._moved(a, b, before)
            step = self._stepped(a, b)
            if step is not None:
                return step
            before = a
        return None

    def _moved(self, a: Move | None, b: Move | None, before: Move | None) -> tuple[tuple[str, ...], str, str]:
        """Return why one life moves when, or by what, the other does not."""
        first = b is None or (a is not None and self._when(a) <= self._when(b))
        move = a if first else b
        assert move is not None and before is not None
        sides = self.sides if first else self.sides[::-1]
        owner, kind = move.owner, type(move.owner).__name__.lower()
        if isinstance(owner, d.Stage | d.Clock):
            law = owner.stay if isinstance(owner, d.Stage) else owner.after
            days = range(before.day if isinstance(owner, d.Stage) else 0, before.day + 1)
            found = self._differ([*law.parameters, law.never_share], days) or self._spent(before)
        elif isinstance(owner, d.Attempt):
            found = self._differ([owner.per_day], range(move.day, move.day + 1))
        else:
            found = self._served(owner, move, range(min(before.tomorrow, move.day), move.day + 1), sides)
        return found or (OTHERS,), kind, owner.name

    def _when(self, move: Move) -> tuple[int, int, int]:
        """Return when on its day a move comes: by pass, draws one after the other."""
        place = next(k for k, kind in enumerate(_PASSES) if isinstance(move.owner, kind))
        return move.day, place, self.draws.index(move.owner.name) if isinstance(move.owner, d.Draw) else 0

    def _spent(self, before: Move) -> tuple[str, ...]:
        """Return what differs in how much of a first stay was spent on the first day."""
        law = before.owner.spent if isinstance(before.owner, d.Start) else None
        return self._differ([*law.parameters, law.never_share], range(1)) if isinstance(law, d.Law) else ()

    def _served(
        self, owner: d.Wait | d.Draw, move: Move, days: range, sides: Sequence[Witness]
    ) -> tuple[str, ...]:
        """Return why somebody is served or drawn in the first of two runs when not in the second."""
        own: list[Number] = [owner.cost, *(need.cost for need in owner.also)]
        own.append(owner.priority if isinstance(owner, d.Wait) else owner.weight)
        found = self._differ(own, days, move.traits)
        if isinstance(owner, d.Draw) and owner.exposure is not None:
            found += self._more("exposure", self.draws, owner.name, days, sides, owner.exposure)
        return tuple(dict.fromkeys((*found, *self._scarce(owner, days, sides))))

    def _scarce(
        self, owner: d.Wait | d.Draw | d.Spend, days: range, sides: Sequence[Witness]
    ) -> tuple[str, ...]:
        """Return the parameters by which there is more of what somebody needs in the first of two runs."""
        found: tuple[str, ...] = ()
        for name in (owner.effort, *(need.effort for need in owner.also)):
            if name is not None:
                effort = self.efforts[name]
                number = effort.limit if isinstance(effort, d.Quota) else effort.per_day
                found += self._more("effort", list(self.efforts), name, days, sides, number)
        space = getattr(owner, "space", None)
        return found if space is None else (*found, *self._room(space, days[-1], sides))

    def _room(self, space: str, day: int, sides: Sequence[Witness]) -> tuple[str, ...]:
        capacity = self.spaces[space].capacity
        if capacity is None:
            return ()
        return self._more("space", list(self.spaces), space, range(day, day + 1), sides, capacity)

    def _more(
        self, kind: str, names: list[str], name: str, days: range, sides: Sequence[Witness], number: Number
    ) -> tuple[str, ...]:
        """Return the parameters by which a rate is higher over some days in the first of two runs."""
        place, span = names.index(name), slice(days[0], days[-1] + 1)
        one, other = (int(side.whole[kind][span, place].sum()) for side in sides)
        return self._differ([number], range(days[-1] + 1)) if one > other else ()

    def _stepped(self, a: Move, b: Move) -> tuple[tuple[str, ...], str, str] | None:
        """Return why two lives that move together part at a fork on the way."""
        today = range(a.day, a.day + 1)
        forks = ([step for step in move.steps if step[0] in _FORKS] for move in (a, b))
        for left, right in zip(*forks, strict=False):
            if left[0] == "chose" and left[3] is not right[3] and left[3] != right[3]:
                shares = [n for way in left[2] for n in (way.share, way.weight) if n is not None]
                return self._differ(shares, today, left[4]) or (OTHERS,), "decision", left[1]
            if left[0] in ("gate", "spend") and left[2] != right[2]:
                sides = self.sides if left[2] else self.sides[::-1]
                if left[0] == "gate":
                    found = self._room(left[1].space, a.day, sides)
                else:
                    costs = [left[1].cost, *(need.cost for need in left[1].also)]
                    found = (*self._differ(costs, today, left[3]), *self._scarce(left[1], today, sides))
                return found or (OTHERS,), left[0], left[1].name
        return None

    def _arrival(self, move: Move) -> tuple[tuple[str, ...], str, str]:
        found = self._differ([move.owner.per_day], range(move.day + 1))
        return found or (OTHERS,), "arrive", move.owner.name

    # --- numbers that differ --------------------------------------------------------------------------
    def _differ(
        self, numbers: Iterable[Number], days: range, traits: dict[str, int] | None = None
    ) -> tuple[str, ...]:
        """Return the parameters behind some numbers that differ between the runs on any of some days.

        With ``traits``, only numbers that differ, on the first or the last of the days, for who has them.
        """
        found: dict[str, None] = {}
        for number in numbers:
            paths = [path for path in sorted(quantity(number).paths()) if self._unlike_in(path, days)]
            if paths and (
                traits is None
                or any(self._unlike_for(number, traits, day) for day in days[:: len(days) - 1 or 1])
            ):
                found |= dict.fromkeys(paths)
        return tuple(found)

    def _unlike_for(self, number: Number, traits: dict[str, int], day: int) -> bool:
        """Return whether a number differs between the runs on a day for somebody with some traits."""
        person, found = Person(0, 0, traits), []
        for side in self.sides:
            side.day = day
            found.append(side.value(number, person))
        return found[0] != found[1]

    def _unlike_in(self, path: str, days: range) -> bool:
        return any(low <= days[-1] and days[0] < high for low, high in self._unlike_on(path))

    def _unlike_on(self, path: str) -> list[tuple[int, int]]:
        """Return the spans of days on which a parameter differs between the runs."""
        if path not in self._spans:
            first, days = self.one.bound.first.toordinal(), self.one.bound.days
            sides = [side.bound.known(path) for side in self.sides]
            starts = {start - first for dated in sides for start in dated.starts}
            cuts = sorted({0, days, *(start for start in starts if 0 < start < days)})
            self._spans[path] = [
                (a, b) for a, b in itertools.pairwise(cuts) if _unlike(*(one.at(first + a) for one in sides))
            ]
        return self._spans[path]


def _unlike(one: Table | float, other: Table | float) -> bool:
    if isinstance(one, Table) and isinstance(other, Table):
        return dict(one.axes) != dict(other.axes) or not np.array_equal(one.data, other.data)
    return isinstance(one, Table) or isinstance(other, Table) or one != other


class _Counted:
    """How much of what is counted falls to each person of one run."""

    def __init__(self, side: Witness, flows: Sequence[tuple[int, Flow]], window: Window) -> None:
        self.side, self.flows = side, flows
        first, cuts, days = side.bound.first, side.bound.cuts, side.bound.days
        spans = itertools.pairwise([*cuts, days])
        within = [(first + dt.timedelta(a), first + dt.timedelta(b - 1)) for a, b in spans]
        self.segments = {k for k, (a, b) in enumerate(within) if a >= window[0] and b <= window[1]}
        self.labels = {trait.name: trait.values for trait in side.network.traits}

    def __call__(self, number: int) -> float:
        return float(
            sum(
                sign * amount
                for name, segment, traits, amount in self.side.counts.get(number, ())
                if segment in self.segments
                for sign, flow in self.flows
                if flow.tally == name and self._fits(flow.where, traits)
            )
        )

    def _fits(self, where: Mapping[str, Any], traits: dict[str, int]) -> bool:
        return all(
            self.labels[trait][traits[trait]] in ([wanted] if isinstance(wanted, str) else wanted)
            for trait, wanted in where.items()
        )
