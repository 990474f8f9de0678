"""Runs a study: plans its tasks, begins or joins its folder, has a crew do what is missing, closes it.

Any number of processes may do so on one folder. It knows neither what a member is nor what lies in a block.
"""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from docketflow.conductor import rooms
from docketflow.conductor.ensemble import check_members, warm
from docketflow.conductor.model import checked
from docketflow.conductor.provenance import made_by, settings_of
from docketflow.conductor.simulator import MEMBERS, SCALE, Simulator
from docketflow.core import given
from docketflow.core.errors import ResultError, UsageError
from docketflow.core.scale import read_scale
from docketflow.policy import Scenario, load_scenario
from docketflow.results.build import lever_row
from docketflow.results.folder import MANIFEST, Folder
from docketflow.results.store import manifest_of
from docketflow.studies.carry import Carrying, Progress, Unfinished, Work
from docketflow.studies.close import close, forget_failures
from docketflow.studies.leases import Leases
from docketflow.studies.study import Study, load
from docketflow.studies.task import Task, hand_over, run_block
from docketflow.studies.workers import Crew, Gone, Here, Processes, Submits, Theirs, can_begin

LARGEST_BLOCK = 25  # members; what a killed study loses at most, for each task under way
RANGES = "ranges"  # of a manifest: every number is drawn from its own range
FEWEST_BLOCKS = 32  # a scenario, where it has the members: so that any number of workers has work


def study(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
    *,
    members: int | None = None,
    scale: Fraction | str | None = None,
    seed: int | None = None,
    sets: Iterable[str] = (),
    ranges: bool = False,
    out: str | Path | None = None,
    resume: bool = False,
    part: bool = False,
    retry_failed: bool = False,
    workers: int | None = None,
    executor: Submits | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> Study:
    """Run several scenarios on the same members.

    Parameters
    ----------
    scenarios : names, files or Scenarios
    members : int, optional
        How many draws of the uncertain parameters, the same for every scenario [50].
    scale : Fraction or str, optional
        Records a person [1/100].
    seed : int, optional
        Seed of all luck [1].
    sets : iterable of str
        Further levers for every scenario, ``PATH=VALUE@DATE``.
    ranges : bool
        Draw every number from its own range, also what was fitted; so does a study that is resumed.
    out : path, optional
        The study's folder; a temporary one, gone with the study, if not given.
    resume : bool
        Go on with the study in ``out``; what is not given is taken from it, what is given must agree.
    part : bool
        Be one of any number of processes on the folder ``out``, here or elsewhere: begin the study or join
        it. One that is there when the last block is written closes it.
    retry_failed : bool
        With ``resume``: run again the members that failed.
    workers : int, optional
        How many processes [one a core; 1: this very process]; they run members, never parts of one, and
        change no result.
    executor : optional
        Whatever has the ``submit`` of a `concurrent.futures.Executor`, to run the tasks instead.
    cluster : str, optional
        Address of the scheduler of a Dask cluster, to run the tasks instead.
    progress : callable, optional
        Called with the number of members done and the number of members, over all scenarios.

    Returns
    -------
    Study

    Raises
    ------
    DocketflowError
        One line that says what is wrong and where; `Unfinished` when members were not run, which resuming
        the study goes on with.
    """
    if out is None and (resume or part):
        raise UsageError(f"{'--resume' if resume else '--part'} needs --out, the folder of the study")
    if retry_failed and not resume:
        raise UsageError("--retry-failed needs --resume: it runs again what failed in a study that is there")
    if cluster is not None and (executor is not None or workers is not None):
        raise UsageError("--cluster brings its own workers; leave out --workers")
    hold = tempfile.TemporaryDirectory(prefix="docketflow-study-") if out is None else None
    folder = Folder(given.place(out, "--out") if out is not None else Path(str(hold and hold.name)) / "study")
    chosen = _chosen([scenarios] if isinstance(scenarios, (str, Path, Scenario)) else scenarios, sets)
    is_there = resume or (part and (folder.path / MANIFEST).exists())
    begun: dict[str, Any] = folder.manifest() if is_there else {"members": MEMBERS, "scale": SCALE, "seed": 1}
    manifest = _manifest(
        chosen,
        begun["members"] if members is None else members,
        read_scale(begun["scale"] if scale is None else scale),
        begun["seed"] if seed is None else seed,
        ranges=ranges or RANGES in begun,
    )
    if workers is not None:
        given.whole(workers, "--workers", 1, given.MOST_WORKERS)
    if not is_there:
        try:
            folder.begin(manifest)
        except ResultError:
            if not (part and (folder.path / MANIFEST).exists()):
                raise
        begun = folder.manifest()  # another's, if another was a moment faster
    _same(folder, begun, manifest)
    tasks = list(plan(chosen, manifest))
    carry = functools.partial(_carry_out, folder, tasks, workers=workers, executor=executor, cluster=cluster)
    with Leases(folder.path) as leases:
        if retry_failed:
            folder.reopen()
            forget_failures(folder, tasks)
        elif folder.finished and not _whole(folder):
            folder.reopen()
        while not close(folder, tasks, leases):
            carry(leases, progress)
    return Study(folder.path, hold=hold)


def plan(scenarios: Iterable[Scenario], manifest: Mapping[str, Any]) -> Iterator[Task]:
    """Yield the tasks of a study, the scenarios in turn, so that what is there early is there in pairs."""
    members, many = manifest["members"], manifest["block"]
    scale = Fraction(manifest["scale"])
    for first in range(0, members, many):
        for scenario in scenarios:
            last = min(first + many, members) - 1
            yield Task(
                scenario, scale, manifest["seed"], members, first, last, ranges=bool(manifest.get(RANGES))
            )


def _carry_out(
    folder: Folder,
    tasks: Sequence[Task],
    leases: Leases,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
    executor: Submits | None = None,
    cluster: str | None = None,
    work: Work = run_block,
) -> None:
    """Have every task done that has no block yet."""
    try:
        with _crew(tasks, workers, executor, cluster, work) as (crew, seconds):
            carrying = Carrying(folder, tasks, crew, leases, work=work, seconds=seconds, progress=progress)
            carrying.until_all_are_there()
    except Gone as gone:
        raise Unfinished(f"{folder.path}: {gone}; --resume goes on with it") from None


@contextlib.contextmanager
def _crew(
    tasks: Sequence[Task], workers: int | None, executor: Submits | None, cluster: str | None, work: Work
) -> Iterator[tuple[Crew, float]]:
    """Give who runs the tasks, and how long what they get at once should take at least."""
    many = min(workers or cores(), len(tasks))
    if cluster is not None:
        from docketflow.studies import cluster as dask

        with dask.cluster(cluster, made_by(), made_by) as crew:
            yield crew, dask.SECONDS
    elif executor is not None:
        yield Theirs(executor, workers or cores()), 0.0
    elif many <= 1 or not can_begin():
        yield Here(), 0.0
    else:
        with Processes(many, _ready(tasks, work)).at_work() as processes:
            yield processes, 0.0


def _ready(tasks: Sequence[Task], work: Work) -> Callable[[], object]:
    """Prepare once what every process needs: the engine compiled, the starting stocks built."""
    if work is not run_block:
        return int
    stocks = {}
    for task in tasks:
        people = task.scenario.first, task.scenario.people
        if people not in stocks:
            simulator = Simulator(task.scenario, scale=task.scale, seed=task.seed)
            warm(simulator)
            stocks[people] = simulator.stock
    return functools.partial(hand_over, stocks)


def cores() -> int:
    """Return how many cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


# --- what a study is made of ------------------------------------------------------------------------
def _chosen(scenarios: Iterable[str | Path | Scenario], sets: Iterable[str]) -> list[Scenario]:
    if not isinstance(scenarios, Iterable):
        raise UsageError(f"{given.shown(scenarios)}: a study needs scenarios, by name, by file or as objects")
    sets = given.texts(sets, "sets")
    chosen: list[Scenario] = []
    for one in scenarios:
        scenario = one if isinstance(one, Scenario) else load_scenario(one)
        chosen.append(checked(scenario.with_sets(sets)))
    if not chosen:
        raise UsageError("a study needs at least one scenario")
    names: set[str] = set()
    for scenario in chosen:
        if scenario.name.casefold() in names:
            raise UsageError(f"scenario {scenario.name!r} is given twice; each needs a name of its own")
        names.add(scenario.name.casefold())
    return chosen


def _manifest(
    scenarios: Sequence[Scenario], members: int, scale: Fraction, seed: int, *, ranges: bool
) -> dict[str, Any]:
    """Return all that decides a study's numbers: nothing of where, when or by how many workers it is run."""
    check_members(members)
    given.whole(seed, "--seed", 0, given.LARGEST_SEED)
    room = rooms.ranges() if ranges else rooms.believed()
    manifest = manifest_of(
        [
            {
                "scenario": one.name,
                "title": one.title,
                "first": str(one.first),
                "from": str(one.start),
                "to": str(one.end),
                "settings": settings_of(one, room.otherwise),
                "levers": [lever_row(row) for row in one.rows()],
            }
            for one in scenarios
        ],
        members=members,
        scale=str(scale),
        seed=seed,
        block=min(LARGEST_BLOCK, max(1, members // FEWEST_BLOCKS)),
        made_by=made_by(fitted=room.jointly is not None),
    )
    return manifest | ({RANGES: True} if ranges else {})


def _same(folder: Folder, begun: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Raise if a study was begun with other settings than are wanted now."""
    names, now = ([one["scenario"] for one in m["scenarios"]] for m in (begun, wanted))
    if names != now:
        raise ResultError(f"{folder.path}: was begun with {', '.join(names)}, not with {', '.join(now)}")
    for key in wanted:
        if begun.get(key) == wanted[key]:
            continue
        if key == "scenarios":
            name = next(a for a, b, c in zip(names, begun[key], wanted[key], strict=True) if b != c)
            raise ResultError(f"{folder.path}: was begun with other dates or levers of {name}")
        if key in made_by():
            raise ResultError(f"{folder.path}: was begun with another version of the {key}; begin anew")
        raise ResultError(f"{folder.path}: was begun with {key} {begun.get(key)}, not {wanted[key]}")


def _whole(folder: Folder) -> bool:
    try:
        load(folder.path)
    except ResultError:
        return False
    return True
