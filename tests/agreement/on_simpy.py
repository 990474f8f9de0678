"""The three networks on SimPy, with its own resources; a day is a unit of time.

Within a day things happen in docketflow's order, which SimPy is told by parts of a day: who takes a room or
a bed before who gives one back. Slots of a day are a resource held for a day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Generator
from typing import Any

import simpy

from . import workload as w

Steps = Generator[Any, Any, None]
NIGHT = 0.5


def _each_day(env: simpy.Environment, offset: float, today: Callable[[], None]) -> Steps:
    yield env.timeout(offset)
    while True:
        today()
        yield env.timeout(1)


def _on_days(env: simpy.Environment, offset: float, come: Callable[[int], None]) -> Steps:
    for tag, day in enumerate(w.tagged_days()):
        yield env.timeout(day + offset - env.now)
        come(tag)


def tandem(seed: int) -> w.Said:
    """Run two lines with feedback."""
    n, luck, counts, env = w.Tandem, random.Random(seed), w.Counts(), simpy.Environment()
    line_a, line_b = simpy.Resource(env, n.SLOTS), simpy.Resource(env, n.SLOTS)

    def stand(line: simpy.Resource, name: str, tag: int | None) -> Steps:
        joined = env.now
        with line.request() as turn:
            yield turn
            counts.add(name, env.now - joined, env.now, tag)
            yield env.timeout(1)

    def person(tag: int | None = None) -> Steps:
        came = env.now
        while True:
            yield env.timeout(w.lognormal(luck, n.INTAKE))
            yield from stand(line_a, "in line a", tag)
            yield env.timeout(w.exponential(luck, n.GAP))
            yield from stand(line_b, "in line b", tag)
            if luck.random() >= n.AGAIN:
                counts.add("in all", env.now - 1 - came, env.now - 1, tag)
                return

    def today() -> None:
        for _ in range(w.comers(luck, n.TRIES, n.SHARE)):
            env.process(person())

    env.process(_each_day(env, 0, today))
    env.process(_on_days(env, 0, lambda tag: env.process(person(tag))))
    env.run(until=w.DAYS + NIGHT)
    return counts.said()


def rooms(seed: int) -> w.Said:
    """Run a line for rooms: urgent people come first, then rooms are given back, then plain people come."""
    n, luck, counts, env = w.Rooms, random.Random(seed), w.Counts(), simpy.Environment()
    back, late = 0.125, 0.25
    line = simpy.PriorityResource(env, n.ROOMS)

    def person(kind: str, tag: int | None = None) -> Steps:
        came = math.floor(env.now)
        with line.request(priority=("urgent", "plain").index(kind)) as turn:
            yield turn
            day = math.floor(env.now)
            counts.add(f"{kind} in line", day - came, day, tag)
            yield env.timeout(day + 1 + w.exponential(luck, n.EXAM) + back - env.now)
            yield env.timeout(w.lognormal(luck, n.RECOVERY))
        counts.add("in all", math.floor(env.now) - came, env.now, tag)

    def several(kind: str, share: float) -> Callable[[], None]:
        def today() -> None:
            for _ in range(w.comers(luck, n.TRIES, share)):
                env.process(person(kind))

        return today

    env.process(_each_day(env, 0, several("urgent", n.URGENT)))
    env.process(_each_day(env, late, several("plain", n.PLAIN)))

    def come(urgent: bool) -> Callable[[int], None]:
        def one(tag: int) -> None:
            if (tag % 2 == 0) == urgent:
                env.process(person("urgent" if urgent else "plain", tag))

        return one

    env.process(_on_days(env, 0, come(True)))
    env.process(_on_days(env, late, come(False)))
    env.run(until=w.DAYS)
    return counts.said()


def beds(seed: int) -> w.Said:
    """Run beds or nothing: people of one kind come, then of the other, then beds are given back."""
    n, luck, counts, env = w.Beds, random.Random(seed), w.Counts(), simpy.Environment()
    free = simpy.Resource(env, n.BEDS)

    def person(kind: str, tag: int | None = None) -> Steps:
        came = math.floor(env.now)
        if free.count == free.capacity:
            counts.add("refused", 0, came, tag)
            return
        with free.request() as bed:
            yield bed
            yield env.timeout(came + w.lognormal(luck, n.STAY[kind]) + NIGHT - env.now)
        counts.add(f"{kind} in bed", math.floor(env.now) - came, env.now, tag)
        if luck.random() < n.REVIEWED[kind]:
            yield env.timeout(w.lognormal(luck, n.REVIEW))
        counts.add("in all", math.floor(env.now) - came, env.now, tag)

    def several(kind: str) -> Callable[[], None]:
        def today() -> None:
            for _ in range(w.comers(luck, n.TRIES, n.SHARES[kind])):
                env.process(person(kind))

        return today

    env.process(_each_day(env, 0, several("a")))
    env.process(_each_day(env, 0.125, several("b")))
    env.process(_on_days(env, 0.25, lambda tag: env.process(person("ab"[tag % 2], tag))))
    env.run(until=w.DAYS)
    return counts.said()
