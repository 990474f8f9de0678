"""`docketflow binding`: what stops a scenario, and what stops it next."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import as_json, paragraph, print_table, remark, tell, typed
from docketflow.cli.run import options, sets_option

if TYPE_CHECKING:
    from docketflow.answers.binding import Binding
    from docketflow.answers.lifting import Rung


@click.command()
@click.argument("scenario")
@options
@click.option("--limits", help="Words, such as beds,officers,judges,seats [those four].")
@click.option("--outcome", help="What is counted [removals.ice].")
@click.option("--wanted", type=click.Choice(["more", "less"]), help="More of it or less [more].")
@sets_option
@click.option("--out", type=click.Path(path_type=Path), help="Write the page with its picture: a .html file.")
@as_json
def binding(
    scenario: str,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    limits: str | None,
    outcome: str | None,
    wanted: str | None,
    sets: tuple[str, ...],
    out: Path | None,
    plain: bool,
) -> None:
    """Say what stops SCENARIO: each limit with one per cent more, lifted alone, and one after another.

    Runs are paired: the same people and luck on both sides. Members are added until the first limit can be
    told from zero or most of a minute has passed; --members fixes their number, and with it every digit.
    """
    from docketflow.answers.binding import binding as bind
    from docketflow.policy import load_scenario

    chosen = load_scenario(scenario).with_sets(sets)
    words = limits and limits.split(",")
    given = typed(members=members, scale=scale, seed=seed, outcome=outcome, wanted=wanted, limits=words)
    found = bind(chosen, **given)
    remark(chosen)
    tell("binding", found, _printed, plain=plain, out=out)


def _printed(found: Binding) -> None:
    from docketflow.answers.binding_words import sentences

    result = found.result
    click.echo(f"{result.scenario}, {result.start} to {result.end}: {found.outcome}\n")
    for sentence in sentences(found):
        click.echo(paragraph(sentence))
    click.echo()
    print_table(
        _limits(found), ["limit", "binds", "shows from", "one per cent more", "lifted alone", "lifted last"]
    )
    click.echo("\nOne after another, and what comes with it (means)\n")
    print_table(_stairs(found), list(_stairs(found)[0]))
    click.echo("\nWhat ran out, days of each month (a thing that runs out need not be what binds)\n")
    print_table(_days(found), ["resource", *result.months])
    for name, reason in found.beyond.items():
        click.echo(f"\n{name} is left out: {reason}")
    click.echo(
        "\nSupply, use, queues by month: --json. A limit lifted is a test of what binds, not a proposal."
    )


def _limits(found: Binding) -> list[dict[str, Any]]:
    from docketflow.answers.binding_words import listed, said

    return [
        {
            "limit": one.limit,
            "binds": one.binds if not one.after else f"after {listed(one.after)}",
            "shows from": found.month(one.since) or "-",
            "one per cent more": said(one.one),
            "lifted alone": said(one.alone.adds),
            "lifted last": said(one.last),
        }
        for one in found.found.order
    ]


def _stairs(found: Binding) -> list[dict[str, Any]]:
    from docketflow.answers.binding_words import said

    first = {"lifted": "none", found.outcome: f"{found.found.base.level.value:,.0f}", "this step adds": "-"}
    rows = [first | {"from": "-"} | _beside(found.found.base)]
    for step in found.found.staircase:
        tie = f", ties with {', '.join(step.ties)}" if step.ties else ""
        rows.append(
            {
                "lifted": f"+ {step.limit}{tie}",
                found.outcome: f"{step.rung.level.value:,.0f}",
                "this step adds": said(step.adds),
                "from": found.month(step.since) or "-",
                **_beside(step.rung),
            }
        )
    return rows


def _beside(rung: Rung) -> dict[str, str]:
    """Return a few of the consequences for a terminal's width; all of them are in JSON and on the page."""
    return {
        "held a day": f"{rung.beside['detained.average']:,.0f}",
        "no hearing": f"{rung.beside['removals.without_hearing']:.0%}",
        "cost, $bn": f"{rung.beside['cost.total'] / 1e9:.1f}",
    }


def _days(found: Binding) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for row in found.resources():
        name = f"{row['resource']}" + (f" ({row['limit']})" if row["limit"] else "")
        rows.setdefault(name, {"resource": name})[row["month"]] = f"{row['days_out']:.0f}"
    return list(rows.values())
