"""`docketflow compare`: two scenarios on the same members, or one with what was published."""

from __future__ import annotations

import statistics
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import as_json, paragraph, print_json, print_table
from docketflow.cli.known.own import laid_over, lay_over, own_rows
from docketflow.cli.record.posterior import drawn_room, ranges_option
from docketflow.cli.run import all_simulated, options
from docketflow.core.errors import UsageError

if TYPE_CHECKING:
    from docketflow.answers.why.since import Since
    from docketflow.policy import Scenario
    from docketflow.results import Result


@click.command()
@click.argument("a")
@click.argument("b", required=False)
@click.option("--with", "other", type=click.Choice(["evidence"]), help="Compare with published figures.")
@click.option(
    "--outcome", help="Split its difference between two kept results of one scenario [removals.ice]."
)
@own_rows
@ranges_option
@options
@as_json
def compare(
    a: str,
    b: str | None,
    other: str | None,
    outcome: str | None,
    own: Path | None,
    ranges: bool,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    plain: bool,
) -> None:
    """Compare A with B, paired on the same members; or A with published figures (--with evidence).

    A and B are scenarios (run now) or result folders. Of two folders of one scenario, the newer first, the
    difference is split into evidence, model, scenario and chance.
    """
    if (b is None) == (other is None):
        raise UsageError("compare: give a second scenario or result, or --with evidence")
    from docketflow.results import Result

    lay_over(own)
    given: dict[str, Any] = {"members": members, "scale": scale, "seed": seed}
    found = [_found(name) for name in (a, b) if name is not None]
    _same_period(*found)
    kept = [one for one in found if isinstance(one, Result)]
    if ranges and len(kept) == len(found):
        raise UsageError("compare: --ranges is for what is run now; result folders are as they were drawn")
    if own is not None and kept:
        raise UsageError("compare: --evidence is for what is run now; a result folder has its own evidence")
    if kept and all(value is None for value in given.values()):  # run the other on the same members
        given = {"members": kept[0].members, "scale": Fraction(kept[0].scale), "seed": kept[0].seed}
    asked = [one for one in found if not isinstance(one, Result)]
    if kept and asked:
        ranges = _as_drawn(kept[0], ranges)
    room = drawn_room(members, ranges=ranges) if asked else None
    given["room"] = room if ranges else None
    lived = iter(all_simulated(asked, **given) if asked else ())  # together, and the second kept
    results = [one if isinstance(one, Result) else next(lived) for one in found]
    if b is None:
        _with_evidence(results[0], plain)
    else:
        _paired(
            results[0],
            results[1],
            _since(kept[0], kept[1], outcome) if len(kept) == len(found) else None,
            plain,
        )


def _found(name: str) -> Result | Scenario:
    """Load a result folder, or a scenario still to be run."""
    from docketflow.policy import load_scenario
    from docketflow.results import load

    if Path(name).is_dir():
        return load(Path(name))
    if not name.endswith((".yaml", ".yml")) and "/" in name:
        raise UsageError(f"{name}: there is no such result folder")
    return load_scenario(name)


def _as_drawn(kept: Result, ranges: bool) -> bool:
    """Return whether members are to be drawn from ranges, as those of a kept result of this evidence were."""
    from docketflow.conductor.provenance import made_by

    drawn = {made_by(fitted=fitted)["evidence"]: not fitted for fitted in (True, False)}
    found = drawn.get(str(kept.manifest.get("evidence")), ranges)
    if ranges and not found:
        raise UsageError(
            f"compare: {kept.scenario} was drawn from the posterior; leave out --ranges, or run it with them"
        )
    return found


def _same_period(one: Result | Scenario, *others: Result | Scenario) -> None:
    """Say before anything is run that two periods differ."""
    for other in others:
        if (one.start, one.end) != (other.start, other.end):
            raise UsageError(
                f"compare: the answers are for different periods, {one.start} to {one.end} and "
                f"{other.start} to {other.end}; compare the same days"
            )


def _since(new: Result, old: Result, outcome: str | None) -> Since | None:
    """Return what has changed between two results of one scenario; nothing where they are of two."""
    if new.scenario != old.scenario:
        if outcome is not None:
            raise UsageError(
                f"--outcome: splits the difference of two results of one scenario; {new.scenario} and "
                f"{old.scenario} are two: docketflow why"
            )
        return None
    found: Since = new.since(old, **({} if outcome is None else {"outcome": outcome}))
    return found


def _paired(one: Result, two: Result, since: Since | None, plain: bool) -> None:
    from docketflow.answers.small import of_results
    from docketflow.results.compare import differences
    from docketflow.results.result import about

    small = of_results(one, two)
    apart = since is not None and one.seed != two.seed  # no pairs: other people, other luck
    table = [] if apart else [gap.rounded().row() for gap in differences(one, two)]
    if plain:
        of = {"a": about(one), "b": about(two)}
        head = {"a": one.scenario, "b": two.scenario, "members": one.members, "of": of}
        print_json(
            head
            | {
                "outcomes": table,
                "since": None if since is None else since.to_json(),
                "too_small": small.to_json(),
            }
        )
        return
    if since is not None:
        for sentence in since.sentences():
            click.echo(paragraph(sentence))
        if apart:
            return
        click.echo()
    for which in dict.fromkeys(filter(None, map(laid_over, (one, two)))):
        click.echo(which, nl=False)
    click.echo(f"{one.scenario} less {two.scenario}, on the same {one.members} members (90% band)\n")
    rows = [{**row, one.scenario: row["a"], two.scenario: row["b"]} for row in table]
    print_table(rows, ["outcome", one.scenario, two.scenario, "difference", "low", "high", "unit"])
    if small:
        click.echo(f"\n{paragraph(str(small))}")


def _with_evidence(result: Result, plain: bool) -> None:
    from docketflow.calibrate.published import finer, published
    from docketflow.results.result import about

    rows, series = published(result), finer(result)
    if plain:
        print_json({**about(result), "figures": rows, "series": series})
        return
    click.echo(f"{result.scenario}, {result.start} to {result.end}, {result.members} members\n")
    click.echo(laid_over(result), nl=False)
    if not rows and not series:
        click.echo(
            "No published figure was set to check this run: figures belong to the days and settings of a "
            "shipped scenario, whatever a scenario is called."
        )
        return
    if rows:
        _checks_table(rows)
    _finer_table(series)


def _checks_table(rows: list[dict[str, Any]]) -> None:
    columns = [
        "outcome",
        "published",
        "model",
        "low",
        "high",
        "band",
        "off",
        "tolerance",
        "verdict",
        "told",
        "source",
    ]
    print_table([{**row, "off": _percent(row)} for row in rows], columns, wrap="source")
    for row in rows:
        if row["verdict"] == "off" and row["note"]:
            click.echo(f"\n{row['outcome']}: {row['note']}")


def _finer_table(series: list[dict[str, Any]]) -> None:
    columns = ["series", "published", "model", "low", "high", "band", "off"]
    columns += ["tolerance", "verdict", "told", "course"]
    for held_out, heading in ((True, "never tuned to by hand"), (False, "the other half")):
        rows = [row for row in series if row["held_out"] == held_out]
        if not rows:
            continue
        errors = [abs(row["relative"]) for row in rows if row["verdict"] in ("pass", "off")]
        middle = f"; median error {statistics.median(errors):.0%} of {len(errors)} answered" if errors else ""
        click.echo(f"\nFiner published series, {heading}{middle}\n")
        print_table([{**row, "off": _percent(row)} for row in rows], columns)


def _percent(row: dict[str, Any]) -> str:
    relative = row["relative"]
    return f"{relative:+.0%}" if isinstance(relative, float) and relative == relative else "-"
