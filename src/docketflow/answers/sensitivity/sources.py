"""Which sources an answer rests on: what it does when all that is read from one of them is a tenth larger.

Every number the model reads counts, with a range or without; parts of an answer that rest on no source are
said as assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from docketflow.answers.paired import Worth, worth
from docketflow.answers.sensitivity.inputs import Moved, sources_of
from docketflow.answers.sensitivity.lives import Lives
from docketflow.core.quantity import Dated, Table, Value
from docketflow.evidence import Parameter
from docketflow.policy import Scenario

MORE = 1.1
MOST = 5


@dataclass(frozen=True)
class Rest:
    """What an outcome does when all numbers that rest on a source are a tenth larger."""

    source: str
    title: str
    numbers: tuple[str, ...]
    change: Worth
    share: float


def rests(lives: Lives, reads: Iterable[str], lucks: int) -> list[list[Rest]]:
    """Return, for each outcome, the sources that move it, the largest change first."""
    simulator = lives.simulator
    room, scenario = simulator.room, simulator.scenario
    on: dict[str, list[str]] = {}
    for path in sorted(set(reads) & set(room.parameters)):
        for source in sources_of(room.parameters[path], room):
            on.setdefault(source, []).append(path)
    said: dict[str, list[str]] = {}
    for setting in scenario.settings:
        if setting.source and setting.at(None) is not None:
            said.setdefault(setting.source, []).append(setting.lever)
    named = sorted(set(on) | set(said))
    moved = [
        Moved(
            {path: larger(room.parameters[path]) for path in on.get(source, ())},
            scenario=_louder(scenario, source),
        )
        for source in named
    ]
    points = [(point, luck) for point in [Moved(), *moved] for luck in range(lucks)]
    lived = lives("one source after another", points).reshape(len(moved) + 1, lucks, -1)
    found = []
    for outcome in range(lived.shape[2]):
        plain = lived[0, :, outcome]
        middle = float(plain.mean())
        rows = [
            Rest(
                source,
                room.sources[source].title if source in room.sources else source,
                (*on.get(source, ()), *(f"setting {lever}" for lever in dict.fromkeys(said.get(source, ())))),
                change := worth(lived[k + 1, :, outcome] - plain),
                change.value / middle if middle else float("nan"),
            )
            for k, source in enumerate(named)
        ]
        found.append(sorted(rows, key=lambda rest: -abs(rest.change.value)))
    return found


def larger(parameter: Parameter) -> Dated:
    """Return a parameter a tenth larger, inside what it can be."""
    low, high = parameter.bounds

    def more(value: Value) -> Value:
        if isinstance(value, Table):
            return Table(value.axes, np.clip(value.data * MORE, low, high))
        return float(np.clip(value * MORE, low, high))

    return Dated(parameter.central.starts, tuple(more(value) for value in parameter.central.values))


def _louder(scenario: Scenario, source: str) -> Scenario:
    """Return the scenario with each number that a source announces a tenth larger."""
    layers = tuple(
        tuple(
            replace(one, value=_times(one.value), range=None)
            if one.source == source and one.at(None) is not None
            else one
            for one in layer
        )
        for layer in scenario.layers
    )
    return scenario if layers == scenario.layers else replace(scenario, layers=layers)


def _times(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {label: number * MORE for label, number in value.items()}
    return value * MORE
