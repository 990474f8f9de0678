"""Points of a search and what is lived there: levers moved by amounts, tests that a run holds or does not.

It knows settings, members and a function that lives them, ``evaluate(settings, member)``: nothing of what is
simulated, so it takes any declared network.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from docketflow.answers.lifting import Evaluate, Runs, Settings
from docketflow.answers.paired import Level, Lived, Worth, level, worth

Point = tuple[float, ...]
"""An amount for each lever, in the order of the levers; nothing moved is all zeros."""
FINE = 0.005  # how near a least amount is found, as a share of it


@dataclass(frozen=True)
class Lever:
    """Something that can be moved, from nothing to ``most``.

    Attributes
    ----------
    name : what it is called
    most : the amount at its top
    settings : the settings that move it by an amount (never asked for nothing)
    at_once : the same without its lag; None where it has none
    step : amounts are whole steps; 0 for any amount
    """

    name: str
    most: float
    settings: Callable[[float], Settings]
    at_once: Callable[[float], Settings] | None = None
    step: float = 1.0

    def snapped(self, amount: float) -> float:
        """Return the next whole step, at most the top."""
        steps = amount if not self.step else math.ceil(round(amount / self.step, 9)) * self.step
        return min(self.most, steps)

    def near(self, amount: float) -> float:
        """Return how near a least amount of about this size is to be found."""
        return max(self.step, FINE * amount, 1e-6 * self.most)


@dataclass(frozen=True)
class Asked:
    """What a run must hold: a number at least (``more``) or at most a value, or its own as it is."""

    name: str
    more: bool
    value: float | None = None

    def margin(self, lived: Lived, plain: Lived) -> float:
        """Return by how much a run holds it; below zero it does not."""
        found = float(lived.beside[self.name])
        wanted = float(plain.beside[self.name]) if self.value is None else self.value
        return found - wanted if self.more else wanted - found


@dataclass(frozen=True)
class Stand:
    """What a point comes to.

    Attributes
    ----------
    point : amounts by lever
    level : where runs end; its ``reached`` is how many hold all that is asked
    adds : what it adds to nothing moved, run against run
    beside : means of what comes with it
    spread : where nine runs in ten lie of each of these
    highest, lowest : the ends of all runs
    """

    point: Mapping[str, float]
    level: Level
    adds: Worth
    beside: Mapping[str, float]
    spread: Mapping[str, tuple[float, float]]
    highest: float
    lowest: float

    @property
    def reached(self) -> int:
        """In how many runs all that is asked is held."""
        return self.level.reached or 0


@dataclass(frozen=True)
class Best:
    """The furthest point so far: in how many of its runs all tests hold, and where its middle run ends."""

    held: int
    of: int
    value: float


@dataclass
class Trials:
    """Lives points and remembers them.

    Parameters
    ----------
    evaluate : lives a member under settings: the same luck under any of them
    levers, tests
    members : how many runs
    share : more than this share of runs must hold all tests
    pool : threads
    deadline : the time after which a search makes do with what it has
    told : called after each run with how many there were, and the best point so far
    """

    evaluate: Evaluate
    levers: Sequence[Lever]
    tests: Sequence[Asked]
    members: int
    share: float
    pool: ThreadPoolExecutor
    deadline: float = math.inf
    clock: Callable[[], float] = time.monotonic
    told: Callable[[int, Best | None], None] | None = None
    runs: Runs = field(init=False)
    best: Best | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.runs = Runs(self._live, (), 1.0, self.pool)
        self._lives = itertools.count(1)

    def _live(self, settings: Settings, member: int) -> Lived | float:
        found = self.evaluate(settings, member)
        if self.told is not None:
            self.told(next(self._lives), self.best)
        return found

    def _compared(self, values: np.ndarray, margins: np.ndarray) -> None:
        """Take note of a point that is further than the best so far."""
        held, of = int((margins.min(axis=1) >= 0).sum()), len(margins)
        one, sign = Best(held, of, float(np.median(values))), 1 if self.tests[0].more else -1
        best = self.best
        if best is None or (held / of, sign * one.value) > (best.held / best.of, sign * best.value):
            self.best = one

    @property
    def late(self) -> bool:
        """Whether time is up."""
        return self.clock() > self.deadline

    @property
    def none(self) -> Point:
        """Nothing moved."""
        return tuple(0.0 for _ in self.levers)

    @property
    def top(self) -> Point:
        """Every lever at its top."""
        return tuple(one.most for one in self.levers)

    def need(self, members: int | None = None) -> int:
        """Return how many runs are enough: more than the share, so that of half the middle run is one."""
        many = members or self.members
        return min(many, math.floor(round(self.share * many, 9)) + 1)

    def settings(self, point: Point, *, at_once: bool = False) -> Settings:
        """Return the settings of a point."""
        found: list = []
        for lever, amount in zip(self.levers, point, strict=True):
            if amount > 0:
                how = lever.at_once if at_once and lever.at_once is not None else lever.settings
                found += how(amount)
        return tuple(found)

    def margins(self, settings: Settings, members: int | None = None) -> np.ndarray:
        """Return by how much each test is held, [member, test]."""
        many = members or self.members
        lived = self.runs.of(settings, many)
        pairs = zip(lived, self.runs.of((), many), strict=True)
        found = np.array([[test.margin(one, plain) for test in self.tests] for one, plain in pairs])
        self._compared(np.array([one.value for one in lived]), found)
        return found

    def count(self, point: Point, members: int | None = None, *, at_once: bool = False) -> int:
        """Return in how many runs a point holds all tests."""
        found = self.margins(self.settings(point, at_once=at_once), members)
        return int((found.min(axis=1) >= 0).sum())

    def enough(self, point: Point, members: int | None = None) -> bool:
        """Return whether a point holds all tests in enough runs."""
        return self.count(point, members) >= self.need(members)

    def mean(self, point: Point, name: str, members: int) -> np.ndarray:
        """Return something that comes with a point, a member each."""
        return np.array([one.beside[name] for one in self.runs.of(self.settings(point), members)])

    def stand(self, point: Point, *, at_once: bool = False) -> Stand:
        """Return what a point comes to."""
        settings = self.settings(point, at_once=at_once)
        lived = self.runs.of(settings, self.members)
        values, plain = self.runs.values(settings, self.members), self.runs.values((), self.members)
        found = level(values)
        reached = self.count(point, at_once=at_once)
        by_name = {name: np.array([float(one.beside[name]) for one in lived]) for name in lived[0].beside}
        bands = {name: level(known) for name, one in by_name.items() if len(known := one[one == one])}
        return Stand(
            point=dict(zip((one.name for one in self.levers), point, strict=True)),
            level=Level(float(np.median(values)), found.least, found.most, reached, self.members),
            adds=worth(values - plain),
            beside={name: band.value for name, band in bands.items()},
            spread={name: (band.least, band.most) for name, band in bands.items()},
            highest=float(values.max()),
            lowest=float(values.min()),
        )


class Line:
    """A way through the points: how many runs hold all tests at each amount along it, asked once."""

    def __init__(
        self, count: Callable[[float], int], snap: Callable[[float], float], near: Callable[[float], float]
    ) -> None:
        self.count, self.snap, self.near = count, snap, near
        self.seen: dict[float, int] = {}

    def at(self, amount: float) -> int:
        """Return how many runs hold at an amount."""
        if amount not in self.seen:
            self.seen[amount] = self.count(amount)
        return self.seen[amount]

    def scan(self, low: float, high: float, parts: int) -> None:
        """Look at both ends and evenly between them."""
        for k in range(parts + 1):
            self.at(low if k == 0 else high if k == parts else self.snap(low + (high - low) * k / parts))

    def least(self, enough: int, near: Callable[[float], float] | None = None) -> float | None:
        """Return the least amount at which so many runs hold, as near as asked, as far as it was looked."""
        near = near or self.near
        while True:
            held = [amount for amount, many in self.seen.items() if many >= enough]
            if not held:
                return None
            high = min(held)
            below = [amount for amount in self.seen if amount < high]
            if not below or high - max(below) <= near(high) * (1 + 1e-9):
                return high
            middle = self.snap((high + max(below)) / 2)
            if middle >= high or middle <= max(below):
                return high
            self.at(middle)

    @property
    def rises(self) -> bool:
        """Whether more was never worse, where it was looked."""
        counts = [many for _, many in sorted(self.seen.items())]
        return all(a <= b for a, b in itertools.pairwise(counts))


def ranks(members: int, share: float, sure: float = 0.9) -> tuple[int | None, int | None]:
    """Return between which of the sorted runs a share of all runs lies, as sure as asked; None: beyond them.

    The interval of a quantile by order statistics: it assumes nothing of how runs differ.

    >>> ranks(24, 0.5), ranks(3, 0.5)
    ((8, 17), (None, None))
    """
    chance = [math.comb(members, k) * share**k * (1 - share) ** (members - k) for k in range(members + 1)]
    below = [sum(chance[:k]) for k in range(members + 2)]  # fewer than k
    tail = (1 - sure) / 2
    lows = [k for k in range(1, members + 1) if below[k] <= tail + 1e-12]
    highs = [k for k in range(1, members + 1) if below[k] >= 1 - tail - 1e-12]
    return (max(lows, default=None), min(highs, default=None))
