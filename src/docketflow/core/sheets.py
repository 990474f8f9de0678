"""Tables as CSV text that any spreadsheet opens and none runs: the one place where CSV is written.

A spreadsheet runs a cell that begins like a formula, whoever wrote the words in it; such a cell gets an
apostrophe in front. What is not finite is an empty cell.
"""

from __future__ import annotations

import csv
import functools
import io
import math
from collections.abc import Iterable
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Iterable[Iterable[Any]]) -> str:
    """Return rows, the head among them, as CSV text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def cell(value: Any) -> Any:
    """Return a value as a cell that is read and not run.

    >>> cell("=1+1"), cell("-12.5"), cell(float("nan")), cell(229_400.0), cell(0.14)
    ("'=1+1", '-12.5', '', 229400, 0.14)
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return int(value) if value.is_integer() else value
    return _text(value) if isinstance(value, str) else value


@functools.lru_cache(maxsize=4096)  # the same few words stand in a column from top to bottom
def _text(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")  # a bare \r would end the row for some readers
    return f"'{value}" if value.startswith(FORMULA) and not _is_number(value) else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
