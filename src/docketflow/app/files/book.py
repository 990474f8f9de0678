"""An answer as a workbook: Results, Months, Levers, Definitions, Read me; nothing in it is a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from docketflow.core.sheets import cell

WIDEST = 60
MEASURED = 200  # rows whose words say how wide a column is


def book(sheets: Mapping[str, Sequence[Mapping[str, Any]]], about: Mapping[str, str]) -> bytes:
    """Return sheets of rows as XLSX.

    Parameters
    ----------
    sheets : name of a sheet to its rows, all rows with the same columns
    about : title, subject, creator and keywords of the file
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    made = Workbook(write_only=True)
    for key, value in about.items():
        setattr(made.properties, key, value)
    bold = Font(bold=True)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        sheet.freeze_panes = "A2"
        head = list(rows[0]) if rows else []
        for place, column in enumerate(head, start=1):
            longest = max(len(column), *(len(str(row[column])) for row in rows[:MEASURED]))
            sheet.column_dimensions[get_column_letter(place)].width = min(WIDEST, longest + 2)
        cells = [WriteOnlyCell(sheet, column) for column in head]
        for cell_ in cells:
            cell_.font = bold
        sheet.append(cells)
        for row in rows:
            sheet.append([_cell(value) for value in row.values()])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return a value as a cell: numbers as numbers, words never as a formula."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    plain = cell(value)
    return plain if isinstance(plain, (int, float, str)) or plain is None else str(plain)
