"""A block: the numbers of some members of one scenario as one Parquet file, one row a member.

The same members give the same bytes. A block says by itself what its numbers are, who failed and why.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core.errors import ResultError

if TYPE_CHECKING:
    from docketflow.results import Result

FORMAT = 1
ABOUT = b"docketflow.block"
MEMBER = "member"
GROUPS: dict[str, tuple[str, ...]] = {
    "period": ("outcome", MEMBER),
    "opening": ("outcome", MEMBER),
    "monthly": ("outcome", MEMBER, "month"),
    "stocks": ("stage", MEMBER, "month"),
    "resources": ("resource", "measure", MEMBER, "month"),
    "flows": ("edge", MEMBER),
    "costs": ("account", MEMBER),
}
"""Each group of a result and its axes."""

Axes = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Block:
    """What a block says of itself.

    Parameters
    ----------
    axes
        For each axis its labels (under "label") and what else is known of each (unit, definition ...).
    manifest
        What the members are made of; empty when all of them failed.
    done
        Members that have numbers, in the order of the rows.
    failures
        Member to reason.
    """

    axes: Axes
    manifest: dict[str, Any]
    done: list[int]
    failures: dict[int, str]

    def shape(self, group: str) -> tuple[int, ...]:
        """Return the shape of a group for one member."""
        return tuple(len(self.axes[axis]["label"]) for axis in beside_members(group))


def beside_members(group: str) -> tuple[str, ...]:
    """Return the axes of a group other than that of the members."""
    return tuple(axis for axis in GROUPS[group] if axis != MEMBER)


def pack(
    result: Result | None, numbers: Iterable[int], failures: Mapping[int, str], *, members: int
) -> bytes:
    """Return the block of some members.

    Parameters
    ----------
    result : Result or None
        The members that did not fail, if any.
    numbers : iterable of int
        All members of the block.
    failures : mapping
        Member to the reason why it failed.
    members : int
        How many members the whole study has.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    done = [number for number in numbers if number not in failures]
    columns: dict[str, pa.Array] = {MEMBER: pa.array(done, pa.int64())}
    axes: Axes = {}
    manifest: dict[str, Any] = {}
    if result is not None:
        manifest = {**result.manifest, "members": members}
        for group in GROUPS:
            array, dims = getattr(result, group), beside_members(group)
            for dim in dims:
                axes[dim] = axes.get(dim) or _axis(array, dim)
            rows = array.transpose(MEMBER, *dims).values.reshape(len(done), -1)
            flat = pa.array(np.ascontiguousarray(rows, dtype=np.float64).ravel())
            if rows.shape[1]:
                columns[group] = pa.FixedSizeListArray.from_arrays(flat, rows.shape[1])
    about = {
        "format": FORMAT,
        "axes": axes,
        "manifest": manifest,
        "failures": [[number, why] for number, why in sorted(failures.items())],
    }
    table = pa.table(columns).replace_schema_metadata({ABOUT: json.dumps(about).encode()})
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return sink.getvalue()


def unpack(data: bytes, groups: Iterable[str] = ()) -> tuple[Block, dict[str, np.ndarray]]:
    """Return what a block says of itself, and the wanted groups as arrays [member, ...].

    Raises
    ------
    ResultError
        When the bytes are no block of this version.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        about = json.loads((file.schema_arrow.metadata or {})[ABOUT])
        if about["format"] != FORMAT:
            raise ResultError(f"a block has format {about['format']!r}; this version reads {FORMAT}")
        known = [group for group in groups if group in file.schema_arrow.names]
        table = file.read(columns=[MEMBER, *known], use_threads=False)
    except (KeyError, ValueError, OSError, pa.ArrowException) as error:
        raise ResultError(f"a block cannot be read ({type(error).__name__})") from None
    done = table[MEMBER].to_pylist()
    block = Block(about["axes"], about["manifest"], done, {int(k): why for k, why in about["failures"]})
    arrays = {}
    for group in known:
        flat = table[group].combine_chunks()
        flat = flat.chunk(0) if isinstance(flat, pa.ChunkedArray) else flat
        arrays[group] = flat.flatten().to_numpy(zero_copy_only=False).reshape(len(done), *block.shape(group))
    return block, arrays


def _axis(array: Any, dim: str) -> dict[str, list[str]]:
    """Return an axis: its labels, and every coordinate that lies along it."""
    along = {
        str(name): [str(value) for value in coord.values]
        for name, coord in array.coords.items()
        if coord.dims == (dim,) and name != dim
    }
    return {"label": [str(value) for value in array.coords[dim].values], **along}
