"""A place to be held: adult beds, family places, surge, hold rooms; and what is done when all are full.

Everybody whom ICE arrests comes to a hold room first, so that arrests stop for the day when hold rooms are
full. Adult beds are one national pool: the part in use at one time stands for separation and distance.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    Gate,
    Op,
    Space,
    Spend,
    Tally,
    Wait,
    count,
    fixed,
    put,
    release,
    start,
    stop,
    take,
    to,
)
from docketflow.lifecycle.custody.stay import BOOKED, FILES, LEAVING, counted, on_file
from docketflow.lifecycle.part import Part
from docketflow.lifecycle.staff import OFFICERS, minutes

_OUT_OF_HOLD_ROOM = (release("detention.hold_rooms"),)

# --- handed over by CBP: taken in as far as officers have time -----------------------------------------
HANDED_OVER = Spend(
    "booking.handed_over", OFFICERS, enough="booking", short="cbp_keeps", cost=minutes("booking")
)

# --- which class of place ---------------------------------------------------------------------------
# A parent arrested inside the country may be held alone like any adult; families are held together, and
# children not for long (Flores v. Lynch): where no family place is free they are let go. A child alone is
# never ICE's to hold (8 USC 1232(b)(3)).
BOOKING = Decision(
    "booking",
    [
        to("children.to_hhs", when={"family": "unaccompanied_child"}),
        to("booking.adult", when={"family": "single_adult"}),
        to("booking.adult", when={"family": "family_unit", "agency": "ice"},
           share=p("custody.family.adult_alone_share")),
        to("booking.family", when={"family": "family_unit"}),
    ],
)  # fmt: skip
IN_BED = Gate(
    "booking.adult",
    "detention.beds",
    free=to("booked", do=_OUT_OF_HOLD_ROOM),
    full="full",
)
IN_FAMILY_PLACE = Gate(
    "booking.family",
    "detention.family",
    free=to("booked", do=[*_OUT_OF_HOLD_ROOM, start("family_limit")]),
    full=to("let_go_unbooked", do=_OUT_OF_HOLD_ROOM),
)
FAMILY_LIMIT = Clock(  # about twenty days, by the orders on the settlement of Flores v. Lynch
    "family_limit",
    "place",
    fixed(p("custody.family.limit_days")),
    [
        to(STAY, share=p("custody.family.kept_past_limit_share")),
        to("released_at_limit"),
    ],
)

# --- no bed: the order is a choice, within what the statute allows ----------------------------------
# Release is open under INA 236(a); under INA 235(b)(1), 235(b)(2)(A), 236(c) and 241(a)(2) a person shall be
# detained, and only parole (INA 212(d)(5)) or supervision may open the door, which the statute gives after
# the removal period (INA 241(a)(3)) and practice before its end; under 236(c) nothing but a lever that asks
# what would happen.
FULL = Decision(
    "full",
    [
        to("let_go_unbooked", share=p("custody.full.released_first_share"), do=_OUT_OF_HOLD_ROOM),
        to("booking.overflow"),
    ],
)
IN_OVERFLOW = Gate(
    "booking.overflow",
    "detention.overflow",
    free=to("booked", do=_OUT_OF_HOLD_ROOM),
    full="full.overflow",
)
FULL_OVERFLOW = Decision(
    "full.overflow",
    [
        to("hold_room.booked", when={"agency": "ice"}),  # held there since the arrest
        to("booking.hold_room", when={"agency": ["none", "cbp"]}),
    ],
)
IN_HOLD_ROOM = Gate("booking.hold_room", "detention.hold_rooms", free="hold_room.booked", full="cbp_keeps")
# Nobody who waits with CBP is in ICE's custody yet; counted, and first in line as they came.
CBP_KEEPS = Decision("cbp_keeps", [to("waits_with_cbp", do=[take("detention.with_cbp")])])
WAITS_WITH_CBP = Wait(
    "waits_with_cbp",
    effort=OFFICERS,
    cost=minutes("booking"),
    space="detention.beds",
    then=to("booked", do=[release("detention.with_cbp")]),
    priority=p("custody.place.priority"),
    order="arrival",
)
# A bed that opens goes to who is in a hold room before anybody arrested that day: a floor of officers' time.
HOLD_ROOM = Wait(
    "hold_room",
    effort=OFFICERS,
    cost=minutes("placing"),
    space="detention.beds",
    then=to(
        "booked.place", do=[*_OUT_OF_HOLD_ROOM, release("detained.hold_rooms.over_limit"), stop("place")]
    ),
    priority=p("custody.place.priority"),
    order="arrival",
)
# The hour limit of hold rooms, in whole days; beyond it who may be let go is, and the others are counted.
HOLD_LIMIT = Clock(
    "hold_room_limit",
    "place",
    fixed(p("detention.hold_rooms.limit_days")),
    [
        to("released_at_limit", share=p("custody.full.released_at_limit_share")),
        to(STAY, do=[take("detained.hold_rooms.over_limit")]),
    ],
)

# --- booked -----------------------------------------------------------------------------------------
_CBP = ("none", "cbp")


def _booked(name: str, then: str, also: tuple[Op, ...] = ()) -> Decision:
    ways = [
        to(then, when={"agency": agency, "criminal": criminal},
           do=[*BOOKED, *counted("ice" if agency == "ice" else "cbp", criminal), *also])
        for agency in labels("agency")
        for criminal in labels("criminal")
    ]  # fmt: skip
    return Decision(name, ways)


def _counted_under(name: str, then: str) -> tuple[Decision, Decision]:
    """Return the forks that count a person under a statute and a file; the first is ``name``.statute."""
    file = f"{name}.file"
    statute = [to(file, when={"authority": ["none", "hhs", "usc_50_21"]})] + [
        to(file, when={"authority": label}, do=[take(f"detained.{label}")])
        for label in labels("authority")
        if label.startswith("ina")
    ]
    files = [
        to(then, when={"route": routes}, do=[*on_file(disposition), start("habeas")])
        for disposition, routes in FILES.items()
    ]
    return Decision(f"{name}.statute", statute), Decision(file, files)


HELD_WITHOUT_BED = (
    _booked("hold_room.booked", "hold_room.statute", (start("hold_room_limit"),)),
    *_counted_under("hold_room", "hold_room"),
)
BOOKING_DONE = (_booked("booked", "booked.statute"), *_counted_under("booked", "booked.place"))

# The place of detention is in a circuit: that of most places of the area of the arrest (in New Mexico for El
# Paso, in Nevada for Salt Lake City), or another after a transfer.
HERE = {
    "1st": ["BOS"],
    "2nd": ["BUF", "NYC"],
    "3rd": ["NEW", "PHI"],
    "4th": ["BAL", "WAS"],
    "5th": ["DAL", "HLG", "HOU", "NOL", "SNA"],
    "6th": ["DET"],
    "7th": ["CHI"],
    "8th": ["SPM"],
    "9th": ["LOS", "PHO", "SEA", "SFR", "SLC", "SND"],
    "10th": ["DEN", "ELP"],
    "11th": ["ATL", "MIA"],
}
_KNOWN = [label for label in labels("area") if label != "none"]
PLACE = Decision(
    "booked.place",
    [
        to("booked.transferred", when={"area": "none"}),
        to("booked.transferred", when={"area": _KNOWN}, share=p("custody.transfer_share")),
        to("booked.here", when={"area": _KNOWN}),
    ],
)
IN_CIRCUIT = Decision(
    "booked.here",
    [
        to("other_custody", when={"area": areas}, do=[put("circuit", circuit)])
        for circuit, areas in HERE.items()
    ]
    + [to("booked.transferred", when={"area": "none"})],
)
TRANSFERRED = Decision(
    "booked.transferred",
    [
        to("other_custody", weight=p("custody.transfer.weight_by_circuit").pick(circuit=circuit),
           do=[put("circuit", circuit), count("transfer")])
        for circuit in HERE
    ],
)  # fmt: skip
# --- let go for want of a place, or at a limit of time ----------------------------------------------
# Under the statute that held: parole INA 212(d)(5), recognizance INA 236(a)(2), supervision INA 241(a)(3).
_WHY = {
    "parole": ["ina_235b1", "ina_235b2"],
    "recognizance": ["none", "hhs", "usc_50_21", "ina_236a", "ina_236c"],
    "supervision": ["ina_241a"],
}
AT_LIMIT = Decision(
    "released_at_limit",
    [
        to("released_from_custody", when={"authority": labels_}, do=[put("exit", why), *LEAVING])
        for why, labels_ in _WHY.items()
    ],
)
UNBOOKED = Decision(
    "let_go_unbooked",
    [to("released_from_custody", do=[count("let_go_without_a_place"), put("authority", "none")])],
)


def space() -> Part:
    """Return the places and the way into them."""
    return Part(
        nodes=(
            *(HOLD_ROOM, WAITS_WITH_CBP),  # who is held in a room by the hour is placed first
            *(HANDED_OVER, BOOKING, IN_BED, IN_FAMILY_PLACE),
            *(FULL, IN_OVERFLOW, FULL_OVERFLOW, IN_HOLD_ROOM, CBP_KEEPS),
            *(*HELD_WITHOUT_BED, *BOOKING_DONE, PLACE, IN_CIRCUIT, TRANSFERRED, AT_LIMIT, UNBOOKED),
        ),
        spaces=(Space("detention.with_cbp"),),
        clocks=(FAMILY_LIMIT, HOLD_LIMIT),
        tallies=(Tally("transfer"), Tally("let_go_without_a_place", ("authority",))),
    )
