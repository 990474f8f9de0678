"""docketflow: an open simulator of the U.S. immigration enforcement, court and removal system."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from docketflow.answers import check
    from docketflow.answers.binding import binding
    from docketflow.answers.feasible import feasible
    from docketflow.answers.listed import explain, levers, outcomes, scenarios
    from docketflow.answers.sensitivity import sensitivity
    from docketflow.answers.why.asked import why
    from docketflow.conductor.ensemble import run
    from docketflow.conductor.inspect import trace
    from docketflow.policy import load_scenario
    from docketflow.results import Result
    from docketflow.results import paired as compare
    from docketflow.studies import Study, study

_HOME = {
    "Result": ("docketflow.results", "Result"),
    "Study": ("docketflow.studies", "Study"),
    "binding": ("docketflow.answers.binding", "binding"),
    "check": ("docketflow.answers", "check"),
    "compare": ("docketflow.results", "paired"),
    "explain": ("docketflow.answers.listed", "explain"),
    "feasible": ("docketflow.answers.feasible", "feasible"),
    "levers": ("docketflow.answers.listed", "levers"),
    "load_scenario": ("docketflow.policy", "load_scenario"),
    "outcomes": ("docketflow.answers.listed", "outcomes"),
    "run": ("docketflow.conductor.ensemble", "run"),
    "scenarios": ("docketflow.answers.listed", "scenarios"),
    "sensitivity": ("docketflow.answers.sensitivity", "sensitivity"),
    "study": ("docketflow.studies", "study"),
    "trace": ("docketflow.conductor.inspect", "trace"),
    "why": ("docketflow.answers.why.asked", "why"),
}
__all__ = [
    "Result",
    "Study",
    "binding",
    "check",
    "compare",
    "explain",
    "feasible",
    "levers",
    "load_scenario",
    "outcomes",
    "run",
    "scenarios",
    "sensitivity",
    "study",
    "trace",
    "why",
]


def __getattr__(name: str) -> typing.Any:
    """Import a public name when it is first asked for, so that `import docketflow` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'docketflow' has no attribute {name!r}")
    import importlib

    module, attribute = _HOME[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
