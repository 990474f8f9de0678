"""Where a forecast lies: FOLDER/ORIGIN/NAME.csv and, beside it, its manifest and the form of a hub.

Written once. A forecast that could be made anew after the fact would be none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.core.errors import ResultError
from docketflow.forecasts import hub
from docketflow.forecasts.table import Forecast

MANIFEST = "manifest.json"


def check_place(folder: Path, origin: dt.date, name: str) -> Path:
    """Return where the table of a forecast goes, or raise if a forecast is there."""
    table = folder / origin.isoformat() / f"{files.check_name(name)}.csv"
    for there in (table, table.with_suffix("")):
        if there.exists() or there.is_symlink():
            raise ResultError(f"{there}: is there already; a forecast is never written over")
    return table


def keep(forecast: Forecast, origin: dt.date, manifest: Mapping[str, Any], folder: Path) -> Path:
    """Write a forecast and return where its table lies.

    Raises
    ------
    ResultError
        One line: there is a forecast at the place, or it cannot be written.
    """
    table = check_place(folder, origin, forecast.name)
    text = forecast.written()
    parts = hub.files_of(forecast, origin)
    sums = {name: hashlib.sha256(part.encode()).hexdigest() for name, part in parts.items()}
    sums[f"../{table.name}"] = hashlib.sha256(text.encode()).hexdigest()
    with files.folder(table.with_suffix(""), _taken) as aside:
        for name, part in parts.items():
            files.write(aside / name, part)
        about = {"forecast": forecast.name, "origin": origin.isoformat(), **manifest, "sha256": sums}
        files.write(aside / MANIFEST, files.sealed(about))
    files.write(table, text, anew=True)
    check(table)
    return table


def _taken(there: Path, place: Path) -> Iterable[str]:
    raise ResultError(f"{place}: is there already; a forecast is never written over")


def check(table: Path) -> None:
    """Raise if a table that has a manifest is not the one that was written with it."""
    manifest = table.with_suffix("") / MANIFEST
    if not manifest.is_file():
        return
    said = files.unsealed(manifest).get("sha256", {})
    for name, wanted in said.items():
        there = manifest.parent / name
        with files.clear(there, "cannot be read"):
            if files.checksum(there) != wanted:
                raise ResultError(f"{there.resolve()}: has changed since it was written (sha256 differs)")
