"""Keep a Result as a folder: Parquet tables and a manifest with a checksum of every file. Never pickle.

It knows what lies in a result's folder, and when one may take another's place; how files come to be there
whole is `core/files.py`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core import files
from docketflow.core.errors import ResultError
from docketflow.results.arrays import GROUPS, Held
from docketflow.results.result import Result

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FORMAT = 2
MANIFEST = "manifest.json"
TABLES = ("outcomes", "stocks", "resources", "flows", "costs")
RUN = ("settings", "members", "scale", "seed")
"""What a manifest says of which run it is: a result is replaced only by the same run made anew."""


def is_result(path: Path) -> bool:
    """Say whether a path is a result folder."""
    return (path / MANIFEST).is_file() and (path / "outcomes.parquet").is_file()


def check_place(path: Path, run: Mapping[str, Any]) -> None:
    """Raise if the result of a run (`RUN`) cannot be put there, or something else is there already."""
    files.check_folder(path, _replaceable(run))


def place_for(name: str, run: Mapping[str, Any], *, within: Path, changed: bool = False) -> Path:
    """Return the folder of a run's result: the scenario's name, with a mark of the run where that is needed.

    It is needed for a changed plan, and where the name already holds another run: neither is written over.
    """
    plain = within / name
    marked = within / f"{name}-{files.mark(dict(run))}"
    if changed:
        return marked
    try:
        return plain if not is_result(plain) or _same(_manifest(plain), run) else marked
    except ResultError:  # damaged: it is refused where it is judged
        return plain


def save(result: Result, path: Path, also: Callable[[Path], object] | None = None) -> Path:
    """Write a result folder, whole or not at all; the same run that is there already is replaced.

    Parameters
    ----------
    result : Result
    path : Path
        Where the folder goes.
    also : callable, optional
        Writes more files (a report) into the folder it is given, before it is sealed.

    Raises
    ------
    ResultError
        One line: the place holds another run, or files that docketflow did not write.
    """
    path = Path(path)
    with files.folder(path, _replaceable(result.manifest)) as folder:
        for name in TABLES:
            frame = getattr(_Tables, name)(result)
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        if also is not None:
            also(folder)
        manifest = {**result.manifest, "format": FORMAT, **_labels(result), "files": files.checksums(folder)}
        files.write(folder / MANIFEST, files.sealed(manifest, where=f"{path}: the manifest"))
    return files.real(path)


def _replaceable(run: Mapping[str, Any]) -> files.Judge:
    """Return what judges whether a folder is a result of the same run with nothing else in it."""

    def judge(folder: Path, place: Path) -> Iterable[str]:
        if not is_result(folder):
            raise ResultError(f"{place}: exists and is not a result folder; choose another place")
        kept = _manifest(folder)
        wrote, there = kept["files"], {entry.name for entry in folder.iterdir()} - {MANIFEST}
        found = files.checksums(folder)
        strange = sorted(name for name in there if name not in wrote or found.get(name) != wrote[name])
        if strange:
            more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
            raise ResultError(
                f"{place}: holds {strange[0]!r}{more}, not as docketflow wrote it; move it, or choose "
                "another place with --out"
            )
        if not _same(kept, run):
            told = f"{kept['members']} members at {kept['scale']}, seed {kept['seed']}"
            other = "other settings" if kept.get("settings") != run.get("settings") else told
            raise ResultError(
                f"{place}: holds another run of {kept['scenario']} ({other}); choose another place with "
                "--out, or delete it first"
            )
        return [*there, MANIFEST]

    return judge


def _same(kept: Mapping[str, Any], run: Mapping[str, Any]) -> bool:
    return all(kept.get(key) == run.get(key) for key in RUN)


def load(path: Path) -> Result:
    """Read a result folder and check that it is whole and unchanged.

    Raises
    ------
    ResultError
        One line: what is missing, changed or unreadable.
    """
    path = Path(path)
    manifest = _manifest(path)
    with files.clear(path, "cannot be read"):
        found = files.checksums(path)
    for name, wanted in manifest["files"].items():
        if name not in found:
            raise ResultError(f"{path}: {name} is missing; the result is not whole")
        if found[name] != wanted:
            raise ResultError(f"{path}: {name} has changed since it was written (checksum differs)")
    try:
        return _read(path, manifest)
    except ResultError:
        raise
    except Exception as error:  # whatever a damaged table makes the readers raise, it is one line to the user
        raise ResultError(f"{path}: cannot be read ({type(error).__name__})") from None


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = files.unsealed(path / MANIFEST)
    except FileNotFoundError:
        kind = "there is no such folder" if not path.exists() else f"is not a result folder (no {MANIFEST})"
        raise ResultError(f"{path}: {kind}") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({(error.strerror or 'error').lower()})") from None
    if not isinstance(manifest.get("files"), dict):
        raise ResultError(f"{path}: {MANIFEST} is not that of a result")
    if manifest.get("format") != FORMAT:
        raise ResultError(f"{path}: has format {manifest.get('format')!r}; this version reads {FORMAT}")
    missing = [f"{name}.parquet" for name in TABLES if f"{name}.parquet" not in manifest["files"]]
    if missing:
        raise ResultError(f"{path}: {missing[0]} is not listed in {MANIFEST}; the result is not whole")
    return manifest


def _labels(result: Result) -> dict[str, Any]:
    """Return what the tables' rows cannot hold by themselves: axes with units and definitions, levers."""
    return {"axes": result.axes, "levers": list(result.levers)}


class _Tables:
    """Each group as one tidy table."""

    @staticmethod
    def outcomes(result: Result) -> pd.DataFrame:
        import pandas as pd

        kept = result.to_xarray()
        parts = [_tidy(kept["monthly"], "outcome", "month", "member")]
        for month in ("period", "opening"):
            parts.append(_tidy(kept[month], "outcome", "member").assign(month=month))
        whole = pd.concat(parts, ignore_index=True).dropna(subset=["value"])
        return whole[["member", "month", "outcome", "value"]]

    @staticmethod
    def stocks(result: Result) -> pd.DataFrame:
        return _tidy(result.to_xarray()["stocks"], "stage", "member", "month")

    @staticmethod
    def resources(result: Result) -> pd.DataFrame:
        return _tidy(result.to_xarray()["resources"], "resource", "measure", "member", "month")

    @staticmethod
    def flows(result: Result) -> pd.DataFrame:
        return _tidy(result.to_xarray()["flows"], "edge", "member")

    @staticmethod
    def costs(result: Result) -> pd.DataFrame:
        return _tidy(result.to_xarray()["costs"], "account", "member")


def _tidy(array: xr.DataArray, *dims: str) -> pd.DataFrame:
    frame = array.rename("value").to_dataframe().reset_index()
    return frame[[*dims, "value"]]


def _read(path: Path, manifest: dict[str, Any]) -> Result:
    import pandas as pd

    axes, levers = manifest.pop("axes"), manifest.pop("levers")
    for key in ("files", "format"):
        manifest.pop(key)
    tables = {name: pd.read_parquet(path / f"{name}.parquet") for name in TABLES}
    rows = tables["outcomes"]
    tables["period"], tables["opening"] = (rows[rows["month"] == name] for name in ("period", "opening"))
    tables["monthly"] = rows[~rows["month"].isin(["period", "opening"])]
    labels = {axis: known["label"] for axis, known in axes.items()}
    labels["member"] = np.arange(int(manifest["members"]))
    arrays = Held()
    for group, dims in GROUPS.items():
        if group in tables:
            arrays[group] = _array(tables[group], {dim: labels[dim] for dim in dims})
    return Result(manifest=manifest, axes=axes, arrays=arrays, levers=levers)


def _array(frame: pd.DataFrame, coords: dict[str, Any]) -> np.ndarray:
    """Return the array a tidy table stands for; cells without a row are NaN."""
    import pandas as pd

    data = np.full([len(labels) for labels in coords.values()], np.nan)
    places = tuple(pd.Index(labels).get_indexer(frame[name]) for name, labels in coords.items())
    if any((place < 0).any() for place in places):
        raise ResultError("a table holds a label its manifest does not know")
    data[places] = frame["value"].to_numpy(dtype=float)
    return data
