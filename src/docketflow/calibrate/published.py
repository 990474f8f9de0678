"""What was published beside what a result says, and whether a fit was told of it."""

from __future__ import annotations

from typing import Any

from docketflow.calibrate.targets import HELD_OUT, told
from docketflow.evidence import comparisons, finer_series, load
from docketflow.policy import shipped_as
from docketflow.results import Result, with_evidence, with_series


def published(result: Result) -> list[dict[str, Any]]:
    """Return each published figure that was set to check what was run, beside what the result says.

    ``told`` says whether a fit is told of it (`evidence/targets.yaml`), of some of its days, or of none.
    """
    found = comparisons(_shipped(result), result.start, result.end)
    checked = [one for one in found if one.check is not None]
    room, rows = load(), with_evidence(result, checked)
    return [
        {**row, "told": told(room, one.outcome, one.start, one.end)}
        for row, one in zip(rows, checked, strict=True)
    ]


def finer(result: Result) -> list[dict[str, Any]]:
    """Return each finer published series of what was run, beside what the result says over its months."""
    found = finer_series(_shipped(result), result.start, result.end)
    room, rows = load(), with_series(result, found)
    return [
        {**row, "told": told(room, one.outcome, one.figures[0].period_start, one.figures[-1].period_end)}
        if one.figures
        else {**row, "told": HELD_OUT}
        for row, one in zip(rows, found, strict=True)
    ]


def _shipped(result: Result) -> str | None:
    return shipped_as(result.manifest.get("settings"), likely=result.scenario)
