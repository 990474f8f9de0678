"""What a checked declaration is once every name has become a number: data, made by `network.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import name_key


@dataclass(frozen=True)
class Field:
    """Where a trait lies in a person's words of traits: from bit ``shift`` of all of them, inside one."""

    name: str
    values: tuple[str, ...]
    shift: int
    width: int

    @property
    def mask(self) -> int:
        return (1 << self.width) - 1

    @property
    def word(self) -> int:
        return self.shift // at.WORD

    @property
    def bit(self) -> int:
        return self.shift % at.WORD

    def read(self, words: np.ndarray) -> np.ndarray:
        """Return the index of the trait's value in each row of words of traits."""
        return ((words[:, self.word] >> np.uint64(self.bit)) & np.uint64(self.mask)).astype(np.int64)

    def index(self, value: str, where: str) -> int:
        if value not in self.values:
            raise DeclarationError(unknown(f"value of trait {self.name!r}", value, self.values, where))
        return self.values.index(value)


@dataclass(eq=False)
class Program:
    """A checked declaration with every name turned into a number.

    Attributes
    ----------
    nodes : all nodes, the declared ones first, then the forks written inline
    then : for stages, waits, clocks, draws, attempts, arrivals, events and starts: index of the next node
    short : whether half a line of memory is enough for a person (`layout`)
    """

    network: d.Network
    fields: dict[str, Field] = field(default_factory=dict)
    nodes: list[d.Node] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    then: dict[str, int] = field(default_factory=dict)
    lanes: dict[str, int] = field(default_factory=dict)
    order: dict[str, dict[str, int]] = field(default_factory=dict)
    tally_at: dict[str, int] = field(default_factory=dict)
    tally_cells: int = 0
    short: bool = False

    def lane_bit(self, name: str) -> int:
        """Return the bit of a record at which a lane begins."""
        if not self.short:
            return at.lane_bit(self.lanes[name])
        return at.SPACES_AT * at.WORD + len(self.network.spaces) + self.lanes[name] * at.LANE_BITS

    def key(self, name: str) -> int:
        """Return the key of the luck of what bears a name: that of its first name, if it was renamed."""
        luck = self.network.luck
        owner, slash, rest = name.partition("/")  # what is asked beside: "STAGE/then", "START/age"
        return name_key(luck[name] if name in luck else luck.get(owner, owner) + slash + rest)

    def number(self, kind: str, name: str, where: str) -> int:
        """Return the number of a named space, effort, clock, pool, tally, ..."""
        if name not in self.order[kind]:
            raise DeclarationError(unknown(kind, name, self.order[kind], where))
        return self.order[kind][name]

    def axes(self, traits: Iterable[str]) -> list[Field]:
        """Return the fields of some traits in the network's order."""
        wanted = set(traits)
        for name in wanted:
            if name not in self.fields:
                raise DeclarationError(unknown("trait", name, self.fields, self.network.name))
        return [f for f in self.fields.values() if f.name in wanted]
