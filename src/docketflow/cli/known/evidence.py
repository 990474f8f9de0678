"""`docketflow evidence`: what is known, and whether it holds together."""

from __future__ import annotations

from pathlib import Path

import click

from docketflow.cli.common import as_json, print_json, print_table
from docketflow.cli.known.own import lay_over, own_rows

LINT, LAW = "lint", "law"
CITING = ("lifecycle", "policy")  # rooms whose texts may cite only what the room knows
FOUND = 1


@click.command()
@click.argument("pattern", required=False, default="")
@own_rows
@as_json
def evidence(pattern: str, own: Path | None, plain: bool) -> int:
    """Show figures and parameters that match PATTERN; `lint` checks the room, `law` prints authorities."""
    if pattern == LINT:
        return _lint(plain, own)
    lay_over(own)
    if pattern == LAW:
        return _law(plain)
    from docketflow.evidence import show

    rows = show(pattern)
    if plain:
        print_json({"pattern": pattern, "rows": rows})
    else:
        columns = ["kind", "name", "period", "value", "unit", "grade", "what"]
        print_table(rows, columns, wrap="what")
    return 0


def _lint(plain: bool, own: Path | None) -> int:
    from docketflow.conductor.model import parameters_read
    from docketflow.evidence import (
        load,
        orders_without_a_lever,
        problems,
        settings_on_no_source,
        unknown_citations,
    )
    from docketflow.evidence.otherwise.overlay import over
    from docketflow.policy import list_scenarios
    from docketflow.policy.cases import cases, foreseen

    room = load() if own is None else over(load(), own)
    found = problems(room, set(parameters_read()))
    orders = (*cases().values(), *foreseen().values())
    settings = [one for scenario in list_scenarios() for one in scenario.settings]
    settings += [one for order in orders for one in order.settings]
    once = {one.where: one.row() for one in settings}  # a scenario has those of what it extends
    found += settings_on_no_source(room, once.values())
    found += orders_without_a_lever(room, (order.case for order in cases().values()))
    home = Path(__file__).parents[2]
    found += [line for place in CITING for line in unknown_citations(home / place)]
    if plain:
        print_json({"problems": found})
    else:
        for problem in found:
            click.echo(problem)
        click.echo(f"{len(found)} problems" if found else "the evidence room holds together")
    return FOUND if found else 0


def _law(plain: bool) -> int:
    from docketflow.evidence import load, table_of_authorities

    if plain:
        print_json({"laws": [law.model_dump(mode="json") for law in load().laws.values()]})
    else:
        click.echo(table_of_authorities(), nl=False)
    return 0
