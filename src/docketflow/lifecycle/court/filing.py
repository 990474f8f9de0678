"""How a case comes before the court: a notice to appear is filed (INA 239(a), 8 CFR 1003.14).

Most new notices are filed soon; some are not filed at all, and what was not filed long ago is mostly dormant.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Draw,
    Effort,
    Stage,
    Tally,
    count,
    exponential,
    join,
    mark,
    new_episode,
    put,
    to,
)
from docketflow.lifecycle.part import Part

_FILED = (put("docket", "pending"), mark("second"), count("receipt"))
_HERE = (*_FILED, join("not_detained"))
AWAITING_FILING = Stage(
    "awaiting_filing",
    exponential(p("court.filing.days")),
    [to("dormant_notice", share=p("court.filing.dormant_share")), to("filed")],
)
# Let go without a notice, to report to an office of ICE for it: some are charged there, counted as an arrest
# (INA 239(a)); the rest have theirs late or never.
REPORTS = Decision(
    "reports_to_office",
    [to("office_appointment", share=p("arrest.office.share")), to("dormant_notice")],
)
OFFICE_APPOINTMENT = Stage(
    "office_appointment",
    exponential(p("arrest.office.days")),
    to("awaiting_filing", do=[count("arrest_at_office")]),
)
DORMANT_NOTICE = Stage(
    "dormant_notice",
    exponential(p("court.filing.dormant_days"), never_share=p("court.filing.never_share")),
    "filed",
)
# Jurisdiction begins with the filing: 8 CFR 1003.14(a). Counsel is at no expense to the government:
# INA 240(b)(4)(A).
FILED = Decision(
    "filed",
    [
        to("master", when={"left_unrecorded": "yes"}, do=_FILED),
        to("master", when={"left_unrecorded": "no"}, share=p("court.counsel_share"),
           do=[put("counsel", "yes"), *_HERE]),
        to("master", when={"left_unrecorded": "no"}, do=_HERE),
    ],
)  # fmt: skip
# Referred by an asylum office: 8 CFR 208.14(c).
REFERRAL = Draw(
    "asylum_referral",
    pool="not_detained",
    weight=p("court.referral.weight_by_status") * p("court.referral.weight_by_docket"),
    effort="asylum referrals",
    then=to("master", do=[new_episode(), put("status", "none"), *_HERE]),
)


def filing() -> Part:
    """Return notices, live and dormant, and the filing of a case."""
    return Part(
        nodes=(AWAITING_FILING, REPORTS, OFFICE_APPOINTMENT, DORMANT_NOTICE, FILED),
        efforts=(Effort("asylum referrals", p("court.referral.per_day")),),
        draws=(REFERRAL,),
        tallies=(Tally("receipt", ("agency", "custody", "status")), Tally("arrest_at_office", ("criminal",))),
    )
