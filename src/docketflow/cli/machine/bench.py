"""`docketflow bench`: measure the engine on this machine, as a reader can repeat it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import click

from docketflow.cli.common import SCALE, SEED, as_json
from docketflow.core.plain import tidy


@click.group()
def bench() -> None:
    """Measure the engine: events a second, memory, and what came out."""


@bench.command("docket-ref")
@click.option("--people", type=click.IntRange(min=1_000), default=1_000_000, show_default=True)
@click.option("--days", type=click.IntRange(min=1), default=365, show_default=True)
@click.option("--seed", type=SEED, default=1, show_default=True)
@as_json
def docket_ref(people: int, days: int, seed: int, plain: bool) -> None:
    """Run the reference workload: synthetic numbers in which every resource binds."""
    from docketflow.workloads.measured import docket_ref_run

    found = docket_ref_run(people=people, days=days, seed=seed)
    _show(found, plain)


@bench.command("national")
@click.option("--scale", type=SCALE, default="1", show_default=True, help="Records a person.")
@click.option("--days", type=click.IntRange(1, 7_300), default=730, show_default=True)
@click.option("--scenario", default="fiscal-year-2024", show_default=True)
@click.option("--seed", type=SEED, default=1, show_default=True)
@as_json
def national(scale: Fraction, days: int, scenario: str, seed: int, plain: bool) -> None:
    """Run the whole country once, at the central values of every parameter."""
    from docketflow.policy import load_scenario
    from docketflow.workloads.national import timed

    found = timed(load_scenario(scenario), scale=scale, days=days, seed=seed)
    _show(found, plain)


def _show(found: Mapping[str, Any], plain: bool) -> None:
    if plain:
        click.echo(json.dumps(tidy(found), allow_nan=False))  # one line: rows are gathered from many runs
        return
    width = max(len(name) for name in found)
    for name, value in found.items():
        click.echo(f"{name.replace('_', ' '):<{width}}  {_told(value):>16}")


def _told(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:,.0f}"
