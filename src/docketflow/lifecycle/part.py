"""A part of the declaration: one file of this room gives one, `network.py` adds them up.

What is true of every part, whatever the stage: nothing here knows the law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from docketflow.core.quantity import Quantity, least, quantity
from docketflow.engine.declare.vocabulary import (
    Arrive,
    Clock,
    Draw,
    Effort,
    Node,
    Pool,
    Quota,
    Space,
    Start,
    Tally,
)


@dataclass(frozen=True)
class Part:
    """Some places, and what is scarce, arrives or is counted there."""

    nodes: Sequence[Node] = ()
    spaces: Sequence[Space] = ()
    efforts: Sequence[Effort | Quota] = ()
    clocks: Sequence[Clock] = ()
    pools: Sequence[Pool] = ()
    draws: Sequence[Draw] = ()
    arrivals: Sequence[Arrive] = ()
    starts: Sequence[Start] = ()
    tallies: Sequence[Tally] = ()

    def __add__(self, other: Part) -> Part:
        return Part(**{f.name: (*getattr(self, f.name), *getattr(other, f.name)) for f in fields(Part)})


def exclusive(*shares: Quantity) -> tuple[Quantity, ...]:
    """Return shares of one whole, each cut to what those before it leave.

    Shares are uncertain and levers move them one by one; together they never pass one.
    """
    cut: list[Quantity] = []
    left = quantity(1)
    for share in shares:
        cut.append(least(share, left))
        left = left - cut[-1]
    return tuple(cut)
