"""docket-ref on SimPy, tuned: one generator a person arrested; beds a counter, lines plain deques of events.

A clerk serves the lines once a day, which avoids the sorted list of SimPy's own resources (whose cost grows
with the line). Usage: python on_simpy.py PEOPLE DAYS SEED
"""

from __future__ import annotations

import math
import random
import time
from collections import deque
from collections.abc import Generator
from typing import Any

import simpy
import workload as w

Steps = Generator[Any, Any, None]
people, days, seed = run = w.arguments()
arrests_a_day, beds, hearings_a_day, seats_a_day = w.sizes(people)
luck = random.Random(seed)
attributes = w.attributes(people, seed)
in_pool = bytearray(b"\1") * people
counts = w.Counts()
detained_line: deque[Any] = deque()
other_line: deque[Any] = deque()
flight_line: deque[Any] = deque()


class Beds:
    """Beds that are free."""

    free = beds


def person(env: Any, i: int) -> Steps:
    """Follow one person from arrest to removal or relief."""
    fast, group, lag, held = attributes[i] & 1, attributes[i] >> 1, 0.5, False
    if Beds.free > 0:
        Beds.free -= 1
        held = True
    if held and fast:
        yield env.timeout(w.exponential(luck, w.FAST_DAYS) - 0.5)
        counts.timers += 1
        lag = 0.0
    else:
        if held and luck.random() < w.RELEASE_SHARE:
            yield env.timeout(w.exponential(luck, w.RELEASE_DAYS) - 0.5)
            counts.timers += 1
            lag = 0.0
            Beds.free += 1
            held = False
        left = w.hearings(luck)
        yield env.timeout(w.lognormal(luck, w.FIRST_DETAINED if held else w.FIRST_OTHER) - lag)
        counts.timers += 1
        while True:
            joined = env.now
            turn = simpy.Event(env)
            (detained_line if held else other_line).append(turn)
            yield turn
            counts.hearings += 1
            counts.hearing_wait += math.floor(env.now) - joined
            left -= 1
            lag = env.now - math.floor(env.now) - 1
            if left == 0:
                break
            yield env.timeout(w.lognormal(luck, w.GAP_DETAINED if held else w.GAP_OTHER) - lag)
            counts.timers += 1
        u = luck.random()
        if u < w.RELIEF_SHARE:
            if held:
                Beds.free += 1
            in_pool[i] = 1
            return
        if u < w.RELIEF_SHARE + w.APPEAL_SHARE:
            yield env.timeout(w.lognormal(luck, w.APPEAL) - lag)
            counts.timers += 1
            lag = 0.0
    yield env.timeout(w.exponential(luck, w.DOCUMENT_DAYS[group]) - lag)
    counts.timers += 1
    joined = env.now
    turn = simpy.Event(env)
    flight_line.append(turn)
    yield turn
    counts.removals += 1
    counts.flight_wait += math.floor(env.now) - joined
    yield env.timeout(0.25)
    if held:
        Beds.free += 1


def each_day(env: Any) -> Steps:
    """Arrest, count and serve the lines, once a day."""
    yield env.timeout(0.5)
    while True:
        for _ in range(arrests_a_day):
            i = int(luck.random() * people)
            if in_pool[i]:
                in_pool[i] = 0
                counts.arrests += 1
                env.process(person(env, i))
            else:
                counts.misses += 1
        yield env.timeout(0.25)
        counts.detained += beds - Beds.free
        left = hearings_a_day
        for line in (detained_line, other_line):
            while left and line:
                left -= 1
                line.popleft().succeed()
        left = seats_a_day
        while left and flight_line:
            left -= 1
            flight_line.popleft().succeed()
        yield env.timeout(0.75)


def main() -> None:
    """Run and report."""
    began = time.process_time()
    env = simpy.Environment()
    env.process(each_day(env))
    env.run(until=days)
    seconds = time.process_time() - began
    name = f"SimPy {simpy.__version__}, tuned"
    w.report(name, run, seconds, counts, len(detained_line) + len(other_line), len(flight_line))


main()
