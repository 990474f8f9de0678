"""A declaration with the numbers of one run: what the machine is given."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from docketflow.core.errors import DeclarationError
from docketflow.core.quantity import Known, Table, quantity
from docketflow.engine import layout as at
from docketflow.engine.compile.form import Form
from docketflow.engine.compile.program import Program
from docketflow.engine.compile.rates import in_records
from docketflow.engine.declare import vocabulary as d


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a recipe.

    Attributes
    ----------
    first : what they are on the first day
    later : day number, places in the tables, and what is written over there that morning
    """

    first: np.ndarray
    later: list[tuple[int, np.ndarray, np.ndarray]]

    @functools.cached_property
    def range(self) -> tuple[int, int]:
        """The least and the largest number that ever stands in them."""
        numbers = [self.first, *(values for _, _, values in self.later)]
        return int(min(map(np.min, numbers))), int(max(map(np.max, numbers)))


@dataclass(eq=False)
class Bound:
    """A declaration with the numbers of one run.

    Attributes
    ----------
    form : what is the same for any numbers
    known : the numbers, by name and as declared
    words, changed : tables that its own are laid over, and the recipes whose rows differ from those
    laws : ndarray of uint16, 1,024 a law
    rows : for each recipe of the form, its rows
    patches : day number to (places, values) written over the tables that morning
    rates : name of a rate ("space", "effort", "exposure", "arrival", "attempt") to float array [day, thing],
        real persons or units, before scaling
    pauses : day numbers at which the run halts: months, cuts, patches, events
    like : the bound declaration whose numbers these are, but for some
    """

    form: Form
    known: Known
    words: np.ndarray
    changed: tuple[int, ...]
    laws: np.ndarray
    law_numbers: dict[bytes, int]
    rows: list[Rows]
    patches: dict[int, tuple[np.ndarray, np.ndarray]]
    rates: dict[str, np.ndarray]
    pauses: list[int]
    like: Bound | None = field(default=None, repr=False)
    _compared: tuple[Bound, dict[int, int]] | None = field(default=None, repr=False)

    @property
    def program(self) -> Program:
        """The checked declaration."""
        return self.form.program

    @property
    def first(self) -> dt.date:
        """The first day."""
        return self.form.first

    @property
    def days(self) -> int:
        """Number of days."""
        return self.form.days

    @property
    def scale(self) -> Fraction:
        """Records a person."""
        return self.form.scale

    @property
    def cuts(self) -> list[int]:
        """Day numbers at which tallies are cut."""
        return self.form.cuts

    @functools.cached_property
    def tables(self) -> np.ndarray:
        """Header, nodes, clocks, draws, fields, edges, acts and rows as they are on the first day, int64."""
        tables = np.empty_like(self.words)
        self.lay(tables)
        return tables

    def lay(self, memory: np.ndarray) -> None:
        """Write the tables of the first day to the beginning of some memory."""
        memory[: len(self.words)] = self.words
        for begin, end, some in _stretches(self.form, self.changed):
            np.concatenate([self.rows[k].first for k in some], out=memory[begin:end])

    @functools.cached_property
    def since(self) -> int:
        """The first day on which anything differs from ``like``, the number of days if nothing ever does."""
        return 0 if self.like is None else self.since_of(self.like)

    def since_of(self, other: Bound) -> int:
        """Return the first day on which anything differs from other numbers in the same form."""
        days = [self.days, *self._unlike(other).values()]
        for kind, lines in self.rates.items():
            if lines is not other.rates[kind]:
                unlike = np.flatnonzero((lines != other.rates[kind]).any(axis=1))
                days += unlike[:1].tolist()
        return min(days)

    def is_placed_as(self, other: Bound) -> bool:
        """Return whether the starting stock is placed as it is with other numbers in the same form."""
        return all(day > 0 for recipe, day in self._unlike(other).items() if recipe in self.form.placing)

    def _unlike(self, other: Bound) -> dict[int, int]:
        """Return the first day on which the rows of each recipe differ from others, where they ever do."""
        if self._compared is None or self._compared[0] is not other:
            both = enumerate(zip(other.rows, self.rows, strict=True))
            found = {k: _differs(before, now) for k, (before, now) in both if before is not now}
            self._compared = other, {k: day for k, day in found.items() if day < self.days}
        return self._compared[1]

    def halt_before(self, day: int) -> int:
        """Return the last day up to a day on which a run may halt and go on with other numbers from then."""
        if not self.program.network.feedbacks:
            return day
        firsts = (cut for cut in self.cuts if cut <= day and (self.first + dt.timedelta(cut)).day == 1)
        return max(firsts, default=0)  # a feedback acts from a month's first day on

    @functools.cached_property
    def whole(self) -> dict[str, np.ndarray]:
        """The rates by day as integers at record scale."""
        like = self.like
        return {
            kind: like.whole[kind]
            if like is not None and lines is like.rates[kind]
            else in_records(kind, lines, self.scale)
            for kind, lines in self.rates.items()
        }

    @functools.cached_property
    def reweighed(self) -> dict[int, list[int]]:
        """Day number to the draws, by number, whose weights change that morning."""
        found: dict[int, list[int]] = {}
        for draw, recipe in enumerate(self.form.weights):
            for day, _, _ in self.rows[recipe].later:
                found.setdefault(day, []).append(draw)
        return found

    def constants(self, law: d.Law, where: str) -> tuple[float, ...]:
        """Return the parameters of a law that depends on no trait, on the first day, never share last."""
        values = [
            quantity(n).evaluate(self.known).at(self.first.toordinal())
            for n in (*law.parameters, law.never_share)
        ]
        if any(isinstance(value, Table) for value in values):
            raise DeclarationError(f"the time spent at {where!r} may not depend on traits")
        return tuple(float(value) for value in values if not isinstance(value, Table))


@functools.lru_cache(maxsize=8)
def _stretches(form: Form, changed: tuple[int, ...]) -> list[tuple[int, int, list[int]]]:
    """Return where rows of recipes that follow on each other begin and end, and which these are."""
    found: list[tuple[int, int, list[int]]] = []
    for k in sorted(changed, key=lambda k: form.recipes[k].place):
        place, end = form.recipes[k].place, form.recipes[k].place + form.recipes[k].size
        if found and found[-1][1] == place:
            begin, _, before = found.pop()
            found.append((begin, end, [*before, k]))
        elif end > place:
            found.append((place, end, [k]))
    return found


def _differs(old: Rows, new: Rows) -> int:
    """Return the first day on which two kinds of the same rows differ, a very late one if none."""
    if not np.array_equal(old.first, new.first):
        return 0
    mornings = [{day: (places, values) for day, places, values in rows.later} for rows in (old, new)]
    for day in sorted({*mornings[0], *mornings[1]}):
        before, now = (morning.get(day, _NOTHING) for morning in mornings)
        if not (np.array_equal(before[0], now[0]) and np.array_equal(before[1], now[1])):
            return day
    return at.MOST_DAYS


_NOTHING = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
