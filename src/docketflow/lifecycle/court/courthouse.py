"""Arrests at a courthouse, of people who came to a hearing (INA 236(a), 287(a)).

Each takes officers' time and a place in a hold room; where either is short the case goes on as any other.
"""

from __future__ import annotations

from docketflow.core.quantity import Quantity, p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Gate,
    Op,
    Spend,
    Tally,
    count,
    fixed,
    join,
    leave,
    new_round,
    start,
    to,
)
from docketflow.lifecycle.appearance import kept_away
from docketflow.lifecycle.arrest import arrested
from docketflow.lifecycle.part import Part
from docketflow.lifecycle.staff import OFFICERS, minutes

MET = p("arrest.courthouse.arrest_share")


def absent(usual: Quantity) -> Quantity:
    """Return the share of people who are absent: those who usually are, and those whom arrests keep away."""
    return usual + (1 - usual) * kept_away(MET)


# Met on the day of the hearing, taken the next morning; nobody else finds them in between.
TO_BE_ARRESTED: tuple[Op, ...] = (new_round(), leave("not_detained"), start("arrest_in_court"))
ON_LEAVING_COURT = Clock("arrest_in_court", "place", fixed(1), "arrested.in_court")
_GOES_HOME = to(STAY, do=[join("not_detained")])
IN_COURT = Spend(
    "arrested.in_court",
    OFFICERS,
    enough="arrested.in_court.room",
    short=_GOES_HOME,
    cost=minutes("supervision_arrest"),
)
ROOM = Gate(
    "arrested.in_court.room",
    "detention.hold_rooms",
    free=arrested("supervision", count("arrest_in_court")),
    full=_GOES_HOME,
)


def courthouse() -> Part:
    """Return arrests at courthouses."""
    return Part(nodes=(IN_COURT, ROOM), clocks=(ON_LEAVING_COURT,), tallies=(Tally("arrest_in_court"),))
