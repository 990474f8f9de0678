"""Tables that a benchmark wrote of shipped scenarios, told only of what says just what was measured."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib import resources

from docketflow.policy import shipped_as
from docketflow.results import Result


def measured(result: Result, table: str) -> tuple[str, tuple[Mapping[str, str], ...]]:
    """Return the shipped scenario that a result is of, and its rows of a table; none if it is of none."""
    text = resources.files("docketflow.results").joinpath(table).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    among = {row["scenario"] for row in rows}
    name = shipped_as(result.manifest.get("settings"), likely=result.scenario, among=among) or ""
    return name, tuple(row for row in rows if row["scenario"] == name)
