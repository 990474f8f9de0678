"""The three networks on Ciw, as near as it can say them; a day is a unit of time.

Slots of a day are Ciw's slotted services. Ciw holds no resource across nodes: a room held through two stages
is one node whose service is a day and both stages, which the line cannot tell from it. As on SimPy, parts of
a day say what happens first. Ciw's own luck chooses the ways on, a generator of ours the numbers and the
days; the two are seeded apart, because one seed for both would give them the same words.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import ciw

from . import workload as w

NIGHT = 0.5
NOBODY: Any = None
AFTER = 150
"""Days run beyond the window: Ciw records a service when it ends, and who was served in time must be in."""


class Drawn(ciw.dists.Distribution):
    """Whatever a function of the time says."""

    def __init__(self, say: Callable[[float], float]) -> None:
        self.say = say

    def sample(self, t: Any = None, ind: Any = None) -> Any:
        """Return it."""
        return self.say(t)


class EachDay(ciw.dists.Distribution):
    """At the same part of every day."""

    def __init__(self, offset: float) -> None:
        self.next = offset

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the days to the next."""
        found, self.next = self.next, 1.0
        return found


class Once(ciw.dists.Distribution):
    """On one day."""

    def __init__(self, at: float) -> None:
        self.at = at

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the days to it, and then never."""
        found, self.at = self.at, math.inf
        return found


def _tags(offset: Callable[[int], float]) -> dict[str, Once]:
    return {f"tag {k}": Once(day + offset(k)) for k, day in enumerate(w.tagged_days())}


def _tag(name: str) -> int | None:
    return int(name.removeprefix("tag ")) if name.startswith("tag ") else None


def _records(seed: int, classes: list[str], first: dict[str, Any], batches: dict[str, Any], nodes: int,
             services: dict[str, list[Any]], servers: list[Any], routing: dict[str, Any],
             **more: Any) -> list[Any]:  # fmt: skip
    one = ciw.dists.Deterministic(1)
    rest = [NOBODY] * (nodes - 1)
    network = ciw.create_network(
        arrival_distributions={name: [first[name], *rest] for name in classes},
        batching_distributions={name: [batches.get(name, one), *[one] * (nodes - 1)] for name in classes},
        service_distributions=services, number_of_servers=servers, routing=routing, **more,
    )  # fmt: skip
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(w.DAYS + AFTER)
    return simulation.get_all_records()


def tandem(seed: int) -> w.Said:
    """Run two lines with feedback."""
    n, luck, counts = w.Tandem, random.Random(f"stays {seed}"), w.Counts()
    first: dict[str, Any] = {"some": EachDay(0.0), **_tags(lambda k: 0.0)}
    half = ciw.dists.Deterministic(0.5)
    services = [
        Drawn(lambda t: w.lognormal(luck, n.INTAKE)), half, Drawn(lambda t: w.exponential(luck, n.GAP)), half
    ]  # fmt: skip
    ways = [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0], [n.AGAIN, 0.0, 0.0, 0.0]]
    slots = [ciw.Slotted(slots=[1.0], slot_sizes=[n.SLOTS], offset=NIGHT) for _ in range(2)]
    records = _records(
        seed, list(first), first, {"some": Drawn(lambda t: w.comers(luck, n.TRIES, n.SHARE))}, 4,
        dict.fromkeys(first, services), [math.inf, slots[0], math.inf, slots[1]],
        dict.fromkeys(first, ways),
    )  # fmt: skip
    came: dict[int, float] = {}
    for record in sorted(records, key=lambda r: r.arrival_date):
        came.setdefault(record.id_number, record.arrival_date)
        if record.node in (2, 4):
            day, tag = math.floor(record.service_start_date), _tag(record.customer_class)
            counts.add(f"in line {'a' if record.node == 2 else 'b'}", day - record.arrival_date, day, tag)
            if record.node == 4 and record.destination == -1:
                counts.add("in all", day - came[record.id_number], day, tag)
    return counts.said()


def rooms(seed: int) -> w.Said:
    """Run a line for rooms: urgent people come first, then rooms are given back, then plain people come."""
    n, luck, counts = w.Rooms, random.Random(f"stays {seed}"), w.Counts()
    back, late = 0.125, 0.25
    tags = _tags(lambda k: 0.0 if k % 2 == 0 else late)
    first: dict[str, Any] = {"urgent": EachDay(0.0), "plain": EachDay(late), **tags}
    kinds = {"urgent": "urgent", "plain": "plain", **{t: ("urgent", "plain")[_tag(t) % 2] for t in tags}}  # type: ignore[operator]

    def held(t: float) -> float:
        return math.floor(t) + 1 + w.exponential(luck, n.EXAM) + w.lognormal(luck, n.RECOVERY) + back - t

    records = _records(
        seed, list(first), first,
        {
            "urgent": Drawn(lambda t: w.comers(luck, n.TRIES, n.URGENT)),
            "plain": Drawn(lambda t: w.comers(luck, n.TRIES, n.PLAIN)),
        },
        1, {name: [Drawn(held)] for name in first}, [n.ROOMS], {name: [[0.0]] for name in first},
        priority_classes={name: int(kind == "plain") for name, kind in kinds.items()},
    )  # fmt: skip
    for record in records:
        came, day, left = (
            math.floor(time) for time in (record.arrival_date, record.service_start_date, record.exit_date)
        )
        tag = _tag(record.customer_class)
        counts.add(f"{kinds[record.customer_class]} in line", day - came, day, tag)
        counts.add("in all", left - came, left, tag)
    return counts.said()


def beds(seed: int) -> w.Said:
    """Run beds or nothing: people of one kind come, then of the other, then beds are given back."""
    n, luck, counts = w.Beds, random.Random(f"stays {seed}"), w.Counts()
    tags = _tags(lambda k: 0.25)
    first: dict[str, Any] = {"a": EachDay(0.0), "b": EachDay(0.125), **tags}
    kinds = {"a": "a", "b": "b", **{t: "ab"[_tag(t) % 2] for t in tags}}  # type: ignore[operator]

    def services(kind: str) -> list[Drawn]:
        return [
            Drawn(lambda t: math.floor(t) + w.lognormal(luck, n.STAY[kind]) + NIGHT - t),
            Drawn(lambda t: w.lognormal(luck, n.REVIEW)),
        ]

    records = _records(
        seed, list(first), first,
        {kind: Drawn(lambda t, k=kind: w.comers(luck, n.TRIES, n.SHARES[k])) for kind in n.SHARES},
        2, {name: services(kind) for name, kind in kinds.items()}, [n.BEDS, math.inf],
        {name: [[0.0, n.REVIEWED[kind]], [0.0, 0.0]] for name, kind in kinds.items()},
        queue_capacities=[0, math.inf],
    )  # fmt: skip
    came: dict[int, int] = {}
    for record in sorted(records, key=lambda r: (r.arrival_date, r.node)):
        tag, left = _tag(record.customer_class), math.floor(record.exit_date)
        came.setdefault(record.id_number, math.floor(record.arrival_date))
        if record.record_type == "rejection":
            counts.add("refused", 0, left, tag)
            continue
        if record.node == 1:
            counts.add(f"{kinds[record.customer_class]} in bed", left - came[record.id_number], left, tag)
        if record.destination == -1:
            counts.add("in all", left - came[record.id_number], left, tag)
    return counts.said()
