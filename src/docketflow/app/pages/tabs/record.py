"""How answers held against what was published, and what the fit was shown of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docketflow.app.pages import say
from docketflow.app.words import _
from docketflow.calibrate.published import published
from docketflow.calibrate.record import boards as backtested
from docketflow.calibrate.targets import FITTED, HELD_OUT, IN_PART
from docketflow.core.labels import label
from docketflow.evidence import load
from docketflow.results import Result

SHOWN = {FITTED: "yes", IN_PART: "in part", HELD_OUT: "no"}


def against(result: Result | None) -> Sequence[Mapping[str, Any]]:
    """Return each published figure that was set to check a result, beside what it says."""
    return [] if result is None else [row for row in published(result) if row["verdict"] != "input"]


def held(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int, int]:
    """Return how many published figures lie inside the range, of how many, and how many the fit was shown."""
    inside = sum(row["band"] == "inside" for row in rows)
    return inside, len(rows), sum(row["told"] != HELD_OUT for row in rows)


def shown(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows as the page shows them."""
    return [
        {
            "name": _(label(str(row["outcome"]))),
            **{name: say.amount(float(row[name]), str(row.get("unit", "")))
               for name in ("published", "model", "low", "high")},
            "inside": row["band"] == "inside",
            "off": f"{row['relative']:+.0%}" if row["relative"] == row["relative"] else "–",
            "fitted": _(SHOWN[row["told"]]),
            "source": load().sources[str(row["source"])],
        }
        for row in rows
    ]  # fmt: skip


def boards() -> list[dict[str, str]]:
    """Return in how many cases backtests were better than what needs no model, board by board."""
    shares = ("better_than_last_value", "better_than_the_best", "better_than_the_level_alone", "coverage_90")
    return [
        {"says": _(board["says"]).capitalize(), **{name: f"{board[name]['value']:.0%}" for name in shares}}
        for board in backtested()
    ]
