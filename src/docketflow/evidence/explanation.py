"""Follow a parameter to the figures and pages it rests on, and list what the room knows about a word.

Returns plain data; printing is for the command line.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
from dataclasses import asdict, dataclass
from typing import Any

from docketflow.core.dates import period_label
from docketflow.core.errors import EvidenceError, unknown
from docketflow.core.quantity import FIRST_DAY, Dated, Table, Value
from docketflow.evidence.room import Room, load
from docketflow.evidence.schema import Figure


@dataclass(frozen=True)
class Explanation:
    """A parameter as plain data: its value and shape, how it came about, and the rows it rests on."""

    path: str
    unit: str
    value: Any
    by: tuple[str, ...]
    shape: dict[str, Any] | None
    how: str
    note: str
    input_for: tuple[str, ...]
    where: str
    evidence: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON-ready data."""
        return asdict(self)


def explain(path: str, *, room: Room | None = None) -> Explanation:
    """Return what a parameter is and what it rests on, down to the page of each source."""
    room = room or load()
    parameter = room.parameter(path)
    return Explanation(
        path=parameter.path,
        unit=parameter.unit,
        value=plain(parameter.value),
        by=parameter.by,
        shape=asdict(parameter.shape) if parameter.shape else None,
        how=parameter.how,
        note=parameter.about,
        input_for=parameter.input_for,
        where=f"parameters/{parameter.where}",
        evidence=tuple(cite(room.figure(id), room) for id in parameter.evidence),
    )


def cite(figure: Figure, room: Room) -> dict[str, Any]:
    """Return a figure with its source as JSON-ready data."""
    source = room.source(figure.source)
    return {
        "id": figure.id,
        "metric": figure.metric,
        "value": figure.value,
        "unit": figure.unit,
        "period": period_label(figure.period_start, figure.period_end),
        "geography": figure.geography,
        "subgroup": figure.subgroup,
        "definition": figure.definition,
        "locator": figure.locator,
        "confidence": figure.confidence,
        "source": source.model_dump(),
    }


def show(pattern: str = "", *, room: Room | None = None) -> list[dict[str, Any]]:
    """Return parameters and figures whose path, id or metric matches a word or a pattern with ``*``.

    Each row has ``kind`` (parameter or figure), ``name``, ``what``, ``period``, ``value``, ``unit``,
    ``grade`` (how a parameter came about, or the confidence of a figure) and ``source``.
    """
    room = room or load()
    rows = [
        {
            "kind": "parameter",
            "name": parameter.path,
            "what": parameter.about,
            "period": parameter.valid,
            "value": brief(parameter.value),
            "unit": parameter.unit,
            "grade": parameter.how,
            "source": ", ".join(parameter.evidence),
        }
        for parameter in room.parameters.values()
        if _matches(pattern, parameter.path, *parameter.evidence)
    ]
    rows += [
        {
            "kind": "figure",
            "name": figure.id,
            "what": figure.metric if figure.subgroup == "all" else f"{figure.metric}, {figure.subgroup}",
            "period": period_label(figure.period_start, figure.period_end),
            "value": f"{figure.value:,.10g}",
            "unit": figure.unit,
            "grade": figure.confidence,
            "source": f"{figure.source}, {figure.locator}" if figure.locator else figure.source,
        }
        for figure in room.every.values()
        if _matches(pattern, figure.id, figure.metric)
    ]
    if not rows:
        names = [*room.parameters, *{figure.metric for figure in room.every.values()}]
        raise EvidenceError(unknown("parameter or figure", pattern, names))
    return rows


def _matches(pattern: str, *names: str) -> bool:
    wanted = pattern.lower()
    if any(sign in wanted for sign in "*?["):
        return any(fnmatch.fnmatchcase(name.lower(), wanted) for name in names)
    return any(wanted in name.lower() for name in names)


def plain(value: Dated) -> Any:
    """Return a dated value as numbers nested by label, and by date when it changes."""
    if len(value.starts) == 1 and value.starts[0] <= FIRST_DAY:
        return _nested(value.values[0])
    return {dt.date.fromordinal(day).isoformat(): _nested(held) for day, held in value}


def _nested(value: Value) -> Any:
    if not isinstance(value, Table):
        return value
    return _rows(value.data, list(value.axes.values()))


def _rows(data: Any, axes: list[tuple[str, ...]]) -> Any:
    if not axes:
        return float(data)
    return {label: _rows(data[k], axes[1:]) for k, label in enumerate(axes[0])}


def brief(value: Dated) -> str:
    """Return a value in a few words: a number, or the range over its labels and dates."""
    numbers = [
        float(x) for held in value.values for x in (held.data.flat if isinstance(held, Table) else [held])
    ]
    if len(numbers) == 1:
        return f"{numbers[0]:,.6g}"
    words = f"{min(numbers):,.6g} to {max(numbers):,.6g}"
    tables = [held for held in value.values if isinstance(held, Table)]
    parts = [f"by {', '.join(tables[0].axes)}"] if tables else []
    parts += [f"{len(value.values)} dates"] if len(value.values) > 1 else []
    return f"{words} ({'; '.join(parts)})"
