"""A small evidence room in a folder of its own, that a test may edit and read again."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
import yaml

from docketflow.core.outcomes import Outcome
from docketflow.evidence.room import HOME, Room
from docketflow.evidence.schema import FIGURE_COLUMNS


class Draft:
    """A room under edit: figures and parameters as plain dicts, written out when read."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "figures").mkdir(parents=True)
        (home / "parameters").mkdir()
        self.figures = [
            figure("J1", "judges_on_board", "judges", 735),
            figure("S1", "grant_share", "share", 0.3),
        ]
        self.parameters = [
            {
                "path": "court.judges",
                "unit": "judges",
                "value": 735,
                "shape": {"kind": "lognormal", "low": 700, "high": 760},
                "how": "direct",
                "evidence": ["J1"],
                "note": "Judges on board.",
            }
        ]
        self.sources = [{"id": "SRC", "title": "A report", "url": "https://www.example.org/report"}]
        self.checks: list[dict] = []
        self.outcomes = [Outcome("removals.ice", "persons", "flow", "d")]
        self.claims: list[dict] = []
        self.rules: list[dict] = []
        self.series: list[dict] = []
        self.events: list[dict] = []

    def room(self) -> Room:
        """Write the draft and read it as a room."""
        _table(self.home / "figures" / "all.csv", FIGURE_COLUMNS, self.figures)
        _table(
            self.home / "sources.csv",
            ("id", "title", "publisher", "published", "url", "note"),
            self.sources,
        )
        for name, entries in [
            ("parameters/all.yaml", self.parameters),
            ("checks.yaml", self.checks),
            ("claims.yaml", self.claims),
            ("counting.yaml", self.rules),
            ("series.yaml", self.series),
            ("events.yaml", self.events),
        ]:
            (self.home / name).write_text(yaml.safe_dump(entries), encoding="utf-8")
        return Room(self.home, {outcome.name: outcome for outcome in self.outcomes})


def figure(id: str, metric: str, unit: str, value: float, **cells: object) -> dict:
    """Return a figure of fiscal year 2023 unless told otherwise."""
    return {
        "id": id,
        "metric": metric,
        "unit": unit,
        "period_start": "2022-10-01",
        "period_end": "2023-09-30",
        "geography": "US",
        "subgroup": "all",
        "value": value,
        "source": "SRC",
        "locator": "table 1",
        "confidence": "A",
    } | cells


def _table(path: Path, columns: tuple[str, ...], rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path / "evidence")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the evidence that ships, to be edited."""
    home = tmp_path / "shipped"
    shutil.copytree(HOME, home, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return home
