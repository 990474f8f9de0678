"""Saves a run at a pause and resumes it: a checksummed file, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from pathlib import Path

import numpy as np

from docketflow.core import files
from docketflow.core.errors import EngineError, ResultError
from docketflow.engine.compile.bound import Bound
from docketflow.engine.run.compiler.cache import digest as machine
from docketflow.engine.run.machine import Run
from docketflow.engine.run.state import State, go_on, hold


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
    state = hold(run)
    meta = {"day": state.day, "seed": state.seed, "started": state.started, "machine": machine()}
    buffer = io.BytesIO()
    np.savez(
        buffer,
        allow_pickle=False,
        meta=np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8),
        **state.arrays,
    )
    content = buffer.getvalue()  # no view: one kept by an error ends Python 3.12 as it collects garbage
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
    try:
        return go_on(State(meta["day"], meta["seed"], meta["started"], arrays), bound)
    except EngineError:
        raise ResultError(f"the paused run {path} belongs to another declaration or a longer run") from None


_DIGEST = hashlib.sha256().digest_size
