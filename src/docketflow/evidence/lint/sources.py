"""What may stand on memory, a copy or a host that is no source, and orders of courts that switch nothing.

A number that nobody can look up is an assumption: it says so, has a range, or says why it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from docketflow.core.errors import unknown
from docketflow.evidence.room import Room
from docketflow.evidence.schema import Figure

Problems = Iterator[str]
REMEMBERED = re.compile(r"from (memory|knowledge)", re.IGNORECASE)
NOT_A_NUMBER = "date"  # a day has no range
NO_SOURCE = "is from memory, a copy or a host that is no source, or was not verified"
INSTEAD = "find the primary, or say how: assumed, with a range"


def refused_sources(room: Room, read: set[str]) -> Problems:
    """A figure from memory, or read only on a host that is no source, has grade C and a range."""
    for row in room.every.values():
        if not refused(room, row):
            continue
        if row.confidence != "C":
            yield f"figure {row.id}: {row.source} is no source; find the primary or give it grade C"
        elif (row.low is None or row.high is None) and row.unit != NOT_A_NUMBER:
            yield f"figure {row.id}: {row.source} is no source; find the primary or give it low and high"
    for order in room.litigation:
        if order.source not in room.sources:
            yield unknown("source", order.source, room.sources, f"litigation {order.case}")
        elif not room.is_source(order.source) and order.confidence != "C":
            yield f"litigation {order.case}: {order.source} is no source; find the primary or give it grade C"


def unverified_evidence(room: Room, read: set[str]) -> Problems:
    """A parameter that rests, even in part, on memory is assumed, and what is assumed has a range."""
    for path, parameter in room.parameters.items():
        known = [room.every[id] for id in parameter.evidence if id in room.every]
        weak = [row for row in known if row.confidence == "C" or refused(room, row)]
        if weak and parameter.how != "assumed":
            yield f"parameter {path}: {weak[0].id} ({weak[0].source}) {NO_SOURCE}; {INSTEAD}"
        elif parameter.how != "assumed" and (said := REMEMBERED.search(parameter.note)):
            yield f"parameter {path}: its note says {said[0]!r}; {INSTEAD}"
        elif parameter.how == "assumed" and parameter.shape is None and not parameter.no_range:
            why = f"{weak[0].id} ({weak[0].source}) {NO_SOURCE}" if weak else "is assumed"
            yield f"parameter {path}: {why}; give it a shape, or say in no_range why it has none"


def settings_on_no_source(room: Room, rows: Iterable[Mapping[str, object]]) -> Problems:
    """A setting on what nobody can look up is assumed, and has a range or says why it has none.

    ``rows`` are settings as plain data (`Setting.row`): of scenarios and of court orders alike.
    """
    for row in rows:
        where, name = f"{row['place']} ({row['lever']})", str(row["source"] or "")
        if name and name not in room.sources:
            yield unknown("source", name, room.sources, where)
            continue
        weak = bool(name) and not room.is_source(name)
        if weak and not row["assumed"]:
            yield f"{where}: {name} {NO_SOURCE}; find the primary, or say assumed: true with a range"
        elif row["assumed"] and not row["range"] and not row["no_range"]:
            yield f"{where}: is assumed; give it a range, or say in no_range why it has none"
        elif weak and not row["range"]:
            yield f"{where}: {name} {NO_SOURCE}; give it a range, whatever no_range says"


def orders_without_a_lever(room: Room, switched: Iterable[str]) -> Problems:
    """An order of a court switches a lever, or says why none: one of the two.

    ``switched`` are the names of the orders that have settings (`policy/litigation/`).
    """
    known = set(switched)
    for order in room.litigation:
        if order.case not in known and not order.no_lever:
            yield f"litigation {order.case}: switches no lever; give it settings, or say in no_lever why not"
        elif order.case in known and order.no_lever:
            yield f"litigation {order.case}: switches a lever and says why it has none; leave one out"
    for case in sorted(known - {order.case for order in room.litigation}):
        yield unknown("order", case, (order.case for order in room.litigation), "policy/litigation")


def refused(room: Room, row: Figure) -> bool:
    """Whether a figure was read where nothing may be cited from."""
    return row.source in room.sources and not room.is_source(row.source)
