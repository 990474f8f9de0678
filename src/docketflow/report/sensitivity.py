"""The page of what an answer depends on: a tornado an outcome, where its spread comes from, whose word it is.

It takes the study as `docketflow sensitivity --json` prints it; how it was made is not its business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.report.binding import render_asked


def write_sensitivity(said: Mapping[str, Any], path: Path) -> Path:
    """Write the page of one study as a single HTML file, whole or not at all."""
    return files.write(path, render_asked("sensitivity", said))
