"""Under which law a person arrested is processed: one gate after another, in the law's order.

Each gate sets the route and the authority, the statute that holds the person. Detention, release, bond and
habeas (`custody/`) hang on that authority, on place and on date, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    STAY,
    Decision,
    Op,
    Tally,
    count,
    join,
    put,
    release,
    start,
    to,
)
from docketflow.lifecycle.part import Part, exclusive

Under = Callable[[str, str], tuple[Op, ...]]
_ON_THE_STREET = (put("authority", "none"), release("detention.hold_rooms"), join("not_detained"))


def _under(route: str, authority: str) -> tuple[Op, ...]:
    return (put("route", route), put("authority", authority))


# --- 0: a bar in force ------------------------------------------------------------------------------
# Nobody with temporary protected status is removed or held: INA 244(a)(1)(A), 244(d)(4).
_NO_TPS = [label for label in labels("status") if label != "tps"]
CHARGE = Decision(
    "charge",
    [
        # withdrawn (INA 244(c)(3)(A)) after a felony or two misdemeanors (INA 244(c)(2)(B))
        to("charge.deferred", when={"status": "tps"}, share=p("charge.tps_lost_share"),
           do=[put("status", "none")]),
        to("charge.let_go", when={"status": "tps"}),
        to("charge.child", when={"status": _NO_TPS, "family": "unaccompanied_child"}),
        to("charge.deferred", when={"status": _NO_TPS, "family": ["single_adult", "family_unit"]}),
    ],
)  # fmt: skip
# A child alone goes to HHS and to proceedings before a judge, whatever the gates below say: 8 USC 1232(b)(3)
# and (a)(5)(D), 6 USC 279. The label is that of the arrival; some have come of age since.
CHILD = Decision(
    "charge.child",
    [
        to("children.to_hhs", share=p("charge.child.minor_share")),
        to("charge.deferred", do=[put("family", "single_adult")]),
    ],
)
# Deferred action (8 CFR 236.21) and parole in force (INA 212(d)(5)) do not bar removal; practice spares many.
DEFERRED = Decision(
    "charge.deferred",
    [to("charge.let_go", share=p("charge.spared_share")), to("charge.wartime")],
)
# Let go on the day of arrest, where they were.
LET_GO = Decision("charge.let_go", [to(STAY, do=_ON_THE_STREET)])

# A pending case stays with the judge unless the government has it dismissed (8 CFR 239.2(c), 1239.2(c)) to
# use expedited removal, which it may where gate 6 would have. A case on appeal is no longer the judge's.
_UNDECIDED = {"order": "none"}
_DISMISSED = (count("dismissed_for_expedited"), put("docket", "none"))
_WITHOUT_INSPECTION = p("route.interior.expedited_scope") * p("route.interior.expedited_share")
_PAROLED = p("route.interior.expedited_paroled_scope") * p("route.interior.expedited_share")
_NEW = {"status": "none", "entry": "without_inspection", "years": "under_2"}
_PAROLE_ENDED = {"status": "none", "entry": "paroled"}
# Held without bond for a listed crime (INA 236(c)), since 2025-01-29 also on a charge of theft and the like
# if inadmissible for lack of admission or papers (INA 236(c)(1)(E), Pub. L. 119-1); a paroled person as an
# applicant for admission (INA 235(b)(2)(A)), and so whoever came without inspection where the government
# reads it so (Matter of Yajure Hurtado); everybody else under INA 236(a).
_CRIME, _CHARGED, _APPLICANT = exclusive(
    p("charge.crime_share"), p("charge.theft_share"), p("charge.applicant_share")
)
_INSPECTED_OR_NOT = {"entry": ["admitted", "without_inspection"]}
_EWI = {"entry": "without_inspection"}


def notice(name: str, then: str, under: Under) -> Decision:
    """Return the last gate: a notice to appear before a judge, and the statute that holds meanwhile."""
    ways = [
        to(then, when={"entry": "paroled"}, do=under("notice_to_appear", "ina_235b2")),
        to(then, when=_INSPECTED_OR_NOT, share=_CRIME, do=under("notice_to_appear", "ina_236c")),
        to(then, when=_EWI, share=_CHARGED, do=under("notice_to_appear", "ina_236c")),
        to(then, when=_EWI, share=_APPLICANT, do=under("notice_to_appear", "ina_235b2")),
        to(then, when=_INSPECTED_OR_NOT, do=under("notice_to_appear", "ina_236a")),
    ]
    return Decision(name, ways)


def gates(name: str, held: str, let_go: str, under: Under) -> tuple[Decision, ...]:
    """Return the gates inside the country from the first on, each named after where they stand.

    Parameters
    ----------
    name : what their names begin with
    held, let_go : where those lead who pass a gate, and those whom the law does not let be held
    under : what makes a route and a statute those of a person
    """
    return (
        # 1: a final order not yet executed. INA 241(a), 8 CFR 241.2; not while it is stayed or a motion stays
        # it (INA 240(b)(5)(C)), nor to the country of which withholding was granted (INA 241(b)(3)): to a
        # third one only.
        Decision(
            f"{name}.order",
            [
                to(held, when={"docket": "ordered", "bar": ["none", "unsettled"]},
                   do=under("unexecuted_order", "ina_241a")),
                to(held, when={"docket": "ordered", "bar": "withheld"},
                   share=p("charge.withheld_share"), do=under("unexecuted_order", "ina_241a")),
                to(let_go, when={"docket": "ordered", "bar": "withheld"}),
                to(let_go, when={"docket": "ordered", "bar": ["stayed", "motion"]}),
                to(f"{name}.pending", when={"docket": "pending"}),
                to(f"{name}.reinstatement", when={"docket": ["none", "awaiting_filing"]}),
            ],
        ),
        Decision(
            f"{name}.pending",
            [
                to(held, when={**_NEW, **_UNDECIDED}, share=p("charge.dismissed_share") * _WITHOUT_INSPECTION,
                   do=[*_DISMISSED, *under("expedited", "ina_235b1")]),
                to(held, when={**_PAROLE_ENDED, **_UNDECIDED}, share=p("charge.dismissed_share") * _PAROLED,
                   do=[*_DISMISSED, *under("expedited", "ina_235b1")]),
                to(f"{name}.notice"),
            ],
        ),
        # 2: inside the country: an earlier order reinstated. INA 241(a)(5), 8 CFR 241.8
        Decision(
            f"{name}.reinstatement",
            [
                to(held, share=p("route.interior.reinstatement_share"),
                   do=under("reinstatement", "ina_241a")),
                to(f"{name}.administrative"),
            ],
        ),
        # 3: administrative removal after an aggravated felony. INA 238(b), 8 CFR 238.1; held under INA 236(c)
        # until the order
        Decision(
            f"{name}.administrative",
            [
                to(held, share=p("route.interior.administrative_share"),
                   do=under("administrative", "ina_236c")),
                to(f"{name}.visa_waiver"),
            ],
        ),
        # 4: visa waiver: the hearing was waived on entry (INA 217(b)), but for asylum, which goes to a judge
        # by itself (8 CFR 1208.2(c)(1)); so few that it is not followed
        Decision(
            f"{name}.visa_waiver",
            [
                to(held, when={"entry": "admitted"}, share=p("charge.visa_waiver_share"),
                   do=under("visa_waiver", "ina_241a")),
                to(f"{name}.voluntary_return"),
            ],
        ),
        # 5: voluntary return, offered before an order and never after one. INA 240B(a), 8 CFR 240.25; who was
        # paroled withdraws the application for admission, INA 235(a)(4)
        Decision(
            f"{name}.voluntary_return",
            [
                to(held, share=p("route.interior.voluntary_return_share"),
                   do=[*under("voluntary_return", "ina_236a"), put("order", "none")]),
                to(f"{name}.expedited"),
            ],
        ),
        # 6: expedited removal inside the country. INA 235(b)(1): a designated class of those who came without
        # inspection (69 FR 48877: 100 miles and 14 days; 90 FR 8139: everywhere under two years). Who was
        # paroled is an arriving person without limit of time, by a rule of its own, once parole has ended.
        # A notice not yet filed is cancelled (8 CFR 239.2(a)).
        Decision(
            f"{name}.expedited",
            [
                to(held, when=_NEW, share=_WITHOUT_INSPECTION, do=under("expedited", "ina_235b1")),
                to(held, when=_PAROLE_ENDED, share=_PAROLED, do=under("expedited", "ina_235b1")),
                to(f"{name}.notice"),
            ],
        ),
        # 7: a notice to appear before a judge. INA 239(a), 240
        notice(f"{name}.notice", held, under),
    )  # fmt: skip


GATES = gates("charge", "charge.held", "charge.let_go", _under)

# --- at the border: whoever CBP hands over to be booked ---------------------------------------------
# The same gates. A child alone goes to HHS (8 USC 1232(b)(3)); then reinstatement (INA 241(a)(5)), expedited
# removal (INA 235(b)(1)), which an officer may use and need not; else a notice. Withdrawals and returns (INA
# 235(a)(4)) come before an order and never reach detention.
AT_BORDER = Decision(
    "charge.at_border",
    [
        to("children.to_hhs", when={"family": "unaccompanied_child"}),
        to("charge.border", when={"family": ["single_adult", "family_unit"]}),
    ],
)
_REINSTATED_AGAIN, _EXPEDITED_THERE = exclusive(
    p("route.border.reinstatement_share"), p("route.border.expedited_share")
)
BORDER = Decision(
    "charge.border",
    [
        to("booking.handed_over", share=_REINSTATED_AGAIN, do=_under("reinstatement", "ina_241a")),
        to("booking.handed_over", share=_EXPEDITED_THERE, do=_under("expedited", "ina_235b1")),
        to("charge.border.notice"),
    ],
)
BORDER_NOTICE = notice("charge.border.notice", "booking.handed_over", _under)

# --- held, or let go with a notice on the day of arrest ---------------------------------------------
# Under INA 235(b)(1), 235(b)(2)(A) and 236(c) the law leaves no choice (Jennings v. Rodriguez), but who was
# paroled may be paroled again (INA 212(d)(5)); INA 241(a)(2) leaves none for an order just reinstated either,
# which an officer who lets go does not reinstate.
_CHOICE = {"authority": ["none", "ina_236a", "ina_241a", "hhs"]}
_APPLICANT_HELD = {"authority": "ina_235b2", "entry": ["admitted", "without_inspection"]}
_PAROLED_BEFORE = {"authority": "ina_235b2", "entry": "paroled"}
_ON_FILE = ["awaiting_filing", "pending", "ordered"]
HELD = Decision(
    "charge.held",
    [
        to("booking", when={"authority": ["ina_235b1", "ina_236c", "usc_50_21"]}),
        to("booking", when=_APPLICANT_HELD),
        *(way for who in (_CHOICE, _PAROLED_BEFORE) for way in (
            to("booking", when=who, share=p("arrest.booked_share")),
            to(STAY, when={**who, "docket": _ON_FILE}, do=_ON_THE_STREET),
            to("awaiting_filing", when={**who, "docket": "none"},
               do=[put("route", "notice_to_appear"), put("docket", "awaiting_filing"), *_ON_THE_STREET]),
        )),
    ],
)  # fmt: skip

# --- after booking: each route to its own file ------------------------------------------------------
PROCEED = Decision(
    "proceed",
    [
        to("expedited", when={"route": "expedited"}),
        to("reinstatement", when={"route": "reinstatement"}),
        to("administrative", when={"route": "administrative"}),
        to("final_order", when={"route": "visa_waiver"}, do=[put("order", "administrative")]),
        to("final_order", when={"route": "unexecuted_order", "motion": "none"}),
        to("final_order", when={"route": "unexecuted_order", "motion": "pending"},
           do=[start("motion_pending")]),
        to("removal_arranged", when={"route": "voluntary_return"}),
        to("custody_decision", when={"route": ["none", "notice_to_appear"]}),
        to("wartime.notice", when={"route": "alien_enemy"}),
    ],
)  # fmt: skip


def charge() -> Part:
    """Return the gates."""
    return Part(
        nodes=(
            *(CHARGE, CHILD, DEFERRED, LET_GO, *GATES),
            *(AT_BORDER, BORDER, BORDER_NOTICE, HELD, PROCEED),
        ),
        tallies=(Tally("dismissed_for_expedited"),),
    )
