"""What is spent once, by account: hiring, courts, places. Running costs (`money.py`) hold none of it.

It is spent when what is decided is there (after its lag): a rise above the most there was before, or recruits
by their pace. Who is lent, seats on charters and places given by agreement are built by nobody.
"""

from __future__ import annotations

from docketflow.core.quantity import Quantity, p, quantity
from docketflow.engine.declare.measure import Daily, Measure, Priced, Raised, Total
from docketflow.lifecycle.staff import DAYS_A_YEAR

OFFICER, EMPLOYEE, JUDGE, OPENED, BUILT = (
    p(f"money.once.{what}") for what in ("officer", "employee", "judge", "opened_place", "built_place")
)
_RECRUITS = p("staff.hiring.recruits_per_year") / DAYS_A_YEAR  # by pace, whether or not they pass


def _raised(price: Quantity, *paths: str) -> tuple[tuple[Measure, Quantity], ...]:
    return tuple((Raised(p(path)), price) for path in paths)


ONE_TIME: dict[str, Priced] = {
    "hiring": Priced(
        (
            (Daily(_RECRUITS), OFFICER),
            *_raised(OFFICER, "arrest.at_large.officers", "staff.hsi.agents"),
            *_raised(EMPLOYEE, "staff.support.added", "fear.officers.number"),
        )
    ),
    "courts": Priced(
        (
            *_raised(JUDGE, "court.judges", "appeal.board.members"),
            *_raised(EMPLOYEE, "court.government_counsel.attorneys"),
        )
    ),
    "places": Priced(
        (
            *_raised(OPENED, "detention.beds.contract", "detention.family.places"),
            *_raised(
                BUILT,
                "detention.beds.overflow",
                "detention.beds.bases",
                "detention.hold_rooms.places",
                "border.staging.places",
            ),
        )
    ),
}
SPENT_ONCE: dict[str, Measure] = {
    "cost.one_time": Total(tuple((1, account) for account in ONE_TIME.values())),
    **{f"cost.one_time.{name}": account for name, account in ONE_TIME.items()},
}


OUTLAYS: tuple[Quantity, ...] = (p("money.outlay.running_days"), p("money.outlay.one_time_days"))
"""How long after it is obligated a dollar is paid out, on average: read by whoever tells outlays."""


def built_up() -> frozenset[str]:
    """Return the parameters whose rise is paid for."""
    found: set[str] = set()
    for account in ONE_TIME.values():
        for part, _ in account.items:
            if isinstance(part, Raised | Daily):
                found |= quantity(part.of if isinstance(part, Raised) else part.a_day).paths()
    return frozenset(found)
