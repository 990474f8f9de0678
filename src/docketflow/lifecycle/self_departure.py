"""Departures by people's own decision: emigration that nobody records, and voluntary departure.

The government's files do not see the first: who leaves with a case or an order stays on the docket, absent.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Draw,
    Stage,
    Tally,
    count,
    join,
    new_episode,
    put,
    to,
    uniform,
)
from docketflow.lifecycle.arrest import DAYS_A_YEAR
from docketflow.lifecycle.part import Part

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

# INA 240B(a)(2) and (b)(2): up to 120 days before, 60 days after the conclusion of proceedings; staying on
# makes the alternate order of removal final (INA 240B(d), 8 CFR 1240.26(d)).
VOLUNTARY_DEPARTURE = Stage(
    "voluntary_departure_period",
    uniform(p("departure.voluntary.shortest_days"), p("departure.voluntary.longest_days")),
    [
        to("departed", share=p("departure.voluntary.left_share"), do=[count("voluntary_departure")]),
        to("ordered_not_detained", do=[put("docket", "ordered"), join("not_detained")]),
    ],
)


def self_departure() -> Part:
    """Return departures outside custody."""
    return Part(
        nodes=(VOLUNTARY_DEPARTURE,),
        draws=(EMIGRATION,),
        tallies=(Tally("unrecorded_departure", ("docket",)), Tally("voluntary_departure", ("nationality",))),
    )
