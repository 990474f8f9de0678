"""What a run costs: by account, step and fiscal year, a removal, and beside what others published.

It is `Result.cost` and `docketflow cost`. It reads a result and the evidence; what one more removal costs
needs further runs (`marginal`).
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.answers.money.marginal import Added, marginal
from docketflow.answers.money.outlays import LATER, outlays
from docketflow.conductor.model import built_up
from docketflow.core.outcomes import outcome
from docketflow.evidence import Room, load, without
from docketflow.evidence.money import (
    Estimate,
    Executed,
    authorities,
    dollars,
    estimates,
    executed,
    paid_by_others,
    together,
)
from docketflow.policy.catalogue import levers
from docketflow.results import Result
from docketflow.results.result import about
from docketflow.results.summary import Summary, summarize

FIRST_MONTH = 10  # of a fiscal year
REMOVALS = "removals.ice"
USD = "USD"
IS = (
    "Costs are counted on the day a step is done, and what is spent once on the day it is there: nearest to "
    "obligations. Outlays follow after a time that is assumed, those of earlier obligations left out. "
    "Authority is what was voted; beside it stands what ICE would pay: not children in the care of HHS, "
    "nor places and flights of the armed forces."
)
ONCE = (
    "Spent once, beside the running cost and not in it: recruiting, training and equipping who is hired, "
    "opening and building places. Counted as capacity rises above the most there was. No aircraft is bought: "
    "seats are chartered, in their price. Prices are assumed, with wide ranges; overheads are in neither."
)
ONE_TIME, TOTAL = "cost.one_time", "cost.total"


@dataclass(frozen=True)
class Cost:
    """What a result costs.

    Attributes
    ----------
    result : the run
    room : the evidence
    added : what one more removal costs where a limit is lifted; empty if not asked
    """

    result: Result
    room: Room
    added: tuple[Added, ...] = ()

    # --- totals ---------------------------------------------------------------------------------------
    def account(self, names: Iterable[str] = ()) -> np.ndarray:
        """Return the dollars of some accounts (all, if none is named) [member]."""
        wanted, costs = set(names), np.asarray(self.result.arrays["costs"])
        places = [k for k, name in enumerate(self.result.labels("account")) if not wanted or name in wanted]
        return np.asarray(costs[places].sum(axis=0))

    @property
    def steps(self) -> np.ndarray:
        """Dollars by step, member and month; none in a result that was kept without them."""
        return np.asarray(self.result.arrays["steps"]) if self._stepped else np.zeros((0, 0, 0))

    @property
    def _stepped(self) -> bool:
        return "steps" in self.result.arrays

    @property
    def _axis(self) -> Mapping[str, Sequence[str]]:
        return self.result.axes["step"] if self._stepped else {"label": (), "account": ()}

    @property
    def years(self) -> dict[int, list[int]]:
        """The fiscal years of the period, and the places of their months."""
        found: dict[int, list[int]] = {}
        for place, month in enumerate(self.result.months):
            year, number = map(int, month.split("-"))
            found.setdefault(year + (number >= FIRST_MONTH), []).append(place)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data."""
        return {
            **about(self.result),
            "unit": USD,
            "outcome": TOTAL,
            "total": _told(self.account()),
            "per_removal": {"average": self._average(), "more_of_it": [one.to_json() for one in self.added]},
            "accounts": [self._account(name) for name in self.result.labels("account")],
            "fiscal_years": self._by_year(),
            "outlays_later": _told(self._outlays[LATER]) if self._stepped else None,
            "executed": [self._executed(one) for one in executed() if one.is_known(self._last_known)],
            "estimates": [row for one in estimates() if (row := self._estimate(one))],
            "one_time": self._once(),
            "is": IS,
        }

    def _once(self) -> dict[str, Any]:
        """Return what is spent once, by account, and the capacity that a scenario has for nothing."""
        names = [name for name in self.result.names if name.startswith(ONE_TIME + ".")]
        known = ONE_TIME in self.result
        return {
            "is": ONCE,
            "outcome": ONE_TIME,
            "total": _told(self.result[ONE_TIME].values) if known else None,
            "accounts": [
                {"outcome": name, "title": outcome(name).definition, "total": _told(self.result[name].values)}
                for name in names
            ],
            "capacity_without_a_price": self._capacity(),
        }

    @functools.cached_property
    def _outlays(self) -> dict[int, np.ndarray]:
        """Dollars paid out in each fiscal year, and later, of what the run costs [member]."""
        spent = {"running": self.steps.sum(axis=0), "one_time": self._once_by_month}
        return outlays(self.result, self.room, spent, self.years)

    @property
    def _once_by_month(self) -> np.ndarray:
        """Dollars spent once [member, month]."""
        by_month = self.result[ONE_TIME].by_month if ONE_TIME in self.result else None
        return np.zeros((self.result.members, len(self.result.months))) if by_month is None else by_month

    def _account(self, name: str) -> dict[str, Any]:
        whole, own = self.account(), self.account([name])
        of = self._axis
        every = enumerate(zip(of["label"], of["account"], strict=True))
        steps = [(path, k) for k, (path, account) in every if account == name]
        return {
            "account": name,
            "total": _told(own),
            "share": _told(own / whole, "share"),
            "kind": "running",
            "parameters": [path for path, _ in steps if path in self.room.parameters],
            "steps": [
                {"price": self._price(path), "total": _told(self.steps[k].sum(axis=1))} for path, k in steps
            ],
        }

    def _price(self, path: str) -> dict[str, Any]:
        """Return a price with what it rests on; a price that is worked out has no row of its own."""
        parameter = self.room.parameters.get(path)
        if parameter is None:
            return {"path": path}
        cells = [float(cell) for array in parameter.cells() for cell in np.ravel(array)]
        return {
            "path": path,
            "value": cells[0] if len(cells) == 1 else None,
            "unit": parameter.unit,
            "how": parameter.how,
            "parameters": [path],
        }

    def _average(self) -> dict[str, Any]:
        known = REMOVALS in self.result
        removals = self.result[REMOVALS].values if known else np.zeros(self.result.members)
        accounts = {
            name: _told(_over(self.account([name]), removals)) for name in self.result.labels("account")
        }
        return {**_told(_over(self.account(), removals)), "accounts": accounts}

    # --- by fiscal year --------------------------------------------------------------------------------
    def _by_year(self) -> list[dict[str, Any]]:
        of, rows = self._axis["account"], []
        for year, months in self.years.items() if self._stepped else ():
            days = sum(self.result.days[k] for k in months)
            spent = self.steps[:, :, months].sum(axis=2)
            accounts = {
                name: _told(spent[[k for k, account in enumerate(of) if account == name]].sum(axis=0))
                for name in self.result.labels("account")
            }
            authority = [
                {
                    "accounts": list(one.accounts),
                    "voted": self._published(one.figures),
                    "part_of_year": days / _days(year) if one.until is None else None,
                    "spent": _told(spent[self._paid_by(one.accounts)].sum(axis=0)),
                    "note": one.note,
                }
                for one in authorities()
                if one.is_of(year, self._last_known)
            ]
            total, once = _told(spent.sum(axis=0)), _told(self._once_by_month[:, months].sum(axis=1))
            rows.append({"fiscal_year": str(year), "days": days, "total": total, "accounts": accounts,
                         "one_time": {"outcome": ONE_TIME, **once}, "outlays": _told(self._outlays[year]),
                         "authority": authority})  # fmt: skip
        return rows

    @functools.cached_property
    def _last_known(self) -> dt.date | None:
        """The last day on which a setting of the scenario begins: what was decided by then it may know of."""
        return max(
            (dt.date.fromisoformat(str(row["from"])) for row in self.result.levers if row["from"]),
            default=None,
        )

    def _paid_by(self, accounts: Iterable[str]) -> list[int]:
        """Return the places of the steps of some accounts that ICE and EOIR pay themselves."""
        wanted, of = set(accounts), self._axis
        steps = enumerate(zip(of["label"], of["account"], strict=True))
        return [k for k, (path, account) in steps if account in wanted and path not in paid_by_others()]

    def _published(self, figures: Sequence[str]) -> dict[str, Any] | None:
        """Return figures of money added, or none where none was found."""
        return (
            {"value": together(figures, self.room), "unit": USD, "figures": list(figures)}
            if figures
            else None
        )

    # --- beside others --------------------------------------------------------------------------------
    def _estimate(self, one: Estimate) -> dict[str, Any] | None:
        known = self.result.labels("account")
        if (one.over and one.over not in self.result) or not set(one.accounts) <= set(known):
            return None
        own, figure = self.account(one.accounts), self.room.figure(one.figure)
        if one.over:
            own = _over(own, self.result[one.over].values)
        return {
            "published": {"value": dollars(figure), "unit": USD, "figures": [figure.id]},
            "says": figure.definition,
            "of": figure.subgroup,
            "period": f"{figure.period_start} to {figure.period_end}",
            "source": figure.source,
            "accounts": list(one.accounts) or list(known),
            "over": one.over,
            "here": _told(own),
            "why": one.why,
        }

    def _executed(self, one: Executed) -> dict[str, Any]:
        parts = {part: self._published(figures) for part, figures in one.parts().items()}
        return {"published": one.published, "accounts": list(one.accounts), **parts, "note": one.note}

    def _capacity(self) -> list[str]:
        """Return the capacity that the scenario brings in and nobody is paid for building."""
        known, paid = levers(), built_up()
        own = [
            row
            for row in self.result.levers
            if (one := known.get(str(row["lever"]))) and one.capacity and one.path not in paid
        ]
        return list(dict.fromkeys(str(row["title"]) for row in own))


def cost(result: Result, *, more: bool = False, members: int | None = None) -> Cost:
    """Return what a result costs.

    Parameters
    ----------
    result : Result
    more : bool
        Whether to run what one more removal costs where a limit is lifted.
    members : int, optional
        Paired runs of each limit lifted.
    """
    room, left_out = load(), result.manifest.get("without")
    if left_out:
        room = without(room, left_out["source"]).room
    return Cost(result, room, marginal(result, members) if more else ())


def _over(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    found = np.full(len(top), np.nan)
    return np.divide(top, bottom, out=found, where=bottom > 0)


def _told(values: np.ndarray, unit: str = USD) -> Mapping[str, Any]:
    """Return members as a value with its band, and their mean, which adds up over accounts."""
    found: Summary = summarize(values, "flow").rounded()
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "mean": float(np.nanmean(values)) if np.isfinite(values).any() else math.nan,
        "unit": unit,
    }


def _days(year: int) -> int:
    return (dt.date(year, FIRST_MONTH, 1) - dt.date(year - 1, FIRST_MONTH, 1)).days
