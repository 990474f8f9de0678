"""The page of why two answers differ; the same section stands in a run's page, if it was asked.

It takes the answer as `docketflow why --json` prints it.
"""

from __future__ import annotations

from pathlib import Path

from docketflow.core import files
from docketflow.report.page import kitchen
from docketflow.report.pictures.waterfall import Said, helpers


def write_why(said: Said, path: Path) -> Path:
    """Write the page of one answer as a single HTML file, whole or not at all."""
    return files.write(path, render_why(said))


def render_why(said: Said) -> str:
    """Return the page of one answer as HTML."""
    return kitchen().get_template("why.html").render(helpers(said, alone=True))
