"""What it would take: the search of `answers.feasible` as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from docketflow.answers.feasible import feasible
from docketflow.answers.feasible.shelf import shelf
from docketflow.core.plain import tidy

MEMBERS = 8  # of a question asked from a page; kept answers are made with more


def words() -> tuple[str, ...]:
    """Return the levers that are moved."""
    return shelf().standard


def lags() -> dict[str, int]:
    """Return the days until each is at work, as declared."""
    return {name: shelf().levers[name].lag for name in words()}


def ask(
    scenario: str,
    count: str,
    goal: float,
    *,
    by: str | None = None,
    ordered: str | None = None,
    lag: Mapping[str, int] | None = None,
    members: int = MEMBERS,
) -> dict[str, Any]:
    """Return the whole answer as JSON holds it.

    Parameters
    ----------
    scenario, count, goal : at least so many, of what, on top of which plan
    by, ordered : last day, and the day on which levers are ordered
    lag : word to days until a lever is at work, where not as declared
    members : how many runs a setting
    """
    found = feasible(
        f"{count} >= {goal:.12g}",
        scenario=scenario,
        by=None if by is None else dt.date.fromisoformat(by),
        ordered=None if ordered is None else dt.date.fromisoformat(ordered),
        lags=dict(lag or {}),
        members=members,
    )
    said: dict[str, Any] = tidy(found.to_json())
    return said
