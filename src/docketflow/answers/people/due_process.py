"""What a run does to the right to a hearing and to people: shares, waits, detention, families.

It is `Result.due_process` and `docketflow due-process`. It reads outcomes by their declared names and shows
what a run has; what this version does not count is named and has no number, as is what happened to nobody.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from docketflow.answers.declared import declared
from docketflow.answers.people.orders import Held, held_orders
from docketflow.results import Result
from docketflow.results.result import about
from docketflow.results.summary import summarize

FILE = "due_process.yaml"
LATELY = 4  # months of decisions that a queue is measured by
DAYS_A_YEAR = 365.25


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Row(_Strict):
    """One number: an outcome, or the share that it is of another; a mean says among whom it is taken."""

    outcome: str
    label: str
    under: str
    of: str = ""
    among: str = ""


class Group(_Strict):
    """Rows under a heading."""

    title: str
    rows: tuple[Row, ...]


class Queue(_Strict):
    """A line of cases: who waits, and what shortens it."""

    label: str
    waiting: str
    decided: str


class Shelf(_Strict):
    """All that is told, and in which order."""

    groups: tuple[Group, ...]
    queues: tuple[Queue, ...]
    beside: tuple[str, ...]


@functools.cache
def shelf() -> Shelf:
    """Return what is declared."""
    return declared(Shelf, "docketflow.answers.people", FILE)


@dataclass(frozen=True)
class DueProcess:
    """What a result says of hearings and people.

    Attributes
    ----------
    result : the run
    orders : what each order of a court changes; empty if not asked
    no_mechanism : orders in force in the period on what this version has no lever for
    """

    result: Result
    orders: tuple[Held, ...] = ()
    no_mechanism: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data."""
        found = [(group.title, [(one, self._row(one)) for one in group.rows]) for group in shelf().groups]
        told = [(title, [row for _, row in rows if row is not None]) for title, rows in found]
        groups = [{"title": title, "rows": rows} for title, rows in told if rows]
        untold = [one for _, rows in found for one, row in rows if row is None]
        nobody, not_counted = (
            [{"outcome": one.outcome, "label": one.label} for one in untold if self._counts(one) == counted]
            for counted in (True, False)
        )
        return {
            **about(self.result),
            "groups": groups,
            "queues": [row for one in shelf().queues if (row := self._queue(one))],
            "nobody": nobody,
            "not_counted": not_counted,
            "orders": [one.to_json() for one in self.orders],
            "orders_without_a_mechanism": list(self.no_mechanism),
        }

    def _counts(self, one: Row) -> bool:
        return all(name in self.result for name in (one.outcome, one.of, one.among) if name)

    def _row(self, one: Row) -> dict[str, Any] | None:
        if not self._counts(one):
            return None
        answer = self.result[one.outcome]
        values, unit = answer.values, answer.unit
        if one.of:
            values, unit = _over(values, self.result[one.of].values), "share"
        if one.among:
            values = np.where(self.result[one.among].values > 0, values, np.nan)
        if not np.isfinite(values).any():
            return None
        known = {"outcome": one.outcome, "of": one.of, "label": one.label, "under": one.under}
        outcomes = [one.outcome, *([one.of] if one.of else [])]
        return {**known, **told(values, unit), "outcomes": outcomes}

    def _queue(self, one: Queue) -> dict[str, Any] | None:
        if one.waiting not in self.result or one.decided not in self.result:
            return None
        by_month, days = self.result[one.decided].by_month, np.array(self.result.days[-LATELY:], dtype=float)
        if by_month is None or len(self.result.months) < LATELY:
            return None
        if not by_month[:, -LATELY:].any():
            return None
        pace = by_month[:, -LATELY:].sum(axis=1) / days.sum() * DAYS_A_YEAR
        years = told(_over(self.result[one.waiting].values, pace), "years")
        return {"label": one.label, **years, "outcomes": [one.waiting, one.decided]}


def due_process(result: Result, *, orders: bool = False, members: int | None = None) -> DueProcess:
    """Return what a result says of hearings and people.

    Parameters
    ----------
    result : Result
    orders : bool
        Whether to run it with and without each order of a court that was in force in its period.
    members : int, optional
        Paired runs of each order.
    """
    if not orders:
        return DueProcess(result)
    return DueProcess(result, *held_orders(result, shelf().beside, members))


def told(values: np.ndarray, unit: str) -> dict[str, Any]:
    """Return members as a value with its band, and their mean, which adds up where parts do."""
    found = summarize(values, "flow").rounded()
    band = {"value": found.value, "low": found.low, "high": found.high}
    return {**band, "mean": float(np.nanmean(values)), "unit": unit}


def _over(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    found = np.full(len(top), np.nan)
    return np.divide(top, bottom, out=found, where=bottom > 0)
