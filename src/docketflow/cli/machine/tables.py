"""`docketflow tables`: what a scenario compiles to, read back from the machine's own tables."""

from __future__ import annotations

from fractions import Fraction

import click

from docketflow.cli.common import SCALE, as_json, print_json, print_table
from docketflow.cli.run import sets_option

BY = 24  # columns for the traits that a table reads


@click.command()
@click.argument("scenario")
@click.argument("name", required=False, default="")
@click.option("--scale", type=SCALE, help="Records a person, such as 1/20.")
@sets_option
@click.option("--all", "everything", is_flag=True, help="Print every entry in full.")
@as_json
def tables(
    scenario: str, name: str, scale: Fraction | None, sets: tuple[str, ...], everything: bool, plain: bool
) -> None:
    """Print the compiled tables of SCENARIO at central values: a line each, or what bears NAME in full.

    Shares by trait, quantiles of stays, costs, who holds what, what changes on a date: read back from memory.
    """
    from docketflow.conductor.inspect import tables as printed
    from docketflow.engine.inspect.describe import overview, text

    given = {} if scale is None else {"scale": scale}
    entries = printed(scenario, name, sets=sets, **given)
    if plain:
        print_json({"scenario": scenario, "tables": entries})
    elif name or everything:
        click.echo("\n\n".join(text(entry) for entry in entries))
    else:
        columns = ["name", "kind", "uses", "by", "changes", "then"]
        print_table(overview(entries), columns, wrap="then", most={"by": BY})
        click.echo("\nOne in full: docketflow tables SCENARIO NAME; all: --all; for programs: --json")
