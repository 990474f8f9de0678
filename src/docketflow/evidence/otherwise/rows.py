"""What is laid over the published rows: which figures and parameters, and how that is said of an answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docketflow.core.given import PRIVATE_EVIDENCE

MARK = "private, not published"


@dataclass(frozen=True)
class Private:
    """Rows laid over the published ones.

    Attributes
    ----------
    hash : of all files that were read
    titles : the titles of their sources
    sources, figures : the ids that are private
    replaced : path of each parameter that is another now, to one line
    idle : figures that no parameter follows, which are shown and compared only
    """

    hash: str
    titles: tuple[str, ...]
    sources: frozenset[str]
    figures: frozenset[str]
    replaced: Mapping[str, str]
    idle: tuple[str, ...]

    @property
    def words(self) -> str:
        """What is said of them wherever an answer shows."""
        many, moved = len(self.figures), len(self.replaced)
        rows = f"{many} private figure{'s' if many != 1 else ''}"
        rest = f"{moved} parameter{'s' if moved != 1 else ''} other than published"
        return f"{rows} and {rest} ({self.hash[:12]})"

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever lays them over is told."""
        alone = "no parameter follows it; it is shown and compared only"
        return (f"with {self.words}", *(f"private figure {id}: {alone}" for id in self.idle))

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, without any figure: what an answer's manifest says."""
        return {
            "hash": self.hash,
            "titles": list(self.titles),
            "says": self.words,
            "replaced": dict(self.replaced),
        }


def folder() -> str:
    """Return the folder that this process lays over the published rows, if any."""
    return os.environ.get(PRIVATE_EVIDENCE, "")
