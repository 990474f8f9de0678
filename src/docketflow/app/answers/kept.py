"""Answers of the shipped scenarios that lie in the package under their hash: the first page waits for none.

Each is made by one command (`docketflow app --prepare`) and says of which model it is: the hash of all that
decides a number. Of another model it is shown as what it is, an earlier answer, until it is made anew.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.conductor.provenance import FITTED, hash_of, with_private
from docketflow.core import files, places
from docketflow.core.errors import DocketflowError
from docketflow.core.plain import tidy
from docketflow.policy import Scenario, load_scenario, shipped_as
from docketflow.policy.library import scenario_names
from docketflow.results import Result, load

HOME = Path(__file__).parents[1] / "kept"
MODEL, STAIRS, TAKE, WHY, ANSWER = "model.txt", "limits.json", "take.json", "why.json", "answer"
BINDING = "binding.json"
CLAIMS = "claims.json"
ROOMS = ("core", "engine", "evidence", "lifecycle", "people", "policy", "conductor", "fitted")
SEARCHES = ("lift*.py", "paired.py", "limits.*", "feasible/*.py", "feasible/*.yaml", "why/*.py", "why/*.yaml")
HASH = 12


def model() -> str:
    """Return the hash of all that decides a number: code and data of the rooms below the results."""
    return with_private(_model())


@functools.cache
def _model() -> str:
    patterns = [f"{room}/**/*.{kind}" for room in ROOMS for kind in ("py", "csv", "yaml")]
    return hash_of(*patterns, *FITTED, *(f"answers/{name}" for name in SEARCHES))


def place(scenario: str, home: Path = HOME) -> Path:
    """Return where the answer of a shipped scenario lies."""
    return home / f"{scenario}-{load_scenario(scenario).hash[:HASH]}"


def _homes() -> tuple[Path, ...]:
    """Return the folders to look in: the package, then what this installation has made anew."""
    mine = f"app-{hashlib.sha256(model().encode()).hexdigest()[:HASH]}"
    return (HOME, *(one / mine for one in places.readable()))


@functools.cache
def _found(scenario: str) -> tuple[Path, bool] | None:
    """Return where an answer lies and whether it is of this model; one of this model is taken first."""
    earlier: Path | None = None
    for home in _homes():
        there = place(scenario, home)
        if not (there / MODEL).is_file():
            continue
        if (there / MODEL).read_text(encoding="utf-8").strip() == model():
            return there, True
        earlier = earlier or there
    return None if earlier is None else (earlier, False)


@functools.cache
def _loaded(there: Path) -> Result | None:
    try:
        return load(there / ANSWER)
    except (DocketflowError, OSError):
        return None


def result(scenario: str) -> Result | None:
    """Return the kept answer of a scenario, if there is one of this very model."""
    found = _found(scenario)
    return _loaded(found[0]) if found and found[1] else None


def earlier(scenario: str) -> Result | None:
    """Return the kept answer of a scenario even if an earlier model made it."""
    found = _found(scenario)
    return _loaded(found[0]) if found else None


def is_current(scenario: str) -> bool:
    """Return whether the kept answer is of this very model."""
    found = _found(scenario)
    return bool(found and found[1])


@functools.cache
def stairs(scenario: str) -> dict[str, Any]:
    """Return what limits lifted come to, by counting rule; empty if it was never made."""
    return _read(scenario, STAIRS)


@functools.cache
def take(scenario: str) -> dict[str, Any]:
    """Return what it would take to reach a scenario's target; empty if it was never made."""
    return _read(scenario, TAKE)


@functools.cache
def why(scenario: str) -> dict[str, Any]:
    """Return why a plan differs from the scenario without it; empty if it was never made."""
    return _read(scenario, WHY)


def binding(asked: Scenario) -> dict[str, Any]:
    """Return what stops a shipped scenario, as `docketflow binding` says it.

    Empty where what is asked is not just what is shipped, and where the answer is not of this very model.
    """
    shipped = shipped_as(asked.hash, among={asked.name} & set(scenario_names()))
    return _read(shipped, BINDING) if shipped and is_current(shipped) else {}


def write(place: Path, said: Mapping[str, Any]) -> None:
    """Keep what was said, with its checksum."""
    files.write(place, files.sealed(tidy(dict(said)), where=place))


def read(place: Path) -> dict[str, Any]:
    """Return what was kept; empty where nothing was, or where it is damaged: as if it had never been made."""
    try:
        return files.unsealed(place)
    except (DocketflowError, OSError):
        return {}


def _read(scenario: str, name: str) -> dict[str, Any]:
    found = _found(scenario)
    return {} if found is None else read(found[0] / name)


def forget() -> None:
    """Look again at what is kept."""
    for one in (_found, _loaded, stairs, take, why):
        one.cache_clear()
