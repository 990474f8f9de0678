"""What numbers of a run rest on, as plain data: the parts of a declaration, and which of them touch which.

Made by whoever knows a declaration (`engine/grounds.py`); read by whoever leads a number back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PARAMETER = "parameter:"
KINDS = (
    *("stage", "rest", "wait", "end", "decision", "gate", "spend"),
    *("clock", "draw", "attempt", "arrival", "event", "start", "people"),
    *("space", "held", "effort", "quota", "spent", "tally", "feedback"),
)
"""What an element may be. ``held`` and ``spent`` are the use of a space and of an effort or quota."""


@dataclass(frozen=True)
class Element:
    """A part of a declaration: a place, a fork, a clock, a draw, what is scarce, what is counted.

    Attributes
    ----------
    kind, name : what it is, and what it is called
    parameters : the parameters it names itself
    fed_by : the elements, as ``kind:name``, that hand people on to it, or supply it
    beside : those that compete with it, and those that take people away or change them there
    """

    kind: str
    name: str
    parameters: tuple[str, ...] = ()
    fed_by: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def rests_on(self) -> tuple[str, ...]:
        """All elements on which it rests."""
        return self.fed_by + self.beside


@dataclass(frozen=True)
class Step:
    """Parameters met on the way back from a number: how many elements with parameters away, and where.

    ``element`` is None for parameters that the number names itself, such as a price.
    """

    away: int
    element: Element | None
    parameters: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Grounds:
    """What each number of a run rests on.

    Attributes
    ----------
    elements : ``kind:name`` to the element
    numbers : a number to what it is read off: ``kind:name`` of elements, and ``parameter:path``
    """

    elements: Mapping[str, Element]
    numbers: Mapping[str, tuple[str, ...]]

    @classmethod
    def of_plain(cls, data: Mapping[str, Any]) -> Grounds:
        """Return grounds from what `plain` made of them."""
        elements = [Element(kind, name, *map(tuple, lists)) for kind, name, *lists in data["elements"]]
        numbers = {name: tuple(read) for name, read in data["numbers"].items()}
        return cls({f"{one.kind}:{one.name}": one for one in elements}, numbers)

    def plain(self) -> dict[str, Any]:
        """Return them as plain data."""
        elements = [
            (one.kind, one.name, one.parameters, one.fed_by, one.beside) for one in self.elements.values()
        ]
        return {"elements": elements, "numbers": dict(self.numbers)}

    def steps(self, number: str) -> Iterator[Step]:
        """Yield what a number rests on, the nearest first, each parameter once.

        An element without parameters is no step: what feeds it is as near as itself.
        """
        read = self.numbers[number]
        seen = {one.removeprefix(PARAMETER): None for one in read if one.startswith(PARAMETER)}
        if seen:
            yield Step(1, None, tuple(seen))
        for away, element in self._back(one for one in read if not one.startswith(PARAMETER)):
            new = tuple(path for path in element.parameters if path not in seen)
            seen |= dict.fromkeys(new)
            if new:
                yield Step(away, element, new)

    def number(self, path: str) -> str | None:
        """Return the number that a path such as ``outcome:removals.ice@2025-03/median`` reads, if any."""
        bare = path.partition("@")[0]
        kind, _, field = path.rpartition("/")
        named = f"{kind.partition('@')[0]}/{field}"
        return next((one for one in (named, bare, kind.partition("@")[0]) if one in self.numbers), None)

    def of(self, number: str) -> frozenset[str]:
        """Return every parameter that can move a number."""
        return frozenset(path for step in self.steps(number) for path in step.parameters)

    def _back(self, begin: Iterable[str]) -> Iterator[tuple[int, Element]]:
        """Yield all elements that some rest on, those with fewest parameters in between first."""
        ahead = deque((1, key) for key in begin)
        seen: set[str] = set()
        while ahead:
            away, key = ahead.popleft()
            if key in seen:
                continue
            seen.add(key)
            element = self.elements[key]
            yield away, element
            if element.parameters:
                ahead.extend((away + 1, key) for key in element.rests_on)
            else:
                ahead.extend((away + 1, key) for key in element.beside)
                ahead.extendleft((away, key) for key in reversed(element.fed_by))
