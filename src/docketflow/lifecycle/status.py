"""Permissions that end on a date: parole, temporary protected status, deferred action; what people do next.

A person carries the strongest permission held; when it ends the next one held shows, if there is one, so
that the end of one ends no other. Parole: INA 212(d)(5), 8 CFR 212.5(e); temporary protected status: INA
244(b)(3); deferred action for childhood arrivals: 8 CFR 236.21. An application for asylum goes on (INA 208).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from docketflow.core.quantity import Quantity, least, p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import STAY, Decision, Draw, Tally, count, join, new_round, put, to
from docketflow.lifecycle.part import Part, exclusive

PAROLED = ("parole_cbp_one", "parole_other")
ENDING = (*PAROLED, "daca")
_OTHERS = [label for label in labels("status") if label not in (*ENDING, "tps")]
_STAYS = (join("not_detained"),)
_ENDED, _TPS_ENDED = p("status.ended"), p("status.tps_ended")
_PACE = p("status.ending_share_per_day")


# Whether a programme has ended is a lever with a date: 0 no, 1 yes. Its people are reached within days.
def _reached(name: str, weight: Quantity, ended: Sequence[Quantity]) -> Draw:
    """Return the draw that reaches the people of programmes once any of them has ended."""
    return Draw(
        name,
        pool="not_detained",
        weight=weight,
        exposure=least(reduce(add, ended), 1) * _PACE,
        then=to("status_ended", do=[new_round(), count("status_ended")]),
    )


DRAWS = (
    _reached("status_ends", _ENDED, [_ENDED.pick(status=label) for label in ENDING]),
    _reached(
        "tps_ends",
        _TPS_ENDED * p("status.tps_holder"),
        [_TPS_ENDED.pick(nationality=label) for label in labels("nationality")],
    ),
)
# What shows then: parole beside TPS, an application for asylum beside either.
_PAROLE, _ASYLUM_TPS = exclusive(p("status.tps_with_parole_share"), p("status.tps_with_asylum_share"))
STATUS_ENDED = Decision(
    "status_ended",
    [
        to("status_next", when={"status": "tps"}, share=_PAROLE, do=[put("status", "parole_other")]),
        to("status_next", when={"status": "tps"}, share=_ASYLUM_TPS,
           do=[put("status", "asylum_affirmative")]),
        to("status_next", when={"status": "tps"}, do=[put("status", "none")]),
        to("status_next", when={"status": list(PAROLED)}, share=p("status.parole_with_asylum_share"),
           do=[put("status", "asylum_affirmative")]),
        to("status_next", when={"status": [*PAROLED, "daca", *_OTHERS]}, do=[put("status", "none")]),
    ],
)  # fmt: skip
# Then each leaves, is put into proceedings (INA 239(a)), or stays as before.
_LEAVES, _NOTICE = exclusive(p("status.then_leaves_share"), p("status.then_notice_share"))
_ON_FILE = ["awaiting_filing", "pending", "ordered"]
STATUS_NEXT = Decision(
    "status_next",
    [
        to(STAY, when={"status": [label for label in labels("status") if label != "none"]}, do=_STAYS),
        to("departed", when={"status": "none", "docket": "none"}, share=_LEAVES,
           do=[count("unrecorded_departure")]),
        to("awaiting_filing", when={"status": "none", "docket": "none"}, share=_NOTICE,
           do=[put("docket", "awaiting_filing"), *_STAYS]),
        to(STAY, when={"status": "none", "docket": _ON_FILE}, share=_LEAVES,
           do=[put("left_unrecorded", "yes"), count("unrecorded_departure")]),
        to(STAY, when={"status": "none"}, do=_STAYS),
    ],
)  # fmt: skip


def status() -> Part:
    """Return the ends of permissions and what follows them."""
    return Part(
        nodes=(STATUS_ENDED, STATUS_NEXT),
        draws=DRAWS,
        tallies=(Tally("status_ended", ("status",)),),
    )
