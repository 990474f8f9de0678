"""The page of what it would take. It takes the answer as `docketflow feasible --json` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.report.binding import render_asked


def write_feasible(said: Mapping[str, Any], path: Path) -> Path:
    """Write the page of one answer as a single HTML file, whole or not at all."""
    return files.write(path, render_asked("feasible", said))
