"""Motions that open a closed case again: 8 CFR 1003.23.

Who was ordered removed in absentia asks for the order to be rescinded, and may not be removed while the judge
has the motion (INA 240(b)(5)(C)); any other motion to reopen (INA 240(c)(7)) stays nothing by itself.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    Draw,
    Stage,
    Tally,
    count,
    exponential,
    join,
    mark,
    new_episode,
    put,
    to,
)
from docketflow.lifecycle.part import Part
from docketflow.lifecycle.staff import DAYS_A_YEAR

_ASKED = (new_episode(), count("motion"), join("not_detained"))
_ABSENT = {"order": "in_absentia"}
_PRESENT = {"order": [order for order in labels("order") if order != "in_absentia"]}
MOTION = Draw(
    "motion",
    pool="not_detained",
    weight=p("court.motion.share_per_year")
    * p("court.motion.weight_by_docket")
    * p("court.motion.weight_by_bar"),
    exposure=1 / DAYS_A_YEAR,
    then=[
        to("motion_with_stay", when=_ABSENT, do=[put("bar", "motion"), *_ASKED]),
        to("motion_without_stay", when=_PRESENT, do=_ASKED),
    ],
)
_AGAIN = (
    *(put("docket", "pending"), put("order", "none"), put("bar", "none"), put("reopened", "reopened")),
    *(mark("second"), count("reopening"), join("not_detained")),
)
WITH_STAY = Stage(
    "motion_with_stay",
    exponential(p("court.motion.days")),
    [
        to("master", share=p("court.motion.rescind.granted_share"), do=_AGAIN),
        to("ordered_not_detained", do=[put("bar", "none"), join("not_detained")]),
    ],
)
WITHOUT_STAY = Stage(
    "motion_without_stay",
    exponential(p("court.motion.days")),
    [
        to("master", share=p("court.motion.reopen.granted_share"), do=_AGAIN),
        to("ordered_not_detained", do=[join("not_detained")]),
    ],
)
MOTIONS = ("motion_with_stay", "motion_without_stay")


def motions() -> Part:
    """Return motions to rescind and to reopen."""
    return Part(
        nodes=(WITH_STAY, WITHOUT_STAY),
        draws=(MOTION,),
        tallies=(Tally("motion", ("order",)), Tally("reopening")),
    )
