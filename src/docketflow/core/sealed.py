"""Files that begin with a checksum of the rest: what is damaged is as if it had never been kept.

They hold what can be made anew: what cannot be written is not kept, unless one asks to be told.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from docketflow.core import files
from docketflow.core.errors import ResultError

_SUM = hashlib.sha256().digest_size


def read(path: Path) -> bytes | None:
    """Return what was kept in a file, or None where there is none or it is damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data[_SUM:] if hashlib.sha256(data[_SUM:]).digest() == data[:_SUM] else None


def write(path: Path, data: bytes) -> None:
    """Keep bytes in a file, if it can be written."""
    with contextlib.suppress(ResultError):
        keep(path, data)


def keep(path: Path, data: bytes) -> None:
    """Keep bytes in a file, aside first, then renamed; raise if it cannot be written."""
    files.write(path, hashlib.sha256(data).digest(), data)
