"""Immigration court (INA 240): two dockets, and two kinds of service on judges' minutes.

At a master calendar a case costs minutes and many end there: dismissed, or ordered in the person's absence.
A merits hearing costs hours. People in custody have minutes of their own, in the same corps of judges.
"""

from __future__ import annotations

from docketflow.core.quantity import Quantity, p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Draw,
    Effort,
    End,
    Op,
    Rest,
    Stage,
    Tally,
    Wait,
    count,
    count_days,
    exponential,
    join,
    leave,
    lognormal,
    mark,
    new_episode,
    new_round,
    put,
    stop,
    to,
)
from docketflow.lifecycle.arrest import DAYS_A_YEAR
from docketflow.lifecycle.custody import LEAVING
from docketflow.lifecycle.part import Part, exclusive


def _minutes(docket: str) -> Quantity:
    return p("court.judges") * p(f"court.minutes_per_judge_day.{docket}")


EFFORTS = tuple(
    Effort(f"judges.{docket}", _minutes(docket), calendar="federal")
    for docket in ("master", "merits", "detained")
)
DECIDED: tuple[Op, ...] = (count("decision"), count_days("decision_days", "second"))
_RELIEF = (count("relief"), count_days("decision_days", "second"))
_CLOSED = (count("closed"), count_days("decision_days", "second"))
_AT_LARGE = (put("docket", "none"), join("not_detained"))
IN_ABSENTIA = (put("order", "in_absentia"), *DECIDED, put("docket", "ordered"))

# --- the case is filed ----------------------------------------------------------------------------
_FILED = (put("docket", "pending"), mark("second"), count("receipt"), join("not_detained"))
AWAITING_FILING = Stage(
    "awaiting_filing", exponential(p("court.filing_days"), never_share=p("court.never_filed_share")), "filed"
)
FILED = Decision(
    "filed",
    [
        to(
            "master",
            when={"left_unrecorded": "yes"},
            do=[put("docket", "pending"), mark("second"), count("receipt")],
        ),
        to(
            "master",
            when={"left_unrecorded": "no"},
            share=p("court.counsel_share"),
            do=[put("counsel", "yes"), *_FILED],
        ),
        to("master", when={"left_unrecorded": "no"}, do=_FILED),
    ],
)
# Referred by an asylum office: 8 CFR 208.14(c).
REFERRAL = Draw(
    "asylum_referral",
    pool="not_detained",
    weight=p("court.referral.weight_by_status") * p("court.referral.weight_by_docket"),
    effort="asylum referrals",
    then=to("master", do=[new_episode(), put("status", "none"), *_FILED]),
)

# --- not in custody: the master calendar ----------------------------------------------------------
MASTER = Wait("master", effort="judges.master", cost=p("court.minutes.master"), then="appearance")
# Absent after notice: INA 240(b)(5).
APPEARANCE = Decision(
    "appearance",
    [
        to("ordered_not_detained", when={"left_unrecorded": "yes"}, share=p("court.in_absentia_share.left"),
           do=IN_ABSENTIA),
        to("continued", when={"left_unrecorded": "yes"}, do=[new_round()]),
        to("ordered_not_detained", when={"left_unrecorded": "no"},
            share=p("court.in_absentia_share.in_the_country"),
           do=[*IN_ABSENTIA, join("not_detained")]),
        to("master_outcome", when={"left_unrecorded": "no"}),
    ],
)  # fmt: skip
# Dismissed or terminated (8 CFR 1239.2(c), 1003.18), inactive, voluntary departure INA 240B, set for merits.
_CLOSE, _SHELVE, _LEAVE, _SET = exclusive(
    p("court.master.dismissed_share"),
    p("court.master.inactive_share"),
    p("court.master.voluntary_departure_share"),
    p("court.master.set_for_merits_share"),
)
MASTER_OUTCOME = Decision(
    "master_outcome",
    [
        to("nothing_on_file", share=_CLOSE, do=[*_CLOSED, *_AT_LARGE]),
        to("inactive", share=_SHELVE),
        to("voluntary_departure_period", share=_LEAVE,
           do=[put("order", "voluntary_departure"), *DECIDED, leave("not_detained")]),
        to("merits", share=_SET),
        to("continued", do=[new_round()]),
    ],
)  # fmt: skip
CONTINUED = Stage("continued", exponential(p("court.continuance_days")), "master")  # 8 CFR 1003.29
INACTIVE = Rest("inactive")  # administratively closed: 8 CFR 1003.18(c)

# --- not in custody: the merits hearing -----------------------------------------------------------
MERITS = Wait("merits", effort="judges.merits", cost=p("court.minutes.merits"), then="merits_held")
MERITS_HELD = Decision(
    "merits_held",
    [
        to("ordered_not_detained", when={"left_unrecorded": "yes"}, do=IN_ABSENTIA),
        to(
            "merits",
            when={"left_unrecorded": "no"},
            share=p("court.merits.continued_share"),
            do=[new_round()],
        ),
        to("merits_outcome", when={"left_unrecorded": "no"}),
    ],
)
_ORDERED = (put("order", "judge"), *DECIDED)
_GRANT, _END, _DEPART = exclusive(
    p("court.merits.relief_share"),
    p("court.merits.dismissed_share"),
    p("court.merits.voluntary_departure_share"),
)
MERITS_OUTCOME = Decision(
    "merits_outcome",
    [
        to("granted_relief", share=_GRANT, do=_RELIEF),  # INA 208, 240A, 241(b)(3)
        to("nothing_on_file", share=_END, do=[*_CLOSED, *_AT_LARGE]),
        to("voluntary_departure_period", share=_DEPART,
           do=[put("order", "voluntary_departure"), *DECIDED, leave("not_detained")]),
        to("ordered", do=_ORDERED),
    ],
)  # fmt: skip

# --- in custody -----------------------------------------------------------------------------------
FILED_IN_CUSTODY = Decision(
    "filed_in_custody",
    [
        to("detained_preliminary", when={"docket": "pending"}),
        to("detained_preliminary", when={"docket": ["none", "awaiting_filing"]},
           do=[put("docket", "pending"), mark("second"), count("receipt")]),
        to("detained_preliminary", when={"docket": "ordered"}),  # withholding only: the order stands
    ],
)  # fmt: skip
DETAINED_PRELIMINARY = Stage(
    "detained_preliminary",
    lognormal(p("court.detained.first_hearing_median_days"), p("court.detained.sigma")),
    "detained_master",
)
DETAINED_MASTER = Wait(
    "detained_master",
    effort="judges.detained",
    cost=p("court.minutes.detained_master"),
    then="detained_master_outcome",
)
_LEAVES = (put("order", "voluntary_departure"), *DECIDED, stop("custody"))
_AT_ONCE, _BY_CHOICE, _ENDED = exclusive(
    p("court.detained.ordered_share"),
    p("court.detained.voluntary_departure_share"),
    p("court.detained.dismissed_share"),
)
DETAINED_MASTER_OUTCOME = Decision(
    "detained_master_outcome",
    [
        to("final_order", share=_AT_ONCE, do=_ORDERED),  # stipulated: INA 240(d)
        to("removal_arranged", share=_BY_CHOICE, do=_LEAVES),
        to("nothing_on_file", share=_ENDED,
           do=[*_CLOSED, put("exit", "relief_or_terminated"), *LEAVING, *_AT_LARGE]),
        to("detained_preparation"),
    ],
)  # fmt: skip
DETAINED_PREPARATION = Stage(
    "detained_preparation",
    lognormal(p("court.detained.preparation_median_days"), p("court.detained.sigma")),
    "detained_merits",
)
DETAINED_MERITS = Wait(
    "detained_merits",
    effort="judges.detained",
    cost=p("court.minutes.detained_merits"),
    then="detained_merits_outcome",
)
DETAINED_MERITS_OUTCOME = Decision(
    "detained_merits_outcome",
    [
        to("granted_relief", share=p("court.detained.relief_share"),
           do=[*_RELIEF, put("exit", "relief_or_terminated"), *LEAVING]),
        to("ordered_in_custody", do=_ORDERED),
    ],
)  # fmt: skip

# --- opened again ---------------------------------------------------------------------------------
# Motions to reopen INA 240(c)(7) and (b)(5)(C), 8 CFR 1003.23, and recalendared cases: out of the orders.
REOPENING = Draw(
    "reopening",
    pool="not_detained",
    weight=p("court.reopening.weight_by_docket"),
    exposure=p("court.reopening.share_per_year") / DAYS_A_YEAR,
    then=to("master", do=[new_episode(), put("docket", "pending"), put("order", "none"),
                          put("reopened", "reopened"), mark("second"), count("reopening"),
                          join("not_detained")]),
)  # fmt: skip


def court() -> Part:
    """Return the immigration courts."""
    return Part(
        nodes=(
            *(DETAINED_MASTER, DETAINED_MERITS, MASTER, MERITS),  # served in this order
            *(
                AWAITING_FILING,
                FILED,
                APPEARANCE,
                MASTER_OUTCOME,
                CONTINUED,
                INACTIVE,
                MERITS_HELD,
                MERITS_OUTCOME,
            ),
            *(FILED_IN_CUSTODY, DETAINED_PRELIMINARY, DETAINED_MASTER_OUTCOME, DETAINED_PREPARATION),
            *(DETAINED_MERITS_OUTCOME, End("granted_relief")),
        ),
        efforts=(*EFFORTS, Effort("asylum referrals", p("court.referral.per_day"))),
        draws=(REFERRAL, REOPENING),
        tallies=(
            Tally("receipt", ("agency", "custody", "status")),
            Tally("reopening"),
            Tally("decision", ("order", "custody", "counsel", "reopened")),
            Tally("relief", ("custody", "reopened")),
            Tally("closed", ("custody", "reopened")),
            Tally("decision_days", ("custody",)),
        ),
    )
