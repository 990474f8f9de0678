"""`docketflow due-process`: hearings, waits, detention and families, with and without orders of courts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from docketflow.cli.common import as_json, paragraph, print_json, print_table, remark
from docketflow.cli.run import options, sets_option, simulated

UNTOLD = {"nobody": "It happened to nobody in these runs", "not_counted": "Not counted in this version"}
QUEUE = "Years of work in front of a case filed on the last day, at the pace of the last four months"


@click.command("due-process")
@click.argument("scenario")
@options
@sets_option
@click.option("--orders", is_flag=True, help="Run it with and without each court order on record.")
@as_json
def due_process(
    scenario: str,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    sets: tuple[str, ...],
    orders: bool,
    plain: bool,
) -> None:
    """Say what SCENARIO does to the right to a hearing and to people; what is not counted is named."""
    from docketflow.policy import load_scenario

    chosen = load_scenario(scenario).with_sets(sets)
    result = simulated(chosen, members=members, scale=scale, seed=seed)
    remark(chosen)
    said = result.due_process(orders=orders).to_json()
    if plain:
        print_json(said)
    else:
        _printed(said, orders)


def _printed(said: dict[str, Any], orders: bool) -> None:
    click.echo(f"{said['scenario']}, {said['from']} to {said['to']}; {said['members']} members")
    for group in [*said["groups"], {"title": QUEUE, "rows": said["queues"]}]:
        if group["rows"]:
            click.echo(f"\n{group['title']}\n")
            rows = [{**row, "of": row.get("under", ""), **_told(row)} for row in group["rows"]]
            print_table(rows, ["label", "value", "low", "high", "mean", "of"])
    for of, why in UNTOLD.items():
        if said[of]:
            click.echo("\n" + paragraph(f"{why}: {'; '.join(one['label'] for one in said[of])}."))
    if not orders:
        return
    for one in said["orders"]:
        held = "in the scenario" if one["in_scenario"] else "not in the scenario"
        click.echo(f"\n{one['case']} ({one['court']}), {one['from']} to {one['to']}, {held}")
        click.echo(paragraph(one["why"]))
        rows = [{"with it less without": name, **_told(row)} for name, row in one["changes"].items()]
        print_table(rows, ["with it less without", "value", "low", "high"])
    if said["orders_without_a_mechanism"]:
        named = "; ".join(said["orders_without_a_mechanism"])
        click.echo(
            "\n" + paragraph(f"In force in the period, on what this version has no lever for: {named}.")
        )


def _told(row: dict[str, Any]) -> dict[str, str]:
    share = row["unit"] == "share"

    def one(value: float) -> str:
        return f"{value:.1%}" if share else f"{value:,.1f}" if abs(value) < 100 else f"{value:,.0f}"

    return {key: one(row[key]) for key in ("value", "low", "high", "mean") if key in row}
