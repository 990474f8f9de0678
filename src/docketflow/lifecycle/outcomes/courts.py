"""Immigration courts and the Board: what is received, decided, pending, and how long it waits."""

from __future__ import annotations

from docketflow.engine.declare.measure import Flow, Level, Measure, Ratio, total

NOT_DETAINED_COURT = ("master", "continued", "merits", "appeal")
DETAINED_COURT = ("detained_preliminary", "detained_master", "detained_preparation", "detained_merits")
ORDERS = {"order": ["judge", "stipulated", "in_absentia"]}
INITIAL = {"reopened": "no"}
_DECISIONS, _RELIEF, _CLOSED = "decision", "relief", "closed"
PENDING_ACTIVE = ("master", "continued", "merits", *DETAINED_COURT)
COURTS: dict[str, Measure] = {
    "courts.receipts": Flow("receipt"),
    "courts.initial_completions": total(*(Flow(tally, INITIAL) for tally in (_DECISIONS, _RELIEF, _CLOSED))),
    "courts.total_completions": total(*(Flow(tally) for tally in (_DECISIONS, _RELIEF, _CLOSED))),
    "courts.removal_orders": Flow(_DECISIONS, {**INITIAL, **ORDERS}),
    "courts.in_absentia_orders": Flow(_DECISIONS, {"order": "in_absentia"}),
    "courts.in_absentia_share": Ratio(
        Flow(_DECISIONS, {**INITIAL, "order": "in_absentia"}),
        total(*(Flow(tally, {**INITIAL, "custody": "no"}) for tally in (_DECISIONS, _RELIEF, _CLOSED))),
    ),
    "courts.voluntary_departure": Flow(_DECISIONS, {**INITIAL, "order": "voluntary_departure"}),
    "courts.voluntary_departure.detained": Flow(
        _DECISIONS, {**INITIAL, "order": "voluntary_departure", "custody": "yes"}
    ),
    "courts.relief": Flow(_RELIEF, INITIAL),
    "courts.dismissed_or_terminated": Flow(_CLOSED, INITIAL),
    "courts.pending.active": Level(stages=PENDING_ACTIVE),
    "courts.pending.all": Level(stages=(*PENDING_ACTIVE, "inactive")),
    **{
        f"courts.wait_days.{name}": Ratio(
            Flow("decision_days", {"custody": custody}),
            total(*(Flow(tally, {"custody": custody}) for tally in (_DECISIONS, _RELIEF, _CLOSED))),
        )
        for name, custody in (("detained", "yes"), ("not_detained", "no"))
    },
    "appeals.pending": Level(stages=("appeal", "detained_appeal")),
    "orders.unexecuted": Level(stages=("ordered_not_detained",)),
    "docket.not_detained": Level(
        stages=(
            "awaiting_filing",
            *NOT_DETAINED_COURT,
            "inactive",
            "voluntary_departure_period",
            "ordered_not_detained",
        )
    ),
    "people.without_counsel_at_order": Ratio(
        Flow(_DECISIONS, {**ORDERS, "counsel": "no"}),
        Flow(_DECISIONS, ORDERS),
    ),
}
