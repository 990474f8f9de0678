"""What a run is told with whatever comes of it: loaded and read while members are lived elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from docketflow.core.plain import tidy


def ready(asked: Any, *more: Callable[[], object]) -> None:
    """Load and read what a result is told with, so that nobody waits for it once members are lived."""
    import pyarrow.parquet  # noqa: F401 (as are all of these, to be at hand)

    from docketflow.conductor.grounds import grounds
    from docketflow.evidence import load
    from docketflow.report import page
    from docketflow.results import questions, store, tables  # noqa: F401

    questions.make_ready("beside", "cost", "due_process", "levels", "mechanisms")
    page.make_ready(load(), asked.start)
    grounds(asked.first)
    for one in more:
        one()


def is_projection(name: str) -> bool:
    """Return whether a name is that of a projection of others, which is no scenario."""
    from docketflow.replications import names

    return name in names()


def small(asked: Any, scale: Fraction) -> dict[str, Any]:
    """Return the caps of a scenario that are too small at a scale, if any is."""
    from docketflow.answers.small import too_small

    found = too_small(asked, scale)
    return {"small": tidy(found.to_json())} if found else {}


def known(asked: Any) -> dict[str, Any]:
    """Return what stops a shipped scenario where that was answered beforehand, of this very model."""
    from docketflow.app.answers import kept

    said = kept.binding(asked)
    return {"binding": said} if said else {}
