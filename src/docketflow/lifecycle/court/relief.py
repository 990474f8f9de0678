"""What is asked for at the hearing on the merits, who has counsel there, and what pretermission ends."""

from __future__ import annotations

from docketflow.core.quantity import Quantity, least, p
from docketflow.engine.declare.vocabulary import Decision, Op, Tally, count, put, to
from docketflow.lifecycle.court.bench import DECIDED
from docketflow.lifecycle.part import Part, exclusive

ASKED = ["asylum", "withholding_or_cat", "cancellation", "adjustment"]
ENDS_THE_CASE = ["asylum", "cancellation", "adjustment"]
ORDERED: tuple[Op, ...] = (put("order", "judge"), *DECIDED)

COUNSEL = Decision(
    "counsel_for_the_hearing",
    [
        to("application", when={"counsel": "no"}, share=p("court.counsel_found_share"),
           do=[put("counsel", "yes")]),
        to("application", when={"counsel": ["no", "yes"]}),
    ],
)  # fmt: skip
# Asylum (INA 208), unless asked for later than one year after arrival (INA 208(a)(2)(B)): then withholding
# (INA 241(b)(3), 8 CFR 1208.16); cancellation after years here (INA 240A); adjustment (INA 245) and others.
_FEAR = p("court.relief.fear_share")
_BARRED = p("court.relief.one_year_bar_share")
_ASYLUM, _WITHHOLDING, _CANCELLATION, _ADJUSTMENT = exclusive(
    _FEAR * (1 - _BARRED),
    _FEAR * _BARRED,
    p("court.relief.cancellation_share"),
    p("court.relief.adjustment_share"),
)
APPLICATION = Decision(
    "application",
    [
        to("set_for_a_hearing", when={"relief": ASKED}),  # asked for before: a case remanded or reopened
        *(
            to("set_for_a_hearing", when={"relief": "none"}, share=share,
               do=[put("relief", kind), count("application")])
            for kind, share in zip(ASKED, (_ASYLUM, _WITHHOLDING, _CANCELLATION, _ADJUSTMENT), strict=True)
        ),
        to("set_for_a_hearing", when={"relief": "none"}),
    ],
)  # fmt: skip
# Pretermitted: denied on the papers, without a hearing, where the application shows no claim on its face
# (Matter of H-A-A-V-) or an agreement sends the person to another country (8 CFR 1240.11(h)). In
# withholding-only proceedings there is nothing else to decide.
_PAPERS = p("court.pretermitted_share")
SET_FOR_A_HEARING = Decision(
    "set_for_a_hearing",
    [
        to("ordered", when={"custody": "no", "relief": ["asylum", "withholding_or_cat"]}, share=_PAPERS,
           do=[count("pretermitted"), *ORDERED]),
        to("merits", when={"custody": "no"}),
        to("ordered_in_custody", share=_PAPERS, do=[count("pretermitted"), *ORDERED],
           when={"custody": "yes", "relief": ["asylum", "withholding_or_cat"], "proceeding": "removal"}),
        to("detained_preparation", when={"custody": "yes"}),
    ],
)  # fmt: skip


def granted_share(of_hearings: Quantity) -> Quantity:
    """Return the share of hearings that grant relief: of the docket, by what was asked and by counsel."""
    factors = p("court.relief.granted_factor_by_kind") * p("court.relief.granted_factor_by_counsel")
    return least(of_hearings * factors, 1)


def relief() -> Part:
    """Return applications for relief."""
    return Part(
        nodes=(COUNSEL, APPLICATION, SET_FOR_A_HEARING),
        tallies=(Tally("application", ("relief", "custody")), Tally("pretermitted", ("custody",))),
    )
