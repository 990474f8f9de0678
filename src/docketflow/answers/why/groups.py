"""Groups of settings, as data (`groups.yaml` or a file of one's own), and in which two scenarios differ.

It knows levers and scenarios; not how a difference is shared out.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from docketflow.core.errors import UsageError
from docketflow.core.strict_yaml import parse_yaml, read_text
from docketflow.policy import Scenario
from docketflow.policy.catalogue import levers
from docketflow.policy.setting import ONCE, PEOPLE

GROUP, LEVER = "group", "lever"
FILE = "groups.yaml"


class Group(BaseModel):
    """A group as it is declared: a title, and beginnings of the paths of its levers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    levers: tuple[str, ...]


class Cause(BaseModel):
    """Levers whose settings are turned on together.

    Attributes
    ----------
    name, title : what it is called
    levers : paths of the levers that differ, settings of one lever always together
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    levers: tuple[str, ...]


@functools.cache
def declared() -> Mapping[str, Group]:
    """Return the groups of the house."""
    return _read(resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8"), FILE)


def _read(text: str, where: str) -> Mapping[str, Group]:
    try:
        return TypeAdapter(dict[str, Group]).validate_python(
            parse_yaml(text, where=where, error=UsageError) or {}
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ": ".join(str(part) for part in first["loc"])
        raise UsageError(
            f"{where}: {place}: {first['msg'].lower()}; a group has a title and levers, a list of beginnings "
            "of paths"
        ) from None


def touched(scenario: Scenario) -> dict[str, str]:
    """Return, for each parameter a scenario moves, all that it says of it, layer by layer."""
    said: dict[str, list[list[str]]] = {}
    for layer in scenario.layers:
        of: dict[str, list[str]] = {}
        for one in layer:
            if not one.lever.startswith(ONCE):
                of.setdefault(one.lever, []).append(json.dumps(one.said(), sort_keys=True))
        for path, settings in of.items():
            said.setdefault(path, []).append(sorted(settings))
    return {path: json.dumps(layers) for path, layers in said.items()}


def differing(one: Scenario, other: Scenario) -> list[str]:
    """Return the levers on which two scenarios do not say the same, in the order of the catalogue."""
    left, right = touched(one), touched(other)
    paths = {path for path in {*left, *right} if left.get(path) != right.get(path)}
    if one.people != other.people:
        paths.add(PEOPLE)
    listed = list(levers())
    return sorted(paths, key=lambda path: (listed.index(path) if path in listed else len(listed), path))


def causes_of(paths: Iterable[str], by: str) -> list[Cause]:
    """Return levers as causes: by declared groups, one by one, or by the groups of a file of one's own.

    Parameters
    ----------
    paths : levers that differ
    by : "group", "lever", or a YAML file like `groups.yaml`
    """
    if by == LEVER:
        return [Cause(name=path, title=_title(path), levers=(path,)) for path in paths]
    groups = declared() if by == GROUP else _own(by)
    found: dict[str, list[str]] = {name: [] for name in groups}
    for path in paths:
        found.setdefault(_group(path, groups), []).append(path)
    return [
        Cause(name=name, title=groups[name].title if name in groups else name.capitalize(), levers=tuple(own))
        for name, own in found.items()
        if own
    ]


def _own(by: str) -> Mapping[str, Group]:
    if not by.endswith((".yaml", ".yml")):
        raise UsageError(f"--by: {by!r:.80} is not one of: {GROUP}, {LEVER}, or a YAML file of groups")
    if not Path(by).is_file():
        raise UsageError(f"--by: there is no file {by!r:.200}")
    return _read(read_text(Path(by), error=UsageError), Path(by).name)


def _group(path: str, groups: Mapping[str, Group]) -> str:
    named = [
        (len(start), name) for name, one in groups.items() for start in one.levers if path.startswith(start)
    ]
    return max(named)[1] if named else path.partition(".")[0]


def _title(path: str) -> str:
    found = levers().get(path)
    return path if found is None else found.title
