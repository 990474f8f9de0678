"""A plan beside its baseline: the same members and luck without the plan, and what lies between.

The difference of two middle values is not the middle of the differences; only the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from docketflow.conductor.ensemble import simulate
from docketflow.core.errors import UsageError
from docketflow.core.outcomes import counting_rules, outcome
from docketflow.policy.library import plain_of
from docketflow.policy.setting import PEOPLE
from docketflow.results import Result
from docketflow.results.compare import Difference, differences
from docketflow.results.summary import Bands, bands


@dataclass(frozen=True)
class Beside:
    """A result and its baseline, outcome by outcome.

    Attributes
    ----------
    scenario, baseline, title : names of both, and the title of the baseline
    headline : the outcome that is told in words
    rows : each outcome of both, and the paired difference, plan less baseline
    months : the baseline's counting rules by month, and their totals so far
    stages, accounts : the baseline's people at each stage in the last month, and its cost by account
    """

    scenario: str
    baseline: str
    title: str
    members: int
    headline: str
    rows: tuple[Difference, ...]
    months: Mapping[str, Mapping[str, list[float]]]
    stages: Mapping[str, Mapping[str, Any]]
    accounts: Mapping[str, Mapping[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, in the digits that the Monte Carlo errors allow."""
        return {
            "scenario": self.scenario,
            "baseline": self.baseline,
            "title": self.title,
            "members": self.members,
            "outcome": self.headline,
            "rows": {row.outcome: _row(row) for row in self.rows},
            "months": {name: dict(one) for name, one in self.months.items()},
            "stages": {name: dict(one) for name, one in self.stages.items()},
            "accounts": {name: dict(one) for name, one in self.accounts.items()},
        }


def _row(row: Difference) -> dict[str, Any]:
    told = row.rounded()
    return {
        "unit": row.unit,
        "plan": told.a.value,
        "baseline": told.b.value,
        "baseline_low": told.b.low,
        "baseline_high": told.b.high,
        "difference": told.gap.value,
        "low": told.gap.low,
        "high": told.gap.high,
    }


def beside(result: Result, baseline: str, base: Result | None = None) -> Beside:
    """Return a result beside another scenario on the same members, days, scale and seed.

    Parameters
    ----------
    result : what was run
    baseline : name of a shipped scenario
    base : what was run of it together with the result; it is run here if not given

    Raises
    ------
    UsageError
        When the two cannot be paired.
    """
    if "without" in result.manifest:  # the baseline would keep the source that the result leaves out
        raise UsageError(f"{result.scenario} without a source cannot be paired with {baseline}; run it whole")
    said = [round(float(row["value"])) for row in result.levers if row["lever"] == PEOPLE]
    other = plain_of(baseline, result.start, result.end, said[-1] if said else None)
    if base is None:
        base = simulate(other, members=result.members, scale=Fraction(result.scale), seed=result.seed)
    headline = result.target[1] if result.target else "removals.ice"
    rows = tuple(row for row in differences(result, base) if outcome(row.outcome).kind != "probability")
    stocks, costs = (np.moveaxis(base.arrays[group], 1, 0) for group in ("stocks", "costs"))
    return Beside(
        scenario=result.scenario,
        baseline=baseline,
        title=other.title,
        members=result.members,
        headline=headline,
        rows=rows,
        months={name: _by_month(base, name) for name in counting_rules() if name in base},
        stages=_told(base.labels("stage"), bands(stocks[..., -1], "stock"), "persons"),
        accounts=_told(base.labels("account"), bands(costs, "stock"), "USD"),
    )


def _by_month(base: Result, name: str) -> dict[str, list[float]]:
    """Return the middle of each month, and of what was counted up to its end."""
    one = base[name]
    if one.by_month is None:
        return {}
    found = {"each": bands(one.by_month, one.kind), "so_far": bands(one.by_month.cumsum(axis=1), one.kind)}
    return {way: [band.at(k).rounded().value for k in range(len(base.months))] for way, band in found.items()}


def _told(names: Sequence[str], found: Bands, unit: str) -> dict[str, dict[str, Any]]:
    """Return each value with its band and unit."""
    told = {name: found.at(k).rounded() for k, name in enumerate(names)}
    return {
        name: {"value": one.value, "low": one.low, "high": one.high, "unit": unit}
        for name, one in told.items()
    }
