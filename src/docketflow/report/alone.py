"""An answer as a page of its own: what stops a plan, what it would take, what it depends on.

It takes the answer as `--json` prints it; how it was found is not its business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.core.labels import label
from docketflow.core.plain import tidy
from docketflow.report.asked import Asked
from docketflow.report.format import Numbers
from docketflow.report.page import kitchen
from docketflow.report.pictures import rails, stairs


def write_alone(question: str, said: Mapping[str, Any], path: Path) -> Path:
    """Write the answer to a question as a single HTML file, whole or not at all.

    Parameters
    ----------
    question : "binding", "feasible" or "sensitivity"
    said : the answer, as plain data
    path : where the file goes
    """
    plain = tidy(said)
    known = {
        "said": plain,
        "n": Numbers(Asked({question: plain})),
        "label": label,
        "answers": stairs,
        "depends": rails,
    }
    return files.write(path, kitchen().get_template(f"{question}.html").render(known))
