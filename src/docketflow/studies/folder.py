"""A study's folder: the manifest first, blocks written whole and renamed, checksums last. Never pickle.

It knows files and bytes; not what is in them. Whenever the process is killed, what is there is whole: a
block's name ends with the beginning of its own SHA-256, and a folder with checksums.json is finished.
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

FORMAT = 1
MANIFEST, CHECKSUMS, BLOCKS = "manifest.json", "checksums.json", "blocks"
_BLOCK = re.compile(r"^(?P<first>\d{6,})\.(?P<sum>[0-9a-f]{16})\.parquet$")


def is_study(path: Path) -> bool:
    """Say whether a path is a study's folder, finished or not."""
    return (path / MANIFEST).is_file() and (path / BLOCKS).is_dir()


class Folder:
    """The files of one study.

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
            if is_study(self.path):
                raise ResultError(
                    f"{self.path}: holds a study already; --resume goes on with it, or choose another place"
                )
            if self.path.is_file() or (self.path.is_dir() and any(_visible(self.path))):
                raise ResultError(f"{self.path}: exists and is not a study; choose another place")

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest of a new study, before anything else."""
        self.check_free()
        with self._errors():
            (self.path / BLOCKS).mkdir(parents=True, exist_ok=True)
            self.write(MANIFEST, files.sealed({"format": FORMAT, "kind": "study", **manifest}))

    def manifest(self) -> dict[str, Any]:
        """Return the manifest, checked."""
        with self._errors():
            if not is_study(self.path):
                there = "there is no such folder" if not self.path.exists() else "is not a study"
                raise ResultError(f"{self.path}: {there}")
            said = files.unsealed(self.path / MANIFEST)
        if said.pop("format", None) != FORMAT or said.pop("kind", None) != "study":
            raise ResultError(f"{self.path}: {MANIFEST} is not that of a study of this version")
        return said

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder, so that no second process works on it; the hold ends with the process."""
        with self._errors(), (self.path / MANIFEST).open("rb") as file:
            with contextlib.suppress(ImportError):
                import fcntl

                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise ResultError(f"{self.path}: another process is working on this study") from None
                except OSError:  # a file system without locks
                    pass
            yield

    # --- blocks -------------------------------------------------------------------------------------
    def put(self, scenario: str, first: int, data: bytes) -> None:
        """Keep a block: written aside, then renamed."""
        with self._errors():
            (self.path / BLOCKS / scenario).mkdir(exist_ok=True)
            name = f"{first:06}.{hashlib.sha256(data).hexdigest()[:16]}.parquet"
            self.write(f"{BLOCKS}/{scenario}/{name}", data)

    def blocks(self, scenario: str) -> dict[int, Path]:
        """Return the blocks of a scenario: first member to file."""
        with self._errors():
            found = sorted((self.path / BLOCKS / scenario).glob("*.parquet"))
        return {int(match["first"]): path for path in found if (match := _BLOCK.match(path.name))}

    def tidy(self, scenarios: Iterable[str]) -> set[tuple[str, int]]:
        """Remove what is half-written or has changed; return scenario and first member of all others."""
        kept = set()
        with self._errors():
            for part in self.path.rglob(f"{files.PREFIX}*{files.PART}"):
                part.unlink(missing_ok=True)
            for scenario in scenarios:
                for first, path in self.blocks(scenario).items():
                    if files.checksum(path).startswith(path.name.split(".")[1]):
                        kept.add((scenario, first))
                    else:
                        path.unlink()
        return kept

    # --- the rest -----------------------------------------------------------------------------------
    def write(self, name: str, data: str | bytes) -> None:
        """Write one file, whole or not at all."""
        files.write(self.path / name, data)

    def finish(self, tables: Iterable[str]) -> None:
        """Write the checksum of every file of ours: from now on the study is whole."""
        with self._errors():
            kept = (path for path in (self.path / BLOCKS).glob("*/*") if _BLOCK.match(path.name))
            ours = sorted([*kept, *(self.path / name for name in (MANIFEST, *tables))])
            sums = {path.relative_to(self.path).as_posix(): files.checksum(path) for path in ours}
        self.write(CHECKSUMS, files.sealed({"files": sums}))

    @property
    def finished(self) -> bool:
        """Whether the study is whole."""
        return (self.path / CHECKSUMS).is_file()

    def check(self) -> None:
        """Raise if the study is not finished, or a file is missing or has changed."""
        with self._errors():
            if not self.finished:
                raise ResultError(f"{self.path}: the study is not finished; --resume goes on with it")
            for name, wanted in files.unsealed(self.path / CHECKSUMS)["files"].items():
                path = self.path / name
                if not path.is_file():
                    raise ResultError(f"{self.path}: {name} is missing; the study is not whole")
                if files.checksum(path) != wanted:
                    raise ResultError(
                        f"{self.path}: {name} has changed since it was written (checksum differs)"
                    )

    def reopen(self) -> None:
        """Take the checksums away: from now on the study is unfinished."""
        with self._errors():
            (self.path / CHECKSUMS).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ResultError(f"{str(self.path)[:200]}: {(error.strerror or 'error').lower()}") from None
        except ValueError as error:
            said = "is no path" if "null" in str(error) else f"cannot be read ({error})"
            raise ResultError(f"{str(self.path)[:200]!r}: {said}") from None


def _visible(path: Path) -> Iterator[Path]:
    """Yield what lies in a folder, except what a killed study left half-written or empty."""
    for entry in path.iterdir():
        half = entry.name.startswith(files.PREFIX) and entry.name.endswith(files.PART)
        if not (half or (entry.name == BLOCKS and not any(entry.iterdir()))):
            yield entry
