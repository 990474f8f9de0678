"""What a shipped scenario would come to if as many people lived here as others have published (`people.csv`).

It reads what `benchmarks/people.py` wrote and lives nobody; nothing is told of a scenario that says anything
else than the one measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docketflow.answers.measured import measured
from docketflow.core.outcomes import outcome
from docketflow.evidence import Room, load
from docketflow.results import Result

PERSONS = "persons"


@dataclass(frozen=True)
class Levels:
    """What other numbers of people change.

    Attributes
    ----------
    scenario : whose rows these are
    rows : a level, an outcome and what it changes, a row each
    room : the evidence, which says whose estimate a level is
    """

    scenario: str
    rows: tuple[Mapping[str, str], ...]
    room: Room

    def __bool__(self) -> bool:
        return bool(self.rows)

    def to_json(self) -> dict[str, Any]:
        """Return them as plain data: each published level, and what it changes of each outcome."""
        first = self.rows[0]
        levels: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            level = levels.setdefault(row["figure"], self._level(row))
            numbers = {key: round(float(row[key])) for key in ("plain", "value", "low", "high")}
            level["changes"][row["outcome"]] = {**numbers, "unit": outcome(row["outcome"]).unit}
        return {
            "scenario": self.scenario,
            "as_built": {"published": int(first["as_built"]), "unit": PERSONS},
            **{key: first[key] for key in ("scale", "version", "date")},
            "members": int(first["members"]),
            "levels": list(levels.values()),
        }

    def _level(self, row: Mapping[str, str]) -> dict[str, Any]:
        figure = self.room.figure(row["figure"])
        return {
            "of": f"{figure.subgroup}, {figure.period_end:%B %Y}",
            "people": {"published": int(row["people"]), "unit": PERSONS, "figures": [figure.id]},
            "changes": {},
        }


def levels(result: Result) -> Levels:
    """Return what other numbers of people change of a result's scenario; nothing where it was not measured.

    Parameters
    ----------
    result : Result
        Of a shipped scenario over its own period.
    """
    return Levels(*measured(result, "people.csv"), load())
