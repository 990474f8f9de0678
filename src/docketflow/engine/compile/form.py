"""Lays a compiled declaration out in memory: all that does not depend on numbers, made once for many runs.

Everything the kernel reads is an integer. What numbers will fill has its place, and a recipe (`tables.py`).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from docketflow.core.errors import DeclarationError, WeightError
from docketflow.core.quantity import Known, Number, Quantity, Value, quantity
from docketflow.engine import layout as at
from docketflow.engine.compile.forks import lay_decision, lay_ways
from docketflow.engine.compile.laws import tables as tables_of
from docketflow.engine.compile.needs import Spender, laid_plans
from docketflow.engine.compile.network import forks_last_to_first, signed, target
from docketflow.engine.compile.program import Field, Program
from docketflow.engine.compile.rates import Rate, rates_of
from docketflow.engine.compile.tables import (
    Build,
    Filling,
    Outgrown,
    Recipe,
    Tables,
    axes_of,
    cells_of,
    traits_of,
)
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import EXPONENTIAL_TABLE, LN2

SMALLEST_WEIGHT, LARGEST_WEIGHT = 2.0**-12, 2.0**10  # of a draw: its points then fit and keep three digits


@dataclass(eq=False)
class Form:
    """A declaration laid out over some days: all that is the same for any numbers.

    Attributes
    ----------
    words : ndarray of int64, the tables with nothing where numbers go
    recipes : how numbers fill the rows
    rates : the lines of capacities, refills, exposures and inflows
    weights : for each draw, the number of the recipe of its weights
    placing : numbers of the recipes by which the starting stock is placed
    cuts, halts : day numbers at which tallies are cut; at which a run halts whatever its numbers
    asked : every number that was asked for, and the traits by which it is given
    """

    program: Program
    first: dt.date
    days: int
    scale: Fraction
    strict: bool
    words: np.ndarray
    recipes: list[Recipe]
    rates: list[Rate]
    weights: list[int]
    placing: frozenset[int]
    cuts: list[int]
    halts: list[int]
    asked: list[tuple[Quantity, frozenset[str]]]

    @functools.cached_property
    def paths(self) -> frozenset[str]:
        """The parameter paths that rows and lines rest on."""
        return frozenset().union(*(one.paths for one in self.recipes), *(one.paths for one in self.rates))

    def is_for(self, known: Known) -> bool:
        """Return whether other numbers would be laid out in the same way: by the same traits."""
        return all(traits_of([known.value(number)]) == traits for number, traits in self.asked)


def lay_out(
    program: Program,
    known: Known,
    *,
    first: dt.date,
    days: int,
    scale: Fraction | int = 1,
    calendars: Mapping[str, np.ndarray] | None = None,
    cuts: Iterable[dt.date] = (),
    strict: bool = True,
) -> Form:
    """Lay out a program over some days; which traits a number depends on is asked of ``known``."""
    network, scale = program.network, Fraction(scale)
    if not 1 <= days <= at.MOST_DAYS:
        raise DeclarationError(f"a run lasts 1 to {at.MOST_DAYS} days, got {days}")
    if not 0 < scale <= 1:
        raise DeclarationError(f"a scale is above 0 and at most 1, got {scale}")
    tables = Tables(known, first.toordinal(), days, strict)
    header = np.zeros(at.HEADER, dtype=np.int64)
    nodes = np.zeros((len(program.nodes), at.NODE_WIDTH), dtype=np.int64)
    clocks = np.zeros((len(network.clocks), at.CLOCK_WIDTH), dtype=np.int64)
    draws = np.zeros((len(network.draws), at.DRAW_WIDTH), dtype=np.int64)
    nodes_at = at.HEADER
    clocks_at = nodes_at + nodes.size
    draws_at = clocks_at + clocks.size
    tables.size = draws_at + draws.size

    tables.noted = _noted(program, tables)
    stays: dict[str, int] = {}
    for k in forks_last_to_first(program):
        _lay_node(program, tables, nodes[k], nodes_at + k * at.NODE_WIDTH, program.nodes[k])
        if isinstance(program.nodes[k], d.Stage):
            stays[program.nodes[k].name] = len(tables.recipes) - 1
    placing = {stays[start.at] for start in network.starts if start.at in stays}
    waits = {start.at for start in network.starts if start.at not in stays}
    placing |= {k for k, recipe in enumerate(tables.recipes) if recipe.where in waits}
    beside = len(tables.recipes)
    for k, clock in enumerate(network.clocks):
        row, place = clocks[k], clocks_at + k * at.CLOCK_WIDTH
        row[at.LANE], row[at.KEY] = program.lane_bit(clock.lane), signed(program.key(clock.name))
        row[at.THEN] = program.then[clock.name]
        _lay_law(program, tables, row, place, clock.name, clock.after)
    weights: list[int] = []
    for k, draw in enumerate(network.draws):
        weights.append(len(tables.recipes))  # the first that a draw lays
        _lay_draw(program, tables, draws[k], draws_at + k * at.DRAW_WIDTH, draw)
    placing |= set(range(beside, len(tables.recipes)))
    header[at.H_CLOCKS_AT], header[at.H_DRAWS_AT] = clocks_at, draws_at
    header[at.H_ATTEMPTS_AT], header[at.H_ARRIVALS_AT], header[at.H_ORDER] = _lay_lists(program, tables)
    _lay_plans(program, tables, header, nodes)
    tallied = [tables.fields(program.axes(tally.by)) for tally in network.tallies]
    header[at.H_TALLIES_AT] = tables.add(np.array(tallied or [0]))
    header[at.H_EXPONENTIAL] = tables.add(EXPONENTIAL_TABLE)
    _header(program, header, tables.size, tables.lists)
    words = np.concatenate([header, nodes.ravel(), clocks.ravel(), draws.ravel(), *tables.blocks])
    months = {k for k in range(1, days) if (first + dt.timedelta(k)).day == 1}
    cut_days = {(cut - first).days for cut in cuts}
    cut_at = sorted({0} | months | {c for c in cut_days if 0 < c < days})
    dates = {event.date for event in network.events}.union(
        *(effort.renewed for effort in network.efforts if isinstance(effort, d.Quota))
    )
    halts = {(date - first).days for date in dates}
    pauses = sorted(set(cut_at) | {k for k in halts if 0 <= k < days} | {days})
    rates = rates_of(program, first, days, calendars or {})
    return Form(
        program, first, days, scale, strict, words, tables.recipes, rates, weights,
        frozenset(placing), cut_at, pauses, list(tables.asked.values()),
    )  # fmt: skip


def _noted(program: Program, tables: Tables) -> dict[int, list[int]]:
    """Return the draws whose weights depend on one small trait alone, by number, by where the trait lies."""
    found: dict[int, list[int]] = {}
    for k, draw in enumerate(program.network.draws):
        axes = axes_of(program, [tables.value(draw.weight)])
        if len(axes) == 1 and axes[0].mask < at.SMALL:
            found.setdefault(axes[0].shift, []).append(k)
    return found


def _whole(program: Program, tables: Tables, number: Number, where: str) -> tuple[list[Field], int, Build]:
    """Return fields, cells and a builder of integer rows for a cost or class."""
    axes = axes_of(program, [tables.value(number)])
    cells = cells_of(axes, where)

    def build(values: Sequence[Value], filling: Filling) -> np.ndarray:
        line = filling.over(values[0], axes)
        if not np.all(np.isfinite(line)) or np.any(line < 0):
            raise DeclarationError(f"{where!r} has a value that is negative or not a number")
        return np.rint(line).astype(np.int64)

    return axes, cells, build


def _lay_node(program: Program, tables: Tables, row: np.ndarray, place: int, node: d.Node) -> None:
    row[at.KEY], row[at.THEN] = signed(program.key(node.name)), program.then.get(node.name, -1)
    row[at.EFFORT] = row[at.SPACE] = row[at.LIST] = -1
    if isinstance(node, d.Stage):
        row[at.KIND] = at.STAGE
        _lay_law(program, tables, row, place, node.name, node.stay)
    elif isinstance(node, d.Wait):
        _lay_wait(program, tables, row, place, node)
    elif isinstance(node, d.Decision):
        lay_decision(program, tables, row, place, node)
    elif isinstance(node, d.Spend):
        row[at.KIND] = at.SPEND
        _lay_cost(program, tables, row, place, node, (at.FIELDS_AT, at.ROWS_AT))
        row[at.EDGE] = lay_ways(program, tables, node)
    elif isinstance(node, d.Gate):
        row[at.KIND], row[at.SPACE] = at.GATE, program.number("space", node.space, node.name)
        row[at.EDGE] = lay_ways(program, tables, node)
    else:
        row[at.KIND] = at.END if isinstance(node, d.End) else at.REST


def _lay_law(program: Program, tables: Tables, row: np.ndarray, place: int, where: str, law: d.Law) -> None:
    numbers = [tables.number(number) for number in (*law.parameters, law.never_share)]
    axes = axes_of(program, [tables.value(number) for number in numbers])
    cells = cells_of(axes, where)

    def build(values: Sequence[Value], filling: Filling) -> np.ndarray:
        *parameters, never = (filling.over(value, axes).ravel() for value in values)
        laws = tables_of(law.kind, np.column_stack(parameters), never, where)
        numbers = [filling.number_of(table) for table in laws]
        return np.array(numbers, dtype=np.int64).reshape(filling.runs, -1)

    row[at.FIELDS_AT] = tables.fields(axes)
    row[at.ROWS_AT] = tables.rows(where, place + at.ROWS_AT, numbers, axes, cells, build)


def _lay_wait(program: Program, tables: Tables, row: np.ndarray, place: int, node: d.Wait) -> None:
    row[at.KIND], row[at.SORTED] = at.WAIT, int(node.order == "hash")
    _lay_cost(program, tables, row, place, node, (at.FIELDS_AT, at.ROWS_AT))
    axes, cells, classes = _whole(program, tables, node.priority, node.name)
    dated = tables.value(node.priority)
    days = [tables.first + day for day in tables.versions([dated])]
    highest = max(int(np.max(classes([dated.at(day)], Filling(1, _no_law)))) for day in days)
    if highest >= at.MAX_CLASSES:
        raise DeclarationError(f"{node.name!r} has a priority of {at.MAX_CLASSES} or more")

    def build_classes(values: Sequence[Value], filling: Filling) -> np.ndarray:
        found = classes(values, filling)
        if int(np.max(found)) > highest:
            raise Outgrown(f"{node.name!r} has more classes than it was laid out for")
        return found

    row[at.CLASS_FIELDS_AT] = tables.fields(axes)
    priority = [tables.number(node.priority)]
    row[at.CLASS_ROWS_AT] = tables.rows(
        node.name, place + at.CLASS_ROWS_AT, priority, axes, cells, build_classes
    )
    row[at.WAYS] = highest + 1
    row[at.LIST] = tables.lists
    tables.lists += 2 * int(row[at.WAYS])  # a queue and a list of today's joiners for each class
    if node.space is not None:
        row[at.SPACE] = program.number("space", node.space, node.name)


def _lay_cost(
    program: Program, tables: Tables, row: np.ndarray, place: int, one: Spender, slots: tuple[int, int]
) -> None:
    """Lay what one person costs, and what is needed also."""
    row[at.EFFORT] = -1 if one.effort is None else program.number("effort", one.effort, one.name)
    free = not isinstance(one, d.Draw) or one.exposure is not None
    row[slots[0]], row[slots[1]] = _lay_whole(program, tables, place + slots[1], one.cost, one.name, free)
    if not one.also:
        return
    rows = np.zeros((len(one.also) + 1, at.NEED_WIDTH), dtype=np.int64)
    rows[-1, at.NEED_EFFORT] = -1
    row[at.ALSO] = tables.reserve(rows)
    for k, need in enumerate(one.also):
        pointer = int(row[at.ALSO]) + k * at.NEED_WIDTH + at.NEED_ROWS
        rows[k, at.NEED_EFFORT] = program.number("effort", need.effort, one.name)
        rows[k, at.NEED_FIELDS], rows[k, at.NEED_ROWS] = _lay_whole(
            program, tables, pointer, need.cost, one.name
        )


def _lay_whole(
    program: Program, tables: Tables, pointer: int, number: Number, where: str, free: bool = True
) -> tuple[int, int]:
    """Lay the rows of a cost and return the places of their fields and of themselves."""
    axes, cells, costs = _whole(program, tables, number, where)

    def build(values: Sequence[Value], filling: Filling) -> np.ndarray:
        found = costs(values, filling)
        if not free and found.min() < 1:
            raise DeclarationError(
                f"{where!r} has a cost of 0 and no exposure: it would take everyone for nothing"
            )
        return found

    return tables.fields(axes), tables.rows(where, pointer, [tables.number(number)], axes, cells, build)


def _no_law(table: np.ndarray) -> int:
    return 0


def _lay_draw(program: Program, tables: Tables, row: np.ndarray, place: int, draw: d.Draw) -> None:
    row[at.LANE], row[at.KEY] = program.lane_bit(draw.pool), signed(program.key(draw.name))
    row[at.THEN] = program.then[draw.name]
    axes = axes_of(program, [tables.value(draw.weight)])
    cells = cells_of(axes, draw.name)

    def build(values: Sequence[Value], filling: Filling) -> np.ndarray:
        weight = filling.over(values[0], axes)
        if not np.all(np.isfinite(weight)) or np.any(weight < 0):
            raise DeclarationError(f"{draw.name!r} has a weight that is negative or not a number")
        if not tables.strict:  # what is drawn beyond the largest is held there, as draws of levers are
            weight = np.minimum(weight, LARGEST_WEIGHT)
        for beyond, worst, kept in (
            (weight > LARGEST_WEIGHT, np.max, LARGEST_WEIGHT),
            ((weight > 0) & (weight < SMALLEST_WEIGHT), np.min, SMALLEST_WEIGHT),
        ):
            if beyond.any():
                paths = quantity(draw.weight).paths()
                raise WeightError(draw.name, paths, float(worst(weight[beyond])), kept)
        inverse = np.rint(at.WEIGHT_ONE / np.maximum(weight, SMALLEST_WEIGHT))
        return np.where(weight == 0, 0, inverse).astype(np.int64)

    row[at.FIELDS_AT], row[at.CELLS] = tables.fields(axes), cells
    weight = [tables.number(draw.weight)]
    row[at.ROWS_AT] = tables.rows(draw.name, place + at.ROWS_AT, weight, axes, cells, build)
    _lay_cost(program, tables, row, place, draw, (at.COST_FIELDS_AT, at.COST_ROWS_AT))
    row[at.SPACE] = -1 if draw.space is None else program.number("space", draw.space, draw.name)
    row[at.SLOTS_AT] = tables.lists
    tables.lists += at.SLOTS + 1  # behind them a list of those who can be taken


def _lay_lists(program: Program, tables: Tables) -> tuple[int, int, int]:
    """Append the places of attempts and arrivals and the order of service."""
    network = program.network
    attempts = [[program.then[a.name], target(program, a.stage, a.name)] for a in network.attempts]
    arrivals = [[program.then[a.name], 0] for a in network.arrivals]
    waits = [k for k, node in enumerate(program.nodes) if isinstance(node, d.Wait)]
    first, second = (tables.add(np.array(rows or [[0, 0]])) for rows in (attempts, arrivals))
    third = tables.add(waits or [0])
    return first, second, third


def _lay_plans(program: Program, tables: Tables, header: np.ndarray, nodes: np.ndarray) -> None:
    """Append the order of service, that of each floor, and which efforts keep what is left."""
    day, of_floors = laid_plans(program, nodes)
    keeps = [int(isinstance(effort, d.Quota)) for effort in program.network.efforts]
    header[at.H_KEEPS] = tables.add(keeps or [0])
    header[at.H_PLAN], header[at.H_PLANS] = tables.add(day if len(day) else [0]), len(day)
    rows = [[effort, tables.add(lines if len(lines) else [0]), len(lines), 0] for effort, lines in of_floors]
    header[at.H_FLOORS_AT], header[at.H_FLOORS] = (
        tables.add(np.array(rows, dtype=np.int64) if rows else [0]),
        len(rows),
    )


def _header(program: Program, header: np.ndarray, end_of_tables: int, lists: int) -> None:
    """Write the sizes of things and where controls, lists and tallies lie behind the tables."""
    network = program.network
    waits = sum(isinstance(node, d.Wait) for node in program.nodes)
    nodes, spaces, efforts = len(program.nodes), len(network.spaces), len(network.efforts)
    draws, attempts, arrivals = len(network.draws), len(network.attempts), len(network.arrivals)
    header[at.H_NODES], header[at.H_SPACES], header[at.H_EFFORTS] = nodes, spaces, efforts
    header[at.H_DRAWS], header[at.H_ATTEMPTS], header[at.H_ARRIVALS] = draws, attempts, arrivals
    header[at.H_WAITS], header[at.H_LN2], header[at.NEXT_CHUNK] = waits, LN2, 1
    header[at.H_RECORD], header[at.H_MORE] = at.RECORD_SHIFT, at.MORE_AT
    if program.short:
        low = sum(1 << program.lane_bit(name) % at.WORD for name in program.lanes)
        header[at.H_RECORD], header[at.H_MORE] = at.SHORT_SHIFT, at.TRAITS_AT
        header[at.H_LOW], header[at.H_HIGH] = low, low << (at.LANE_BITS - 1)
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
        (at.H_FULL, spaces),
        (at.H_EXHAUSTED, efforts),
        (at.H_TIMERS, 1),
        (at.H_ROW_END, 0),
        (at.H_CAPACITY, spaces),
        (at.H_FREED, spaces),
        (at.H_LEFT, efforts),
        (at.H_BLOCKED, efforts),
        (at.H_WANTED, efforts),
        (at.H_BUDGET, int(header[at.H_FLOORS])),
        (at.H_SHORT, int(header[at.H_FLOORS])),
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
