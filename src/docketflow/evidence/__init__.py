"""What is known: published figures, their sources, and the parameters built on them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Check": "schema",
    "Comparison": "comparison",
    "Count": "counting",
    "Explanation": "explanation",
    "Figure": "schema",
    "FinerSeries": "finer",
    "Law": "schema",
    "Parameter": "schema",
    "PastTotal": "past_claims",
    "Room": "room",
    "Source": "schema",
    "comparisons": "comparison",
    "explain": "explanation",
    "finer_series": "finer",
    "load": "room",
    "notes": "lint.checks",
    "orders_without_a_lever": "lint.sources",
    "past_totals": "past_claims",
    "problems": "lint.checks",
    "settings_on_no_source": "lint.sources",
    "show": "explanation",
    "table_of_authorities": "law",
    "unknown_citations": "law",
    "without": "left_out",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that importing the package stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
