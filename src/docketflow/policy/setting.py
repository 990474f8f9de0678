"""One setting: a lever, an operation, a value, dates, a lag and its source, checked on its own.

It knows the catalogue of levers and nothing of other settings or of parameter values.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from docketflow.core.errors import ScenarioError, nearest, unknown
from docketflow.core.units import convert, require_fit
from docketflow.policy.catalogue import OPERATIONS, Lever, Operation, lever

FIELDS = (
    "lever",
    "operation",
    "value",
    "by",
    "unit",
    "from",
    "to",
    "lag",
    "note",
    "source",
    "locator",
    "assumed",
)
TARGET = "target."


@dataclass(frozen=True)
class Setting:
    """A lever pulled once.

    Parameters
    ----------
    lever
        Path of the lever.
    operation
        ``set``, ``scale``, ``add``, ``ramp``, ``open`` or ``close``.
    value
        A number, or numbers by label of one trait; a name for ``target.series``; None for open and close.
    start, end
        First and last day (None: to the end). A ramp reaches its value on its last day.
    lag
        Days until it acts: capacity is never there on the day it is decided.
    source, locator, assumed, note
        Where it is announced; ``assumed`` when the number is ours, even if a source says the thing.
    place
        File and line, for errors.
    by
        The trait whose labels the value is given by, where two traits share them.
    """

    lever: str
    operation: Operation
    value: float | str | Mapping[str, float] | None
    start: dt.date | None = None
    end: dt.date | None = None
    lag: int = 0
    source: str | None = None
    locator: str | None = None
    assumed: bool = False
    note: str = ""
    place: str = ""
    by: str | None = None

    @property
    def begins(self) -> int:
        """The ordinal of the first day on which it acts."""
        if self.start is None:
            raise ScenarioError(f"{self.where}: has no first day")
        return self.start.toordinal() + self.lag

    @property
    def ends(self) -> int | None:
        """The ordinal of the last day on which it acts (for a ramp, on which its value is reached)."""
        if self.end is None:
            return None
        return self.end.toordinal() + (self.lag if self.operation == "ramp" else 0)

    @property
    def where(self) -> str:
        """File, line and lever, for errors."""
        return f"{self.place} ({self.lever})"

    def said(self) -> list[object]:
        """Return what it says, as plain data: nothing of why it is said, or where."""
        value = dict(self.value) if isinstance(self.value, Mapping) else self.value
        days = [None if day is None else str(day) for day in (self.start, self.end)]
        return [self.lever, self.operation, value, *days, self.lag, self.by]

    def row(self) -> dict[str, object]:
        """Return the setting as a plain row of the table of levers."""
        chosen = lever(self.lever)
        return {
            "lever": self.lever,
            "title": chosen.title,
            "operation": self.operation,
            "value": dict(self.value) if isinstance(self.value, Mapping) else self.value,
            "unit": chosen.unit,
            "from": self.start,
            "to": self.end,
            "lag": self.lag,
            "source": self.source,
            "locator": self.locator,
            "assumed": self.assumed,
            "note": self.note,
            "place": self.place,
        }

    def axes(self) -> tuple[str, ...]:
        """Return the traits whose labels the value may be given by."""
        keys = set(self.value) if isinstance(self.value, Mapping) else set()
        traits = lever(self.lever).labels()
        return tuple(t for t, labels in traits.items() if self.by in (None, t) and keys <= set(labels))


def read_setting(row: Any, place: str) -> Setting:
    """Check one row of a scenario's ``settings``.

    Raises
    ------
    ScenarioError
        One line: what is wrong, where, and the nearest valid choice.
    """
    if not isinstance(row, dict):
        raise ScenarioError(f"{place}: a setting is a mapping with lever, operation, value, from")
    for key in row:
        if key not in FIELDS:
            raise ScenarioError(f"{place}: unknown field {key!r} in a setting; {nearest(str(key), FIELDS)}")
    path = row.get("lever")
    if not isinstance(path, str):
        raise ScenarioError(f"{place}: a setting must name its lever")
    chosen = lever(path, place)
    where = f"{place} ({path})"
    operation = _operation(row.get("operation", "set"), chosen, where)
    setting = Setting(
        lever=path,
        operation=operation,
        value=_value(row, operation, chosen, where),
        start=_date(row, "from", where),
        end=_date(row, "to", where),
        lag=_lag(row, chosen, where),
        source=_text(row, "source", where),
        locator=_text(row, "locator", where),
        assumed=_assumed(row, where),
        note=_text(row, "note", where) or "",
        place=place,
        by=_text(row, "by", where),
    )
    if isinstance(setting.value, Mapping) and not setting.axes():
        raise ScenarioError(f"{where}: {_stranger(setting, chosen)}")
    _dates(setting)
    _grounds(setting)
    return setting


def _operation(name: Any, chosen: Lever, where: str) -> Operation:
    if name not in OPERATIONS:
        raise ScenarioError(f"{where}: unknown operation {name!r:.40}; {nearest(str(name), OPERATIONS)}")
    if name not in chosen.operations:
        raise ScenarioError(f"{where}: cannot {name} this lever; it allows {', '.join(chosen.operations)}")
    return cast(Operation, name)


def _value(row: dict[Any, Any], operation: Operation, chosen: Lever, where: str) -> Any:
    value = row.get("value")
    if operation in ("open", "close"):
        if value is not None:
            raise ScenarioError(f"{where}: {operation} takes no value")
        return None
    if chosen.kind == "name":
        if value not in chosen.choices:
            raise ScenarioError(
                f"{where}: unknown value {value!r:.40}; {nearest(str(value), chosen.choices)}"
            )
        return value
    if isinstance(value, dict):
        return _by_label(value, row, operation, chosen, where)
    return _number(value, row, operation, chosen, where)


def _stranger(setting: Setting, chosen: Lever) -> str:
    """Say which label does not belong to the traits the lever is by."""
    traits = {t: labels for t, labels in chosen.labels().items() if setting.by in (None, t)}
    if not traits:
        return unknown("trait", str(setting.by), chosen.by)
    every = [label for labels in traits.values() for label in labels]
    keys = list(setting.value) if isinstance(setting.value, Mapping) else []
    wrong = next((key for key in keys if key not in every), keys[0])
    return f"{wrong!r} is not a label of {' or '.join(traits)}; {nearest(wrong, every)}"


def _by_label(
    value: dict[Any, Any], row: dict[Any, Any], operation: Operation, chosen: Lever, where: str
) -> dict[str, float]:
    if not chosen.by:
        raise ScenarioError(f"{where}: is one number, not a number by label")
    if not value:
        raise ScenarioError(f"{where}: value names no label")
    keys = [str(key) for key in value]
    numbers = [_number(number, row, operation, chosen, f"{where} {key}") for key, number in value.items()]
    return dict(zip(keys, numbers, strict=True))


def _number(value: Any, row: dict[Any, Any], operation: Operation, chosen: Lever, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        shown = "no value" if value is None else f"{value!r:.40}"
        raise ScenarioError(f"{where}: needs a number in {chosen.unit}, got {shown}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ScenarioError(f"{where}: needs a finite number in {chosen.unit}, got {number}")
    if operation != "scale":
        number = _in_unit(number, row, chosen, where)
    elif number < 0:
        raise ScenarioError(f"{where}: cannot scale by {number:g}; a factor is 0 or more")
    if operation in ("set", "ramp"):
        check_bounds(number, chosen, where)
    return number


def check_bounds(number: float, chosen: Lever, where: str) -> None:
    """Raise if a number is not one the lever may be left at."""
    low, high = chosen.low or 0.0, chosen.high or 0.0
    if chosen.capacity and number < 0:
        raise ScenarioError(f"{where}: negative capacity {number:g} {chosen.unit}; the least is {low:g}")
    if not low <= number <= high:
        bounds = f"{low:g} to {high:g}"
        raise ScenarioError(f"{where}: {number:g} {chosen.unit} is out of bounds; allowed: {bounds}")


def _in_unit(number: float, row: dict[Any, Any], chosen: Lever, where: str) -> float:
    """Return a number given in ``unit`` as one in the lever's unit."""
    given = row.get("unit")
    if given is None:
        return number
    if not isinstance(given, str):
        raise ScenarioError(f"{where}: unit must be a word, got {given!r:.40}")
    require_fit(given, chosen.unit, where=where, error=ScenarioError)
    return convert(number, given, chosen.unit)


def _date(row: dict[Any, Any], field: str, where: str) -> dt.date | None:
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ScenarioError(f"{where}: {field} must be a date such as 2025-01-20, got {value!r:.40}")
    return value


def _lag(row: dict[Any, Any], chosen: Lever, where: str) -> int:
    lag = row.get("lag")
    if lag is None:
        if chosen.capacity:
            raise ScenarioError(f"{where}: capacity needs a lag: the days until it works (0 if none)")
        return 0
    if isinstance(lag, bool) or not isinstance(lag, int) or not 0 <= lag <= 36_500:
        raise ScenarioError(f"{where}: lag must be a whole number of days, 0 or more, got {lag!r:.40}")
    return lag


def _text(row: dict[Any, Any], field: str, where: str) -> str | None:
    value = row.get(field)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise ScenarioError(f"{where}: {field} must be text, got {value!r:.40}")
    return value


def _assumed(row: dict[Any, Any], where: str) -> bool:
    value = row.get("assumed", False)
    if not isinstance(value, bool):
        raise ScenarioError(f"{where}: assumed must be true or left out, got {value!r:.40}")
    return value


def _dates(setting: Setting) -> None:
    where = setting.where
    if setting.lever.startswith(TARGET):
        if setting.start or setting.end or setting.lag or setting.operation != "set":
            raise ScenarioError(f"{where}: a target is set once and has no dates or lag")
        return
    if setting.start is None:
        raise ScenarioError(f"{where}: needs 'from', the first day on which it is decided")
    if setting.operation == "ramp" and setting.end is None:
        raise ScenarioError(f"{where}: a ramp needs 'to', the day on which its value is reached")
    if setting.end is not None:
        if setting.end < setting.start:
            raise ScenarioError(f"{where}: ends on {setting.end}, before it starts on {setting.start}")
        if setting.operation != "ramp" and setting.begins > setting.end.toordinal():
            raise ScenarioError(f"{where}: its lag of {setting.lag} days is longer than its time in force")


def _grounds(setting: Setting) -> None:
    where = setting.where
    if not setting.assumed and not setting.source:
        raise ScenarioError(f"{where}: needs a source (and its locator), or assumed: true with a note")
    if setting.source and not setting.locator:
        raise ScenarioError(f"{where}: needs a locator: the page, table or section of {setting.source}")
    if setting.assumed and not setting.note:
        raise ScenarioError(f"{where}: an assumed setting needs a note that says why")
