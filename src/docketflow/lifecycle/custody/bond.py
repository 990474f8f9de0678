"""Bond before a judge (8 CFR 1003.19), for whom the statute allows it, and who is kept for a hearing.

INA 236(a) allows it; INA 235(b)(1), 235(b)(2)(A), 236(c) (Jennings v. Rodriguez) and 241(a) (Johnson v.
Arteaga-Martinez) do not, nor may a judge decide it of who is arriving (8 CFR 1003.19(h)(2)(i)), unless a
dated order opens it.
What a circuit holds of people who came without inspection and are held as applicants for admission (Matter of
Yajure Hurtado) is a share by circuit and date.
"""

from __future__ import annotations

from docketflow.core.quantity import most, p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Decision,
    Tally,
    count,
    exponential,
    lognormal,
    new_round,
    put,
    start,
    to,
)
from docketflow.lifecycle.custody.stay import LEAVING
from docketflow.lifecycle.part import Part

# --- kept for the hearing before a judge ------------------------------------------------------------
_ASKED = p("bond.asked_share")
_STATUTE, _CIRCUIT = p("bond.open_share"), p("bond.circuit_open_share")
_READ_AS_APPLICANT = {"authority": "ina_235b2", "entry": "without_inspection"}
_OPEN_AGAIN = most(_STATUTE.pick(authority="ina_235b2"), _CIRCUIT)
_OTHERS = [label for label in labels("authority") if label not in ("ina_235b2", "ina_236a")]
_FORECLOSED = [start("habeas_without_bond"), start("giving_up_without_release")]
KEPT = Decision(
    "kept",
    [
        # under INA 236(a): who asks is heard; where hearings are closed, habeas is what is left
        to("kept.open", when={"authority": "ina_236a"}, share=_STATUTE.pick(authority="ina_236a")),
        to("filed_in_custody", when={"authority": "ina_236a"}, do=_FORECLOSED),
        to("kept.open", when=_READ_AS_APPLICANT, share=_OPEN_AGAIN),
        to("filed_in_custody", when=_READ_AS_APPLICANT, do=_FORECLOSED),
        # no hearing by statute, and none expected
        to("kept.open", when={"authority": "ina_235b2", "entry": ["admitted", "paroled"]},
           share=_STATUTE.pick(authority="ina_235b2")),
        to("filed_in_custody", when={"authority": "ina_235b2", "entry": ["admitted", "paroled"]},
           do=[start("giving_up_without_release")]),
        to("kept.open", when={"authority": _OTHERS}, share=_STATUTE),
        to("filed_in_custody", when={"authority": _OTHERS}, do=[start("giving_up_without_release")]),
    ],
)  # fmt: skip
KEPT_OPEN = Decision(
    "kept.open",
    [
        to("filed_in_custody", share=_ASKED, do=[start("bond_hearing"), start("giving_up")]),
        to("filed_in_custody", do=[start("giving_up")]),
    ],
)

# --- the hearing -------------------------------------------------------------------------------------
BOND_HEARING = Clock(
    "bond_hearing",
    "custody",
    lognormal(p("bond.hearing.median_days"), p("bond.hearing.sigma")),
    "bond_decided",
)
_GRANTED = p("bond.granted_share")
_WITH_COUNSEL = most(_GRANTED, p("bond.granted_share_with_counsel"))


def bond_decided(name: str, counted: str, denied: str = STAY) -> Decision:
    """Return what a judge decides at a bond hearing, by counsel; what is counted begins with ``counted``."""
    return Decision(
        name,
        [
            to("bond_granted", when={"counsel": "no"}, share=_GRANTED, do=[count(f"{counted}_granted")]),
            to("bond_granted", when={"counsel": "yes"}, share=_WITH_COUNSEL,
               do=[count(f"{counted}_granted")]),
            to(denied, do=[count(f"{counted}_denied")]),
        ],
    )  # fmt: skip


BOND_DECIDED = bond_decided("bond_decided", "bond", denied="bond_again")
# The government may appeal (8 CFR 1003.19(f), 1003.38) and, where ICE had refused release or set a high bond,
# stay it at once: 8 CFR 1003.19(i)(2). Without a stay, who can post the bond leaves.
BOND_GRANTED = Decision(
    "bond_granted",
    [
        to(STAY, share=p("bond.stayed_share"), do=[count("bond_stayed"), start("bond_appeal")]),
        to("bond_posted"),
    ],
)
BOND_POSTED = Decision(
    "bond_posted",
    [
        to("released_from_custody", share=p("bond.posted_share"), do=[put("exit", "bond"), *LEAVING]),
        to("bond_again", do=[count("bond_not_posted")]),
    ],
)
# Who stays may ask again, in writing, and is heard only where circumstances have changed materially: 8 CFR
# 1003.19(e). Only whom the statute or a circuit opens a hearing.
_ASKED_AGAIN = p("bond.again.asked_share")
_LATER = (new_round(), start("bond_asked_again"))
AGAIN = Decision(
    "bond_again",
    [
        to(STAY, when=_READ_AS_APPLICANT, share=_ASKED_AGAIN * _OPEN_AGAIN, do=_LATER),
        to(STAY, when={"authority": "ina_235b2", "entry": ["admitted", "paroled"]},
           share=_ASKED_AGAIN * _STATUTE.pick(authority="ina_235b2"), do=_LATER),
        to(STAY, when={"authority": [*_OTHERS, "ina_236a"]}, share=_ASKED_AGAIN * _STATUTE, do=_LATER),
        to(STAY),
    ],
)  # fmt: skip
ASKED_AGAIN = Clock(
    "bond_asked_again",
    "custody",
    exponential(p("bond.again.days")),
    [to("bond_decided", share=p("bond.again.changed_share")), to(STAY, do=[count("bond_not_heard_again")])],
)
BOND_APPEAL = Clock(
    "bond_appeal",
    "custody",
    exponential(p("bond.appeal_days")),
    [
        to(STAY, share=p("bond.appeal_sustained_share"), do=[count("bond_reversed")]),
        to("bond_posted"),
    ],
)


def bond() -> Part:
    """Return bond."""
    return Part(
        nodes=(KEPT, KEPT_OPEN, BOND_DECIDED, BOND_GRANTED, BOND_POSTED, AGAIN),
        clocks=(BOND_HEARING, BOND_APPEAL, ASKED_AGAIN),
        tallies=(
            *(Tally(f"bond_{name}", ("authority", "criminal")) for name in ("granted", "denied")),
            *(Tally(f"bond_{name}") for name in ("stayed", "reversed", "not_posted", "not_heard_again")),
        ),
    )
