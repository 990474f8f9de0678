"""The starting stock, as it is placed: how long each has stood there, and in which order in a line."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.compile.network import signed
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.stock import Standing


@dataclass(frozen=True)
class Line:
    """A line in which people stand on the first day.

    Attributes
    ----------
    key : of the luck by which they stand there, None where it is by arrival
    leads : number of each of its starts to the node that people go to from there
    """

    key: int | None
    leads: dict[int, int]


@functools.lru_cache(maxsize=4)
def leads_of(program: Program) -> tuple[np.ndarray, list[Line]]:
    """Return which node each start leads to, -1 where people stand in a line, and the lines."""
    leads = np.full(len(program.network.starts), -1)
    lines: dict[str, Line] = {}
    for k, start in enumerate(program.network.starts):
        place, node = program.nodes[program.index[start.at]], program.then[start.name]
        if isinstance(place, d.Wait):
            key = None if place.order == "arrival" else program.key(place.name)
            lines.setdefault(place.name, Line(key, {})).leads[k] = node
        else:
            leads[k] = node
    return leads, list(lines.values())


def time_spent(
    bound: Bound, key: np.uint64, standing: Standing, rec: np.ndarray, mem: np.ndarray
) -> np.ndarray:
    """Return of each person what remains of their stay (-1 never, -2 to be drawn) and the days spent there.

    All starts at once: most of a lifecycle's have a handful of people each.
    """
    from docketflow.engine.run.kernel import door

    found = np.empty((len(standing.ids), 2), dtype=np.int64)
    rows, ages = _starts(bound, standing)
    door.settle(key, rows, standing.ids, ages, rec, mem, bound.laws, found)
    return found


def in_line(
    key: np.uint64, own: int | None, parts: np.ndarray, ids: np.ndarray, spent: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who stands in a line, in order, what is known of their time, and where each goes from there.

    By days spent, then start, then luck by the line's key; without a key of its own in the order of arrival.
    A row of ``parts`` is a start: where its people begin and end among all, and where they go.
    """
    from docketflow.engine.run.kernel import door

    many = int((parts[:, 1] - parts[:, 0]).sum())
    who, extra = np.empty(many, dtype=np.uint64), np.empty((many, 2), dtype=np.int64)
    nodes = np.empty(many, dtype=np.int64)
    luck = np.uint64(0 if own is None else own)
    door.line_up(key, luck, own is not None, parts, ids, spent, who, extra, nodes)
    return who, extra, nodes


def _starts(bound: Bound, standing: Standing) -> tuple[np.ndarray, np.ndarray]:
    """Return a row a start (`layout.START_PEOPLE` and on), and tables of ages that they name by number."""
    rows = _empty(bound.program)[: len(standing.many)].copy()
    ages: list[np.ndarray] = []
    rows[:, at.START_PEOPLE] = standing.many
    for k in np.flatnonzero((rows[:, at.START_SPENT] == _ASKED) & (standing.many > 0)).tolist():
        rows[k, at.START_SPENT] = len(ages)
        ages.append(_age_table(bound, bound.program.network.starts[k]))
    return rows, np.array(ages, dtype=np.int64).reshape(-1, at.QUANTILES)


@functools.lru_cache(maxsize=4)
def _empty(program: Program) -> np.ndarray:
    """Return a row a start at which nobody stands."""
    rows = np.zeros((len(program.network.starts), 5), dtype=np.int64)
    for row, start in zip(rows, program.network.starts, strict=True):
        row[at.START_SPENT] = at.UNASKED
        if start.spent is None:
            continue
        row[at.START_SPENT] = at.STEADY if isinstance(start.spent, str) else _ASKED
        row[at.START_EARLY] = signed(program.key(f"{start.name}/age"))
        row[at.START_LATE] = signed(program.key(f"{start.name}/rest"))
        number = program.index[start.at]
        if isinstance(program.nodes[number], d.Stage):
            row[at.START_STAY] = at.HEADER + number * at.NODE_WIDTH
    return rows


_ASKED = 0  # stands for a table of ages until there is one


def _age_table(bound: Bound, start: d.Start) -> np.ndarray:
    law = start.spent
    if not isinstance(law, d.Law):
        raise DeclarationError(unknown("time spent", str(law), ["equilibrium"], start.name))
    parameters = bound.constants(law, start.name)
    if parameters[-1] > 0:
        raise DeclarationError(f"the time spent at {start.name!r} may not be endless")
    return quantiles(law.kind, parameters[:-1], parameters[-1], start.name).astype(np.int64)
