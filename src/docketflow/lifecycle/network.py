"""Puts the parts together: the national network, one pool for each resource."""

from __future__ import annotations

import functools
from operator import add

from docketflow.core.quantity import Quantity
from docketflow.engine.declare.vocabulary import Network
from docketflow.lifecycle.arrest import arrest
from docketflow.lifecycle.bars import bars
from docketflow.lifecycle.border import border
from docketflow.lifecycle.charge import charge
from docketflow.lifecycle.country import country
from docketflow.lifecycle.court import court
from docketflow.lifecycle.custody import custody
from docketflow.lifecycle.fear import fear
from docketflow.lifecycle.leaving.app import app
from docketflow.lifecycle.leaving.emigration import emigration
from docketflow.lifecycle.leaving.voluntary_departure import voluntary_departure
from docketflow.lifecycle.order import order
from docketflow.lifecycle.outcomes import prices
from docketflow.lifecycle.removal import removal
from docketflow.lifecycle.review import review
from docketflow.lifecycle.staff import staff
from docketflow.lifecycle.start import read_by_place, start
from docketflow.lifecycle.status import status
from docketflow.lifecycle.traits import traits
from docketflow.lifecycle.wartime import wartime

PARTS = (
    border,
    staff,
    arrest,
    charge,
    custody,
    fear,
    court,
    review,
    order,
    bars,
    country,
    removal,
    emigration,
    voluntary_departure,
    app,
    status,
    wartime,
    start,
)


@functools.cache
def national() -> Network:
    """Return the declaration of the whole system."""
    whole = functools.reduce(add, (part() for part in PARTS))
    return Network(
        "national",
        traits=traits(),
        nodes=whole.nodes,
        spaces=whole.spaces,
        efforts=whole.efforts,
        clocks=whole.clocks,
        pools=whole.pools,
        draws=whole.draws,
        arrivals=whole.arrivals,
        starts=whole.starts,
        tallies=whole.tallies,
    )


def paths_read() -> frozenset[str]:
    """Return every parameter the lifecycle reads: declaration, starting places and prices."""
    return _paths(national()) | read_by_place() | prices()


def _paths(thing: object) -> frozenset[str]:
    """Return the parameter names anywhere inside a declaration."""
    if isinstance(thing, Quantity):
        return thing.paths()
    if isinstance(thing, list | tuple):
        return frozenset().union(*map(_paths, thing))
    if hasattr(thing, "__dataclass_fields__"):
        return frozenset().union(*(_paths(getattr(thing, name)) for name in thing.__dataclass_fields__))
    return frozenset()
