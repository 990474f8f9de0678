"""What a result may be asked, and where each question is answered: one line a question.

Answers run the model again, and this room stands below whoever can; so the one who answers is named here and
imported when first asked. What was answered may be kept with the result as the data that `--json` prints.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

from docketflow.core.errors import UsageError
from docketflow.core.given import PRIVATE_EVIDENCE

QUESTIONS = {
    "beside": "docketflow.answers.beside:beside",
    "binding": "docketflow.answers.binding:of_result",
    "cost": "docketflow.answers.money.cost:cost",
    "due_process": "docketflow.answers.people.due_process:due_process",
    "draws": "docketflow.results.tables:draws",
    "feasible": "docketflow.answers.feasible:of_result",
    "html": "docketflow.report.notebook.shown:html",
    "levels": "docketflow.answers.levels:levels",
    "load": "docketflow.results.store:load",
    "mechanisms": "docketflow.answers.mechanisms:mechanisms",
    "plot": "docketflow.report.notebook.shown:plot",
    "sensitivity": "docketflow.answers.sensitivity:of_result",
    "since": "docketflow.answers.why.since:since",
    "small": "docketflow.answers.small:of_result",
    "table": "docketflow.results.tables:table",
    "why": "docketflow.answers.why.asked:why",
}
"""Question to the function, MODULE:NAME, that is given the result and whatever else the question needs."""


RUN_AGAIN = ("beside", "binding", "cost", "feasible", "sensitivity", "since", "why")
"""Questions for which the model or the evidence is read again."""


def ask(question: str, result: Any, *given: Any, **more: Any) -> Any:
    """Return the answer to a question about a result."""
    own = result.manifest.get("private") if question in RUN_AGAIN else None
    if own and not os.environ.get(PRIVATE_EVIDENCE):
        raise UsageError(
            f"{question}: this answer rests on {own['says']}, which are not laid over the published ones "
            "now; ask it with the run: docketflow run --evidence FOLDER"
        )
    return _answering(question)(result, *given, **more)


def make_ready(*questions: str) -> None:
    """Import now those who will be asked."""
    for question in questions:
        _answering(question)


def _answering(question: str) -> Any:
    module, _, name = QUESTIONS[question].partition(":")
    return getattr(importlib.import_module(module), name)
