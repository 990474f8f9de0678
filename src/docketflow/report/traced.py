"""What stands at a path of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
    rests_on
        Paths one step nearer to a source.
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
    rests_on: tuple[str, ...] = ()
    simulated: bool = False
    ground: str = ""
    record: float = 0.0


COUNTED = frozenset({"persons", "cases", "appeals", "petitions", "hearings", "determinations", "motions"})
"""Units in which records are counted: a number of them is no finer than one record."""
