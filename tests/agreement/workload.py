"""The numbers of three small networks, written once, and the laws of days as the peers draw them.

Knows nothing of docketflow. A law of days is, in docketflow's vocabulary, 1,024 equally likely values of
ceil(X), at least 1: here it is drawn so, from the formula, by a generator of Python's own.

Each run also sends in some people of whom nothing is special but that they are told apart, on days so far
apart that the lines have forgotten one when the next comes. What happens to them are independent samples,
which a test of laws needs: neighbours in a line share their wait, and would make any such test too sure.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import ClassVar

WARM = 200  # days before anything is counted
APART, TAGS = 120, 15
DAYS = WARM + APART * TAGS


def tagged_days() -> list[int]:
    """Return the days on which people come who are told apart."""
    return [WARM + APART * k for k in range(TAGS)]


class Tandem:
    """Two lines for slots of a day, one after the other, and some begin again."""

    TRIES, SHARE = 40, 0.07  # who may come a day, and who does
    INTAKE = (4.0, 0.6)  # median and logarithmic spread
    SLOTS = 4
    GAP = 6.0
    AGAIN = 0.22


class Rooms:
    """A line for rooms, urgent people first; a room is held through two stages."""

    TRIES, URGENT, PLAIN = 40, 0.005, 0.009
    ROOMS = 8
    EXAM = 3.0
    RECOVERY = (4.0, 0.7)


class Beds:
    """Beds or nothing; two kinds of people with their own stays and their own way on."""

    TRIES = 60
    SHARES: ClassVar = {"a": 0.03, "b": 0.02}
    BEDS = 36
    STAY: ClassVar = {"a": (8.0, 0.8), "b": (12.0, 0.5)}
    REVIEW = (15.0, 0.5)
    REVIEWED: ClassVar = {"a": 0.3, "b": 0.6}


@dataclass
class Said:
    """What one run of one engine says: means by name, and by name what befell those who are told apart."""

    means: dict[str, float] = field(default_factory=dict)
    tagged: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class Counts:
    """Sums and numbers by name, of which a run's means are made; only what is counted in the window."""

    sums: dict[str, float] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    tagged: dict[str, dict[int, int]] = field(default_factory=dict)

    def add(self, name: str, days: float, on: float, tag: int | None = None) -> None:
        """Count days of somebody on a day."""
        if WARM <= math.floor(on) < DAYS:
            self.sums[name] = self.sums.get(name, 0.0) + days
            self.numbers[name] = self.numbers.get(name, 0) + 1
        if tag is not None:
            told = self.tagged.setdefault(name, {})
            told[tag] = told.get(tag, 0) + int(days)

    def said(self) -> Said:
        """Return the means, how many a day, and what befell those who are told apart (nothing: zero days)."""
        means = {f"{name}, mean days": self.sums[name] / self.numbers[name] for name in self.sums}
        means |= {f"{name}, a day": n / (DAYS - WARM) for name, n in self.numbers.items()}
        return Said(means, {n: [told.get(k, 0) for k in range(TAGS)] for n, told in self.tagged.items()})


def _level(luck: random.Random) -> float:
    return (luck.randrange(1024) + 0.5) / 1024


def exponential(luck: random.Random, mean: float) -> int:
    """Return whole days of an exponential law."""
    return max(1, math.ceil(-mean * math.log1p(-_level(luck))))


def lognormal(luck: random.Random, law: tuple[float, float]) -> int:
    """Return whole days of a lognormal law given by its median and spread."""
    return max(1, math.ceil(law[0] * math.exp(law[1] * NormalDist().inv_cdf(_level(luck)))))


def comers(luck: random.Random, tries: int, share: float) -> int:
    """Return how many come on a day."""
    return sum(luck.random() < share for _ in range(tries))
