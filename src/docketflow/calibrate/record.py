"""The record that a report tells: how the model was fitted, how it did in backtests, lines of an outcome."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from docketflow.calibrate.backtest import FORECAST, GIVEN
from docketflow.calibrate.board import beside, compared, read, told
from docketflow.calibrate.posterior import WITHIN
from docketflow.calibrate.targets import series
from docketflow.core import files
from docketflow.evidence import load
from docketflow.fitted.kept import MANIFEST, SHIPPED

BOARD = Path(__file__).with_name("kept") / "scoreboard.csv"
SAID = {GIVEN: "border and resources given", FORECAST: "border forecast too"}
THIS, EARLIER = "this very evidence", "an earlier state of the evidence"
DEFAULT = "removals.ice"


def record(scenario: str, outcome: str, drawn: str, *, of_this: bool) -> dict[str, Any]:
    """Return the record as plain data.

    Parameters
    ----------
    scenario : the run's
    outcome : the one in question; where backtests score only its parts, those are told
    drawn : what the run's members were drawn from, in words
    of_this : whether the posterior that is kept was fitted to this evidence (`conductor.rooms.is_fitted`)
    """
    made = files.unsealed(SHIPPED / MANIFEST)
    summary, mine = made["summary"], outcome or DEFAULT
    return {
        "scenario": scenario,
        "asked_of": mine,
        "drawn": drawn,
        "fit": {
            "of": THIS if of_this else EARLIER,
            "until": made["until"],
            "series": len(made["fitted_to"]),
            "ensemble": made["members"],
            "assimilations": made["steps"],
            "years": _share(summary["years_2023_2024_within_a_tenth"]),
            "within": _share(WITHIN),
            "months": _share(summary["months_inside_90"]),
        },
        "boards": boards(mine),
    }


def boards(outcome: str = DEFAULT) -> list[dict[str, Any]]:
    """Return what each board says: in how many cases the model is better than what needs none, and its lines.

    Beside rivals it is compared at some origins (`board.compared`); its coverage is of all.
    """
    found = read(BOARD)
    rivals, bands, is_of = compared(found), told(found), _lines_of(outcome)
    listed = [row for row in beside(rivals) if is_of(row["outcome"])]
    return [
        {
            "says": SAID[board],
            "better_than_last_value": _share(line["better_than_last_value"]),
            "better_than_the_best": _share(line["better_than_the_best"]),
            "better_than_the_level_alone": _share(line["better_than_the_level_alone"]),
            "coverage_90": _share(bands[board]["coverage_90"]),
            "lines": [_line(row) for row in listed if row["board"] == board],
        }
        for board, line in told(rivals).items()
    ]


def _lines_of(outcome: str) -> Callable[[str], bool]:
    """Say whether a line of the board is of an outcome, a declared part of it or a count below its name."""
    parts = {one.outcome for one in series(load()) if one.part_of == outcome}
    return lambda name: name == outcome or name in parts or name.startswith(f"{outcome}.")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "of": row["outcome"],
        "ahead": int(row["horizon"]),
        "origins": row["origins"],
        "ours": {"value": row["model"], "unit": "score"},
        "rival": {"value": row[row["best"]], "unit": "score"},
        "best": row["best"],
        "better": bool(row["better"]),
    }


def _share(value: float | None) -> dict[str, Any]:
    return {"value": value, "unit": "share"}
