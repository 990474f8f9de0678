"""Find scenarios: the shipped ones by name, anyone's by path; read them and what they extend."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from docketflow.core.errors import ScenarioError, nearest, unknown
from docketflow.core.strict_yaml import Place, parse_lined, read_text
from docketflow.policy.cases import read_orders
from docketflow.policy.scenario import Layer, Scenario
from docketflow.policy.setting import PEOPLE, TARGET, Setting
from docketflow.policy.written import read_setting

FIELDS = (
    *("name", "title", "summary", "extends", "leave_out", "baseline"),
    *("first", "start", "end", "target", "orders", "settings"),
)
SUFFIXES = (".yaml", ".yml")
LONGEST_CHAIN = 20  # scenarios that extend one another


def _folder() -> Path:
    return Path(str(resources.files("docketflow.policy").joinpath("scenarios")))


def list_scenarios() -> list[Scenario]:
    """Return every shipped scenario, by name."""
    return [load_scenario(path) for path in sorted(_folder().glob("*.yaml"))]


def scenario_names() -> list[str]:
    """Return the names of the shipped scenarios without reading them."""
    return sorted(path.stem for path in _folder().glob("*.yaml"))


def shipped_as(settings: object, *, likely: str = "", among: Iterable[str] | None = None) -> str | None:
    """Return the name of the shipped scenario that says what a hash stands for (`Scenario.hash`), or None.

    What is known of a shipped scenario (checks, measured bias) belongs to what it says, not to its name. The
    ``likely`` one is read before the others, and no others than those ``among`` which it may be.
    """
    names = sorted(scenario_names() if among is None else among, key=lambda name: name != likely)
    return next((name for name in names if _hash_of(name) == settings), None)


@functools.cache
def _hash_of(name: str) -> str:
    return load_scenario(name).hash


def load_scenario(name: str | Path) -> Scenario:
    """Read a scenario by its shipped name or the path of its YAML file.

    Raises
    ------
    ScenarioError
        One line: what is wrong, where, and the nearest valid choice.
    """
    path = _find(name, Path(), "")
    return _shipped(path, _as_they_are()) if path.parent == _folder() else _load(path, ())


def plain_of(baseline: str, start: dt.date, end: dt.date, people: int | None) -> Scenario:
    """Return a baseline over some days for as many people as a plan has: the plan alone tells them apart."""
    other = load_scenario(baseline).between(start=start, end=end)
    return other if people is None else other.with_sets([f"{PEOPLE}={people}"])


@functools.lru_cache(maxsize=64)
def _shipped(path: Path, files: tuple[tuple[str, int, int], ...]) -> Scenario:
    """Return a shipped scenario, read once as long as none of the files that it may extend changes."""
    return _load(path, ())


def _as_they_are() -> tuple[tuple[str, int, int], ...]:
    """Return what tells the shipped files from changed ones."""
    stats = [(path.name, path.stat()) for path in sorted(_folder().glob("*.yaml"))]
    return tuple((name, one.st_mtime_ns, one.st_size) for name, one in stats)


def _find(name: str | Path, beside: Path, where: str) -> Path:
    text = str(name)
    if text in scenario_names():
        return _folder() / f"{text}.yaml"
    path = beside / text
    looks_like_file = text.endswith(SUFFIXES) or "/" in text or "\\" in text
    if looks_like_file:
        try:
            if not path.exists():
                raise ScenarioError(f"{where or text}: there is no scenario file {str(path)!r}")
        except (OSError, ValueError):
            raise ScenarioError(f"{where or repr(text)[:80]}: is not a path that can be read") from None
        return path
    raise ScenarioError(unknown("scenario", text[:200], scenario_names(), where))


def _load(path: Path, above: tuple[Path, ...]) -> Scenario:
    place = path.name
    data, lines = parse_lined(read_text(path, error=ScenarioError), where=place, error=ScenarioError)
    if not isinstance(data, dict):
        raise ScenarioError(f"{place}: a scenario is a mapping with name, title, dates and settings")
    for key in data:
        if key not in FIELDS:
            line = lines.get((str(key),), 1)
            raise ScenarioError(f"{place}, line {line}: unknown field {key!r}; {nearest(str(key), FIELDS)}")
    parent = _parent(data, path, above, place)
    name = _text(data, "name", place) or path.stem
    first, start, end = (_date(data, field, parent, place) for field in ("first", "start", "end"))
    layer = _layer(data, lines, place)
    kept = _kept(data, parent.layers if parent else (), place)
    orders = {}
    if "orders" in data:
        orders = read_orders(data["orders"], f"{place}, line {lines.get(('orders',), 1)} (orders)")
    found = Scenario(
        name=name,
        title=_text(data, "title", place) or (parent.title if parent else name),
        summary=_text(data, "summary", place) or (parent.summary if parent else ""),
        first=first,
        start=start,
        end=end,
        layers=(*kept, layer),
        where=place,
        baseline=_baseline(data, parent, place),
    )
    return found.with_orders(orders)


def _kept(data: dict[str, Any], layers: tuple[Layer, ...], place: str) -> tuple[Layer, ...]:
    """Return the layers of the scenario extended without its settings of the levers that are left out."""
    said = data.get("leave_out", [])
    if not isinstance(said, list):
        raise ScenarioError(f"{place}: leave_out must be a list of levers, got {said!r:.40}")
    set_there = {setting.lever for layer in layers for setting in layer}
    for path in map(str, said):
        if path not in set_there:
            raise ScenarioError(unknown("setting", path, set_there, f"{place}, leave_out"))
    return tuple(tuple(setting for setting in layer if setting.lever not in said) for layer in layers)


def _baseline(data: dict[str, Any], parent: Scenario | None, place: str) -> str:
    """Return the shipped scenario that is shown beside this one: its own, that of its parent, or none."""
    said = _text(data, "baseline", place)
    if said is None:
        return parent.baseline if parent else ""
    if said not in scenario_names():
        raise ScenarioError(unknown("scenario", said[:200], scenario_names(), f"{place}, baseline"))
    return said


def _parent(data: dict[str, Any], path: Path, above: tuple[Path, ...], place: str) -> Scenario | None:
    extends = _text(data, "extends", place)
    if extends is None:
        return None
    found = _find(extends, path.parent, f"{place}, extends")
    chain = (*above, path.resolve())
    if len(chain) >= LONGEST_CHAIN:
        raise ScenarioError(f"{place}, extends: more than {LONGEST_CHAIN} scenarios that extend one another")
    if found.resolve() in chain:
        raise ScenarioError(f"{place}, extends: {extends!r} leads back to itself")
    return _load(found, chain)


def _layer(data: dict[str, Any], lines: dict[Place, int], place: str) -> Layer:
    rows = data.get("settings")
    rows = [] if rows is None else rows
    if not isinstance(rows, list):
        raise ScenarioError(f"{place}, line {lines.get(('settings',), 1)}: settings must be a list")
    settings = [read_setting(row, f"{place}, line {lines[('settings', n)]}") for n, row in enumerate(rows)]
    return (*_target(data, lines, place), *settings)


def _target(data: dict[str, Any], lines: dict[Place, int], place: str) -> list[Setting]:
    """Return the ``target`` block as settings of ``target.*``, which is what it is short for."""
    block = data.get("target")
    if block is None:
        return []
    where = f"{place}, line {lines.get(('target',), 1)}"
    if not isinstance(block, dict):
        raise ScenarioError(f"{where}: target is a mapping with removals and series")
    grounds = {key: block[key] for key in ("source", "locator", "assumed", "note") if key in block}
    rest = {key: value for key, value in block.items() if key not in grounds}
    return [read_setting({"lever": f"{TARGET}{key}", "value": rest[key], **grounds}, where) for key in rest]


def _text(data: dict[str, Any], field: str, place: str) -> str | None:
    value = data.get(field)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise ScenarioError(f"{place}: {field} must be text, got {value!r:.40}")
    return value.strip() if value else None


def _date(data: dict[str, Any], field: str, parent: Scenario | None, place: str) -> dt.date:
    value = data.get(field)
    if value is None and parent is not None:
        inherited: dt.date = getattr(parent, field)
        return inherited
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        shown = "nothing" if value is None else f"{value!r:.40}"
        raise ScenarioError(f"{place}: {field} must be a date such as 2025-01-20, got {shown}")
    return value
