"""`docketflow forecast`, `rivals` and `score`: say it beforehand, and be held to it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from docketflow.cli.common import DAY, as_json, note, print_json, print_table, remark, typed
from docketflow.cli.run import options, progress, sets_option

PATH = click.Path(path_type=Path)
FOLDER = Path("forecasts")
MEANS = ("values", "wis", "crps", "signed_error", "coverage_50", "coverage_90", "width_90")


@click.command()
@click.argument("scenario")
@click.option("--origin", type=DAY, required=True, help="The last day that is known.")
@click.option("--span", "spans", multiple=True, metavar="NAME=FROM..TO", help="One more span (repeatable).")
@options
@sets_option
@click.option("--out", type=PATH, default=FOLDER, help="Folder of forecasts [forecasts].")
@as_json
def forecast(
    scenario: str,
    origin: dt.date,
    spans: tuple[str, ...],
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    sets: tuple[str, ...],
    out: Path,
    plain: bool,
) -> None:
    """Write the forecast of SCENARIO from the day after --origin on, once: it is never written over.

    Quantiles of every outcome by month, fiscal year and named span, in OUT/ORIGIN/SCENARIO.csv and in the
    form of the hubverse, with a manifest and checksums.
    """
    from docketflow.forecasts import kept, make
    from docketflow.forecasts.spans import read_span, spans_of
    from docketflow.policy import load_scenario

    chosen = load_scenario(scenario).with_sets(sets)
    named = dict(map(read_span, spans))
    spans_of(make.horizon_of(chosen, origin), named.values())
    kept.check_place(out, origin, chosen.name)
    remark(chosen)
    with progress(chosen.name) as step:
        more = typed(members=members, scale=scale, seed=seed)
        found, made = make.forecast(chosen, origin, named=named.values(), progress=step, **more)
    said = {name: [str(start), str(end)] for name, (start, end) in named.items()}
    table = kept.keep(found, origin, {**made, "named": said}, out)
    if plain:
        print_json({"forecast": found.name, "origin": origin, "path": str(table), **made})
    else:
        click.echo(f"Forecast: {table} ({len(found.quantiles)} outcomes and spans)")


@click.command()
@click.argument("history", type=PATH, metavar="HISTORY.csv")
@click.option("--origin", type=DAY, required=True, help="The last day that is known.")
@click.option("--to", "end", type=DAY, required=True, help="The last day forecast.")
@click.option("--inputs", type=PATH, help="Months of an input, same columns: also the last ratio to it.")
@click.option("--out", type=PATH, default=FOLDER, help="Folder of forecasts [forecasts].")
def rivals(history: Path, origin: dt.date, end: dt.date, inputs: Path | None, out: Path) -> None:
    """Write the forecasts that need no model, from months of HISTORY.csv up to --origin.

    Last value, linear trend, seasonal and last year; with --inputs, the last ratio too. HISTORY.csv has the
    columns outcome, period_start, period_end, value, definition.
    """
    from docketflow.forecasts import kept, read_outcomes
    from docketflow.forecasts import rivals as making

    known = read_outcomes(history)
    found = making.rivals(known, origin, end, read_outcomes(inputs) if inputs else ())
    for one in found:
        kept.check_place(out, origin, one.name)
    for one in found:
        click.echo(f"Forecast: {kept.keep(one, origin, {'rule': one.name, 'to': str(end)}, out)}")


@click.command()
@click.argument("forecast", type=PATH)
@click.argument("outcomes", type=PATH, metavar="OUTCOMES.csv")
@click.option("--out", type=PATH, help="Also write every score to this CSV file.")
@as_json
def score(forecast: Path, outcomes: Path, out: Path | None, plain: bool) -> None:
    """Score FORECAST, a CSV file or a folder of them, ours or a rival's, on what happened.

    OUTCOMES.csv has the columns outcome, period_start, period_end, value, definition; any span of days inside
    the forecast's horizon. Smaller scores are better; coverage is the share of values inside the band.
    """
    from docketflow.forecasts import kept, read_forecasts, read_outcomes, scoring

    found = read_forecasts(forecast)
    for table in [forecast] if forecast.is_file() else sorted(forecast.glob("*.csv")):
        kept.check(table)
    scores = scoring.score(found, read_outcomes(outcomes))
    by_outcome = scoring.means(scores, "outcome", "forecast")
    whole = scoring.means(scores, "forecast")
    if out is not None:
        _write(out, [one.to_json() for one in scores])
    if plain:
        rows = [one.to_json() for one in scores]
        print_json({"scores": rows, "by_outcome": by_outcome, "by_forecast": whole})
        return
    print_table(map(_short, by_outcome), ["outcome", "forecast", *MEANS])
    if len(by_outcome) > len(whole):
        click.echo("\nAll values; scores of different units do not add up, coverage does\n")
        print_table(map(_short, whole), ["forecast", "values", "coverage_50", "coverage_90"])
    other = sorted({one.outcome for one in scores if one.defined == scoring.OTHER})
    if other:
        note(f"defined in other words than the forecast: {', '.join(other)}")


def _write(out: Path, rows: list[dict[str, Any]]) -> None:
    import csv
    import io

    from docketflow.core import files

    text = io.StringIO()
    lines = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    files.write(out, text.getvalue())


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: f"{value:.0%}"
        if name.startswith("coverage")
        else f"{value:,.4g}"
        if isinstance(value, float)
        else value
        for name, value in row.items()
    }
