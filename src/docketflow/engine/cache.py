"""Where compiled forms of the machine are kept: a folder named by the source, so that none can be stale.

Knows files only; imports nothing that is slow to import.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

COMPILED = ("layout", "memory", "lists", "pools", "kernel", "days")
_HOME = Path(__file__).parent


@functools.cache
def digest() -> str:
    """Return a hash of the machine's source: what has another is laid out or compiled differently."""
    sources = (f"{name}\n".encode() + (_HOME / f"{name}.py").read_bytes() for name in COMPILED)
    return hashlib.sha256(b"".join(sources)).hexdigest()[:16]


@functools.cache
def folder() -> str:
    """Return the folder of the compiled forms of this very source ("" where the package is read-only).

    Each Python and each numba has its own, so that "compiled before" means for the one that asks.
    """
    by = f"{sys.implementation.cache_tag}-numba-{version('numba')}"
    return str(_HOME / "__pycache__" / f"machine-{digest()}-{by}") if os.access(_HOME, os.W_OK) else ""


def is_compiled() -> bool:
    """Return whether this source was compiled before, so that a first use can be announced."""
    return not folder() or Path(folder()).is_dir()
