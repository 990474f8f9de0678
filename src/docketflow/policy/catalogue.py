"""The catalogue of levers: what a scenario may change, in which unit, how far, how (data: `levers/*.yaml`).

A lever acts on the parameter of the same path. It knows no parameter's value and no scenario. What it moves
is declared beside it; `benchmarks/levers.py` pulls each to its bounds and sees whether that is so.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from docketflow.core import yaml_cache
from docketflow.core.errors import ScenarioError, unknown
from docketflow.core.outcomes import outcomes
from docketflow.core.strict_yaml import parse_lined
from docketflow.core.units import unit
from docketflow.core.vocabulary import vocabulary

Operation = Literal["set", "scale", "add", "ramp", "open", "close"]
Sign = Literal["up", "down", "either"]
Kind = Literal["share", "count", "rate", "money", "switch", "factor", "days", "name"]
OPERATIONS: tuple[Operation, ...] = ("set", "scale", "add", "ramp", "open", "close")
"""Every operation, in the order in which they are applied."""


class Lever(BaseModel):
    """One thing a scenario may change.

    Parameters
    ----------
    path
        Path of the parameter it acts on, or ``target.*``.
    title, description
        A few words, and what pulling it means.
    unit, kind
        The parameter's unit, and what sort of number it is.
    low, high
        Bounds of the value it may leave behind.
    operations
        Those that make sense for it.
    capacity
        True for people, places and machines that take time to bring in: every setting must state a lag.
    by
        Traits by whose labels a value may be given.
    choices
        Allowed values of a lever of kind ``name``.
    words
        Ordinary words by which people look for it, beside those of its path and title.
    moves, sign, because
        The outcome nearest to it, which way it goes as the lever goes up, and, where it may be either, why.
    label
        The label pulled to see it, where only the ratio of labels counts.
    binds_under
        Settings, as typed, under which it moves its outcome, where in the plan alone it moves little or none.
    idle_under
        Settings, as typed, under which it moves no outcome at all: none (``[]``) is the plan alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    title: str
    unit: str
    kind: Kind
    low: float | None = None
    high: float | None = None
    operations: tuple[Operation, ...]
    capacity: bool = False
    by: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    description: str
    moves: str
    sign: Sign
    because: str = ""
    label: str = ""
    binds_under: tuple[str, ...] = ()
    idle_under: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Lever:
        if self.kind == "switch" and not set(self.operations) <= {"set", "open", "close"}:
            raise ValueError("a switch can only be set, opened and closed")
        if self.kind != "switch" and {"open", "close"} & set(self.operations):
            raise ValueError("only a switch can be opened and closed")
        if (self.kind == "name") != bool(self.choices):
            raise ValueError("a lever of kind name lists its choices, and no other does")
        if self.kind != "name" and (self.low is None or self.high is None or self.low > self.high):
            raise ValueError("low and high must be given, low first")
        if self.kind != "name":
            unit(self.unit, error=ScenarioError)
        for trait in self.by:
            if trait not in vocabulary():
                raise ValueError(unknown("trait", trait, vocabulary()))
        if self.label and not any(self.label in labels for labels in self.labels().values()):
            raise ValueError(
                unknown("label", self.label, [one for names in self.labels().values() for one in names])
            )
        if self.moves not in outcomes():
            raise ValueError(unknown("outcome", self.moves, outcomes()))
        if self.sign == "either" and not self.because:
            raise ValueError("a sign that may be either says because of what")
        return self

    def labels(self) -> dict[str, tuple[str, ...]]:
        """Return the traits a value may be given by, with their labels."""
        return {trait: vocabulary()[trait] for trait in self.by}


@functools.cache
def levers() -> dict[str, Lever]:
    """Return every lever by its path."""
    folder = resources.files("docketflow.policy").joinpath("levers")
    files = sorted(folder.iterdir(), key=lambda entry: entry.name)
    texts = {one.name: one.read_text(encoding="utf-8") for one in files if one.name.endswith(".yaml")}
    return _declared(yaml_cache.kept("levers", texts, lambda: _rows(texts)))


def read_levers(files: Mapping[str, str]) -> dict[str, Lever]:
    """Return the levers that the texts of some files declare, by path."""
    return _declared(_rows(files))


def _rows(files: Mapping[str, str]) -> list[list[Any]]:
    """Return each place in the texts of some files at which a lever is declared, and what is said there."""
    found = []
    for file, text in files.items():
        rows, lines = parse_lined(text, where=file, error=ScenarioError)
        found += [[f"{file}, line {lines[(place,)]}", row] for place, row in enumerate(rows or [])]
    return found


def _declared(rows: Iterable[Sequence[Any]]) -> dict[str, Lever]:
    catalogue: dict[str, Lever] = {}
    named: list[tuple[str, str]] = []
    for place, row in rows:
        try:
            lever = Lever.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise ScenarioError(f"{place}: {field} {first['msg']}") from None
        if lever.path in catalogue:
            raise ScenarioError(f"{place}: lever {lever.path!r} is declared twice")
        catalogue[lever.path] = lever
        for other in (*lever.binds_under, *(lever.idle_under or ())):
            named.append((re.split(r"[=\[]", other)[0], place))
    for path, place in named:
        if path not in catalogue:
            raise ScenarioError(unknown("lever", path, catalogue, place))
    return catalogue


def lever(path: str, where: str = "") -> Lever:
    """Return one lever, or raise the line that names the nearest."""
    try:
        return levers()[path]
    except KeyError:
        meant = next(iter(find_levers(path)), None)
        if meant is None:
            raise ScenarioError(unknown("lever", path, levers(), where)) from None
        place = f" in {where}" if where else ""
        raise ScenarioError(f"unknown lever {path!r}{place}; did you mean {meant!r}?") from None


def find_levers(pattern: str) -> dict[str, Lever]:
    """Return the levers whose path holds a pattern, then those whose words begin with all of its words."""
    wanted = re.findall(r"\w+", pattern.casefold())
    by_path = {path: one for path, one in levers().items() if pattern in path}
    by_words = {
        path: one
        for path, one in levers().items()
        if wanted and all(any(word.startswith(begins) for word in _words(one)) for begins in wanted)
    }
    return by_path | by_words


def _words(one: Lever) -> list[str]:
    said = " ".join((one.path.replace("_", " "), one.title, *one.words))
    return re.findall(r"\w+", said.casefold())
