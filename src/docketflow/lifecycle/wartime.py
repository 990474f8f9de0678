"""The Alien Enemies Act (50 USC 21; Proc. 10903, 90 FR 13033): a route beside the immigration laws.

Open only where a proclamation names a country and no court halts it. Whoever is designated gets notice and
may ask for habeas corpus (28 USC 2241); who does is held under the immigration laws again, under the order or
the statute of their own case. What is carried out is no removal under an order: it is counted by itself, in
ICE's count and not among OHSS removals.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Quota,
    Spend,
    Stage,
    Tally,
    count,
    fixed,
    new_round,
    put,
    to,
)
from docketflow.lifecycle.charge import gates
from docketflow.lifecycle.custody.stay import charged_again, released
from docketflow.lifecycle.part import Part

_ADULT = ["single_adult"]
DESIGNATED = Decision(
    "charge.wartime",
    [
        to("charge.held", when={"family": _ADULT}, share=p("wartime.designated_share"),
           do=[put("route", "alien_enemy"), put("authority", "usc_50_21"), count("alien_enemy_designated")]),
        to("charge.order"),
    ],
)  # fmt: skip
_HABEAS = p("wartime.habeas_share")
_HALTED = (1 - _HABEAS) * p("wartime.halted_share")  # of those left
NOTICE = Stage(
    "wartime.notice",
    fixed(p("wartime.notice_days")),
    [
        to("wartime.back.order", share=_HABEAS, do=[new_round(), count("alien_enemy_habeas")]),
        to("wartime.back.order", share=_HALTED, do=[new_round(), count("alien_enemy_halted")]),
        to("wartime.place"),
    ],
)
PLACES = Quota("places in a foreign prison", p("wartime.places"))
PLACE = Spend(
    "wartime.place",
    "places in a foreign prison",
    enough=to("removal_arranged", do=[put("destination", "prison"), put("order", "none")]),
    short=to("wartime.back.order", do=[new_round()]),
)
# Back under the gates of the charge, in custody: an order not yet executed (INA 241(a)), one reinstated (INA
# 241(a)(5)), INA 238(b), 217(b), 235(b)(1), or a notice, under INA 236(c), 235(b)(2)(A) or 236(a). Who may
# not be held under a stayed or withheld order is let go under supervision (INA 241(a)(3)).
GATES = gates("wartime.back", "proceed", "wartime.back.let_go", charged_again)
LET_GO = Decision("wartime.back.let_go", [released("supervision")])


def wartime() -> Part:
    """Return the route of the Alien Enemies Act."""
    return Part(
        nodes=(DESIGNATED, NOTICE, PLACE, *GATES, LET_GO),
        efforts=(PLACES,),
        tallies=tuple(Tally(f"alien_enemy_{name}") for name in ("designated", "habeas", "halted")),
    )
