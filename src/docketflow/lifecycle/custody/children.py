"""Children alone: in the care of HHS until released to a sponsor (8 USC 1232(b)(3) and (c), 6 USC 279)."""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Space,
    Stage,
    Tally,
    count,
    lognormal,
    new_round,
    put,
    release,
    take,
    to,
)
from docketflow.lifecycle.part import Part

IN_CARE = Space("children.in_care")
IN_CARE_ALREADY = (put("authority", "hhs"), put("docket", "awaiting_filing"), take("children.in_care"))
"""What marks a child of the starting stock who is in care."""
# A case before a judge (INA 240), whatever the country, once they are with HHS: 8 USC 1232(a)(5)(D).
TO_HHS = Decision(
    "children.to_hhs",
    [
        to(
            "children.with_hhs",
            do=[put("authority", "hhs"), count("child_to_hhs"), take("children.in_care"),
                release("detention.hold_rooms"), new_round()],
        )
    ],
)  # fmt: skip
WITH_HHS = Stage(
    "children.with_hhs",
    lognormal(p("children.care.median_days"), p("children.care.sigma")),
    to(
        "released_from_custody",
        do=[count("child_to_sponsor"), put("authority", "none"), release("children.in_care")],
    ),
)


def children() -> Part:
    """Return the care of children alone."""
    return Part(
        nodes=(TO_HHS, WITH_HHS),
        spaces=(IN_CARE,),
        tallies=(Tally("child_to_hhs", ("agency",)), Tally("child_to_sponsor")),
    )
