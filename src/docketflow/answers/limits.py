"""The limits a user may name, as data (`limits.yaml`): levers they move, what lifting means, what is scarce.

It knows words and levers; not how a limit is found to bind.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from docketflow.answers.declared import declared
from docketflow.answers.lifting import Limit
from docketflow.conductor.model import checked
from docketflow.core.errors import ScenarioError, UsageError, unknown
from docketflow.policy import Scenario

FILE = "limits.yaml"


class Pull(BaseModel):
    """How one lever is moved: ``more`` as it is typed (`*1.01`), ``lifted`` to where it does not limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    more: str
    lifted: float


class Declared(BaseModel):
    """One limit: a title, ordinary words, its levers, and the spaces and efforts in which it is felt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    words: tuple[str, ...]
    levers: Mapping[str, Pull]
    resources: tuple[str, ...]

    def limit(self, name: str, day: dt.date) -> Limit:
        """Return the limit as settings that act from a day on."""
        more = tuple(f"{path}={pull.more}@{day}" for path, pull in self.levers.items())
        lifted = tuple(f"{path}={pull.lifted:g}@{day}" for path, pull in self.levers.items())
        return Limit(name, more, lifted)


class Shelf(BaseModel):
    """All limits, those asked about if none is named, and the outcomes printed beside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: tuple[str, ...]
    limits: Mapping[str, Declared]
    beside: tuple[str, ...]


@functools.cache
def shelf() -> Shelf:
    """Return what is declared."""
    return declared(Shelf, "docketflow.answers", FILE)


def named(words: Iterable[str]) -> tuple[str, ...]:
    """Return the limits that words mean, each once; an unknown word is one clear line.

    >>> named(["planes", "beds"])
    ('seats', 'beds')
    """
    known = shelf().limits
    meant = {word.casefold(): name for name, one in known.items() for word in (name, *one.words)}
    found = []
    for word in words:
        if word.strip().casefold() not in meant:
            raise UsageError(unknown("limit", word.strip(), known, "--limits"))
        found.append(meant[word.strip().casefold()])
    return tuple(dict.fromkeys(found))


def fitting(scenario: Scenario, names: Iterable[str]) -> tuple[list[Limit], dict[str, str]]:
    """Return the limits that can be moved under a scenario, and why the others cannot."""
    chosen, beyond = [], {}
    for name in names:
        limit = shelf().limits[name].limit(name, scenario.start)
        try:
            for settings in (limit.more, limit.lifted):
                checked(scenario.with_sets(map(str, settings)))
            chosen.append(limit)
        except ScenarioError as error:
            beyond[name] = str(error)
    return chosen, beyond
