"""What stands at a path of a report."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Way = Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Traced:
    """What stands at a path.

    Attributes
    ----------
    value
        The number, date or words.
    unit
        Its unit; "text" for words.
    about
        What it is, in a line.
    way
        Paths one step nearer to a source, or what finds them when somebody asks (`rests_on`): hardly any of
        the thousands of numbers that a page shows is ever followed.
    simulated
        True when a run computed it.
    ground
        Where the way ends, when it rests on nothing further: "source", "assumed", "manifest" or "definition".
    record
        How many people one simulated record stands for, where records are counted; zero elsewhere.
    """

    path: str
    value: Any
    unit: str
    about: str
    way: tuple[str, ...] | Way = field(default=(), compare=False, repr=False)
    simulated: bool = False
    ground: str = ""
    record: float = 0.0

    @functools.cached_property
    def rests_on(self) -> tuple[str, ...]:
        """Paths one step nearer to a source."""
        return self.way if isinstance(self.way, tuple) else tuple(self.way())


COUNTED = frozenset({"persons", "cases", "appeals", "petitions", "hearings", "determinations", "motions"})
"""Units in which records are counted: a number of them is no finer than one record."""
