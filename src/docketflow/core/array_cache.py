"""Arrays kept between uses (see `cache`)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from docketflow.core import cache

ARRAYS = ".npz"


def read(kind: str, key: str) -> dict[str, np.ndarray] | None:
    """Return the arrays kept under a key, or None."""
    data = cache.read(kind, key, ARRAYS)
    if data is None:
        return None
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def write(kind: str, key: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Keep arrays under a key."""
    packed = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(packed, **named)
    cache.write(kind, key, ARRAYS, packed.getvalue())
