"""What plans are compared with, kept between uses: a baseline's members are the same beside any plan.

They are a block, as a study keeps it, under a key of all that their bits depend on. What is missing, damaged
or of fewer members than are asked for is as if it had never been kept, and is lived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.conductor import model, rooms
from docketflow.conductor.provenance import settings_of
from docketflow.core import cache
from docketflow.results.arrays import GROUPS, MEMBER, Held
from docketflow.results.build import lever_row

if TYPE_CHECKING:
    from docketflow.conductor.simulator import Simulator
    from docketflow.evidence import Room
    from docketflow.results import Result

KIND, SUFFIX = "members", ".block"
_NUMBER = 4  # bytes that say of how many members a block is
MOST = 100  # members that are kept, some 20 kB each


def kept(simulator: Simulator, members: int) -> bytes | None:
    """Return what is kept of a scenario if it is of so many members, to be read when there is time."""
    asked = not simulator.recount and _is_known(simulator.room)
    data = cache.read(KIND, _key(simulator), SUFFIX) if asked else None
    if data is None or int.from_bytes(data[:_NUMBER]) < members:
        return None
    return data[_NUMBER:]


def result(simulator: Simulator, members: int, kept: bytes, made: Mapping[str, Any]) -> Result:
    """Return the result of a scenario's first members, as it would be lived, of what it is made of."""
    from docketflow.results import Result
    from docketflow.results.block import unpack

    block, arrays = unpack(kept, None)
    # Laid out as they are when they are lived: a sum along strides may end in another bit.
    turned = {
        name: np.moveaxis(arrays[name][:members], 0, dims.index(MEMBER))
        for name, dims in GROUPS.items()
        if name in arrays
    }
    held = Held({name: np.ascontiguousarray(array) for name, array in turned.items()})
    manifest = {**block.manifest, "members": members, **made}
    return Result(manifest, block.axes, held, [lever_row(one) for one in simulator.scenario.rows()])


def keep(simulator: Simulator, result: Result) -> None:
    """Keep the result of a scenario's members for the next plan beside it."""
    from docketflow.results.block import pack

    if not _is_known(simulator.room):
        return
    some = range(min(result.members, MOST))
    few = {
        name: np.take(result.arrays[name], some, dims.index(MEMBER))
        for name, dims in GROUPS.items()
        if name in result.arrays
    }
    block = pack(replace(result, arrays=Held(few)), some, members=len(some))
    cache.write(KIND, _key(simulator), SUFFIX, len(some).to_bytes(_NUMBER) + block)


def _is_known(room: Room) -> bool:
    """Return whether evidence can be told from other: it is all there is, or says what makes it another."""
    return bool(room.otherwise) or room in (rooms.believed(), model.evidence())


def _key(simulator: Simulator) -> str:
    """Return the name of what is kept: of code, evidence, versions, processor, and what a scenario says."""
    from docketflow.engine.run.compiler.cache import name

    one = simulator.scenario
    said = [one.name, one.title, one.summary, one.baseline, one.rows()]
    room = simulator.room
    lived = [settings_of(one, room.otherwise), room.jointly is not None, str(simulator.scale), simulator.seed]
    made = [model.made_from(one.first), name(), *lived]
    return hashlib.sha256(json.dumps([made, said], default=str).encode()).hexdigest()[:24]
