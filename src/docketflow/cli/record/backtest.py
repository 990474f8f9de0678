"""`docketflow backtest`: fits at origins in the past, their forecasts, and the scoreboard."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import click

from docketflow.cli.common import DAY, SCALE, SEED, as_json, print_json, print_table, typed
from docketflow.cli.record.calibrate import PATH, said


@click.command()
@click.option("--origin", "origins", type=DAY, multiple=True, help="Last day known [ends of FY2019 to 2023].")
@click.option(
    "--board", type=click.Choice(["given", "forecast", "both"]), default="both", help="Inputs [both]."
)
@click.option("--members", type=click.IntRange(8, 10_000), help="Size of the ensemble [256].")
@click.option("--steps", type=click.IntRange(1, 32), help="Assimilations [4].")
@click.option("--scale", type=SCALE, help="Records a person [1/400].")
@click.option("--seed", type=SEED, help="Seed of all luck.")
@click.option("--out", type=PATH, default=Path("results/backtest"), help="Folder [results/backtest].")
@as_json
def backtest(
    origins: tuple[dt.date, ...],
    board: str,
    members: int | None,
    steps: int | None,
    scale: Fraction | None,
    seed: int | None,
    out: Path,
    plain: bool,
) -> None:
    """Fit to what came before each origin, forecast what came after, and score it beside rivals.

    On one board border and resources after the origin are given, on the other the border goes on at its
    level before, in its season. Killed at any moment, the same command goes on where it was.
    """
    from docketflow.calibrate import backtest as testing
    from docketflow.calibrate.board import RIVALS, beside, page, rows, told, written
    from docketflow.core import files
    from docketflow.policy import load_scenario

    boards = [name for name in (testing.GIVEN, testing.FORECAST) if board == "both" or name.endswith(board)]
    more = typed(members=members, steps=steps, scale=scale, seed=seed)
    tests: list[testing.Backtest] = []
    for origin in sorted(origins) or testing.ORIGINS:
        for name in boards:
            click.echo(f"docketflow: {origin}, {name}", err=True)
            one = testing.backtest(
                load_scenario("historical"),
                origin,
                name,
                folder=out / "lived",
                progress=said,
                **more,
            )
            for forecast in one.forecasts[:1]:
                files.write(out / f"{origin}" / f"{forecast.name}.csv", forecast.written())
            tests.append(one)
    found = rows(tests)
    files.write(out / "scoreboard.csv", written(found))
    files.write(out / "scoreboard.md", page(found))
    if plain:
        print_json({"boards": told(found), "series": beside(found)})
        return
    for name, line in told(found).items():
        click.echo(
            f"\n{name}: " + ", ".join(f"{what.replace('_', ' ')} {value}" for what, value in line.items())
        )
    columns = ["board", "outcome", "horizon", "model", *RIVALS, "best", "better"]
    print_table(({k: _short(v) for k, v in row.items()} for row in beside(found)), columns)
    click.echo(f"\nScoreboard: {out / 'scoreboard.csv'}")


def _short(value: object) -> object:
    return f"{value:,.4g}" if isinstance(value, float) else value
