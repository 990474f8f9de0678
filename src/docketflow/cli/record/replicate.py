"""`docketflow replicate`: published projections of others, run from their own assumptions."""

from __future__ import annotations

from typing import Any

import click

from docketflow.cli.common import as_json, paragraph, print_json, print_table


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@as_json
def replicate(names: tuple[str, ...], plain: bool) -> None:
    """Run published projections of others (all of them, or NAME) from their own assumptions."""
    from docketflow.replications import names as every
    from docketflow.replications import replicate as run

    found = [run(name) for name in names or every()]
    if plain:
        print_json({"replications": [one.to_json() for one in found]})
        return
    for one in found:
        said = one.to_json()
        click.echo(f"{one.name}: {said['of']}\n")
        print_table(
            [
                {"assumption": name, "value": f"{about['value']:,g}", "how": about["how"]}
                for name, about in said["assumptions"].items()
            ],
            ["assumption", "value", "how"],
        )
        click.echo()
        years = list(next(iter(one.years.values())))
        rows = [
            {"fiscal year": year, **{name: _short(line[year]) for name, line in one.years.items()}}
            for year in years
        ]
        print_table(rows, ["fiscal year", *one.years])
        if said["published"]:
            click.echo()
            print_table(map(_against, said["published"]), ["outcome", "on", "published", "here", "verdict"])
        click.echo(f"\n{paragraph(said['differs'])}\n")


def _against(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "published": _short(row["published"]), "here": _short(row["here"])}


def _short(value: float) -> str:
    return f"{value / 1e9:,.1f} bn" if abs(value) >= 1e9 else f"{value:,.0f}"
