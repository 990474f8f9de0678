"""Keep a built population in a folder the user names, and find it again by what it was built from.

Parquet and JSON only. The key is a hash of every figure, parameter value and file of this room, so nothing
stale is found; nothing is written anywhere else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from pathlib import Path

import pandas as pd

from docketflow.core.errors import ResultError
from docketflow.core.quantity import Table
from docketflow.core.vocabulary import vocabulary
from docketflow.people.facts import HOME, Facts

Kept = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, tuple[str, ...]]
TABLES = ("cells", "margins", "bridge")


def key(facts: Facts) -> str:
    """Return a hash of everything the population is built from."""
    found = hashlib.sha256()
    for path in sorted(HOME.glob("*.py")) + sorted(HOME.glob("*.yaml")) + sorted(HOME.glob("*.csv")):
        found.update(path.name.encode() + path.read_bytes())
    found.update(repr(vocabulary()).encode())
    for figure in facts.room.rows.values():
        found.update(f"{figure.id},{figure.subgroup},{figure.value},{figure.period_end}".encode())
    for path, parameter in sorted(facts.room.parameters.items()):
        if path.startswith("population."):
            dated = facts.values.get(path) or parameter.central
            for start, value in dated:
                said = [value.axes, value.data.tolist()] if isinstance(value, Table) else value
                found.update(f"{path},{start},{said}".encode())
    return found.hexdigest()[:16]


def read(folder: Path, date: dt.date, key: str) -> Kept | None:
    """Return what was kept, or None."""
    home = Path(folder) / f"people-{date}-{key}"
    if not (home / "notes.json").exists():
        return None
    try:
        cells, margins, bridge = (pd.read_parquet(home / f"{name}.parquet") for name in TABLES)
        notes = tuple(json.loads((home / "notes.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as damaged:
        raise ResultError(f"{home}: cannot be read ({type(damaged).__name__}); delete the folder") from None
    return cells, margins, bridge, notes


def write(
    folder: Path,
    date: dt.date,
    key: str,
    cells: pd.DataFrame,
    margins: pd.DataFrame,
    bridge: pd.DataFrame,
    notes: tuple[str, ...],
) -> None:
    """Keep a population: written aside, then renamed."""
    home = Path(folder) / f"people-{date}-{key}"
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".people-", dir=folder))
        for name, table in zip(TABLES, (cells, margins, bridge), strict=True):
            table.to_parquet(aside / f"{name}.parquet")
        (aside / "notes.json").write_text(json.dumps(notes), encoding="utf-8")
        if not home.exists():
            os.replace(aside, home)
    except OSError as unwritable:
        raise ResultError(f"{folder}: cannot be written ({unwritable.strerror})") from None
