"""Officers of Enforcement and Removal Operations: their minutes, and what each task takes of them.

A part of their time goes to at-large arrests (`arrest.py`); the rest is one purse for all other tasks, of
which removals and the placing of people from hold rooms are sure of a part each, so that more arrests never
take the escorts of those to be removed nor the beds of those who wait for one.
"""

from __future__ import annotations

from docketflow.core.quantity import Quantity, p
from docketflow.engine.declare.vocabulary import Effort, Floor, Need
from docketflow.lifecycle.part import Part, exclusive

MINUTES_AN_HOUR = 60
DAYS_A_YEAR = 365.25
OFFICERS = "officers' minutes"
SEATS = ("seat.charter", "seat.commercial", "seat.land")

_A_DAY = p("arrest.at_large.hours_per_officer_year") * MINUTES_AN_HOUR / DAYS_A_YEAR
AT_LARGE: Quantity = p("arrest.at_large.officers") * p("arrest.at_large.share_of_time")


def minutes(task: str) -> Quantity:
    """Return what one person costs of officers' time in a task."""
    return p(f"staff.hours.{task}") * MINUTES_AN_HOUR


def officers(task: str) -> Need:
    """Return the need of officers' time of one person in a task."""
    return Need(OFFICERS, minutes(task))


def staff() -> Part:
    """Return officers' time."""
    rest = (p("arrest.at_large.officers") - AT_LARGE) * _A_DAY
    removing, placing = exclusive(p("staff.removal_floor_share"), p("staff.placing_floor_share"))
    floors = (Floor("removals", removing, waits=SEATS), Floor("places", placing, waits=("hold_room",)))
    return Part(efforts=(Effort(OFFICERS, rest, floors=floors),))
