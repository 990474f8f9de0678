"""The master calendar, for people not detained: a case costs minutes, and many end there."""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Op,
    Stage,
    Tally,
    count,
    exponential,
    join,
    leave,
    new_round,
    put,
    to,
)
from docketflow.lifecycle.court.bench import DECIDED, DISMISSED, hearing
from docketflow.lifecycle.court.courthouse import MET, TO_BE_ARRESTED, absent
from docketflow.lifecycle.leaving.who_may_depart import NOT_ARRIVING
from docketflow.lifecycle.part import Part, exclusive

MASTER = hearing("master", "master", p("court.minutes.master"), "appearance")
# Absent after notice: INA 240(b)(5). The order is final at once: 8 CFR 1241.1(e).
IN_ABSENTIA: tuple[Op, ...] = (put("order", "in_absentia"), *DECIDED, put("docket", "ordered"))
_ABSENT = absent(p("court.in_absentia_share.in_the_country"))
_ABSENT_MONITORED = absent(p("court.in_absentia_share.in_the_country") * p("alternatives.absence_share"))
APPEARANCE = Decision(
    "appearance",
    [
        to("ordered_not_detained", when={"left_unrecorded": "yes"}, share=p("court.in_absentia_share.left"),
           do=IN_ABSENTIA),
        to("continued", when={"left_unrecorded": "yes"}, do=[new_round()]),
        to("ordered_not_detained", when={"left_unrecorded": "no", "supervision": ["none", "reporting"]},
           share=_ABSENT, do=[*IN_ABSENTIA, join("not_detained")]),
        to("ordered_not_detained", when={"left_unrecorded": "no", "supervision": "alternatives"},
           share=_ABSENT_MONITORED, do=[*IN_ABSENTIA, join("not_detained")]),
        to("continued", when={"left_unrecorded": "no", "supervision": ["none", "reporting"]},
           share=(1 - _ABSENT) * MET, do=TO_BE_ARRESTED),
        to("continued", when={"left_unrecorded": "no", "supervision": "alternatives"},
           share=(1 - _ABSENT_MONITORED) * MET, do=TO_BE_ARRESTED),
        to("master_outcome", when={"left_unrecorded": "no"}),
    ],
)  # fmt: skip

NOTHING_ON_FILE: tuple[Op, ...] = (put("docket", "none"), join("not_detained"))
DEPARTS: tuple[Op, ...] = (put("order", "voluntary_departure"), *DECIDED, leave("not_detained"))
# Dismissed or terminated (8 CFR 1239.2(c), 1003.18(d)), closed administratively (8 CFR 1003.18(c)), voluntary
# departure (INA 240B(a)), set for a hearing on the merits; the others are continued (8 CFR 1003.29).
_DISMISS, _SHELVE, _LEAVE, _SET = exclusive(
    p("court.master.dismissed_share"),
    p("court.master.inactive_share"),
    p("court.master.voluntary_departure_share"),
    p("court.master.set_for_merits_share"),
)
MASTER_OUTCOME = Decision(
    "master_outcome",
    [
        to("nothing_on_file", share=_DISMISS, do=[*DISMISSED, *NOTHING_ON_FILE]),
        to("inactive", share=_SHELVE, do=[count("shelved")]),
        to("voluntary_departure_period", share=_LEAVE, when=NOT_ARRIVING, do=DEPARTS),  # INA 240B(a)(4)
        to("counsel_for_the_hearing", share=_SET),
        to("continued", do=[new_round()]),
    ],
)
CONTINUED = Stage("continued", exponential(p("court.continuance_days")), "master")
# Administratively closed, off the active docket until put on the calendar again: 8 CFR 1003.18(c), and before
# 29 July 2024 Matter of Cruz-Valdez.
INACTIVE = Stage(
    "inactive",
    exponential(p("court.inactive.days"), never_share=p("court.inactive.never_share")),
    to("continued", do=[new_round(), count("recalendared")]),
)


def master() -> Part:
    """Return the master calendar and what ends there."""
    return Part(
        nodes=(MASTER, APPEARANCE, MASTER_OUTCOME, CONTINUED, INACTIVE),
        tallies=(Tally("shelved"), Tally("recalendared")),
    )
