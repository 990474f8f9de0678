"""Read a file of claims, YAML or CSV, into statements."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.answers.claims.reading import as_read
from docketflow.answers.claims.statement import COMPARISONS, KINDS, Statement, nearness, read_period
from docketflow.answers.claims.vocabulary import vocabulary
from docketflow.core import units
from docketflow.core.errors import UsageError, nearest, unknown
from docketflow.core.strict_yaml import parse_yaml, read_text

FIELDS = (
    *("id", "claim", "quantity", "value", "unit", "period", "kind", "comparison", "than", "within", "levers"),
    *("scenario", "outcome", "value_from", "said_by", "article", "what_a_check_needs"),
)
SHIPPED = Path(__file__).parent / "claims.yaml"


def read(path: Path) -> list[Statement]:
    """Return the claims of a file, or raise one line that names the place and what is allowed."""
    text = read_text(path, error=UsageError)
    rows = _table(text, path.name) if path.suffix.lower() == ".csv" else _list(text, path.name)
    found: dict[str, Statement] = {}
    for n, row in enumerate(rows, start=1):
        where = f"{path.name}: {row.get('id') or f'claim {n}'}"
        statement = _statement(row, where, f"claim-{n}")
        if statement.id in found:
            raise UsageError(f"{where}: this id is given twice")
        found[statement.id] = statement
    if not found:
        raise UsageError(f"{path.name}: holds no claim")
    return list(found.values())


def _table(text: str, name: str) -> list[dict[str, Any]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = list(reader)
    except csv.Error as broken:
        raise UsageError(f"{name}: cannot be read as CSV ({broken})") from None
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise UsageError(f"{name} line {line}: needs {len(reader.fieldnames or ())} cells")
    return [{key: cell for key, cell in row.items() if cell.strip()} for row in rows]


def _list(text: str, name: str) -> list[dict[str, Any]]:
    rows = parse_yaml(text, where=name, error=UsageError)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UsageError(f"{name}: needs a list of claims, each with {', '.join(FIELDS[:7])}")
    return [{str(key): value for key, value in row.items()} for row in rows]


def _statement(row: Mapping[str, Any], where: str, name: str) -> Statement:
    for field in row:
        if field not in FIELDS:
            raise UsageError(unknown("field", field, FIELDS, where))
    if "quantity" not in row:
        raise UsageError(f"{where}: needs a quantity, such as removals.ice")
    words = vocabulary()
    kind = _one_of(row.get("kind", "fact"), KINDS, f"{where}: kind")
    value = _value(row, where)
    meant = _meant(str(row.get("claim", "")).lower(), kind, value)
    comparison = _one_of(row.get("comparison", meant), COMPARISONS, f"{where}: comparison")
    levers = row.get("levers", ())
    if not isinstance(levers, str | list | tuple):
        raise UsageError(f"{where}: levers need a list, such as [court.judges=+100@2025-03-01]")
    quantity, lost = str(row["quantity"]).strip(), ""
    names = words.names()
    if quantity in names:
        quantity = names[quantity]
    else:  # one row of a file that others may have written: the rest of it is judged all the same
        lost = f"Nothing is known here by the name {quantity[:100]!r} ({nearest(quantity, names)})"
    unit = str(row.get("unit", ""))
    said = str(row.get("claim", "")).strip() or (quantity if lost else words.quantities[quantity].label)
    within = _number(row["within"], f"{where}: within") if "within" in row else None
    if within is not None and not 0 <= within <= 1:
        raise UsageError(f"{where}: within {within:g} is not a share from 0 to 1")
    statement = Statement(
        id=str(row.get("id", name)),
        says=said,
        quantity=quantity,
        kind=kind,
        value=value,
        comparison=comparison,
        within=nearness(value, comparison, said_about="comparison" in row) if within is None else within,
        period=read_period(row.get("period", ""), where),
        than=read_period(row.get("than", ""), f"{where}: than"),
        single_year=unit == "persons in one year",
        of="people" if unit == "share of people" else "",
        distinct=unit == "different people",
        levers=tuple(levers.split() if isinstance(levers, str) else map(str, levers)),
        scenario=str(row.get("scenario", "")),
        outcome=str(row.get("outcome", "")),
        value_from=str(row.get("value_from", "")),
        unknown=lost,
        said_by=str(row.get("said_by", "")),
        article=str(row.get("article", "")),
    )
    return statement if lost else as_read(statement)


def _meant(text: str, kind: str, value: float | None) -> str:
    """Return the comparison that the words of a claim make, where the file names none."""
    words = vocabulary()
    if kind == "fact":
        return "about"
    if any(word in text for word in words.denials):
        return "less than"
    if value is None:
        return "highest since" if any(word in text for word in words.superlatives) else "about"
    return "at least"


def _value(row: Mapping[str, Any], where: str) -> float | None:
    if "value_from" in row:  # the id of a figure: what is said is what is published
        from docketflow.evidence import load

        figure = load().figure(str(row["value_from"]))
        return figure.value * units.unit(figure.unit).size
    given = row.get("value", "")
    if given == "":
        return None
    text = str(given).strip()
    if len(text) == len("2025-01-20") and text.count("-") == 2:  # a day is written 20250120 as a number
        return _number(text.replace("-", ""), f"{where}: value")
    return _number(given, f"{where}: value")


def _number(given: Any, where: str) -> float:
    try:
        number = float(str(given).replace(",", ""))
    except ValueError:
        raise UsageError(f"{where}: {given!r:.40} is not a number") from None
    if isinstance(given, bool) or not abs(number) < float("inf"):
        raise UsageError(f"{where}: {given!r:.40} is not a finite number")
    return number


def _one_of(given: Any, allowed: tuple[str, ...], where: str) -> str:
    if str(given) not in allowed:
        raise UsageError(f"{where}: {given!r:.40}; allowed: {', '.join(allowed)}")
    return str(given)
