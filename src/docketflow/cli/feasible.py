"""`docketflow feasible`: what it would take to reach a goal, or what stops it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import DAY, as_json, paragraph, print_table, remark, tell, typed
from docketflow.cli.run import options, sets_option

if TYPE_CHECKING:
    from docketflow.answers.feasible import Feasible


@click.command()
@click.argument("goal")
@click.option("--by", type=DAY, help="The last day; without it the earliest month is looked for.")
@click.option("--using", help="Words, such as officers,beds,judges,seats [those four].")
@click.option("--keep", multiple=True, help="What must hold too: a word (hearings, cost) or OUTCOME <= N.")
@click.option("--scenario", help="The plan that is changed [one-million-first-year].")
@click.option("--ordered", type=DAY, help="The day the levers are ordered [the first].")
@click.option("--lag", "lags", multiple=True, metavar="WORD=DAYS", help="Days until a lever is at work.")
@click.option("--in", "share", type=float, help="It must hold in more than this share of the runs [0.5].")
@options
@sets_option
@click.option("--out", type=click.Path(path_type=Path), help="Write the page with its picture: a .html file.")
@as_json
def feasible(
    goal: str,
    by: dt.date | None,
    using: str | None,
    keep: tuple[str, ...],
    scenario: str | None,
    ordered: dt.date | None,
    lags: tuple[str, ...],
    share: float | None,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    sets: tuple[str, ...],
    out: Path | None,
    plain: bool,
) -> None:
    """Say what it would take to reach GOAL, such as "removals.ice >= 1_000_000", or what stops it.

    The least of one lever, the cheapest mix of several, the earliest month; or a certificate of what falls
    short, proved by a bound or checked by a search. Levers work after a lag. --members fixes every digit.
    """
    from docketflow.answers.feasible import feasible as ask

    given = typed(scenario=scenario, by=by, ordered=ordered, share=share, using=using and using.split(","))
    given |= typed(members=members, scale=scale, seed=seed)
    found = ask(goal, keep=keep, lags=lags, sets=sets, **given)
    remark(found.scenario)
    tell("feasible", found, _printed, plain=plain, out=out)


def _printed(found: Feasible) -> None:
    from docketflow.answers.feasible.words import sentences

    result = found.result
    click.echo(f"{result.scenario}, {result.start} to {result.end}: {found.goal}: {found.verdict}\n")
    for sentence in sentences(found):
        click.echo(paragraph(sentence))
    click.echo("\nThe levers\n")
    print_table(_levers(found), list(_levers(found)[0]))
    click.echo("\nWhat comes with it: means, and where nine runs in ten lie\n")
    print_table(_beside(found), ["outcome", "as it is", "here", "unit"])
    if found.settings():
        click.echo("\nAs settings: " + " ".join(f"--set {one}" for one in found.settings()))


def _levers(found: Feasible) -> list[dict[str, Any]]:
    from docketflow.answers.feasible.words import amount

    needs = {need.lever: need for need in found.found.each}
    rows = []
    for one in found.pulls:
        name, need = one.one.name, needs.get(one.one.name)
        row = {
            "lever": name,
            "here": amount(one, found.standing.point[name]),
            "least, others at top": "-" if need is None or need.amount is None else amount(one, need.amount),
            "top": amount(one, one.most),
            "at work": f"{one.at_work} ({one.lag} days)",
        }
        rows.append(row)
    return rows


def _beside(found: Feasible) -> list[dict[str, Any]]:
    from docketflow.answers.feasible.words import shown
    from docketflow.core.outcomes import outcome

    def cell(stand: Any, name: str, unit: str) -> str:
        low, high = stand.spread[name]
        return f"{shown(stand.beside[name], unit)} ({shown(low, unit)} to {shown(high, unit)})"

    rows = []
    for name in found.found.base.beside:
        unit = outcome(name).unit
        if name in found.standing.beside:
            both = {"as it is": found.found.base, "here": found.standing}
            rows.append(
                {"outcome": name, **{k: cell(one, name, unit) for k, one in both.items()}, "unit": unit}
            )
    return rows
