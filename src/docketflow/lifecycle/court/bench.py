"""The bench: one corps of judges, whose minutes go by declared priority, with floors under two dockets.

How much of it may cross dockets is a lever: where nothing may, each docket has its own part and no more;
where all may, minutes are idle only when nobody waits. Counsel for the government sits at each hearing too.
"""

from __future__ import annotations

from docketflow.core.quantity import Number, Quantity, least, p, quantity
from docketflow.core.quantity import most as larger
from docketflow.engine.declare.vocabulary import (
    CLASSES,
    Effort,
    Floor,
    Need,
    Op,
    Tally,
    Wait,
    count,
    count_days,
)
from docketflow.lifecycle.part import Part, exclusive

JUDGES, COUNSEL = "judges", "government counsel"
_BENCH = p("court.judges") * p("court.minutes_per_judge_day")
_ATTORNEYS = p("court.government_counsel.attorneys") * p("court.government_counsel.minutes_per_day")
# A hearing takes a judge and counsel for the government: floors are shares of the minutes that both have. As
# shares of the judges' alone they would take all of counsel's where judges are many, and people in custody,
# who come first in the order, would be heard by none.
_HELD = least(_BENCH, _ATTORNEYS) / larger(_BENCH, 1)
_OWN = dict(
    zip(
        ("detained", "merits", "master"),
        exclusive(p("court.bench.own_share.detained"), p("court.bench.own_share.merits"), quantity(1)),
        strict=True,
    )
)
_FLOOR_MASTER, _FLOOR_MERITS = exclusive(
    p("court.bench.floor_share.master"), p("court.bench.floor_share.merits")
)


def most(docket: str) -> str:
    """Return the name of what a docket may take of the bench in a day."""
    return f"{JUDGES}.{docket}"


def _most(own: Quantity) -> Quantity:
    return _BENCH * (own + p("court.bench.crossing_share") * (1 - own))


EFFORTS = (
    Effort(
        JUDGES,
        _BENCH,
        calendar="federal",
        order=CLASSES,
        floors=(
            Floor("court: master calendar", _FLOOR_MASTER * _HELD, ("master",)),
            Floor("court: merits", _FLOOR_MERITS * _HELD, ("merits",)),
        ),
    ),
    *(Effort(most(docket), _most(own), calendar="federal") for docket, own in _OWN.items()),
    Effort(COUNSEL, _ATTORNEYS, calendar="federal"),
)


def hearing(name: str, docket: str, cost: Number, then: str) -> Wait:
    """Return a line for hearings: what one costs is spent by the judge and by counsel for the government.

    Classes are the published order of priorities (8 CFR 1003.9); by what the case is, by date.
    """
    return Wait(
        name,
        effort=JUDGES,
        cost=cost,
        also=(Need(most(docket), cost), Need(COUNSEL, cost)),
        priority=p(f"court.priority.{docket}"),
        then=then,
    )


# --- what the courts count ------------------------------------------------------------------------
DECIDED: tuple[Op, ...] = (count("decision"), count_days("decision_days", "second"))
RELIEF = (count("relief"), count_days("decision_days", "second"))
DISMISSED = (count("dismissed"), count_days("decision_days", "second"))


def bench() -> Part:
    """Return judges, counsel for the government and what is counted of decisions."""
    return Part(
        efforts=EFFORTS,
        tallies=(
            Tally("decision", ("order", "custody", "counsel", "reopened", "relief")),
            Tally("relief", ("custody", "counsel", "reopened", "relief")),
            Tally("dismissed", ("custody", "reopened")),
            Tally("decision_days", ("custody",)),
            Tally("decision_days_held"),
        ),
    )
