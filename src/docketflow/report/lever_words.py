"""What a setting changes, in words a reader knows: "82% fewer", "1,036 beds more", "rising evenly to 755".

It knows a row of the table of levers, and no lever by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docketflow.core.labels import label
from docketflow.report.view import words


def change(row: Mapping[str, Any]) -> str:
    """Return in words what one row of the table of levers changes.

    >>> change({"operation": "scale", "value": 0.176, "unit": "persons/day"})
    '82% fewer'
    >>> change({"operation": "add", "value": -47.0, "unit": "judges"})
    '47 judges fewer'
    >>> change({"operation": "set", "value": {"none": 0.9}, "unit": "share"})
    'no conviction or pending charge: 90%'
    """
    value, unit = row["value"], str(row["unit"])
    if value in ("", None):
        return str(row["operation"])
    if isinstance(value, Mapping):
        each = (f"{_part(key)}: {_one(row, one, unit)}" for key, one in value.items())
        return "; ".join(each)
    return _one(row, value, unit)


def reach(row: Mapping[str, Any]) -> str:
    """Return in words how far an assumed setting may be off, or nothing.

    >>> half = {"low": 0.25, "high": 0.9}
    >>> reach({"operation": "set", "value": 0.5, "unit": "share", "range": half})
    '25% to 90%'
    >>> reach({"operation": "scale", "value": 1.5, "unit": "share", "range": {"low": 1, "high": 2.25}})
    'as it was to 125% more'
    """
    given = row.get("range")
    if not given:
        return ""
    low, high = float(given["low"]), float(given["high"])
    if given.get("relative"):
        odds = " the odds" if given.get("shape") == "logit" else ""
        return f"{low:g} to {high:g} times{odds}"
    if row["operation"] == "scale":
        return f"{_scaled(low)} to {_scaled(high)}"
    what, _, per = str(row["unit"]).partition("/")
    bare = what if what in ("share", "USD") else ""
    return f"{_amount(low, bare)} to {_amount(high, bare)}" + (f" a {per}" if per else "")


def _part(key: object) -> str:
    found = words()["parts"].get(str(key))
    return str(found) if found else str(key).replace("_", " ")


def _one(row: Mapping[str, Any], value: Any, unit: str) -> str:
    if isinstance(value, str):
        return label(value)
    operation = row["operation"]
    if operation == "scale":
        return _scaled(float(value))
    amount = _amount(abs(float(value)) if operation == "add" else float(value), unit)
    if operation == "add":
        return f"{amount} {'fewer' if value < 0 else 'more'}"
    return f"rising evenly to {amount}" if operation == "ramp" else amount


def _scaled(factor: float) -> str:
    if factor == 1:
        return "as it was"
    by = abs(1 - factor) * 100
    size = f"{by:.2g}" if by < 10 else f"{by:,.0f}"
    return f"{size}% {'fewer' if factor < 1 else 'more'}"


def _amount(value: float, unit: str) -> str:
    """Return an amount with its unit: a share in per cent, a pace as "a day"."""
    what, _, per = unit.partition("/")
    a = f" a {per}" if per else ""
    if what == "share":
        return f"{value * 100:.3g}%{a}"
    if what == "USD":
        return f"${value:,.0f}{a}"
    number = f"{value:,.0f}" if value == round(value) else f"{value:,.3g}"
    return f"{number} {'people' if what == 'persons' else what}".rstrip() + a
