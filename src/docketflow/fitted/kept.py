"""A posterior as a folder: its members, its manifest, and what its places mean."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from docketflow.core import files
from docketflow.core.errors import ResultError
from docketflow.core.quantity import Dated
from docketflow.fitted.places import Space, fitted

TABLE, MANIFEST = "posterior.csv", "manifest.json"
SHIPPED = Path(__file__).with_name("kept") / "2024-12-31"


def members_of(folder: Path) -> tuple[list[str], np.ndarray]:
    """Return the places and members of a kept posterior, or raise if it has changed since."""
    said = files.unsealed(folder / MANIFEST)
    if files.checksum(folder / TABLE) != said["sha256"][TABLE]:
        raise ResultError(f"{folder / TABLE}: has changed since it was written (sha256 differs)")
    with (folder / TABLE).open(encoding="utf-8", newline="") as lines:
        names, *rows = csv.reader(lines)
    return names, np.array(rows, dtype=float)


def until(folder: Path) -> dt.date:
    """Return the last day of which a kept posterior was told."""
    return dt.date.fromisoformat(files.unsealed(folder / MANIFEST)["until"])


def values_of(folder: Path, known: Mapping[str, Dated]) -> list[dict[str, Dated]]:
    """Return the parameters of each member of a kept posterior, as `Simulator.member` takes them.

    Parameters
    ----------
    folder : Path
        A posterior that was kept; `SHIPPED` holds the one that comes with docketflow.
    known : mapping
        The evidence's central values.
    """
    space, members = space_of(folder)
    return [space.values(member, known) for member in members]


def space_of(folder: Path) -> tuple[Space, np.ndarray]:
    """Return what the places of a kept posterior mean, and its members."""
    names, members = members_of(folder)
    said = sorted({name.partition(".")[2] for name in names if "." in name})
    years = tuple(int(one) for one in said if one.isdigit())
    turns = tuple(dt.date.fromisoformat(one) for one in said if not one.isdigit())
    space = Space(fitted(), years, turns)
    if space.names != names:
        raise ResultError(f"{folder}: was fitted in other places than this version has; fit it again")
    return space, members
