"""Where docketflow keeps what it can make anew, such as compiled forms: never needed, never precious.

Looked for in a folder the user names, in the installation and in the user's own cache; written to the first
of them that can be written, or else to a temporary folder that ends with the process and its children.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
from pathlib import Path

NAMED = "DOCKETFLOW_CACHE"  # the environment variable by which a user names a folder
TEMPORARY = (None, "/dev/shm")  # noqa: S108 (memory, where there is no disk that can be written)
INSTALLED = Path(__file__).parents[1] / "__pycache__"


def readable() -> tuple[Path, ...]:
    """Return the folders in which something may have been kept, the first choice first."""
    named = os.environ.get(NAMED)
    return (Path(named), INSTALLED) if named else (INSTALLED, *_of_the_user())


def writable() -> Path | None:
    """Return the folder in which to keep something, or None where not even a temporary one can be written."""
    return _first_writable(readable())


def is_temporary() -> bool:
    """Return whether what is kept now is lost when this process ends."""
    return writable() in (None, *_made)


@functools.cache
def _of_the_user() -> tuple[Path, ...]:
    from platformdirs import user_cache_path

    place = user_cache_path("docketflow", appauthor=False)
    return (place,) if place.is_absolute() else ()  # who has no home has a relative one


@functools.cache
def _first_writable(places: tuple[Path, ...]) -> Path | None:
    for place in places:
        try:
            place.mkdir(mode=0o755 if place == INSTALLED else 0o700, parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
        except OSError:
            continue
        return place
    return _temporary()


_made: list[Path] = []


def _temporary() -> Path | None:
    """Make a folder that children find too, and that is removed when this process ends."""
    place = None
    for above in TEMPORARY:
        with contextlib.suppress(OSError):
            place = Path(tempfile.mkdtemp(prefix="docketflow-", dir=above))
            break
    if place is None:
        return None
    atexit.register(_remove, place, os.getpid())
    os.environ[NAMED] = str(place)
    _made.append(place)
    return place


def _remove(place: Path, maker: int) -> None:
    if os.getpid() == maker:  # a child begun by a fork leaves it to its parent
        shutil.rmtree(place, ignore_errors=True)
