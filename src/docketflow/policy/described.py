"""What the two news reports describe, and what of it a scenario holds (`described.yaml`)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from docketflow.core.strict_yaml import read_yaml

RECORDS = 100
"""A cap of fewer records than these is too small to be told from none by a few members."""


@dataclass(frozen=True)
class Described:
    """One thing that the reports describe.

    Attributes
    ----------
    row
        What it is.
    levers
        Levers, or beginnings of their paths, that carry it.
    without
        What the model does where no setting moves one of them.
    left_out
        What of it the model has not.
    claims
        Which of the reports' statements are about it.
    """

    row: str
    levers: tuple[str, ...]
    without: str
    left_out: str = ""
    claims: tuple[str, ...] = ()

    def moved_by(self, levers: Iterable[str]) -> list[str]:
        """Return the levers among those given that carry this row, each once, in their order."""
        return list(dict.fromkeys(path for path in levers if path.startswith(self.levers)))


@functools.cache
def described() -> tuple[Described, ...]:
    """Return every row, in the order in which the reports' plan is told."""
    rows = read_yaml(Path(str(resources.files("docketflow.policy").joinpath("described.yaml"))))
    lists = ("levers", "claims")
    return tuple(Described(**row | {key: tuple(row.get(key, ())) for key in lists}) for row in rows)


def too_small(row: Mapping[str, Any], scale: Fraction) -> bool:
    """Say whether a setting puts a cap on people or places of too few records at a scale.

    >>> cap = {"operation": "set", "unit": "beds", "value": 225}
    >>> too_small(cap, Fraction(1, 100)), too_small(cap, Fraction(1))
    (True, False)
    """
    if row["operation"] != "set" or row["unit"] not in ("beds", "persons"):
        return False
    value = row["value"]
    caps = value.values() if isinstance(value, Mapping) else [value]
    return any(0 < float(cap) * scale < RECORDS for cap in caps)
