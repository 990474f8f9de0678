"""Habeas corpus (28 USC 2241): from any person held, on a clock of its own, faster where no bond may be had.

A petition is decided by a federal court, which hears only so many a day (28 USC 2243).
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    Effort,
    Spend,
    Tally,
    count,
    exponential,
    fixed,
    lognormal,
    new_round,
    put,
    start,
    to,
)
from docketflow.lifecycle.custody.bond import bond_decided
from docketflow.lifecycle.custody.stay import LEAVING
from docketflow.lifecycle.part import Part, exclusive

_FILED = to(STAY, do=[count("habeas_filed"), new_round(), start("habeas_decision")])
_DAYS = p("habeas.days_to_filing")
DECISIONS = Effort("habeas decisions", p("habeas.decisions_per_day"), calendar="federal")
CLOCKS = (
    Clock("habeas", "habeas", exponential(_DAYS), _FILED),
    Clock("habeas_without_bond", "habeas", exponential(_DAYS / p("habeas.multiple_without_bond")), _FILED),
    Clock("habeas_decision", "habeas", lognormal(p("habeas.median_days"), p("habeas.sigma")), "habeas.heard"),
    Clock("habeas_waits", "habeas", fixed(1), "habeas.heard"),
)
HEARD = Spend(
    "habeas.heard",
    "habeas decisions",
    enough="habeas.decided",
    short=to(STAY, do=[new_round(), start("habeas_waits")]),
)
_RELEASED, _HEARING, _LET_GO = exclusive(
    p("habeas.released_share"), p("habeas.hearing_share"), p("habeas.let_go_meanwhile_share")
)
_MAY_BE_LET_GO = [label for label in labels("authority") if label != "ina_236c"]
_BY_ORDER = (count("habeas_granted"), put("exit", "court_ordered"), *LEAVING)
DECIDED = Decision(
    "habeas.decided",
    [
        to("released_from_custody", share=_RELEASED, do=_BY_ORDER),
        to("habeas.hearing", share=_HEARING),
        # ICE lets the person go, the petition is moot; not under INA 236(c), where it may not
        to("released_at_limit", when={"authority": _MAY_BE_LET_GO}, share=_LET_GO),
        to(STAY, do=[count("habeas_denied"), new_round(), start("habeas")]),
    ],
)
# A bond hearing before a judge, whatever the statute; after a final order (Zadvydas v. Davis) release.
HEARING = Decision(
    "habeas.hearing",
    [
        to("released_from_custody", when={"docket": "ordered"}, do=_BY_ORDER),
        to(STAY, when={"docket": ["none", "awaiting_filing", "pending"]},
           do=[count("habeas_granted"), start("bond_hearing_by_order")]),
    ],
)  # fmt: skip
# The same hearing and the same odds, told apart from those that the statute gives.
HEARING_BY_ORDER = Clock(
    "bond_hearing_by_order",
    "custody",
    lognormal(p("bond.hearing.median_days"), p("bond.hearing.sigma")),
    "bond_decided_by_order",
)
DECIDED_BY_ORDER = bond_decided("bond_decided_by_order", "bond_by_order")


def habeas() -> Part:
    """Return habeas corpus."""
    return Part(
        nodes=(HEARD, DECIDED, HEARING, DECIDED_BY_ORDER),
        efforts=(DECISIONS,),
        clocks=(*CLOCKS, HEARING_BY_ORDER),
        tallies=(
            *(Tally(f"habeas_{name}", ("authority",)) for name in ("filed", "granted", "denied")),
            *(Tally(f"bond_by_order_{name}") for name in ("granted", "denied")),
        ),
    )
