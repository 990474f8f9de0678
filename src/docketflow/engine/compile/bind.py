"""Adds the numbers of one run to a compiled declaration: probabilities, laws, costs, capacities by day.

Everything the kernel reads is an integer. What changes on a date becomes a patch, applied at a pause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import numpy as np

from docketflow.core.errors import DeclarationError
from docketflow.core.quantity import Dated, Number, Resolve
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.forks import lay_decision, lay_ways
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.compile.network import forks_last_to_first, signed, target
from docketflow.engine.compile.program import Field, Program
from docketflow.engine.compile.rates import rates_by_day
from docketflow.engine.compile.tables import Tables, axes_of, cells_of, over
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import EXPONENTIAL_TABLE, LN2, name_key

SMALLEST_WEIGHT, LARGEST_WEIGHT = 2.0**-12, 2.0**10  # of a draw: its points then fit and keep three digits


def bind(
    program: Program,
    resolve: Resolve,
    *,
    first: dt.date,
    days: int,
    scale: Fraction | int = 1,
    calendars: Mapping[str, np.ndarray] | None = None,
    cuts: Iterable[dt.date] = (),
    strict: bool = True,
) -> Bound:
    """Bind a program to the numbers of one run.

    Parameters
    ----------
    program : Program
    resolve : callable, parameter path to its `Dated` value
    first : first day
    days : number of days
    scale : records a person, such as Fraction(1, 100)
    calendars : name to bool array of ``days``, true on working days
    cuts : further days on which tallies are cut (beside the first of each month)

    Raises
    ------
    DeclarationError
        Shares that do not add up, a negative capacity, a table too large, an unknown calendar.
    """
    network, scale = program.network, Fraction(scale)
    if not 1 <= days <= at.MOST_DAYS:
        raise DeclarationError(f"a run lasts 1 to {at.MOST_DAYS} days, got {days}")
    if not 0 < scale <= 1:
        raise DeclarationError(f"a scale is above 0 and at most 1, got {scale}")
    tables = Tables(first, days, resolve, strict)
    header = np.zeros(at.HEADER, dtype=np.int64)
    nodes = np.zeros((len(program.nodes), at.NODE_WIDTH), dtype=np.int64)
    clocks = np.zeros((len(network.clocks), at.CLOCK_WIDTH), dtype=np.int64)
    draws = np.zeros((len(network.draws), at.DRAW_WIDTH), dtype=np.int64)
    nodes_at = at.HEADER
    clocks_at = nodes_at + nodes.size
    draws_at = clocks_at + clocks.size
    tables.size = draws_at + draws.size

    law_rows: dict[str, tuple[list[Field], np.ndarray]] = {}
    for k in forks_last_to_first(program):
        _bind_node(program, tables, nodes[k], nodes_at + k * at.NODE_WIDTH, program.nodes[k], law_rows)
    for k, clock in enumerate(network.clocks):
        row, place = clocks[k], clocks_at + k * at.CLOCK_WIDTH
        row[at.LANE], row[at.KEY] = at.lane_bit(program.lanes[clock.lane]), signed(name_key(clock.name))
        row[at.THEN] = program.then[clock.name]
        _bind_law(program, tables, row, place, clock.name, clock.after)
    for k, draw in enumerate(network.draws):
        _bind_draw(program, tables, draws[k], draws_at + k * at.DRAW_WIDTH, draw)
    header[at.H_CLOCKS_AT], header[at.H_DRAWS_AT] = clocks_at, draws_at
    header[at.H_ATTEMPTS_AT], header[at.H_ARRIVALS_AT], header[at.H_ORDER] = _bind_lists(program, tables)
    tallied = [tables.fields(program.axes(tally.by)) for tally in network.tallies]
    header[at.H_TALLIES_AT] = tables.add(np.array(tallied or [0]))
    header[at.H_EXPONENTIAL] = tables.add(EXPONENTIAL_TABLE)
    _header(program, header, tables.size, tables.lists)
    table = np.concatenate([header, nodes.ravel(), clocks.ravel(), draws.ravel(), *tables.blocks])
    patches = {
        day: (
            np.array([p for p, _ in pairs], dtype=np.int64),
            np.array([v for _, v in pairs], dtype=np.int64),
        )
        for day, pairs in tables.patches.items()
    }
    rates = rates_by_day(program, first, days, resolve, calendars or {})
    months = {k for k in range(1, days) if (first + dt.timedelta(k)).day == 1}
    cut_days = {(cut - first).days for cut in cuts}
    cut_at = sorted({0} | months | {c for c in cut_days if 0 < c < days})
    events = {(event.date - first).days for event in network.events}
    pauses = sorted(set(cut_at) | set(patches) | {e for e in events if 0 <= e < days} | {days})
    laws = (
        np.frombuffer(b"".join(tables.laws), dtype=np.uint16) if tables.laws else np.zeros(1, dtype=np.uint16)
    )
    return Bound(program, first, days, scale, table, laws, law_rows, patches, rates, pauses, cut_at, resolve)


def _whole(
    program: Program, tables: Tables, number: Number, where: str
) -> tuple[list[Field], list[Dated], Callable]:
    """Return fields, dated value and a builder of integer rows for a cost or class."""
    dated = tables.value(number)
    axes = axes_of(program, [dated])
    cells_of(axes, where)

    def build(day: int) -> np.ndarray:
        values = over(dated.at(day), axes)
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            raise DeclarationError(f"{where!r} has a value that is negative or not a number")
        return np.rint(values).astype(np.int64)

    return axes, [dated], build


def _bind_node(
    program: Program,
    tables: Tables,
    row: np.ndarray,
    place: int,
    node: d.Node,
    law_rows: dict[str, tuple[list[Field], np.ndarray]],
) -> None:
    row[at.KEY], row[at.THEN] = signed(name_key(node.name)), program.then.get(node.name, -1)
    row[at.EFFORT] = row[at.SPACE] = row[at.LIST] = -1
    if isinstance(node, d.Stage):
        row[at.KIND] = at.STAGE
        law_rows[node.name] = _bind_law(program, tables, row, place, node.name, node.stay)
    elif isinstance(node, d.Wait):
        _bind_wait(program, tables, row, place, node)
    elif isinstance(node, d.Decision):
        lay_decision(program, tables, row, place, node)
    elif isinstance(node, d.Gate):
        row[at.KIND], row[at.SPACE] = at.GATE, program.number("space", node.space, node.name)
        row[at.EDGE] = lay_ways(program, tables, node)
    else:
        row[at.KIND] = at.END if isinstance(node, d.End) else at.REST


def _bind_law(
    program: Program, tables: Tables, row: np.ndarray, place: int, where: str, law: d.Law
) -> tuple[list[Field], np.ndarray]:
    parts = [tables.value(number) for number in (*law.parameters, law.never_share)]
    axes = axes_of(program, parts)
    cells = cells_of(axes, where)

    def build(day: int) -> list[int]:
        columns = [over(part.at(day), axes).ravel() for part in parts]
        return [
            tables.law(
                quantiles(law.kind, tuple(float(c[k]) for c in columns[:-1]), float(columns[-1][k]), where)
            )
            for k in range(cells)
        ]

    row[at.FIELDS_AT] = tables.fields(axes)
    row[at.ROWS_AT] = tables.rows(place + at.ROWS_AT, parts, build)
    return axes, np.array(build(tables.first), dtype=np.int64)


def _bind_wait(program: Program, tables: Tables, row: np.ndarray, place: int, node: d.Wait) -> None:
    row[at.KIND], row[at.SORTED] = at.WAIT, int(node.order == "hash")
    axes, dated, build = _whole(program, tables, node.cost, node.name)
    row[at.FIELDS_AT] = tables.fields(axes)
    row[at.ROWS_AT] = tables.rows(place + at.ROWS_AT, dated, build)
    axes, dated, build = _whole(program, tables, node.priority, node.name)
    row[at.CLASS_FIELDS_AT] = tables.fields(axes)
    if int(np.max(build(tables.first))) >= at.MAX_CLASSES:
        raise DeclarationError(f"{node.name!r} has a priority of {at.MAX_CLASSES} or more")
    row[at.CLASS_ROWS_AT] = tables.rows(place + at.CLASS_ROWS_AT, dated, build)
    row[at.WAYS] = max(int(np.max(build(tables.first + k))) for k in tables.versions(dated)) + 1
    row[at.LIST] = tables.lists
    tables.lists += 2 * int(row[at.WAYS])  # a queue and a list of today's joiners for each class
    if node.effort is not None:
        row[at.EFFORT] = program.number("effort", node.effort, node.name)
    if node.space is not None:
        row[at.SPACE] = program.number("space", node.space, node.name)


def _bind_draw(program: Program, tables: Tables, row: np.ndarray, place: int, draw: d.Draw) -> None:
    row[at.LANE], row[at.KEY] = at.lane_bit(program.lanes[draw.pool]), signed(name_key(draw.name))
    row[at.THEN] = program.then[draw.name]
    dated = tables.value(draw.weight)
    axes = axes_of(program, [dated])
    cells_of(axes, draw.name)

    def build(day: int) -> np.ndarray:
        weight = over(dated.at(day), axes)
        if not np.all(np.isfinite(weight)) or np.any(weight < 0) or np.any(weight > LARGEST_WEIGHT):
            raise DeclarationError(
                f"{draw.name!r} has a weight that is negative, above {LARGEST_WEIGHT:g} or not a number"
            )
        if np.any((weight > 0) & (weight < SMALLEST_WEIGHT)):
            raise DeclarationError(
                f"{draw.name!r} has a weight of {weight[weight > 0].min():g}; allowed: 0, or at least 2**-12"
                " (scale all weights up and the exposure down)"
            )
        inverse = np.rint(at.WEIGHT_ONE / np.maximum(weight, SMALLEST_WEIGHT))
        return np.where(weight == 0, 0, inverse).astype(np.int64)

    row[at.FIELDS_AT] = tables.fields(axes)
    row[at.ROWS_AT] = tables.rows(place + at.ROWS_AT, [dated], build)
    axes, cost, build_cost = _whole(program, tables, draw.cost, draw.name)
    if draw.exposure is None and any(build_cost(tables.first + k).min() < 1 for k in tables.versions(cost)):
        raise DeclarationError(
            f"{draw.name!r} has a cost of 0 and no exposure: it would take everyone for nothing"
        )
    row[at.COST_FIELDS_AT] = tables.fields(axes)
    row[at.COST_ROWS_AT] = tables.rows(place + at.COST_ROWS_AT, cost, build_cost)
    row[at.EFFORT] = -1 if draw.effort is None else program.number("effort", draw.effort, draw.name)
    row[at.SLOTS_AT] = tables.lists
    tables.lists += at.SLOTS


def _bind_lists(program: Program, tables: Tables) -> tuple[int, int, int]:
    """Append the places of attempts and arrivals and the order of service."""
    network = program.network
    attempts = [[program.then[a.name], target(program, a.stage, a.name)] for a in network.attempts]
    arrivals = [[program.then[a.name], 0] for a in network.arrivals]
    waits = [k for k, node in enumerate(program.nodes) if isinstance(node, d.Wait)]
    first, second = (tables.add(np.array(rows or [[0, 0]])) for rows in (attempts, arrivals))
    third = tables.add(waits or [0])
    return first, second, third


def _header(program: Program, header: np.ndarray, end_of_tables: int, lists: int) -> None:
    """Write the sizes of things and where controls, lists and tallies lie behind the tables."""
    network = program.network
    waits = sum(isinstance(node, d.Wait) for node in program.nodes)
    nodes, spaces, efforts = len(program.nodes), len(network.spaces), len(network.efforts)
    draws, attempts, arrivals = len(network.draws), len(network.attempts), len(network.arrivals)
    header[at.H_NODES], header[at.H_SPACES], header[at.H_EFFORTS] = nodes, spaces, efforts
    header[at.H_DRAWS], header[at.H_ATTEMPTS], header[at.H_ARRIVALS] = draws, attempts, arrivals
    header[at.H_WAITS], header[at.H_LN2], header[at.NEXT_CHUNK] = waits, LN2, 1
    place = end_of_tables
    for slot, size in (
        (at.H_STOCK, nodes),
        (at.H_HELD, spaces),
        (at.H_REFUSED, spaces),
        (at.H_SPENT, efforts),
        (at.H_SERVED, nodes),
        (at.H_WAITED, nodes),
        (at.H_TAKEN, draws),
        (at.H_TRIED, attempts),
        (at.H_MISSED, attempts),
        (at.H_ARRIVED, arrivals),
        (at.H_TIMERS, 1),
        (at.H_ROW_END, 0),
        (at.H_CAPACITY, spaces),
        (at.H_FREED, spaces),
        (at.H_LEFT, efforts),
        (at.H_BLOCKED, efforts),
        (at.H_POOLED, draws * at.POOLED_WIDTH),
        (at.H_JOINERS, at.JOINERS * at.JOINER_WIDTH),
        (at.H_OPEN, lists),
        (at.H_BEGIN, lists),
        (at.H_DONE, lists),
        (at.H_TALLY, max(1, program.tally_cells)),
        (at.H_END, 0),
    ):
        header[slot] = place
        place += size
