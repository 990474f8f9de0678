"""A final order (INA 241, 8 CFR 1241.1): at large, or in custody while a travel document is awaited.

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
    Stage,
    fixed,
    join,
    lognormal,
    new_round,
    put,
    start,
    stop,
    to,
)
from docketflow.lifecycle.custody import released
from docketflow.lifecycle.part import Part, exclusive

FINAL_ORDER = Decision(
    "final_order",
    [
        to("ordered_not_detained", when={"custody": "no"}, do=[put("docket", "ordered"),
            join("not_detained")]),
        to("destination", when={"custody": "yes"},
           do=[put("docket", "ordered"), stop("custody"), start("review_90")]),
    ],
)  # fmt: skip
ORDERED_AT_LARGE = Rest("ordered_not_detained")

# The country of removal (INA 241(b)(2)): the person's own, or another that takes the person.
_MEXICO, _OTHER = exclusive(p("removal.third_country.mexico_share"), p("removal.third_country.other_share"))
DESTINATION = Decision(
    "destination",
    [
        to(
            "removal_arranged",
            share=_MEXICO,
            do=[put("destination", "mexico")],
        ),
        to("removal_arranged", share=_OTHER, do=[put("destination", "other")]),
        to("travel_document"),
    ],
)
TRAVEL_DOCUMENT = Stage(
    "travel_document",
    lognormal(
        p("order.travel_document.median_days"),
        p("order.travel_document.sigma"),
        never_share=p("order.travel_document.never_share"),
    ),
    "removal_arranged",
)

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
    """Return final orders, travel documents and custody reviews."""
    return Part(
        nodes=(FINAL_ORDER, ORDERED_AT_LARGE, DESTINATION, TRAVEL_DOCUMENT),
        clocks=(REVIEW_90, REVIEW_180),
    )
