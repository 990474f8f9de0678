"""Saves a run at a pause and resumes it: a checksummed file, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from pathlib import Path

import numpy as np

from docketflow.core import files
from docketflow.core.errors import ResultError
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.run.cache import digest as machine
from docketflow.engine.run.machine import Run
from docketflow.engine.run.pools import drop_stale


def save(run: Run, path: Path) -> None:
    """Write the state of a run to a file.

    Raises
    ------
    ResultError
        If the file cannot be written.
    """
    today = run.bound.first + dt.timedelta(run.day)
    if run.bound.program.network.feedbacks and today.day != 1:
        raise ResultError(f"a run with feedback can be saved at a month's end only, not on {today}")
    for k in range(len(run.pooled)):  # those still entered are no more than the people
        drop_stale(k, run.rec, run.mem, run.keys, run.values)
    arrays = _state(run)
    meta = {"day": run.day, "seed": run.seed, "started": run.started, "machine": machine()}
    buffer = io.BytesIO()
    np.savez(
        buffer, allow_pickle=False, meta=np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8), **arrays
    )
    content = buffer.getbuffer()
    files.write(path, hashlib.sha256(content).digest(), content)


def resume(path: Path, bound: Bound) -> Run:
    """Read a paused run; ``bound`` is the same declaration, perhaps with numbers changed from that day on.

    Raises
    ------
    ResultError
        If the file cannot be read, was changed, or belongs to another declaration.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultError(f"cannot read the paused run {path}: {error.strerror}") from None
    digest, archive = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(archive).digest() != digest:
        raise ResultError(f"the paused run {path} was changed or cut short: its checksum does not fit")
    with np.load(io.BytesIO(archive), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    meta = json.loads(arrays.pop("meta").tobytes())
    if meta["machine"] != machine():
        raise ResultError(f"the paused run {path} was saved by another version of the engine")
    draws, chunks = len(bound.program.network.draws), len(arrays["chunk"]) // at.CHUNK
    run = Run.__new__(Run)
    run._prepare(
        bound, meta["seed"], meta["started"], already=len(arrays["rec"]) // at.RECORD, chunks=2 * chunks
    )
    run.day, run.totals, run.opening = meta["day"], list(arrays["totals"]), arrays["opening"]
    if len(arrays["books"]) != len(run.mem) - int(run.mem[at.H_STOCK]) or run.day > bound.days:
        raise ResultError(f"the paused run {path} belongs to another declaration or a longer run")
    for day in sorted(day for day in bound.patches if day < run.day):
        places, values = bound.patches[day]
        run.mem[places] = values
    run.mem[run.mem[at.H_STOCK] :] = arrays["books"]
    run.mem[list(_COUNTERS)] = arrays["counters"]
    for name, line in run.whole.items():
        line[: run.day] = arrays[f"lived_{name}"]
    for name in ("rec", "chunk", "daily"):
        getattr(run, name).ravel()[: arrays[name].size] = arrays[name].ravel()
    for name in ("keys", "values"):  # one block a draw
        heaps = arrays[name].reshape(max(1, draws), -1)
        getattr(run, name).reshape(max(1, draws), -1)[:, : heaps.shape[1]] = heaps
    return run


_DIGEST = hashlib.sha256().digest_size
_COUNTERS = (at.FREE_CHUNK, at.FREE_CHUNKS, at.NEXT_CHUNK, at.PEOPLE, at.ERROR)


def _state(run: Run) -> dict[str, np.ndarray]:
    people, chunks = int(run.mem[at.PEOPLE]), int(run.mem[at.NEXT_CHUNK])
    return {
        "books": run.mem[run.mem[at.H_STOCK] :],
        "counters": run.mem[list(_COUNTERS)],
        "rec": run.rec[: people * at.RECORD],
        "chunk": run.chunk[: chunks * at.CHUNK],
        "keys": _heaps(run, run.keys),
        "values": _heaps(run, run.values),
        "daily": run.daily[: run.day],
        "opening": run.opening,
        "totals": np.array(run.totals, dtype=np.int64).reshape(len(run.totals), len(run.tally)),
        **{f"lived_{name}": line[: run.day] for name, line in run.whole.items()},
    }


def _heaps(run: Run, entries: np.ndarray) -> np.ndarray:
    """Return the used part of the runs and heaps, as long as the longest for each draw."""
    draws = len(run.bound.program.network.draws)
    used = run.pooled[:, at.RUN_END] + run.pooled[:, at.LATE]
    return entries.reshape(max(1, draws), -1)[:, : int(used.max(initial=0))]
