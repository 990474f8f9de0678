"""Motions that open a closed case again: 8 CFR 1003.23; where the Board decided last, 8 CFR 1003.2.

Who was ordered removed in absentia asks for the order to be rescinded, and may not be removed while the judge
has the motion (INA 240(b)(5)(C)); any other motion to reopen (INA 240(c)(7)) stays nothing by itself, but a
judge may stay removal meanwhile (8 CFR 1003.23(b)(1)(v)). So it is in custody. A motion that stays nothing is
pending as long as a judge takes for it, and who is removed meanwhile is counted; what would have become of it
once the person is in custody is not followed.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    Draw,
    Stage,
    Tally,
    count,
    exponential,
    join,
    mark,
    new_episode,
    new_round,
    put,
    start,
    stop,
    to,
)
from docketflow.lifecycle.charge import notice
from docketflow.lifecycle.custody.stay import charged_again
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
        to("motion_without_stay", when=_PRESENT, do=[put("motion", "pending"), stop("motion"), *_ASKED]),
    ],
)
_OPEN = (
    *(put("docket", "pending"), put("order", "none"), put("bar", "none"), put("reopened", "reopened")),
    *(put("motion", "none"), mark("second"), count("reopening")),
)
_AGAIN = (*_OPEN, join("not_detained"))
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
        to("ordered_not_detained", do=[put("motion", "none"), join("not_detained")]),
    ],
)
MOTIONS = ("motion_with_stay", "motion_without_stay")

# --- in custody, once an order is final or met -------------------------------------------------------------
# An officer's order is not the judge's to reopen.
_BY_A_JUDGE = ["judge", "stipulated", "in_absentia", "voluntary_departure"]
_HEARD = [order for order in _BY_A_JUDGE if order != "in_absentia"]
_OFFICERS = [order for order in labels("order") if order not in _BY_A_JUDGE]
_HELD_BACK = (count("motion"), put("bar", "motion"))
_ASKS = p("court.motion.in_custody_share")
_STAYED = _ASKS * p("court.motion.stay_granted_share")
IN_CUSTODY_ASKED = Decision(
    "motion_in_custody.asked",
    [
        to("motion_in_custody", when=_ABSENT, share=_ASKS, do=_HELD_BACK),
        to("motion_in_custody", when={"order": _HEARD},
           share=_STAYED, do=_HELD_BACK),
        to("destination", when={"order": _HEARD}, share=_ASKS - _STAYED,
           do=[count("motion"), put("motion", "pending"), start("motion_pending")]),
        to("destination", when=_ABSENT),
        to("destination", when={"order": _HEARD}),
        to("destination", when={"order": _OFFICERS}),
    ],
)  # fmt: skip
_GRANTED_HELD = (new_round(), *_OPEN, stop("custody"))
IN_CUSTODY = Stage(
    "motion_in_custody",
    exponential(p("court.motion.days_in_custody")),
    [
        to("motion_in_custody.open", when=_ABSENT, share=p("court.motion.rescind.granted_share"),
           do=_GRANTED_HELD),
        to("motion_in_custody.open", when=_PRESENT, share=p("court.motion.reopen.granted_share"),
           do=_GRANTED_HELD),
        to("destination", do=[put("bar", "none")]),
    ],
)  # fmt: skip
# Without a stay nothing waits for it: it runs beside the case until a judge decides it, as does one asked
# before the person was taken into custody.
PENDING = Clock(
    "motion_pending",
    "motion",
    exponential(p("court.motion.days_in_custody")),
    to(STAY, do=[put("motion", "none")]),
)
# The order is gone, and with it INA 241(a): held, or let go, as with a case pending.
OPEN_IN_CUSTODY = notice("motion_in_custody.open", "custody_decision", charged_again)


def motions() -> Part:
    """Return motions to rescind and to reopen."""
    return Part(
        nodes=(WITH_STAY, WITHOUT_STAY, IN_CUSTODY_ASKED, IN_CUSTODY, OPEN_IN_CUSTODY),
        clocks=(PENDING,),
        draws=(MOTION,),
        tallies=(Tally("motion", ("order",)), Tally("reopening")),
    )
