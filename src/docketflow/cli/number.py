"""`docketflow explain` of a number of a report: what it is, what moves it directly, what lies behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import paragraph, print_json

if TYPE_CHECKING:
    from docketflow.core.grounds import Step
    from docketflow.evidence import Room

MOST_LINES, MOST_DIRECT = 40, 26
Rows = Sequence[Any]


def number(path: str, folder: Path | None, *, whole: bool, plain: bool) -> None:
    """Lead a number back to parameters and sources: of a result, or as declared if no result is given."""
    from docketflow.conductor.grounds import grounds as declared
    from docketflow.core.errors import UsageError
    from docketflow.evidence import load as room
    from docketflow.report import explain as follow
    from docketflow.results import load

    known = room()
    if folder is not None:
        result = load(folder)
        first = str(result.manifest["first"])
        grounds, levers = declared(_day(first)), result.levers
        steps = follow(path, result, known, grounds)
    else:
        grounds, levers, steps = declared(), (), []
    found = grounds.number(path)
    if found is None and not steps:
        raise UsageError(f"{path}: this number of a report needs --result, the folder the report lies in")
    inputs = [] if found is None else list(grounds.steps(found))
    if plain:
        head = steps[0] if steps else {"path": path}
        print_json({"kind": "number", **head, "inputs": [_row(one) for one in inputs], "steps": steps[1:]})
        return
    lines = [*_head(path, steps)]
    if found is None:
        lines += _steps(steps[1:])
    else:
        lines += _near([one for one in inputs if one.away == 1], known, levers, whole=whole)
        lines += _far([one for one in inputs if one.away > 1], MOST_LINES - len(lines) - 3, whole=whole)
    if not whole and len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"... {len(lines) - MOST_LINES + 1} more lines with --all"]
    click.echo("\n".join(lines))


def _day(text: str) -> Any:
    import datetime as dt

    return dt.date.fromisoformat(text)


def _row(step: Step) -> dict[str, Any]:
    part = None if step.element is None else f"{step.element.kind}:{step.element.name}"
    return {"away": step.away, "part": part, "parameters": list(step.parameters)}


def _head(path: str, steps: Rows) -> Iterator[str]:
    if not steps:
        yield f"{path}, as declared"
        return
    value = steps[0]["value"]
    number = isinstance(value, (int, float))
    yield f"{path} = {value:,.10g} {steps[0]['unit']}" if number else f"{path}: {value}"
    yield from paragraph(steps[0]["about"]).splitlines()[:3]


def _near(steps: Sequence[Step], room: Room, levers: Rows, *, whole: bool) -> Iterator[str]:
    """Yield what moves a number directly, each parameter with its value, its evidence and what is set."""
    rows: list[str] = []
    for step in steps:
        rows.append("priced by" if step.element is None else f"{step.element.kind} {step.element.name}")
        for path in step.parameters:
            rows.append(f"  {_parameter(path, room)}")
            rows += [f"    set here: {_lever(row)}" for row in levers if row["lever"] == path]
    yield "directly:"
    yield from (f"  {row}" for row in (rows if whole else rows[:MOST_DIRECT]))
    if len(rows) > MOST_DIRECT and not whole:
        yield f"  ... {len(rows) - MOST_DIRECT} more lines with --all"


def _parameter(path: str, room: Room) -> str:
    from docketflow.evidence.explanation import brief

    parameter = room.parameter(path)
    rests_on = ", ".join(parameter.evidence[:2]) + (", ..." if len(parameter.evidence) > 2 else "")
    named = (room.source(room.figure(one).source) for one in parameter.evidence[:2])
    sources = "; ".join(dict.fromkeys(source.publisher or source.title for source in named))
    said = f"{parameter.how}: {rests_on} ({sources})" if rests_on else parameter.how
    return f"{path} = {brief(parameter.value)} {parameter.unit}; {said}"


def _lever(row: Any) -> str:
    dates = " ".join(str(row[key]) for key in ("from", "to") if row[key])
    ground = row["source"] or "assumed"
    return f"{row['operation']} {row['value']} {dates} [{ground}]"


def _far(steps: Sequence[Step], room: int, *, whole: bool) -> Iterator[str]:
    """Yield what lies further back, a line a part of the declaration, the nearest first."""
    if not steps:
        return
    many = len({path for step in steps for path in step.parameters})
    yield f"further back ({many} parameters, the nearest first):"
    shown = steps if whole or len(steps) <= room else steps[: max(0, room - 1)]
    for step in shown:
        part = "" if step.element is None else f"{step.element.kind} {step.element.name}: "
        yield f"  {part}{', '.join(step.parameters)}"
    if len(shown) < len(steps):
        rest = sum(len(step.parameters) for step in steps[len(shown) :])
        yield f"  ... {rest} more parameters at {len(steps) - len(shown)} places with --all"


def _steps(steps: Rows) -> Iterator[str]:
    for step in steps:
        value = f" = {step['value']:,.10g} {step['unit']}" if isinstance(step["value"], (int, float)) else ""
        yield f"{step['path']}{value}" + (f" [{step['ground']}]" if step["ground"] else "")
