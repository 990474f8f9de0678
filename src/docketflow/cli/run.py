"""`docketflow run`: simulate a scenario, print the answer, keep it as a folder with its report."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import DAY, SCALE, SEED, as_json, print_json, print_table, remark, typed
from docketflow.cli.known.own import laid_over, lay_over, own_rows
from docketflow.cli.record.ahead import is_projection, known, ready, small
from docketflow.cli.record.posterior import drawn_room, ranges_option, told_of
from docketflow.core import files
from docketflow.core.errors import UsageError
from docketflow.core.given import MOST_MEMBERS

if TYPE_CHECKING:
    from docketflow.answers.why.asked import Why
    from docketflow.conductor.inspect import Trace
    from docketflow.evidence import Room
    from docketflow.results import Result

MOST_TRACED = 1_000
HEADLINES = (
    "removals.ice",
    "removals.ohss",
    "repatriations.title8_enforcement",
    "arrests.ice",
    "book_ins",
    "detained.average",
    "detained.peak",
    "courts.total_completions",
    "courts.pending.all",
    "orders.unexecuted",
    "cost.total",
)

Progress = Callable[[int, int], None]


def options(command: Any) -> Any:
    """Add the options that decide which members are run."""
    for option in (
        click.option("--seed", type=SEED, help="Seed of all luck."),
        click.option("--scale", type=SCALE, help="Records a person, such as 1/20."),
        click.option("--members", type=click.IntRange(1, MOST_MEMBERS), help="Draws of what is uncertain."),
    ):
        command = option(command)
    return command


sets_option = click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="PATH=VALUE@DATE",
    help="Pull one more lever: N, +N, -N or *N, @FROM..TO+LAGd; @FROM~TO rises evenly (repeatable).",
)


@click.command()
@click.argument("scenario")
@options
@click.option("--from", "start", type=DAY, help="First day of the answer's period.")
@click.option("--to", "end", type=DAY, help="Last day of the answer's period.")
@sets_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the result [results/SCENARIO].",
)
@click.option(
    "--trace", "people", type=click.IntRange(1, MOST_TRACED), help="Tell the histories of N synthetic people."
)
@click.option(
    "--trace-to", "place", type=click.Path(path_type=Path), help="File of the histories (.txt, .csv, .json)."
)
@ranges_option
@click.option("--without", metavar="SOURCE", help="Leave a source out: its numbers widen or give way.")
@click.option("--binding", "stops", is_flag=True, help="Also answer what stops it, in the report (a minute).")
@click.option("--feasible", "goal", help="Also answer what it would take, such as 'removals.ice >= 500_000'.")
@click.option("--sensitivity", "depends", is_flag=True, help="Also answer what it depends on (minutes).")
@click.option("--why", "other", metavar="B", help="Say in the report why it differs from B, a scenario.")
@own_rows
@click.option("--recount", is_flag=True, help="Count everybody again each evening (slow); stop if it fails.")
@as_json
def run(
    scenario: str,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    start: dt.date | None,
    end: dt.date | None,
    sets: tuple[str, ...],
    out: Path | None,
    people: int | None,
    place: Path | None,
    ranges: bool,
    without: str | None,
    stops: bool,
    goal: str | None,
    depends: bool,
    other: str | None,
    own: Path | None,
    recount: bool,
    plain: bool,
) -> None:
    """Simulate SCENARIO (a shipped name or a YAML file), print the answer and write its report."""
    from docketflow.conductor import copies
    from docketflow.conductor.simulator import SCALE
    from docketflow.policy import load_scenario
    from docketflow.policy.library import plain_of, scenario_names
    from docketflow.results.store import check_place, place_for

    lay_over(own)
    if scenario not in scenario_names() and is_projection(scenario):
        raise UsageError(f"{scenario} is a projection of others: docketflow replicate {scenario}")
    chosen = load_scenario(scenario)
    asked = chosen.between(start=start, end=end).with_sets(sets)  # what is wrong is said before any work
    if ranges and any((people, other, stops, goal, depends)):
        raise UsageError(
            "--ranges: --trace, --why, --binding, --feasible and --sensitivity ask of members as they are "
            "usually drawn; leave out either it or them"
        )
    room = drawn_room(members, ranges=ranges, without=without)
    which = identity(asked, members, scale, seed, without, room)
    changed = asked.hash != chosen.hash or bool(without or own or room.otherwise)
    folder = out or place_for(chosen.name, which, within=Path("results"), changed=changed)
    check_trace(people, place, folder)
    check_place(folder, which)
    remark(asked)
    given = {"scale": scale, "seed": seed, "start": start, "end": end, "sets": sets}
    if people is not None and without is not None:
        raise UsageError("--trace follows people of a whole run; leave out either it or --without")
    if without is not None and (stops or depends or goal is not None):
        raise UsageError(
            "--binding, --sensitivity and --feasible ask of a whole run; leave out either them or --without"
        )
    if other is not None and without is not None:
        raise UsageError("--why lives whole runs; leave out either it or --without")
    histories = None if people is None else traced(chosen, people=people, **given)
    run_of = {"members": members, "scale": scale, "seed": seed, "recount": recount or None}
    baseline = asked.baseline if without is None else ""
    others = [plain_of(baseline, asked.start, asked.end, asked.people)] if baseline else []
    usual = not (without or room.otherwise)

    @functools.cache
    def said() -> dict[str, dict[str, Any]]:
        """What is told beside a result whatever it is."""
        caps = small(asked, scale or SCALE) if without is None else {}
        stopped = known(asked) if usual and not stops else {}
        return {**caps, "backtests": told_of(asked, room), **stopped}

    lived, *base = all_simulated(
        [asked, *others],
        without=without,
        room=room if ranges and not without else None,
        meanwhile=lambda: ready(asked, said),
        **run_of,
    )
    _ = lived.every.whole, lived.every.by_month  # once, for all who read them
    with copies.begun(lambda _: tabled(lived)) as tables:
        result = lived.keeping(money=lived.cost(), hearings=lived.due_process())
        if baseline:
            result = result.keeping(beside=result.beside(baseline, *base))
        if usual and (parts := result.mechanisms()):
            result = result.keeping(mechanisms=parts)
        if usual and (levels := result.levels()):
            result = result.keeping(levels=levels)
        result = result.keeping(**said())
        if stops:
            result = result.keeping(binding=result.binding())
        if goal is not None:
            result = result.keeping(feasible=result.feasible(goal))
        if depends:
            result = result.keeping(sensitivity=result.sensitivity())
        if other is not None:
            result = result.keeping(why=_why(asked, other, result))
        keep(result, folder, tables, histories)
    if histories is not None and place is not None:
        files.write(place, histories.written(place.suffix))
    if plain:
        more = {} if histories is None else {"trace": histories.to_json()}
        print_json(result.to_json() | more | dict(result.asked))
        return
    summary(result)
    if histories is not None and place is None:
        click.echo(f"\n{histories.text()}", nl=False)
    click.echo(f"\nReport: {folder / 'report.html'}")
    if histories is not None:
        click.echo(f"Histories: {place or folder / 'trace.txt'}")


def identity(
    scenario: Any,
    members: int | None,
    scale: Fraction | None,
    seed: int | None,
    without: str | None = None,
    room: Room | None = None,
) -> dict[str, Any]:
    """Return what tells a run from any other, as its manifest will say it."""
    from docketflow.conductor.ensemble import leaving_out
    from docketflow.conductor.provenance import settings_of
    from docketflow.conductor.simulator import MEMBERS, SCALE

    run = {"members": members or MEMBERS, "scale": str(scale or SCALE), "seed": 1 if seed is None else seed}
    lived, _ = leaving_out(scenario, without)
    otherwise = without or (room.otherwise if room else "")
    return {"settings": settings_of(lived, otherwise), **run}


def check_trace(people: int | None, place: Path | None, folder: Path) -> None:
    """Raise if histories have a place but nobody to follow, or cannot or must not be written there."""
    from docketflow.engine.inspect.histories import FORMS, is_history
    from docketflow.results import is_result

    if place is None:
        return
    said = f"--trace-to {str(place)[:200]}:"
    if people is None:
        raise UsageError(f"{said} needs --trace N, the number of people to follow")
    if place.suffix not in FORMS:
        raise UsageError(f"{said} needs a file that ends in {', '.join(FORMS[:-1])} or {FORMS[-1]}")
    real = Path(os.path.realpath(place))
    try:
        if Path(os.path.realpath(folder)) in real.parents or any(map(is_result, real.parents)):
            raise UsageError(f"{said} is in a result folder, which has histories of its own; choose another")
        was_there = real.exists()
        if real.is_file() and not is_history(real):
            raise UsageError(f"{said} is a file that docketflow did not write; choose another")
        if not real.parent.is_dir() or (was_there and not real.is_file()):
            raise UsageError(f"{said} needs a file in a folder that exists")
        with real.open("ab"):
            pass
        if not was_there:
            real.unlink()
    except OSError as error:
        raise UsageError(f"{said} cannot be written ({(error.strerror or 'error').lower()})") from None


def traced(scenario: Any, **given: Any) -> Trace:
    """Follow some people of the run's first member, with a progress bar over its days."""
    from docketflow.conductor.inspect import trace

    with progress(f"{scenario.name}, person by person") as step:
        return trace(scenario, progress=step, **typed(**given))


def simulated(scenario: Any, **given: Any) -> Result:
    """Run a scenario with a progress bar; what is not given keeps its default."""
    from docketflow.conductor.ensemble import simulate

    with progress(scenario.name) as step:
        return simulate(scenario, progress=step, **typed(**given))


def all_simulated(scenarios: Sequence[Any], **given: Any) -> list[Result]:
    """Run scenarios on the same members with a progress bar; what is not given keeps its default."""
    from docketflow.conductor.ensemble import simulate_all

    with progress(scenarios[0].name) as step:
        return simulate_all(scenarios, progress=step, **typed(**given))


def _why(scenario: Any, other: str, result: Result) -> Why:
    """Return why a run differs from another scenario, over its first members."""
    from docketflow.answers.why.asked import MEMBERS, why

    lived: dict[str, Any] = {"scale": result.scale, "seed": result.seed}
    return why(scenario, other, members=min(MEMBERS, result.members), **lived)


def tabled(result: Result) -> dict[str, bytes]:
    """Return the plain tables of a result, by the names of their files."""
    from docketflow.results.tables import answers, by_month, members, written

    made = (("answers.csv", answers), ("answers_by_month.csv", by_month), ("members.parquet", members))
    return {name: written(table(result), Path(name)) for name, table in made}


def keep(
    result: Result,
    folder: Path,
    tables: Callable[[], Mapping[str, bytes]],
    histories: Trace | None = None,
) -> None:
    """Write the result folder with its report, plain tables and histories inside."""
    from docketflow.conductor import copies
    from docketflow.conductor.grounds import grounds
    from docketflow.evidence import load
    from docketflow.report import render
    from docketflow.results import save

    first = dt.date.fromisoformat(str(result.manifest["first"]))

    def page(_: object) -> str:
        return render(
            result,
            load(),
            grounds(first),
            made=dt.date.today(),
            aside=lambda work: copies.begun(lambda _: work()),
        )

    def more(place: Path) -> None:
        for name, data in tables().items():
            files.write(place / name, data)
        if histories is not None:
            for suffix in (".txt", ".csv"):
                files.write(place / f"trace{suffix}", histories.written(suffix))
        files.write(place / "report.html", rendered())

    with copies.begun(page) as rendered:
        save(result, folder, also=more)


@contextlib.contextmanager
def progress(name: str) -> Iterator[Progress]:
    """Show a bar on standard error while members are run; nothing when that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with contextlib.ExitStack() as shown:
        bars: list[Any] = []  # one, from the moment at which it is known how many there are

        def step(done: int, total: int) -> None:
            if not bars:
                bar = click.progressbar(length=total, label=name, file=sys.stderr, show_pos=True)
                bars.append(shown.enter_context(bar))
            bars[0].update(done - bars[0].pos)

        yield step


def summary(result: Result) -> None:
    """Print the answer: the chance of the target under each counting rule, then what matters most."""
    click.echo(f"{result.manifest['title']}")
    click.echo(
        f"{result.start} to {result.end}; {result.members} members at {result.scale}, seed {result.seed}\n"
    )
    click.echo(laid_over(result), nl=False)
    left_out = result.manifest.get("without")
    if left_out:
        rows = [{"rested on it": path, "now": says} for path, says in left_out["replaced"].items()]
        click.echo(f"Without {left_out['title']} ({left_out['source']}):\n")
        print_table(rows, ["rested on it", "now"], wrap="now")
        click.echo("\nThe people of the first day are built as they were.\n")
    print_table(headlines(result), ["outcome", "median", "low", "high", "unit"])
    if result.target is None:
        return
    goal, series = result.target
    click.echo(f"\nShare of members in which {goal:,.0f} is reached by {result.end}, by what is counted:")
    prefix = "target.probability."
    chances = [
        {
            "counted in": name.removeprefix(prefix) + (" (the target)" if name == prefix + series else ""),
            "probability": f"{found.value:.0%}",
            "90% band": f"{found.low:.0%} to {found.high:.0%}",
        }
        for name in result.names
        if name.startswith(prefix)
        for found in [result[name].whole]
    ]
    print_table(chances, ["counted in", "probability", "90% band"])


def headlines(result: Result) -> list[dict[str, Any]]:
    """Return what matters most, in the digits that the members bear out."""
    found = {name: (result[name].whole.rounded(), result[name].unit) for name in HEADLINES if name in result}
    return [
        {"outcome": name, "median": one.value, "low": one.low, "high": one.high, "unit": unit}
        for name, (one, unit) in found.items()
    ]
