"""Where compiled forms of the machine are kept: a folder named by all that they are made from and for.

That is the source, the Python, the compiler, its settings and the processor, so that no form is stale, and
none is used by a process that asked its compiler for another. Imports nothing that is slow to import.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from docketflow.core import places

COMPILED = (
    "layout",
    *(
        f"run/kernel/{name}"
        for name in ("memory", "lists", "pools", "windows", "acts", "batch", "days", "spent", "placing")
    ),
)
WHOLE = "all.compiled"  # in a folder with the forms of all that is called
MOST = 12  # folders of forms in one place; the oldest are removed
NO_MATTER = ("CACHE", "DEBUG_CACHE", "NUM_THREADS", "THREADING_LAYER", "WARNINGS", "DISABLE_PERFORMANCE")
"""Settings of the compiler (beginnings of them) that change nothing of what it compiles."""
_ENGINE = Path(__file__).parents[2]


@functools.cache
def digest() -> str:
    """Return a hash of the machine's source: what has another is laid out or compiled differently."""
    sources = (f"{name}\n".encode() + (_ENGINE / f"{name}.py").read_bytes() for name in COMPILED)
    return hashlib.sha256(b"".join(sources)).hexdigest()[:16]


@functools.cache
def name() -> str:
    """Return the name of the folder in which this process's own compiled forms are kept."""
    settings = {
        key: value
        for key, value in sorted(os.environ.items())
        if key.startswith("NUMBA_") and not key.removeprefix("NUMBA_").startswith(NO_MATTER)
    }
    made_by = [_processor(), settings, version("llvmlite")]
    by = hashlib.sha256(repr(made_by).encode()).hexdigest()[:8]
    return f"machine-{digest()}-{sys.implementation.cache_tag}-numba-{version('numba')}-{by}"


def _processor() -> str:
    """Return the processor that is compiled for, and what it can do."""
    from llvmlite import binding

    named = os.environ.get("NUMBA_CPU_NAME")
    return named or f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def folders() -> list[Path]:
    """Return the folders in which this process's compiled forms may be."""
    return [place / name() for place in places.readable()]


def folder() -> Path | None:
    """Return the folder in which to keep compiled forms, made if missing, or None if none can be."""
    place = places.writable()
    if place is None:
        return None
    mine = place / name()
    if not mine.is_dir():
        with contextlib.suppress(OSError):
            others = sorted(place.glob("machine-*"), key=lambda path: path.stat().st_mtime)
            for old in others[: -MOST + 1]:
                shutil.rmtree(old, ignore_errors=True)
            mine.mkdir(exist_ok=True)
    return mine


def is_compiled() -> bool:
    """Return whether this source was compiled before, so that others need not wait for it."""
    return any((folder / WHOLE).is_file() for folder in folders())
