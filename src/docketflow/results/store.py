"""Keep a Result as a folder: Parquet tables and a manifest with a checksum of every file. Never pickle.

The folder is written beside its place and renamed, so it is there whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core.errors import ResultError
from docketflow.results.arrays import GROUPS, Held
from docketflow.results.result import Result

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FORMAT = 2
MANIFEST = "manifest.json"
TABLES = ("outcomes", "stocks", "resources", "flows", "costs")


def is_result(path: Path) -> bool:
    """Say whether a path is a result folder."""
    return (path / MANIFEST).is_file() and (path / "outcomes.parquet").is_file()


def check_place(path: Path) -> None:
    """Raise if a result cannot be put there: not writable, or something else is there already."""
    try:
        if path.is_file():
            raise ResultError(f"{path}: is a file; --out needs a folder")
        if Path.cwd().is_relative_to(path.absolute()):
            raise ResultError(f"{path}: is the folder you are in, or one above it; choose another place")
        if path.is_dir() and any(path.iterdir()) and not is_result(path):
            raise ResultError(f"{path}: exists and is not a result folder; choose another place")
        above = next(parent for parent in path.absolute().parents if parent.exists())
        os.rmdir(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=above))
    except OSError as error:
        raise ResultError(f"{str(path)[:200]}: {_why(error)}") from None
    except ValueError:
        raise ResultError(f"{str(path)[:200]!r}: is no path") from None


def save(result: Result, path: Path, also: Callable[[Path], object] | None = None) -> Path:
    """Write a result folder, whole or not at all; one that is there is replaced.

    Parameters
    ----------
    result : Result
    path : Path
        Where the folder goes.
    also : callable, optional
        Writes more files (a report) into the folder it is given, before it is sealed.
    """
    path = Path(path).absolute()
    check_place(path)
    with _sibling(path) as folder:
        for name in TABLES:
            frame = getattr(_Tables, name)(result)
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        if also is not None:
            also(folder)
        manifest = {**result.manifest, "format": FORMAT, **_labels(result), "files": _sums(folder)}
        (folder / MANIFEST).write_text(_sealed(manifest, path), encoding="utf-8")
    return path


def load(path: Path) -> Result:
    """Read a result folder and check that it is whole and unchanged.

    Raises
    ------
    ResultError
        One line: what is missing, changed or unreadable.
    """
    path = Path(path)
    manifest = _manifest(path)
    found = _sums(path)
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


@contextlib.contextmanager
def _sibling(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``path``, and put it in its place if all went well."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    except OSError as error:
        raise ResultError(f"{path}: {_why(error)}") from None
    try:
        yield folder
        folder.chmod(0o755)
        old = folder.with_suffix(".old")
        if path.exists():
            path.rename(old)
        folder.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise ResultError(f"{path}: {_why(error)}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _why(error: OSError) -> str:
    return f"cannot be written ({(error.strerror or 'error').lower()})"


def _sums(folder: Path) -> dict[str, str]:
    try:
        return {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.iterdir())
            if file.is_file() and file.name != MANIFEST
        }
    except OSError as error:
        raise ResultError(f"{folder}: cannot be read ({(error.strerror or 'error').lower()})") from None


def _sealed(manifest: dict[str, Any], path: Path) -> str:
    try:
        return json.dumps({**manifest, "seal": _seal(manifest)}, indent=1, allow_nan=False) + "\n"
    except (TypeError, ValueError) as error:
        raise ResultError(f"{path}: the manifest holds something that is not plain data ({error})") from None


def _seal(manifest: dict[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        kind = "there is no such folder" if not path.exists() else f"is not a result folder (no {MANIFEST})"
        raise ResultError(f"{path}: {kind}") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({(error.strerror or 'error').lower()})") from None
    except (ValueError, RecursionError):
        raise ResultError(f"{path}: {MANIFEST} is not valid JSON; the result is damaged") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ResultError(f"{path}: {MANIFEST} is not that of a result")
    if manifest.get("format") != FORMAT:
        raise ResultError(f"{path}: has format {manifest.get('format')!r}; this version reads {FORMAT}")
    if manifest.get("seal") != _seal(manifest):
        raise ResultError(f"{path}: {MANIFEST} has changed since it was written (seal differs)")
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
    for key in ("files", "seal", "format"):
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
