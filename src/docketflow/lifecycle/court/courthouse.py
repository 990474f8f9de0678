"""Arrests at a courthouse, of people who came to a hearing (INA 236(a), 287(a)).

Each takes officers' time and a place in a hold room; where either is short the hearing goes on as any other.
"""

from __future__ import annotations

from docketflow.core.quantity import Quantity, p
from docketflow.engine.declare.vocabulary import Gate, Spend, Tally, count, leave
from docketflow.lifecycle.appearance import kept_away
from docketflow.lifecycle.arrest import arrested
from docketflow.lifecycle.part import Part
from docketflow.lifecycle.staff import OFFICERS, minutes

MET = p("arrest.courthouse.arrest_share")


def absent(usual: Quantity) -> Quantity:
    """Return the share of people who are absent: those who usually are, and those whom arrests keep away."""
    return usual + (1 - usual) * kept_away(MET)


IN_COURT = Spend(
    "arrested.in_court",
    OFFICERS,
    enough="arrested.in_court.room",
    short="master_outcome",
    cost=minutes("supervision_arrest"),
)
ROOM = Gate(
    "arrested.in_court.room",
    "detention.hold_rooms",
    free=arrested("supervision", leave("not_detained"), count("arrest_in_court")),
    full="master_outcome",
)


def courthouse() -> Part:
    """Return arrests at courthouses."""
    return Part(nodes=(IN_COURT, ROOM), tallies=(Tally("arrest_in_court"),))
