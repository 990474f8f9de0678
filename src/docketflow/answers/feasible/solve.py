"""What it would take: the least of one lever, the cheapest mix of several, or what falls short.

1. Nothing moved, and every lever at its top.
2. Where the top is enough: the least of each lever with the others at their tops, and what happens if one
   stays as it is.
3. Of several: the cheapest mix. From the same share of each, what is not needed is given back; then more of
   one is traded for less of another, for as long as that costs less, run against run.
4. Where the top is not enough: whatever bound there is, else a search of the inside, since more may be worse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.answers.feasible.trials import FINE, Lever, Line, Point, Stand, Trials, ranks
from docketflow.answers.paired import Worth, worth

ALREADY, LEAST, MIX, SHORT = "already", "least", "mix", "short"
PARTS = 4  # into which a lever is cut before its least amount is looked for
COARSE = 0.05  # how near amounts are found while mixes are compared, as a share of them
FEW = 8  # runs by which mixes and points inside are compared; all runs decide in the end
LIKELY = 3  # points inside that are looked at with all runs
TRADES = (0.3, 0.1)  # more of one lever, as shares of its top
INSIDE = 12  # points inside that are looked at where the tops fall short
LEAST_INSIDE = 0.2  # where the inside begins, as a share of the tops
NUDGES = (0.75, 1.25)


@dataclass(frozen=True)
class Need:
    """The least amount of one lever: enough in the share of runs asked for, and its 90% interval.

    ``low`` None: perhaps nothing at all; ``high`` None: perhaps more than its top. ``rises``: more was never
    worse where it was looked. ``told``: there was time to look for the interval.
    """

    lever: str
    amount: float | None
    low: float | None
    high: float | None
    rises: bool
    told: bool = True


@dataclass(frozen=True)
class Mix:
    """The cheapest mix found: what it comes to, between which multiples of it the least lies, what it saves.

    ``saves`` is its cost less that of the same share of each lever, run against run; None without a cost.
    """

    stand: Stand
    low: float | None
    high: float | None
    even: Stand
    saves: Worth | None


@dataclass(frozen=True)
class Proof:
    """A bound that no run can pass whatever else is moved: its value, and what it is made of."""

    most: float
    parts: Mapping[str, float]
    beyond: float
    members: int


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    ends : "already" (nothing need be moved), "least" (of one lever), "mix" (of several) or "short"
    base, top : nothing moved, and every lever at its top
    top_at_once : the top as if nothing took time, None where nothing does
    each : the least of each lever, the others at their tops
    stays : each lever as it is, the others at their tops
    at_once : the least of one lever if it took no time
    mix : the cheapest mix
    best, tried : where the top is not enough: the best point of how many
    proof : a bound, where the engine gives one
    members, runs, late : runs a point, runs in all, and whether time was up before all was looked at
    """

    ends: str
    base: Stand
    top: Stand
    members: int
    runs: int
    late: bool
    top_at_once: Stand | None = None
    each: tuple[Need, ...] = ()
    stays: tuple[Stand, ...] = ()
    at_once: Need | None = None
    mix: Mix | None = None
    best: Stand | None = None
    tried: int = 0
    proof: Proof | None = None

    @property
    def proved(self) -> bool:
        """Whether what falls short is proved to, not only looked for."""
        return self.ends == SHORT and self.proof is not None

    @property
    def unfinished(self) -> bool:
        """Whether time was up before it could be said that the goal is out of reach."""
        return self.ends == SHORT and self.proof is None and self.late


def solve(
    trials: Trials, *, cost: str | None = None, proof: Callable[[Point], Proof | None] | None = None
) -> Found:
    """Find what it would take.

    Parameters
    ----------
    trials : Trials
    cost : str, optional
        What is to be cheap, among what comes with a run; without it the smallest shares of the tops.
    proof : callable, optional
        Returns a bound below what is asked at a point, if there is one.
    """
    lags = any(lever.at_once is not None for lever in trials.levers)
    top = trials.top
    trials.runs.live([(), trials.settings(top)], trials.members)
    found: dict[str, Any] = {
        "base": trials.stand(trials.none),
        "top": trials.stand(top),
        "top_at_once": trials.stand(top, at_once=True) if lags else None,
    }
    if trials.enough(trials.none):
        return _found(trials, ALREADY, **found)
    start: Point | None = top if trials.enough(top) else None
    if start is None:
        bound = None if proof is None else proof(top)
        if bound is not None:
            return _found(trials, SHORT, **found, **_falls_short(trials, top, 1), proof=bound)
        best, tried, start = _inside(trials)
        if start is None:
            return _found(trials, SHORT, **found, **_falls_short(trials, best, tried))
    found["each"] = tuple(_least(trials, k, start) for k in range(len(trials.levers)))
    if len(trials.levers) == 1:
        if lags and not trials.late:
            found["at_once"] = _least(trials, 0, start, at_once=True)
        amount = found["each"][0].amount
        found["best"] = trials.stand((start[0] if amount is None else amount,))
        return _found(trials, LEAST, **found)
    found["stays"] = _stays(trials, start)
    found["mix"] = _mix(trials, start, cost)
    return _found(trials, MIX, **found)


def _found(trials: Trials, ends: str, **found: Any) -> Found:
    return Found(ends, members=trials.members, runs=len(trials.runs), late=trials.late, **found)


def _falls_short(trials: Trials, best: Point, tried: int) -> dict[str, Any]:
    stays = _stays(trials, trials.top) if len(trials.levers) > 1 else ()
    return {"best": trials.stand(best), "tried": tried, "stays": stays}


def _with(point: Point, k: int, amount: float) -> Point:
    return (*point[:k], amount, *point[k + 1 :])


def _stays(trials: Trials, start: Point) -> tuple[Stand, ...]:
    return tuple(trials.stand(_with(start, k, 0.0)) for k in range(len(start)))


# --- one lever ------------------------------------------------------------------------------------------
def _least(trials: Trials, k: int, start: Point, *, at_once: bool = False) -> Need:
    """Return the least of one lever, the others where a search starts."""
    lever = trials.levers[k]
    line = Line(lambda x: trials.count(_with(start, k, x), at_once=at_once), lever.snapped, lever.near)
    line.scan(0.0, start[k], PARTS)
    low, high = ranks(trials.members, trials.share)
    amount = line.least(trials.need())
    near = lever.near if len(trials.levers) == 1 else _coarse(lever)
    if trials.late:
        return Need(lever.name, amount, None, None, line.rises, told=False)
    low_end, high_end = (None if k is None else line.least(k, near) for k in (low, high))
    return Need(lever.name, amount, low_end, high_end, line.rises)


def _coarse(lever: Lever) -> Callable[[float], float]:
    return lambda x: max(lever.step, COARSE * x)


# --- several levers -------------------------------------------------------------------------------------
def _mix(trials: Trials, start: Point, cost: str | None) -> Mix:
    few = min(FEW, trials.members)
    even = _scaled(trials, start, trials.members)[0]
    best = _given_back(trials, _scaled(trials, start, few)[0], range(len(start)), few)
    for trade in TRADES:
        best = _traded(trials, best, trade, few, cost)
    best, _, _ = _scaled(trials, best, trials.members)
    best = _given_back(trials, best, range(len(best)), trials.members, fine=True)
    point, low, high = _scaled(trials, best, trials.members)
    saves = None
    if cost is not None:
        saves = worth(trials.mean(point, cost, trials.members) - trials.mean(even, cost, trials.members))
    return Mix(trials.stand(point), low, high, trials.stand(even), saves)


def _scaled(trials: Trials, point: Point, members: int) -> tuple[Point, float | None, float | None]:
    """Return the least multiple of a point that is enough, and the interval of the multiple around it."""

    def at(times: float) -> Point:
        pairs = zip(trials.levers, point, strict=True)
        return tuple(lever.snapped(times * amount) for lever, amount in pairs)

    furthest = max(lever.most / x for lever, x in zip(trials.levers, point, strict=True) if x > 0)
    line = Line(lambda x: trials.count(at(x), members), lambda x: x, lambda x: FINE * x)
    line.scan(0.0, 1.0, 2)
    times = line.least(trials.need(members))
    if times is None:  # with more runs it is not enough: outwards
        line.scan(1.0, furthest, PARTS)
        times = line.least(trials.need(members))
    if times is None or trials.late:
        return (point if times is None else at(times)), None, None
    ends: list[float | None] = [None, None]
    if members == trials.members:
        line.at(furthest)
        ends = [None if rank is None else line.least(rank) for rank in ranks(members, trials.share)]
    low, high = (None if end is None else end / times for end in ends)
    return at(times), low, high


def _given_back(
    trials: Trials, point: Point, order: Sequence[int], members: int, *, fine: bool = False
) -> Point:
    """Return a point with as little of each lever as is enough, one lever after another."""
    for k in order:
        lever = trials.levers[k]
        if point[k] == 0 or trials.late:
            continue
        here = point
        line = Line(
            lambda x, k=k, here=here: trials.count(_with(here, k, x), members),  # type: ignore[misc]
            lever.snapped,
            lever.near if fine else _coarse(lever),
        )
        line.seen[point[k]] = trials.need(members)
        line.at(0.0)
        point = _with(point, k, line.least(trials.need(members)) or 0.0)
    return point


def _traded(trials: Trials, best: Point, trade: float, members: int, cost: str | None) -> Point:
    """Return the best point that is come to by more of one lever, each in turn, and less of the others."""
    for k, lever in enumerate(trials.levers):
        if trials.late:
            break
        more = _with(best, k, lever.snapped(best[k] + trade * lever.most))
        by_share = sorted(range(len(best)), key=lambda j: -more[j] / trials.levers[j].most)
        other = _given_back(trials, more, [*(j for j in by_share if j != k), k], members)
        if other != best and _cheaper(trials, other, best, members, cost):
            best = other
    return best


def _cheaper(trials: Trials, one: Point, other: Point, members: int, cost: str | None) -> bool:
    """Return whether a point costs less, run against run; or, where that cannot be told, moves less."""
    if cost is not None and members > 1:
        gap = worth(trials.mean(one, cost, members) - trials.mean(other, cost, members))
        if gap.told:
            return gap.value < 0
    return _moved(trials, one) < _moved(trials, other) - 1e-9


def _moved(trials: Trials, point: Point) -> float:
    return sum(x / lever.most for lever, x in zip(trials.levers, point, strict=True))


# --- where the tops fall short --------------------------------------------------------------------------
def _inside(trials: Trials) -> tuple[Point, int, Point | None]:
    """Return the best point of many, how many they were, and it again if it is enough.

    Few runs tell which are the best; all runs tell which of these is.
    """
    tried: dict[Point, tuple[float, float]] = {}
    scale = np.maximum(1.0, np.abs([test.value or 0.0 for test in trials.tests]))

    def score(point: Point, members: int) -> tuple[float, float]:
        margins = trials.margins(trials.settings(point), members)
        return float((margins.min(axis=1) >= 0).mean()), float(np.median((margins / scale).min(axis=1)))

    def look(point: Point) -> None:
        if point not in tried and not (trials.late and tried):
            tried[point] = score(point, min(FEW, trials.members))

    def best() -> Point:
        return max(tried, key=lambda point: tried[point])

    look(trials.top)
    look(trials.none)
    for k in range(len(trials.levers)):
        look(_with(trials.top, k, 0.0))
    for shares in _spread(len(trials.levers), INSIDE):
        pairs = zip(trials.levers, shares, strict=True)
        look(tuple(lever.snapped(share * lever.most) for lever, share in pairs))
    for k, lever in enumerate(trials.levers):
        for nudge in NUDGES:
            here = best()
            look(_with(here, k, lever.snapped(nudge * here[k])))
    likely = sorted(tried, key=lambda point: tried[point])[-LIKELY:]
    found = max({*likely, trials.top}, key=lambda point: score(point, trials.members))
    return found, len(tried), found if trials.enough(found) else None


def _spread(levers: int, points: int) -> list[tuple[float, ...]]:
    """Return points spread evenly over the inside: multiples of powers of one number, wrapped round.

    The number solves x^(d+1) = x + 1, which keeps points of any count apart in d directions.
    """
    ratio = 2.0
    for _ in range(64):
        ratio = (1 + ratio) ** (1 / (levers + 1))
    steps = [ratio ** -(k + 1) % 1 for k in range(levers)]
    spread = [[(0.5 + n * step) % 1 for step in steps] for n in range(1, points + 1)]
    return [tuple(LEAST_INSIDE + (1 - LEAST_INSIDE) * x for x in row) for row in spread]
