"""Where people wait, what is scarce, and how they flow: the pictures of a run."""

from __future__ import annotations

from docketflow.engine.declare.measure import Level, Measure
from docketflow.lifecycle.court.motions import MOTIONS
from docketflow.lifecycle.outcomes.counting import WITHOUT_ORDER, departures
from docketflow.lifecycle.outcomes.courts import APPEALS, DETAINED_COURT
from docketflow.lifecycle.outcomes.custody import ARRESTS, CUSTODY, EXITS

FEAR = (
    *("fear_interview", "fear_screening", "fear_review"),
    *("reasonable_fear_interview", "reasonable_fear", "reasonable_fear_review", "administrative"),
)
STOCKS: dict[str, Measure] = {
    "not detained, nothing on file": Level(stages=("nothing_on_file",), how="mean"),
    "notice issued, not yet filed": Level(stages=("awaiting_filing",), how="mean"),
    "to report to an office for a notice": Level(stages=("office_appointment",), how="mean"),
    "notice issued, dormant": Level(stages=("dormant_notice",), how="mean"),
    "court: master calendar": Level(stages=("master", "continued"), how="mean"),
    "court: merits hearing": Level(stages=("merits",), how="mean"),
    "court: inactive": Level(stages=("inactive",), how="mean"),
    "court: in custody": Level(stages=DETAINED_COURT, how="mean"),
    "court: time to appeal": Level(stages=("appeal_window",), how="mean"),
    "court: motion pending": Level(stages=MOTIONS, how="mean"),
    "appeal": Level(stages=APPEALS, how="mean"),
    "voluntary departure period": Level(stages=("voluntary_departure_period",), how="mean"),
    "final order, not detained": Level(stages=("ordered_not_detained",), how="mean"),
    "children alone, with HHS": Level(stages=("children.with_hhs",), how="mean"),
    "with CBP, no place": Level(stages=("waits_with_cbp",), how="mean"),
    "hold room, no bed": Level(stages=("hold_room",), how="mean"),
    "custody: fear screening": Level(stages=FEAR, how="mean"),
    "custody: awaiting release": Level(stages=("awaiting_release", "awaiting_release.filed"), how="mean"),
    "custody: travel document": Level(stages=("travel_document",), how="mean"),
    "seat by charter": Level(stages=("seat.charter",), how="mean"),
    "seat within the country": Level(stages=("seat.transfer",), how="mean"),
    "seat by commercial flight": Level(stages=("seat.commercial",), how="mean"),
    "ground removal": Level(stages=("seat.land",), how="mean"),
}
UNITS: dict[str, str] = {
    "detention.beds": "beds",
    "detention.overflow": "beds",
    "detention.guantanamo": "beds",
    "detention.family": "beds",
    "detention.hold_rooms": "beds",
    "officers' minutes": "minutes",
    "habeas decisions": "decisions",
    "alternatives": "persons",
    "places under agreements": "persons",
    "places in a foreign prison": "persons",
    "money for removals": "USD",
    "staging": "beds",
    "enrolments": "enrolments",
    "custodial transfers": "transfers",
    "supervision arrests": "arrests",
    "interview arrests": "arrests",
    "asylum officers' minutes": "minutes",
    "at-large arrest minutes": "minutes",
    "asylum referrals": "referrals",
    **{f"judges{docket}": "minutes" for docket in ("", ".master", ".merits", ".detained")},
    "government counsel": "minutes",
    "appellate decisions": "decisions",
    **{f"seats.{mode}": "seats" for mode in ("charter", "commercial", "land", "military")},
}
_UNDER = {
    "expedited order": ["expedited"],
    "reinstated order": ["reinstated"],
    "immigration judge's order": ["judge", "stipulated", "in_absentia"],
    "administrative removal order": ["administrative"],
    "no order": WITHOUT_ORDER,
}
_BORDER = ["none", "cbp"]
_RELEASED = {"relief_or_terminated": "case ended"}
EDGES: dict[tuple[str, str], Measure] = {
    ("custodial transfer", "arrested by ICE"): ARRESTS["arrests.custodial"],
    ("already supervised", "arrested by ICE"): ARRESTS["arrests.supervision"],
    ("at-large arrest", "arrested by ICE"): ARRESTS["arrests.at_large"],
    ("arrested by ICE", "detention"): CUSTODY["book_ins.ice_arrest"],
    ("border", "detention"): CUSTODY["book_ins.cbp_arrest"],
    **{("detention", under): departures(detention="yes", order=kind) for under, kind in _UNDER.items()},
    **{
        ("border", under): departures(detention="no", order=kind, agency=_BORDER)
        for under, kind in _UNDER.items()
    },
    **{(under, "removed by ICE"): departures(remover="ice", order=kind) for under, kind in _UNDER.items()},
    **{(under, "sent by CBP"): departures(remover="cbp", order=kind) for under, kind in _UNDER.items()},
    **{
        ("detention", f"released: {_RELEASED.get(why, why).replace('_', ' ')}"): CUSTODY[f"book_outs.{why}"]
        for why in EXITS
        if why != "removal"
    },
}
