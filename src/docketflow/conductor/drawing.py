"""What is drawn for the members of a scenario: for many at once, for each as if it were alone."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from docketflow.core.errors import UsageError, unknown
from docketflow.core.quantity import Dated, Table
from docketflow.core.runs import OfRun, spread
from docketflow.evidence import Room
from docketflow.policy import Scenario
from docketflow.policy.ranges import by_label
from docketflow.policy.setting import SETTING


@dataclass(frozen=True, eq=False)
class Draws:
    """What is drawn for some members of a scenario.

    Attributes
    ----------
    scenario : Scenario
    room : the evidence
    members : their numbers
    parameters : path to value, as drawn from its shape, the members side by side
    quantiles : what is drawn for settings (`Scenario.drawn`) to its quantiles, one a member
    """

    scenario: Scenario
    room: Room
    members: tuple[int, ...]
    parameters: Mapping[str, Dated]
    quantiles: Mapping[str, np.ndarray]

    @functools.cached_property
    def values(self) -> Mapping[str, Dated]:
        """Every parameter as it is lived: drawn, then changed by the scenario's levers; side by side."""
        return self.scenario.compose(self.parameters, self.quantiles)

    @functools.cached_property
    def designs(self) -> tuple[list[str], np.ndarray]:
        """The names of all numbers that are drawn, and the numbers [member, name]."""
        names, numbers = list(_names(self.room)), [table.data for table in self._tables()]
        for path, where, each in self._fitted():
            names.append(path + where)
            numbers.append(each)
        for setting in self.scenario.settings:
            if setting.range is not None:
                own = by_label(setting.at(self.quantiles))
                names += [setting.named + where for where in own]
                numbers += map(np.asarray, own.values())
        for spell in {one.spell.name: one.spell for one in self.scenario.settings if one.spell}.values():
            names += [
                f"{SETTING} {spell.name}, {what}" for what in ("days until in force", "days until over")
            ]
            numbers += map(np.asarray, spell.window(self.quantiles))
        return names, np.concatenate([every.reshape(len(every), -1) for every in numbers], axis=1)

    def _fitted(self) -> Iterator[tuple[str, str, np.ndarray]]:
        """Yield each number drawn from a posterior, one a member, as it is on the first day of the answer."""
        first, together = self.scenario.start.toordinal(), self.room.jointly
        for path in together.paths if together is not None else ():
            known = central(self.room)[path].at(first)
            cells = np.asarray(spread(self.parameters[path].at(first), len(self.members)).data)
            moved = together.moved(path, known) if together is not None else ()
            each = zip(Dated.always(known).cells(), cells.reshape(len(cells), -1).T, moved, strict=True)
            yield from ((path, where, own) for (where, _), own, drawn in each if drawn)

    def _tables(self) -> list[Table]:
        every = [value for path in uncertain(self.room) for value in self.parameters[path].values]
        return [value for value in every if isinstance(value, Table)]


@dataclass(frozen=True, eq=False)
class Drawn:
    """What is drawn for one member of a scenario.

    Attributes
    ----------
    draws : what is drawn for this member and others
    place : its place among them
    """

    draws: Draws
    place: int

    @functools.cached_property
    def parameters(self) -> Mapping[str, Dated]:
        """Every parameter as it is drawn from its shape, before any lever."""
        return OfRun(self.draws.parameters, self.place)

    @functools.cached_property
    def values(self) -> Mapping[str, Dated]:
        """Every parameter as it is lived: drawn, then changed by the scenario's levers."""
        return OfRun(self.draws.values, self.place)

    @property
    def quantiles(self) -> dict[str, float]:
        """The quantiles at which its settings are drawn."""
        return {key: float(at[self.place]) for key, at in self.draws.quantiles.items()}

    @functools.cached_property
    def design(self) -> dict[str, float]:
        """Every number that is drawn, by its parameter or setting and its place in it."""
        names, numbers = self.draws.designs
        return dict(zip(names, numbers[self.place].tolist(), strict=True))


def draw(scenario: Scenario, seed: int, members: Sequence[int], room: Room) -> Draws:
    """Draw some members: what is drawn for each depends on the scenario, the seed and its number alone."""
    from docketflow.engine.draws import quantiles

    keys, parameters = scenario.drawn, _parameters(room, seed, tuple(members))
    at = quantiles(seed, [f"{SETTING} {key}" for key in keys], members).T
    return Draws(scenario, room, tuple(members), parameters, dict(zip(keys, at, strict=True)))


@functools.lru_cache(maxsize=4)  # scenarios are lived by the same members
def _parameters(room: Room, seed: int, members: tuple[int, ...]) -> Mapping[str, Dated]:
    """Return every parameter as it is drawn for some members, side by side."""
    from docketflow.engine.draws import quantiles

    known, paths = room.parameters, uncertain(room)
    at = quantiles(seed, [known[path].drawn_as for path in paths], members).T
    drawn = {path: known[path].draws(own) for path, own in zip(paths, at, strict=True)}
    together = room.jointly(seed, members) if room.jointly is not None else {}
    return MappingProxyType({**central(room), **drawn, **together})


@functools.cache
def uncertain(room: Room) -> tuple[str, ...]:
    """Return the parameters that are drawn."""
    return tuple(path for path, one in room.parameters.items() if one.shape)


@functools.cache
def central(room: Room) -> Mapping[str, Dated]:
    """Return every parameter at its central value."""
    return room.central()


@functools.cache
def _names(room: Room) -> tuple[str, ...]:
    """Return the name of each number of the parameters that are drawn."""
    known = central(room)
    return tuple(path + where for path in uncertain(room) for where, _ in known[path].cells())


def outright_by_date(
    values: Mapping[str, Dated | Table | float], known: Mapping[str, Dated]
) -> dict[str, Dated]:
    """Return values given outright by date; an unknown path is one clear line."""
    for path, value in values.items():
        if path not in known:
            raise UsageError(unknown("parameter", path, known, "values"))
        if not isinstance(value, (Dated, Table)) and not np.isfinite(value):
            raise UsageError(f"values: {path} needs a number, a table or a dated value, got {value!r}")
    return {
        path: value
        if isinstance(value, Dated)
        else Dated.always(value if isinstance(value, Table) else float(value))
        for path, value in values.items()
    }
