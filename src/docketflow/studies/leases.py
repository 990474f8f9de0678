"""Leases: which process works on which block of a folder, for any number of processes on any machines.

A lease saves work and guards nothing: whoever runs a block writes the same bytes under the same name, so that
a lease taken in error costs a block run twice and never an answer. That is why plain files are enough.

A lease is a file made only where there is none; it names its owner. An owner has one file in which it counts
(beats) and which it holds locked. Whether an owner lives is seen in two ways, and neither compares the clocks
of two machines: under the same kernel by its lock, elsewhere by whether its count goes on while the one who
asks watches.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from docketflow.core import files

FOLDER, BEAT, LEASE = ".leases", ".beat", ".lease"
EVERY = 5.0  # seconds between beats
LONGEST_SILENCE = 60.0  # seconds without a beat: more than a shared file system keeps what it read before
Key = tuple[str, int]
"""Scenario and first member of a block."""
_OWNER = re.compile(r"[A-Za-z0-9_-]+")
_LEASE = re.compile(rf"^(?P<scenario>.+)\.(?P<first>\d+){re.escape(LEASE)}$")


class Leases:
    """The leases of one process in a folder; as a context it holds them, and gives all back at its end.

    Parameters
    ----------
    folder : Path
        The study's folder.
    every, longest_silence : float
        Seconds between beats, and after which one who does not beat is taken for dead.
    """

    def __init__(
        self, folder: Path, *, every: float = EVERY, longest_silence: float = LONGEST_SILENCE
    ) -> None:
        self.folder = folder / FOLDER
        self._every, self._longest = every, longest_silence
        self._seen: dict[str, tuple[bytes, float]] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Leases:
        prefix = f"{_kernel()}-{os.getpid()}-"
        with files.clear(self.folder):
            self.folder.parent.stat()
            while True:
                self.folder.mkdir(exist_ok=True)
                with contextlib.suppress(FileNotFoundError):  # the last of the others took it away just now
                    self._handle, path = tempfile.mkstemp(prefix=prefix, suffix=BEAT, dir=self.folder)
                    break
            os.chmod(path, 0o644)
        self._file = Path(path)
        self.owner = self._file.name.removesuffix(BEAT)
        _lock(self._handle)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        for key, owner in self._all():
            if owner == self.owner:
                self.give_back(key)
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
        os.close(self._handle)
        with contextlib.suppress(OSError):  # others are at work
            self.folder.rmdir()

    # --- claims -------------------------------------------------------------------------------------
    def claim(self, key: Key) -> bool:
        """Take a block that nobody works on; say whether it is ours now."""
        path = self._path(key)
        with files.clear(path):
            try:
                handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
            except FileExistsError:
                return False
            except FileNotFoundError:  # the study was closed, and the folder of leases with it
                return False
            with os.fdopen(handle, "wb") as file:
                file.write(self.owner.encode())
        return True

    def give_back(self, key: Key) -> None:
        """Let others have a block."""
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def held(self) -> set[Key]:
        """Return the blocks that living processes work on; leases of dead ones are taken away."""
        alive: dict[str, bool] = {}
        found = set()
        for key, owner in self._all():
            if owner not in alive:
                alive[owner] = self._lives(owner)
            if alive[owner]:
                found.add(key)
            else:
                self.give_back(key)
        for path in (self._beat_of(owner) for owner, lives in alive.items() if not lives):
            with contextlib.suppress(OSError):
                if path is not None:
                    path.unlink(missing_ok=True)
        return found

    def clear(self) -> None:
        """Take every lease away: there is nothing left to claim."""
        for pattern in (f"*{LEASE}", f"*{BEAT}"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def _path(self, key: Key) -> Path:
        return self.folder / f"{key[0]}.{key[1]:06}{LEASE}"

    def _beat_of(self, owner: str) -> Path | None:
        return self.folder / f"{owner}{BEAT}" if _OWNER.fullmatch(owner) else None

    def _all(self) -> Iterator[tuple[Key, str]]:
        for path in sorted(self.folder.glob(f"*{LEASE}")):
            match = _LEASE.match(path.name)
            with contextlib.suppress(OSError):
                if match is not None:
                    owner = path.read_text(encoding="utf-8", errors="replace")
                    yield (match["scenario"], int(match["first"])), owner

    # --- owners -------------------------------------------------------------------------------------
    def _lives(self, owner: str) -> bool:
        """Say whether an owner works on; one whose name was not yet written, or never will be, is watched."""
        if owner == self.owner:
            return True
        path = self._beat_of(owner)
        try:
            count = path.read_bytes() if path is not None else b""
        except FileNotFoundError:
            return False
        except OSError:
            count = b""
        if path is not None and owner.startswith(f"{_kernel()}-") and _is_free(path):
            return False
        before, since = self._seen.get(owner, (None, 0.0))
        if count != before:
            self._seen[owner] = (count, time.monotonic())
            return True
        return time.monotonic() - since < self._longest

    def _beat(self) -> None:
        count = 0
        while True:
            with contextlib.suppress(OSError):  # a disk that is full now may not be so at the next beat
                os.lseek(self._handle, 0, os.SEEK_SET)
                os.write(self._handle, f"{count}\n".encode())
                os.fsync(self._handle)
            count += 1
            if self._ended.wait(self._every):
                return


def _kernel() -> str:
    """Return a name of the running system: processes under the same one see each other's locks."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return re.sub(r"[^A-Za-z0-9]", "_", platform.node())[:40]


def _lock(handle: int) -> None:
    with contextlib.suppress(ImportError, OSError):  # no locks here: beats are enough
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_free(path: Path) -> bool:
    """Say whether nobody holds a file locked; False where that cannot be known."""
    try:
        import fcntl

        with path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except (ImportError, OSError):
        return False
