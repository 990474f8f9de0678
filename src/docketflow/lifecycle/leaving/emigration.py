"""Emigration that nobody records, by people's own decision.

The government's files do not see it: who leaves with a case or an order stays on the docket.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Draw,
    Tally,
    count,
    new_episode,
    put,
    to,
)
from docketflow.lifecycle.part import Part
from docketflow.lifecycle.staff import DAYS_A_YEAR

EMIGRATION = Draw(
    "emigration",
    pool="not_detained",
    weight=p("departure.emigration.weight_by_years"),
    exposure=p("departure.emigration.share_per_year") / DAYS_A_YEAR,
    then=[
        to("departed", when={"docket": "none"}, do=[new_episode(), count("unrecorded_departure")]),
        to(STAY, when={"docket": ["awaiting_filing", "pending", "ordered"]},
           do=[new_episode(), put("left_unrecorded", "yes"), count("unrecorded_departure")]),
    ],
)  # fmt: skip


def emigration() -> Part:
    """Return emigration."""
    return Part(
        draws=(EMIGRATION,),
        tallies=(Tally("unrecorded_departure", ("docket",)),),
    )
