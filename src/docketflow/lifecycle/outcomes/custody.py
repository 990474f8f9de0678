"""Arrests, fear screenings, detention and how it ends."""

from __future__ import annotations

from docketflow.core.vocabulary import labels
from docketflow.engine.declare.measure import Flow, Level, Measure, Ratio, total

RECORDS = labels("criminal")
AGENCIES = {"ice_arrest": ["ice"], "cbp_arrest": ["none", "cbp"]}
ARRESTS: dict[str, Measure] = {
    "arrests.ice": Flow("arrest"),
    "arrests.custodial": Flow("arrest", {"channel": "custodial"}),
    "arrests.supervision": Flow("arrest", {"channel": "supervision"}),
    "arrests.at_large": Flow("arrest", {"channel": "at_large"}),
    **{f"arrests.ice.{record}": Flow("arrest", {"criminal": record}) for record in RECORDS},
    "credible_fear.decided": total(Flow("fear_positive"), Flow("fear_negative")),
    "credible_fear.decided.positive": Flow("fear_positive"),
    "credible_fear.closed": Flow("fear_closed"),
}

HELD = ("detention.beds", "detention.overflow")
EXITS = (
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
    **{f"book_ins.{record}": Flow("book_in", {"criminal": record}) for record in RECORDS},
    "detained.average": Level(spaces=HELD, how="mean"),
    "detained.peak": Level(spaces=HELD, how="peak"),
    "detained.point": Level(spaces=HELD, how="last"),
    "detained.ice_arrest": Level(spaces=("detained.ice_arrest",), how="mean"),
    "detained.cbp_arrest": Level(spaces=("detained.cbp_arrest",), how="mean"),
    "detained.over_180_days": Level(spaces=("detained.over_180_days",), how="last"),
    "stay.mean_days": Ratio(Flow("stay_days"), Flow("book_out")),
    **{
        f"stay.mean_days.{arrest}": Ratio(
            Flow("stay_days", {"agency": agency}), Flow("book_out", {"agency": agency})
        )
        for arrest, agency in AGENCIES.items()
    },
    **{
        f"stay.mean_days.ice_arrest.{record}": Ratio(
            Flow("stay_days", {"agency": "ice", "criminal": record}),
            Flow("book_out", {"agency": "ice", "criminal": record}),
        )
        for record in RECORDS
    },
    **{f"book_outs.{why}": Flow("book_out", {"exit": why}) for why in EXITS},
    **{
        f"book_outs.{why}.{arrest}": Flow("book_out", {"exit": why, "agency": agency})
        for why in ("removal", "bond", "parole", "recognizance", "supervision")
        for arrest, agency in AGENCIES.items()
    },
    "book_outs.removal.convicted": Flow("book_out", {"exit": "removal", "criminal": "convicted"}),
    "bond.hearings": total(Flow("bond_granted"), Flow("bond_denied")),
    "bond.hearings.granted": Flow("bond_granted"),
}
