"""What of a scenario is uncertain: parameters and settings, what each rests on, and its value anywhere.

Shares of one fork are inputs of one group and move as log ratios to what is left of the whole, so that they
stay shares of it wherever they are put; everything else moves along its own shape.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from docketflow.conductor.simulator import Simulator
from docketflow.core.quantity import Dated, Table, Value, quantity
from docketflow.engine.declare.vocabulary import Decision, Network
from docketflow.evidence import Parameter, Room
from docketflow.policy import Scenario
from docketflow.policy.setting import SETTING

PARAMETERS, SETTINGS, LAWSUITS = KINDS = ("parameters", "settings", "lawsuits")
CENTRE = 0.5


@dataclass(frozen=True)
class Input:
    """One uncertain number, table or course of numbers.

    Attributes
    ----------
    name : the parameter's path, or "setting" and the lever's
    kind : parameters, settings, or lawsuits: whether, when and for how long an order of a court is in force
    assumed : whether its number is assumed
    sources : what it rests on, by id
    group : the inputs that are judged as one: its own name, or that of a fork
    drawn_as : the name under which a member draws it
    """

    name: str
    kind: str
    assumed: bool
    sources: tuple[str, ...]
    group: str
    drawn_as: str


@dataclass(frozen=True)
class Moved:
    """What of a run is not central: parameters, the quantiles of settings, or other settings altogether."""

    values: Mapping[str, Dated] = field(default_factory=dict)
    quantiles: Mapping[str, float] | None = None
    scenario: Scenario | None = None


class Inputs:
    """The uncertain inputs of a scenario, in a fixed order, and what they are at given quantiles."""

    def __init__(self, simulator: Simulator, reads: Iterable[str]) -> None:
        self.simulator, self.room = simulator, simulator.room
        read = set(reads)
        ranged = [path for path, one in self.room.parameters.items() if one.shape and path in read]
        self.forks = forks(simulator.program.network, self.room, ranged)
        fork_of = {path: name for name, paths in self.forks.items() for path in paths}
        self.list = [
            Input(
                path,
                PARAMETERS,
                self.room.parameters[path].how == "assumed",
                sources_of(self.room.parameters[path], self.room),
                fork_of.get(path, path),
                self.room.parameters[path].drawn_as,
            )
            for path in ranged
        ] + _settings(simulator.scenario)
        self.names = [one.name for one in self.list]

    @functools.cached_property
    def groups(self) -> dict[str, list[int]]:
        """Places of the inputs of each group, in order."""
        found: dict[str, list[int]] = {}
        for place, one in enumerate(self.list):
            found.setdefault(one.group, []).append(place)
        return found

    def at(self, quantiles: Iterable[float]) -> Moved:
        """Return what is lived with every input at a quantile of its range."""
        by_name = dict(zip(self.names, map(float, quantiles), strict=True))
        parameters = self.room.parameters
        values = {one.name: parameters[one.name].draw(by_name[one.name])
                  for one in self.list if one.kind == PARAMETERS}  # fmt: skip
        for paths in self.forks.values():
            values |= balanced({path: parameters[path] for path in paths}, values)
        settings = {
            one.name.removeprefix(f"{SETTING} "): by_name[one.name]
            for one in self.list
            if one.kind != PARAMETERS
        }
        return Moved(values, settings)

    def central(self) -> np.ndarray:
        """Return the quantiles of the central values."""
        return np.full(len(self.list), CENTRE)


def sources_of(parameter: Parameter, room: Room) -> tuple[str, ...]:
    """Return the sources whose figures a parameter rests on."""
    figures = (room.find(id) for id in parameter.evidence)
    return tuple(dict.fromkeys(figure.source for figure in figures if figure is not None))


def _settings(scenario: Scenario) -> list[Input]:
    found = []
    for key, own in scenario.drawn.items():
        sources = tuple(dict.fromkeys(one.source for one in own if one.source))
        name = f"{SETTING} {key}"
        spells = [one.spell.name for one in own if one.spell is not None]
        kind, group = (LAWSUITS, f"lawsuit {spells[0]}") if len(spells) == len(own) else (SETTINGS, name)
        found.append(Input(name, kind, any(one.assumed for one in own), sources, group, name))
    return found


def forks(network: Network, room: Room, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the uncertain shares of each fork that has several, forks that share one taken together."""
    shares = [path for path in paths if room.parameters[path].unit == "share"]
    found: dict[str, set[str]] = {}
    for node in network.nodes:
        if not isinstance(node, Decision):
            continue
        read = frozenset().union(*(quantity(way.share).paths() for way in node.ways if way.share is not None))
        mine = read & set(shares)
        for name in [name for name, others in found.items() if others & mine]:
            mine |= found.pop(name)
        if len(mine) > 1:
            found[f"fork {node.name}"] = set(mine)
    return {name: tuple(path for path in shares if path in mine) for name, mine in found.items()}


def balanced(parameters: Mapping[str, Parameter], moved: Mapping[str, Dated]) -> dict[str, Dated]:
    """Return shares of one whole with each one's odds against the rest moved as far as it moves alone.

    What cannot be read so (shares by other traits or dates than the others, cells without a rest) keeps its
    own movement.
    """
    central = {path: one.central for path, one in parameters.items()}
    first = next(iter(central.values()))
    if any(one.starts != first.starts or not _alike(one.values, first.values) for one in central.values()):
        return {}
    found: dict[str, list[Value]] = {path: [] for path in central}
    for k in range(len(first.starts)):
        whole = np.array([_cells(one.values[k]) for one in central.values()])
        now = np.array([_cells(moved[path].values[k]) for path in central])
        for path, cells in zip(central, _softmax(whole, now), strict=True):
            like = central[path].values[k]
            found[path].append(Table(like.axes, cells) if isinstance(like, Table) else float(cells))
    return {path: Dated(first.starts, tuple(values)) for path, values in found.items()}


def _softmax(whole: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return shares [input, cell ...] whose log ratios to the rest moved as their own log odds did."""
    rest = 1 - whole.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.log(now / (1 - now)) - np.log(whole / (1 - whole))
        ratios = np.where(whole > 0, whole / rest * np.exp(shift), 0.0)
    free = (rest > 0) & np.isfinite(ratios).all(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(free, ratios / (1 + ratios.sum(axis=0)), now)


def _cells(value: Value) -> np.ndarray:
    return np.asarray(value.data if isinstance(value, Table) else value, dtype=float)


def _alike(values: Sequence[Value], others: Sequence[Value]) -> bool:
    def axes(value: Value) -> Mapping[str, tuple[str, ...]]:
        return value.axes if isinstance(value, Table) else {}

    return all(axes(a) == axes(b) for a, b in zip(values, others, strict=True))
