"""What is scarce, as it is declared: spaces, efforts and floors under them, quotas, what one person needs.

A part of the vocabulary (`declare.py` hands all of it on).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from docketflow.core.quantity import Number

LISTED, CLASSES = "listed", "classes"
"""Orders in which lines that share an effort are served (see `Effort`)."""


@dataclass(frozen=True)
class Space:
    """Held across stages until released. ``capacity`` None counts without limit.

    When capacity falls below what is held nobody is moved: entries stop and the excess is a result.
    """

    name: str
    capacity: Number | None = None


@dataclass(frozen=True)
class Floor:
    """The least share of an effort that some of the lines sharing it are sure of, while anybody waits there.

    Floors are served in the order declared before anything else: each morning before draws, from those in
    line already, and again before other services, with the day's joiners. What a floor does not need goes to
    all. What is too little for the next in its line is kept for them, up to what they need.

    Parameters
    ----------
    share
        Of each day's refill, by date. Shares of an effort's floors add to one at most.
    waits, classes
        Which waits of the effort and which of their priority classes (all, if empty).
    """

    name: str
    share: Number
    waits: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Effort:
    """Whole units (minutes, seats, slots) refilled each day of a calendar ("daily" or one given by name).

    Where somebody is turned away for want of any of the efforts they need, what is left of each of these is
    carried to the next day, up to what they need of it; what nobody needed is lost.

    Parameters
    ----------
    order
        How the waits that share it are served: "listed", one wait after the other, each by its classes; or
        "classes", class 0 of all of them first (in the order listed), then class 1, and so on.
    floors
        Shares that some of the lines are sure of, whatever comes before them.
    """

    name: str
    per_day: Number
    calendar: str = "daily"
    order: str = LISTED
    floors: Sequence[Floor] = ()


@dataclass(frozen=True)
class Quota:
    """Whole units that are used up and not refilled: a cap on places given away, a sum of money.

    It stands wherever an effort can. ``limit`` is what may be used since the last day in ``renewed`` (if none
    came, since the first day of the run), by date: where it rises there is more from that day on, and where
    it falls below what is used nothing more can be. What is left on a day of renewal lapses.
    """

    name: str
    limit: Number
    renewed: tuple[dt.date, ...] = ()


@dataclass(frozen=True)
class Need:
    """So much of an effort or quota for one person, beside what is named first: all are spent, or none."""

    effort: str
    cost: Number = 1
