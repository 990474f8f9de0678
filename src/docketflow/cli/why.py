"""`docketflow why`: why two answers differ, by groups of settings."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.catalogue import grounds, worded
from docketflow.cli.common import as_json, paragraph, print_json, print_table, typed
from docketflow.cli.run import options, sets_option

if TYPE_CHECKING:
    from docketflow.answers.why.asked import Why


PART = "why:"
ABOUT = "what these settings change, averaged over all orders in which causes may be turned on"
SIDES = {
    "a": "the average of the runs of the first side",
    "b": "the average of the runs of the second side, with none of the first side's settings on",
    "difference": "the first side less the second, member by member under the same luck",
    "people": "lives that first part where no setting decides, or that fewer than ten share (docs/why.md)",
}


@click.command()
@click.argument("a")
@click.argument("b", required=False)
@options
@click.option("--outcome", help="What is counted [removals.ice].")
@click.option("--by", help="group, lever, or a YAML file of groups of your own [group].")
@sets_option
@click.option("--out", type=click.Path(path_type=Path), help="Write the page with its picture: a .html file.")
@click.option("--people", type=click.IntRange(0), help="Also count in people, over so many members [0].")
@as_json
def why(
    a: str,
    b: str | None,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    outcome: str | None,
    by: str | None,
    sets: tuple[str, ...],
    out: Path | None,
    people: int | None,
    plain: bool,
) -> None:
    """Say why A and B answer differently: what each group of settings changes, averaged over all orders.

    A and B are scenarios, or result folders, which are lived again from what they kept. Without B, A is
    held against itself without --set, or without what it adds to the scenario it extends. Runs are paired:
    the same people and luck on both sides. The parts add up to the difference.
    """
    from docketflow.answers.why.asked import why as ask

    given = typed(members=members, scale=scale, seed=seed, outcome=outcome, by=by, people=people)
    found = ask(a, b, sets=sets, **given)
    if out is not None:
        from docketflow.report.why import write_why

        out = write_why(found.to_json(), out)
    if plain:
        print_json(found.to_json())
    else:
        _printed(found)
    if out is not None:
        click.echo(f"Page: {out}", err=plain)


def _printed(found: Why) -> None:
    told = found.to_json()
    click.echo(f"{found.one.scenario} and {found.other.scenario}, {found.one.start} to {found.one.end}\n")
    click.echo(f"{told['headline']}.\n")
    for sentence in told["says"]:
        click.echo(paragraph(sentence))
    click.echo()
    print_table(
        _bars(told), ["cause", found.outcome, "low", "high", "nine in ten", "first", "last", "levers"]
    )
    click.echo("\nUnder every counting rule (means of the runs)\n")
    print_table(_rules(told), list(_rules(told)[0]))
    if told["people"] is not None:
        _people(told["people"])
    click.echo(
        "\nlow, high: 90% interval of the mean. first: what it changes alone; last: once all else is on.\n"
        "The settings in each cause, and all digits: --json. By single levers: --by lever."
    )


def _people(told: dict[str, Any]) -> None:
    click.echo("\nWhere lives first part, counted in people (the first cause, not the only one)\n")
    rows = [
        {
            "cause": row["title"],
            "at": f"{row['kind']} {row['stage']}".strip(),
            "part": _signed(row["value"]),
            "gained": _amount(row["gained"]),
            "lost": _amount(row["lost"]),
        }
        for row in told["by_stage"]
        if row["gained"] or row["lost"]
    ]
    print_table(rows, ["cause", "at", "part", "gained", "lost"])


def _bars(told: dict[str, Any]) -> list[dict[str, Any]]:
    outcome = told["outcome"]
    rows = [
        {"cause": told["b"]["scenario"], outcome: _amount(told["total"]["b"]["value"])} | _band(told, "b")
    ]
    for one in told["causes"]:
        exact = one["value"] if one["whole"] is None else one["whole"]
        rows.append(
            {
                "cause": one["title"],
                outcome: _signed(exact),
                "low": _signed(_three(one["low"])),
                "high": _signed(_three(one["high"])),
                "nine in ten": f"{_signed(_three(one['nine_in_ten_low']))} to "
                f"{_signed(_three(one['nine_in_ten_high']))}",
                "first": _signed(_three(one["turned_on_first"])),
                "last": _signed(_three(one["turned_on_last"])),
                "levers": len({row["lever"] for row in one["settings"]}),
            }
        )
    return [
        *rows,
        {"cause": told["a"]["scenario"], outcome: _amount(told["total"]["a"]["value"])} | _band(told, "a"),
    ]


def _band(told: dict[str, Any], side: str) -> dict[str, Any]:
    total = told["total"][side]
    ends = [_amount(_three(total[f"nine_in_ten_{end}"])) for end in ("low", "high")]
    return {"low": "", "high": "", "nine in ten": " to ".join(ends), "first": "", "last": "", "levers": ""}


def _rules(told: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {one["cause"]: one["title"] for one in told["causes"]}
    return [
        {
            "outcome": row["outcome"],
            told["b"]["scenario"]: _amount(_three(row["b"])),
            **{titles[name]: _signed(_three(part)) for name, part in row["parts"].items()},
            told["a"]["scenario"]: _amount(_three(row["a"])),
        }
        for row in told["rules"]
    ]


def _three(value: float | None) -> float | None:
    """Return a number in three significant digits."""
    return None if value is None or value != value else float(f"{value:.3g}")


def _amount(value: float | None) -> str:
    if value is None or value != value:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.3g}"


def _signed(value: float | None) -> str:
    return f"+{_amount(value)}" if value is not None and value > 0 else _amount(value)


def part(name: str, scenario: str | None, folder: Path | None, *, plain: bool) -> None:
    """Explain a part of a difference: what it is, its levers, and what scenarios or a result set them to."""
    from docketflow.answers.why.groups import causes_of
    from docketflow.core.errors import UsageError, unknown
    from docketflow.policy import levers, list_scenarios, load_scenario
    from docketflow.results import load

    causes = [*causes_of(levers(), "group"), *causes_of(levers(), "lever")]
    found = {one.name: (one.title, list(one.levers), ABOUT) for one in causes}
    found |= {side: (side, [], about) for side, about in SIDES.items()}
    if name not in found:
        raise UsageError(unknown("part", name, found, "why"))
    title, paths, about = found[name]
    if folder is not None:
        result = load(folder)
        rows: list[dict[str, Any]] = [{"scenario": result.scenario, **row} for row in result.levers]
    else:
        chosen = [load_scenario(scenario)] if scenario else list_scenarios()
        rows = [{"scenario": one.name, **row} for one in chosen for row in one.rows()]
    rows = [row for row in rows if row["lever"] in paths]
    if plain:
        head = {"kind": "part of a difference", "path": PART + name, "title": title, "about": about}
        print_json({**head, "levers": paths, "settings": rows})
        return
    click.echo(f"{PART}{name}: {title}\n{paragraph(about)}")
    if paths:
        click.echo(f"\n{paragraph('levers: ' + ', '.join(paths))}\n")
        table = [
            {**row, "value": worded(row["value"]), "to": row["to"] or "", "grounds": grounds(row)}
            for row in rows
        ]
        columns = ["scenario", "lever", "operation", "value", "from", "to", "grounds"]
        print_table(table, columns, wrap="grounds")
        click.echo("\ndocketflow explain LEVER follows a lever to its evidence.")
