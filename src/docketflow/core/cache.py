"""Bytes and plain data kept between uses: never needed, never stale, never pickled.

A file is named by a key of all that it was made from, and sealed. What is missing or damaged is as if it had
never been kept, and where nothing can be written nothing is.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from docketflow.core import places, sealed
from docketflow.core.given import PRIVATE_EVIDENCE

MOST = 12  # files of one kind; the oldest are removed
PLAIN = ".json"


def read(kind: str, key: str, suffix: str) -> bytes | None:
    """Return the bytes kept under a key, or None."""
    for place in places.readable():
        data = sealed.read(place / f"{kind}-{key}{suffix}")
        if data is not None:
            return data
    return None


def write(kind: str, key: str, suffix: str, data: bytes) -> None:
    """Keep bytes under a key; nothing that private rows may be in, which others could read here."""
    place = places.writable()
    if place is None or os.environ.get(PRIVATE_EVIDENCE):
        return
    sealed.write(place / f"{kind}-{key}{suffix}", data)
    with contextlib.suppress(OSError):
        for old in sorted(place.glob(f"{kind}-*{suffix}"), key=lambda path: path.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)


def read_plain(kind: str, key: str) -> Any | None:
    """Return the plain data kept under a key, or None; tuples come back as lists."""
    data = read(kind, key, PLAIN)
    return None if data is None else json.loads(data)


def write_plain(kind: str, key: str, data: Any) -> None:
    """Keep plain data (text, numbers, lists, mappings from text) under a key."""
    write(kind, key, PLAIN, json.dumps(data, separators=(",", ":")).encode())
