"""The one store: a folder with its manifest first, blocks of members written whole, checksums last.

A run is a study of one scenario and lies in the same kind of folder. It knows files and bytes; not what is in
them. Whenever the process is killed, what is there is whole: a block's name ends with the beginning of its
own SHA-256, and a folder with checksums.json is finished. Never pickle.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.core.errors import ResultError

FORMAT = 3
MANIFEST, CHECKSUMS, BLOCKS = "manifest.json", "checksums.json", "blocks"
_BLOCK = re.compile(r"^(?P<first>\d{6,})\.(?P<sum>[0-9a-f]{16})\.parquet$")


class OtherFormat(ResultError):
    """Results that another version wrote: whole, perhaps, but not for this one to read."""


def is_result(path: Path) -> bool:
    """Say whether a path is a folder of results, of one scenario or several, finished or not."""
    return (path / MANIFEST).is_file() and ((path / BLOCKS).is_dir() or (path / "outcomes.parquet").is_file())


class Folder:
    """The files of one study, or of one run.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = files.real(path)

    # --- manifest -----------------------------------------------------------------------------------
    def check_free(self) -> None:
        """Raise if no new study can be put here."""
        with self._errors():
            if is_result(self.path):
                raise ResultError(
                    f"{self.path}: holds results already; --resume goes on with them, or choose another place"
                )
            if self.path.is_file() or (self.path.is_dir() and any(_visible(self.path))):
                raise ResultError(f"{self.path}: exists and is not a study; choose another place")

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest of new results, before anything else; of several who begin at once one does."""
        self.check_free()
        with self._errors():
            (self.path / BLOCKS).mkdir(parents=True, exist_ok=True)
        said = files.sealed({"format": FORMAT, **manifest}, where=f"{self.path}: the manifest")
        files.write(self.path / MANIFEST, said, anew=True)

    def manifest(self) -> dict[str, Any]:
        """Return the manifest, checked."""
        with self._errors():
            if not (self.path / MANIFEST).is_file():
                there = "there is no such folder" if not self.path.exists() else "is not a result folder"
                raise ResultError(
                    f"{self.path}: {there}" + (f" (no {MANIFEST})" if self.path.exists() else "")
                )
            said = files.unsealed(self.path / MANIFEST)
        found = said.pop("format", None)
        if found is None or not isinstance(said.get("members"), int):
            raise ResultError(f"{self.path}: {MANIFEST} is not that of a result or a study")
        if found != FORMAT:
            by = f"docketflow {said.get('docketflow', 'of another version')}"
            raise OtherFormat(
                f"{self.path}: was written by {by} in format {found}; this version reads format {FORMAT}: "
                "run it again"
            )
        return said

    # --- blocks -------------------------------------------------------------------------------------
    def put(self, scenario: str, first: int, data: bytes) -> None:
        """Keep a block, whole or not at all."""
        with self._errors():
            (self.path / BLOCKS / scenario).mkdir(exist_ok=True)
        name = f"{first:06}.{hashlib.sha256(data).hexdigest()[:16]}.parquet"
        self.write(f"{BLOCKS}/{scenario}/{name}", data)

    def blocks(self, scenario: str) -> dict[int, Path]:
        """Return the blocks of a scenario: first member to file."""
        return {first: paths[0] for first, paths in self.copies(scenario).items()}

    def copies(self, scenario: str) -> dict[int, list[Path]]:
        """Return every file of each block: more than one where two processes wrote other bytes."""
        with self._errors():
            found = sorted((self.path / BLOCKS / scenario).glob("*.parquet"))
        every: dict[int, list[Path]] = {}
        for path in found:
            if match := _BLOCK.match(path.name):
                every.setdefault(int(match["first"]), []).append(path)
        return every

    def remove(self, scenario: str, first: int) -> None:
        """Remove a block, so that it is made anew."""
        with self._errors():
            for path in self.copies(scenario).get(first, ()):
                path.unlink(missing_ok=True)

    def tidy(self, scenarios: Iterable[str]) -> None:
        """Remove what is half-written or has changed."""
        with self._errors():
            for part in self.path.rglob(f"{files.PREFIX}*{files.PART}"):
                part.unlink(missing_ok=True)
            for scenario in scenarios:
                for path in (path for paths in self.copies(scenario).values() for path in paths):
                    if not files.checksum(path).startswith(path.name.split(".")[1]):
                        path.unlink()

    # --- the rest -----------------------------------------------------------------------------------
    def write(self, name: str, data: str | bytes) -> None:
        """Write one file, whole or not at all."""
        files.write(self.path / name, data)

    def finish(self, exports: Iterable[str]) -> None:
        """Write the checksum of every file of ours: from now on the results are whole."""
        with self._errors():
            kept = (path for path in (self.path / BLOCKS).glob("*/*") if _BLOCK.match(path.name))
            ours = sorted([*kept, *(self.path / name for name in (MANIFEST, *exports))])
            sums = {path.relative_to(self.path).as_posix(): files.checksum(path) for path in ours}
        self.write(CHECKSUMS, files.sealed({"files": sums}))

    def names(self) -> list[str]:
        """Return the names of all files, links among them, as seen from the folder."""
        every = (path for path in self.path.rglob("*") if path.is_symlink() or not path.is_dir())
        return sorted(path.relative_to(self.path).as_posix() for path in every)

    @property
    def finished(self) -> bool:
        """Whether the results are whole."""
        return (self.path / CHECKSUMS).is_file()

    def sums(self) -> dict[str, str]:
        """Return the checksum of every file, as they were when the results were finished."""
        with self._errors():
            if not self.finished:
                raise ResultError(f"{self.path}: is not finished; --resume goes on with a study")
            sums: dict[str, str] = files.unsealed(self.path / CHECKSUMS)["files"]
            return {**sums, CHECKSUMS: files.checksum(self.path / CHECKSUMS)}

    def check(self) -> None:
        """Raise if the results are not finished, or a file is missing or has changed."""
        for name, wanted in self.sums().items():
            with self._errors():
                path = self.path / name
                if not path.is_file():
                    raise ResultError(f"{self.path}: {name} is missing; the result is not whole")
                if files.checksum(path) != wanted:
                    raise ResultError(
                        f"{self.path}: {name} has changed since it was written (checksum differs)"
                    )

    def reopen(self) -> None:
        """Take the checksums away: from now on the study is unfinished."""
        with self._errors():
            (self.path / CHECKSUMS).unlink(missing_ok=True)

    def _errors(self) -> contextlib.AbstractContextManager[None]:
        return files.clear(self.path, "cannot be read or written")


def _visible(path: Path) -> Iterator[Path]:
    """Yield what lies in a folder, except what a killed study left half-written or empty."""
    for entry in path.iterdir():
        part = entry.name.startswith(files.PREFIX) and entry.name.endswith(files.PART)
        if not part and not (entry.name == BLOCKS and not any(entry.iterdir())):
            yield entry
