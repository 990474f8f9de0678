"""Emigration that nobody records, by people's own decision.

The government's files do not see it: who leaves with a case or an order stays on the docket. More may leave,
or fewer, where more are arrested: on the day on which officers can make those arrests, and by no data.
"""

from __future__ import annotations

from docketflow.core.quantity import most, p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Draw,
    Tally,
    count,
    new_episode,
    put,
    to,
)
from docketflow.lifecycle.arrest import RISK
from docketflow.lifecycle.part import Part
from docketflow.lifecycle.staff import DAYS_A_YEAR

# At the usual risk the rate is the baseline's, whatever the response.
_RESPONSE = most(1 + p("departure.emigration.response_to_arrests") * (RISK - 1), 0)
EMIGRATION = Draw(
    "emigration",
    pool="not_detained",
    weight=p("departure.emigration.weight_by_years"),
    exposure=p("departure.emigration.share_per_year") / DAYS_A_YEAR * _RESPONSE,
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
