"""Under which law a person in custody is processed, and the fear screenings before removal without a judge.

The order of the gates is the law's: a final order first, then reinstatement, administrative and expedited
removal, and a notice to appear before a judge for everyone else.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Stage,
    Tally,
    count,
    exponential,
    lognormal,
    put,
    to,
)
from docketflow.lifecycle.part import Part, exclusive

NOTICE = (put("route", "notice_to_appear"),)  # INA 239(a), 240

ROUTE = Decision(
    "route",
    [
        to(
            "final_order", when={"docket": "ordered"}, do=[put("route", "unexecuted_order")]
        ),  # INA 241(a), 8 CFR 241.2
        to("custody_decision", when={"docket": "pending"}, do=NOTICE),
        to("route.border", when={"docket": ["none", "awaiting_filing"], "agency": ["none", "cbp"]}),
        to("route.interior", when={"docket": ["none", "awaiting_filing"], "agency": "ice"}),
    ],
)

# Booked into detention by CBP: expedited removal INA 235(b)(1), reinstatement INA 241(a)(5).
_EXPEDITED, _REINSTATED_AGAIN = exclusive(
    p("route.border.expedited_share"), p("route.border.reinstatement_share")
)
BORDER = Decision(
    "route.border",
    [
        to("expedited", share=_EXPEDITED, do=[put("route", "expedited")]),
        to("reinstatement", share=_REINSTATED_AGAIN, do=[put("route", "reinstatement")]),
        to("custody_decision", do=NOTICE),
    ],
)

# Arrested inside the country by ICE. The scope of expedited removal inside the country is a rule with dates
# (69 FR 48877: 100 miles and 14 days; 90 FR 8139: everywhere under two years).
INTERIOR = Decision(
    "route.interior",
    [
        to(
            "reinstatement", share=p("route.interior.reinstatement_share"), do=[put("route", "reinstatement")]
        ),
        to("route.interior.other"),
    ],
)
INTERIOR_OTHER = Decision(
    "route.interior.other",
    [
        to("final_order", share=p("route.interior.administrative_share"),  # INA 238(b), 8 CFR 238.1
           do=[put("route", "administrative"), put("order", "administrative")]),
        to("route.interior.rest"),
    ],
)  # fmt: skip
_RETURNED, _NEAR, _PAROLED = (
    p("route.interior.voluntary_return_share"),
    p("route.interior.expedited_scope") * p("route.interior.expedited_share"),
    p("route.interior.expedited_paroled_scope") * p("route.interior.expedited_share"),
)
INTERIOR_REST = Decision(
    "route.interior.rest",
    [
        to("removal_arranged", share=_RETURNED,  # INA 240B(a)(1)
           do=[put("route", "voluntary_return"), put("order", "none")]),
        to("expedited",
           share=exclusive(_RETURNED, _NEAR)[-1],
           when={"years": "under_2", "entry": "without_inspection"}, do=[put("route", "expedited")]),
        to("expedited",
           share=exclusive(_RETURNED, _PAROLED)[-1],
           when={"years": "under_2", "entry": "paroled"}, do=[put("route", "expedited")]),
        to("custody_decision", do=NOTICE),
    ],
)  # fmt: skip

# --- credible fear: INA 235(b)(1)(B), 8 CFR 208.30; review by a judge 8 CFR 1003.42 ---------------
_EXPEDITED_ORDER = (put("order", "expedited"),)
EXPEDITED = Decision(
    "expedited",
    [to("fear_screening", share=p("fear.claim_share")), to("final_order", do=_EXPEDITED_ORDER)],
)
_POSITIVE, _CLOSED = exclusive(p("fear.positive_share"), p("fear.closed_share"))
FEAR_SCREENING = Stage(
    "fear_screening",
    lognormal(p("fear.screening.median_days"), p("fear.screening.sigma")),
    [
        to("custody_decision", share=_POSITIVE, do=[count("fear_positive")]),
        to("final_order", share=_CLOSED, do=[count("fear_closed"), *_EXPEDITED_ORDER]),
        to("fear_review", do=[count("fear_negative")]),
    ],
)
FEAR_REVIEW = Stage(
    "fear_review",
    exponential(p("fear.review.days")),
    [to("custody_decision", share=p("fear.review.vacated_share")), to("final_order", do=_EXPEDITED_ORDER)],
)

# --- reasonable fear: 8 CFR 208.31, 241.8(e); then withholding only before a judge ----------------
_REINSTATED = (put("order", "reinstated"),)
REINSTATEMENT = Decision(
    "reinstatement",
    [to("reasonable_fear", share=p("fear.reasonable.claim_share")), to("final_order", do=_REINSTATED)],
)
REASONABLE_FEAR = Stage(
    "reasonable_fear",
    lognormal(p("fear.reasonable.median_days"), p("fear.screening.sigma")),
    [to("kept", share=p("fear.reasonable.positive_share")), to("final_order", do=_REINSTATED)],
)


def route() -> Part:
    """Return the routes and the fear screenings."""
    return Part(
        nodes=(
            *(ROUTE, BORDER, INTERIOR, INTERIOR_OTHER, INTERIOR_REST),
            *(EXPEDITED, FEAR_SCREENING, FEAR_REVIEW, REINSTATEMENT, REASONABLE_FEAR),
        ),
        tallies=(Tally("fear_positive"), Tally("fear_negative"), Tally("fear_closed")),
    )
