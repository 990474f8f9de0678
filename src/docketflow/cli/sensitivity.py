"""`docketflow sensitivity`: what the answers depend on, and on whose word they rest."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import SCALE, SEED, as_json, paragraph, print_table, remark, tell, typed
from docketflow.cli.run import sets_option
from docketflow.core.given import MOST_MEMBERS

if TYPE_CHECKING:
    from docketflow.answers.sensitivity import Sensitivity
    from docketflow.answers.sensitivity.answer import Told

NAMES = 46  # columns for the name of an input or source
SHOWN = 10  # inputs
RUNS = click.IntRange(2, MOST_MEMBERS)


@click.command()
@click.argument("scenario")
@click.option(
    "--outcome", "outcomes", multiple=True, help="What is asked about (repeatable) [five headlines]."
)
@click.option("--paths", type=RUNS, help="Morris paths through all groups of inputs.")
@click.option("--members", type=RUNS, help="Members that train the stand-in for the model.")
@click.option("--lucks", type=RUNS, help="Lucks of each paired run.")
@click.option("--scale", type=SCALE, help="Records a person, such as 1/20.")
@click.option("--seed", type=SEED, help="Seed of all luck.")
@sets_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the page with its pictures: a .html file."
)
@as_json
def sensitivity(
    scenario: str,
    outcomes: tuple[str, ...],
    paths: int | None,
    members: int | None,
    lucks: int | None,
    scale: Fraction | None,
    seed: int | None,
    sets: tuple[str, ...],
    out: Path | None,
    plain: bool,
) -> None:
    """Say what the answers of SCENARIO depend on: inputs, assumed numbers, settings, chance, form, sources.

    About two thousand runs: a few minutes. Needs: pip install 'docketflow[analysis]'.
    """
    from docketflow.answers.sensitivity import sensitivity as study
    from docketflow.policy import load_scenario

    chosen = load_scenario(scenario).with_sets(sets)
    given = typed(
        paths=paths, members=members, lucks=lucks, scale=scale, seed=seed, outcomes=outcomes or None
    )
    found = study(chosen, told=_told, **given)
    remark(chosen)
    tell("sensitivity", found, _printed, plain=plain, out=out)


def _told(what: str, runs: int) -> None:
    click.echo(f"docketflow: {what}, {runs} runs", err=True)


def _printed(found: Sensitivity) -> None:
    from docketflow.answers.sensitivity.answer import sentences

    about = found.about
    click.echo(f"{about['scenario']}, {about['from']} to {about['to']}: {found.inputs} uncertain inputs\n")
    for sentence in sentences(found):
        click.echo(paragraph(sentence))
    for told in found.told:
        _table(told)
    click.echo("\nOther forms of the lifecycle and numbers of people, run against run\n")
    rows = [
        {"form": one.switch.name, "weight": one.switch.weight}
        | {
            told.outcome: "changes nothing" if one.changes is None else _change(one.changes[k])
            for k, told in enumerate(found.told)
        }
        for one in found.forms
    ]
    print_table(rows, ["form", "weight", *(told.outcome for told in found.told)])
    click.echo("\nEvery index with its interval, Shapley effects, all inputs: --json")


def _table(told: Told) -> None:
    total = {one.group: one for one in told.indices}
    click.echo(f"\n{told.outcome}: from the 5th to the 95th percentile of one input, same luck; means\n")
    rows = [
        {
            "input": one.name,
            "rests on": "assumed" if one.assumed else ", ".join(one.sources) or "-",
            "low end": _number(one.low),
            "high end": _number(one.high),
            "change": _change(one.change),
            "share of spread": f"{total[one.name].total.value:.0%}" if one.name in total else "",
        }
        for one in told.swings[:SHOWN]
    ]
    columns = ["input", "low end", "high end", "change", "share of spread", "rests on"]
    print_table(rows, columns, wrap="rests on", most={"input": NAMES})
    click.echo(f"\n{told.outcome}: all that is read from a source a tenth larger\n")
    sources = [
        {"source": one.source, "title": one.title, "change": f"{one.share:+.1%}"} for one in told.rests[:5]
    ]
    print_table(sources, ["source", "change", "title"], wrap="title")


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1 else f"{value:,.0f}"


def _change(change: Any) -> str:
    sign = "+" if change.value > 0 else ""
    return f"{sign}{_number(change.value)} ({_number(change.low)} to {_number(change.high)})"
