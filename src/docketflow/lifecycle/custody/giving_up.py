"""Giving up a case in custody: a hazard of the time held, and of whether release can be hoped for.

Voluntary departure (INA 240B(a)), withdrawal of the application for admission (INA 235(a)(4)), an order
stipulated to (INA 240(d), 8 CFR 1003.25(b)), an appeal or a claim to withholding given up.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    Op,
    Spend,
    Tally,
    count,
    count_days,
    fixed,
    new_round,
    put,
    start,
    stop,
    to,
    weibull,
)
from docketflow.lifecycle.leaving.who_may_depart import before_the_end
from docketflow.lifecycle.part import Part

_SCALE, _SHAPE = p("giving_up.scale_days"), p("giving_up.shape")
CLOCKS = (
    Clock("giving_up", "giving_up", weibull(_SCALE, _SHAPE), "gives_up"),
    Clock(
        "giving_up_without_release",
        "giving_up",
        weibull(_SCALE / p("giving_up.multiple_without_release"), _SHAPE),
        "gives_up",
    ),
)
_PENDING = {"proceeding": "removal", "docket": ["none", "awaiting_filing", "pending"]}
_UNDECIDED = {**_PENDING, "order": "none"}
_GONE: tuple[Op, ...] = (count("gave_up"), stop("custody"), stop("habeas"))
_DECISION: tuple[Op, ...] = (
    *(count("decision"), count_days("decision_days", "second"), count_days("decision_days_held", "first")),
)
_ORDERS = ["expedited", "reinstated", "administrative", "judge", "stipulated", "in_absentia"]
GIVES_UP = Decision(
    "gives_up",
    [
        # an order stands already, and nothing is left to give up
        to(STAY, when={"proceeding": "removal", "docket": "ordered"}),
        # withholding only: the order that stands is carried out (8 CFR 1208.2(c)(3))
        to("final_order", when={"proceeding": "withholding_only"}, do=_GONE),
        to(STAY, when={**_PENDING, "order": "voluntary_departure"}),
        # an appeal is withdrawn
        to("final_order", when={**_PENDING, "order": _ORDERS}, do=_GONE),
        to("gives_up.heard", when=_UNDECIDED),
    ],
)  # fmt: skip
# A judge signs; the next working day, where none has time left.
HEARD = Spend(
    "gives_up.heard",
    "judges",
    enough="gives_up.granted",
    short=to(STAY, do=[new_round(), start("giving_up_waits")]),
    cost=p("court.minutes.detained_master"),
)
WAITS = Clock("giving_up_waits", "giving_up", fixed(1), "gives_up")
GRANTED = Decision(
    "gives_up.granted",
    [
        to("gives_up.departs", share=p("giving_up.departure_share")),
        to("gives_up.stipulates"),
    ],
)
# By stipulation of the government at any time before the end: 8 CFR 1240.26(b)(2).
DEPARTS = before_the_end("gives_up.departs", "gives_up.stipulates", (*_GONE, *_DECISION))
STIPULATES = Decision(
    "gives_up.stipulates", [to("final_order", do=[*_GONE, put("order", "stipulated"), *_DECISION])]
)


def giving_up() -> Part:
    """Return giving up in custody."""
    return Part(
        nodes=(GIVES_UP, HEARD, GRANTED, DEPARTS, STIPULATES),
        clocks=(*CLOCKS, WAITS),
        tallies=(Tally("gave_up", ("authority",)),),
    )
