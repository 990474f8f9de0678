"""Generic networks in which one thing varies and the events a person meets stay the same.

A ring is made of equal blocks of five places: a stage, a fork by traits and chance to one of three stages,
and a line. Who leaves the last block enters the first. Only the engine's public vocabulary is used.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow import engine
from docketflow.core.quantity import Dated, Table
from docketflow.engine.compile.bound import Bound
from docketflow.engine.declare import vocabulary as d

FIRST_DAY = dt.date(2025, 1, 1)
PLACES = 5  # of a block: a stage, three after the fork, a line
STAY = 150.0  # mean days in a stage
SPREAD = 0.2  # how far a stage's own mean lies from it, so that no two stages share a table
SIGMA = 0.5  # of the logarithm of stays after the fork
LOAD = 0.95  # of the lines, where they are not the thing that varies
CELLS = 4096  # different people at the start


@dataclass(frozen=True)
class Ring:
    """What a ring is made of.

    Attributes
    ----------
    moving : people in the stages, at equilibrium on the first day
    waiting, idle : people already in the first line, and people to whom nothing ever happens
    stages : places in all, five a block
    traits, width : how many traits there are, and how many values each has
    fork_reads, law_reads : how many of them every fork and every law reads
    laws : at most so many different laws a stage
    order : of the lines
    """

    moving: int = 4_000_000
    waiting: int = 0
    idle: int = 0
    days: int = 730
    stages: int = 30
    traits: int = 2
    width: int = 4
    fork_reads: int = 1
    law_reads: int = 1
    laws: int = 4
    order: str = "arrival"

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return max(1, self.stages // PLACES)

    @property
    def people(self) -> int:
        """Number of people."""
        return self.moving + self.waiting + self.idle


def labels(ring: Ring) -> tuple[str, ...]:
    """Return the values of every trait."""
    return tuple(f"v{k}" for k in range(ring.width))


def by_traits(ring: Ring, reads: int, values: np.ndarray) -> float | Table:
    """Return a number that depends on the first so many traits: the values in turn, cell by cell."""
    if reads == 0:
        return float(values[0])
    shape = (ring.width,) * reads
    data = np.resize(values, int(np.prod(shape))).reshape(shape)
    return Table({f"trait {k}": labels(ring) for k in range(reads)}, data)


def stays(ring: Ring, stage: int) -> np.ndarray:
    """Return the means of a stage's laws, which average the same for every stage and number of laws."""
    turn = (np.arange(ring.laws) + 0.5) / ring.laws - 0.5
    return STAY * (1 + SPREAD * 2 * np.roll(turn, stage)) * (1 + 1e-3 * np.cos(stage))


def network(ring: Ring) -> d.Network:
    """Return the declaration of a ring."""
    nodes: list[d.Node] = []
    shares = 1 / 3 + 0.1 * np.cos(np.arange(257))
    for b in range(ring.blocks):
        ways = [f"b{b} way {w}" for w in range(3)]
        first = by_traits(ring, ring.law_reads, stays(ring, 4 * b))
        nodes += [
            d.Stage(f"b{b} stage", d.exponential(first), then=f"b{b} fork"),
            d.Decision(
                f"b{b} fork",
                [
                    d.to(ways[0], share=by_traits(ring, ring.fork_reads, np.roll(shares, b))),
                    d.to(ways[1], share=by_traits(ring, ring.fork_reads, 2 / 3 - np.roll(shares, b))),
                    d.to(ways[2]),
                ],
            ),
        ]
        for w, way in enumerate(ways):
            mean = by_traits(ring, ring.law_reads, stays(ring, 4 * b + 1 + w) / np.exp(SIGMA**2 / 2))
            nodes.append(d.Stage(way, d.lognormal(mean, SIGMA), then=f"b{b} line"))
        onward = d.to(f"b{(b + 1) % ring.blocks} stage", do=[d.new_round()])
        nodes.append(d.Wait(f"b{b} line", effort=f"b{b} effort", order=ring.order, then=onward))
    nodes.append(d.Rest("idle"))
    flow = ring.moving / (2 * STAY * ring.blocks)
    load = 1.0 if ring.waiting or ring.idle else LOAD
    return d.Network(
        "ring",
        traits=[d.Trait(f"trait {k}", labels(ring)) for k in range(ring.traits)],
        nodes=nodes,
        efforts=[d.Effort(f"b{b} effort", flow / load) for b in range(ring.blocks)],
        starts=[
            *(d.Start(f"start {n.name}", n.name, "equilibrium") for n in nodes if isinstance(n, d.Stage)),
            d.Start("start waiting", "b0 line", d.uniform(1, 2000)),
            d.Start("start idle", "idle"),
        ],
    )


def cells(ring: Ring) -> dict[str, Any]:
    """Return the starting stock: stages at their shares of the time, traits even and independent."""
    luck = np.random.default_rng(1)
    names = [
        f"start b{b} {stage}" for b in range(ring.blocks) for stage in ("stage", "way 0", "way 1", "way 2")
    ]
    weights = np.tile([1 / 2, 1 / 6, 1 / 6, 1 / 6], ring.blocks) / ring.blocks
    each = max(1, CELLS // len(names))
    start = np.repeat([*names, "start waiting", "start idle"], each)
    people = np.concatenate([ring.moving * weights, [ring.waiting, ring.idle]])
    totals = np.rint(np.cumsum(np.repeat(people / each, each))).astype(np.int64)
    columns: dict[str, Any] = {"start": start, "count": np.diff(totals, prepend=0)}
    for k in range(ring.traits):
        columns[f"trait {k}"] = np.array(labels(ring))[luck.integers(0, ring.width, len(start))]
    return columns


def bind(ring: Ring) -> Bound:
    """Return a ring bound to its numbers."""
    program = engine.compile_network(network(ring))
    return engine.bind(program, lambda path: Dated.always(float(path)), first=FIRST_DAY, days=ring.days)
