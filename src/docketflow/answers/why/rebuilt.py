"""The scenario a result was run with, built again from what the result kept, and held against its hash.

It knows scenarios and results; nothing of what is asked of them.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docketflow.conductor.provenance import settings_of
from docketflow.conductor.rooms import RANGES
from docketflow.core.errors import DocketflowError, UsageError
from docketflow.policy import Scenario, load_scenario
from docketflow.policy.catalogue import lever
from docketflow.policy.library import scenario_names
from docketflow.policy.scenario import Layer
from docketflow.policy.setting import Setting
from docketflow.policy.written import read_setting
from docketflow.results import Result

WRITTEN = (
    *("lever", "operation", "value", "from", "to", "lag", "source", "locator"),
    *("assumed", "note", "range", "no_range", "spell", "case"),
)
MOST_TRIED = 64  # ways in which settings may have stood in layers and by traits


def named(asked: str | Path | Scenario | Result | None) -> Scenario:
    """Return a scenario by name, by file or as the object it is."""
    if isinstance(asked, Scenario):
        return asked
    if not isinstance(asked, str | Path):
        raise UsageError(f"why: needs a scenario or a result, got {asked!r:.40}")
    return load_scenario(asked)


def scenario_of(result: Result) -> Scenario:
    """Return the scenario of a result.

    Raises
    ------
    UsageError
        When what the result kept does not say the same as what it was run with: a lever is gone or means
        something else now, or layers cannot be told apart.
    """
    wanted = str(result.manifest.get("settings", ""))
    found: Scenario | None = None
    try:
        for found in _candidates(result):
            if settings_of(found) == wanted:
                return found
            if settings_of(found, RANGES) == wanted:
                break
        else:
            found = None
    except DocketflowError as error:
        said = f"{result.scenario}: its settings cannot be built again: {error}"
        raise UsageError(said) from None
    if found is not None:
        raise UsageError(
            f"{result.scenario}: was run with --ranges; what is asked draws what was fitted from the "
            "posterior: ask it of a run without --ranges"
        )
    raise UsageError(
        f"{result.scenario}: what it kept of its settings does not come to its hash; give the "
        "scenario's file in its place"
    )


def _candidates(result: Result) -> Iterator[Scenario]:
    """Yield what a result may have been run with: the scenario of its name, then what it kept of one."""
    if result.scenario in scenario_names():
        yield load_scenario(result.scenario)
    for layers in itertools.islice(_layered(result), MOST_TRIED):
        yield _with(result, layers)


def _with(result: Result, layers: tuple[Layer, ...]) -> Scenario:
    manifest = result.manifest
    bare = Scenario(
        name=result.scenario,
        title=str(manifest.get("title", result.scenario)),
        summary=str(manifest.get("summary", "")),
        first=dt.date.fromisoformat(str(manifest["first"])),
        start=result.start,
        end=result.end,
        where=f"result of {result.scenario}",
    )
    return bare._with(layers)  # checked when they were run


def _layered(result: Result) -> Iterator[tuple[Layer, ...]]:
    """Yield the ways in which kept settings may have stood: a layer a file, by one trait or another."""
    files = [str(row["place"]).partition(", line")[0].partition(" ")[0] for row in result.levers]
    readings = [list(_readings(row)) for row in result.levers]
    for settings in itertools.product(*readings):
        pairs = zip(files, settings, strict=True)
        yield tuple(
            tuple(one for _, one in layer) for _, layer in itertools.groupby(pairs, key=lambda pair: pair[0])
        )


def _readings(row: Mapping[str, Any]) -> Iterator[Setting]:
    """Yield a kept row as the setting it may have been; it does not say by which trait its labels are."""
    written = {key: row[key] for key in WRITTEN if not (row.get(key) is None or row[key] == "")}
    if written.get("lag") == 0:  # of a target, or of what needs none
        del written["lag"]
    for key in ("from", "to"):
        if isinstance(written.get(key), str):
            written[key] = dt.date.fromisoformat(written[key])
    if lever(str(row["lever"])).capacity:
        written["lag"] = row["lag"]
    by = lever(str(row["lever"])).by if isinstance(row["value"], Mapping) else ()
    for trait in (None, *by):
        try:
            yield read_setting(written | ({"by": trait} if trait else {}), str(row["place"]))
        except DocketflowError:
            if trait is None:
                raise
