"""Many members of one scenario, and the result that they make."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.conductor import copies, lived_before, rooms, together
from docketflow.conductor.model import checked, evidence
from docketflow.conductor.simulator import MEMBERS, SCALE, SMALLEST, Simulator
from docketflow.core import given, places
from docketflow.core.errors import UsageError
from docketflow.core.scale import read_scale
from docketflow.evidence.left_out import Replaced
from docketflow.evidence.otherwise.overlay import using
from docketflow.policy import Scenario, load_scenario
from docketflow.policy.setting import SETTING, TARGET

if TYPE_CHECKING:
    from docketflow.conductor.answer import Answer
    from docketflow.evidence import Room
    from docketflow.evidence.left_out import Without
    from docketflow.results import Result

TOGETHER = 25  # members drawn and filled at once, by the thread that lives them
FEWEST = 4  # members for whom a copy of this process is worth making
Progress = Callable[[int, int], None]


def simulate(
    scenario: Scenario,
    *,
    members: int = MEMBERS,
    scale: Fraction = SCALE,
    start: dt.date | None = None,
    end: dt.date | None = None,
    seed: int = 1,
    sets: Iterable[str] = (),
    progress: Progress | None = None,
    workers: int | None = None,
    recount: bool = False,
    without: str | None = None,
    ranges: bool = False,
) -> Result:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario
    members : int
        How many draws of the uncertain parameters, each run with luck of its own.
    scale : Fraction
        Records a person; capacities scale alike.
    start, end : date, optional
        The answer's period, if not the scenario's.
    seed : int
    sets : iterable of str
        Further levers, ``PATH=VALUE@DATE``.
    progress : callable, optional
        Called with the number of members done and the number of members.
    workers : int, optional
        How many members are lived at a time, by copies of this process or threads; they change no result.
    recount : bool
        Count everybody again each evening (slow); stop at the first day that does not add up.
    without : str, optional
        A source to be left out (see `leaving_out`).
    ranges : bool
        Draw every number from its own range, also what was fitted (see `rooms`).

    Returns
    -------
    Result

    Raises
    ------
    DocketflowError
        One line that says what is wrong and where.
    """
    check_members(members)
    [found] = simulate_all(
        [scenario.between(start=start, end=end).with_sets(sets)],
        members=members,
        scale=scale,
        seed=seed,
        progress=progress,
        workers=workers,
        recount=recount,
        without=without,
        room=rooms.ranges() if ranges else None,
    )
    return found


def simulate_all(
    scenarios: Sequence[Scenario],
    *,
    members: int = MEMBERS,
    scale: Fraction = SCALE,
    seed: int = 1,
    progress: Progress | None = None,
    workers: int | None = None,
    recount: bool = False,
    without: str | None = None,
    room: Room | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> list[Result]:
    """Run several scenarios on the same members: what they share of a life is lived once (see `simulate`).

    The first is what is asked; the others are what it is compared with, and are kept for the next that is
    (`lived_before`). ``room`` is the evidence they are drawn from, if not as it is believed (`rooms`);
    ``meanwhile`` makes ready what the results are needed for, while they are lived elsewhere if they can be.
    """
    check_members(members)
    if workers is not None:
        given.whole(workers, "--workers", 1, given.MOST_WORKERS)
    if room is not None and without is not None:
        raise UsageError("without: a source is left out of published evidence; leave out either it or room")
    each = [leaving_out(checked(scenario), without) for scenario in scenarios]
    rooms = [room if left_out is None else left_out.room for _, left_out in each]
    simulators = [
        Simulator(asked, scale=scale, seed=seed, recount=recount, room=room)
        for (asked, _), room in zip(each, rooms, strict=True)
    ]
    done = itertools.count(1)

    def step() -> None:
        if progress is not None:
            progress(min(next(done), members), members)

    said = [{} if left_out is None else {"without": left_out.to_json()} for _, left_out in each]
    kept = {k: lived_before.kept(one, members) for k, one in enumerate(simulators[1:], start=1)}
    asked = [k for k in range(len(simulators)) if kept.get(k) is None]
    many = workers or os.cpu_count() or 1
    found: dict[int, Result] = {}

    def living(step: Callable[[], object]) -> list[Result]:
        lives = zip(*_lived([simulators[k] for k in asked], members, many, step), strict=True)
        return [gather(simulators[k], answers, {}) for k, answers in zip(asked, lives, strict=True)]

    made: list[dict[str, Any]] = []

    def here() -> None:
        made.extend({**one.made_of(members), **more} for one, more in zip(simulators, said, strict=True))
        found.update(
            (k, lived_before.result(simulators[k], members, it, made[k])) for k, it in kept.items() if it
        )
        if meanwhile is not None:
            meanwhile()

    if meanwhile is not None and many > 1:
        places.writable()  # if it is a temporary one: it is made here, not by a copy, which would leave it
        results = copies.aside(living, here, step)
    else:
        here()
        results = living(step)
    for k, result in zip(asked, results, strict=True):
        found[k] = replace(result, manifest={**result.manifest, **made[k]})
        if k:
            lived_before.keep(simulators[k], found[k])
    return [found[k] for k in range(len(simulators))]


def _lived(
    simulators: Sequence[Simulator], members: int, workers: int, step: Callable[[], object]
) -> list[list[Answer]]:
    """Live all members of each scenario, some side by side: in copies of this process, or else in threads."""
    from docketflow.conductor.answer import packed, unpacked

    over = threading.Event()

    def live(numbers: range, step: Callable[[], object] = step) -> list[list[Answer]]:
        found: list[list[Answer]] = []
        try:
            for number in numbers:
                if over.is_set():
                    break
                if number in numbers[::TOGETHER]:
                    together.ready(simulators, range(number, min(number + TOGETHER, numbers.stop)))
                found.append(together.member(simulators, number))
                step()
        except BaseException:
            over.set()
            raise
        return found

    def shared(first: int, most: int) -> list[range]:
        many = max(1, -(-(members - first) // most))
        return [range(k, min(k + many, members)) for k in range(first, members, many)]

    def pack(lives: list[list[Answer]]) -> list[np.ndarray]:
        return [packed(answers) for answers in zip(*lives, strict=True)]

    def unpack(rows: list[np.ndarray], like: list[list[Answer]]) -> list[list[Answer]]:
        each = [unpacked(own, one) for own, one in zip(rows, like[0], strict=True)]
        return [list(answers) for answers in zip(*each, strict=True)]

    if copies.can_be_made() and min(workers, members // FEWEST) > 1:
        from docketflow.engine.run.kernel import door  # noqa: F401 (compiled here, for every copy)

        for simulator in simulators:  # and what all members share is made
            _ = simulator.stock, simulator.centre
        parts = shared(0, min(workers, members // FEWEST))
        return list(itertools.chain(*copies.side_by_side(parts, live, step, pack, unpack)))
    alone = live(range(1))  # compiles the engine once, and fails early
    with ThreadPoolExecutor(workers) as pool:
        try:
            return alone + list(itertools.chain(*pool.map(live, shared(1, workers))))
        finally:
            over.set()  # when something fails or is interrupted, no thread goes on after the member at hand


def leaving_out(scenario: Scenario, source: str | None) -> tuple[Scenario, Without | None]:
    """Return a scenario without what a source announces, and the evidence without the source.

    The settings that only this source backs are taken out; numbers that rest on it take the next source,
    their prior, or a wider range. The people of the first day are built as they were.
    """
    from docketflow.evidence import without

    if source is None:
        return scenario, None
    left_out = without(evidence(), source)
    gone = [one for one in scenario.settings if one.source == source and not one.lever.startswith(TARGET)]
    layers = tuple(tuple(one for one in layer if one not in gone) for layer in scenario.layers)
    more = tuple(Replaced(f"{SETTING} {one.lever}", "taken out", one.named) for one in gone)
    if not left_out.replaced and not more:
        raise UsageError(f"--without {source}: nothing of {scenario.name} rests on it; nothing would change")
    return replace(scenario, layers=layers), replace(left_out, replaced=(*left_out.replaced, *more))


def run(
    scenario: str | Path | Scenario,
    *,
    members: int = MEMBERS,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    sets: Iterable[str] = (),
    evidence: str | Path | None = None,
    ranges: bool = False,
) -> Result:
    """Run a scenario by name, by file or as an object (see `simulate`).

    ``evidence`` is a folder of rows of one's own, laid over the published ones for this run, as the command
    line's ``--evidence`` does; the result says on what it rests. With ``ranges`` every number is drawn from
    its own range; without, what was fitted is drawn together, from the posterior.
    """
    with using(evidence):
        found = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        size: dict[str, Any] = {"members": members, "scale": read_scale(scale), "seed": seed}
        return simulate(found, sets=sets, ranges=ranges, **size)


def check_members(members: int) -> None:
    """Raise if that many members cannot be run."""
    given.whole(members, "--members", 1, given.MOST_MEMBERS)


def gather(simulator: Simulator, answers: Sequence[Answer], manifest: Mapping[str, Any]) -> Result:
    """Return the result of some members; ``manifest`` says what it is made of."""
    from docketflow.conductor.answer import sheet_of
    from docketflow.lifecycle import UNITS
    from docketflow.results import Resource, Series, build

    scenario, first = simulator.scenario, answers[0]
    outcomes, stocks, steps = (
        np.array([sheet_of(getattr(answer, part)) for answer in answers])
        for part in ("outcomes", "stocks", "steps")
    )
    series = {}
    for k, name in enumerate(first.outcomes):
        opening = [answer.opening[name] for answer in answers]
        series[name] = Series(
            values=outcomes[:, k, -1],
            by_month=outcomes[:, k, :-1],
            opening=None if opening[0] is None else np.array(opening, dtype=float),
        )
    resources = {
        name: Resource(
            kind,
            UNITS.get(name, "persons"),
            *(np.array([answer.resources[kind, name][part] for answer in answers]) for part in range(3)),
        )
        for kind, name in first.resources
    }
    target = scenario.target
    return build(
        scenario=scenario.name,
        title=scenario.title,
        first=scenario.first,
        start=scenario.start,
        end=scenario.end,
        scale=str(simulator.scale),
        seed=simulator.seed,
        months=first.months,
        series=series,
        target=None if target is None else (target.removals, target.series),
        stocks={name: stocks[:, k] for k, name in enumerate(first.stocks)},
        resources=resources,
        flows={k: np.array([answer.flows[k] for answer in answers]) for k in first.flows},
        costs={k: np.array([answer.costs[k] for answer in answers]) for k in first.costs},
        steps={name: steps[:, k] for k, name in enumerate(first.steps)},
        design={k: np.array([answer.design[k] for answer in answers]) for k in first.design},
        exhausted={k: np.array([answer.exhausted[k] for answer in answers]) for k in first.exhausted},
        again={k: np.array([answer.again.get(k, np.nan) for answer in answers]) for k in series},
        levers=[setting.row() for setting in scenario.settings],
        manifest={"summary": scenario.summary, **manifest},
    )


def warm(simulator: Simulator) -> None:
    """Compile the engine if this source never was, so that other processes find it compiled."""
    from docketflow.engine.run.compiler.cache import is_compiled

    if not is_compiled():
        simulator.member(0)


def make_ready() -> Path:
    """Compile the engine and build the starting stock of each shipped scenario; return where they are."""
    from docketflow.policy import list_scenarios

    place = places.writable()
    if place is None or places.is_temporary():
        raise UsageError(f"no folder can be written to keep anything; name one with {places.NAMED}")
    for scenario in {scenario.first: scenario for scenario in list_scenarios()}.values():
        first_day = scenario.between(start=scenario.first, end=scenario.first)
        Simulator(first_day, scale=SMALLEST, seed=1).member(0)
    return place
