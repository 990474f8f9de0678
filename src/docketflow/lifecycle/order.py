"""A final order (INA 241, 8 CFR 1241.1): not detained, or in custody until it is executed or reviewed.

Custody after the order is reviewed at 90 and 180 days (8 CFR 241.4, 241.13; Zadvydas v. Davis); who cannot
be removed in the foreseeable future is released under an order of supervision (INA 241(a)(3)).
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    Rest,
    fixed,
    join,
    new_round,
    put,
    start,
    stop,
    to,
)
from docketflow.lifecycle.custody import released, under
from docketflow.lifecycle.part import Part

FINAL_ORDER = Decision(
    "final_order",
    [
        to("ordered_not_detained", when={"custody": "no"}, do=[put("docket", "ordered"),
            join("not_detained")]),
        # INA 241(a)(2): detained during the removal period; under an expedited order until removed, which INA
        # 235(b)(1)(B)(iii)(IV) says by itself. What was asked of a judge or a court about
        # custody until an order falls with its ground: a petition begins anew, of custody after the order.
        to("bars", when={"custody": "yes"},
           do=[put("docket", "ordered"), *under("ina_241a"), stop("custody"),
               stop("giving_up"), start("habeas"), start("review_90")]),
    ],
)  # fmt: skip
ORDERED_NOT_DETAINED = Rest("ordered_not_detained")

REVIEW_90 = Clock(
    "review_90",
    "custody",
    fixed(p("order.review.first_days")),
    [
        released("supervision", p("order.review.released_share.first")),
        to(STAY, do=[new_round(), start("review_180")]),
    ],
)
REVIEW_180 = Clock(
    "review_180",
    "custody",
    fixed(p("order.review.next_days")),
    [
        released("supervision", p("order.review.released_share.next")),
        to(STAY, do=[new_round(), start("review_180")]),
    ],
)


def order() -> Part:
    """Return final orders and custody reviews."""
    return Part(
        nodes=(FINAL_ORDER, ORDERED_NOT_DETAINED),
        clocks=(REVIEW_90, REVIEW_180),
    )
