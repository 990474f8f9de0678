"""`docketflow calibrate`: fit the model to published series, resumed where it was."""

from __future__ import annotations

import datetime as dt
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from docketflow.cli.common import DAY, SCALE, SEED, as_json, print_json, print_table, typed

PATH = click.Path(path_type=Path)
LAST = dt.date(2024, 12, 31)


@click.command()
@click.option("--until", type=DAY, default=LAST, help="The last day that is known [2024-12-31].")
@click.option("--members", type=click.IntRange(8, 10_000), help="Size of the ensemble [256].")
@click.option("--steps", type=click.IntRange(1, 32), help="Assimilations [4].")
@click.option("--scale", type=SCALE, help="Records a person [1/400].")
@click.option("--seed", type=SEED, help="Seed of all luck.")
@click.option("--out", type=PATH, help="Folder of the fit [results/fit-UNTIL].")
@click.option("--truths", type=click.IntRange(1, 1000), help="Fit to so many made-up truths in place of it.")
@as_json
def calibrate(
    until: dt.date,
    members: int | None,
    steps: int | None,
    scale: Fraction | None,
    seed: int | None,
    out: Path | None,
    truths: int | None,
    plain: bool,
) -> None:
    """Fit the model to the published series of October 2018 to --until, and write the posterior.

    Killed at any moment, the same command goes on where it was, and ends in the same posterior, bit by bit.
    """
    from docketflow.calibrate.fit import fit
    from docketflow.calibrate.posterior import identifiability, keep, summary
    from docketflow.policy import load_scenario

    folder = out or Path("results") / f"fit-{until}"
    if truths is not None:
        _truths(truths, until, folder, plain, typed(members=members, steps=steps, scale=scale, seed=seed))
        return
    found = fit(
        load_scenario("historical"),
        until=until,
        folder=folder / "lived",
        progress=said,
        **typed(members=members, steps=steps, scale=scale, seed=seed),
    )
    keep(found, folder)
    about = summary(found)
    if plain:
        print_json({"posterior": str(folder), "summary": about, "places": identifiability(found)})
        return
    for name, value in about.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")
    click.echo()
    rows = [
        {"place": row["place"], "median": f"{row['median']:+.2f}", "sd ratio": f"{row['sd_ratio']:.2f}"}
        for row in identifiability(found)
    ]
    print_table(rows, ["place", "median", "sd ratio"])
    click.echo(f"\nPosterior: {folder}")


def _truths(count: int, until: dt.date, folder: Path, plain: bool, size: dict[str, Any]) -> None:
    """Fit to truths made by the model itself, and say how often bands hold them."""
    import csv
    import io

    import numpy as np

    from docketflow.calibrate.fit import MEMBERS as members
    from docketflow.calibrate.fit import SCALE as scale
    from docketflow.calibrate.fit import STEPS as steps
    from docketflow.calibrate.synthetic import truths
    from docketflow.core import files
    from docketflow.policy import load_scenario

    size = dict[str, Any](members=members, steps=steps, scale=scale) | size
    rows = []
    for row in truths(load_scenario("historical"), count, until=until, folder=folder / "lived", **size):
        rows.append(row)
        if not rows[-2:-1] or rows[-2]["truth"] != row["truth"]:
            click.echo(f"docketflow: truth {row['truth'] + 1} of {count}", err=True)
    text = io.StringIO()
    lines = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    files.write(folder / "truths.csv", text.getvalue())
    ranks = np.histogram([row["rank"] for row in rows], bins=10, range=(0, 1))[0]
    about = {
        "truths": count,
        "places": len(rows) // count,
        "inside_90": round(float(np.mean([row["inside"] for row in rows])), 3),
        "ranks_by_tenth": ranks.tolist(),
    }
    if plain:
        print_json(about)
    else:
        for name, value in about.items():
            click.echo(f"{name.replace('_', ' ')}: {value}")


def said(step: str, done: int, of: int) -> None:
    """Say on a terminal how far a fit is."""
    if sys.stderr.isatty() or done == of:
        click.echo(f"docketflow: {step}: {done} of {of}", err=True)
