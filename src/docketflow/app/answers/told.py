"""Which outcomes leave the app: all that a result has but those by nationality group.

Small groups are suppressed where they are published, and a difference of two answers would undo that.
"""

from __future__ import annotations

from docketflow.results import Result

HIDDEN = ".by_nationality_group"


def told(result: Result) -> tuple[str, ...]:
    """Return the names of the outcomes of a result that are told."""
    return tuple(name for name in result.names if HIDDEN not in name)
