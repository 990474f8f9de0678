"""A Result: labelled arrays in fixed groups, one run of one scenario over all its members.

It holds and names numbers. How they were computed, stored or drawn is not its business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core.errors import UsageError, unknown
from docketflow.results.summary import Summary, summarize

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True)
class Answer:
    """One outcome of one result."""

    name: str
    unit: str
    kind: str
    definition: str
    values: np.ndarray
    by_month: np.ndarray | None
    months: tuple[str, ...]
    opening: np.ndarray | None = None

    @property
    def whole(self) -> Summary:
        """The answer for the whole period."""
        return summarize(self.values, self.kind)

    @property
    def change(self) -> np.ndarray | None:
        """Last day less the day before the first, of a stock."""
        return None if self.opening is None else self.values - self.opening

    def monthly(self) -> Iterator[tuple[str, Summary]]:
        """Yield each month of the period and its summary."""
        if self.by_month is not None:
            for k, month in enumerate(self.months):
                yield month, summarize(self.by_month[:, k], self.kind)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.whole!r} {self.unit}>"


@dataclass(frozen=True, eq=False)
class Result:
    """What one scenario says.

    Parameters
    ----------
    manifest : mapping
        Scenario, dates, members, scale, seed, target and what the run was made of.
    period : DataArray (outcome, member)
        Value of the whole answer period; coordinates unit, kind, definition.
    monthly : DataArray (outcome, member, month)
        The same by month; NaN where an outcome has no month.
    opening : DataArray (outcome, member)
        Stocks on the day before the period; NaN for what is no stock.
    stocks : DataArray (stage, member, month)
        People at each stage on the month's last day.
    resources : DataArray (resource, measure, member, month)
        Supply, used, refused, of every space and effort; coordinates kind and unit.
    flows : DataArray (edge, member)
        People from a source to a target; coordinates source and target.
    costs : DataArray (account, member)
        Dollars by account.
    levers : DataFrame
        Every setting with its source.
    """

    manifest: Mapping[str, Any]
    period: xr.DataArray
    monthly: xr.DataArray
    opening: xr.DataArray
    stocks: xr.DataArray
    resources: xr.DataArray
    flows: xr.DataArray
    costs: xr.DataArray
    levers: pd.DataFrame

    @property
    def scenario(self) -> str:
        """The scenario's name."""
        return str(self.manifest["scenario"])

    @property
    def start(self) -> dt.date:
        """First day of the answer's period."""
        return dt.date.fromisoformat(self.manifest["from"])

    @property
    def end(self) -> dt.date:
        """Last day of the answer's period."""
        return dt.date.fromisoformat(self.manifest["to"])

    @property
    def members(self) -> int:
        """How many members were run."""
        return int(self.manifest["members"])

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return int(self.manifest["seed"])

    @property
    def scale(self) -> str:
        """Records a person, such as 1/100."""
        return str(self.manifest["scale"])

    @property
    def months(self) -> tuple[str, ...]:
        """Months of the period, such as 2025-01; the first and last may be parts."""
        return tuple(str(month) for month in self.monthly.coords["month"].values)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes this result has."""
        return tuple(str(name) for name in self.period.coords["outcome"].values)

    @property
    def outcomes(self) -> dict[str, Answer]:
        """Every outcome by name."""
        return {name: self[name] for name in self.names}

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __getitem__(self, name: str) -> Answer:
        """Return one outcome, or raise the line that names the nearest."""
        if name not in self.names:
            raise UsageError(unknown("outcome", name, self.names, f"result of {self.scenario}"))
        one = self.period.sel(outcome=name)
        by_month = self.monthly.sel(outcome=name).values
        opening = self.opening.sel(outcome=name).values
        return Answer(
            name=name,
            unit=str(one.coords["unit"].item()),
            kind=str(one.coords["kind"].item()),
            definition=str(one.coords["definition"].item()),
            values=one.values,
            by_month=None if np.isnan(by_month).all() else by_month,
            months=self.months,
            opening=None if np.isnan(opening).all() else opening,
        )

    @property
    def target(self) -> tuple[float, str] | None:
        """The target and the series it is counted in, if the scenario names one."""
        target = self.manifest.get("target")
        return None if target is None else (float(target["removals"]), str(target["series"]))

    def monte_carlo(self, name: str) -> float:
        """Return the Monte Carlo error of an outcome's value over half the width of its band."""
        whole = self[name].whole
        half = (whole.high - whole.low) / 2
        return whole.error / half if half > 0 else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data, as `docketflow run --json` prints it."""
        return {
            "scenario": self.scenario,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "members": self.members,
            "scale": self.scale,
            "seed": self.seed,
            "manifest": dict(self.manifest),
            "outcomes": {name: _plain(answer) for name, answer in self.outcomes.items()},
        }

    def __repr__(self) -> str:
        lines = [
            f"<Result {self.scenario}: {self.start} to {self.end}, {self.members} members at {self.scale}"
        ]
        for name in ("removals.ice", "arrests.ice", "detained.average", "cost.total"):
            if name in self:
                lines.append(f"  {name} {self[name].whole!r} {self[name].unit}")
        if self.target and "target.probability" in self:
            goal, series = self.target
            chance = self["target.probability"].whole.value
            lines.append(f"  probability that {series} reaches {goal:,.0f}: {chance:.0%}")
        return "\n".join(lines) + ">"


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "unit": answer.unit,
        "definition": answer.definition,
        **_triple(answer.whole),
        "by_month": [{"month": month, **_triple(summary)} for month, summary in answer.monthly()],
    }


def _triple(summary: Summary) -> dict[str, float | None]:
    values = {"value": summary.value, "low": summary.low, "high": summary.high}
    return {key: value if np.isfinite(value) else None for key, value in values.items()}
