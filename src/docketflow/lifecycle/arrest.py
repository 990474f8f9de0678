"""Arrests inside the country: ways of finding people, each with its own limit, drawing on one pool.

Custodial transfers are bounded by bookings and local cooperation, arrests of people already supervised
by their check-ins and interviews (in court: `courthouse.py`), at-large arrests by officers' hours. Each takes
officers' time and a place in a hold room: where none is left, arrests stop for the day. INA 287(a), 236(a),
8 CFR 287.8(c)(2)(ii).
"""

from __future__ import annotations

from docketflow.core.quantity import Quantity, least, most, p, unmoved
from docketflow.engine.declare.vocabulary import (
    Decision,
    Draw,
    Effort,
    Op,
    Pool,
    Rest,
    Tally,
    To,
    count,
    new_episode,
    put,
    to,
)
from docketflow.lifecycle.appearance import kept_away
from docketflow.lifecycle.part import Part, exclusive
from docketflow.lifecycle.staff import A_DAY, AT_LARGE, DAYS_A_YEAR, MINUTES_AN_HOUR, officers

# A person with nothing on file: never encountered, or a case that ended without an order.
NOTHING_ON_FILE = Rest("nothing_on_file")

# The regime: the share arrested of the removable people met, against that under which yields were measured.
REGIME = p("arrest.regime.share") / p("arrest.regime.usual_share")


def _by_agreement(model: str) -> Quantity:
    """Return arrests a day under agreements of a model (INA 287(g)), beyond those there usually are."""
    more = p(f"agreements.{model}.signed") - p(f"agreements.{model}.usual")
    return more * p(f"agreements.{model}.arrests_per_year") / DAYS_A_YEAR


# Detainers (8 CFR 287.7) that end in a transfer; who is met under an agreement in a jail is handed over too.
BOOKINGS = Effort(
    "custodial transfers",
    most(
        p("arrest.custodial.detainers_per_day") * p("arrest.custodial.transfer_share") * REGIME
        + (_by_agreement("jail") + _by_agreement("warrant")),
        0,
    ),
)
# Reporting after release INA 236(a)(2) or under supervision INA 241(a)(3). Arrests keep some people away.
_PRACTICE = least(p("arrest.supervision.arrest_share") * REGIME, 1)
_APPEARS = 1 - kept_away(_PRACTICE)
CHECK_INS = Effort("supervision arrests", p("arrest.supervision.check_ins_per_day") * _APPEARS * _PRACTICE)
INTERVIEWS = Effort(
    "interview arrests", p("arrest.interview.interviews_per_day") * p("arrest.interview.arrest_share")
)
# HSI is a part of ICE; deputised soldiers act under Title 8 (INA 287(g)), others never search.
_OFFICERS = (
    AT_LARGE
    + p("arrest.at_large.borrowed_officers")
    + p("staff.hsi.agents") * p("staff.hsi.at_large_share")
    + p("staff.guard.deputised")
)
_USUAL = p("arrest.at_large.usual_officers")
_HOURS = p("arrest.at_large.hours_per_arrest")
# Warrants INA 236(a); beyond the usual number of officers an hour yields less.
_MINUTES = (
    least(_OFFICERS, _USUAL) + p("arrest.at_large.marginal_yield") * most(_OFFICERS - _USUAL, 0)
) * A_DAY * REGIME + most(_by_agreement("task_force"), 0) * _HOURS * MINUTES_AN_HOUR
SEARCH = Effort("at-large arrest minutes", _MINUTES)
# Arrests that these minutes make, against those of the usual officers under the usual practice.
RISK = _MINUTES / (_USUAL * A_DAY) * (unmoved(_HOURS) / _HOURS)


def arrested(channel: str, *also: Op) -> To:
    """Return what follows an arrest: the charge, whose gates say whether and under what law one is held."""
    return to(
        "charge",
        do=[new_episode(), put("channel", channel), put("agency", "ice"), count("arrest"), *also],
    )


# A person met through a jail has a charge or a conviction, with few exceptions.
_CONVICTED, _CHARGED = exclusive(p("arrest.custodial.convicted_share"), p("arrest.custodial.charged_share"))
IN_JAIL = Decision(
    "arrested.in_jail",
    [
        to("arrested.custodial", when={"criminal": ["pending", "convicted"]}),
        to("arrested.custodial", when={"criminal": "none"}, share=_CONVICTED,
           do=[put("criminal", "convicted")]),
        to("arrested.custodial", when={"criminal": "none"}, share=_CHARGED,
           do=[put("criminal", "pending")]),
        to("arrested.custodial", when={"criminal": "none"}),
    ],
)  # fmt: skip

# Who sits in a jail is met alone, and is an adult.
CUSTODIAL = Decision("arrested.custodial", [arrested("custodial", put("family", "single_adult"))])

DRAWS = (
    Draw(
        "arrest.custodial",
        pool="not_detained",
        weight=p("arrest.custodial.weight_by_area") * p("arrest.custodial.weight_by_criminal"),
        effort="custodial transfers",
        also=(officers("custodial_arrest"),),
        space="detention.hold_rooms",
        then=to("arrested.in_jail", do=[new_episode()]),
    ),
    Draw(
        "arrest.supervision",
        pool="not_detained",
        weight=p("arrest.supervision.weight_by_docket") * p("arrest.supervision.weight_by_supervision"),
        effort="supervision arrests",
        also=(officers("supervision_arrest"),),
        space="detention.hold_rooms",
        then=arrested("supervision"),
    ),
    Draw(
        "arrest.interview",
        pool="not_detained",
        weight=p("arrest.interview.weight_by_status"),
        effort="interview arrests",
        also=(officers("supervision_arrest"),),
        space="detention.hold_rooms",
        then=arrested("supervision", count("arrest_at_interview")),
    ),
    Draw(
        "arrest.at_large",
        pool="not_detained",
        weight=p("arrest.at_large.weight_by_docket")
        * p("arrest.at_large.weight_by_criminal")
        * p("arrest.at_large.weight_by_status"),
        effort="at-large arrest minutes",
        space="detention.hold_rooms",
        cost=_HOURS * MINUTES_AN_HOUR,
        then=arrested("at_large"),
    ),
)


def arrest() -> Part:
    """Return the pool of people not detained and the draws of arrests."""
    return Part(
        nodes=(NOTHING_ON_FILE, IN_JAIL, CUSTODIAL),
        efforts=(BOOKINGS, CHECK_INS, INTERVIEWS, SEARCH),
        pools=(Pool("not_detained"),),
        draws=DRAWS,
        tallies=(Tally("arrest", ("channel", "criminal", "docket")), Tally("arrest_at_interview")),
    )
