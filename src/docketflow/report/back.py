"""The way back from a simulated number into the declaration: what it is read off, and what is set there."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from docketflow.core.errors import UsageError, unknown
from docketflow.core.grounds import KINDS, PARAMETER, Grounds
from docketflow.core.outcomes import PROBABILITY, outcome
from docketflow.report.view import Reading

CODE = ("manifest:code",)
"""Where a simulated number ends when nobody says what is declared: the code that computed it."""


class Back:
    """What is known of a declaration when the numbers of one result are led back."""

    def __init__(self, grounds: Grounds | None, reading: Reading) -> None:
        self.grounds, self.reading = grounds, reading

    def knows(self, kind: str) -> bool:
        """Say whether paths of a kind are parts of the declaration."""
        return self.grounds is not None and kind in KINDS

    def read_off(self, path: str) -> tuple[str, ...]:
        """Return the parts of the declaration, and the prices, off which a number is read."""
        number = None if self.grounds is None else self.grounds.number(path)
        return tuple(self._moved(self.grounds.numbers[number])) if self.grounds and number else CODE

    def inputs(self, path: str) -> Iterator[str]:
        """Yield the parameters that can move a number, the nearest first; the way is gone as far as asked."""
        number = None if self.grounds is None else self.grounds.number(path)
        if self.grounds is not None and number is not None:
            for step in self.grounds.steps(number):
                yield from step.parameters

    def element(self, path: str) -> tuple[tuple[str, ...], bool, str]:
        """Return what a part of the declaration rests on, that it is not simulated, and its ground."""
        elements = {} if self.grounds is None else self.grounds.elements
        found = elements.get(path) or elements.get(path.partition("/")[0])
        if found is None:
            raise UsageError(unknown("part of the declaration", path, elements, path))
        rests_on = (*self._moved(PARAMETER + one for one in found.parameters), *found.rests_on)
        return rests_on, False, "" if rests_on else "definition"

    def made_of(self, name: str) -> tuple[str, ...]:
        """Return the outcomes a sum, or a chance of the target, is made of; nothing for what is read off."""
        if self.grounds is None or f"outcome:{name}" in self.grounds.numbers:
            return ()
        if name.startswith(PROBABILITY) and self.reading.target:
            series = name.removeprefix(PROBABILITY).lstrip(".") or self.reading.target[1]
            return f"outcome:{series}/median", "target:removals/value"
        return tuple(
            f"outcome:{part}/median" for part in outcome(name).sum_of if part in self.reading.answers
        )

    def _moved(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield paths, and after each parameter the settings of this run that act on it."""
        for path in paths:
            yield path
            yield from self._settings.get(path, ())

    @functools.cached_property
    def _settings(self) -> dict[str, list[str]]:
        """The settings of this run, by the parameter that each acts on."""
        found: dict[str, list[str]] = {}
        for number, lever in enumerate(self.reading.levers, start=1):
            found.setdefault(PARAMETER + str(lever["lever"]), []).append(f"lever:{number}/value")
        return found
