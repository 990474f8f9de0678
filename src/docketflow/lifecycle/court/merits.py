"""The hearing on the merits, for people not detained."""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import Decision, End, new_round, to
from docketflow.lifecycle.court.bench import DISMISSED, RELIEF, hearing
from docketflow.lifecycle.court.master import DEPARTS, IN_ABSENTIA, NOTHING_ON_FILE
from docketflow.lifecycle.court.relief import ASKED, ORDERED, granted_share
from docketflow.lifecycle.leaving.who_may_depart import AT_THE_END
from docketflow.lifecycle.part import Part, exclusive

MERITS = hearing("merits", "merits", p("court.minutes.merits"), "merits_held")
MERITS_HELD = Decision(
    "merits_held",
    [
        to("ordered_not_detained", when={"left_unrecorded": "yes"}, do=IN_ABSENTIA),  # INA 240(b)(5)
        to("merits", when={"left_unrecorded": "no"}, share=p("court.merits.continued_share"),
           do=[new_round()]),
        to("merits_outcome", when={"left_unrecorded": "no"}),
    ],
)  # fmt: skip
_GRANT, _END, _DEPART = exclusive(
    granted_share(p("court.merits.relief_share")),
    p("court.merits.dismissed_share"),
    p("court.merits.voluntary_departure_share"),
)
MERITS_OUTCOME = Decision(
    "merits_outcome",
    [
        to("granted", share=_GRANT, when={"relief": ASKED}, do=RELIEF),  # INA 208, 240A, 241(b)(3), 245
        to("nothing_on_file", share=_END, do=[*DISMISSED, *NOTHING_ON_FILE]),  # 8 CFR 1239.2(c), 1003.18(d)
        to("voluntary_departure_period", share=_DEPART, when=AT_THE_END, do=DEPARTS),  # INA 240B(b)
        to("ordered", do=ORDERED),  # INA 240(c)(1)(A)
    ],
)


def merits() -> Part:
    """Return the hearing on the merits."""
    return Part(nodes=(MERITS, MERITS_HELD, MERITS_OUTCOME, End("granted_relief")))
