"""`docketflow study`: several scenarios on the same members, kept block by block, resumed at will."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docketflow.cli.common import INTERRUPTED, as_json, print_json, print_table
from docketflow.cli.record.posterior import drawn_room, ranges_option
from docketflow.cli.run import HEADLINES, headlines, options, progress, sets_option
from docketflow.core.given import MOST_WORKERS

if TYPE_CHECKING:
    from docketflow.studies import Study


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes [one a core].")
@sets_option
@ranges_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the study [results/study].")
@click.option("--resume", is_flag=True, help="Go on with the study in --out.")
@click.option("--retry-failed", is_flag=True, help="With --resume: run again the members that failed.")
@click.option(
    "--part", is_flag=True, help="Be one of several processes on the study in --out: begin it or join it."
)
@click.option("--cluster", metavar="ADDRESS", help="Scheduler of a Dask cluster, to run members there.")
@as_json
def study(
    scenarios: tuple[str, ...],
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    workers: int | None,
    sets: tuple[str, ...],
    ranges: bool,
    out: Path | None,
    resume: bool,
    retry_failed: bool,
    part: bool,
    cluster: str | None,
    plain: bool,
) -> int:
    """Run each SCENARIO (shipped names or YAML files) on the same members, and compare them in pairs.

    Killed at any moment, the same command with --resume goes on where it was. Exit code 75: some members
    could not be run (a lost cluster, a full disk); what there is stays, and --resume goes on.
    """
    from docketflow.studies import study as conduct

    folder = out or Path("results") / "study"
    drawn_room(members, ranges=ranges)
    try:
        with progress("study") as step:
            found = conduct(
                scenarios,
                members=members,
                scale=scale,
                seed=seed,
                sets=sets,
                ranges=ranges,
                out=folder,
                resume=resume,
                part=part,
                retry_failed=retry_failed,
                cluster=cluster,
                workers=workers,
                progress=step,
            )
    except KeyboardInterrupt:
        click.echo(f"docketflow: interrupted; --resume goes on with {folder}", err=True)
        return INTERRUPTED
    if plain:
        print_json(found.to_json())
    else:
        summary(found)
        click.echo(
            f"\nStudy: {folder} (answers.csv, answers_by_month.csv, differences.csv, failures.csv, blocks)"
        )
    return 0


def summary(study: Study) -> None:
    """Print each scenario's answer and its paired difference from the first."""
    from docketflow.results.compare import differences

    click.echo(
        f"{len(study)} scenarios on the same {study.members} members at {study.scale}, seed {study.seed}"
    )
    columns = ["outcome", "median", "low", "high", "unit"]
    for name in study.answered:
        click.echo(f"\n{name}: {study[name].start} to {study[name].end}\n")
        print_table(headlines(study[name]), columns)
    for name, first in study.pairs:
        click.echo(f"\n{name} less {first}, member by member (90% band)\n")
        gaps = {gap.outcome: gap.rounded().row() for gap in differences(study[name], study[first])}
        rows = [gaps[head] for head in HEADLINES if head in gaps]
        print_table(rows, ["outcome", "difference", "low", "high", "unit"])
    for name in study:
        reasons = [end["reason"] for end in study.failures if end["scenario"] == name]
        if reasons:
            click.echo(f"\n{name}: {len(reasons)} members failed; the first: {reasons[0]}")
