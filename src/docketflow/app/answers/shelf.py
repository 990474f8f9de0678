"""What the first screen asks and which levers lie open on it (`levers.yaml`), with their announced values.

A main lever may be felt through several levers of the catalogue (officers of ICE and of other agencies): what
is announced is their sum, what is added goes to the first.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from docketflow.answers.declared import declared
from docketflow.answers.feasible.shelf import shelf as movables
from docketflow.answers.limits import shelf as limits
from docketflow.core.quantity import Dated
from docketflow.evidence import load
from docketflow.policy import Scenario, levers, list_scenarios

FILE = "levers.yaml"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Asked(_Row):
    """A question of the first screen: a plan, the scenario without it, and the one that is checked."""

    ask: str
    scenario: str
    without: str
    checked: str


class Open(_Row):
    """A lever that lies open: its limit, words and levers of the catalogue."""

    limit: str
    title: str
    unit: str
    path: str
    others: tuple[str, ...] = Field((), alias="with")


class Fact(_Row):
    """A number told beside removals."""

    outcome: str
    title: str
    on: str = ""
    of: str = ""


class Shelf(_Row):
    """All of `levers.yaml`."""

    questions: tuple[Asked, ...]
    start: dt.date = Field(alias="from")
    main: tuple[Open, ...]
    marks: Mapping[str, str]
    facts: tuple[Fact, ...]
    differ: tuple[str, ...]

    @staticmethod
    def central() -> Mapping[str, Dated]:
        """Return every parameter at its central value."""
        return _central()


@dataclass(frozen=True)
class Main:
    """A main lever of one scenario: where it stands as announced, and how far it goes."""

    limit: str
    title: str
    unit: str
    path: str
    delay: int
    announced: float
    own: float  # of what is announced, the part of the lever that is moved
    top: float
    highest: float
    source: str


@functools.cache
def shelf() -> Shelf:
    """Return what is declared."""
    return declared(Shelf, "docketflow.app.answers", FILE)


@functools.cache
def scenarios() -> Mapping[str, Scenario]:
    """Return the shipped scenarios by name, read once: all of them take a second or more."""
    return {one.name: one for one in list_scenarios()}


@functools.cache
def _central() -> Mapping[str, Dated]:
    return load().central()


@functools.cache
def composed(scenario: str) -> Mapping[str, Dated]:
    """Return every parameter at its central value, changed by a shipped scenario's levers."""
    found = scenarios()[scenario]
    return found.compose(_central())


def _delay(limit: str) -> int:
    """Return the days until more of a limit is at work, as declared with its source; none where it is not."""
    known = movables().levers
    return known[limit].lag if limit in known else 0


@functools.cache
def main_levers(scenario: str) -> tuple[Main, ...]:
    """Return the levers that lie open, as they stand at the end of a scenario."""
    found = scenarios()[scenario]
    values, known = composed(scenario), levers()
    chosen = []
    for one in shelf().main:
        if one.path not in known or one.path not in values:
            continue
        paths = (one.path, *(path for path in one.others if path in values))
        at_the_end = [values[path].at(found.end.toordinal()) for path in paths]
        amounts = [float(amount) for amount in at_the_end if isinstance(amount, (int, float))]
        if len(amounts) < len(paths):  # a table: not one number that a slider could hold
            continue
        announced = sum(amounts)
        pulls = limits().limits[one.limit].levers
        top = sum(pulls[path].lifted for path in paths if path in pulls)
        highest = (known[one.path].high or top) + announced - amounts[0]
        sources = {s.source for path in paths for s in found.touching(path) if s.source}
        chosen.append(
            Main(
                limit=one.limit,
                title=one.title,
                unit=one.unit,
                path=one.path,
                delay=_delay(one.limit),
                announced=announced,
                own=amounts[0],
                top=max(top, announced),
                highest=highest,
                source=", ".join(sorted(sources)),
            )
        )
    return tuple(chosen)
