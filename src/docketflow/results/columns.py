"""Arrow columns from buffers: `pyarrow.array` does the same, but imports pandas first (0.3 s of a run)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def numbers(values: np.ndarray) -> pa.Array:
    """Return a column of numbers."""
    import pyarrow as pa

    plain = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(plain.dtype), len(plain), [None, pa.py_buffer(plain)])


def values_of(column: pa.Array) -> np.ndarray:
    """Return the numbers of a column of floats without gaps (`to_numpy` would import pandas as well)."""
    held = column.buffers()[1]
    if not len(column) or held is None:
        return np.zeros(0)
    return np.frombuffer(held, dtype=np.float64, count=len(column), offset=column.offset * 8)


def words(values: Sequence[str]) -> pa.Array:
    """Return a column of words."""
    import pyarrow as pa

    written = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(written), pa.py_buffer(ends), pa.py_buffer(b"".join(written)))


def labelled(places: np.ndarray, labels: Sequence[str]) -> pa.Array:
    """Return a column that says which label stands in each row."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(numbers(places), words(labels))
