"""When a judge's decision is final (INA 101(a)(47)(B), 8 CFR 1241.1), and who appeals it.

An order is final at once where appeal is waived, after thirty days where nobody appeals (8 CFR 1003.38(b); a
rule of February 2026 that made it ten is reported vacated before it began), and else when the Board dismisses
the appeal. It is not carried out before (8 CFR 1003.6(a)).
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Op,
    Stage,
    Tally,
    To,
    count,
    fixed,
    new_round,
    put,
    to,
)
from docketflow.lifecycle.court.relief import ENDS_THE_CASE
from docketflow.lifecycle.custody import LEAVING
from docketflow.lifecycle.part import Part, exclusive

APPEALED: tuple[Op, ...] = (new_round(), count("appeal"))


def _ways(docket: str) -> list[To]:
    appealed, waived = exclusive(p(f"appeal.share.{docket}"), p(f"appeal.waived_share.{docket}"))
    return [
        to("appeal_filed", share=appealed, do=APPEALED),  # 8 CFR 1003.38(a)
        to("final_order", share=waived),  # 8 CFR 1241.1(b)
        to("appeal_window"),
    ]


ORDERED = Decision("ordered", _ways("not_detained"))
ORDERED_IN_CUSTODY = Decision("ordered_in_custody", _ways("detained"))
APPEAL_WINDOW = Stage("appeal_window", fixed(p("appeal.window_days")), "final_order")  # 8 CFR 1241.1(c)

# A grant of relief: the Department may appeal it too (8 CFR 1003.38(a)); who is held is held meanwhile.
ENDS = ["none", *ENDS_THE_CASE]
WON: tuple[Op, ...] = (put("exit", "relief"), *LEAVING)
GRANTED = Decision(
    "granted",
    [
        to("appeal_filed", share=p("appeal.share.department"), do=APPEALED),
        to("protected", when={"relief": "withholding_or_cat"}),
        to("granted_relief", when={"relief": ENDS, "custody": "no"}),
        to("granted_relief", when={"relief": ENDS, "custody": "yes"}, do=WON),
    ],
)
# Withholding is granted with an order of removal that is not carried out to that country: INA 241(b)(3),
# Matter of I-S- & C-S-, 24 I&N Dec. 432. In withholding-only proceedings the order that stood stands.
_WITHHELD = (put("bar", "withheld"), put("docket", "ordered"))
PROTECTED = Decision(
    "protected",
    [
        to("final_order", when={"proceeding": "removal"}, do=[put("order", "judge"), *_WITHHELD]),
        to("final_order", when={"proceeding": "withholding_only"}, do=_WITHHELD),
    ],
)


def finality() -> Part:
    """Return finality and the filing of appeals."""
    return Part(
        nodes=(ORDERED, ORDERED_IN_CUSTODY, APPEAL_WINDOW, GRANTED, PROTECTED),
        tallies=(Tally("appeal", ("order", "custody")),),
    )
