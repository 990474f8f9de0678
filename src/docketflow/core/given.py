"""What a caller of the Python door gives: a number, a day, a path, texts; all else is one clear line."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

from docketflow.core.errors import UsageError

MOST_MEMBERS = 100_000
MOST_WORKERS = 1024
LARGEST_SEED = 2**63 - 1
PRIVATE_EVIDENCE = (
    "DOCKETFLOW_PRIVATE_EVIDENCE"  # how a command tells the processes it begins of `--evidence`
)


def whole(given: object, name: str, least: int, most: int) -> int:
    """Return a whole number within bounds, or raise the line that says what is allowed."""
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise UsageError(f"{name} {shown(given)}: needs a whole number from {least} to {most}")
    return given


def day(given: object, name: str) -> dt.date | None:
    """Return a date, or None where none is given, or raise the line that says how to give one."""
    if given is None or (isinstance(given, dt.date) and not isinstance(given, dt.datetime)):
        return given
    raise UsageError(f"{name} {shown(given)}: needs a date, such as datetime.date(2025, 1, 20)")


def place(given: object, name: str) -> Path:
    """Return a path, or raise the line that says that it is none."""
    if isinstance(given, str | os.PathLike) and str(given) and "\0" not in str(given):
        return Path(given)
    raise UsageError(f"{name} {shown(given)}: needs a path")


def texts(given: object, name: str) -> tuple[str, ...]:
    """Return texts given as any iterable of them, or one alone; or raise the line that says so."""
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Iterable):
        listed = tuple(given)
        if all(isinstance(text, str) for text in listed):
            return listed
    raise UsageError(f"{name} {shown(given)}: needs a list of texts")


def shown(given: object) -> str:
    """Return what was given, cut short; a number may have too many digits even to be written."""
    try:
        return f"{given!r:.40}"
    except ValueError:
        return f"a {type(given).__name__} too large to show"
