"""The conductor of one run: the only place that knows every room.

Evidence gives parameters, a scenario changes them, people give the starting stock, the lifecycle gives the
network, the engine follows it, and what was counted becomes a result.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core import array_cache, given, places
from docketflow.core.dates import working_days
from docketflow.core.errors import EvidenceError, ScenarioError, UsageError, unknown
from docketflow.core.quantity import Dated, Resolve
from docketflow.core.scale import COARSEST, read_scale
from docketflow.engine import Run, bind
from docketflow.policy import Scenario, load_scenario, shipped_as

if TYPE_CHECKING:
    from docketflow.engine import Program
    from docketflow.engine.compile.bound import Bound
    from docketflow.engine.run.ledger import Ledger
    from docketflow.engine.run.starting import Stock
    from docketflow.results import Result

MEMBERS = 50
SCALE = Fraction(1, 100)
SMALLEST = Fraction(1, COARSEST)
SEEDS_APART = 1 << 20  # members of one seed never meet those of the next
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class World:
    """What all members of a run share."""

    scenario: Scenario
    program: Program
    stock: Stock
    scale: Fraction
    seed: int
    recount: bool = False

    @property
    def days(self) -> int:
        """Number of simulated days, the run-in included."""
        return (self.scenario.end - self.scenario.first).days + 1

    @functools.cached_property
    def people(self) -> str:
        """Hash of the starting stock."""
        return self.stock.hash()


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
        Threads; they run members, never parts of one, and change no result.
    recount : bool
        Count everybody again each evening (slow); stop at the first day that does not add up.

    Returns
    -------
    Result

    Raises
    ------
    DocketflowError
        One line that says what is wrong and where.
    """
    check_members(members)
    if workers is not None:
        given.whole(workers, "--workers", 1, given.MOST_WORKERS)
    scenario = checked(scenario.between(start=start, end=end).with_sets(sets))
    world = replace(prepare(scenario, scale=scale, seed=seed), recount=recount)
    done: list[int] = []

    def member(number: int) -> dict[str, Any]:
        answer = one_member(world, number)
        done.append(number)
        if progress is not None:
            progress(len(done), members)
        return answer

    warm = member(0)  # alone: compiles the engine once, and fails early
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        answers = [warm, *pool.map(member, range(1, members))]
    return gather(world, answers, made_of(world, members))


def run(
    scenario: str | Path | Scenario,
    *,
    members: int = MEMBERS,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    sets: Iterable[str] = (),
) -> Result:
    """Run a scenario by name, by file or as an object (see `simulate`)."""
    found = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    return simulate(found, members=members, scale=read_scale(scale), seed=seed, sets=sets)


def parameters_read() -> frozenset[str]:
    """Return every parameter the model reads: the lifecycle, its prices, people at each shipped first day."""
    from docketflow.lifecycle import paths_read
    from docketflow.policy import list_scenarios

    days = {scenario.first for scenario in list_scenarios()}
    return paths_read().union(*(_read_at(day) for day in sorted(days)))


def outcomes_answered() -> frozenset[str]:
    """Return the names of the outcomes that a run of this version has."""
    from docketflow.lifecycle import MEASURES
    from docketflow.results.build import answered

    return answered(MEASURES)


# --- before any member ------------------------------------------------------------------------------
def check_members(members: int) -> None:
    """Raise if that many members cannot be run."""
    given.whole(members, "--members", 1, given.MOST_MEMBERS)


def checked(scenario: Scenario) -> Scenario:
    """Return the scenario, or raise if at the central values a lever does not fit."""
    scenario.check(_room().central())
    return scenario


def validated(scenario: Scenario) -> Scenario:
    """Return the scenario, or raise what a run would raise before it begins; nothing is run."""
    checked(scenario)
    try:
        _read_at(scenario.first)
    except EvidenceError as error:
        raise ScenarioError(
            f"{scenario.where or scenario.name}: cannot begin on {scenario.first}: {error}"
        ) from None
    return scenario


@functools.cache
def _read_at(first: dt.date) -> frozenset[str]:
    """Return the parameters that the people of a first day rest on, or raise if no figures reach it."""
    from docketflow.people import reads

    return frozenset(reads(_room(), first))


def prepare(scenario: Scenario, *, scale: Fraction, seed: int, stock: Stock | None = None) -> World:
    """Return what all members share: the compiled network and the starting stock (built if not given)."""
    given.whole(seed, "--seed", 0, given.LARGEST_SEED)
    return World(scenario, _program(), stock or _stock(scenario.first), read_scale(scale), seed)


def warm(world: World) -> None:
    """Compile the engine if this source never was, so that other processes find it compiled."""
    from docketflow.engine.run.cache import is_compiled

    if not is_compiled():
        one_member(world, 0)


def make_ready() -> Path:
    """Compile the engine and build the starting stock of each shipped scenario; return where they are."""
    from docketflow.policy import list_scenarios

    place = places.writable()
    if place is None or places.is_temporary():
        raise UsageError(f"no folder can be written to keep anything; name one with {places.NAMED}")
    for scenario in {scenario.first: scenario for scenario in list_scenarios()}.values():
        world = prepare(scenario.between(start=scenario.first, end=scenario.first), scale=SMALLEST, seed=1)
        one_member(world, 0)
    return place


# --- one member -------------------------------------------------------------------------------------


def values_of(world: World, member: int) -> dict[str, Dated]:
    """Return every parameter of a member: drawn from its shape, then changed by the scenario's levers."""
    return world.scenario.compose(drawn_for(world, member))


def drawn_for(world: World, member: int) -> dict[str, Dated]:
    """Return every parameter of a member as it is drawn from its shape, before any lever."""
    from docketflow.engine.draws import quantiles

    parameters = _room().parameters
    uncertain = [path for path, one in parameters.items() if one.shape]
    at = quantiles(world.seed, [f"parameter {path}" for path in uncertain], member)
    drawn = {path: one.central for path, one in parameters.items()}
    drawn |= {path: parameters[path].draw(float(u)) for path, u in zip(uncertain, at, strict=True)}
    return drawn


def resolver(values: Mapping[str, Dated]) -> Resolve:
    """Return the function by which a declaration finds its numbers; an unknown path is one clear line."""

    def resolve(path: str) -> Dated:
        if path not in values:
            raise EvidenceError(unknown("parameter", path, values, "the lifecycle"))
        return values[path]

    return resolve


def ledger_of(world: World, resolve: Resolve, member: int) -> Ledger:
    """Run one member with given parameters and return its books."""
    from docketflow.engine.inspect import recount

    run = Run(bound_of(world, resolve), world.stock, world.seed * SEEDS_APART + member)
    return (recount.watch(run) if world.recount else run).finish()


def bound_of(world: World, resolve: Resolve) -> Bound:
    """Return the network bound to the numbers of one member."""
    from docketflow.engine.run import compile_notice

    compile_notice.announce()
    scenario = world.scenario
    return bind(
        world.program,
        resolve,
        first=scenario.first,
        days=world.days,
        scale=world.scale,
        calendars={"federal": working_days(scenario.first, world.days)},
        cuts=[scenario.start, scenario.end + dt.timedelta(1)],
        strict=False,
    )


def one_member(world: World, member: int) -> dict[str, Any]:
    """Run one member and return what is kept of it, as plain arrays."""
    from docketflow.engine.declare.measure import Measure
    from docketflow.engine.run import evaluate as measuring
    from docketflow.lifecycle import ACCOUNTS, EDGES, MEASURES, STOCKS

    drawn = drawn_for(world, member)
    resolve = resolver(world.scenario.compose(drawn))
    ledger = ledger_of(world, resolve, member)
    scenario, window = world.scenario, (world.scenario.start, world.scenario.end)

    def evaluate(one: Measure) -> tuple[np.ndarray, float]:
        return measuring.evaluate(one, ledger, window, resolve)

    return {
        "months": [ledger.segments[k][0].strftime("%Y-%m") for k in ledger.segments_in(window)],
        "outcomes": {name: evaluate(one) for name, one in MEASURES.items()},
        "opening": {name: measuring.opening(one, ledger, scenario.start) for name, one in MEASURES.items()},
        "stocks": {name: evaluate(one)[0] for name, one in STOCKS.items()},
        "resources": _resources(world.program, ledger, window),
        "flows": {edge: evaluate(one)[1] for edge, one in EDGES.items()},
        "costs": {account: evaluate(one)[1] for account, one in ACCOUNTS.items()},
        "design": _design(drawn),
    }


def _design(drawn: Mapping[str, Dated]) -> dict[str, float]:
    """Return every number that was drawn for a member, by its parameter's path and its place in it."""
    uncertain = [path for path, one in _room().parameters.items() if one.shape]
    return {path + where: number for path in uncertain for where, number in drawn[path].cells()}


def _resources(
    program: Program, ledger: Ledger, window: tuple[dt.date, dt.date]
) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return supply, use and refusals by month: daily means of spaces, sums of efforts.

    Refused: people who found a space full; people in line at the month's end for an effort.
    """
    network = program.network
    spans = [ledger.span(k) for k in ledger.segments_in(window)]
    weight = ledger.weight
    found: dict[tuple[str, str], tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
    for space in network.spaces:
        if space.capacity is not None:
            supply = np.array([ledger.capacity[space.name][a:b].mean() for a, b in spans])
            used = np.array([ledger.held[space.name][a:b].mean() for a, b in spans])
            refused = np.array([ledger.refused[space.name][a:b].sum() for a, b in spans])
            found["space", space.name] = (supply * weight, used * weight, refused * weight)
    for effort in network.efforts:
        lines = [n.name for n in network.nodes if getattr(n, "effort", None) == effort.name]
        supply = np.array([ledger.supply[effort.name][a:b].sum() for a, b in spans])
        used = np.array([ledger.spent[effort.name][a:b].sum() for a, b in spans])
        waiting = np.array([sum(int(ledger.stock[line][b - 1]) for line in lines) for _, b in spans])
        found["effort", effort.name] = (supply * weight, used * weight, waiting * weight)
    return found


def bound_at_centre(scenario: Scenario, scale: Fraction) -> Bound:
    """Return the network bound to a scenario's central values; nobody is built or placed."""
    from docketflow.engine.run.starting import Stock

    world = World(scenario, _program(), Stock(*(np.empty(0, dtype=np.int64),) * 3), scale, 0)
    return bound_of(world, resolver(scenario.compose(_room().central())))


# --- all members ------------------------------------------------------------------------------------
def gather(world: World, answers: list[dict[str, Any]], manifest: Mapping[str, Any]) -> Result:
    """Return the result of some members; ``manifest`` says what it is made of."""
    from docketflow.lifecycle import MEASURES, UNITS
    from docketflow.results import Resource, Series, build

    scenario, first = world.scenario, answers[0]
    series = {}
    for name in MEASURES:
        opening = [answer["opening"][name] for answer in answers]
        series[name] = Series(
            values=np.array([answer["outcomes"][name][1] for answer in answers]),
            by_month=np.array([answer["outcomes"][name][0] for answer in answers]),
            opening=None if opening[0] is None else np.array(opening, dtype=float),
        )
    resources = {
        name: Resource(
            kind,
            UNITS.get(name, "persons"),
            *(np.array([answer["resources"][kind, name][part] for answer in answers]) for part in range(3)),
        )
        for kind, name in first["resources"]
    }
    target = scenario.target
    return build(
        scenario=scenario.name,
        title=scenario.title,
        first=scenario.first,
        start=scenario.start,
        end=scenario.end,
        scale=str(world.scale),
        seed=world.seed,
        months=first["months"],
        series=series,
        target=None if target is None else (target.removals, target.series),
        stocks={k: np.array([answer["stocks"][k] for answer in answers]) for k in first["stocks"]},
        resources=resources,
        flows={k: np.array([answer["flows"][k] for answer in answers]) for k in first["flows"]},
        costs={k: np.array([answer["costs"][k] for answer in answers]) for k in first["costs"]},
        design={k: np.array([answer["design"][k] for answer in answers]) for k in first["design"]},
        levers=[setting.row() for setting in scenario.settings],
        manifest={"summary": scenario.summary, **manifest},
    )


def made_of(world: World, members: int) -> dict[str, Any]:
    """Return what a result of that many members is made of, hashed, so that it can be told from any other."""
    made = {**made_by(), "settings": settings_hash(world.scenario), "people": world.people}
    run_of = {"members": members, "scale": str(world.scale), "seed": world.seed}
    made["hash"] = hashlib.sha256(json.dumps({**made, **run_of}, sort_keys=True).encode()).hexdigest()
    return {**made, "bias": _bias(world)}


def _bias(world: World) -> dict[str, float] | None:
    """Return the measured bias of this scale against one record a person, by outcome, if it was measured."""
    with (Path(__file__).parents[1] / "results" / "scale_bias.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        rows = list(csv.DictReader(lines))
    mine = (shipped_as(world.scenario.hash), str(world.scale))
    return {r["outcome"]: float(r["bias"]) for r in rows if (r["scenario"], r["scale"]) == mine} or None


def made_by() -> dict[str, str]:
    """Return what every result of this installation is made by: version, code and evidence."""
    return {
        "docketflow": version("docketflow"),
        "code": _hash_of("*.py"),
        "evidence": _hash_of("evidence/**/*.csv", "evidence/**/*.yaml"),
    }


def settings_hash(scenario: Scenario) -> str:
    """Return a hash of all that a scenario says."""
    return scenario.hash


@functools.cache
def _hash_of(*patterns: str) -> str:
    """Return one hash of all package files that fit some patterns."""
    home = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in home.rglob(pattern)}):
        digest.update(str(path.relative_to(home)).encode() + path.read_bytes())
    return digest.hexdigest()


@functools.cache
def _program() -> Program:
    from docketflow.engine import compile_network
    from docketflow.lifecycle import national

    return compile_network(national())


def _room() -> Any:
    from docketflow.evidence import load

    return load()


@functools.cache
def _stock(first: dt.date) -> Stock:
    """Return the starting stock of a day, as it was kept if nothing it is made from has changed since."""
    from docketflow.engine.run.starting import Stock

    made_from = [_hash_of("*.py", "*.csv", "*.yaml"), *map(version, ("numpy", "pandas"))]
    key = f"{first}-{hashlib.sha256(repr(made_from).encode()).hexdigest()[:16]}"
    kept = array_cache.read("stock", key)
    if kept is not None:
        return Stock(**kept)
    built = _built(first)
    array_cache.write("stock", key, vars(built))
    return built


def _built(first: dt.date) -> Stock:
    """Build the starting stock of a day, each posture at the places where its people stand."""
    from docketflow.engine.run.starting import Stock
    from docketflow.lifecycle import place
    from docketflow.people import build

    placed = place(build(_room(), first).cells, resolver(_room().central()), first)
    cells = {str(column): placed[column].to_numpy() for column in placed.columns}
    return Stock.of(_program(), cells)
