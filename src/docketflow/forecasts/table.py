"""A forecast as a table of quantiles, and what happened as a table of values: read strictly, written plainly.

It knows columns and rows; not who made a forecast, nor how good it is.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from docketflow.core.dates import Span, parse_date
from docketflow.core.errors import UsageError, nearest
from docketflow.core.files import clear
from docketflow.core.outcomes import outcome

COLUMNS = ("outcome", "definition", "unit", "period_start", "period_end", "quantile", "value")
HAPPENED = ("outcome", "period_start", "period_end", "value", "definition")
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
MOST_BYTES = 500_000_000  # of a file that is read
Key = tuple[str, dt.date, dt.date]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Quantiles of outcomes over spans of days.

    Attributes
    ----------
    name : what it is called
    quantiles : (outcome, first day, last day) to the values at `LEVELS`
    definitions : outcome to what it counts, in the forecaster's words
    """

    name: str
    quantiles: Mapping[Key, np.ndarray]
    definitions: Mapping[str, str]

    @property
    def horizon(self) -> Span:
        """First and last day of which it says anything."""
        return min(start for _, start, _ in self.quantiles), max(end for _, _, end in self.quantiles)

    def spans(self, name: str) -> list[Span]:
        """Return the spans over which it speaks of an outcome, in order."""
        return sorted((start, end) for one, start, end in self.quantiles if one == name)

    def written(self) -> str:
        """Return the table as CSV."""
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(COLUMNS)
        for (name, start, end), values in self.quantiles.items():
            about = (name, self.definitions.get(name, ""), outcome(name).unit, start, end)
            for level, value in zip(LEVELS, values, strict=True):
                lines.writerow([*about, level, repr(float(value))])
        return text.getvalue()


@dataclass(frozen=True)
class Happened:
    """One published value: of an outcome over a span, as some source defines it."""

    outcome: str
    start: dt.date
    end: dt.date
    value: float
    definition: str
    where: str


def read_forecasts(path: Path) -> list[Forecast]:
    """Return the forecast of a CSV file, or every forecast that lies in a folder.

    Raises
    ------
    UsageError
        One line: what is wrong, where, and what is allowed.
    """
    with clear(path, "cannot be read"):
        if not path.exists():
            raise UsageError(f"{path}: there is no such forecast; give a CSV file or a folder of them")
        found = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not found:
        inner = sorted({one.parent.relative_to(path).as_posix() for one in path.glob("*/*.csv")})
        where = f"; look into {' or '.join(inner[:5])}" if inner else ""
        raise UsageError(f"{path}: holds no forecast (a CSV file with columns {','.join(COLUMNS)}){where}")
    return [read_forecast(one) for one in found]


def read_forecast(path: Path) -> Forecast:
    """Return one forecast (see `read_forecasts`)."""
    found: dict[Key, dict[float, float]] = {}
    definitions: dict[str, str] = {}
    for where, row in _rows(path, COLUMNS):
        key = _key(row, where)
        level = _number(row["quantile"], f"{where}: quantile")
        level = level / 100 if level > 1 else level
        if not 0 < level < 1:
            raise UsageError(f"{where}: quantile {row['quantile']!r:.20} does not lie between 0 and 1")
        values = found.setdefault(key, {})
        if level in values:
            raise UsageError(f"{where}: says quantile {level:g} of {_said(key)} twice")
        values[level] = _number(row["value"], f"{where}: value")
        definitions.setdefault(key[0], row["definition"])
    if not found:
        raise UsageError(f"{path.name}: holds no row")
    return Forecast(path.stem, {key: _whole(path, key, found[key]) for key in found}, definitions)


def _whole(path: Path, key: Key, values: Mapping[float, float]) -> np.ndarray:
    """Return the values at `LEVELS`, or raise if one is missing or they fall."""
    missing = [f"{level:g}" for level in LEVELS if level not in values]
    if missing:
        raise UsageError(f"{path.name}: {_said(key)} lacks the quantiles {', '.join(missing)}")
    line = np.array([values[level] for level in sorted(values)])
    if np.any(np.diff(line) < 0):
        raise UsageError(f"{path.name}: quantiles of {_said(key)} fall where their level rises")
    return np.array([values[level] for level in LEVELS])


def read_outcomes(path: Path) -> list[Happened]:
    """Return what happened, of a CSV file with columns outcome, period_start, period_end, value, definition.

    Raises
    ------
    UsageError
        One line: what is wrong, where, and what is allowed.
    """
    found: dict[Key, Happened] = {}
    for where, row in _rows(path, HAPPENED):
        key = _key(row, where)
        if key in found:
            raise UsageError(f"{where}: says {_said(key)} twice")
        found[key] = Happened(*key, _number(row["value"], f"{where}: value"), row["definition"], where)
    if not found:
        raise UsageError(f"{path.name}: holds no row")
    return list(found.values())


def _key(row: Mapping[str, str], where: str) -> Key:
    try:
        name = outcome(row["outcome"]).name
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    start, end = (
        parse_date(row[column], where=f"{where}: {column}") for column in ("period_start", "period_end")
    )
    if end < start:
        raise UsageError(f"{where}: period_end {end} is before period_start {start}")
    return name, start, end


def _said(key: Key) -> str:
    return f"{key[0]} from {key[1]} to {key[2]}"


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise UsageError(f"{where} {text!r:.40} is not a number, such as 271484")
    return value


def _rows(path: Path, columns: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row of a CSV file with the place where it stands, after checking its columns."""
    wanted = tuple(columns)
    with clear(path, "cannot be read"):
        if not path.exists():
            raise UsageError(f"{path}: there is no such file")
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: is not a CSV file of at most {MOST_BYTES // 1_000_000} MB")
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                yield from _checked(csv.reader(lines, strict=True), wanted, path.name)
        except (UnicodeDecodeError, csv.Error) as error:
            raise UsageError(f"{path.name}: is not CSV in UTF-8 ({error})") from None


def _checked(
    reader: Iterator[list[str]], wanted: tuple[str, ...], name: str
) -> Iterator[tuple[str, dict[str, str]]]:
    named = [cell.strip() for cell in next(reader, [])]
    for column in wanted:
        if column not in named:
            hint = f"; {nearest(column, named)}" if named else ""
            raise UsageError(f"{name}: has no column {column!r}; needs {','.join(wanted)}{hint}")
    if len(set(named)) < len(named):
        raise UsageError(f"{name}: names a column twice")
    for number, cells in enumerate(reader, start=2):
        if not cells:
            continue
        if len(cells) != len(named):
            raise UsageError(f"{name}, line {number}: has {len(cells)} cells, needs {len(named)}")
        yield f"{name}, line {number}", dict(zip(named, map(str.strip, cells), strict=True))
