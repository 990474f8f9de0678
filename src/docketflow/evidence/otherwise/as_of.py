"""The evidence as of a day in the past: what rests on later figures is less sure, and cites none of them.

Inputs that a backtest is given (the border, resources, dates of policy) stay as they are, and are listed.
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass

from docketflow.core.quantity import Dated
from docketflow.evidence.left_out import changed, wider
from docketflow.evidence.room import Room
from docketflow.evidence.schema import Parameter

INPUTS = (
    "border.",
    "court.judges",
    "detention.",
    "alternatives.places",
    "money.",
    "status.",
    "staff.officers",
)
"""Paths, or how they begin, of what a backtest is given: inflow, resources, prices, dates of policy."""
PRACTICE = ("border.handed_over.",)
"""Of these, what is done with people afterwards: no inflow, and what later figures say of it is not given."""


@dataclass(frozen=True)
class AsOf:
    """The room as of a day.

    Attributes
    ----------
    widened : parameters that rested on a later figure: its middle value stays, twice as unsure
    inputs : parameters with a later value or figure that are given
    """

    room: Room
    widened: tuple[str, ...]
    inputs: tuple[str, ...]


def as_of(room: Room, day: dt.date) -> AsOf:
    """Return the evidence as of a day."""
    parameters, widened, inputs = dict(room.parameters), [], []
    for path, parameter in room.parameters.items():
        late = later(room, parameter, day)
        dated = any(start > day.toordinal() for start in parameter.value.starts)
        if not late and not dated:
            continue
        if is_given(path):
            inputs.append(path)
            continue
        rest = tuple(id for id in parameter.evidence if id not in late)
        value = until(parameter.value, day)
        if late:
            widened.append(path)
            parameters[path] = _with(parameter, value, rest, widen=True)
        else:
            parameters[path] = _with(parameter, value, rest, widen=False)
    other = copy.copy(room)
    other.otherwise = f"later than {day}"
    other.__dict__["parameters"] = parameters
    return AsOf(other, tuple(widened), tuple(inputs))


def is_given(path: str) -> bool:
    """Return whether a backtest is given a parameter after its origin."""
    return path.startswith(INPUTS) and not path.startswith(PRACTICE)


def later(room: Room, parameter: Parameter, day: dt.date) -> tuple[str, ...]:
    """Return the figures a parameter rests on whose period ends after a day."""
    found = ((id, room.find(id)) for id in parameter.evidence)
    return tuple(id for id, figure in found if figure is not None and figure.period_end > day)


def until(value: Dated, day: dt.date) -> Dated:
    """Return a dated value without what begins after a day: the last before it goes on."""
    kept = [(start, one) for start, one in value if start <= day.toordinal()] or [next(iter(value))]
    return Dated(tuple(start for start, _ in kept), tuple(one for _, one in kept))


def _with(parameter: Parameter, value: Dated, evidence: tuple[str, ...], *, widen: bool) -> Parameter:
    told = changed(parameter, evidence=evidence, how="assumed")
    told = told.model_copy(update={"value": value})
    if not widen:
        return told
    shape = wider(told)
    return told.model_copy(update={"shape": shape}) if not shape.fault(told.cells()[0]) else told
