"""Appeal to the Board of Immigration Appeals: a delay with outcomes (8 CFR 1003.1, 1003.38).

Removal is stayed while a direct appeal is pending (8 CFR 1003.6).
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import Decision, Stage, exponential, new_round, put, to
from docketflow.lifecycle.custody import LEAVING
from docketflow.lifecycle.part import Part, exclusive

_REMANDED, _SUSTAINED = exclusive(p("appeal.remanded_share"), p("appeal.sustained_share"))

ORDERED = Decision(
    "ordered",
    [to("appeal", share=p("appeal.share.not_detained")), to("final_order")],
)
APPEAL = Stage("appeal", exponential(p("appeal.days.not_detained")), "appeal_decided")
APPEAL_DECIDED = Decision(
    "appeal_decided",
    [
        to(
            "merits",
            share=_REMANDED,
            do=[new_round(), put("reopened", "remanded"), put("order", "none")],
        ),
        to("granted_relief", share=_SUSTAINED),
        to("final_order"),
    ],
)

ORDERED_IN_CUSTODY = Decision(
    "ordered_in_custody",
    [to("detained_appeal", share=p("appeal.share.detained")), to("final_order")],
)
DETAINED_APPEAL = Stage("detained_appeal", exponential(p("appeal.days.detained")), "detained_appeal_decided")
DETAINED_APPEAL_DECIDED = Decision(
    "detained_appeal_decided",
    [
        to("detained_merits", share=_REMANDED,
           do=[new_round(), put("reopened", "remanded"), put("order", "none")]),
        to("granted_relief", share=_SUSTAINED, do=[put("exit", "relief_or_terminated"), *LEAVING]),
        to("final_order"),
    ],
)  # fmt: skip


def appeal() -> Part:
    """Return appeals of both dockets."""
    return Part(
        nodes=(
            *(ORDERED, APPEAL, APPEAL_DECIDED),
            *(ORDERED_IN_CUSTODY, DETAINED_APPEAL, DETAINED_APPEAL_DECIDED),
        )
    )
