"""What every number of a result rests on: read off the lifecycle as it is declared, without a run."""

from __future__ import annotations

import datetime as dt
import functools

from docketflow.conductor import model
from docketflow.core import cache
from docketflow.core.grounds import Grounds


@functools.cache
def grounds(first: dt.date | None = None) -> Grounds:
    """Return what the numbers of a result rest on, as it was kept if nothing it is made from has changed.

    ``first`` is the result's first simulated day. Numbers are named as a report names them: ``outcome:NAME``,
    ``stock:STAGE``, ``flow:FROM>TO``, ``cost:ACCOUNT``, and ``resource:NAME/supply``, ``/used``,
    ``/low`` and ``/high`` (the band of what is used), ``/refused``.
    """
    key = model.made_from(first)
    kept = cache.read_plain("grounds", key)
    if kept is not None:
        return Grounds.of_plain(kept)
    found = read_off_anew(first)
    cache.write_plain("grounds", key, found.plain())
    return found


def read_off_anew(first: dt.date | None) -> Grounds:
    """Return what the numbers of a result rest on, read off the declaration."""
    from docketflow.engine.grounds import grounds_of, key, read_off, supplied, used
    from docketflow.lifecycle import ACCOUNTS, EDGES, MEASURES, STOCKS
    from docketflow.lifecycle.start import read_by_place

    program = model.program()
    network = program.network
    numbers = {f"outcome:{name}": read_off(program, one) for name, one in MEASURES.items()}
    numbers |= {f"stock:{name}": read_off(program, one) for name, one in STOCKS.items()}
    numbers |= {f"flow:{a}>{b}": read_off(program, one) for (a, b), one in EDGES.items()}
    numbers |= {f"cost:{name}": read_off(program, one) for name, one in ACCOUNTS.items()}
    for scarce in (*network.spaces, *network.efforts):
        name = f"resource:{scarce.name}"
        lines = [node for node in network.nodes if getattr(node, "effort", None) == scarce.name]
        numbers |= {f"{name}/supply": supplied(scarce)}
        numbers |= {f"{name}/{part}": used(scarce) for part in ("used", "low", "high")}  # use and its band
        numbers[f"{name}/refused"] = tuple(key(line) for line in lines) or used(scarce)
    stock = read_by_place() | (model.read_at(first) if first else set())
    return grounds_of(program, numbers, sorted(stock))
