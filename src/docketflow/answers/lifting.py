"""Which limit binds: one per cent more of each, each lifted alone, all but one, and a greedy staircase.

It knows settings, members and a function that lives them, ``evaluate(settings, member)``: nothing of what is
simulated, so it takes any declared network with a list of limits.

1. One per cent more of each limit, and each lifted alone, against the same members as they are.
2. The staircase: of what is not lifted yet, lift what adds most, until nothing is left.
3. All but one, against all.
4. Again with more members, until the first limit can be told from zero or time is up.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from docketflow.answers.paired import Level, Lived, Worth, level, parts_from, worth

Settings = tuple[Hashable, ...]
Evaluate = Callable[[Settings, int], "Lived | float"]
BATCH = 8  # members added at a time
FEWEST = 24  # members before an interval is believed
MOST = 480
SECONDS = 50.0  # of search; a command also starts and prints
NOW, AFTER, NO = "now", "after", "no"


@dataclass(frozen=True)
class Limit:
    """Something that may bind.

    Attributes
    ----------
    name : what it is called
    more : settings that give one per cent more of it
    lifted : settings under which it is declared not to limit
    """

    name: str
    more: Settings
    lifted: Settings


@dataclass(frozen=True)
class Rung:
    """Some limits lifted together: where runs end, what it adds to none lifted, and what comes with it."""

    lifted: tuple[str, ...]
    level: Level
    adds: Worth
    beside: dict[str, float]


@dataclass(frozen=True)
class Step:
    """One step of the staircase: what is lifted next, what that adds, its ties, and from which month."""

    limit: str
    adds: Worth
    ties: tuple[str, ...]
    since: int | None
    rung: Rung


@dataclass(frozen=True)
class Standing:
    """One limit: its worth at the margin, lifted alone and lifted last, and when and why it binds.

    Attributes
    ----------
    binds : "now", "after" (only once others are lifted) or "no" (it cannot be told)
    after : the limits that must be lifted first
    since : the month from which that shows, None if never
    ties : limits whose worth of one per cent (or of lifting, where that decides) cannot be told from its own
    """

    limit: str
    one: Worth
    alone: Rung
    all_but: Rung
    last: Worth
    binds: str
    after: tuple[str, ...]
    since: int | None
    ties: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a search found; ``together`` is all lifted less the sum of each alone."""

    members: int
    runs: int
    base: Rung
    order: tuple[Standing, ...]
    by_lifting: tuple[str, ...]
    staircase: tuple[Step, ...]
    together: Worth
    agree: bool
    takes_over: tuple[str, str] | None

    @property
    def decided(self) -> bool:
        """Whether the first limit can be told from zero, at the margin and lifted."""
        first = {one.limit: one for one in self.order}[self.by_lifting[0]]
        return self.order[0].one.gains and first.alone.adds.gains


class Runs:
    """Members under settings, each lived once; ``sign`` turns a search for less into one for more."""

    def __init__(self, evaluate: Evaluate, limits: Sequence[Limit], sign: float, pool: ThreadPoolExecutor):
        self.evaluate, self.limits, self.sign, self.pool = evaluate, limits, sign, pool
        self._kept: dict[tuple[Settings, int], Lived] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def lifted(self, names: Iterable[str]) -> Settings:
        """Return the settings that lift some limits, in one order."""
        chosen = set(names)
        return tuple(s for limit in self.limits if limit.name in chosen for s in limit.lifted)

    def live(self, asked: Iterable[Settings], members: int) -> None:
        """Live what has not been lived, a member's settings one after another."""
        wanted = list(dict.fromkeys(asked))

        def one(member: int) -> None:
            for settings in wanted:
                if (settings, member) not in self._kept:
                    found = self.evaluate(settings, member)
                    self._kept[settings, member] = found if isinstance(found, Lived) else Lived(float(found))

        list(self.pool.map(one, range(members)))

    def of(self, settings: Settings, members: int) -> list[Lived]:
        """Return some members under settings."""
        self.live([settings], members)
        return [self._kept[settings, member] for member in range(members)]

    def values(self, settings: Settings, members: int) -> np.ndarray:
        """Return the number that is asked about, a member each."""
        return np.array([one.value for one in self.of(settings, members)])

    def gain(self, settings: Settings, over: Settings, members: int) -> Worth:
        """Return what some settings add to others, member by member, in the direction that is wanted."""
        return worth(self.sign * (self.values(settings, members) - self.values(over, members)))

    def since(self, settings: Settings, over: Settings, members: int) -> int | None:
        """Return the month from which settings part from others."""
        pairs = zip(self.of(settings, members), self.of(over, members), strict=True)
        return parts_from(np.array([one.months - other.months for one, other in pairs]))

    def rung(self, names: tuple[str, ...], members: int, goal: float | None) -> Rung:
        """Return what some limits lifted together come to."""
        settings = self.lifted(names)
        beside = [one.beside for one in self.of(settings, members)]
        means = {name: _mean([float(one[name]) for one in beside]) for name in beside[0]}
        values = self.values(settings, members)
        return Rung(names, level(values, goal), self.gain(settings, (), members), means)


def search(
    evaluate: Evaluate,
    limits: Sequence[Limit],
    *,
    members: int | None = None,
    seconds: float = SECONDS,
    wanted: str = "more",
    goal: float | None = None,
    workers: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Found:
    """Find which limit binds, and what binds next.

    Parameters
    ----------
    evaluate : callable
        Lives a member under settings (none: as it is); it must give the same for the same arguments, and the
        same luck to the same member under any settings.
    limits : sequence of Limit
    members : int, optional
        How many members; if not given they are added until the first limit's interval leaves zero out.
    seconds : float
        When to stop adding members.
    wanted : "more" or "less"
        Whether more or less of the number is the aim; every worth is counted in that direction.
    goal : float, optional
        How many runs reach it is told with each level.
    workers : int, optional
        Threads that live members.
    clock : callable
        Tells the time in seconds.
    """
    began = clock()
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        runs = Runs(evaluate, limits, 1.0 if wanted == "more" else -1.0, pool)
        count = members or BATCH
        while True:
            last = clock()
            found = _found(runs, limits, count, goal)
            now = clock()
            enough = count >= FEWEST and found.decided
            late = count >= MOST or (now - began) + (now - last) > seconds
            if members is not None or enough or late:
                return found
            count += BATCH


def _found(runs: Runs, limits: Sequence[Limit], members: int, goal: float | None) -> Found:
    names = tuple(limit.name for limit in limits)
    every = [(), *(limit.more for limit in limits), *(limit.lifted for limit in limits)]
    everything = runs.lifted(names)
    runs.live([*every, *(runs.lifted(set(names) - {name}) for name in names), everything], members)
    one = {limit.name: runs.gain(limit.more, (), members) for limit in limits}
    alone = {limit.name: runs.gain(limit.lifted, (), members) for limit in limits}
    stairs, tried = _staircase(runs, names, members, goal)
    by_one = sorted(names, key=lambda name: _rank(one[name], alone[name]))
    by_lifting = tuple(sorted(names, key=lambda name: -alone[name].value))
    order = tuple(
        _standing(runs, limit, one, alone, tried, members, goal, names)
        for limit in sorted(limits, key=lambda limit: by_one.index(limit.name))
    )
    sums = sum(runs.values(limit.lifted, members) - runs.values((), members) for limit in limits)
    together = worth(runs.sign * (runs.values(everything, members) - runs.values((), members) - sums))
    agree = _agree(by_one, by_lifting, one, alone)
    takes_over = None if agree else _next(runs, by_one[0], names, members)
    base = runs.rung((), members, goal)
    return Found(members, len(runs), base, order, by_lifting, stairs, together, agree, takes_over)


def _rank(one: Worth, alone: Worth) -> tuple[bool, float]:
    """Return where a limit stands: first those whose one per cent is told from zero, then by lifting."""
    return not one.gains, -one.value if one.gains else -alone.value


Tried = list[tuple[tuple[str, ...], dict[str, Worth]]]


def _staircase(
    runs: Runs, names: tuple[str, ...], members: int, goal: float | None
) -> tuple[tuple[Step, ...], Tried]:
    """Return the steps, and what each limit not yet lifted would have added before each of them."""
    steps: list[Step] = []
    tried: Tried = []
    lifted: tuple[str, ...] = ()
    while len(lifted) < len(names):
        left = [name for name in names if name not in lifted]
        before = runs.lifted(lifted)
        runs.live([runs.lifted({*lifted, name}) for name in left], members)
        gains = {name: runs.gain(runs.lifted({*lifted, name}), before, members) for name in left}
        tried.append((lifted, gains))
        best = max(left, key=lambda name: gains[name].value)
        ties = tuple(name for name in left if name != best and gains[name].ties(gains[best]))
        lifted = (*lifted, best)
        since = runs.since(runs.lifted(lifted), before, members)
        steps.append(Step(best, gains[best], ties, since, runs.rung(lifted, members, goal)))
    return tuple(steps), tried


def _standing(
    runs: Runs,
    limit: Limit,
    one: dict[str, Worth],
    alone: dict[str, Worth],
    tried: Tried,
    members: int,
    goal: float | None,
    names: tuple[str, ...],
) -> Standing:
    name = limit.name
    others = tuple(n for n in names if n != name)
    all_but = runs.rung(others, members, goal)
    last = runs.gain(runs.lifted(names), runs.lifted(others), members)
    binds, since = NO, None
    after: tuple[str, ...] = ()
    if one[name].gains or alone[name].gains:
        settings = limit.lifted if alone[name].gains else limit.more
        binds, since = NOW, runs.since(settings, (), members)
    else:
        hidden = [lifted for lifted, gains in tried if name in gains and gains[name].gains]
        if not hidden and last.gains:
            hidden = [others]
        if hidden:
            binds, after = AFTER, hidden[0]
            since = runs.since(runs.lifted({*after, name}), runs.lifted(after), members)
    by = one if one[name].gains else alone
    peers = [n for n in others if one[n].gains == one[name].gains]
    ties = tuple(n for n in peers if binds == NOW and by[n].gains and by[n].ties(by[name]))
    return Standing(
        name, one[name], runs.rung((name,), members, goal), all_but, last, binds, after, since, ties
    )


def _agree(
    by_one: Sequence[str], by_lifting: Sequence[str], one: dict[str, Worth], alone: dict[str, Worth]
) -> bool:
    """Return whether the first two are the same both ways, as far as they can be told apart."""
    if any(one[name].gains and alone[name].high < 0 for name in by_one[:2]):
        return False  # a little more of it adds and all of it takes away
    pairs = list(zip(by_one, by_lifting, strict=True))[:2]
    return all(a == b or one[a].ties(one[b]) or alone[a].ties(alone[b]) for a, b in pairs)


def _next(runs: Runs, first: str, names: tuple[str, ...], members: int) -> tuple[str, str] | None:
    """Return the limit that is first at the margin, and the one that takes over once it is lifted."""
    left = [name for name in names if name != first]
    if not left:
        return None
    runs.live([runs.lifted({first, name}) for name in left], members)
    gains = {n: runs.gain(runs.lifted({first, n}), runs.lifted({first}), members) for n in left}
    return first, max(left, key=lambda name: gains[name].value)


def _mean(values: list[float]) -> float:
    known = [value for value in values if value == value]
    return float(np.mean(known)) if known else float("nan")
