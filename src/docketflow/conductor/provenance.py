"""What a result is made of, hashed, so that it can be told from any other."""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import os
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docketflow.evidence.otherwise.overlay import laid
from docketflow.policy import Scenario, shipped_as

HOME = Path(__file__).parents[1]
EVIDENCE = ("evidence/**/*.csv", "evidence/**/*.yaml")
FITTED = ("fitted/*.yaml", "fitted/kept/**/posterior.csv", "fitted/kept/**/manifest.json")
ANY = "(.*/)?"  # folders, as a regular expression


def made_of(
    scenario: Scenario,
    people: str,
    *,
    members: int,
    scale: str,
    seed: int,
    otherwise: str = "",
    fitted: bool = True,
) -> dict[str, Any]:
    """Return what a result of that many members is made of, hashed, so that it can be told from any other."""
    made: dict[str, Any] = {
        **made_by(fitted=fitted),
        "settings": settings_of(scenario, otherwise),
        "people": people,
    }
    run_of = {"members": members, "scale": scale, "seed": seed}
    private = laid()
    made |= {} if private is None else {"private": private.to_json()}
    made["hash"] = hashlib.sha256(json.dumps({**made, **run_of}, sort_keys=True).encode()).hexdigest()
    return {**made, "bias": _bias(made["settings"], scale, scenario.name)}


def settings_of(scenario: Scenario, otherwise: str = "") -> str:
    """Return the hash of what a scenario says, of what makes its room another (`otherwise`), of private rows.

    Each of them makes another run.
    """
    private = laid()
    more = f" without {otherwise}" if otherwise else ""
    more += f" over {private.hash}" if private else ""
    return hashlib.sha256(f"{scenario.hash}{more}".encode()).hexdigest() if more else scenario.hash


def _bias(settings: str, scale: str, likely: str) -> dict[str, float] | None:
    """Return the measured bias of this scale against one record a person, by outcome, if it was measured."""
    measured = [row for row in _biases() if row["scale"] == scale]
    mine = shipped_as(settings, likely=likely, among={row["scenario"] for row in measured})
    return {row["outcome"]: float(row["bias"]) for row in measured if row["scenario"] == mine} or None


@functools.cache
def _biases() -> tuple[dict[str, str], ...]:
    with (HOME / "results" / "scale_bias.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def made_by(*, fitted: bool = True) -> dict[str, str]:
    """Return what every result of this installation is made by: version, code and evidence.

    What was fitted is evidence too, where members are drawn from it.
    """
    return {
        "docketflow": _version(),
        "code": hash_of("*.py"),
        "evidence": with_private(hash_of(*EVIDENCE, *(FITTED if fitted else ()))),
    }


def with_private(digest: str) -> str:
    """Return a hash of published rows, another where private ones are laid over them."""
    private = laid()
    return hashlib.sha256(f"{digest} over {private.hash}".encode()).hexdigest() if private else digest


@functools.cache
def _version() -> str:  # read once: it is asked for with every result
    return version("docketflow")


@functools.cache
def hash_of(*patterns: str) -> str:
    """Return one hash of all package files that fit some patterns (as `Path.rglob` understands them)."""
    digest = hashlib.sha256()
    fits = re.compile("|".join(map(_expression, patterns))).fullmatch
    for name in filter(fits, _files()):
        with open(f"{HOME}/{name}", "rb") as file:
            digest.update(name.encode() + file.read())
    return digest.hexdigest()


@functools.cache
def _files() -> tuple[str, ...]:
    """Return every file of the package, folder by folder: looked for once, whatever patterns are asked of."""
    found: list[str] = []
    begins = len(f"{HOME}{os.sep}")
    for folder, inside, names in os.walk(HOME):
        inside[:] = (name for name in inside if name != "__pycache__")
        found += (f"{folder}{os.sep}{name}"[begins:] for name in names)
    return tuple("/".join(parts) for parts in sorted(path.split(os.sep) for path in found))


def _expression(pattern: str) -> str:
    """Return a pattern of files in any folder as a regular expression."""
    *folders, name = (re.escape(part).replace(r"\*", "[^/]*") for part in pattern.split("/"))
    return ANY + "".join(ANY if one == "[^/]*[^/]*" else f"{one}/" for one in folders) + name
