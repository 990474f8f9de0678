"""What every command shares: kinds of arguments, JSON output, plain tables. Imports nothing heavy."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from docketflow.core.errors import UsageError
from docketflow.core.given import LARGEST_SEED
from docketflow.core.plain import tidy
from docketflow.core.scale import read_scale

as_json = click.option("--json", "plain", is_flag=True, help="Print one JSON object.")


INTERRUPTED = 130  # exit code after Ctrl-C


class Day(click.ParamType):
    """A date, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the date, or fail in one line."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r:.40} is not a date such as 2025-01-20", param, ctx)


class Scale(click.ParamType):
    """How many records a person: 1/N."""

    name = "1/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """Return the scale, or fail in one line."""
        try:
            return read_scale(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)


DAY, SCALE, SEED = Day(), Scale(), click.IntRange(0, LARGEST_SEED)


def typed(**options: Any) -> dict[str, Any]:
    """Return the options that were typed; the others keep the defaults of what is called."""
    return {name: value for name, value in options.items() if value is not None}


def print_json(data: Any) -> None:
    """Print exactly one JSON object."""
    click.echo(json.dumps(tidy(data), indent=1, ensure_ascii=False, allow_nan=False))


def tell(question: str, found: Any, printed: Callable[[Any], None], *, plain: bool, out: Path | None) -> None:
    """Print an answer in words or as JSON, and write its page where one is asked for."""
    if plain:
        print_json(found.to_json())
    else:
        printed(found)
    if out is not None:
        from docketflow.report.alone import write_alone

        click.echo(f"Page: {write_alone(question, found.to_json(), out)}", err=plain)


def print_table(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    wrap: str = "",
    most: Mapping[str, int] | None = None,
) -> None:
    """Print a plain table; columns are cut to ``most``, the column ``wrap`` to what the terminal leaves."""
    from docketflow.results.tables import as_text

    listed = [dict(row) for row in rows]
    for row in listed:
        row.update({column: _cut(row[column], room) for column, room in (most or {}).items()})
    if wrap and listed:
        rest = [column for column in columns if column != wrap]
        used = max(len(line) for line in as_text(listed, rest).splitlines()) if rest else 0
        room = max(30, shutil.get_terminal_size((120, 40)).columns - used - 3)
        for row in listed:
            row[wrap] = _cut(row.get(wrap, ""), room)
    click.echo(as_text(listed, columns))


def _cut(text: Any, room: int) -> str:
    return textwrap.shorten(str(text), room, placeholder=" ...")


def paragraph(text: str) -> str:
    """Return text wrapped for a terminal."""
    return textwrap.fill(" ".join(text.split()), min(100, shutil.get_terminal_size((100, 40)).columns))


def note(said: str) -> None:
    """Say something on standard error that was not asked for."""
    click.echo(f"docketflow: note: {said}", err=True)


def remark(scenario: Any) -> None:
    """Say on standard error what a scenario may not mean."""
    for said in scenario.remarks:
        note(said)
