"""The evidence without one source: what rests on it takes the next source, its prior, or a wider range.

Nothing is computed anew: a number that only this source gives keeps its middle value, counts as assumed, and
is held to be far less known. Which way each number went is said.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from docketflow.core.errors import EvidenceError, unknown
from docketflow.core.quantity import Dated
from docketflow.core.shapes import Shape
from docketflow.evidence.room import Room
from docketflow.evidence.schema import Figure, Parameter, Prior

HALF, DOUBLE = 0.5, 2.0
NEXT, PRIOR, WIDER = "the next source", "its prior", "a wider range"


@dataclass(frozen=True)
class Replaced:
    """One number that rested on a source, and what stands in its place.

    Attributes
    ----------
    how : the next source, its prior, or a wider range
    says : one line
    """

    path: str
    how: str
    says: str


@dataclass(frozen=True)
class Without:
    """A source left out: the room without it, and what that changed."""

    source: str
    title: str
    room: Room
    replaced: tuple[Replaced, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        rows = {one.path: f"{one.how}: {one.says}" for one in self.replaced}
        return {"source": self.source, "title": self.title, "replaced": rows}


def without(room: Room, source: str) -> Without:
    """Return the evidence without a source.

    Raises
    ------
    EvidenceError
        When there is no such source.
    """
    if source not in room.sources:
        raise EvidenceError(unknown("source", source, room.sources, "--without"))
    parameters, replaced = dict(room.parameters), []
    for path, parameter in room.parameters.items():
        figures = [figure for figure in map(room.find, parameter.evidence) if figure is not None]
        if any(figure.source == source for figure in figures):
            rest = [figure for figure in figures if figure.source != source]
            parameters[path], how, says = _instead(room, parameter, rest)
            replaced.append(Replaced(path, how, says))
    other = copy.copy(room)
    other.otherwise = source
    other.__dict__["parameters"] = parameters
    return Without(source, room.sources[source].title, other, tuple(replaced))


def _instead(room: Room, parameter: Parameter, rest: list[Figure]) -> tuple[Parameter, str, str]:
    """Return what a parameter is without a source, which way, and that in a line."""
    plain = not parameter.by and len(parameter.value.values) == 1
    same = [figure for figure in rest if _unit(figure.unit) == _unit(parameter.unit)]
    was = f"{parameter.value.values[0]:,.6g}" if plain else ""
    stands = any(figure.value == parameter.value.values[0] for figure in same)
    if plain and parameter.how in ("direct", "ratio") and same and not stands:
        figure = same[0]
        moved = changed(parameter, value=figure.value, shape=about_figure(parameter, figure))
        return moved, NEXT, f"{was} becomes {figure.value:,.6g}, from {figure.source} ({figure.id})"
    prior = next((one for one in room.priors if one.quantity == parameter.path), None)
    if plain and prior is not None and prior.unit == parameter.unit:
        moved = changed(parameter, value=prior.value, shape=_of(prior), how="assumed")
        return (
            moved,
            PRIOR,
            f"{was} becomes {prior.value:,.6g} ({prior.low:,.6g} to {prior.high:,.6g}): {prior.why}",
        )
    shape = wider(parameter)
    moved = changed(parameter, shape=shape, how="assumed")
    times = "" if not shape.relative else " times the odds" if shape.kind == "logit" else " times it"
    ends = f"{shape.low:.3g} to {shape.high:.3g}{times}"
    return moved, WIDER, f"{ends} (90%) about the same middle value, assumed"


def _unit(name: str) -> str:
    return name.replace(" per ", "/")


def changed(parameter: Parameter, *, value: float | None = None, **fields: Any) -> Parameter:
    told = {name: getattr(parameter, name) for name in Parameter.model_fields} | fields
    if told["shape"] is not None:
        told["no_range"] = ""
    if value is not None:
        told["value"] = Dated.always(value)
    return Parameter(**told)


def about_figure(parameter: Parameter, figure: Figure) -> Shape | None:
    """Return a range about another figure: its own, or the parameter's moved along."""
    shape = parameter.shape
    kind = shape.kind if shape is not None else "triangular"
    if figure.low is not None and figure.high is not None and figure.low < figure.value < figure.high:
        return Shape(kind, figure.low, figure.high)
    if shape is None or shape.relative:
        return shape
    (value,) = parameter.cells()
    times = figure.value / float(value) if float(value) else 1.0
    low, high = shape.low * times, shape.high * times
    fits = not Shape(kind, low, high).fault(figure.value)
    return Shape(kind, low, high) if fits else None


def _of(prior: Prior) -> Shape:
    """Return a prior's range in a form that fits its unit."""
    share = prior.unit == "share" and prior.low > 0 and prior.high < 1
    kind = "logit" if share else "lognormal" if prior.low > 0 else "triangular"
    return Shape(kind, prior.low, prior.high)


def wider(parameter: Parameter) -> Shape:
    """Return a range twice as wide on either side, or half to double where there was none."""
    shape = parameter.shape
    least = min(float(cells.min()) for cells in parameter.cells())
    share = parameter.bounds[1] == 1
    if shape is None:
        kind = "logit" if share and least >= 0 else "lognormal" if least >= 0 else "triangular"
        return Shape(kind, HALF, DOUBLE, relative=True)
    if shape.relative:
        by = shape.kind in ("lognormal", "logit")
        low = shape.low**2 if by else max(0.0, 1 - 2 * (1 - shape.low))
        return Shape(shape.kind, low, shape.high**2 if by else 1 + 2 * (shape.high - 1), relative=True)
    if shape.kind == "lognormal":
        return Shape(shape.kind, shape.low**2 / least, shape.high**2 / least)
    bottom, top = parameter.bounds
    low, high = least - 2 * (least - shape.low), least + 2 * (shape.high - least)
    if shape.kind == "logit":
        return Shape(shape.kind, _odds_twice(least, shape.low), _odds_twice(least, shape.high))
    return Shape(shape.kind, max(bottom, low), min(top, high))


def _odds_twice(middle: float, edge: float) -> float:
    """Return where an edge lies whose log odds are twice as far from those of the middle."""
    odds = (edge / (1 - edge)) ** 2 / (middle / (1 - middle))
    return odds / (1 + odds)
