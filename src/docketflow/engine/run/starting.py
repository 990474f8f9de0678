"""The starting stock, as it is placed: how long each has stood there, and in which order in a line."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from docketflow.core.errors import DeclarationError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.compile.program import Program
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import mix, mixed, person_key
from docketflow.engine.run.stock import Standing


@dataclass(frozen=True, eq=False)
class Asked:
    """Who of a starting stock is asked how long they have stood there: all that does not depend on numbers.

    Attributes
    ----------
    starts : numbers of the starts whose people are asked
    parts : where the people of each of them stand among all who are asked
    ids : who they are
    age_keys, rest_keys : the keys of what is asked of each
    steady : whether each is found in a steady state
    cells : for each stage of a start, whose laws are asked and in which cells of the stage's rows
    order : those who stay in a stage, those of one cell together
    """

    starts: list[int]
    parts: list[slice]
    ids: np.ndarray
    age_keys: np.ndarray
    rest_keys: np.ndarray
    steady: np.ndarray
    cells: list[tuple[str, np.ndarray, np.ndarray]]
    order: np.ndarray

    @classmethod
    def of(cls, bound: Bound, standing: Standing) -> Asked:
        """Find them: the same for all numbers that a form may be filled with."""
        network, program = bound.program.network, bound.program
        starts = [
            k
            for k, start in enumerate(network.starts[: len(standing.ids)])
            if start.spent is not None and len(standing.ids[k])
        ]
        many = [len(standing.ids[k]) for k in starts]
        begins = np.cumsum([0, *many]).tolist()
        parts = [slice(begin, end) for begin, end in itertools.pairwise(begins)]
        steady = np.repeat([isinstance(network.starts[k].spent, str) for k in starts], many)
        staying: dict[str, list[tuple[int, slice]]] = {}
        for k, part in zip(starts, parts, strict=True):
            if isinstance(program.nodes[program.index[network.starts[k].at]], d.Stage):
                staying.setdefault(network.starts[k].at, []).append((k, part))
        cells, order = [], []
        for stage, own in staying.items():
            fields, _ = bound.law_rows(stage)
            words = np.concatenate([standing.words[k] for k, _ in own])
            cell = np.zeros(len(words), dtype=np.int64)
            for f in fields:
                cell = cell * len(f.values) + f.read(words)
            who = np.concatenate([np.arange(part.start, part.stop) for _, part in own])
            cells.append((stage, who, cell))
            order.append(who[np.argsort(cell, kind="stable")])
        return cls(
            starts,
            parts,
            np.concatenate([standing.ids[k] for k in starts]) if starts else np.empty(0, dtype=np.uint64),
            _keys(program, starts, "age", many),
            _keys(program, starts, "rest", many),
            steady,
            cells,
            np.concatenate(order) if order else np.empty(0, dtype=np.int64),
        )


def asked(bound: Bound, standing: Standing) -> Asked:
    """Return who is asked how long they have stood where they stand; found once for a form."""
    found: Asked | None = standing.kept.get(bound.form)
    if found is None:
        found = standing.kept[bound.form] = Asked.of(bound, standing)
    return found


def time_spent(bound: Bound, key: int, standing: Standing) -> list[np.ndarray]:
    """Return for each start what remains of each person's stay (-1 never, -2 to be drawn) and days spent.

    All starts at once: most of a lifecycle's have a handful of people each.
    """
    from docketflow.engine.run.kernel import door

    network = bound.program.network
    found = [_UNASKED.repeat(len(ids), axis=0) for ids in standing.ids]
    all_asked = asked(bound, standing)
    if not all_asked.starts:
        return found
    luck = person_key(key, all_asked.ids)
    early, late = (_unit(mixed(luck, keys)) for keys in (all_asked.age_keys, all_asked.rest_keys))
    spent = _UNASKED.repeat(len(luck), axis=0)
    for k, part in zip(all_asked.starts, all_asked.parts, strict=True):
        if not isinstance(network.starts[k].spent, str):
            table = _age_table(bound, network.starts[k])
            spent[part, 1] = table[(early[part] * at.QUANTILES).astype(np.int64)]
    laws = np.zeros(len(luck), dtype=np.int64)
    for stage, who, cell in all_asked.cells:
        laws[who] = bound.law_rows(stage)[1][cell]
    door.settle(all_asked.order, laws, all_asked.steady, early, late, bound.laws, spent)
    for k, part in zip(all_asked.starts, all_asked.parts, strict=True):
        found[k] = spent[part]
    return found


_UNASKED = np.array([[-2, 0]], dtype=np.int64)


def _keys(program: Program, asked: Sequence[int], what: str, many: Sequence[int]) -> np.ndarray:
    """Return the key of what is asked of each person at some starts, of so many people each."""
    names = [f"{program.network.starts[k].name}/{what}" for k in asked]
    keys = np.array([program.key(name) for name in names], dtype=np.uint64)
    return np.repeat(keys, many)


def in_line(key: int, own: int | None, ids: np.ndarray, extra: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the order of a starting line: by days spent, then start, then luck by the line's key.

    Without a key of its own a line is in the order of arrival.
    """
    with np.errstate(over="ignore"):
        last = ids if own is None else mix(person_key(key, ids) + ~np.uint64(own))
    days = extra[:, 1]
    if len(ids) and days.max() < 1 << _DAYS and starts.max() < 1 << _STARTS and len(ids) < 1 << _LAST:
        # one number in place of three, as far as luck's first bits tell people apart: it sorts faster
        first = ((1 << _DAYS) - 1 - days).astype(np.uint64) << np.uint64(64 - _DAYS)
        second = starts.astype(np.uint64) << np.uint64(_LAST)
        one = first | second | (last if own is None else last >> np.uint64(64 - _LAST))
        order = np.argsort(one)
        line = one[order]
        if not (line[1:] == line[:-1]).any():
            return order
    return np.lexsort((last, starts, -days))


_DAYS, _STARTS, _LAST = 16, 8, 40  # bits of the one number


def _age_table(bound: Bound, start: d.Start) -> np.ndarray:
    law = start.spent
    if not isinstance(law, d.Law):
        raise DeclarationError(unknown("time spent", str(law), ["equilibrium"], start.name))
    parameters = bound.constants(law, start.name)
    if parameters[-1] > 0:
        raise DeclarationError(f"the time spent at {start.name!r} may not be endless")
    return quantiles(law.kind, parameters[:-1], parameters[-1], start.name).astype(np.int64)


def _unit(luck: np.ndarray) -> np.ndarray:
    """Return 64-bit luck as numbers in [0, 1)."""
    return (luck >> np.uint64(11)).astype(np.float64) / 2.0**53
