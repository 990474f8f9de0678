"""The Board of Immigration Appeals: its members' decisions are what it can give in a day (8 CFR 1003.1).

An order under appeal is not carried out (8 CFR 1003.6(a)). Who comes with an order appeals it; who comes
without one was granted relief, and the Department appeals.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Effort,
    Stage,
    Tally,
    Wait,
    count,
    join,
    lognormal,
    new_round,
    put,
    to,
)
from docketflow.lifecycle.part import Part, exclusive
from docketflow.lifecycle.review.finality import ENDS, WON
from docketflow.lifecycle.staff import DAYS_A_YEAR

MEMBERS = "appellate decisions"
FILED = Stage(  # transcript and briefs: 8 CFR 1003.3(c)
    "appeal_filed",
    lognormal(p("appeal.briefing.median_days"), p("appeal.briefing.sigma")),
    "appeal",
)
APPEAL = Wait("appeal", effort=MEMBERS, priority=p("appeal.priority"), then="appeal_decided")
_REMANDED, _SUSTAINED = exclusive(p("appeal.remanded_share"), p("appeal.sustained_share"))
_BY_PERSON = {"order": ["judge", "stipulated", "in_absentia", "expedited", "reinstated", "administrative"]}
_BY_DEPARTMENT = {"order": ["none", "voluntary_departure"]}
_AGAIN = (new_round(), count("remand"), put("reopened", "remanded"))
APPEAL_DECIDED = Decision(
    "appeal_decided",
    [
        to("remanded", share=_REMANDED, do=_AGAIN),
        to("granted_on_appeal", when=_BY_PERSON, share=_SUSTAINED, do=[count("sustained")]),
        to("petition", when=_BY_PERSON, do=[count("appeal_dismissed")]),  # final: 8 CFR 1241.1(a)
        to("petition", when=_BY_DEPARTMENT, share=_SUSTAINED, do=[count("sustained"), put("order", "judge")]),
        to("granted_on_appeal", when=_BY_DEPARTMENT, do=[count("appeal_dismissed")]),
    ],
)
_ONLY = {"proceeding": "withholding_only"}
_REMOVAL = {"proceeding": "removal"}
# Back before the judge (8 CFR 1003.1(d)(7)): the order is gone, but not one that other officers made.
REMANDED = Decision(
    "remanded",
    [
        to("merits", when={"custody": "no"}, do=[put("order", "none"), join("not_detained")]),
        to("detained_merits", when={"custody": "yes", **_REMOVAL}, do=[put("order", "none")]),
        to("detained_merits", when={"custody": "yes", **_ONLY}),
    ],
)
GRANTED_ON_APPEAL = Decision(
    "granted_on_appeal",
    [
        to("protected", when={"relief": "withholding_or_cat"}),
        to("granted_relief", when={"relief": ENDS, "custody": "no"}),
        to("granted_relief", when={"relief": ENDS, "custody": "yes"}, do=WON),
    ],
)  # fmt: skip


def board() -> Part:
    """Return the Board."""
    decisions = p("appeal.board.members") * p("appeal.board.decisions_per_member_year") / DAYS_A_YEAR
    return Part(
        nodes=(FILED, APPEAL, APPEAL_DECIDED, REMANDED, GRANTED_ON_APPEAL),
        efforts=(Effort(MEMBERS, decisions),),
        tallies=(
            Tally("remand", ("custody",)),
            Tally("sustained", ("custody",)),
            Tally("appeal_dismissed", ("custody",)),
        ),
    )
