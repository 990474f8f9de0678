"""Fear screenings before a removal without a judge, each with a judge's review, and withholding only.

A credible fear (INA 235(b)(1)(B)) leads to proceedings before a judge; a reasonable fear (8 CFR 208.31) only
to a judge on withholding, while the order stays what it was.
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
    exponential,
    fixed,
    lognormal,
    put,
    to,
)
from docketflow.lifecycle.custody import under
from docketflow.lifecycle.part import Part, exclusive
from docketflow.lifecycle.staff import DAYS_A_YEAR, MINUTES_AN_HOUR

# --- asylum officers of USCIS: an interview takes of their time (INA 235(b)(1)(B), 8 CFR 208.30, 208.31) ----
INTERVIEWERS = "asylum officers' minutes"
_INTERVIEWS = Effort(
    INTERVIEWERS,
    p("fear.officers.number") * p("fear.officers.hours_per_year") * MINUTES_AN_HOUR / DAYS_A_YEAR,
)


def _interview(kind: str, then: str) -> Wait:
    """Return the line for an interview; with officers enough it is passed the next day."""
    return Wait(
        f"{then.removesuffix('_screening')}_interview",
        effort=INTERVIEWERS,
        cost=p(f"fear.officers.hours_{kind}") * MINUTES_AN_HOUR,
        then=then,
        order="arrival",
    )


FEAR_INTERVIEW = _interview("credible", "fear_screening")
REASONABLE_FEAR_INTERVIEW = _interview("reasonable", "reasonable_fear")

# --- credible fear: INA 235(b)(1)(B), 8 CFR 208.30; review by a judge 8 CFR 1003.42 -----------------
_EXPEDITED_ORDER = (put("order", "expedited"),)
EXPEDITED = Decision(
    "expedited",
    [to("fear_interview", share=p("fear.claim_share")), to("final_order", do=_EXPEDITED_ORDER)],
)
# A notice to appear (8 CFR 208.30); the person stays held under INA 235(b)(1) (Matter of M-S-).
_POSITIVE = (put("route", "notice_to_appear"),)
_FOUND, _CLOSED = exclusive(p("fear.positive_share"), p("fear.closed_share"))
FEAR_SCREENING = Stage(
    "fear_screening",
    lognormal(p("fear.screening.median_days"), p("fear.screening.sigma")),
    [
        to("custody_decision", share=_FOUND, do=[count("fear_positive"), *_POSITIVE]),
        to("final_order", share=_CLOSED, do=[count("fear_closed"), *_EXPEDITED_ORDER]),
        to("fear_review", do=[count("fear_negative")]),
    ],
)
FEAR_REVIEW = Stage(
    "fear_review",
    exponential(p("fear.review.days")),
    [
        to("custody_decision", share=p("fear.review.vacated_share"), do=_POSITIVE),
        to("final_order", do=_EXPEDITED_ORDER),
    ],
)

# --- reasonable fear: INA 241(a)(5) and 238(b) alike, 8 CFR 208.31, 241.8 ---------------------------
# Either order is final when an officer makes it, and stands whatever the screening finds.
_REINSTATED = (put("order", "reinstated"), put("docket", "ordered"))
_ADMINISTRATIVE = (put("order", "administrative"), put("docket", "ordered"))
REINSTATEMENT = Decision(
    "reinstatement",
    [
        to("reasonable_fear_interview", share=p("fear.reasonable.claim_share"), do=_REINSTATED),
        to("final_order", do=_REINSTATED),
    ],
)
# Ten days to answer the notice (8 CFR 238.1), and fourteen before the order is carried out (INA 238(b)(3)).
ADMINISTRATIVE = Stage(
    "administrative",
    fixed(p("charge.administrative.days")),
    [
        to("reasonable_fear_interview", share=p("fear.reasonable.claim_share"), do=_ADMINISTRATIVE),
        to("final_order", do=_ADMINISTRATIVE),
    ],
)
# A reasonable fear: withholding only, the order stands (8 CFR 1208.2(c)(3)); held under INA 241(a) without
# bond (Johnson v. Guzman Chavez).
_WITHHOLDING_ONLY = (
    count("reasonable_fear_found"),
    put("proceeding", "withholding_only"),
    *under("ina_241a"),
)
REASONABLE_FEAR = Stage(
    "reasonable_fear",
    lognormal(p("fear.reasonable.median_days"), p("fear.screening.sigma")),
    [
        to("kept", share=p("fear.reasonable.positive_share"), do=_WITHHOLDING_ONLY),
        to("reasonable_fear_review", do=[count("reasonable_fear_not_found")]),
    ],
)
REASONABLE_FEAR_REVIEW = Stage(
    "reasonable_fear_review",  # by a judge, 8 CFR 1208.31
    exponential(p("fear.review.days")),
    [
        to("kept", share=p("fear.reasonable.vacated_share"), do=_WITHHOLDING_ONLY),
        to("final_order"),
    ],
)


def fear() -> Part:
    """Return the fear screenings."""
    return Part(
        nodes=(
            *(FEAR_INTERVIEW, REASONABLE_FEAR_INTERVIEW),
            *(EXPEDITED, FEAR_SCREENING, FEAR_REVIEW, REINSTATEMENT, ADMINISTRATIVE),
            *(REASONABLE_FEAR, REASONABLE_FEAR_REVIEW),
        ),
        efforts=(_INTERVIEWS,),
        tallies=(
            *(Tally("fear_positive"), Tally("fear_negative"), Tally("fear_closed")),
            *(Tally("reasonable_fear_found"), Tally("reasonable_fear_not_found")),
        ),
    )
