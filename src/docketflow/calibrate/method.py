"""Constants of the method, each with its reason (`method.yaml`); a test holds that each has one."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from docketflow.core.errors import UsageError, unknown
from docketflow.core.strict_yaml import read_yaml

WHERE = Path(__file__).with_name("method.yaml")


@functools.cache
def declared() -> dict[str, dict[str, Any]]:
    """Return every constant by name: its value and the reason for it."""
    found: dict[str, dict[str, Any]] = read_yaml(WHERE, error=UsageError)
    return found


def method(name: str) -> Any:
    """Return the value of a constant."""
    if name not in declared():
        raise UsageError(unknown("constant", name, declared(), WHERE.name))
    return declared()[name]["value"]
