"""A setting as someone writes it: a model says what each field may be, then its lever says what it may mean.

Whatever is wrong is one line: what, where, and the nearest valid choice.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from docketflow.core.errors import ScenarioError, nearest, unknown
from docketflow.core.given import shown
from docketflow.core.units import convert, require_fit
from docketflow.policy.catalogue import OPERATIONS, Lever, Operation, lever
from docketflow.policy.setting import ONCE, Setting, check_bounds
from docketflow.policy.spell import read_spell
from docketflow.policy.written_range import read_range

LONGEST_LAG = 36_500  # days: a century
Text = Annotated[str, Field(pattern=r"\S")]
KINDS = {
    "from": "must be a date such as 2025-01-20",
    "to": "must be a date such as 2025-01-20",
    "lag": "must be a whole number of days, 0 or more",
    "assumed": "must be true or left out",
}
"""What a field must be, where it is not a text."""


class Written(BaseModel):
    """The fields of one row of a scenario's ``settings``, each of its kind."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    lever: str
    operation: Operation = "set"
    value: Any = None
    by: Text | None = None
    unit: Text | None = None
    begin: dt.date | None = Field(None, alias="from")
    end: dt.date | None = Field(None, alias="to")
    lag: Annotated[int, Field(ge=0, le=LONGEST_LAG)] | None = None
    note: Text | None = None
    source: Text | None = None
    locator: Text | None = None
    assumed: bool = False
    ranged: Any = Field(None, alias="range")
    no_range: Text | None = None
    spell: Any = None
    case: Text | None = None

    @model_validator(mode="after")
    def _has_its_dates(self) -> Written:
        if self.lever.startswith(ONCE):
            if self.begin or self.end or self.lag or self.operation != "set":
                raise ValueError("is set once, for a whole scenario, and has no dates or lag")
            return self
        if self.begin is None:
            raise ValueError("needs 'from', the first day on which it is decided")
        if self.spell is not None and (self.end is None or self.operation == "ramp"):
            raise ValueError("a spell needs 'to', the last day on which it may be in force, and is no ramp")
        if self.operation == "ramp" and self.end is None:
            raise ValueError("a ramp needs 'to', the day on which its value is reached")
        if self.end is not None:
            if self.end < self.begin:
                raise ValueError(f"ends on {self.end}, before it starts on {self.begin}")
            if self.operation != "ramp" and (self.lag or 0) > (self.end - self.begin).days:
                raise ValueError(f"its lag of {self.lag} days is longer than its time in force")
        return self

    @model_validator(mode="after")
    def _has_its_grounds(self) -> Written:
        if not self.assumed and not self.source:
            raise ValueError("needs a source (and its locator), or assumed: true with a note")
        if self.source and not self.locator:
            raise ValueError(f"needs a locator: the page, table or section of {self.source}")
        if self.assumed and not self.note:
            raise ValueError("an assumed setting needs a note that says why")
        if self.ranged is not None and self.no_range:
            raise ValueError("has a range and says why it has none; leave one out")
        return self


FIELDS = tuple(field.alias or name for name, field in Written.model_fields.items())


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
    operation = row.get("operation", "set")
    if operation in OPERATIONS and operation not in chosen.operations:
        allowed = ", ".join(chosen.operations)
        raise ScenarioError(f"{where}: cannot {operation} this lever; it allows {allowed}")
    try:
        written = Written.model_validate(row)
    except ValidationError as error:
        raise ScenarioError(f"{where}: {_said(error)}") from None
    return _held_against(written, chosen, place, where)


def _said(error: ValidationError) -> str:
    """Return the first thing that is wrong in one line."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    field, given = str(first["loc"][0]), first["input"]
    if field == "operation":
        return f"unknown operation {shown(given)}; {nearest(str(given), OPERATIONS)}"
    return f"{field} {KINDS.get(field, 'must be text')}, got {shown(given)}"


def _held_against(written: Written, chosen: Lever, place: str, where: str) -> Setting:
    """Return the setting, its value in the lever's own unit and within its bounds."""
    if chosen.capacity and written.lag is None:
        raise ScenarioError(f"{where}: capacity needs a lag: the days until it works (0 if none)")
    value = _value(written, chosen, where)
    setting = Setting(
        lever=chosen.path,
        operation=written.operation,
        value=value,
        start=written.begin,
        end=written.end,
        lag=written.lag or 0,
        source=written.source,
        locator=written.locator,
        assumed=written.assumed,
        note=written.note or "",
        place=place,
        by=written.by,
        range=None
        if written.ranged is None
        else read_range(written.ranged, value, written.operation, chosen, written.unit, where),
        no_range=written.no_range or "",
        spell=None if written.spell is None else read_spell(written.spell, where),
        case=written.case or "",
    )
    if isinstance(setting.value, dict) and not setting.axes():
        raise ScenarioError(f"{where}: {_stranger(setting, chosen)}")
    return setting


def _value(written: Written, chosen: Lever, where: str) -> Any:
    value = written.value
    if written.operation in ("open", "close"):
        if value is not None:
            raise ScenarioError(f"{where}: {written.operation} takes no value")
        return None
    if chosen.kind == "name":
        if value not in chosen.choices:
            raise ScenarioError(
                f"{where}: unknown value {shown(value)}; {nearest(str(value), chosen.choices)}"
            )
        return value
    if not isinstance(value, dict):
        return _number(value, written, chosen, where)
    if not chosen.by:
        raise ScenarioError(f"{where}: is one number, not a number by label")
    if not value:
        raise ScenarioError(f"{where}: value names no label")
    return {
        str(key): _number(number, written, chosen, f"{where} {shown(key)}") for key, number in value.items()
    }


def _stranger(setting: Setting, chosen: Lever) -> str:
    """Say which label does not belong to the traits the lever is by."""
    traits = {t: labels for t, labels in chosen.labels().items() if setting.by in (None, t)}
    if not traits:
        return unknown("trait", str(setting.by), chosen.by)
    every = [label for labels in traits.values() for label in labels]
    keys = list(setting.value) if isinstance(setting.value, dict) else []
    wrong = next((key for key in keys if key not in every), keys[0])
    return f"{wrong!r} is not a label of {' or '.join(traits)}; {nearest(wrong, every)}"


def _number(value: Any, written: Written, chosen: Lever, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        got = "no value" if value is None else shown(value)
        raise ScenarioError(f"{where}: needs a number in {chosen.unit}, got {got}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ScenarioError(f"{where}: needs a finite number in {chosen.unit}, got {number}")
    if written.operation == "scale":
        if number < 0:
            raise ScenarioError(f"{where}: cannot scale by {number:g}; a factor is 0 or more")
        return number
    if written.unit is not None:
        require_fit(written.unit, chosen.unit, where=where, error=ScenarioError)
        number = convert(number, written.unit, chosen.unit)
    if written.operation in ("set", "ramp"):
        check_bounds(number, chosen, where)
    return number
