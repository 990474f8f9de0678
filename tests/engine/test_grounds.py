"""Laws of what numbers rest on: nothing outside a number's ground moves it, and the ground is no larger lazily."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import fields, replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docketflow.core.errors import DeclarationError
from docketflow.core.grounds import Grounds
from docketflow.core.quantity import Dated, Table, Value, p
from docketflow.engine import Run, compile_network
from docketflow.engine.compile.grounds import grounds_of, key, read_off, supplied, used
from docketflow.engine.declare import measure as m
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.ledger import Ledger
from .networks import Case, cases


def lines_of(network: d.Network, nodes: list[d.Node]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what each line of the books is read off."""
    named = {node.name: key(node) for node in nodes}
    of: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, one in named.items():
        of |= {(part, name): (one,) for part in ("stock", "served", "waited", "booked", "lacked")}
    for space in network.spaces:
        of["capacity", space.name] = supplied(space)
        of |= {(part, space.name): used(space) for part in ("held", "refused", "full")}
    for effort in network.efforts:
        of["supply", effort.name] = supplied(effort)
        of |= {(part, effort.name): used(effort) for part in ("spent", "exhausted")}
    of |= {("taken", draw.name): (key(draw),) for draw in network.draws}
    of |= {("missed", attempt.name): (key(attempt),) for attempt in network.attempts}
    of |= {("arrived", arrival.name): (key(arrival),) for arrival in network.arrivals}
    of |= {("tallies", tally.name): (key(tally),) for tally in network.tallies}
    return of


def books(ledger: Ledger) -> dict[tuple[str, str], list]:
    lines = {}
    for part in fields(ledger):
        value = getattr(ledger, part.name)
        if isinstance(value, dict):
            lines |= {(part.name, name): np.asarray(v).tolist() for name, v in value.items()
                      if isinstance(v, np.ndarray)}  # fmt: skip
    return lines


def moved(value: Dated, how: str) -> Dated:
    """Return a value that is another: half of it, or the same on other days."""
    if how == "later":
        return Dated(tuple(start + 9 for start in value.starts), value.values)

    def half(one: Value) -> Value:
        return Table(one.axes, one.data / 2) if isinstance(one, Table) else one / 2

    return Dated(value.starts, tuple(half(one) for one in value.values))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases(), data=st.data())
def test_that_a_parameter_outside_the_ground_of_a_line_of_the_books_changes_nothing_of_it(
    case: Case, data: st.DataObject
) -> None:
    if not case.known:
        return
    bound = case.bind()
    of = lines_of(case.network, bound.program.nodes)
    grounds = grounds_of(bound.program, {str(line): read for line, read in of.items()})
    before = books(Run(bound, case.cells, case.seed).finish())
    chosen = data.draw(st.lists(st.sampled_from(sorted(case.known)), min_size=1, max_size=3, unique=True))
    how = data.draw(st.sampled_from(["half", "later"]))
    for path in chosen:
        other = replace(case, known={**case.known, path: moved(case.known[path], how)})
        try:
            after = books(Run(other.bind(), case.cells, case.seed).finish())
        except DeclarationError:
            continue  # half of it is no number for what it is
        for line, values in before.items():
            if line in of and after[line] != values:
                assert path in grounds.of(str(line)), (line, path, how)
