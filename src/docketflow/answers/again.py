"""The scenario of a result, to be run again by whoever answers a question about it."""

from __future__ import annotations

from docketflow.core.errors import UsageError
from docketflow.policy import Scenario, load_scenario, shipped_as
from docketflow.results import Result


def scenario_of(result: Result) -> Scenario:
    """Return the scenario a result was run from; of one read from a folder it must be a shipped one.

    Raises
    ------
    UsageError
        The result was read from a folder and what it says is no shipped scenario.
    """
    if result.of is not None:
        found: Scenario = result.of
        return found
    name = shipped_as(result.manifest.get("settings"))
    if name is None:
        raise UsageError(
            f"{result.scenario}: the result was read from a folder and is not of a shipped scenario; "
            "ask with its file, such as docketflow.binding('my-plan.yaml')"
        )
    return load_scenario(name)
