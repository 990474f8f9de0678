"""Voluntary departure outside custody: a period to leave in, or an order that takes effect."""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import Stage, Tally, count, join, put, to, uniform
from docketflow.lifecycle.part import Part

# INA 240B(a)(2) and (b)(2): up to 120 days before, 60 days after the conclusion of proceedings; staying on
# makes the alternate order of removal final (8 CFR 1241.1(f), 1240.26(d); penalty INA 240B(d)).
VOLUNTARY_DEPARTURE = Stage(
    "voluntary_departure_period",
    uniform(p("departure.voluntary.shortest_days"), p("departure.voluntary.longest_days")),
    [
        to("departed", share=p("departure.voluntary.left_share"), do=[count("voluntary_departure")]),
        # the alternate order takes effect: 8 CFR 1240.26(d), 1241.1(f)
        to(
            "ordered_not_detained", do=[put("docket", "ordered"), put("order", "judge"), join("not_detained")]
        ),
    ],
)  # fmt: skip


def voluntary_departure() -> Part:
    """Return the period of voluntary departure."""
    return Part(nodes=(VOLUNTARY_DEPARTURE,), tallies=(Tally("voluntary_departure", ("nationality",)),))
