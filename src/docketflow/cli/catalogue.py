"""Commands that show what is on the shelf: scenarios, levers, outcomes; and check a scenario of yours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import as_json, paragraph, print_json, print_table, remark

if TYPE_CHECKING:
    from docketflow.policy import Scenario


@click.command()
@click.argument("name", required=False)
@as_json
def scenarios(name: str | None, plain: bool) -> None:
    """List the shipped scenarios, or show one with its settings."""
    from docketflow.policy import list_scenarios, load_scenario

    if name is not None:
        _show(load_scenario(name), plain)
        return
    rows = [
        {"scenario": s.name, "from": s.start, "to": s.end, "settings": len(s.settings), "title": s.title}
        for s in list_scenarios()
    ]
    if plain:
        print_json({"scenarios": rows})
    else:
        print_table(rows, ["scenario", "from", "to", "settings", "title"], wrap="title")


def _show(scenario: Scenario, plain: bool) -> None:
    if plain:
        print_json({**_about(scenario), "settings": scenario.rows()})
        return
    click.echo(f"{scenario.name}: {scenario.title}\n")
    click.echo(paragraph(scenario.summary))
    click.echo(f"\nAnswers for {scenario.start} to {scenario.end}; simulated from {scenario.first}.")
    if scenario.target:
        click.echo(f"Target: {scenario.target.removals:,.0f}, counted in {scenario.target.series}.")
    if scenario.settings:
        click.echo("")
        rows = [
            {**row, "grounds": grounds(row), "value": worded(row["value"]), "range": ranged(row)}
            for row in scenario.rows()
        ]
        columns = ["lever", "operation", "value", "range", "unit", "from", "to", "lag", "grounds"]
        print_table(
            [{k: "" if v is None else v for k, v in row.items()} for row in rows], columns, wrap="grounds"
        )


def _about(scenario: Scenario) -> dict[str, Any]:
    target = scenario.target
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "summary": scenario.summary,
        "first": scenario.first,
        "from": scenario.start,
        "to": scenario.end,
        "target": target and {"removals": target.removals, "series": target.series},
    }


def grounds(row: dict[str, Any]) -> str:
    """Return what a setting rests on, in words."""
    place = f"{row['source']}, {row['locator']}" if row["source"] else ""
    if not row["assumed"]:
        return place
    return f"assumed{' from ' + place if place else ''}: {row['note']}"


def ranged(row: dict[str, Any]) -> str:
    """Return in words the range in which a member draws a setting."""
    from docketflow.policy.ranges import range_in_words

    return range_in_words(row["range"])


def worded(value: Any) -> Any:
    """Return a value by label in one line."""
    if isinstance(value, dict):
        return ", ".join(f"{label} {number:g}" for label, number in value.items())
    return value


@click.command()
@click.argument("pattern", required=False, default="")
@as_json
def levers(pattern: str, plain: bool) -> None:
    """List what a scenario may change. PATTERN: part of a path, or any words.

    Unit, bounds, operations, how many settings of shipped scenarios have a range (`explain` shows them), the
    outcome it moves and which way as it goes up, and what its value rests on: figures, or the scenario alone.
    """
    from docketflow.core.errors import UsageError, unknown
    from docketflow.policy import levers as catalogue
    from docketflow.policy.catalogue import find_levers

    chosen = list(find_levers(pattern).values())
    if not chosen:
        raise UsageError(unknown("lever", pattern, catalogue()))
    ranges, only = _shipped_ranges(), _scenario_only()
    if plain:
        rows = [
            {**lever.model_dump(), "scenario_only": lever.path in only, "ranges": ranges.get(lever.path, [])}
            for lever in chosen
        ]
        print_json({"levers": rows})
        return
    rows = [
        {
            "lever": lever.path,
            "unit": lever.unit,
            "bounds": (f"{len(lever.choices)} names" if lever.choices else "")
            or f"{lever.low:,.10g} to {lever.high:,.10g}",
            "operations": " ".join(lever.operations),
            "lag": "needed" if lever.capacity else "",
            "ranges": str(len(ranges.get(lever.path, [])) or ""),
            "moves": f"{lever.moves} {lever.sign}",
            "rests on": "scenario only" if lever.path in only else "figures",
            "what": lever.title,
        }
        for lever in chosen
    ]
    columns = ["lever", "unit", "bounds", "operations", "lag", "ranges", "moves", "rests on", "what"]
    print_table(rows, columns, wrap="what")


def _scenario_only() -> frozenset[str]:
    """Return the levers whose parameter rests on no figure; a target is a scenario's own."""
    from docketflow.evidence import load
    from docketflow.policy import levers as catalogue

    known = load().parameters
    return frozenset(path for path in catalogue() if path not in known or known[path].scenario_only)


def _shipped_ranges() -> dict[str, list[dict[str, Any]]]:
    """Return, by lever, the settings of shipped scenarios that have a range."""
    from docketflow.policy import list_scenarios

    found: dict[str, list[dict[str, Any]]] = {}
    for scenario in list_scenarios():
        for row in scenario.rows():
            if row["range"]:
                said = {key: row[key] for key in ("operation", "value", "range")}
                found.setdefault(str(row["lever"]), []).append({"scenario": scenario.name, **said})
    return found


@click.command()
@click.argument("pattern", required=False, default="")
@as_json
def outcomes(pattern: str, plain: bool) -> None:
    """List the names of answers, and whether this version has one. PATTERN is a part of a name."""
    from docketflow.conductor.model import outcomes_answered
    from docketflow.core.errors import UsageError, unknown
    from docketflow.core.outcomes import outcomes as catalogue

    chosen = [outcome for name, outcome in catalogue().items() if pattern in name]
    if not chosen:
        raise UsageError(unknown("outcome", pattern, catalogue()))
    found = outcomes_answered()
    parts = {name: sorted(one for one in found if one.startswith(f"{name}.")) for name in catalogue()}
    rows = [
        {
            "outcome": one.name,
            "unit": one.unit,
            "kind": one.kind,
            "answered": "yes" if one.name in found else "in parts" if parts[one.name] else "no",
            "definition": one.definition,
            "compare_with": one.compare_with,
            "counting_rule": one.counting_rule,
            "parts": parts[one.name],
            "no_answer": one.no_answer,
        }
        for one in chosen
    ]
    if plain:
        print_json({"outcomes": rows})
    else:
        said = [
            row | ({"definition": f"no run has it: {row['no_answer']}"} if row["no_answer"] else {})
            for row in rows
        ]
        print_table(said, ["outcome", "unit", "kind", "answered", "definition"], wrap="definition")


@click.command()
@click.argument("file")
@as_json
def validate(file: str, plain: bool) -> None:
    """Check a scenario: its form, its dates, and that every lever acts on a parameter within its bounds."""
    from docketflow.conductor.model import validated
    from docketflow.policy import load_scenario

    scenario = validated(load_scenario(file))
    remark(scenario)
    if plain:
        print_json({"valid": True, "file": file, **_about(scenario), "settings": len(scenario.settings)})
        return
    click.echo(
        f"{file}: valid; {len(scenario.settings)} settings, answers for {scenario.start} to {scenario.end}, "
        f"simulated from {scenario.first}"
    )
