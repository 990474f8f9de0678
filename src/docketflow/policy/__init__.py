"""The policy room's public door: levers, scenarios, and the errors they give."""

from __future__ import annotations

from docketflow.policy.catalogue import Lever, levers
from docketflow.policy.library import list_scenarios, load_scenario, shipped_as
from docketflow.policy.scenario import Scenario, Setting, Target

__all__ = [
    "Lever",
    "Scenario",
    "Setting",
    "Target",
    "levers",
    "list_scenarios",
    "load_scenario",
    "shipped_as",
]
