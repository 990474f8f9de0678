"""`docketflow cost`: what a scenario costs, and what one more removal costs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from docketflow.cli.common import as_json, paragraph, print_json, print_table, remark
from docketflow.cli.run import options, sets_option, simulated


@click.command()
@click.argument("scenario")
@options
@sets_option
@click.option("--no-more", is_flag=True, help="Leave out what one more removal costs (72 further runs).")
@as_json
def cost(
    scenario: str,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    sets: tuple[str, ...],
    no_more: bool,
    plain: bool,
) -> None:
    """Say what SCENARIO costs: by account, step and fiscal year, a removal, beside published estimates."""
    from docketflow.policy import load_scenario

    chosen = load_scenario(scenario).with_sets(sets)
    result = simulated(chosen, members=members, scale=scale, seed=seed)
    remark(chosen)
    said = result.cost(more=not no_more).to_json()
    if plain:
        print_json(said)
    else:
        _printed(said)


def _printed(said: dict[str, Any]) -> None:
    click.echo(f"{said['scenario']}, {said['from']} to {said['to']}; {said['members']} members\n")
    rows = [
        {"account": "all steps", **_band(said["total"]), "a removal": _short(said["per_removal"]["average"])}
    ]
    for one in said["accounts"]:
        each = said["per_removal"]["average"]["accounts"][one["account"]]
        rows.append({"account": one["account"], **_band(one["total"]), "a removal": _short(each)})
        rows += [
            {
                "account": f"  at {step['price']['path']}",
                **_band(step["total"]),
                "price": _price(step["price"]),
            }
            for step in one["steps"]
        ]
    print_table(rows, ["account", "cost", "low", "high", "a removal", "price"])
    click.echo("\nBy fiscal year, beside what was voted for the whole year\n")
    print_table(_years(said), ["fiscal year", "days", "for", "spent here", "voted", "part of the year"])
    if said["executed"]:
        click.echo("\nPublished: voted, obligated and paid out\n")
        print_table(
            [_executed(one) for one in said["executed"]], ["account", "voted", "obligated", "paid out"]
        )
    if said["per_removal"]["more_of_it"]:
        click.echo("\nOne more removal, where a limit is lifted: means of paired runs\n")
        print_table(_more(said), ["lifted", "removals", "cost", "each"])
    click.echo("\nBeside published estimates\n")
    for one in said["estimates"]:
        over = f" over {one['over']}" if one["over"] else ""
        published = f"{dollars(one['published']['value'])} {one['of']} ({one['source']}, {one['period']})"
        here = f"here {_short(one['here'])} for {', '.join(one['accounts'])}{over}"
        click.echo(paragraph(f"{published}; {here}. {one['why']}"))
    click.echo()
    click.echo(paragraph(said["is"]))
    _once(said["one_time"])
    if said["one_time"]["capacity_without_a_price"]:
        named = "; ".join(said["one_time"]["capacity_without_a_price"])
        click.echo(paragraph(f"This scenario brings in capacity that nobody is paid for building: {named}."))


def _once(said: dict[str, Any]) -> None:
    click.echo(paragraph(said["is"]))
    if said["total"] is not None:
        rows = [{"spent once": "in all", **_band(said["total"])}]
        rows += [
            {"spent once": one["outcome"].rpartition(".")[2], **_band(one["total"])}
            for one in said["accounts"]
        ]
        click.echo()
        print_table(rows, ["spent once", "cost", "low", "high"])
        click.echo()


def _years(said: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for year in said["fiscal_years"]:
        about = {"fiscal year": year["fiscal_year"], "days": year["days"]}
        rows.append({**about, "for": "all accounts", "spent here": _short(year["total"]), "voted": "-"})
        rows.append({**about, "for": "spent once", "spent here": _short(year["one_time"]), "voted": "-"})
        rows.append({**about, "for": "paid out of both", "spent here": _short(year["outlays"]), "voted": "-"})
        rows += [
            {
                **about,
                "for": ", ".join(one["accounts"]),
                "spent here": _short(one["spent"]),
                "voted": dollars(one["voted"]["value"]),
                "part of the year": "in one sum"
                if one["part_of_year"] is None
                else f"{one['part_of_year']:.0%}",
            }
            for one in year["authority"]
        ]
    if said["outlays_later"] is not None:
        later = _short(said["outlays_later"])
        rows.append({"fiscal year": "later", "for": "paid out of both", "spent here": later, "voted": "-"})
    return rows


def _executed(one: dict[str, Any]) -> dict[str, str]:
    parts = {"voted": "voted", "obligated": "obligated", "paid": "paid out"}
    found = {word: dollars(one[part]["value"]) if one[part] else "not found" for part, word in parts.items()}
    return {"account": one["published"], **found}


def _more(said: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for one in said["per_removal"]["more_of_it"]:
        each, removals = one["each"], one["removals"]
        told = "adds none that can be told from none" if each is None else _short(each)
        people = f"{removals['value']:+,.0f} ({removals['low']:+,.0f} to {removals['high']:+,.0f})"
        rows.append({"lifted": one["lifted"], "removals": people, "cost": dollars(one["dollars"]["value"]),
                     "each": told})  # fmt: skip
    return rows


def _band(told: dict[str, Any]) -> dict[str, str]:
    return {"cost": dollars(told["value"]), "low": dollars(told["low"]), "high": dollars(told["high"])}


def _short(told: dict[str, Any]) -> str:
    return f"{dollars(told['value'])} ({dollars(told['low'])} to {dollars(told['high'])})"


def _price(price: dict[str, Any]) -> str:
    if price.get("value") is None:
        return ""
    return f"{price['value']:,.6g} {price['unit']}, {price['how']}"


def dollars(value: float) -> str:
    """Return dollars in words: $7.48 bn, $410 M, $33,300."""
    size, sign = abs(value), "-" if value < 0 else ""
    if size >= 1e9:
        return f"{sign}${size / 1e9:.3g} bn"
    return f"{sign}${size / 1e6:.3g} M" if size >= 1e6 else f"{sign}${size:,.0f}"
