"""Release while a case is pending, as the statute that holds the person allows; and how other stays end.

Under INA 235(b)(1) and 235(b)(2)(A) parole only (INA 212(d)(5), Matter of M-S-); under INA 236(a)
recognizance or a bond set by ICE (INA 236(a)(2), 8 CFR 236.1(c)(8)); under INA 236(c) and 241(a) none.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    Decision,
    End,
    Stage,
    count,
    exponential,
    join,
    mark,
    new_round,
    put,
    to,
)
from docketflow.lifecycle.custody.stay import LEAVING
from docketflow.lifecycle.part import Part, exclusive

# Some are handed on: to the Marshals for prosecution, to another agency, by transfer of the case.
OTHER_CUSTODY = Decision(
    "other_custody",
    [to("held_for_others", share=p("custody.other_share")), to("proceed")],
)
HELD_FOR_OTHERS = Stage(
    "held_for_others",
    exponential(p("custody.other_days")),
    to("in_other_custody", do=[put("exit", "other"), *LEAVING]),
)

_RECOGNIZED, _BONDED = exclusive(p("release.recognizance_share"), p("release.ice_bond_share"))
_PAROLE_ONLY = {"authority": ["ina_235b1", "ina_235b2"]}
_OPEN = {"authority": ["none", "ina_236a"]}
CUSTODY_DECISION = Decision(
    "custody_decision",
    [
        to("release_decided", when=_PAROLE_ONLY, share=p("release.parole_share"),
           do=[put("exit", "parole")]),
        to("release_decided", when=_OPEN, share=_RECOGNIZED, do=[put("exit", "recognizance")]),
        to("release_decided", when=_OPEN, share=_BONDED, do=[put("exit", "bond")]),
        to("kept"),
    ],
)  # fmt: skip
# Meanwhile the notice to appear may be filed with the court of the place of detention: 8 CFR 1003.14.
_FILED = (put("docket", "pending"), mark("second"), count("receipt"))
RELEASE_DECIDED = Decision(
    "release_decided",
    [
        to("awaiting_release.filed", when={"docket": "pending"}),
        to("awaiting_release.filed", when={"docket": ["none", "awaiting_filing"]},
           share=p("release.filed_share"), do=_FILED),
        to("awaiting_release", when={"docket": ["none", "awaiting_filing", "ordered"]}),
    ],
)  # fmt: skip
_DAYS = p("release.days") * p("release.days_factor_by_authority") * p("release.days_factor_by_family")
AWAITING_RELEASE = tuple(
    Stage(name, exponential(_DAYS), to("released_from_custody", do=LEAVING))
    for name in ("awaiting_release", "awaiting_release.filed")
)

# Back in the community, where the file stands.
_UNDECIDED = [order for order in labels("order") if order != "judge"]
_AGAIN_FREE = (new_round(), join("not_detained"))
RELEASED = Decision(
    "released_from_custody",
    [
        to("awaiting_filing", when={"docket": ["none", "awaiting_filing"]},
           do=[new_round(), put("docket", "awaiting_filing"), join("not_detained")]),
        to("continued", when={"docket": "pending", "order": _UNDECIDED}, do=_AGAIN_FREE),
        to("appeal", when={"docket": "pending", "order": "judge"}, do=_AGAIN_FREE),  # at the Board
        to("ordered_not_detained", when={"docket": "ordered"}, do=_AGAIN_FREE),
    ],
)  # fmt: skip


def release() -> Part:
    """Return release by ICE and the end of other stays."""
    return Part(
        nodes=(
            *(OTHER_CUSTODY, HELD_FOR_OTHERS, CUSTODY_DECISION, RELEASE_DECIDED),
            *AWAITING_RELEASE,
            RELEASED,
            End("in_other_custody"),
        ),
    )
