"""States of members on mornings, held in memory; the one longest unused goes where they are too much.

It knows states by member and day, not how they are lived.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docketflow.engine.run.state import State

MOST_HELD = 1 << 29  # bytes of states held


class Mornings:
    """The states that are held."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[int, int], State] = OrderedDict()

    def days(self, member: int) -> list[int]:
        """Return the days on whose mornings a member is held."""
        with self._lock:
            return sorted(day for number, day in self._held if number == member)

    def nearest(self, member: int, day: int) -> State | None:
        """Return the latest state held of a member on a morning or before it."""
        with self._lock:
            days = [held for number, held in self._held if number == member and held <= day]
            if not days:
                return None
            self._held.move_to_end((member, max(days)))
            return self._held[member, max(days)]

    def keep(self, member: int, day: int, state: State) -> None:
        """Hold a state."""
        with self._lock:
            self._held[member, day] = state
            while len(self._held) > 1 and sum(one.size for one in self._held.values()) > MOST_HELD:
                self._held.popitem(last=False)
