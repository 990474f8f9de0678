"""`docketflow explain`: follow a number to what it is, the levers that move it, and the page it stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from docketflow.cli.catalogue import grounds, ranged, worded
from docketflow.cli.common import as_json, paragraph, print_json, print_table
from docketflow.cli.number import number
from docketflow.cli.why import PART, part


@click.command()
@click.argument("path")
@click.option("--scenario", "name", help="Show the levers this scenario pulls on it.")
@click.option("--result", "folder", type=click.Path(path_type=Path), help="Result folder of a report's PATH.")
@click.option("--all", "whole", is_flag=True, help="Print a number's whole way back, however long.")
@as_json
def explain(path: str, name: str | None, folder: Path | None, whole: bool, plain: bool) -> None:
    """Explain PATH: a parameter (value, levers, evidence, page), a lever, an outcome, a report's number."""
    if path.startswith(PART):
        part(path.removeprefix(PART), name, folder, plain=plain)
        return
    if ":" in path:
        number(path, folder, whole=whole, plain=plain)
        return
    from docketflow.answers.listed import explain as told

    found = told(path, name)
    if plain:
        print_json(dict(found))
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    title = found.get("path") or found["name"]
    click.echo(f"{title} ({found['kind']}, {found['unit']})")
    text = found.get("note") or found.get("description") or found.get("definition")
    if text:
        click.echo(paragraph(str(text)))
    if found["kind"] == "lever":
        _print_effect(found)
    if found["kind"] != "parameter":
        return
    click.echo(f"\nvalue: {_value(found['value'])}")
    if found["shape"]:
        shape = found["shape"]
        times = " times the value" if shape.get("relative") else ""
        click.echo(f"uncertainty: {shape['kind']}, 90% between {shape['low']:g} and {shape['high']:g}{times}")
    if found["from_posterior"]:
        click.echo("a run draws it with what else was fitted, from the posterior: docs/calibration.md")
    click.echo(f"how: {found['how']}   stands in: {found['where']}")
    if found["input_for"]:
        click.echo(f"given as input for: {', '.join(found['input_for'])}")
    for row in found["evidence"]:
        source = row["source"]
        value = f"{row['value']:,.10g} {row['unit']}, {row['period']}"
        click.echo(f"\n{row['id']}: {value} (confidence {row['confidence']})")
        click.echo(paragraph(row["definition"]))
        click.echo(f"  {source['title']}, {source['publisher']} {source['published']}; {row['locator']}")
        click.echo(f"  {source['url']}")
    _print_levers(found)


def _print_levers(found: dict[str, Any]) -> None:
    if found["lever"]:
        click.echo(f"\na lever: {found['lever']['title']}; {', '.join(found['lever']['operations'])}")
        _print_effect(found["lever"])
    if not found["levers_applied"]:
        return
    rows = [
        {**row, "value": worded(row["value"]), "range": ranged(row), "to": row["to"] or ""}
        | {"grounds": grounds(row)}
        for row in found["levers_applied"]
    ]
    columns = ["scenario", "operation", "value", "range", "from", "to", "lag", "grounds"]
    print_table(rows, columns, wrap="grounds")


def _value(value: Any) -> str:
    if not isinstance(value, dict):
        return f"{value:,.10g}"
    parts = (
        (key, f"({_value(part)})" if isinstance(part, dict) else _value(part)) for key, part in value.items()
    )
    return "; ".join(f"{key} {part}" for key, part in parts)


def _print_effect(lever: dict[str, Any]) -> None:
    """Say what a lever is declared to move, and where it can."""
    because = f", because {lever['because']}" if lever["because"] else ""
    click.echo(paragraph(f"as it goes up it moves {lever['moves']}: {lever['sign']}{because}"))
    if lever["binds_under"]:
        click.echo(paragraph(f"seen under: {', '.join(lever['binds_under'])}"))
    if lever["idle_under"] is not None:
        click.echo(paragraph(f"moves nothing under: {', '.join(lever['idle_under']) or 'the plan alone'}"))
