"""Tables of a result that say by themselves what they are of: as rows, as CSV, as Parquet.

Every row carries scenario, settings, period, members and maker (`about`); numbers carry units, definitions
and no more digits than the members bear out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core.errors import ResultError, UsageError, unknown
from docketflow.core.sheets import as_csv
from docketflow.results.columns import labelled, numbers
from docketflow.results.result import ABOUT, Answer, Result, about
from docketflow.results.summary import Summary, bands

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Rows = list[dict[str, Any]]
PERIOD, OPENING = "period", "opening"  # in place of a month


def answers(result: Result, names: Sequence[str] = ()) -> Rows:
    """Return outcomes of the period with their band, unit, definition and Monte Carlo error."""
    tail, days = about(result), sum(result.days)
    return [
        {"outcome": name, "days": days, **_numbers(answer, answer.whole), **tail}
        for name in names or result.names
        for answer in [result[name]]
    ]


def by_month(result: Result, names: Sequence[str] = ()) -> Rows:
    """Return outcomes by month with their bands, one row an outcome and month."""
    tail = about(result)
    return [
        {"outcome": name, "month": month, "days": days, **_numbers(answer, summary), **tail}
        for name in names or result.names
        for answer in [result[name]]
        for days, (month, summary) in zip(result.days, answer.monthly(), strict=False)
    ]


def resources(result: Result) -> Rows:
    """Return supply, use and refusals of every resource by month (medians over members)."""
    tail, known = about(result), result.axes["resource"]
    middles = bands(np.moveaxis(result.arrays["resources"], 2, 0), "stock").value
    return [
        {"resource": name, "kind": known["kind"][k], "unit": known["unit"][k], "month": month}
        | {"days": result.days[m]}
        | {part: float(middles[k, p, m]) for p, part in enumerate(result.labels("measure"))}
        | tail
        for k, name in enumerate(result.labels("resource"))
        for m, month in enumerate(result.months)
    ]


def _numbers(answer: Answer, summary: Summary) -> dict[str, Any]:
    found = summary.rounded()
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "unit": answer.unit,
        "monte_carlo_error": found.error,
        "definition": answer.definition,
    }


def members(result: Result) -> pa.Table:
    """Return every member's number of every outcome and month, one row each: what further statistics need."""
    import pyarrow as pa

    columns: dict[str, list[np.ndarray]] = {"member": [], "month": [], "outcome": [], "value": []}
    for place, values, spot in _cells(result):
        there = np.isfinite(values)
        columns["member"].append(np.nonzero(there)[0])
        columns["month"].append(np.full(there.sum(), spot, dtype=np.int32))
        columns["outcome"].append(np.full(there.sum(), place, dtype=np.int32))
        columns["value"].append(values[there])
    found = {name: np.concatenate(parts) for name, parts in columns.items()}
    arrays = {
        "member": numbers(found["member"]),
        "month": labelled(found["month"], [*result.months, PERIOD, OPENING]),
        "outcome": labelled(found["outcome"], result.names),
        "value": numbers(found["value"]),
    }
    return _said(pa.table(arrays), about(result))


def table(result: Result, by: str = "month") -> pd.DataFrame:
    """Return the outcomes by month, of the whole period, or of each member, as a data frame."""
    import pandas as pd

    kinds: dict[str, Callable[[Result], pd.DataFrame]] = {
        "month": lambda one: pd.DataFrame(by_month(one)),
        "period": lambda one: pd.DataFrame(answers(one)),
        "member": lambda one: members(one).to_pandas(),
    }
    if by not in kinds:
        raise UsageError(unknown("by", str(by)[:40], kinds))
    return kinds[by](result)


def draws(result: Result) -> pd.DataFrame:
    """Return what was drawn for each member: a row a member, a column a parameter or setting."""
    import pandas as pd

    names = result.labels("parameter")
    drawn = (
        result.arrays["design"].T if "design" in result.arrays and names else np.empty((result.members, 0))
    )
    return pd.DataFrame(drawn, columns=list(names)).rename_axis("member")


def _cells(result: Result) -> Iterator[tuple[int, np.ndarray, int]]:
    """Yield the place of an outcome, its members' numbers, and the place of the month they are of."""
    last = len(result.months)
    for place, answer in enumerate(result.outcomes.values()):
        if answer.by_month is not None:
            yield from ((place, column, k) for k, column in enumerate(answer.by_month.T))
        yield place, answer.values, last
        if answer.opening is not None:
            yield place, answer.opening, last + 1


def _said(table: pa.Table, what: Mapping[str, Any]) -> pa.Table:
    known = table.schema.metadata or {}
    return table.replace_schema_metadata({**known, b"docketflow": json.dumps(what).encode()})


def write(table: Rows | pa.Table, path: Path) -> Path:
    """Write a table as its suffix says: ``.csv`` or ``.parquet``."""
    data = written(table, path)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ResultError(f"{path}: cannot be written ({(error.strerror or 'error').lower()})") from None
    return path


def written(table: Rows | pa.Table, path: Path) -> bytes:
    """Return what a file of that name holds of a table: ``.csv`` or ``.parquet``."""
    if path.suffix == ".csv" and isinstance(table, list):
        return csv_of(table).encode()
    if path.suffix != ".parquet":
        raise UsageError(f"{path}: a table is written as .csv or .parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    if isinstance(table, list):
        what = {key: table[0][key] for key in ABOUT if table and key in table[0]}
        table = _said(pa.Table.from_pylist(table), what)
    held = pa.BufferOutputStream()
    pq.write_table(table, held, compression="zstd")
    return bytes(held.getvalue())


def csv_of(rows: Rows) -> str:
    """Return rows as CSV text."""
    return as_csv([list(rows[0]) if rows else [], *(row.values() for row in rows)])


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
