"""Officers of Enforcement and Removal Operations: their minutes, and what each task takes of them.

A part of their time goes to at-large arrests (`arrest.py`); the rest is one purse for all other tasks, of
which removals and the placing of people from hold rooms are sure of a part each, so that more arrests never
take the escorts of those to be removed nor the beds of those who wait for one.

Who is hired acts after the academy, as far as he or she passes it and stays. Soldiers, lent officers and
support staff make no arrest: they free officers from tasks they may do, and no more time than those take.
"""

from __future__ import annotations

from docketflow.core.gathered import Gathered
from docketflow.core.quantity import Quantity, least, p, quantity
from docketflow.engine.declare.vocabulary import Effort, Floor, Need
from docketflow.lifecycle.part import Part, exclusive

MINUTES_AN_HOUR = 60
DAYS_A_YEAR = 365.25
OFFICERS = "officers' minutes"
SEATS = ("seat.charter", "seat.commercial", "seat.land")

A_DAY = p("arrest.at_large.hours_per_officer_year") * MINUTES_AN_HOUR / DAYS_A_YEAR

# --- who is on board: officers of the first day, those trained since, less those who left unreplaced
_BOARD = p("arrest.at_large.officers")
_UNREPLACED = p("staff.hiring.attrition_share") * p("staff.hiring.unreplaced_share")
_TRAINED = Gathered(
    p("staff.hiring.recruits_per_year") * (1 - p("staff.hiring.failure_share")),
    p("staff.hiring.academy_days"),
    p("staff.hiring.attrition_share"),
)
_LEFT = Gathered(_BOARD * _UNREPLACED, quantity(0), _UNREPLACED)
ON_BOARD: Quantity = _BOARD + _TRAINED - _LEFT
AT_LARGE: Quantity = ON_BOARD * p("arrest.at_large.share_of_time")

# --- who frees them: transport, guarding and logistics are open to soldiers (10 USC 284, 10 USC 12406,
# 32 USC 502(f)), arrests are not (18 USC 1385, 10 USC 275); files and phones are open to support staff
_OTHER_TASKS = ON_BOARD - AT_LARGE
_FREED = least(
    p("staff.guard.soldiers") + p("staff.lent.officers"), p("staff.guard.lawful_share") * _OTHER_TASKS
) + least(p("staff.support.added"), p("staff.support.clerical_share") * _OTHER_TASKS)


def minutes(task: str) -> Quantity:
    """Return what one person costs of officers' time in a task."""
    return p(f"staff.hours.{task}") * MINUTES_AN_HOUR


def officers(task: str) -> Need:
    """Return the need of officers' time of one person in a task."""
    return Need(OFFICERS, minutes(task))


def staff() -> Part:
    """Return officers' time."""
    rest = (_OTHER_TASKS + _FREED) * A_DAY
    removing, placing = exclusive(p("staff.removal_floor_share"), p("staff.placing_floor_share"))
    floors = (Floor("removals", removing, waits=SEATS), Floor("places", placing, waits=("hold_room",)))
    return Part(efforts=(Effort(OFFICERS, rest, floors=floors),))
