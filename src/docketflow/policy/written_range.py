"""The range of a setting as someone writes it, held against its value and its lever."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from docketflow.core.errors import ScenarioError
from docketflow.core.given import shown
from docketflow.core.shapes import HIGH, LOW, Shape, read_shape
from docketflow.core.units import convert
from docketflow.policy.catalogue import Lever, Operation, lever
from docketflow.policy.ranges import AS, NAMED, Numbers, Range
from docketflow.policy.setting import ONCE, check_bounds


def read_range(
    given: Any, value: Any, operation: Operation, chosen: Lever, unit: str | None, where: str
) -> Range:
    """Check the range of a setting against its value and its lever.

    Raises
    ------
    ScenarioError
        One line: what is wrong, where, and what is allowed.
    """
    where = f"{where}: range"
    if chosen.path.startswith(ONCE) or isinstance(value, str) or value is None:
        raise ScenarioError(f"{where}: only a number that a lever is moved by can have one")
    if not isinstance(given, dict):
        raise ScenarioError(f"{where} is a mapping with {NAMED}, low and high, got {shown(given)}")
    given = dict(given)
    like = given.pop(AS, chosen.path)
    if not isinstance(like, str):
        raise ScenarioError(f"{where}: {AS} names the lever it is drawn with, got {shown(like)}")
    try:
        shape = read_shape(given, NAMED)
    except ValueError as error:
        raise ScenarioError(f"{where}: {error}") from None
    if unit is not None and operation != "scale" and not shape.relative:
        low, high = (convert(edge, unit, chosen.unit) for edge in (shape.low, shape.high))
        shape = Shape(shape.kind, low, high)
    own = operation in ("set", "ramp")  # what it says is what the lever is left at
    bounds = (chosen.low or 0.0, chosen.high or 0.0) if own else (-math.inf, math.inf)
    found = Range(shape, lever(like, where).path, bounds)
    _hold_against(found, value, operation, chosen, where)
    return found


def _hold_against(found: Range, value: Numbers, operation: Operation, chosen: Lever, where: str) -> None:
    """Raise unless the range lies about its value, inside the lever's bounds, and is one."""
    if isinstance(value, Mapping) and not found.shape.relative:
        raise ScenarioError(f"{where}: of numbers by label, low and high are factors; write relative: true")
    central = np.array([*value.values()] if isinstance(value, Mapping) else [value], dtype=float)
    fault = found.shape.fault(central)
    if fault:
        raise ScenarioError(f"{where}: {fault}")
    low, high = (np.asarray(found.shape.quantile(central, edge)) for edge in (LOW, HIGH))
    if np.array_equal(low, high):
        raise ScenarioError(f"{where}: moves nothing; leave it out, with no_range and why")
    if operation in ("set", "ramp"):
        for number in (low.min(), high.max()):
            check_bounds(float(f"{number:.12g}"), chosen, where)  # a logarithm and back is not exact
    elif operation == "scale" and low.min() < 0:
        raise ScenarioError(f"{where}: cannot scale by {low.min():g}; a factor is 0 or more")
