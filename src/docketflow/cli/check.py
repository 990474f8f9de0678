"""`docketflow check`: is this sentence true. Facts against evidence, forecasts against the model."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from docketflow.cli.common import as_json, paragraph, print_json, print_table
from docketflow.cli.run import options, progress


@click.command()
@click.argument("what", required=False, metavar='[FILE|"SENTENCE"]')
@click.option("--only", multiple=True, metavar="ID", help="Check this claim of the file (repeatable).")
@options
@click.option("--table", "short", is_flag=True, help="Print a line a claim.")
@click.option("--html", "page", type=click.Path(path_type=Path), help="Write the claims as cards to a page.")
@as_json
def check(
    what: str | None,
    only: tuple[str, ...],
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    short: bool,
    page: Path | None,
    plain: bool,
) -> None:
    """Hold claims against published figures under every counting rule, and forecasts against the model.

    A FILE (.yaml, .csv) gives claims by quantity, value, unit, period and kind; a SENTENCE says one. Without
    either, the claims of the first file are checked. Claims of the past need no run.
    """
    from docketflow.answers import check as asked

    with progress("check") as step:
        found = asked(
            what, members=members, scale=scale, seed=1 if seed is None else seed, only=only, progress=step
        )
    if page is not None:
        from docketflow.report import write_claims

        write_claims(found.to_json()["claims"], page)
    if plain:
        print_json(found.to_json())
        return
    if short:
        print_table(found.rows(), ["id", "verdict", "said", "explanation"], wrap="explanation")
        return
    from docketflow.report.claim_cards import true_sentence

    for n, one in enumerate(found):
        click.echo(f"{chr(10) if n else ''}{one.statement.id}: {one.statement.says}")
        click.echo(f"{one.verdict.upper()}. {paragraph(one.explanation)}")
        if true := true_sentence(one.as_dict(), [one.explanation]):
            click.echo(paragraph(f"True would be: {true}"))
        for source in one.sources:
            click.echo(f"  {source['title']}{', ' + source['publisher'] if source.get('publisher') else ''}")
    if page is not None:
        click.echo(f"\nCards: {page}")
