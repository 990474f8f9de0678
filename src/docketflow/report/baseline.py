"""The plan's baseline on the page: paths of its numbers, where the result was kept beside one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Beside:
    """What a result kept of its baseline; every look-up is empty where nothing was kept."""

    def __init__(self, said: Mapping[str, Any] | None) -> None:
        self.said: Mapping[str, Any] = said or {}

    def __bool__(self) -> bool:
        return bool(self.said)

    def keeps(self, what: str) -> bool:
        """Say whether some part of it was kept."""
        return what in self.said

    def row(self, outcome: str) -> str:
        """Return the path of an outcome with the plan and without it, or nothing."""
        return f"beside:rows>{outcome}" if outcome in self.said.get("rows", {}) else ""

    def stage(self, name: str) -> str:
        """Return the path of a stage's last month without the plan, or nothing."""
        return f"beside:stages>{name}" if name in self.said.get("stages", {}) else ""

    def account(self, name: str) -> str:
        """Return the path of an account's cost without the plan, or nothing."""
        return f"beside:accounts>{name}" if name in self.said.get("accounts", {}) else ""

    def months(self, outcome: str, way: str) -> list[float]:
        """Return the months of a counting rule without the plan: "each", or "so_far"; empty if not kept."""
        found: list[float] = self.said.get("months", {}).get(outcome, {}).get(way, [])
        return found

    def told_apart(self, outcome: str) -> bool:
        """Say whether nine pairs of runs in ten lie on one side of no difference."""
        row = self.said.get("rows", {}).get(outcome)
        return bool(row) and (row["low"] > 0 or row["high"] < 0)
