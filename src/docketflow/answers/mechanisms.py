"""What each mechanism of a shipped scenario is worth, as it was measured once over all orders (`worth.csv`).

It reads what `benchmarks/worth.py` wrote and lives nobody; nothing is told of a scenario that says anything
else than the one measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docketflow.answers.measured import measured
from docketflow.core.outcomes import outcome
from docketflow.results import Result

WAYS = ("alone", "last", "shared")
ALL = "all"


@dataclass(frozen=True)
class Mechanisms:
    """What mechanisms are worth.

    Attributes
    ----------
    scenario : the scenario they are parts of
    rows : the rows of the table that are of it
    """

    scenario: str
    rows: tuple[Mapping[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.rows)

    def to_json(self) -> dict[str, Any]:
        """Return them as plain data: a part a mechanism, each outcome worth so much in each way."""
        first = self.rows[0]
        parts: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            part = parts.setdefault(
                row["mechanism"], {"title": row["title"], "too_small": row["too_small"], "outcomes": {}}
            )
            part["outcomes"][row["outcome"]] = {way: _told(row, way) for way in WAYS}
        return {
            "scenario": self.scenario,
            "members": int(first["members"]),
            "scale": first["scale"],
            "version": first["version"],
            "date": first["date"],
            "all": parts.pop(ALL),
            "parts": parts,
        }


def _told(row: Mapping[str, str], way: str) -> dict[str, float]:
    """Return a worth in whole persons, dollars or cases, for which it was measured."""
    keys = {"value": way, "low": f"{way}_low", "high": f"{way}_high"}
    whole = outcome(row["outcome"]).kind in ("flow", "stock")
    return {key: round(float(row[name])) if whole else float(row[name]) for key, name in keys.items()}


def mechanisms(result: Result) -> Mechanisms:
    """Return what the mechanisms of a result's scenario are worth; nothing where that was not measured.

    Parameters
    ----------
    result : Result
        Of a shipped scenario over its own period.
    """
    return Mechanisms(*measured(result, "worth.csv"))
