"""People, spaces and efforts add up: cheap totals that always run.

`Totals` reads the books of all evenings whenever a run halts: a few sums over columns. A failure is one line
that names the day, the stage, the resource and by how much. It must not change anything it looks at; the
full recount is `docketflow.engine.inspect.recount`.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, Protocol

import numpy as np

from docketflow.core.errors import ConservationError
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.form import Form
from docketflow.engine.declare import vocabulary as d

PEOPLE = "people"
UNNAMED = "(the books of that day alone: a recount each day names it)"


class Books(Protocol):
    """What is read of a run: its memory, records and the columns written down each evening."""

    mem: np.ndarray
    rec: np.ndarray
    opening: np.ndarray
    whole: dict[str, np.ndarray]
    day: int
    started: int

    @property
    def daily(self) -> np.ndarray: ...

    @property
    def people(self) -> int: ...


class Totals:
    """What must hold of the books of any run of a bound declaration."""

    def __init__(self, bound: Bound) -> None:
        network, program, header = bound.program.network, bound.program, bound.form.words
        self.name, self.first, self.program = network.name, bound.first, program
        self.nodes = [node.name for node in program.nodes]
        self.spaces, self.efforts = [s.name for s in network.spaces], [e.name for e in network.efforts]
        self.base = int(header[at.H_STOCK])
        spent = self.spent = _spending(bound.form)
        self.spenders, self.renewed = spent.spenders, spent.renewed
        ranges = [bound.rows[recipe].range for recipe in spent.recipes]
        self.least, self.most = np.array(ranges, dtype=np.int64).reshape(-1, 2).T
        self.carried = np.zeros(len(self.efforts), dtype=np.int64)
        np.maximum.at(self.carried, spent.of, self.most)

    def check(self, run: Books, since: int) -> None:
        """Check the books of the days from ``since`` up to today.

        Raises
        ------
        ConservationError
        """
        days = run.daily[since : run.day]
        if len(days):
            self._people(run, days, since)
            self._spaces(run, days, since)
            self._efforts(run, days, since)

    def _columns(self, run: Books, slot: int, many: int) -> slice:
        begins = int(run.mem[slot]) - self.base
        return slice(begins, begins + many)

    def _people(self, run: Books, days: np.ndarray, since: int) -> None:
        stock = days[:, : len(self.nodes)]
        came = self._columns(run, at.H_ARRIVED, int(run.mem[at.H_ARRIVALS]))
        before = run.started + int(run.daily[:since, came].sum())
        wanted = before + days[:, came].sum(axis=1).cumsum()
        excess = stock.sum(axis=1) - wanted
        if excess.any():
            day = int((excess != 0).argmax())
            amount, stage = int(excess[day]), UNNAMED
            for place, there, counted in miscounted(run, self):
                stage = place
                if (there - counted > 0) == (amount > 0):
                    break
            self.fail(
                since + day, stage, PEOPLE,
                f"{stock[day].sum()} people in the stages, {wanted[day]} started or came", amount,
            )  # fmt: skip
        if stock.min(initial=0) < 0:
            day, node = (int(k) for k in np.argwhere(stock < 0)[0])
            lacking = int(stock[day, node])
            self.fail(since + day, self.nodes[node], PEOPLE, f"{lacking} people there", lacking)

    def _spaces(self, run: Books, days: np.ndarray, since: int) -> None:
        column = self._columns(run, at.H_HELD, len(self.spaces))
        held, capacity = days[:, column], run.whole["space"][since : run.day]
        first = run.daily[since - 1, column] if since else run.opening[column]
        before = np.concatenate([first[None], held[:-1]])
        over = held - np.maximum(before, capacity)  # nobody is moved when capacity falls
        if (over > 0).any() or (held < 0).any():
            day, s = (int(k) for k in np.argwhere((over > 0) | (held < 0))[0])
            stage = " or ".join(self.into(s)) or "(any that takes it)"
            fault = f"{held[day, s]} held, room for {capacity[day, s]}, {before[day, s]} held the day before"
            amount = int(over[day, s]) if over[day, s] > 0 else int(held[day, s])
            self.fail(since + day, stage, self.spaces[s], fault, amount)

    def into(self, s: int) -> list[str]:
        """Return the names of what takes people into a space, by its number."""
        takers, space = (*self.program.nodes, *self.program.network.draws), self.spaces[s]
        return [n.name for n in takers if isinstance(n, d.Gate | d.Wait | d.Draw) and n.space == space]

    def _efforts(self, run: Books, days: np.ndarray, since: int) -> None:
        spent = days[:, self._columns(run, at.H_SPENT, len(self.efforts))]
        supply = run.whole["effort"][since : run.day]
        who, least, most = self.spent, np.zeros_like(spent), np.zeros_like(spent)
        if who.columns:
            flows = days[:, who.columns]
            least[:, who.efforts] = np.add.reduceat(flows * self.least, who.begins, axis=1)
            most[:, who.efforts] = np.add.reduceat(flows * self.most, who.begins, axis=1)
        # what is left is carried up to the need of the next in line, and lost beyond that
        saved = (supply - spent).cumsum(axis=0) + (self.carried if since else 0)
        peak = np.maximum.accumulate(saved, axis=0) - self.carried
        spare = saved - np.maximum(0, np.concatenate([np.zeros_like(peak[:1]), peak[:-1]]))
        for e in self.renewed:
            spare[:, e] = self._kept(run, e, since)
        wrong = (spare < 0) | (spent < least) | (spent > most)
        if wrong.any():
            day, e = (int(k) for k in np.argwhere(wrong)[0])
            amount = -int(spare[day, e])
            fault = f"{spent[day, e]} spent, {spent[day, e] - amount} to spend"
            if spare[day, e] >= 0:
                amount = int(spent[day, e] - (most if spent[day, e] > most[day, e] else least)[day, e])
                fault = f"{spent[day, e]} spent, {spent[day, e] - amount} needed for those served"
            self.fail(since + day, " or ".join(self.spenders[e]), self.efforts[e], fault, amount)

    def _kept(self, run: Books, e: int, since: int) -> np.ndarray:
        """Return what is left of a quota each evening, counted as nothing below zero where none is spent."""
        column = int(run.mem[at.H_SPENT]) - self.base + e
        spent, left = run.daily[: run.day, column], np.zeros(run.day, dtype=np.int64)
        for begin, end in itertools.pairwise([*(k for k in self.renewed[e] if k < run.day), run.day]):
            left[begin:end] = (run.whole["effort"][begin:end, e] - spent[begin:end]).cumsum()
        return np.where(spent == 0, np.maximum(left, 0), left)[since:]

    def fail(self, day: int, stage: str, resource: str, fault: str, amount: int) -> NoReturn:
        """Say on which day what does not add up, where, and by how much."""
        date = self.first + dt.timedelta(day)
        raise ConservationError(
            self.name, date=date, stage=stage, resource=resource, fault=fault, amount=amount
        )


@dataclass(frozen=True)
class _Spent:
    """What can be spent, by effort and column of who spends it.

    Attributes
    ----------
    recipes : of what each costs
    of : the effort of each
    columns : how many spent it, of an evening
    efforts, begins : the efforts that are spent, and where each of them begins
    spenders : who spends each effort, by name
    renewed : numbers of the days on which each quota is granted
    """

    recipes: list[int]
    of: list[int]
    columns: list[int]
    efforts: list[int]
    begins: np.ndarray
    spenders: list[list[str]]
    renewed: dict[int, list[int]]


@functools.lru_cache(maxsize=4)
def _spending(form: Form) -> _Spent:
    """Return what can be spent."""
    network = form.program.network
    spenders: list[list[str]] = [[] for _ in network.efforts]
    found: dict[tuple[int, int], int] = {}
    for name, effort, recipe, column in _spends(form):
        found[effort, column] = recipe
        spenders[effort].append(name)
    flows = sorted(found)
    of = [effort for effort, _ in flows]
    efforts = sorted(set(of))
    renewed = {
        e: [0, *sorted(k for date in effort.renewed if (k := (date - form.first).days) > 0)]
        for e, effort in enumerate(network.efforts)
        if isinstance(effort, d.Quota)
    }
    begins = np.searchsorted(of, efforts)
    recipes, columns = [found[one] for one in flows], [column for _, column in flows]
    return _Spent(recipes, of, columns, efforts, begins, spenders, renewed)


def _spends(form: Form) -> Iterator[tuple[str, int, int, int]]:
    """Yield who spends, which effort, the recipe of its costs, column of who spent."""
    program, words = form.program, form.words
    base = int(words[at.H_STOCK])
    owners = [
        (node.name, at.HEADER + k * at.NODE_WIDTH, at.ROWS_AT, int(words[at.H_SERVED]) + k)
        for k, node in enumerate(program.nodes)
        if isinstance(node, d.Wait | d.Spend)
    ] + [
        (
            draw.name,
            int(words[at.H_DRAWS_AT]) + k * at.DRAW_WIDTH,
            at.COST_ROWS_AT,
            int(words[at.H_TAKEN]) + k,
        )
        for k, draw in enumerate(program.network.draws)
    ]
    recipe_at = {recipe.place: k for k, recipe in enumerate(form.recipes) if recipe.size}
    for name, row, rows, column in owners:
        if words[row + at.EFFORT] >= 0:
            yield name, int(words[row + at.EFFORT]), recipe_at[int(words[row + rows])], column - base
        need = int(words[row + at.ALSO])
        while need and words[need + at.NEED_EFFORT] >= 0:
            recipe = recipe_at[int(words[need + at.NEED_ROWS])]
            yield name, int(words[need + at.NEED_EFFORT]), recipe, column - base
            need += at.NEED_WIDTH


def records(run: Books) -> np.ndarray:
    """Return everybody's record."""
    words = 1 << int(run.mem[at.H_RECORD])
    return run.rec[: words * run.people].reshape(-1, words)


def written(run: Books, slot: int, k: int) -> int:
    """Return what was written down last evening (or before the first day) in a column."""
    row = run.daily[run.day - 1] if run.day else run.opening
    return int(row[int(run.mem[slot] - run.mem[at.H_STOCK]) + k])


def miscounted(run: Books, totals: Totals) -> Iterator[tuple[str, int, int]]:
    """Yield the stages whose stock is not the number of people who stand there: name, stock, people."""
    stands = (records(run)[:, 0] & np.uint64(0xFFFF)).astype(np.int64)
    counted = np.bincount(stands, minlength=len(totals.nodes))
    for k, name in enumerate(totals.nodes):
        for there in (int(run.mem[run.mem[at.H_STOCK] + k]), written(run, at.H_STOCK, k)):
            if there != counted[k]:
                yield name, there, int(counted[k])
                break
