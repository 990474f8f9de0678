"""What it would take: the search of `answers.feasible` as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from docketflow.answers.feasible import feasible
from docketflow.answers.feasible.shelf import shelf
from docketflow.answers.feasible.trials import Best
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
    told: Callable[..., None] | None = None,
) -> dict[str, Any]:
    """Return the whole answer as JSON holds it.

    Parameters
    ----------
    scenario, count, goal : at least so many, of what, on top of which plan
    by, ordered : last day, and the day on which levers are ordered
    lag : word to days until a lever is at work, where not as declared
    members : how many runs a setting
    told : called after each run with how many there were, of 0 (not known), and the best so far
    """

    def tell(runs: int, best: Best | None) -> None:
        if told is not None:
            told(runs, 0, None if best is None else vars(best))

    found = feasible(
        f"{count} >= {goal:.12g}",
        scenario=scenario,
        by=None if by is None else dt.date.fromisoformat(by),
        ordered=None if ordered is None else dt.date.fromisoformat(ordered),
        lags=dict(lag or {}),
        members=members,
        told=tell,
    )
    said: dict[str, Any] = tidy(found.to_json())
    return said
