"""The Alien Enemies Act (50 USC 21; Proc. 10903, 90 FR 13033): a route beside the immigration laws.

Open only where a proclamation names a country and no court halts it. Whoever is designated gets notice and
may ask for habeas corpus (28 USC 2241); who does is held under the immigration laws again, under the order or
the statute of their own case. What is carried out is no removal under an order: it is counted by itself, in
ICE's count and not among OHSS removals.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import Decision, Quota, Spend, Stage, Tally, count, fixed, put, to
from docketflow.lifecycle.custody.stay import under
from docketflow.lifecycle.part import Part, exclusive

_ADULT = ["single_adult"]
DESIGNATED = Decision(
    "charge.wartime",
    [
        to("charge.held", when={"family": _ADULT}, share=p("wartime.designated_share"),
           do=[put("route", "alien_enemy"), put("authority", "usc_50_21"), count("alien_enemy_designated")]),
        to("charge.order"),
    ],
)  # fmt: skip
_HABEAS, _HALTED = exclusive(p("wartime.habeas_share"), p("wartime.halted_share"))
NOTICE = Stage(
    "wartime.notice",
    fixed(p("wartime.notice_days")),
    [
        to("wartime.back", share=_HABEAS, do=[count("alien_enemy_habeas")]),
        to("wartime.back", share=_HALTED, do=[count("alien_enemy_halted")]),
        to("wartime.place"),
    ],
)
PLACES = Quota("places in a foreign prison", p("wartime.places"))
PLACE = Spend(
    "wartime.place",
    "places in a foreign prison",
    enough=to("removal_arranged", do=[put("destination", "prison"), put("order", "none")]),
    short="wartime.back",
)
# Back under the gates of the charge: an order not yet executed (INA 241(a)), or a notice, for an applicant
# for admission under INA 235(b)(2)(A), for others under INA 236(a).
_ORDERED = {"docket": "ordered"}
_OPEN = {"docket": ["none", "awaiting_filing", "pending"]}
_NTA = put("route", "notice_to_appear")
BACK = Decision(
    "wartime.back",
    [
        to("final_order", when=_ORDERED, do=[put("route", "unexecuted_order")]),
        to("custody_decision", when={**_OPEN, "entry": "paroled"}, do=[_NTA, *under("ina_235b2")]),
        to("custody_decision", when={**_OPEN, "entry": "without_inspection"},
           share=p("charge.applicant_share"), do=[_NTA, *under("ina_235b2")]),
        to("custody_decision", when={**_OPEN, "entry": ["admitted", "without_inspection"]},
           do=[_NTA, *under("ina_236a")]),
    ],
)  # fmt: skip


def wartime() -> Part:
    """Return the route of the Alien Enemies Act."""
    return Part(
        nodes=(DESIGNATED, NOTICE, PLACE, BACK),
        efforts=(PLACES,),
        tallies=tuple(Tally(f"alien_enemy_{name}") for name in ("designated", "habeas", "halted")),
    )
