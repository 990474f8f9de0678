"""Petitions for review in a court of appeals (INA 242, 242(b)(1): within 30 days), with and without a stay.

A petition stays nothing by itself (INA 242(b)(3)(B)): a person without a stay may be removed while it is
pending, and the petition goes on as a clock beside whatever else happens.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    Tally,
    count,
    join,
    lognormal,
    new_round,
    put,
    start,
    to,
)
from docketflow.lifecycle.part import Part, exclusive

_FILED = (count("petition"), put("petition", "pending"), start("petition_pending"))
_ASKED_AND_GIVEN = (
    p("circuit.petition_share") * p("circuit.stay_asked_share") * p("circuit.stay_granted_share")
)
_STAYED, _NOT_STAYED = exclusive(_ASKED_AND_GIVEN, p("circuit.petition_share") - _ASKED_AND_GIVEN)
PETITION = Decision(
    "petition",
    [
        to("final_order", share=_STAYED, do=[*_FILED, count("stay"), put("bar", "stayed")]),
        to("final_order", share=_NOT_STAYED, do=_FILED),
        to("final_order"),
    ],
)
_DECIDED = (new_round(), put("petition", "none"))
_BACK = (*_DECIDED, count("circuit_remand"), put("reopened", "remanded"), put("docket", "pending"),
         put("bar", "none"))  # fmt: skip
PENDING = Clock(
    "petition_pending",
    "review",
    lognormal(p("circuit.median_days"), p("circuit.sigma")),
    [
        to("back_at_the_board", share=p("circuit.remanded_share"), do=_BACK),
        to(STAY, when={"bar": "stayed"}, do=[*_DECIDED, put("bar", "none")]),
        to(STAY, when={"bar": ["none", "unsettled", "withheld", "motion"]}, do=_DECIDED),
    ],
)
BACK = Decision(
    "back_at_the_board",
    [to("appeal", when={"custody": "no"}, do=[join("not_detained")]), to("appeal", when={"custody": "yes"})],
)


def circuit() -> Part:
    """Return petitions for review."""
    return Part(
        nodes=(PETITION, BACK),
        clocks=(PENDING,),
        tallies=(Tally("petition", ("custody",)), Tally("stay", ("custody",)), Tally("circuit_remand")),
    )
