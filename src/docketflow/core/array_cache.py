"""Arrays kept between uses: never needed, never stale, never pickled.

A file is named by a key of all that its arrays were made from, and sealed. What is missing or damaged is as
if it had never been kept, and where nothing can be written nothing is.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from docketflow.core import places, sealed

MOST = 12  # files of one kind; the oldest are removed


def read(kind: str, key: str) -> dict[str, np.ndarray] | None:
    """Return the arrays kept under a key, or None."""
    for place in places.readable():
        data = sealed.read(place / f"{kind}-{key}.npz")
        if data is not None:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
    return None


def write(kind: str, key: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Keep arrays under a key."""
    place = places.writable()
    if place is None:
        return
    packed = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(packed, **named)
    sealed.write(place / f"{kind}-{key}.npz", packed.getvalue())
    with contextlib.suppress(OSError):
        for old in sorted(place.glob(f"{kind}-*.npz"), key=lambda path: path.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
