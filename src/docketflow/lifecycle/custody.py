"""Immigration detention: a bed held beside the legal stage, from booking to release or flight.

A person in custody keeps the bed while the case moves on in other files; what is decided here is only
whether there is a bed, whether ICE lets the person go while the case is pending, and how a stay ends.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    End,
    Gate,
    Op,
    Space,
    Stage,
    Tally,
    To,
    Wait,
    count,
    count_days,
    exponential,
    fixed,
    join,
    lognormal,
    mark,
    new_round,
    put,
    release,
    start,
    stop,
    take,
    to,
)
from docketflow.lifecycle.part import Part, exclusive

BEDS = Space("detention.beds", p("detention.beds.contract") * p("detention.beds.usable_share"))
OVERFLOW = Space("detention.overflow", p("detention.beds.overflow"))  # surge places and hold rooms, declared
COUNTED = (Space("detained.ice_arrest"), Space("detained.cbp_arrest"), Space("detained.over_180_days"))

LEAVING: tuple[Op, ...] = (
    count("book_out"),
    count_days("stay_days", "first"),
    *(release(space.name) for space in (BEDS, OVERFLOW, *COUNTED)),
    stop("custody"),
    stop("tenure"),
    put("custody", "no"),
)
"""What the end of every stay does; the trait ``exit`` must have been set."""

# --- a bed ----------------------------------------------------------------------------------------
BOOKING = Gate("booking", "detention.beds", free="booked", full="booking.overflow")
IN_OVERFLOW = Gate("booking.overflow", "detention.overflow", free="booked", full="no_bed")
# Detention is mandatory for many with a conviction (INA 236(c)); the others are let go when no place is left.
NO_BED = Decision(
    "no_bed",
    [
        to("hold_room", when={"criminal": "convicted"}),
        to("released_from_custody", when={"criminal": ["none", "pending"]}),
    ],
)
HOLD_ROOM = Wait("hold_room", space="detention.beds", then="booked", order="arrival")

_BOOKED = (
    mark("first"),
    put("custody", "yes"),
    put("detention", "yes"),
    start("tenure_180"),
    count("book_in"),
)
BOOKED = Decision(
    "booked",
    [
        to("other_custody", when={"agency": "ice"}, do=[*_BOOKED, take("detained.ice_arrest")]),
        to("other_custody", when={"agency": ["none", "cbp"]}, do=[*_BOOKED, take("detained.cbp_arrest")]),
    ],
)
TENURE = Clock(
    "tenure_180", "tenure", fixed(p("custody.long_stay_days")), to(STAY, do=[take("detained.over_180_days")])
)

# Some are handed on: to the Marshals for prosecution, to another agency, by transfer of the case.
OTHER_CUSTODY = Decision(
    "other_custody",
    [to("held_for_others", share=p("custody.other_share")), to("route")],
)
HELD_FOR_OTHERS = Stage(
    "held_for_others",
    exponential(p("custody.other_days")),
    to("in_other_custody", do=[put("exit", "other"), *LEAVING]),
)

# --- release while the case is pending ------------------------------------------------------------
# Parole INA 212(d)(5); recognizance and ICE's bond INA 236(a)(2), 8 CFR 236.1(c)(8).
_PAROLED, _RECOGNIZED, _BONDED = exclusive(
    p("release.parole_share"), p("release.recognizance_share"), p("release.ice_bond_share")
)
CUSTODY_DECISION = Decision(
    "custody_decision",
    [
        to("awaiting_release", share=_PAROLED, do=[put("exit", "parole")]),
        to("awaiting_release", share=_RECOGNIZED, do=[put("exit", "recognizance")]),
        to("awaiting_release", share=_BONDED, do=[put("exit", "bond")]),
        to("kept"),
    ],
)
AWAITING_RELEASE = Stage(
    "awaiting_release", exponential(p("release.days")), to("released_from_custody", do=LEAVING)
)

KEPT = Decision(
    "kept",
    [
        to("filed_in_custody", share=p("custody.bond_hearing_share"), do=[start("bond_hearing")]),
        to("filed_in_custody"),
    ],
)


def released(why: str, share: object = None) -> To:
    """Return a way out of custody to the community."""
    return to("released_from_custody", share=share, do=[put("exit", why), *LEAVING])  # type: ignore[arg-type]


# A judge's custody redetermination 8 CFR 1003.19; a federal court may order release 28 USC 2241.
BOND_HEARING = Clock(
    "bond_hearing",
    "custody",
    lognormal(p("custody.bond_hearing.median_days"), p("custody.bond_hearing.sigma")),
    "bond_decided",
)
_GRANTED, _HABEAS = exclusive(p("release.judge_bond_share"), p("release.habeas_share"))
BOND_DECIDED = Decision(
    "bond_decided",
    [
        to("released_from_custody", share=_GRANTED,
           do=[count("bond_granted"), put("exit", "bond"), *LEAVING]),
        released("court_ordered", _HABEAS),
        to(STAY, do=[count("bond_denied")]),
    ],
)  # fmt: skip

# Back in the community, where the file stands.
AT_LARGE_AGAIN = Decision(
    "released_from_custody",
    [
        to("awaiting_filing", when={"docket": ["none", "awaiting_filing"]},
           do=[new_round(), put("docket", "awaiting_filing"), join("not_detained")]),
        to("continued", when={"docket": "pending"}, do=[new_round(), join("not_detained")]),
        to("ordered_not_detained", when={"docket": "ordered"}, do=[new_round(), join("not_detained")]),
    ],
)  # fmt: skip


def custody() -> Part:
    """Return detention: beds, booking, release and the end of stays."""
    return Part(
        nodes=(
            *(BOOKING, IN_OVERFLOW, NO_BED, HOLD_ROOM, BOOKED, OTHER_CUSTODY, HELD_FOR_OTHERS),
            *(CUSTODY_DECISION, AWAITING_RELEASE, KEPT, BOND_DECIDED, AT_LARGE_AGAIN),
            End("in_other_custody"),
        ),
        spaces=(BEDS, OVERFLOW, *COUNTED),
        clocks=(BOND_HEARING, TENURE),
        tallies=(
            Tally("book_in", ("agency", "criminal")),
            Tally("book_out", ("agency", "criminal", "exit")),
            Tally("stay_days", ("agency", "criminal")),
            Tally("bond_granted"),
            Tally("bond_denied"),
        ),
    )
