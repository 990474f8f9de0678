"""Python looks for loops among objects now and then; for a while it does not."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def unsearched() -> Iterator[None]:
    """Look for no loops: where millions of objects are made that stay, it costs a tenth to a quarter."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
