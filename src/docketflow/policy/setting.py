"""One setting: a lever, an operation, a value, dates, a lag and its source.

It knows the catalogue of levers and nothing of other settings, of parameter values, or of how it was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from docketflow.core.errors import ScenarioError
from docketflow.core.shapes import Number
from docketflow.policy.catalogue import Lever, Operation, lever
from docketflow.policy.ranges import Amounts, Range, range_in_words
from docketflow.policy.spell import Spell

TARGET = "target."
PEOPLE = "population.people"
ONCE = (TARGET, PEOPLE)  # how levers begin that act on no parameter: said once, of a whole scenario
Quantiles = Mapping[str, Number]  # what is drawn to the quantile of one run, or an array of those of several
SETTING = "setting"  # how the name begins of what is drawn for a setting


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
    range, no_range
        How far the value may be off, drawn once a member; or why it has none.
    spell
        The time within its window in which it acts, drawn once a member; all of it without one.
    case
        The case of a court it stands for (`cases.py`), so that it can be switched off.
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
    range: Range | None = None
    no_range: str = ""
    spell: Spell | None = None
    case: str = ""

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
        ranged = [] if self.range is None else [self.range.row(self.lever)]
        spelled = [] if self.spell is None else [self.spell.row()]
        return [self.lever, self.operation, value, *days, self.lag, self.by, *ranged, *spelled]

    @property
    def named(self) -> str:
        """What it says in one line: the name under which its draws are kept."""
        value = dict(self.value) if isinstance(self.value, Mapping) else {"": self.value}
        numbers = ", ".join(f"{label} {number:g}".strip() for label, number in value.items())
        days = f"from {self.start}" + (f" to {self.end}" if self.end else "")
        lag = f", lag {self.lag}" if self.lag else ""
        ranged = range_in_words(self.range.row(self.lever) if self.range else None)
        return f"{SETTING} {self.lever} {self.operation} {numbers} {days}{lag}, {ranged}"

    def at(self, quantiles: Quantiles | None) -> Amounts | None:
        """Return its number (of each label) at each lever's quantile; without a range what it says."""
        if self.value is None or isinstance(self.value, str):
            return None
        if self.range is None or quantiles is None:
            return self.value
        return self.range.draw(self.value, quantiles[self.range.lever])

    def window(self, quantiles: Quantiles | None) -> tuple[Number, Number] | None:
        """Return the days of its spell, from the day it begins; None when it acts in all of its window."""
        return None if self.spell is None else self.spell.window(quantiles)

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
            "range": None if self.range is None else self.range.row(self.lever),
            "no_range": self.no_range,
            "spell": None if self.spell is None else self.spell.row(),
            "case": self.case,
            "note": self.note,
            "place": self.place,
        }

    def axes(self) -> tuple[str, ...]:
        """Return the traits whose labels the value may be given by."""
        keys = set(self.value) if isinstance(self.value, Mapping) else set()
        traits = lever(self.lever).labels()
        return tuple(t for t, labels in traits.items() if self.by in (None, t) and keys <= set(labels))


def check_bounds(number: float, chosen: Lever, where: str) -> None:
    """Raise if a number is not one the lever may be left at."""
    low, high = chosen.low or 0.0, chosen.high or 0.0
    if chosen.capacity and number < 0:
        raise ScenarioError(f"{where}: negative capacity {number:g} {chosen.unit}; the least is {low:g}")
    if not low <= number <= high:
        bounds = f"{low:.10g} to {high:.10g}"
        raise ScenarioError(f"{where}: {number:.10g} {chosen.unit} is out of bounds; allowed: {bounds}")
