"""What a run is told with whatever comes of it: loaded and read while members are lived elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def ready(asked: Any, *more: Callable[[], object]) -> None:
    """Load and read what a result is told with, so that nobody waits for it once members are lived."""
    import pyarrow.parquet  # noqa: F401 (as are all of these, to be at hand)

    from docketflow.conductor.grounds import grounds
    from docketflow.report import page
    from docketflow.results import questions, store, tables  # noqa: F401

    questions.make_ready("beside", "cost", "due_process", "levels", "mechanisms", "small")
    page.make_ready()
    grounds(asked.first)
    for one in more:
        one()


def known(asked: Any) -> dict[str, Any]:
    """Return what stops a shipped scenario where that was answered beforehand, of this very model."""
    from docketflow.app.answers import kept

    said = kept.binding(asked)
    return {"binding": said} if said else {}
