"""The course of one value over the days, as one array, and the arithmetic of settings on it.

A row is a stretch of days on which nothing changes, so that a setting is one operation on some rows, however
many settings there are. It knows windows and labels; not what a parameter means, nor which settings may meet.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.core.errors import ScenarioError, unknown
from docketflow.core.quantity import FIRST_DAY, Dated, Table, Value
from docketflow.core.runs import RUN, spread
from docketflow.core.shapes import Number
from docketflow.policy.ranges import Amounts
from docketflow.policy.setting import Setting

WEEK = 7  # days between the steps of a ramp, and between the days on which a spell may begin or be over


@dataclass
class Course:
    """What holds from each start on: a row of cells for each (one cell when the value is no table).

    Several runs lie side by side along a first axis.
    """

    axes: Mapping[str, tuple[str, ...]]
    starts: list[int]
    rows: np.ndarray

    @classmethod
    def of(cls, base: Dated, settings: Sequence[Setting]) -> Course:
        """Lay out a dated value with a row for every day on which some setting may change it."""
        edges = {edge for setting in settings for edge in _edges(setting)}
        if min(edges) < base.starts[0]:  # `Dated.at` reaches back with its first value: a lever's must not
            edges.add(FIRST_DAY)
        starts = sorted(edges.union(base.starts))
        values = [base.at(start) for start in starts]
        axes = _axes(values[0])
        for value in base.values:
            if _axes(value) != axes:
                raise ScenarioError(
                    f"{settings[0].where}: its labels change over time, and no lever reaches that"
                )
        return cls(axes, starts, np.array([v.data if isinstance(v, Table) else v for v in values]))

    def apply(
        self, setting: Setting, value: Amounts | None, window: tuple[Number, Number] | None = None
    ) -> None:
        """Change the rows on which a setting acts, in the cells it names (all, when it names none).

        Its value is one number (of each label), or an array of those of several runs; so are the days, from
        the one on which it begins, between which alone it acts.
        """
        numbers = [*(value.values() if isinstance(value, Mapping) else [value]), *(window or ())]
        runs = [len(number) for number in numbers if isinstance(number, np.ndarray) and number.ndim]
        if runs and RUN not in self.axes:
            self._spread(runs[0])
        cells, given = self._cells(setting), self._given(setting, value)
        if setting.operation == "ramp":
            part = np.array(self._parts(setting)).reshape(-1, *(1,) * (cells.ndim - 1))
            origin = cells[0]
            cells = origin + (given - origin) * part
        elif setting.operation == "scale":
            cells = cells * given
        elif setting.operation == "add":
            cells = cells + given
        else:
            cells = np.broadcast_to(given, cells.shape)
        if window is not None:
            cells = np.where(self._inside(setting, window, cells.ndim), cells, self._cells(setting))
        self._write(setting, cells)

    def extremes(self, setting: Setting) -> tuple[float, float]:
        """Return the least and the greatest number that a setting leaves where and while it acts."""
        cells = self._cells(setting)
        if setting.ends is not None:
            cells = cells[: bisect.bisect_right(self.starts, setting.ends) - self._rows(setting).start]
        return float(cells.min()), float(cells.max())

    def hold(self, low: float | None, high: float | None, since: int) -> None:
        """Hold draws beyond a bound at the bound, from a day on."""
        kept = self.rows[bisect.bisect_left(self.starts, since) :]
        np.clip(kept, low, high, out=kept)

    def dated(self) -> Dated:
        """Return the value by date."""
        if self.axes:
            return Dated(tuple(self.starts), tuple(Table(self.axes, row) for row in self.rows))
        return Dated(tuple(self.starts), tuple(float(row) for row in self.rows))

    def _rows(self, setting: Setting) -> slice:
        """Return the rows a setting changes: its window; for a ramp, which stays at its end, all the rest."""
        begin = bisect.bisect_left(self.starts, setting.begins)
        if setting.ends is None or setting.operation == "ramp":
            return slice(begin, len(self.starts))
        return slice(begin, bisect.bisect_right(self.starts, setting.ends))

    def _parts(self, setting: Setting) -> list[float]:
        """Return how far a ramp has come on each of its rows: it moves in weekly steps and then stays."""
        steps, begin, last = _edges(setting), setting.begins, setting.ends
        if last is None or last == begin:
            return [1.0] * (len(self.starts) - self._rows(setting).start)
        reached = (steps[bisect.bisect_right(steps, s) - 1] for s in self.starts[self._rows(setting)])
        return [(step - begin) / (last - begin) for step in reached]

    def _inside(self, setting: Setting, window: tuple[Number, Number], dimensions: int) -> np.ndarray:
        """Say of each row that a setting changes (and each run) whether it lies between two days."""
        days = np.array([start - setting.begins for start in self.starts[self._rows(setting)]])
        begins, over = (np.asarray(day, dtype=float) for day in window)
        days = days.reshape(-1, *(1,) * max(begins.ndim, over.ndim))
        inside = (days >= begins) & (days < over)
        return inside.reshape(*inside.shape, *(1,) * (dimensions - inside.ndim))

    def _cells(self, setting: Setting) -> np.ndarray:
        """Return a copy of the cells that a setting names, on the rows it changes."""
        rows = self.rows[self._rows(setting)]
        return np.array(rows[self._place(setting)])

    def _write(self, setting: Setting, cells: np.ndarray) -> None:
        rows = self.rows[self._rows(setting)]
        rows[self._place(setting)] = cells

    def _spread(self, runs: int) -> None:
        """Lay the value of several runs side by side: so far it is the same in each."""
        tables = [spread(Table(self.axes, row) if self.axes else float(row), runs) for row in self.rows]
        self.axes, self.rows = tables[0].axes, np.array([table.data for table in tables])

    def _given(self, setting: Setting, value: Amounts | None) -> np.ndarray:
        """Return the numbers of a setting, to be broadcast over the cells it names."""
        if setting.operation in ("open", "close"):
            return np.array(float(setting.operation == "open"))
        if not isinstance(value, Mapping):
            given = np.array(value, dtype=float)
            return given.reshape(-1, *(1,) * (len(self.axes) - 1)) if given.ndim else given
        place = list(self.axes).index(self._axis(setting))
        given = np.array([*value.values()], dtype=float)  # [label], or [label, run]
        between = (-1, *(1,) * (place - 1)) if given.ndim > 1 else ()
        return given.T.reshape(*between, len(given), *(1,) * (len(self.axes) - 1 - place))

    def _place(self, setting: Setting) -> Any:
        """Return the index of the cells a setting names."""
        if not isinstance(setting.value, Mapping):
            return ...
        axis = self._axis(setting)
        wanted = [self.axes[axis].index(label) for label in setting.value]
        return (*(slice(None),) * (1 + list(self.axes).index(axis)), wanted)

    def _axis(self, setting: Setting) -> str:
        """Return the trait whose labels a setting names."""
        labels = list(setting.value) if isinstance(setting.value, Mapping) else []
        traits = {name: have for name, have in self.axes.items() if name != RUN}
        if not traits:
            raise ScenarioError(f"{setting.where}: the parameter is one number, not a number by label")
        axes = {name: have for name, have in traits.items() if setting.by in (None, name)}
        fitting = [name for name, have in axes.items() if set(labels) <= set(have)]
        if not fitting:
            every = [label for have in axes.values() for label in have]
            wrong = next((label for label in labels if label not in every), labels[0])
            raise ScenarioError(unknown("label", wrong, every, setting.where))
        if len(fitting) > 1:
            raise ScenarioError(f"{setting.where}: say by: {' or '.join(fitting)}; both have these labels")
        return fitting[0]


def _axes(value: Value) -> Mapping[str, tuple[str, ...]]:
    return value.axes if isinstance(value, Table) else {}


def _edges(setting: Setting) -> list[int]:
    """Return the days on which a setting changes a value."""
    begin, last = setting.begins, setting.ends
    if setting.operation == "ramp":
        if last is None:
            raise ScenarioError(f"{setting.where}: a ramp needs 'to', the day on which its value is reached")
        return [*range(begin, last, WEEK), last]
    if setting.spell is not None:
        if last is None:
            raise ScenarioError(
                f"{setting.where}: a spell needs 'to', the last day on which it may be in force"
            )
        return [*range(begin, last + 1, WEEK), last + 1]
    return [begin] if last is None else [begin, last + 1]
