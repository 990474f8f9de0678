"""Evaluates declared measures on the books of a run."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from docketflow.core.errors import EngineError, unknown
from docketflow.core.quantity import Number, Resolve, Table, quantity
from docketflow.engine.declare.measure import (
    Daily,
    Flow,
    Level,
    Measure,
    Priced,
    Raised,
    Ratio,
    Scaled,
    Total,
)
from docketflow.engine.run.ledger import Ledger
from docketflow.engine.run.numbers import all_on_days, on_days, risen

Value = tuple[np.ndarray, float]


@dataclass(frozen=True, eq=False)
class _Cells:
    """Which cells of some tallies, laid side by side, flows count: stretches of one flow, then of the next.

    A stretch is counted as what all cells before its end hold, less what those before its begin hold.
    """

    axes: object
    begins: np.ndarray
    ends: np.ndarray
    firsts: np.ndarray


class Leaves:
    """The flows, levels and prices that some measures come down to: read off the books of a run all at once.

    Parameters
    ----------
    measures : sequence of Measure
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        found = list({id(one): one for measure in measures for one in _within(measure)}.values())
        self.flows = [one for one in found if isinstance(one, Flow)]
        self.levels = [one for one in found if isinstance(one, Level)]
        self.totals = [
            one
            for one in found
            if isinstance(one, Total) and all(isinstance(part, Flow | Level) for _, part in one.parts)
        ]
        self.priced = list({id(one): one for one in measures if isinstance(one, Priced)}.values())
        self.tallies = list(dict.fromkeys(flow.tally for flow in self.flows))
        self.row = {id(one): row for row, one in enumerate([*self.flows, *self.levels, *self.totals])}
        self._cells: _Cells | None = None

    @functools.cached_property
    def added(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The rows that totals add up, their signs, and where each total begins."""
        parts = [part for one in self.totals for part in one.parts]
        rows = np.array([self.row[id(part)] for _, part in parts], dtype=np.int64)
        signs = np.array([sign for sign, _ in parts], dtype=float)[:, None]
        return rows, signs, np.cumsum([0, *(len(one.parts) for one in self.totals[:-1])])

    @functools.cached_property
    def items(self) -> Items:
        """What is priced of them."""
        return Items(self, [item for one in self.priced for item in one.items], self.priced)

    def cells(self, ledger: Ledger) -> _Cells:
        """Return which cells each flow counts, worked out once for all books of one declaration."""
        known = self._cells
        if known is None or known.axes != ledger.tally_axes:
            known = self._cells = self._laid(ledger)
        return known

    def _laid(self, ledger: Ledger) -> _Cells:
        places, size = {}, 0
        for tally in self.tallies:
            places[tally] = size
            size += ledger.tally(tally)[0].size
        stretches = [places[flow.tally] + _stretches(_fitting(flow, ledger)) for flow in self.flows]
        firsts = np.cumsum([0, *map(len, stretches[:-1])])
        begins, ends = np.concatenate(stretches).T.copy()
        return _Cells(dict(ledger.tally_axes), begins, ends, firsts)


def _within(measure: Measure) -> Iterator[Measure]:
    """Yield a measure and all that it comes down to."""
    parts: Sequence[Measure] = ()
    if isinstance(measure, Ratio):
        parts = [measure.top, measure.bottom]
    elif isinstance(measure, Scaled):
        parts = [measure.of]
    elif isinstance(measure, Total):
        parts = [part for _, part in measure.parts]
    elif isinstance(measure, Priced):
        parts = [part for part, _ in measure.items]
    yield measure
    for part in parts:
        yield from _within(part)


class Items:
    """Parts with prices, account by account."""

    def __init__(
        self, leaves: Leaves, items: Sequence[tuple[Measure, Number]], accounts: Sequence[Priced]
    ) -> None:
        self.prices = [price for _, price in items]
        self.upto = np.cumsum([0, *(len(one.items) for one in accounts)])
        known = [(k, leaves.row[id(part)]) for k, (part, _) in enumerate(items) if id(part) in leaves.row]
        self.places, self.rows = np.array(known, dtype=np.int64).reshape(-1, 2).T
        self.others = [(k, part) for k, (part, _) in enumerate(items) if id(part) not in leaves.row]


def _fitting(flow: Flow, ledger: Ledger) -> np.ndarray:
    """Return the places of the cells of a tally that a flow counts."""
    axes, where = dict(ledger.tally_axes[flow.tally]), f"tally {flow.tally!r}"
    wanted = {trait: (one,) if isinstance(one, str) else tuple(one) for trait, one in flow.where.items()}
    for trait, chosen in wanted.items():
        if trait not in axes:
            raise EngineError(unknown("trait", trait, axes, where))
        for label in chosen:
            if label not in axes[trait]:
                raise EngineError(unknown(f"value of {trait}", label, axes[trait], where))
    fits = np.ones(1, dtype=bool)
    for trait, labels in axes.items():
        fit = np.array([trait not in wanted or label in wanted[trait] for label in labels])
        fits = (fits[:, None] & fit).ravel()
    return np.flatnonzero(fits)


def _stretches(cells: np.ndarray) -> np.ndarray:
    """Return begins and ends of the stretches of cells that follow on each other; an empty one if none."""
    if not len(cells):
        return np.zeros((1, 2), dtype=np.int64)
    breaks = np.flatnonzero(np.diff(cells) != 1) + 1
    firsts, lasts = np.append(0, breaks), np.append(breaks, len(cells)) - 1
    return np.column_stack([cells[firsts], cells[lasts] + 1])


class Sheet:
    """Some measures in a fixed order, a row each, read in few steps where leaves are what they come down to.

    Parameters
    ----------
    leaves : Leaves
    measures : sequence of Measure
    """

    def __init__(self, leaves: Leaves, measures: Sequence[Measure]) -> None:
        self.many = len(measures)
        priced = {id(one): row for row, one in enumerate(leaves.priced)}
        of_leaves = [(k, leaves.row[id(one)]) for k, one in enumerate(measures) if id(one) in leaves.row]
        of_prices = [(k, priced[id(one)]) for k, one in enumerate(measures) if id(one) in priced]
        ratios = [
            (k, leaves.row[id(one.top)], leaves.row[id(one.bottom)])
            for k, one in enumerate(measures)
            if isinstance(one, Ratio) and id(one.top) in leaves.row and id(one.bottom) in leaves.row
        ]
        self.ratios = np.array(ratios, dtype=np.int64).reshape(-1, 3).T
        self.of_leaves, self.of_prices = (np.array(some, dtype=np.int64).reshape(-1, 2).T
                                          for some in (of_leaves, of_prices))  # fmt: skip
        done = {*self.of_leaves[0].tolist(), *self.of_prices[0].tolist(), *self.ratios[0].tolist()}
        self.others = [(k, one) for k, one in enumerate(measures) if k not in done]

    def read(self, reader: Reader) -> np.ndarray:
        """Return the measures [measure, segment and one more], the whole window last."""
        found = np.empty((self.many, reader.lines.shape[1]))
        found[self.of_leaves[0]] = reader.lines[self.of_leaves[1]]
        if self.of_prices.size:
            found[self.of_prices[0]] = reader.prices[self.of_prices[1]]
        if self.ratios.size:
            top, bottom = reader.lines[self.ratios[1]], reader.lines[self.ratios[2]]
            found[self.ratios[0]] = np.divide(top, bottom, out=np.zeros_like(top), where=bottom != 0)
        for k, measure in self.others:
            found[k, :-1], found[k, -1] = reader.read(measure)
        return found


class Reader:
    """Reads measures off the books of a run over a window of days; what several measures share is read once.

    Parameters
    ----------
    ledger : Ledger
    window : first and last day, both included; both must be edges of segments
    resolve : parameter path to its dated value, for prices
    leaves : Leaves, optional
        What will be asked for anyway: it is read at once, in less time.
    """

    def __init__(
        self,
        ledger: Ledger,
        window: tuple[dt.date, dt.date],
        resolve: Resolve,
        leaves: Leaves | None = None,
    ) -> None:
        self.ledger, self.resolve = ledger, resolve
        self.segments = ledger.segments_in(window)
        self.spans = [ledger.span(k) for k in self.segments]
        self._begins, self._ends = (np.array(edges) for edges in zip(*self.spans, strict=True))
        self._days = [ledger.segments[k][0].toordinal() for k in self.segments]
        self._found: dict[int, tuple[Measure, Value]] = {}
        self._leaves = leaves or Leaves([])
        self.lines = self._read_off(self._leaves)

    def read(self, measure: Measure) -> Value:
        """Return a measure by segment of the window, and its value for the whole window.

        Returns
        -------
        by_segment : ndarray of float, one a segment of the window, in persons (or the measure's unit)
        whole : float, the value of the whole window
        """
        row = self._leaves.row.get(id(measure))
        if row is not None:
            return self.lines[row, :-1], float(self.lines[row, -1])
        if id(measure) not in self._found:
            self._found[id(measure)] = measure, self._read(measure)
        return self._found[id(measure)][1]

    def _read(self, measure: Measure) -> Value:
        if isinstance(measure, Flow | Level):
            [line] = self._read_off(Leaves([measure]))
            return line[:-1], float(line[-1])
        if isinstance(measure, Total):
            parts = [(sign, *self.read(part)) for sign, part in measure.parts]
            summed = np.sum([sign * by for sign, by, _ in parts], axis=0)
            return np.asarray(summed, dtype=float), float(sum(sign * whole for sign, _, whole in parts))
        if isinstance(measure, Ratio):
            top, whole_top = self.read(measure.top)
            bottom, whole_bottom = self.read(measure.bottom)
            ratio = np.divide(top, bottom, out=np.zeros_like(top), where=bottom != 0)
            return ratio, whole_top / whole_bottom if whole_bottom else 0.0
        if isinstance(measure, Scaled):
            return self._scaled(measure)
        if isinstance(measure, Raised | Daily):
            found = self._raised(measure) if isinstance(measure, Raised) else self._daily_sums(measure)
            return found, float(found.sum())
        [line] = self._priced(Items(self._leaves, measure.items, [measure]))
        return line[:-1], float(line[-1])

    def _read_off(self, leaves: Leaves) -> np.ndarray:
        """Return flows, levels, totals of both [row, segment and one more], each kind at once."""
        many, flows, totals = len(self.segments), len(leaves.flows), len(leaves.totals)
        found = np.empty((len(leaves.row), many + 1))
        if leaves.flows:
            where, window = leaves.cells(self.ledger), slice(self.segments[0], self.segments[-1] + 1)
            tallies = [self.ledger.tally(name)[window].reshape(many, -1) for name in leaves.tallies]
            upto = np.concatenate([np.zeros((many, 1), dtype=np.int64), *tallies], axis=1)
            np.cumsum(upto, axis=1, out=upto)
            counts = upto.take(where.ends, axis=1)
            counts -= upto.take(where.begins, axis=1)
            by_segment = np.add.reduceat(counts, where.firsts, axis=1)
            found[:flows, :-1], found[:flows, -1] = by_segment.T, by_segment.sum(axis=0)
        for how in dict.fromkeys(level.how for level in leaves.levels):
            alike = [k for k, level in enumerate(leaves.levels) if level.how == how]
            rows = np.array([flows + k for k in alike])
            lines, whole = self._reduced(np.array([self._daily(leaves.levels[k]) for k in alike]), how)
            found[rows, :-1], found[rows, -1] = lines, whole
        found[: len(found) - totals] *= self.ledger.weight
        if totals:
            rows, signs, begins = leaves.added
            found[-totals:] = np.add.reduceat(found[rows] * signs, begins, axis=0)
        return found

    @functools.cached_property
    def prices(self) -> np.ndarray:
        """What is priced of the leaves [account, segment and one more], the whole window last."""
        return self._priced(self._leaves.items)

    def _daily(self, level: Level) -> np.ndarray:
        ledger = self.ledger
        lines = [ledger.stock[name] for name in level.stages] + [ledger.held[name] for name in level.spaces]
        daily = np.zeros(ledger.days, dtype=np.int64)
        for line in lines:
            daily += line
        return daily

    def _reduced(self, daily: np.ndarray, how: str) -> tuple[np.ndarray, np.ndarray]:
        """Return levels [level, day] by segment and for the whole window."""
        first, last = self._begins[0], self._ends[-1]
        window, begins = daily[:, first:last], self._begins - first
        if how == "last":
            return daily[:, self._ends - 1], daily[:, last - 1]
        if how == "peak":
            return np.maximum.reduceat(window, begins, axis=1), window.max(axis=1)
        sums, whole = np.add.reduceat(window, begins, axis=1), window.sum(axis=1)
        return (sums, whole) if how == "sum" else (sums / (self._ends - self._begins), whole / (last - first))

    def sums(self, daily: np.ndarray) -> np.ndarray:
        """Return the sums of lines of whole numbers over the days of each segment."""
        return np.add.reduceat(daily[..., : self._ends[-1]], self._begins, axis=-1)

    def means(self, daily: np.ndarray) -> np.ndarray:
        """Return the means of lines of whole numbers over the days of each segment."""
        return self.sums(daily) / (self._ends - self._begins)

    def _scaled(self, measure: Scaled) -> Value:
        parts, whole = self.read(measure.of)
        by_segment = parts * self._numbers(measure.factor, "a scaling factor")
        mean = float(by_segment.sum() / parts.sum()) if parts.sum() else 0.0
        return by_segment, whole * mean

    def _priced(self, items: Items) -> np.ndarray:
        """Return accounts [account, segment and one more] of their items, in whole cents."""
        parts = np.empty((len(items.prices), len(self.segments)))
        parts[items.places] = self.lines[items.rows, :-1]
        for k, part in items.others:
            parts[k] = self.read(part)[0]
        prices = all_on_days(self.resolve, items, items.prices, self._days, "a price") * 100
        sums = np.zeros((len(parts) + 1, len(self.segments)), dtype=np.int64)
        np.cumsum(np.rint(parts).astype(np.int64) * np.rint(prices).astype(np.int64), axis=0, out=sums[1:])
        cents = np.diff(sums[items.upto], axis=0)
        return np.concatenate([cents, cents.sum(axis=1, keepdims=True)], axis=1) / 100.0

    def _raised(self, measure: Raised) -> np.ndarray:
        """Return how far a number rises in each segment above the most it was before."""
        first = self.ledger.first.toordinal()
        begins = (first + self._begins).tolist()
        return risen(self.resolve, measure.of, first, begins, first + int(self._ends[-1]))

    def _daily_sums(self, measure: Daily) -> np.ndarray:
        """Return a number a day added up over the days of each segment."""
        dated, first = quantity(measure.a_day).evaluate(self.resolve), self.ledger.first.toordinal()
        window = np.arange(first + self._begins[0], first + self._ends[-1])
        stretch = np.maximum(np.searchsorted(dated.starts, window, side="right") - 1, 0)
        line = np.array([_one(value, "a number a day") for value in dated.values])[stretch]
        return np.asarray(np.add.reduceat(line, self._begins - self._begins[0]))

    def _numbers(self, number: Number, what: str) -> np.ndarray:
        """Return a number on the first day of each segment."""
        return on_days(self.resolve, number, self._days, what)


def _one(value: float | Table, what: str) -> float:
    if isinstance(value, Table):
        raise TypeError(f"{what} is one number a date, not a table")
    return float(value)


def evaluate(
    measure: Measure, ledger: Ledger, window: tuple[dt.date, dt.date], resolve: Resolve
) -> tuple[np.ndarray, float]:
    """Evaluate one measure over the segments of a window (see `Reader.read`)."""
    return Reader(ledger, window, resolve).read(measure)


def opening(measure: Measure, ledger: Ledger, first: dt.date) -> float | None:
    """Return a level on the day before ``first`` (the starting stock, for the first day); None for flows."""
    if isinstance(measure, Level):
        day = (first - ledger.first).days - 1
        if day < 0:
            at_start = sum(ledger.opening[name] for name in (*measure.stages, *measure.spaces))
            return at_start * ledger.weight
        lines = [ledger.stock[name] for name in measure.stages] + [
            ledger.held[name] for name in measure.spaces
        ]
        return float(sum(int(line[day]) for line in lines)) * ledger.weight
    if isinstance(measure, Total):
        parts = [(sign, opening(part, ledger, first)) for sign, part in measure.parts]
        return (
            None if any(v is None for _, v in parts) else float(sum(sign * (v or 0.0) for sign, v in parts))
        )
    return None
