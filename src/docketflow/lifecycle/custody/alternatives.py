"""Alternatives to detention: people not detained who are enrolled, monitored and told of their hearings.

Places are what is under contract; who leaves the programme, is held or departs frees one. INA 236(a)(2)
before an order, INA 241(a)(3) and 8 CFR 241.5 after one.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Draw,
    Effort,
    Op,
    Space,
    Tally,
    count,
    exponential,
    join,
    new_episode,
    put,
    release,
    start,
    stop,
    take,
    to,
)
from docketflow.lifecycle.part import Part

ENROLLED = "alternatives"
PLACES = Space(ENROLLED, p("alternatives.places"))
_MONITORED: tuple[Op, ...] = (put("supervision", "alternatives"), start("alternatives_end"))
ON_FIRST_DAY: tuple[Op, ...] = (take(ENROLLED), *_MONITORED)
"""What marks a person of the starting stock as enrolled."""
NO_MORE: tuple[Op, ...] = (put("supervision", "none"), release(ENROLLED), stop("alternatives"))
"""What ends an enrolment before its time: the person is taken into custody."""

ENROLMENT = Draw(
    "alternatives.enrolment",
    pool="not_detained",
    weight=p("alternatives.weight_by_docket")
    * p("alternatives.weight_by_years")
    * p("alternatives.weight_by_supervision"),
    effort="enrolments",
    space=ENROLLED,
    then=to(STAY, do=[new_episode(), *_MONITORED, count("enrolment"), join("not_detained")]),
)
END = Clock(
    "alternatives_end",
    "alternatives",
    exponential(p("alternatives.days")),
    to(STAY, do=[put("supervision", "reporting"), release(ENROLLED)]),
)


def alternatives() -> Part:
    """Return alternatives to detention."""
    return Part(
        spaces=(PLACES,),
        efforts=(Effort("enrolments", p("alternatives.enrolments_per_day")),),
        clocks=(END,),
        draws=(ENROLMENT,),
        tallies=(Tally("enrolment"),),
    )
