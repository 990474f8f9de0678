"""A part of the declaration: one file of this room gives one, `network.py` adds them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from docketflow.engine.declare import (
    Arrive,
    Clock,
    Draw,
    Effort,
    Node,
    Pool,
    Space,
    Start,
    Tally,
)


@dataclass(frozen=True)
class Part:
    """Some places, and what is scarce, arrives or is counted there."""

    nodes: Sequence[Node] = ()
    spaces: Sequence[Space] = ()
    efforts: Sequence[Effort] = ()
    clocks: Sequence[Clock] = ()
    pools: Sequence[Pool] = ()
    draws: Sequence[Draw] = ()
    arrivals: Sequence[Arrive] = ()
    starts: Sequence[Start] = ()
    tallies: Sequence[Tally] = ()

    def __add__(self, other: Part) -> Part:
        return Part(**{f.name: (*getattr(self, f.name), *getattr(other, f.name)) for f in fields(Part)})
