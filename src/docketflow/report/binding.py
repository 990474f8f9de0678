"""The page of what stops a plan: the staircase as a picture to print, and what comes with it.

It takes the answer as `docketflow binding --json` prints it; how it was found is not its business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.core.plain import tidy
from docketflow.report import rails, stairs
from docketflow.report.asked import Asked
from docketflow.report.format import Numbers
from docketflow.report.page import kitchen
from docketflow.report.view import label


def write_binding(said: Mapping[str, Any], path: Path) -> Path:
    """Write the page of one answer as a single HTML file, whole or not at all."""
    return files.write(path, render_asked("binding", said))


def render_asked(question: str, said: Mapping[str, Any]) -> str:
    """Return the page of one answer as HTML; its sections are those of a report."""
    plain = tidy(said)
    known = {
        "said": plain,
        "n": Numbers(Asked({question: plain})),
        "label": label,
        "answers": stairs,
        "depends": rails,
    }
    return kitchen().get_template(f"{question}.html").render(known)
