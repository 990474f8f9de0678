"""How every outcome is counted: a name of the catalogue to a measure of the books, and cost by account.

Each counting rule of departures is a filter on the one record a departure leaves.
"""

from __future__ import annotations

from docketflow.core.quantity import p, quantity
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.measure import Flow, Level, Measure, Priced, Ratio, Scaled, Total, total

WITH_ORDER = ["expedited", "reinstated", "administrative", "judge", "in_absentia"]
OTHER_ORDER = ["administrative", "judge", "in_absentia"]
WITHOUT_ORDER = ["none", "voluntary_departure"]


def _departures(**where: str | list[str]) -> Flow:
    return Flow("departure", where)


ICE = _departures(remover="ice")
OHSS = _departures(order=WITH_ORDER)
RETURNS = _departures(order=WITHOUT_ORDER)
CREW = Flow("crew_return")
REMOVALS: dict[str, Measure] = {
    "removals.ice": ICE,
    "removals.ice_arrest": _departures(remover="ice", agency="ice"),
    "removals.cbp_arrest": _departures(remover="ice", agency=["none", "cbp"]),
    "removals.ohss": OHSS,
    "removals.ohss.expedited": _departures(order="expedited"),
    "removals.ohss.reinstated": _departures(order="reinstated"),
    "removals.ohss.other": _departures(order=OTHER_ORDER),
    "returns.enforcement": RETURNS,
    "returns.administrative": CREW,
    "repatriations.title8_enforcement": total(OHSS, RETURNS),
    "repatriations.all": total(OHSS, RETURNS, CREW),
    "removals.third_country.mexico": _departures(destination="mexico"),
    "removals.third_country.other": _departures(destination="other"),
    "removals.through_detention": Ratio(_departures(remover="ice", detention="yes"), ICE),
    "removals.without_hearing": Ratio(
        _departures(remover="ice", order=["none", "expedited", "reinstated", "administrative"]), ICE
    ),
    "departures.voluntary_departure": Flow("voluntary_departure"),
    "departures.unrecorded": Flow("unrecorded_departure"),
    "flights.removal": Scaled(_departures(mode="charter"), 1 / p("removal.passengers_per_flight")),
}
BY_NATIONALITY: dict[str, Measure] = {
    f"removals.by_nationality_group.{label}": Flow(
        "departure_by_nationality", {"nationality": label, "remover": "ice"}
    )
    for label in labels("nationality")
}

ARRESTS: dict[str, Measure] = {
    "arrests.ice": Flow("arrest"),
    "arrests.custodial": Flow("arrest", {"channel": "custodial"}),
    "arrests.supervision": Flow("arrest", {"channel": "supervision"}),
    "arrests.at_large": Flow("arrest", {"channel": "at_large"}),
    "credible_fear.decided": total(Flow("fear_positive"), Flow("fear_negative")),
    "credible_fear.decided.positive": Flow("fear_positive"),
}

HELD = ("detention.beds", "detention.overflow")
_EXITS = (
    "removal",
    "bond",
    "parole",
    "recognizance",
    "supervision",
    "relief_or_terminated",
    "court_ordered",
    "other",
)
CUSTODY: dict[str, Measure] = {
    "book_ins.ice_arrest": Flow("book_in", {"agency": "ice"}),
    "book_ins.cbp_arrest": Flow("book_in", {"agency": ["none", "cbp"]}),
    "detained.average": Level(spaces=HELD, how="mean"),
    "detained.peak": Level(spaces=HELD, how="peak"),
    "detained.point": Level(spaces=HELD, how="last"),
    "detained.ice_arrest": Level(spaces=("detained.ice_arrest",), how="mean"),
    "detained.cbp_arrest": Level(spaces=("detained.cbp_arrest",), how="mean"),
    "detained.over_180_days": Level(spaces=("detained.over_180_days",), how="last"),
    "stay.mean_days": Ratio(Flow("stay_days"), Flow("book_out")),
    **{f"book_outs.{why}": Flow("book_out", {"exit": why}) for why in _EXITS},
    "bond.hearings": total(Flow("bond_granted"), Flow("bond_denied")),
    "bond.hearings.granted": Flow("bond_granted"),
}

NOT_DETAINED_COURT = ("master", "continued", "merits", "appeal")
DETAINED_COURT = ("detained_preliminary", "detained_master", "detained_preparation", "detained_merits")
ORDERS = {"order": ["judge", "in_absentia"]}
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

# --- money: every step has an account; the year of a price is in its note -------
_COMPLETIONS = COURTS["courts.total_completions"]
REPORTING = ("awaiting_filing", "master", "continued", "merits", "ordered_not_detained")
ACCOUNTS: dict[str, Measure] = {
    "arrest": Priced(
        (
            (ARRESTS["arrests.custodial"], p("money.arrest.custodial")),
            (ARRESTS["arrests.supervision"], p("money.arrest.supervision")),
            (ARRESTS["arrests.at_large"], p("money.arrest.at_large")),
        )
    ),
    "detention": Priced(
        (
            (Level(spaces=("detention.beds",), how="sum"), p("money.detention.bed_day")),
            (Level(spaces=("detention.overflow",), how="sum"), p("money.detention.overflow_day")),
        )
    ),
    "supervision": Priced(((Level(stages=REPORTING, how="sum"), p("money.supervision.person_day")),)),
    "courts": Priced(((_COMPLETIONS, p("money.court.completion")),)),
    "government counsel": Priced(((_COMPLETIONS, p("money.court.government_counsel")),)),
    "removal": Priced(
        tuple(
            (_departures(remover="ice", mode=mode), p(f"money.removal.{mode}"))
            for mode in ("charter", "commercial", "land")
        )
    ),
}
TOTAL_COST = Total(tuple((1, account) for account in ACCOUNTS.values()))
MONEY: dict[str, Measure] = {"cost.total": TOTAL_COST, "cost.per_removal.average": Ratio(TOTAL_COST, ICE)}

MEASURES: dict[str, Measure] = {**REMOVALS, **BY_NATIONALITY, **ARRESTS, **CUSTODY, **COURTS, **MONEY}


# --- where people wait, what is scarce, how they flow ---------------------------------------------
STOCKS: dict[str, Measure] = {
    "at large, nothing on file": Level(stages=("nothing_on_file",), how="mean"),
    "notice issued, not yet filed": Level(stages=("awaiting_filing",), how="mean"),
    "court: master calendar": Level(stages=("master", "continued"), how="mean"),
    "court: merits hearing": Level(stages=("merits",), how="mean"),
    "court: inactive": Level(stages=("inactive",), how="mean"),
    "court: in custody": Level(stages=DETAINED_COURT, how="mean"),
    "appeal": Level(stages=("appeal", "detained_appeal"), how="mean"),
    "voluntary departure period": Level(stages=("voluntary_departure_period",), how="mean"),
    "final order, at large": Level(stages=("ordered_not_detained",), how="mean"),
    "hold room, no bed": Level(stages=("hold_room",), how="mean"),
    "custody: fear screening": Level(stages=("fear_screening", "fear_review", "reasonable_fear"), how="mean"),
    "custody: awaiting release": Level(stages=("awaiting_release",), how="mean"),
    "custody: travel document": Level(stages=("travel_document",), how="mean"),
    "custody: from before the first day": Level(stages=("held_from_before",), how="mean"),
    "seat by charter": Level(stages=("seat.charter",), how="mean"),
    "seat by commercial flight": Level(stages=("seat.commercial",), how="mean"),
    "seat over land": Level(stages=("seat.land",), how="mean"),
}
UNITS: dict[str, str] = {
    "detention.beds": "beds",
    "detention.overflow": "beds",
    "custodial transfers": "transfers",
    "supervision arrests": "arrests",
    "at-large arrest minutes": "minutes",
    "asylum referrals": "referrals",
    **{f"judges.{docket}": "minutes" for docket in ("master", "merits", "detained")},
    **{f"seats.{mode}": "seats" for mode in ("charter", "commercial", "land")},
}
_UNDER = {
    "expedited order": ["expedited"],
    "reinstated order": ["reinstated"],
    "judge's order": ["judge", "in_absentia"],
    "administrative order": ["administrative"],
    "no order": WITHOUT_ORDER,
}
_BORDER = ["none", "cbp"]
_RELEASED = {"relief_or_terminated": "case ended"}
EDGES: dict[tuple[str, str], Measure] = {
    ("custodial transfer", "arrested by ICE"): ARRESTS["arrests.custodial"],
    ("already supervised", "arrested by ICE"): ARRESTS["arrests.supervision"],
    ("search", "arrested by ICE"): ARRESTS["arrests.at_large"],
    ("arrested by ICE", "detention"): CUSTODY["book_ins.ice_arrest"],
    ("border", "detention"): CUSTODY["book_ins.cbp_arrest"],
    **{("detention", under): _departures(detention="yes", order=kind) for under, kind in _UNDER.items()},
    **{
        ("border", under): _departures(detention="no", order=kind, agency=_BORDER)
        for under, kind in _UNDER.items()
    },
    **{(under, "removed by ICE"): _departures(remover="ice", order=kind) for under, kind in _UNDER.items()},
    **{(under, "sent by CBP"): _departures(remover="cbp", order=kind) for under, kind in _UNDER.items()},
    **{
        ("detention", f"released: {_RELEASED.get(why, why).replace('_', ' ')}"): CUSTODY[f"book_outs.{why}"]
        for why in _EXITS
        if why != "removal"
    },
}


def prices() -> frozenset[str]:
    """Return the parameters that outcomes read."""

    def read(measure: Measure) -> frozenset[str]:
        if isinstance(measure, Priced):
            return frozenset().union(*(quantity(price).paths() for _, price in measure.items))
        if isinstance(measure, Scaled):
            return quantity(measure.factor).paths() | read(measure.of)
        if isinstance(measure, Total):
            return frozenset().union(*(read(part) for _, part in measure.parts))
        if isinstance(measure, Ratio):
            return read(measure.top) | read(measure.bottom)
        return frozenset()

    return frozenset().union(*(read(measure) for measure in (*MEASURES.values(), *ACCOUNTS.values())))
