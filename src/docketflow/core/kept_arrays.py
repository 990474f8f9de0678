"""Arrays kept between uses where Python keeps compiled files: never needed, never stale, never pickled.

A file is named by a key of all that its arrays were made from, and begins with its own checksum. What is
missing or damaged is as if it had never been kept, and where nothing can be written nothing is.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

HOME = Path(__file__).parents[1] / "__pycache__"
MOST = 12  # files of one kind; the oldest are removed
_SUM = hashlib.sha256().digest_size


def read(kind: str, key: str) -> dict[str, np.ndarray] | None:
    """Return the arrays kept under a key, or None."""
    try:
        data = (HOME / f"{kind}-{key}.npz").read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data[_SUM:]).digest() != data[:_SUM]:
        return None
    with np.load(io.BytesIO(data[_SUM:]), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def write(kind: str, key: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Keep arrays under a key: written aside, then renamed."""
    packed = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(packed, **named)
    data = packed.getvalue()
    with contextlib.suppress(OSError):
        HOME.mkdir(exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=f".{kind}-", suffix=".part", dir=HOME)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(data).digest() + data)
            Path(aside).chmod(0o644)
            os.replace(aside, HOME / f"{kind}-{key}.npz")
        finally:
            Path(aside).unlink(missing_ok=True)
        for old in sorted(HOME.glob(f"{kind}-*.npz"), key=lambda path: path.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
