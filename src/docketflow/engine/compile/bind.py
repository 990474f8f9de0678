"""Fills a form with the numbers of one run: probabilities, laws, costs, capacities by day.

Only what rests on changed numbers is worked out when a declaration is bound like another one before. What
changes on a date becomes a patch of the rows, applied at a pause.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np

from docketflow.core.quantity import Known, Resolve
from docketflow.engine.compile.bound import Bound, Versions
from docketflow.engine.compile.form import Form, lay_out
from docketflow.engine.compile.program import Program
from docketflow.engine.compile.rates import stacked
from docketflow.engine.compile.tables import Numberer, Outgrown, Recipe, traits_of, versions

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
        return _filled(form, Known(resolve, like.known), like)
    return _filled(form, resolve if isinstance(resolve, Known) else Known(resolve), None)


def _filled(form: Form, known: Known, like: Bound | None) -> Bound:
    laws = {} if like is None else dict(like.law_numbers)
    before, added = len(laws), []

    def number_of(table: np.ndarray) -> int:
        mark = table.tobytes()
        if mark not in laws:
            laws[mark] = len(laws)
            added.append(mark)
        return laws[mark]

    tables = (form.words if like is None else like.tables).copy()
    rows: list[Versions] = [] if like is None else list(like.versions)
    for k, recipe in enumerate(form.recipes):
        if like is not None and not known.differs(recipe.paths):
            continue
        made = _made(form, recipe, known, number_of)
        tables[recipe.place : recipe.place + recipe.size] = made[0][1]
        if like is None:
            rows.append(made)
        else:
            rows[k] = made
    rates = stacked(form.rates, form.days) if like is None else dict(like.rates)
    own: set[str] = set()
    for rate in form.rates:
        if like is None or known.differs(rate.paths):
            line = rate.line(known, form.first.toordinal(), form.days)
            if like is not None and rate.kind not in own:
                rates[rate.kind] = rates[rate.kind].copy()
                own.add(rate.kind)
            rates[rate.kind][:, rate.column] = line
    patches = _patches(form, rows)
    old = np.empty(0, dtype=np.uint16) if like is None or not before else like.laws
    more = np.frombuffer(b"".join(added), dtype=np.uint16)
    table = np.concatenate([old, more]) if len(old) + len(more) else np.zeros(1, dtype=np.uint16)
    table.setflags(write=False)
    pauses = sorted({*form.halts, *patches})
    return Bound(form, known, tables, table, laws, rows, patches, rates, pauses, like)


def _made(form: Form, recipe: Recipe, known: Known, number_of: Numberer) -> Versions:
    """Return the rows of a recipe by the day from which on they hold."""
    dated = [known.value(number) for number in recipe.numbers]
    if traits_of(dated) - {axis.name for axis in recipe.axes}:
        raise Outgrown(f"{recipe.where!r} depends on more traits than it was laid out for")
    first = form.first.toordinal()
    made: Versions = []
    for day in versions(dated, first, form.days):
        block = recipe.build([one.at(first + day) for one in dated], number_of)
        made.append((day, np.ascontiguousarray(block, dtype=np.int64).ravel()))
    return made


def _patches(form: Form, rows: list[Versions]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return what is written over in the rows on the days on which they change."""
    found: Patches = {}
    for recipe, made in zip(form.recipes, rows, strict=True):
        for (_, before), (day, after) in itertools.pairwise(made):
            places = np.flatnonzero(before != after)
            if len(places):
                found.setdefault(day, []).append((places + recipe.place, after[places]))
    return {
        day: (np.concatenate([p for p, _ in parts]), np.concatenate([v for _, v in parts]))
        for day, parts in sorted(found.items())
    }
