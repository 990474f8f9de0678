"""A block: the numbers of some members of one scenario as one Parquet file, one row a member.

The same members give the same bytes. A block says by itself what its numbers are, along which axes, and how
each of its members ended: answered (it has a row), failed (the model's own reason), or missing (it was never
run to an end: a lost worker's words).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core.errors import ResultError
from docketflow.results.arrays import GROUPS, MEMBER, Axes
from docketflow.results.columns import numbers, values_of

if TYPE_CHECKING:
    from docketflow.results.result import Result

FORMAT = 2
ABOUT = b"docketflow.block"


@dataclass(frozen=True)
class Block:
    """What a block says of itself.

    Parameters
    ----------
    axes
        Of each axis its labels (under "label") and what else is known of each (unit, definition ...).
    groups
        Each group's axes beside that of the members; a group need not be known to this version.
    manifest
        What the members are made of; empty when none of them answered.
    done
        Members that answered, in the order of the rows.
    failures, missing
        Member to reason: it failed by the model, or it was not run to an end.
    """

    axes: Axes
    groups: Mapping[str, tuple[str, ...]]
    manifest: dict[str, Any]
    done: list[int]
    failures: dict[int, str] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)

    def shape(self, group: str) -> tuple[int, ...]:
        """Return the shape of a group for one member."""
        return tuple(len(self.axes[axis]["label"]) for axis in self.groups[group])


def pack(
    result: Result | None,
    every: Iterable[int],
    failures: Mapping[int, str] | None = None,
    missing: Mapping[int, str] | None = None,
    *,
    members: int,
) -> bytes:
    """Return the block of some members.

    Parameters
    ----------
    result : Result or None
        The members that answered, if any.
    every : iterable of int
        All members of the block.
    failures, missing : mapping, optional
        Member to the reason why it has no numbers (see `Block`).
    members : int
        How many members the whole has.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    failures, missing = failures or {}, missing or {}
    done = [number for number in every if number not in failures and number not in missing]
    columns: dict[str, pa.Array] = {MEMBER: numbers(np.array(done, dtype=np.int64))}
    about: dict[str, Any] = {"axes": {}, "groups": {}, "manifest": {}}
    if result is not None:
        about["manifest"] = {**result.manifest, "members": members}
        about["axes"] = {axis: {k: list(v) for k, v in known.items()} for axis, known in result.axes.items()}
        for group in (name for name in GROUPS if name in result.arrays):
            dims = GROUPS[group]
            about["groups"][group] = [dim for dim in dims if dim != MEMBER]
            rows = np.moveaxis(result.arrays[group], dims.index(MEMBER), 0).reshape(len(done), -1)
            if rows.shape[1]:
                flat = numbers(rows.astype(np.float64).ravel())
                columns[group] = pa.FixedSizeListArray.from_arrays(flat, rows.shape[1])
    about = {"format": FORMAT, **about, "failures": _pairs(failures), "missing": _pairs(missing)}
    try:
        said = json.dumps(about, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise ResultError(f"the manifest holds something that is not plain data ({error})") from None
    table = pa.table(columns).replace_schema_metadata({ABOUT: said})
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return sink.getvalue()


def unpack(data: bytes, groups: Iterable[str] | None = ()) -> tuple[Block, dict[str, np.ndarray]]:
    """Return what a block says of itself, and the wanted groups (None: all) as arrays [member, ...].

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
        wanted = about["groups"] if groups is None else groups
        known = [group for group in wanted if group in file.schema_arrow.names]
        table = file.read(columns=[MEMBER, *known], use_threads=False)
        block = Block(
            axes=about["axes"],
            groups={group: tuple(dims) for group, dims in about["groups"].items()},
            manifest=about["manifest"],
            done=table[MEMBER].to_pylist(),
            failures={int(number): why for number, why in about["failures"]},
            missing={int(number): why for number, why in about["missing"]},
        )
    except (KeyError, TypeError, ValueError, OSError, pa.ArrowException) as error:
        raise ResultError(f"a block cannot be read ({type(error).__name__})") from None
    arrays = {}
    for group in known:
        flat = table[group].combine_chunks()
        flat = flat.chunk(0) if isinstance(flat, pa.ChunkedArray) else flat
        wide = flat.type.list_size  # `flatten` would import all that can be computed with columns
        found = values_of(flat.values.slice(flat.offset * wide, len(flat) * wide))
        arrays[group] = found.reshape(len(block.done), *block.shape(group))
    return block, arrays


def _pairs(reasons: Mapping[int, str]) -> list[list[Any]]:
    return [[number, why] for number, why in sorted(reasons.items())]
