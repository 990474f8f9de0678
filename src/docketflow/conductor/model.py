"""The model that scenarios are run on: evidence, the compiled lifecycle, the starting stock of a day."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from docketflow.conductor.provenance import hash_of, with_private
from docketflow.core import array_cache
from docketflow.core.errors import EvidenceError, ScenarioError, UsageError, unknown
from docketflow.core.outcomes import outcome
from docketflow.core.quantity import Dated, Resolve
from docketflow.policy import Scenario
from docketflow.policy.setting import PEOPLE

if TYPE_CHECKING:
    import pandas as pd

    from docketflow.engine import Network, Program
    from docketflow.engine.declare.measure import Flow
    from docketflow.engine.run.stock import Stock
    from docketflow.evidence import Room

LEVELS = 16  # other numbers of people whose stocks are kept in memory


def evidence() -> Room:
    """Return the evidence room."""
    from docketflow.evidence import load

    return load()


@functools.cache
def program() -> Program:
    """Return the compiled lifecycle."""
    from docketflow.engine import compile_network
    from docketflow.lifecycle import national

    return compile_network(national())


def compiled(network: Network) -> Program:
    """Return another form of the lifecycle, compiled."""
    from docketflow.engine import compile_network

    return compile_network(network)


def quantiles(seed: int, names: Sequence[str], members: Sequence[int]) -> np.ndarray:
    """Return the numbers in (0, 1) at which some members draw each name [member, name]."""
    from docketflow.engine.draws import quantiles

    return quantiles(seed, names, members)


def counts(name: str) -> list[tuple[int, Flow]] | None:
    """Return the counts that an outcome adds up, with their signs; None where it is anything else."""
    from docketflow.engine.declare.measure import countable, total
    from docketflow.lifecycle import MEASURES

    parts = (name,) if name in MEASURES else outcome(name).sum_of
    if not parts or not all(part in MEASURES for part in parts):
        return None
    return countable(total(*(MEASURES[part] for part in parts)))


def resolver(values: Mapping[str, Dated]) -> Resolve:
    """Return the function by which a declaration finds its numbers; an unknown path is one clear line."""

    def resolve(path: str) -> Dated:
        try:
            return values[path]
        except KeyError:
            raise EvidenceError(unknown("parameter", path, values, "the lifecycle")) from None

    return resolve


def stock(first: dt.date, people: int | None = None) -> Stock:
    """Return the starting stock of a day, as it was kept if nothing it is made from has changed since.

    Parameters
    ----------
    first : date
    people : int, optional
        How many there are in all: who stands in no count is then more or fewer than in the evidence.
    """
    return _known(first, made_from(first)) if people is None else _level(first, people, made_from(first))


@functools.cache
def _known(first: dt.date, key: str) -> Stock:
    from docketflow.engine.run.stock import Stock

    kept = array_cache.read("stock", key)
    if kept is not None:
        return Stock.kept(kept)
    built = _built(first)
    array_cache.write("stock", key, built.arrays())
    return built


def made_from(first: dt.date | None) -> str:
    """Return the name of what is kept of a first day, if of one: of code, evidence and versions."""
    made_from = [with_private(hash_of("*.py", "*.csv", "*.yaml")), *map(version, ("numpy", "pandas"))]
    return f"{first}-{hashlib.sha256(repr(made_from).encode()).hexdigest()[:16]}"


def _built(first: dt.date) -> Stock:
    """Build the starting stock of a day."""
    from docketflow.people import build

    return dealt(build(evidence(), first).cells, evidence().central(), first)


def dealt(people: pd.DataFrame, values: Mapping[str, Dated], first: dt.date) -> Stock:
    """Return a population as a starting stock, each posture at the places where its people stand."""
    from docketflow.engine.run.stock import Stock
    from docketflow.lifecycle import forked, marks, ways_of

    found, names = forked(people)
    forks = [(name, [(*marks(place), None) for place, _ in ways_of(name)]) for name in names]
    cells = {str(column): found[column].to_numpy() for column in found.columns}
    stock = Stock.of(program(), cells, forks)
    return stock.drawn(next(shares(stock, values, first), []))


def shares(stock: Stock, values: Mapping[str, Dated], first: dt.date) -> Iterator[list[np.ndarray]]:
    """Yield the shares by which a starting stock is dealt out, of each run that lies side by side."""
    from docketflow.lifecycle import shares

    every = shares([fork.name for fork in stock.forks], resolver(values), first)
    for run in range(max((own.shape[1] for own in every), default=0)):
        yield [own[:, min(run, own.shape[1] - 1)] for own in every]


@functools.cache
def read_by_shares() -> frozenset[str]:
    """Return the parameters that say where people of a starting stock stand."""
    from docketflow.lifecycle.start import read_by_place

    return read_by_place()


@functools.lru_cache(maxsize=LEVELS)
def _level(first: dt.date, people: int, key: str) -> Stock:
    """Return the starting stock of a day with so many people, or raise if more than that are counted."""
    from docketflow.lifecycle import UNCOUNTED

    known = _known(first, key)
    free = known.among(program(), **UNCOUNTED)
    counted = int(known.counts[~free].sum())
    if people < counted:
        raise UsageError(
            f"{PEOPLE}: {people:,} is fewer than the {counted:,} who are counted in custody, on dockets and "
            f"in programmes on {first}; allowed: {counted:,} or more"
        )
    return known.changed(free, people - counted)


def checked(scenario: Scenario) -> Scenario:
    """Return the scenario, or raise if at the central values a lever does not fit."""
    scenario.check(evidence().central())
    return scenario


def validated(scenario: Scenario) -> Scenario:
    """Return the scenario, or raise what a run would raise before it begins; nothing is run."""
    checked(scenario)
    try:
        read_at(scenario.first)
    except EvidenceError as error:
        raise ScenarioError(
            f"{scenario.where or scenario.name}: cannot begin on {scenario.first}: {error}"
        ) from None
    if scenario.people is not None:
        stock(scenario.first, scenario.people)
    return scenario


def read_at(first: dt.date) -> frozenset[str]:
    """Return the parameters that the people of a first day rest on, or raise if no figures reach it."""
    return _read_at(first, made_from(first))


@functools.cache
def _read_at(first: dt.date, key: str) -> frozenset[str]:
    kept = array_cache.read("read", key)
    if kept is None:
        from docketflow.people import reads

        kept = {"paths": np.array(sorted(reads(evidence(), first)))}
        array_cache.write("read", key, kept)
    return frozenset(kept["paths"].tolist())


def parameters_read() -> frozenset[str]:
    """Return every parameter read: by the lifecycle, prices, outlays, people of each shipped first day."""
    from docketflow.lifecycle import OUTLAYS, paths_read
    from docketflow.policy import list_scenarios

    days = {scenario.first for scenario in list_scenarios()}
    paid = (days.paths() for days in OUTLAYS)
    return paths_read().union(*paid, *(read_at(day) for day in sorted(days)))


def built_up() -> frozenset[str]:
    """Return the parameters whose rise is paid for once."""
    from docketflow.lifecycle import built_up

    return built_up()


def accounts() -> tuple[str, ...]:
    """Return the accounts of what runs, in the order in which they are told."""
    from docketflow.lifecycle import ACCOUNTS

    return tuple(ACCOUNTS)


def outcomes_answered() -> frozenset[str]:
    """Return the names of the outcomes that a run of this version has."""
    from docketflow.lifecycle import MEASURES
    from docketflow.results.build import answered

    return answered(MEASURES)
