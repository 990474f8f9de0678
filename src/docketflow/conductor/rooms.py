"""The evidence as members are drawn from it: what was fitted from the posterior, the rest from its ranges.

The kept posterior is drawn from where it is of this evidence. Rows of one's own and evidence without a source
say their numbers themselves: there, and where it is asked for, every number is drawn from its own range.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import hashlib
from typing import TYPE_CHECKING

from docketflow.conductor import model
from docketflow.conductor.provenance import hash_of
from docketflow.core import cache, files

if TYPE_CHECKING:
    from docketflow.evidence import Room

RANGES = "the posterior, every number drawn from its own range"


def believed() -> Room:
    """Return the evidence as members are drawn from it, if nothing else is asked for."""
    return _believed(model.evidence())


def ranges() -> Room:
    """Return the evidence with every number drawn from its own range; as it is, where it always is."""
    return _ranges(model.evidence())


def known_on(day: dt.date) -> Room:
    """Return the evidence as it is believed on a day: no posterior that was shown later figures."""
    found = believed()
    if found.jointly is None:
        return found
    from docketflow.fitted.kept import SHIPPED, until

    return found if until(SHIPPED) <= day else ranges()


def is_fitted() -> bool:
    """Return whether the posterior that is kept was fitted to the published evidence, as it was found before.

    Rows of one's own are none: a posterior is never of them.
    """
    return model.evidence().private is None and _is_fitted()


@functools.cache
def _believed(room: Room) -> Room:
    if room.private is not None or not _is_fitted():
        return room
    from docketflow.fitted.drawn import drawn_from

    return drawn_from(room)


@functools.cache
def _ranges(room: Room) -> Room:
    if _believed(room) is room:
        return room
    other = copy.copy(room)
    other.otherwise = RANGES
    return other


@functools.cache
def _is_fitted() -> bool:
    """Say whether the kept posterior is of the published evidence: kept by all that decides it."""
    from docketflow.fitted.kept import MANIFEST, SHIPPED

    decides = hash_of("*.py", "*.csv", "*.yaml") + files.checksum(SHIPPED / MANIFEST)
    key = hashlib.sha256(decides.encode()).hexdigest()[:24]
    kept = cache.read_plain("fitted", key)
    if isinstance(kept, bool):
        return kept
    from docketflow.fitted.grounds import is_of

    found = is_of(model.evidence())
    cache.write_plain("fitted", key, found)
    return found
