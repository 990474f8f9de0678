"""Plain tables of a result: on a terminal, as CSV, as Parquet. Numbers carry their units and definitions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docketflow.core.errors import ResultError, UsageError
from docketflow.results.result import Result
from docketflow.results.summary import summarize

if TYPE_CHECKING:
    import pandas as pd


def answers(result: Result) -> pd.DataFrame:
    """Return every outcome of the period with its band, unit, definition and Monte Carlo error."""
    import pandas as pd

    rows = [
        {
            "outcome": name,
            "value": answer.whole.value,
            "low": answer.whole.low,
            "high": answer.whole.high,
            "unit": answer.unit,
            "monte_carlo_error": answer.whole.error,
            "definition": answer.definition,
        }
        for name, answer in result.outcomes.items()
    ]
    return pd.DataFrame(rows).set_index("outcome")


def by_month(result: Result, names: Sequence[str] = ()) -> pd.DataFrame:
    """Return outcomes by month with their bands, one row an outcome and month."""
    import pandas as pd

    rows = [
        {
            "outcome": name,
            "month": month,
            "value": s.value,
            "low": s.low,
            "high": s.high,
            "unit": result[name].unit,
        }
        for name in names or result.names
        for month, s in result[name].monthly()
    ]
    return pd.DataFrame(rows, columns=["outcome", "month", "value", "low", "high", "unit"])


def resources(result: Result) -> pd.DataFrame:
    """Return supply, use and refusals of every resource by month (medians over members)."""
    import pandas as pd

    rows = []
    for name in result.resources.coords["resource"].values:
        one = result.resources.sel(resource=name)
        for month in result.months:
            cell = one.sel(month=month)
            unit = str(one.coords["unit"].item())
            row: dict[str, Any] = {"resource": str(name), "unit": unit, "month": month}
            row |= {
                str(m): summarize(cell.sel(measure=m).values, "stock").value
                for m in one.coords["measure"].values
            }
            rows.append(row)
    return pd.DataFrame(rows, columns=["resource", "unit", "month", "supply", "used", "refused"])


def write(frame: pd.DataFrame, path: Path) -> Path:
    """Write a table as its suffix says: ``.csv`` or ``.parquet``."""
    try:
        if path.suffix == ".csv":
            frame.to_csv(path, index=frame.index.name is not None)
        elif path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            raise UsageError(f"{path}: a table is written as .csv or .parquet")
    except OSError as error:
        raise ResultError(f"{path}: cannot be written ({(error.strerror or 'error').lower()})") from None
    return path


def number(value: Any) -> str:
    """Return a number as people read it: 48,210; 0.56; 1.2 million is never rounded away."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    if not math.isfinite(value):
        return "-"
    if abs(value) >= 1000 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.3g}"


def as_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as a plain table: words to the left, numbers to the right."""
    cells = [[number(row.get(column, "")) for column in columns] for row in rows]
    right = [
        any(isinstance(row.get(c), (int, float)) and not isinstance(row.get(c), bool) for row in rows)
        for c in columns
    ]
    widths = [
        max(len(c), *(len(line[k]) for line in cells), 0) if cells else len(c) for k, c in enumerate(columns)
    ]
    lines = [list(columns), ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )
