"""Checks and lays out who needs which effort or space, and in which order lines that share one are served.

The order of a day's services is a plan, a row a line; each floor has a plan of its own (`layout.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d

Spender = d.Wait | d.Draw | d.Spend
Plan = list[tuple[int, int]]  # rows of wait (its number as a node) and class


def spenders(program: Program) -> list[Spender]:
    """Return everything that spends effort."""
    nodes = [node for node in program.nodes if isinstance(node, d.Wait | d.Spend)]
    return [*nodes, *program.network.draws]


def floors(program: Program) -> list[tuple[d.Effort, d.Floor]]:
    """Return all floors, each with its effort, in the order in which they are served."""
    efforts = [effort for effort in program.network.efforts if isinstance(effort, d.Effort)]
    return [(effort, floor) for effort in efforts for floor in effort.floors]


def check(program: Program) -> None:
    """Refuse efforts, spaces and orders that do not exist, and floors of what does not share the effort.

    Raises
    ------
    DeclarationError
    """
    for one in spenders(program):
        named = [name for name in (one.effort, *(need.effort for need in one.also)) if name is not None]
        for name in named:
            program.number("effort", name, one.name)
        if one.also and one.effort is None:
            raise DeclarationError(f"{one.name!r} needs {one.also[0].effort!r} also, but no effort first")
        if len(set(named)) < len(named):
            twice = next(name for name in named if named.count(name) > 1)
            raise DeclarationError(f"{one.name!r} needs {twice!r} twice: add the costs")
        if not isinstance(one, d.Spend) and one.space is not None:
            program.number("space", one.space, one.name)
    seen: set[str] = set()
    for effort, floor in floors(program):
        if floor.name in seen:
            raise DeclarationError(f"the floor {floor.name!r} is declared twice")
        seen.add(floor.name)
        sharing = [wait.name for wait in _sharing(program, effort.name)]
        for name in floor.waits:
            if name not in sharing:
                raise DeclarationError(
                    unknown(f"wait that spends {effort.name!r}", name, sharing, floor.name)
                )
        for rank in floor.classes:
            if not 0 <= rank < at.MAX_CLASSES:
                raise DeclarationError(
                    f"the floor {floor.name!r} is for the class {rank}; allowed: 0 to {at.MAX_CLASSES - 1}"
                )
    for refilled in program.network.efforts:
        if isinstance(refilled, d.Effort) and refilled.order not in (d.LISTED, d.CLASSES):
            raise DeclarationError(unknown("order", refilled.order, (d.LISTED, d.CLASSES), refilled.name))


def _sharing(program: Program, effort: str) -> list[d.Wait]:
    return [node for node in program.nodes if isinstance(node, d.Wait) and node.effort == effort]


def plan(program: Program, classes: dict[str, int]) -> Plan:
    """Return the lines in the order in which a day serves them; ``classes`` says how many each wait has."""
    rows: Plan = []
    for node in program.nodes:
        if not isinstance(node, d.Wait):
            continue
        effort = _effort(program, node.effort)
        if effort is None or effort.order == d.LISTED:
            rows += [(program.index[node.name], rank) for rank in range(classes[node.name])]
        elif (sharing := _sharing(program, effort.name))[0] is node:
            rows += _by_class(program, sharing, classes)
    return rows


def plan_of(program: Program, effort: d.Effort, floor: d.Floor, classes: dict[str, int]) -> Plan:
    """Return the lines of a floor in the order in which they are served."""
    sharing = [wait for wait in _sharing(program, effort.name) if not floor.waits or wait.name in floor.waits]
    if effort.order == d.CLASSES:
        rows = _by_class(program, sharing, classes)
    else:
        rows = [(program.index[one.name], rank) for one in sharing for rank in range(classes[one.name])]
    return [(wait, rank) for wait, rank in rows if not floor.classes or rank in floor.classes]


def _by_class(program: Program, sharing: Sequence[d.Wait], classes: dict[str, int]) -> Plan:
    most = max((classes[wait.name] for wait in sharing), default=0)
    pairs = itertools.product(range(most), sharing)
    return [(program.index[wait.name], rank) for rank, wait in pairs if rank < classes[wait.name]]


def _effort(program: Program, name: str | None) -> d.Effort | None:
    found = next((effort for effort in program.network.efforts if effort.name == name), None)
    return found if isinstance(found, d.Effort) else None


def laid_plans(program: Program, nodes: np.ndarray) -> tuple[np.ndarray, list[tuple[int, np.ndarray]]]:
    """Return the plan of a day and, for each floor, the number of its effort and its plan, from ``nodes``."""
    waits = [k for k, node in enumerate(program.nodes) if isinstance(node, d.Wait)]
    classes = {program.nodes[k].name: int(nodes[k, at.WAYS]) for k in waits}
    of_floors = [
        (program.order["effort"][effort.name], _rows(plan_of(program, effort, floor, classes)))
        for effort, floor in floors(program)
    ]
    return _rows(plan(program, classes)), of_floors


def _rows(rows: Plan) -> np.ndarray:
    return np.array(rows, dtype=np.int64).reshape(-1, at.PLAN_WIDTH)
