"""`docketflow bench`: measure the engine on this machine, as a reader can repeat it."""

from __future__ import annotations

import click

from docketflow.cli.common import as_json, print_json


@click.group()
def bench() -> None:
    """Measure the engine: events a second, memory, and what came out."""


@bench.command("docket-ref")
@click.option("--people", type=click.IntRange(min=1_000), default=1_000_000, show_default=True)
@click.option("--days", type=click.IntRange(min=1, max=36_500), default=365, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@as_json
def docket_ref(people: int, days: int, seed: int, plain: bool) -> None:
    """Run the reference workload: synthetic numbers in which every resource binds."""
    from docketflow.bench.measured import docket_ref_run

    found = docket_ref_run(people=people, days=days, seed=seed)
    if plain:
        print_json(found)
        return
    width = max(len(name) for name in found)
    for name, value in found.items():
        click.echo(f"{name.replace('_', ' '):<{width}}  {value:>16,}")
