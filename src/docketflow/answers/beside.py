"""A plan beside its baseline: the same members and luck without the plan, and what lies between.

The difference of two middle values is not the middle of the differences; only the second is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from docketflow.conductor.ensemble import simulate
from docketflow.core.errors import UsageError
from docketflow.core.outcomes import outcome
from docketflow.policy import load_scenario
from docketflow.results import Result
from docketflow.results.compare import Difference, differences


@dataclass(frozen=True)
class Beside:
    """A result and its baseline, outcome by outcome.

    Attributes
    ----------
    scenario, baseline, title : names of both, and the title of the baseline
    headline : the outcome that is told in words
    rows : each outcome of both, and the paired difference, plan less baseline
    """

    scenario: str
    baseline: str
    title: str
    members: int
    headline: str
    rows: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, in the digits that the Monte Carlo errors allow."""
        return {
            "scenario": self.scenario,
            "baseline": self.baseline,
            "title": self.title,
            "members": self.members,
            "outcome": self.headline,
            "rows": {row.outcome: _row(row) for row in self.rows},
        }


def _row(row: Difference) -> dict[str, Any]:
    told = row.rounded()
    return {
        "unit": row.unit,
        "plan": told.a.value,
        "baseline": told.b.value,
        "difference": told.gap.value,
        "low": told.gap.low,
        "high": told.gap.high,
    }


def beside(result: Result, baseline: str) -> Beside:
    """Return a result beside another scenario, run here on the same members, days, scale and seed.

    Parameters
    ----------
    result : what was run
    baseline : name of a shipped scenario

    Raises
    ------
    UsageError
        When the two cannot be paired.
    """
    if "without" in result.manifest:  # the baseline would keep the source that the result leaves out
        raise UsageError(f"{result.scenario} without a source cannot be paired with {baseline}; run it whole")
    other = load_scenario(baseline).between(start=result.start, end=result.end)
    base = simulate(other, members=result.members, scale=Fraction(result.scale), seed=result.seed)
    headline = result.target[1] if result.target else "removals.ice"
    rows = tuple(row for row in differences(result, base) if outcome(row.outcome).kind != "probability")
    return Beside(result.scenario, baseline, other.title, result.members, headline, rows)
