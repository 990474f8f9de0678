"""Fills a form with the numbers of one run: probabilities, laws, costs, capacities by day.

Only what rests on changed numbers is worked out when a declaration is bound like another one before. What
changes on a date becomes a patch of the rows, applied at a pause.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from docketflow.core.quantity import Known, Resolve
from docketflow.core.runs import RUN
from docketflow.engine.compile.bound import Bound, Rows
from docketflow.engine.compile.form import Form, lay_out
from docketflow.engine.compile.program import Program
from docketflow.engine.compile.rates import stacked
from docketflow.engine.compile.tables import Filling, Outgrown, Recipe, traits_of, versions

Patches = dict[int, list[tuple[np.ndarray, np.ndarray]]]


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
    strict : refuse shares that pass one together, instead of scaling them down

    Raises
    ------
    DeclarationError
        Shares that do not add up, a negative capacity, a table too large, an unknown calendar.
    """
    known = Known(resolve)
    form = lay_out(
        program, known, first=first, days=days, scale=scale, calendars=calendars, cuts=cuts, strict=strict
    )
    return fill(form, known)


def fill(form: Form, resolve: Resolve, like: Bound | None = None) -> Bound:
    """Fill a form with numbers.

    Parameters
    ----------
    form : Form
    resolve : callable, parameter path to its `Dated` value
    like : Bound, optional
        The same form filled before: what rests on the same numbers is taken over.

    Raises
    ------
    Outgrown
        If the numbers depend on other traits than the form was laid out for, or need more classes.
    DeclarationError
        If numbers do not make sense.
    """
    if like is not None:
        return fill_all(form, resolve, [resolve], like).bounds[0]
    known = resolve if isinstance(resolve, Known) else Known(resolve)
    laws = _Laws({}, np.empty(0, dtype=np.uint16))
    rows = [_made(form, recipe, known, Filling(1, laws.number_of))[0] for recipe in form.recipes]
    rates = stacked(form.rates, form.days)
    for rate in form.rates:
        rates[rate.kind][:, rate.column] = rate.lines(known, form.first.toordinal(), form.days)[0]
    return _bound(form, known, form.words, tuple(range(len(rows))), rows, rates, laws, None)


@dataclass(frozen=True, eq=False)
class Filled:
    """A form filled with the numbers of several runs.

    Attributes
    ----------
    known : the numbers, side by side
    bounds : each run's own
    plain : recipes that were worked out, and whose rows name no law (which each filling numbers by itself)
    """

    known: Known
    bounds: list[Bound]
    plain: frozenset[int]


def fill_all(
    form: Form, together: Resolve, alone: Sequence[Resolve], like: Bound, beside: Filled | None = None
) -> Filled:
    """Fill a form with the numbers of several runs: each as `fill` would, in less time together.

    Parameters
    ----------
    form : Form
    together : callable, parameter path to its value in all runs, side by side (`docketflow.core.runs`)
    alone : callables, parameter path to its value in each run
    like : Bound
        The same form filled before: what rests on the same numbers is taken over.
    beside : Filled, optional
        The same form filled for the same runs of another scenario: rows of the same numbers are its.
    """
    known = Known(together, like.known)
    knowns = [
        known if resolve is together else Known(resolve, like.known, (known, run, len(alone)))
        for run, resolve in enumerate(alone)
    ]
    laws = _Laws(dict(like.law_numbers), like.laws)
    filling = Filling(len(knowns), laws.number_of)
    moved_paths = known.changed(form.paths)
    changed = tuple(k for k, recipe in enumerate(form.recipes) if not moved_paths.isdisjoint(recipe.paths))
    other = None if beside is None or beside.bounds[0].form is not form else Known(together, beside.known)
    made, plain = {}, set()
    for k in changed:
        if beside and other and k in beside.plain and not other.differs(form.recipes[k].paths):
            made[k] = [bound.rows[k] for bound in beside.bounds]
            continue
        before = laws.asked
        made[k] = _made(form, form.recipes[k], known, filling)
        if laws.asked == before:
            plain.add(k)
    moved = [rate for rate in form.rates if not moved_paths.isdisjoint(rate.paths)]
    lines = [rate.lines(known, form.first.toordinal(), form.days, len(knowns)) for rate in moved]
    found = []
    for run, own in enumerate(knowns):
        rows = list(like.rows)
        for k in changed:
            rows[k] = made[k][run]
        rates = dict(like.rates)
        for rate, line in zip(moved, lines, strict=True):
            if rates[rate.kind] is like.rates[rate.kind]:
                rates[rate.kind] = rates[rate.kind].copy()
            rates[rate.kind][:, rate.column] = line[run]
        found.append(_bound(form, own, like.tables, changed, rows, rates, laws, like))
    return Filled(known, found, frozenset(plain))


def _bound(
    form: Form,
    known: Known,
    words: np.ndarray,
    changed: tuple[int, ...],
    rows: list[Rows],
    rates: dict[str, np.ndarray],
    laws: _Laws,
    like: Bound | None,
) -> Bound:
    patches = _patches(rows)
    pauses = sorted({*form.halts, *patches})
    return Bound(form, known, words, changed, laws.table(), laws.known, rows, patches, rates, pauses, like)


class _Laws:
    """Tables of 1,024 quantiles, equal ones kept once, each with its number."""

    def __init__(self, known: dict[bytes, int], table: np.ndarray) -> None:
        self.known, self._table = known, table if known else np.empty(0, dtype=np.uint16)
        self._added: list[bytes] = []
        self.asked = 0

    def number_of(self, table: np.ndarray) -> int:
        """Return the number of a table."""
        self.asked += 1
        mark = table.tobytes()
        if mark not in self.known:
            self.known[mark] = len(self.known)
            self._added.append(mark)
        return self.known[mark]

    def table(self) -> np.ndarray:
        """Return all tables, one after the other."""
        if self._added or not len(self._table):
            more = np.frombuffer(b"".join(self._added), dtype=np.uint16)
            self._table = np.concatenate([self._table, more])
            self._added = []
            if not len(self._table):
                return np.zeros(1, dtype=np.uint16)
            self._table.setflags(write=False)
        return self._table


def _made(form: Form, recipe: Recipe, known: Known, filling: Filling) -> list[Rows]:
    """Return the rows of a recipe in each run, and what is written over in them later on."""
    dated = [known.value(number) for number in recipe.numbers]
    if traits_of(dated) - {RUN} - {axis.name for axis in recipe.axes}:
        raise Outgrown(f"{recipe.where!r} depends on more traits than it was laid out for")
    first = form.first.toordinal()
    days = versions(dated, first, form.days)
    values = [[one.at(first + day) for one in dated] for day in days]
    block = np.ascontiguousarray(recipe.build(values[0], filling), dtype=np.int64)
    made = [Rows(own, []) for own in block]
    changed = [filling.unlike(*both, recipe.axes) for both in itertools.pairwise(values)]
    moves = np.zeros(recipe.cells, dtype=bool)
    for cells in changed:
        moves[cells] = True
    moving = np.flatnonzero(moves)
    now = block.reshape(filling.runs, recipe.cells, -1)[:, moving] if len(moving) else block
    for day, new, cells in zip(days[1:], values[1:], changed, strict=True):
        if len(cells):
            part = recipe.build(new, replace(filling, cells=cells)).reshape(filling.runs, len(cells), -1)
            among = np.searchsorted(moving, cells)
            _write_over(made, day, recipe.place + cells * part.shape[2], now[:, among], part)
            now[:, among] = part
    return made


def _write_over(made: list[Rows], day: int, places: np.ndarray, old: np.ndarray, new: np.ndarray) -> None:
    """Note for each run which words [run, cell, word] of cells at some places differ from a day on."""
    for run, unlike in enumerate(old != new):
        cell, word = np.nonzero(unlike)
        if len(cell):
            made[run].later.append((day, places[cell] + word, new[run, cell, word]))


def _patches(rows: list[Rows]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return what is written over in all rows on the days on which any change."""
    found: Patches = {}
    for made in rows:
        for day, places, values in made.later:
            found.setdefault(day, []).append((places, values))
    return {
        day: (np.concatenate([p for p, _ in parts]), np.concatenate([v for _, v in parts]))
        for day, parts in sorted(found.items())
    }
