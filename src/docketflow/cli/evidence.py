"""`docketflow evidence`: what is known, and whether it holds together."""

from __future__ import annotations

import click

from docketflow.cli.common import as_json, print_json, print_table

LINT = "lint"
FOUND = 1


@click.command()
@click.argument("pattern", required=False, default="")
@as_json
def evidence(pattern: str, plain: bool) -> int:
    """Show figures and parameters that match PATTERN; `evidence lint` checks the whole room."""
    if pattern == LINT:
        return _lint(plain)
    from docketflow.evidence import show

    rows = show(pattern)
    if plain:
        print_json({"pattern": pattern, "rows": rows})
    else:
        columns = ["kind", "name", "period", "value", "unit", "grade", "what"]
        print_table(rows, columns, wrap="what")
    return 0


def _lint(plain: bool) -> int:
    from docketflow.conductor import parameters_read
    from docketflow.evidence import load

    problems = load().lint(set(parameters_read()))
    if plain:
        print_json({"problems": problems})
    else:
        for problem in problems:
            click.echo(problem)
        click.echo(f"{len(problems)} problems" if problems else "the evidence room holds together")
    return FOUND if problems else 0
