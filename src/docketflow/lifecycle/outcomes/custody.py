"""Arrests, fear screenings, detention and how it ends."""

from __future__ import annotations

from docketflow.core.vocabulary import labels
from docketflow.engine.declare.measure import Flow, Level, Measure, Ratio, total
from docketflow.lifecycle.custody.stay import ON_FILE

CLASSES = labels("criminal")
BY = {"ice": "ice", "cbp": ["none", "cbp"]}
ARRESTS: dict[str, Measure] = {
    "arrests.ice": total(Flow("arrest"), Flow("arrest_at_office")),
    "arrests.custodial": Flow("arrest", {"channel": "custodial"}),
    "arrests.supervision": Flow("arrest", {"channel": "supervision"}),
    "arrests.courthouse": Flow("arrest_in_court"),
    "arrests.interview": Flow("arrest_at_interview"),
    "arrests.at_large": Flow("arrest", {"channel": "at_large"}),
    "arrests.office": Flow("arrest_at_office"),
    **{
        f"arrests.ice.{record}": total(
            *(Flow(one, {"criminal": record}) for one in ("arrest", "arrest_at_office"))
        )
        for record in CLASSES
    },
    "credible_fear.decided": total(Flow("fear_positive"), Flow("fear_negative")),
    "credible_fear.decided.positive": Flow("fear_positive"),
    "credible_fear.closed": Flow("fear_closed"),
    "reasonable_fear.decided": total(Flow("reasonable_fear_found"), Flow("reasonable_fear_not_found")),
}


def held_after(agency: str, *classes: str) -> tuple[str, ...]:
    """Return the spaces that count people held after an arrest by an agency, of some criminal classes."""
    return tuple(f"detained.{agency}_arrest.{label}" for label in classes or CLASSES)


HELD = (*held_after("ice"), *held_after("cbp"))
"""Everybody in custody, in a bed, a family or surge place, or in a hold room for want of one."""
STATUTES = tuple(label for label in labels("authority") if label.startswith("ina"))
HOLD_ROOMS = ("hold_room",)
ENDED = ("relief", "terminated")
EXITS: dict[str, tuple[str, ...]] = {
    **{why: (why,) for why in ("removal", "bond", "parole", "recognizance", "supervision")},
    "relief_or_terminated": ENDED,
    **{why: (why,) for why in ("court_ordered", "other")},
}
"""How a stay ends, as ICE publishes it: a name and the ways out that it counts."""
OUTCOMES: dict[str, tuple[str, ...]] = {
    "removed": ("removal",),
    "released": ("bond", "parole", "recognizance", "supervision", "court_ordered", "terminated"),
    "relief": ("relief",),
    "other": ("other",),
}
"""What became of a person when a stay ended; together all ways out."""
_CONVICTED = {"criminal": "convicted"}
_STAY, _OUT = "stay_days", "book_out"
CUSTODY: dict[str, Measure] = {
    "book_ins.ice_arrest": Flow("book_in", {"agency": "ice"}),
    "book_ins.cbp_arrest": Flow("book_in", {"agency": ["none", "cbp"]}),
    **{f"book_ins.{label}": Flow("book_in", {"criminal": label}) for label in CLASSES},
    "detained.average": Level(spaces=HELD, how="mean"),
    "detained.peak": Level(spaces=HELD, how="peak"),
    "detained.point": Level(spaces=HELD, how="last"),
    **{f"detained.{by}_arrest": Level(spaces=held_after(by), how="mean") for by in BY},
    **{
        f"detained.{by}_arrest.{label}": Level(spaces=held_after(by, label), how="mean")
        for by in BY
        for label in CLASSES
    },
    **{f"detained.{name}": Level(spaces=(f"detained.{name}",), how="mean") for name in STATUTES},
    **{f"detained.{name}": Level(spaces=(f"detained.{name}",), how="mean") for name in ON_FILE[:-1]},
    "detained.over_180_days": Level(spaces=("detained.over_180_days",), how="last"),
    "hold_rooms.average": Level(stages=HOLD_ROOMS, how="mean"),
    "hold_rooms.peak": Level(stages=HOLD_ROOMS, how="peak"),
    "hold_rooms.over_limit": Level(spaces=("detained.hold_rooms.over_limit",), how="mean"),
    "waiting_with_cbp.average": Level(spaces=("detention.with_cbp",), how="mean"),
    "let_go.without_a_place": Flow("let_go_without_a_place"),
    "family_places.average": Level(spaces=("detention.family",), how="mean"),
    "guantanamo.average": Level(spaces=("detention.guantanamo",), how="mean"),
    "atd.enrolled": Level(spaces=("alternatives",), how="last"),
    "children.in_care": Level(spaces=("children.in_care",), how="mean"),
    "stay.mean_days": Ratio(Flow(_STAY), Flow(_OUT)),
    **{
        f"stay.mean_days.{by}_arrest": Ratio(Flow(_STAY, {"agency": who}), Flow(_OUT, {"agency": who}))
        for by, who in BY.items()
    },
    **{
        f"stay.mean_days.ice_arrest.{label}": Ratio(
            Flow(_STAY, {"agency": "ice", "criminal": label}),
            Flow(_OUT, {"agency": "ice", "criminal": label}),
        )
        for label in CLASSES
    },
    **{
        f"stay.mean_days.{name}": Ratio(Flow(_STAY, {"authority": name}), Flow(_OUT, {"authority": name}))
        for name in STATUTES
    },
    **{
        f"stay.mean_days.{name}": Ratio(Flow(_STAY, {"exit": ways}), Flow(_OUT, {"exit": ways}))
        for name, ways in OUTCOMES.items()
    },
    "transfers.between_circuits": Flow("transfer"),
    **{f"book_outs.{why}": Flow(_OUT, {"exit": ways}) for why, ways in EXITS.items()},
    "book_outs.released": Flow(_OUT, {"exit": OUTCOMES["released"]}),
    **{f"book_outs.{why}": Flow(_OUT, {"exit": why}) for why in ENDED},
    **{
        f"book_outs.{why}.{by}_arrest": Flow(_OUT, {"exit": why, "agency": who})
        for why in ("removal", "bond", "parole", "recognizance", "supervision")
        for by, who in BY.items()
    },
    "book_outs.removal.convicted": Flow(_OUT, {"exit": "removal", "criminal": "convicted"}),
    "bond.hearings": total(Flow("bond_granted"), Flow("bond_denied")),
    "bond.hearings.granted": Flow("bond_granted"),
    "bond.hearings.convicted": total(*(Flow(f"bond_{how}", _CONVICTED) for how in ("granted", "denied"))),
    "habeas.filed": Flow("habeas_filed"),
    "habeas.filed.granted": Flow("habeas_granted"),
    "gave_up.in_custody": Flow("gave_up"),
}
