"""Tables of months: one row a series, one column a month, read as one figure for each month published."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Iterator

from docketflow.core.errors import EvidenceError
from docketflow.evidence.schema import FIGURE_COLUMNS, Figure

MONTHS_COLUMNS = tuple(
    column
    for column in FIGURE_COLUMNS
    if column not in ("period_start", "period_end", "value", "low", "high")
)
SUFFIX = len("-2023-05")  # of a figure's id behind that of its row


def months(where: str, cells: dict[str, str]) -> Iterator[Figure]:
    """Yield the figures of a row: its id with the month as ``chnv-cuba-2023-05``; no cell, no figure."""
    said = {column: cells[column] for column in MONTHS_COLUMNS}
    first: Figure | None = None
    for month, cell in cells.items():
        if month in said or not cell:
            continue
        try:
            start, end = _days(month)
            value = float(cell)
        except ValueError as wrong:
            raise EvidenceError(
                f"{where}: {month} = {cell!r}: a month is YYYY-MM, its cell a number"
            ) from wrong
        id = f"{said['id']}-{month}"
        its_own = {"id": id, "period_start": start, "period_end": end, "value": value}
        # the first cell of a row is checked in full, the others differ from it by month and number alone
        first = first or Figure.model_validate({**said, **its_own})
        yield first.model_copy(update=its_own)


@functools.cache
def _days(month: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a month such as 2023-05."""
    first = dt.date.fromisoformat(f"{month}-01")
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
