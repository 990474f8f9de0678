"""Data as JSON can hold it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any


def tidy(data: Any) -> Any:
    """Return data as JSON can hold it: no NaN, dates as text, arrays as lists."""
    if isinstance(data, Mapping):
        return {str(key): tidy(value) for key, value in data.items()}
    if isinstance(data, (list, tuple, set, frozenset)):
        return [tidy(value) for value in data]
    if hasattr(data, "item") and getattr(data, "shape", None) == ():
        data = data.item()
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, (dt.date, Path, Fraction)):
        return str(data)
    return data
