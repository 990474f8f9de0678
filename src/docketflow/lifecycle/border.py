"""Arrivals at the border and what Customs and Border Protection does with them: inputs, not outcomes.

Nothing here knows what happens to a person afterwards, only where each is sent next.
"""

from __future__ import annotations

from docketflow.core.quantity import most, p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import Arrive, Decision, Gate, Space, Tally, count, join, put, to
from docketflow.lifecycle.part import Part, exclusive
from docketflow.lifecycle.removal import DEPARTED

AWAITS_FILING = (put("docket", "awaiting_filing"), join("not_detained"))
"""Released with a notice to appear (INA 239(a)) that has still to be filed with the court (8 CFR 1003.14)."""


def _people(flow: str, then: str, mix: str = "") -> tuple[Decision, Decision]:
    """Give arrivals a nationality from the mix of their flow, and an area from one mix for all."""
    nationality = Decision(
        f"{flow}.nationality",
        [
            to(f"{flow}.area", weight=p(f"border.nationality.{mix or flow}").pick(nationality=label),
               do=[put("nationality", label)])
            for label in labels("nationality")
        ],
    )  # fmt: skip
    area = Decision(
        f"{flow}.area",
        [
            to(then, weight=p("border.area").pick(area=label), do=[put("area", label)])
            for label in labels("area")
            if label != "none"
        ],
    )
    return nationality, area


# INA 235(b)(1): expedited removal; INA 241(a)(5): a removal order reinstated. Carried out by CBP itself.
_REINSTATED = (put("order", "reinstated"), *DEPARTED)
REMOVED_BY_CBP = Decision(
    "removed_by_cbp",
    [
        to("departed", share=p("border.removed.reinstated_share"), do=_REINSTATED),
        to("departed", do=[put("order", "expedited"), *DEPARTED]),
    ],
)

# Returned without an order: voluntary return (INA 240B(a)), withdrawal of the application (INA 235(a)(4)).
RETURNED = Decision("returned_by_cbp", [to("departed", do=DEPARTED)])

# Handed to ICE but not booked into detention: flown out under an expedited order, or released with a notice.
_SCREENED = p("border.handed_over.screened_share")


def _handed(who: str) -> Decision:
    return Decision(
        f"handed_over.{who}",
        [
            to("handed_over.flown", share=p(f"border.handed_over.flown_share.{who}")),
            to("handed_over.released"),
        ],
    )


HANDED_ADULTS, HANDED_FAMILIES = _handed("adults"), _handed("families")
# A screening before the flight finds no credible fear; one before the release finds it (INA 235(b)(1)(B)).
HANDED_FLOWN = Decision(
    "handed_over.flown",
    [to("flown_from_border", share=_SCREENED, do=[count("fear_negative")]), to("flown_from_border")],
)
HANDED_RELEASED = Decision(
    "handed_over.released",
    [
        to("awaiting_filing", share=_SCREENED, do=[count("fear_positive"), *AWAITS_FILING]),
        to("awaiting_filing", do=AWAITS_FILING),
    ],
)
_BY_ICE = (put("remover", "ice"),)
# Nobody waits for a seat without a place: who finds none is released with a notice.
STAGING = Space("staging", p("border.staging.places"))
STAGED = Gate(
    "flown_from_border", "staging", free="flown_under_order", full=to("awaiting_filing", do=AWAITS_FILING)
)
FLOWN = Decision(
    "flown_under_order",
    [
        to("mode", share=p("border.handed_over.reinstated_share"), do=[put("order", "reinstated"), *_BY_ICE]),
        to("mode", do=[put("order", "expedited"), *_BY_ICE]),
    ],
)


# Adults handed to ICE: some have a record.
def _record(who: str, then: str) -> Decision:
    convicted, charged = exclusive(p(f"border.{who}.convicted_share"), p(f"border.{who}.charged_share"))
    return Decision(
        f"{who}.record",
        [
            to(then, share=convicted, do=[put("criminal", "convicted")]),
            to(then, share=charged, do=[put("criminal", "pending")]),
            to(then),
        ],
    )


RECORD, HANDED_RECORD = _record("booked_in", "charge.at_border"), _record("handed_over", "handed_over.adults")

# Released: single adults and families by Border Patrol, unaccompanied children to HHS (8 USC 1232), people
# with an appointment at a port of entry (paroled under INA 212(d)(5) with a notice), other paroles.
RELEASED = Decision(
    "released",
    [
        to("released.notice", share=p("border.released.family_share"), do=[put("family", "family_unit")]),
        to("released.notice"),
    ],
)
# Some were let go to report to an office of ICE and be given the notice there: it is not on its way.
RELEASED_WITH = Decision(
    "released.notice",
    [
        to("reports_to_office", share=p("border.released.without_notice_share"), do=AWAITS_FILING),
        to("awaiting_filing", do=AWAITS_FILING),
    ],
)
PAROLED_AT_PORT = Decision("paroled_at_port", [to("awaiting_filing", do=AWAITS_FILING)])
CHILDREN = Decision("children_to_hhs", [to("children.to_hhs")])
PAROLED_WITHOUT_NOTICE = Decision(
    "paroled_without_notice", [to("nothing_on_file", do=[join("not_detained")])]
)

# Sent back to Mexico to wait for the hearing, INA 235(b)(2)(C): a notice, filed at once, and nobody here.
_OUTSIDE = (put("left_unrecorded", "yes"), count("returned_to_mexico"))
RETURNED_TO_MEXICO = Decision(
    "returned_to_mexico",
    [
        to(
            "filed",
            share=p("border.returned_to_mexico.family_share"),
            do=[put("family", "family_unit"), *_OUTSIDE],
        ),
        to("filed", do=_OUTSIDE),
    ],
)

_CBP = (put("agency", "cbp"), put("entry", "without_inspection"))
_AT_PORT = (put("agency", "cbp"), put("entry", "paroled"))
_BY_CBP = (put("agency", "cbp"), put("remover", "cbp"), put("mode", "land"))

# What ICE books in, given by day for all, is of single adults and of families; who is handed over beyond that
# is flown or released. Families were held in some years and not in others.
_BOOKED = p("border.booked_into_detention_per_day")
_FAMILIES_BOOKED = _BOOKED * p("border.booked_in.family_share")
_ADULTS_BOOKED = _BOOKED - _FAMILIES_BOOKED

ARRIVALS = (
    Arrive("arrive.released", p("border.released_per_day"), to("released.nationality", do=_CBP)),
    Arrive("arrive.paroled_at_ports", p("border.paroled_at_ports_per_day"),
           to("paroled_at_ports.nationality", do=[*_AT_PORT, put("status", "parole_cbp_one")])),
    Arrive("arrive.children", p("border.children_per_day"),
           to("children.nationality", do=[*_CBP, put("family", "unaccompanied_child")])),
    Arrive("arrive.paroled_without_notice", p("border.paroled_without_notice_per_day"),
           to("paroled_without_notice.nationality",
              do=[put("entry", "paroled"), put("status", "parole_other")])),
    Arrive("arrive.booked_in", _ADULTS_BOOKED, to("booked_in.nationality", do=_CBP)),
    Arrive("arrive.booked_in_families", _FAMILIES_BOOKED,
           to("held_families.nationality", do=[*_CBP, put("family", "family_unit")])),
    Arrive("arrive.handed_over_adults", most(p("border.adults_to_ice_per_day") - _ADULTS_BOOKED, 0),
           to("handed_adults.nationality", do=_CBP)),
    Arrive("arrive.handed_over_families", most(p("border.families_to_ice_per_day") - _FAMILIES_BOOKED, 0),
           to("handed_families.nationality", do=[*_CBP, put("family", "family_unit")])),
    Arrive("arrive.returned_to_mexico", p("border.returned_to_mexico_per_day"),
           to("returned_to_mexico.nationality", do=_CBP)),
    Arrive("arrive.removed_by_cbp", p("border.removed_by_cbp_per_day"),
           to("removed.nationality", do=_BY_CBP)),
    Arrive("arrive.voluntary_returns", p("border.voluntary_returns_per_day"),
           to("returned.nationality", do=_BY_CBP)),
    Arrive("arrive.withdrawals", p("border.withdrawals_per_day"),
           to("withdrawn.nationality", do=_BY_CBP)),
    Arrive("arrive.expelled", p("border.expelled_per_day"),  # 42 USC 265
           to("departed", do=[count("expulsion")])),
    Arrive("arrive.crew", p("border.crew_returns_per_day"), to("departed", do=[count("crew_return")])),
)  # fmt: skip


def border() -> Part:
    """Return the inflow at the border and its dispositions."""
    flows = {
        "released": "released",
        "paroled_at_ports": "paroled_at_port",
        "children": "children_to_hhs",
        "paroled_without_notice": "paroled_without_notice",
        "booked_in": "booked_in.record",
        "handed_adults": "handed_over.record",
        "handed_families": "handed_over.families",
        "returned_to_mexico": "returned_to_mexico",
        "removed": "removed_by_cbp",
        "returned": "returned_by_cbp",
        "withdrawn": "returned_by_cbp",
    }
    people = [node for flow, then in flows.items() for node in _people(flow, then)]
    people += _people("held_families", "charge.at_border", "handed_families")
    forks = (
        *(
            REMOVED_BY_CBP,
            RETURNED,
            HANDED_ADULTS,
            HANDED_FAMILIES,
            HANDED_FLOWN,
            HANDED_RELEASED,
            STAGED,
            FLOWN,
            RECORD,
            HANDED_RECORD,
        ),
        *(RELEASED, RELEASED_WITH, PAROLED_AT_PORT, CHILDREN, PAROLED_WITHOUT_NOTICE, RETURNED_TO_MEXICO),
    )
    return Part(
        nodes=(*people, *forks),
        spaces=(STAGING,),
        arrivals=ARRIVALS,
        tallies=(Tally("crew_return"), Tally("expulsion"), Tally("returned_to_mexico")),
    )
