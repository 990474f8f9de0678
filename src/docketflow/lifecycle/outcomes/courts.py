"""Immigration courts and the Board: what is received, decided, pending, and how long it waits.

Terms are those of the Executive Office for Immigration Review: an initial completion is the first decision of
a case, a subsequent one follows a reopening or a remand; a case closed administratively is not completed.
"""

from __future__ import annotations

from docketflow.engine.declare.measure import Flow, Level, Measure, Ratio, Where, total
from docketflow.lifecycle.court.motions import MOTIONS

NOT_DETAINED = ("master", "continued", "merits")
DETAINED_COURT = ("detained_preliminary", "detained_master", "detained_preparation", "detained_merits")
DETAINED_PENDING = (*DETAINED_COURT, "awaiting_release.filed")
PENDING_ACTIVE = (*NOT_DETAINED, *DETAINED_PENDING)
APPEALS = ("appeal_filed", "appeal")
ORDERS = {"order": ["judge", "stipulated", "in_absentia"]}
INITIAL, SUBSEQUENT = {"reopened": "no"}, {"reopened": ["reopened", "remanded"]}
HELD, FREE = {"custody": "yes"}, {"custody": "no"}
DOCKETS = {"detained": HELD, "not_detained": FREE}
_DECISION, _RELIEF, _DISMISSED = "decision", "relief", "dismissed"


def completions(where: Where | None = None) -> Measure:
    """Return decisions of all kinds that complete a case."""
    return total(*(Flow(tally, where or {}) for tally in (_DECISION, _RELIEF, _DISMISSED)))


_DEPARTURE_ORDERS = {"order": [*ORDERS["order"], "voluntary_departure"]}
_ASYLUM = {"relief": "asylum"}
_GRANTED, _DENIED = Flow(_RELIEF, _ASYLUM), Flow(_DECISION, {**_ASYLUM, "order": "judge"})
DECISIONS: dict[str, Measure] = {
    "courts.receipts": Flow("receipt"),
    "courts.initial_completions": completions(INITIAL),
    "courts.subsequent_completions": completions(SUBSEQUENT),
    "courts.total_completions": completions(),
    # as TRAC counts them: with those closed administratively and reviews of findings of no fear, one of each
    # (INA 235(b)(1)(B)(iii)(III), 8 CFR 1208.30(g), 1208.31(g))
    "courts.closures": total(
        completions(), *(Flow(one) for one in ("shelved", "fear_negative", "reasonable_fear_not_found"))
    ),
    "courts.removal_orders": Flow(_DECISION, {**INITIAL, **ORDERS}),
    "courts.removal_or_departure_orders": Flow(_DECISION, _DEPARTURE_ORDERS),
    "courts.in_absentia_orders": Flow(_DECISION, {"order": "in_absentia"}),
    "courts.in_absentia_share": Ratio(
        Flow(_DECISION, {**INITIAL, "order": "in_absentia"}), completions({**INITIAL, **FREE})
    ),
    "courts.stipulated_orders": Flow(_DECISION, {"order": "stipulated"}),
    "courts.voluntary_departure": Flow(_DECISION, {**INITIAL, "order": "voluntary_departure"}),
    "courts.voluntary_departure.detained": Flow(
        _DECISION, {**INITIAL, **HELD, "order": "voluntary_departure"}
    ),
    "courts.relief": Flow(_RELIEF, INITIAL),
    **{
        f"courts.relief.{kind}": Flow(_RELIEF, {"relief": kind})
        for kind in ("asylum", "withholding_or_cat", "cancellation", "adjustment")
    },
    "courts.dismissed_or_terminated": Flow(_DISMISSED, INITIAL),
    "courts.administratively_closed": Flow("shelved"),
    "courts.recalendared": Flow("recalendared"),
    "courts.pretermitted": Flow("pretermitted"),
    "courts.motions_received": Flow("motion"),
    "courts.motions_granted": Flow("reopening"),
    "asylum.decided": total(_GRANTED, _DENIED),
    "asylum.decided.granted": _GRANTED,
    "asylum.decided.denied": _DENIED,
    "people.without_counsel_at_order": Ratio(
        Flow(_DECISION, {**ORDERS, "counsel": "no"}), Flow(_DECISION, ORDERS)
    ),
}
PENDING: dict[str, Measure] = {
    "courts.pending.active": Level(stages=PENDING_ACTIVE),
    "courts.pending.all": Level(stages=(*PENDING_ACTIVE, "inactive")),
    "courts.pending.detained": Level(stages=DETAINED_PENDING),
    "courts.pending.master": Level(stages=("master", "continued")),
    "courts.pending.merits": Level(stages=("merits",)),
    "orders.unexecuted": Level(stages=("ordered_not_detained", *MOTIONS)),
    "docket.not_detained": Level(
        stages=(
            *(
                "awaiting_filing",
                "office_appointment",
                "dormant_notice",
                *NOT_DETAINED,
                "inactive",
                "appeal_window",
                *APPEALS,
            ),
            *("voluntary_departure_period", "ordered_not_detained", *MOTIONS),
        )
    ),
}
# By Little's law: what is pending over what is completed in a day, the wait of a case filed today if the
# courts go on so and serve in order.
_PENDING_SUM = {
    name: Level(stages=stages, how="sum")
    for name, stages in (("detained", DETAINED_COURT), ("not_detained", NOT_DETAINED))
}
WAITS: dict[str, Measure] = {
    **{
        f"courts.wait_days.{name}": Ratio(Flow("decision_days", docket), completions(docket))
        for name, docket in DOCKETS.items()
    },
    "courts.wait_days.detained_from_booking": Ratio(Flow("decision_days_held"), completions(HELD)),
    **{
        f"courts.expected_wait_days.{name}": Ratio(_PENDING_SUM[name], completions(docket))
        for name, docket in DOCKETS.items()
    },
}
REVIEW: dict[str, Measure] = {
    "appeals.pending": Level(stages=APPEALS),
    "appeals.filed": Flow("appeal"),
    "appeals.decided": total(Flow("appeal_dismissed"), Flow("sustained"), Flow("remand")),
    "appeals.remanded": Flow("remand"),
    "appeals.sustained": Flow("sustained"),
    "circuit.petitions": Flow("petition"),
    "circuit.stays": Flow("stay"),
    "circuit.remands": Flow("circuit_remand"),
}
COURTS: dict[str, Measure] = {**DECISIONS, **PENDING, **WAITS, **REVIEW}
