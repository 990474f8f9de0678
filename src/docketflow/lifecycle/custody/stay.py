"""What every stay holds and counts, from booking to its end: places, who made the arrest, what statute."""

from __future__ import annotations

from docketflow.core.quantity import Number, least, p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    STAY,
    Clock,
    Op,
    Space,
    Tally,
    To,
    count,
    count_days,
    fixed,
    mark,
    put,
    release,
    start,
    stop,
    take,
    to,
)
from docketflow.lifecycle.custody.alternatives import NO_MORE

# Beds beyond those an appropriation pays for cannot be filled as far as it binds.
_CONTRACT, _BINDS = p("detention.beds.contract"), p("money.appropriation.binds_share")
_FUNDED = least(_CONTRACT, p("money.appropriation.beds"))
BEDS = Space(
    "detention.beds",
    (_BINDS * _FUNDED + (1 - _BINDS) * _CONTRACT) * p("detention.beds.usable_share"),
)
FAMILY = Space("detention.family", p("detention.family.places"))
# Surge places, declared: tents and the like, and places at military bases.
OVERFLOW = Space("detention.overflow", p("detention.beds.overflow") + p("detention.beds.bases"))
HOLD_ROOMS = Space("detention.hold_rooms", p("detention.hold_rooms.places"))
MAINLAND = (BEDS, FAMILY, OVERFLOW, HOLD_ROOMS)
GUANTANAMO = Space("detention.guantanamo", p("detention.guantanamo.places"))
PLACES = (*MAINLAND, GUANTANAMO)

# Counted without limit: by who made the arrest and criminal class, by statute, and by what stands on file.
_ARRESTS = tuple(
    Space(f"detained.{agency}_arrest.{criminal}")
    for agency in ("ice", "cbp")
    for criminal in labels("criminal")
)
_STATUTES = tuple(Space(f"detained.{label}") for label in labels("authority") if label.startswith("ina"))
FILES = {
    "expedited": ["expedited"],
    "notice_to_appear": ["none", "notice_to_appear"],
    "reinstated": ["reinstatement"],
    "other": ["administrative", "unexecuted_order", "voluntary_return", "visa_waiver", "alien_enemy"],
}
"""What ICE's file says of a case, and the routes of which it says so."""
ON_FILE = tuple(FILES)
_DISPOSITIONS = tuple(Space(f"detained.{name}") for name in ON_FILE)
OVER_LIMIT = Space("detained.hold_rooms.over_limit")
OVER_180 = Space("detained.over_180_days")
COUNTED = (*_ARRESTS, *_STATUTES, *_DISPOSITIONS, OVER_LIMIT, OVER_180)

CLOCK_LANES = ("custody", "tenure", "habeas", "giving_up", "place")
"""Lanes of the clocks that run while a person is held; none of them outlives the stay."""


def _space_of(authority: str) -> str:
    return f"detained.{authority}"


def under(authority: str) -> tuple[Op, ...]:
    """Return what makes a statute the one that holds a person already booked."""
    others = [space.name for space in _STATUTES if space.name != _space_of(authority)]
    return (*(release(name) for name in others), put("authority", authority), take(_space_of(authority)))


def counted(agency: str, criminal: str) -> tuple[Op, ...]:
    """Return what counts a person under who made the arrest and the criminal class."""
    return (take(f"detained.{agency}_arrest.{criminal}"),)


def on_file(disposition: str) -> tuple[Op, ...]:
    """Return what counts a person under what ICE's file says of the case."""
    return (take(f"detained.{disposition}"),)


def charged_again(route: str, authority: str) -> tuple[Op, ...]:
    """Return what makes a route and a statute those of a person already booked."""
    file = next(disposition for disposition, routes in FILES.items() if route in routes)
    others = [space.name for space in _DISPOSITIONS if space.name != f"detained.{file}"]
    return (put("route", route), *(release(name) for name in others), *on_file(file), *under(authority))


BOOKED: tuple[Op, ...] = (
    *NO_MORE,
    *(mark("first"), put("custody", "yes"), put("detention", "yes")),
    *(start("tenure_180"), count("book_in")),
)
"""What every booking does."""

LEAVING: tuple[Op, ...] = (
    count("book_out"),
    count_days("stay_days", "first"),
    *(release(space.name) for space in (*PLACES, *COUNTED)),
    *(stop(lane) for lane in CLOCK_LANES),
    *(put("custody", "no"), put("authority", "none"), put("circuit", "none")),
)
"""What the end of every stay does; the trait ``exit`` must have been set."""


def released(why: str, share: Number | None = None) -> To:
    """Return a way out of custody to the community."""
    return to("released_from_custody", share=share, do=[put("exit", why), *LEAVING])


TENURE = Clock(
    "tenure_180", "tenure", fixed(p("custody.long_stay_days")), to(STAY, do=[take("detained.over_180_days")])
)
TALLIES = (
    Tally("book_in", ("agency", "criminal")),
    Tally("book_out", ("agency", "criminal", "exit", "authority")),
    Tally("stay_days", ("agency", "criminal", "exit", "authority")),
)
