"""The closed list of units (`units.yaml`) and which of them fit each other.

A unit is one listed word, or a compound such as ``cases/judge/day``. Knows no figure and no parameter.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from docketflow.core.errors import DocketflowError, EvidenceError, nearest
from docketflow.core.strict_yaml import parse_yaml


@dataclass(frozen=True)
class Unit:
    """A unit: what it measures (families above and below the stroke) and its size."""

    name: str
    top: tuple[str, ...]
    per: tuple[str, ...]
    size: float

    @property
    def bounds(self) -> tuple[float, float]:
        """The range a value in this unit can have: shares stay in [0, 1] (percent in [0, 100])."""
        return (0.0, 1.0 / self.size) if (self.top, self.per) == (("share",), ()) else (0.0, float("inf"))


@functools.cache
def families() -> Mapping[str, Mapping[str, float]]:
    """Return family to its units and their sizes, in the order of `units.yaml`."""
    text = resources.files("docketflow.core").joinpath("units.yaml").read_text(encoding="utf-8")
    listed: Mapping[str, Mapping[str, float]] = parse_yaml(text, where="core/units.yaml")
    return listed


@functools.cache
def _words() -> Mapping[str, tuple[str, float]]:
    """Every listed word, plural and singular, with its family and size."""
    words = {}
    for family, members in families().items():
        for word, size in members.items():
            words[word] = (family, float(size))
            words.setdefault(_singular(word), (family, float(size)))
    words["person"] = words["persons"]
    return words


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word.removesuffix("ies") + "y"
    return word.removesuffix("s")


@functools.cache
def _parse(name: str) -> Unit | str:
    """Return the unit, or the word that is not listed."""
    top, *rest = name.replace(" per ", "/").split("/")
    parts = [] if top == "1" and rest else [(top.strip(), 1)]
    for below in rest:  # a hyphen joins two units below the stroke: USD/participant-day
        joined = [below] if below.strip() in _words() else below.split("-")
        parts += [(word.strip(), -1) for word in joined]
    families_of: dict[int, list[str]] = {1: [], -1: []}
    size = 1.0
    for word, side in parts:
        if word not in _words():
            return word
        family, one = _words()[word]
        families_of[side].append(family)
        size *= one**side
    return Unit(name, tuple(families_of[1]), tuple(sorted(families_of[-1])), size)


def unit(name: str, *, where: str = "", error: type[DocketflowError] = EvidenceError) -> Unit:
    """Return the unit of that name.

    Raises
    ------
    error
        When a word of it is not listed: one line that names the place and the nearest unit.

    >>> unit("cases/judge/day").per
    ('judges', 'time')
    """
    found = _parse(name)
    if isinstance(found, Unit):
        return found
    part = f" (in {name!r})" if found != name else ""
    place = f"{where}: " if where else ""
    raise error(f"{place}unknown unit {found!r}{part}; {nearest(found, _words())}")


def is_unit(name: str) -> bool:
    """Return whether every word of the unit is listed."""
    return isinstance(_parse(name), Unit)


def fits(one: str, other: str) -> bool:
    """Return whether two units measure the same thing.

    >>> fits("hours", "minutes"), fits("beds", "judges")
    (True, False)
    """
    a, b = unit(one), unit(other)
    return (a.top, a.per) == (b.top, b.per)


def require_fit(
    given: str, wanted: str, *, where: str = "", error: type[DocketflowError] = EvidenceError
) -> None:
    """Raise ``error`` unless the unit given fits the one wanted; the line names the units that would."""
    a, b = unit(given, where=where, error=error), unit(wanted, where=where, error=error)
    if (a.top, a.per) != (b.top, b.per):
        place = f"{where}: " if where else ""
        raise error(f"{place}unit {given!r} does not fit {wanted!r}; {nearest(given, alike(wanted))}")


def alike(name: str) -> list[str]:
    """Return the listed units that fit a unit (for a compound: itself alone)."""
    wanted = unit(name)
    if len(wanted.top) == 1 and not wanted.per:
        return list(families()[wanted.top[0]])
    return [name]


def convert(value: float, given: str, wanted: str) -> float:
    """Return a value given in one unit as a value in another that fits.

    >>> convert(90, "minutes", "hours")
    1.5
    """
    require_fit(given, wanted)
    if given == wanted:
        return value
    return value * unit(given).size / unit(wanted).size
