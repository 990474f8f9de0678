"""What a run counted: stocks by day, flows by segment, use of spaces and efforts; integers, in records."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from docketflow.core.errors import EngineError, unknown
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d


class Columns(Mapping[str, np.ndarray]):
    """Some lines of the books by name, each taken out when it is asked for: most never are.

    Parameters
    ----------
    daily : numbers [day, line]
    first : the line where they begin
    places : name to how many lines further on
    """

    def __init__(self, daily: np.ndarray, first: int, places: Mapping[str, int]) -> None:
        self._daily, self._first, self._places = daily, first, places

    def __getitem__(self, name: str) -> np.ndarray:
        line: np.ndarray = self._daily[:, self._first + self._places[name]]
        return line

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True)
class Ledger:
    """The books of one run.

    Attributes
    ----------
    first : first day
    weight : persons one record stands for
    segments : (first day, last day) of each segment: months, cut also where the run was told to
    stock, held, capacity, refused, full, supply, spent, exhausted, served, waited, booked, lacked, taken,
    tried, missed, arrived
        name to ndarray of int64 by day. ``waited`` is the sum of days waited by those served that day;
        ``booked`` and ``lacked`` are those who found enough and too little at a spend; ``full`` and
        ``exhausted`` are 1 on days on which somebody was stopped or turned away for want of the space
        or effort.
    timers : ndarray of int64 by day, timers that fired
    opening : name of a place or space to the number there before the first day
    tallies : name to ndarray of int64 [segment, *traits]
    tally_axes : name to (trait, labels) of each axis
    """

    first: dt.date
    weight: float
    segments: list[tuple[dt.date, dt.date]]
    stock: Mapping[str, np.ndarray]
    held: Mapping[str, np.ndarray]
    capacity: Mapping[str, np.ndarray]
    refused: Mapping[str, np.ndarray]
    full: Mapping[str, np.ndarray]
    supply: Mapping[str, np.ndarray]
    spent: Mapping[str, np.ndarray]
    exhausted: Mapping[str, np.ndarray]
    served: Mapping[str, np.ndarray]
    waited: Mapping[str, np.ndarray]
    booked: Mapping[str, np.ndarray]
    lacked: Mapping[str, np.ndarray]
    taken: Mapping[str, np.ndarray]
    tried: Mapping[str, np.ndarray]
    missed: Mapping[str, np.ndarray]
    arrived: Mapping[str, np.ndarray]
    timers: np.ndarray
    opening: dict[str, int]
    tallies: dict[str, np.ndarray]
    tally_axes: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Number of days in the books."""
        return len(self.timers)

    @property
    def events(self) -> int:
        """People who arrived, were served, taken or found, and timers that fired."""
        flows = [self.timers, *self.arrived.values(), *self.served.values(), *self.taken.values()]
        found = [self.tried[name] - self.missed[name] for name in self.tried]
        return int(sum(int(days.sum()) for days in [*flows, *found]))

    def span(self, segment: int) -> tuple[int, int]:
        """Return the half-open range of day numbers of a segment."""
        start, end = self.segments[segment]
        return (start - self.first).days, (end - self.first).days + 1

    def segments_in(self, window: tuple[dt.date, dt.date]) -> list[int]:
        """Return the segments that make up a window of days exactly."""
        inside = [k for k, (a, b) in enumerate(self.segments) if a >= window[0] and b <= window[1]]
        if (
            not inside
            or self.segments[inside[0]][0] != window[0]
            or self.segments[inside[-1]][1] != window[1]
        ):
            raise EngineError(f"the books are not cut at {window[0]} and {window[1]}")
        return inside

    def tally(self, name: str) -> np.ndarray:
        """Return a tally by segment and trait."""
        if name not in self.tallies:
            raise EngineError(unknown("tally", name, self.tallies))
        return self.tallies[name]

    def tally_where(self, name: str, where: Mapping[str, str | Sequence[str]]) -> np.ndarray:
        """Return a tally by segment, summed over the cells that fit ``where``."""
        data, axes = self.tally(name), self.tally_axes[name]
        for trait in where:
            if trait not in dict(axes):
                raise EngineError(unknown("trait", trait, dict(axes), f"tally {name!r}"))
        for k, (trait, labels) in enumerate(axes):
            if trait in where:
                wanted = where[trait]
                names = [wanted] if isinstance(wanted, str) else list(wanted)
                for label in names:
                    if label not in labels:
                        raise EngineError(unknown(f"value of {trait}", label, labels, f"tally {name!r}"))
                data = np.take(data, [labels.index(label) for label in names], axis=k + 1)
        return data.reshape(data.shape[0], -1).sum(axis=1)


@functools.lru_cache(maxsize=4)
def kinds(program: Program) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Return the numbers of waits, of places and of spends, by name."""
    kinds = (d.Wait, True), (d.Fork, False), (d.Spend, True)
    waits, places, spends = (
        {one.name: k for k, one in enumerate(program.nodes) if isinstance(one, kind) == wanted}
        for kind, wanted in kinds
    )
    return waits, places, spends


@functools.lru_cache(maxsize=4)
def counted(program: Program) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the traits and labels by which each tally counts."""
    return {
        tally.name: [(field.name, field.values) for field in program.axes(tally.by)]
        for tally in program.network.tallies
    }
