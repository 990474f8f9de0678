"""What a figure, a source, a parameter, a check and a claim are, and what each must say.

Models only: nothing here reads a file, and nothing knows what any parameter is used for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from docketflow.core.errors import unknown
from docketflow.core.quantity import FIRST_DAY, Dated, Table, Value
from docketflow.core.runs import of_run, side_by_side
from docketflow.core.shapes import Shape, finite, read_shape
from docketflow.core.units import is_unit, unit
from docketflow.core.vocabulary import vocabulary

Word = Annotated[str, Field(min_length=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
FIGURE_COLUMNS = (
    *("id", "metric", "unit", "period_start", "period_end", "geography", "subgroup"),
    *("value", "low", "high", "definition", "source", "locator", "confidence"),
)
LAW_COLUMNS = (
    *("key", "cite", "ina", "title", "kind", "in_force_from", "in_force_to"),
    *("verified_on", "seen", "address", "note"),
)
LITIGATION_COLUMNS = (
    *("case", "policy", "policy_class", "court", "docket", "filed", "in_force_from", "lifted", "lift"),
    *("effect", "within_days", "source", "confidence", "note", "no_lever"),
)
PRIOR_COLUMNS = ("quantity", "on", "unit", "value", "low", "high", "basis", "evidence", "why")
SOURCE_COLUMNS = ("id", "title", "publisher", "published", "url", "note")


class Strict(BaseModel):
    """A record that refuses names it does not know and never changes; how it is read is made when it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Figure(Strict):
    """A published number: one cell of one page of one source."""

    id: Word
    metric: Word
    unit: Word
    period_start: dt.date
    period_end: dt.date
    geography: str = "US"
    subgroup: str = "all"
    value: Finite
    low: Finite | None = None
    high: Finite | None = None
    definition: str = ""
    source: Word
    locator: str = ""
    confidence: Literal["A", "B", "C"]


class Source(Strict):
    """Where figures come from."""

    id: Word
    title: Word
    publisher: str = ""
    published: str = ""
    url: str = ""
    note: str = ""


class Law(Strict):
    """One authority: how it is cited, when it was in force, and whether its text was read, where and when.

    ``cite`` is the official citation, ``ina`` the section of the Immigration and Nationality Act. ``seen`` is
    the address of the copy that was read; ``address`` leads to the official text.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]
    cite: Word
    ina: str = ""
    title: Word
    kind: Literal["statute", "regulation", "notice", "proclamation", "executive order", "decision"]
    in_force_from: dt.date | None = None
    in_force_to: dt.date | None = None
    verified_on: dt.date | None = None
    seen: str = ""
    address: Annotated[str, Field(pattern=r"^https://")]
    note: str = ""

    @model_validator(mode="after")
    def _dates_hold(self) -> Law:
        if (self.verified_on is None) != (not self.seen):
            raise ValueError("verified_on and seen go together: the day a text was read, and where")
        if self.in_force_from and self.in_force_to and self.in_force_to < self.in_force_from:
            raise ValueError("in_force_to is before in_force_from")
        return self


class Parameter(Strict):
    """A number the model reads, with the evidence it rests on.

    `value` is central; `draw(u)` gives the value at a quantile of its uncertainty. ``bound`` says of a yield
    or capacity taken from throughput whether the resource was the limit then; if not, it is a lower bound.
    ``formerly`` is the path it was drawn under before it was renamed: it keeps its luck. ``no_range`` says
    why a number that nobody can look up has no shape.
    """

    path: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
    unit: Word
    value: Dated
    by: tuple[str, ...] = ()
    shape: Shape | None = None
    no_range: str = ""
    how: Literal["direct", "ratio", "fitted", "assumed"]
    evidence: tuple[str, ...] = ()
    input_for: tuple[str, ...] = ()
    bound: Literal["yes", "no", "not known"] | None = None
    note: str = ""
    valid: str = ""
    where: str = ""
    formerly: str = ""

    @property
    def scenario_only(self) -> bool:
        """Whether no figure or series bears on it: it is moved by scenarios, never fitted."""
        return self.how == "assumed" and not self.evidence and not self.input_for

    @model_validator(mode="before")
    @classmethod
    def _read(cls, entry: dict[str, Any]) -> dict[str, Any]:
        """Turn the written form (value, or dated; tables nested by label) into a Dated value and a Shape."""
        entry = dict(entry)
        by = tuple(entry.get("by") or ())
        for trait in by:
            if trait not in vocabulary():
                raise ValueError(unknown("trait", str(trait), vocabulary()))
        if ("value" in entry) == ("dated" in entry):
            raise ValueError("give either value or dated")
        if isinstance(entry.get("value"), Dated):
            return entry
        if "dated" in entry:
            entry["value"] = _dated(entry.pop("dated"), by)
        else:
            entry["value"] = Dated.always(_value(entry["value"], by))
        shape = entry.get("shape")
        if isinstance(shape, Mapping):
            entry["shape"] = read_shape(shape)
        if "valid" in entry:
            entry["valid"] = str(entry["valid"])
        return entry

    @model_validator(mode="after")
    def _shape_fits_value(self) -> Parameter:
        if self.shape is not None and self.no_range:
            raise ValueError("has a shape and says why it has none; leave one out")
        varied = self.by or len(self.value.values) > 1
        if self.shape is not None and varied and not self.shape.relative:
            raise ValueError("the shape of a table or a dated value needs relative: true")
        return self

    @property
    def about(self) -> str:
        """What is to be known of it: its note, and why it has no range where it has none."""
        return f"{self.note} No range: {self.no_range}" if self.no_range else self.note

    @property
    def drawn_as(self) -> str:
        """The name under which its quantiles are drawn."""
        return f"parameter {self.formerly or self.path}"

    @property
    def central(self) -> Dated:
        """The central value (the median of every shape)."""
        return self.value

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """The range a draw is kept in: shares in [0, 1], other values on the side of zero of their range."""
        bottom, top = unit(self.unit).bounds if is_unit(self.unit) else (0.0, float("inf"))
        lowest = min(float(np.min(cells)) for cells in self.cells())
        if self.shape is not None and not self.shape.relative:
            lowest = min(lowest, self.shape.low)
        return (bottom if lowest >= 0 else -float("inf"), top)

    def cells(self) -> list[np.ndarray]:
        """Return the numbers of every date, as arrays."""
        return [np.asarray(v.data if isinstance(v, Table) else v, dtype=float) for v in self.value.values]

    def draw(self, u: float) -> Dated:
        """Return the value at quantile ``u`` of its uncertainty; one half gives the central value itself."""
        return of_run(self.draws(np.array([u])), 0)

    def draws(self, at: np.ndarray) -> Dated:
        """Return the values at several quantiles, side by side; the central value if it has no shape."""
        if self.shape is None:
            return self.value
        moved = [
            side_by_side(value, np.asarray(self.shape.quantile(cells, at, bounds=self.bounds)))
            for value, cells in zip(self.value.values, self.cells(), strict=True)
        ]
        return Dated(self.value.starts, tuple(moved))


class Prior(Strict):
    """What is assumed of a quantity that nobody has published: a median and the range that holds nine tenths.

    ``basis`` is ``derived`` (from figures) or ``judgement``. Whatever takes it up, says how: assumed.
    """

    quantity: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
    on: dt.date | None = None
    unit: Word
    value: Finite
    low: Finite
    high: Finite
    basis: Literal["derived", "judgement"]
    evidence: str = ""
    why: Word


class Check(Strict):
    """One comparison of a scenario's outcome with published figures, and how far it may be off.

    ``outcome`` is a name of the catalog, ``change:NAME`` (last day less the day before the first) or
    ``share:NAME``. With ``change:`` the figures are the two ends, earlier first.
    """

    scenario: Word
    outcome: Word
    figures: tuple[str, ...] = Field(min_length=1, max_length=2)
    relative: Annotated[float, Field(gt=0, le=1)] | None = None
    absolute: Annotated[float, Field(gt=0)] | None = None
    note: str = ""

    @model_validator(mode="after")
    def _one_tolerance(self) -> Check:
        if (self.relative is None) == (self.absolute is None):
            raise ValueError("give either relative or absolute")
        if (len(self.figures) == 2) != self.outcome.startswith("change:"):
            raise ValueError("a change names two figures, anything else one")
        return self


class Series(Strict):
    """A finer published series that a scenario is held against, and how far it may be off.

    ``figures`` in the order of their periods make one value (``over``); more than one also shows the course.
    ``held_out`` series are never tuned to. ``events`` is a kind of `events.yaml`: no parameter may rest on a
    figure of that kind whose period overlaps this one's. ``stand_in`` says why the figures are not of the
    scenario's own period, or why there are none; such a series is shown and never judged by the lint.
    """

    id: Word
    outcome: Word
    scenario: Word
    says: Word
    events: Word
    figures: tuple[str, ...] = ()
    over: Literal["sum", "mean", "last"] = "sum"
    relative: Annotated[float, Field(gt=0, le=1)] | None = None
    absolute: Annotated[float, Field(gt=0)] | None = None
    stand_in: str = ""
    no_outcome_yet: bool = False
    held_out: bool = False
    where: str = ""

    @model_validator(mode="after")
    def _one_tolerance(self) -> Series:
        if self.figures and (self.relative is None) == (self.absolute is None):
            raise ValueError("give either relative or absolute")
        if not self.figures and not self.stand_in:
            raise ValueError("names no figure; say in stand_in why none was found")
        return self


class Events(Strict):
    """One kind of happening and the series that count it, by patterns such as ``ice_removals*``."""

    events: Word
    metrics: tuple[str, ...] = Field(min_length=1)


class NotSources(Strict):
    """Hosts that are not sources, and why."""

    why: Word
    hosts: tuple[Word, ...]


class LitigationOrder(Strict):
    """An order of a court on a policy, with the days it was in force.

    ``within_days`` is how far the days may be off: zero where they were read, more where from memory.
    ``no_lever`` says why no lever is switched by it, where none is.
    """

    case: Word
    policy: Word
    policy_class: Word
    court: Word
    docket: str = ""
    filed: dt.date | None = None
    in_force_from: dt.date | None = None
    lifted: dt.date | None = None
    lift: str = ""
    effect: Word
    within_days: Annotated[int, Field(ge=0)] = 0
    source: Word
    confidence: Literal["A", "B", "C"]
    note: str = ""
    no_lever: str = ""

    @model_validator(mode="after")
    def _dates_hold(self) -> LitigationOrder:
        if self.in_force_from and self.lifted and self.lifted < self.in_force_from:
            raise ValueError("lifted is before in_force_from")
        if self.confidence == "C" and not self.within_days:
            raise ValueError("grade C: say in within_days how far the days may be off")
        return self


class CountingRule(Strict):
    """One way to count departures: the series added, and those added only while they were in force."""

    rule: Word
    label: Word
    series: tuple[tuple[str, ...], ...]
    while_in_force: tuple[str, ...] = ()


class Claim(Strict):
    """A past total that somebody states, in our own words.

    ``kind`` says what is counted: a total over the period, the highest fiscal year in it, or a level, for
    which ``metrics`` names the series and what each counts.
    """

    id: Word
    says: Word
    kind: Literal["total", "highest year", "level"]
    value: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    within: Annotated[float, Field(gt=0, le=1)]
    start: dt.date
    end: dt.date
    metrics: dict[str, str] = {}


def _value(given: Any, by: tuple[str, ...]) -> Value:
    """Return a number, or the table nested by the labels of each trait in turn."""
    if not by:
        if isinstance(given, Mapping):
            raise ValueError("a table of values needs by: [trait]")
        return finite(given)
    axes: dict[str, tuple[str, ...]] = {}
    data = _nested(given, by, axes)
    return Table(axes, np.array(data, dtype=float))


def _nested(given: Any, by: tuple[str, ...], axes: dict[str, tuple[str, ...]]) -> Any:
    if not by:
        return finite(given)
    trait, known = by[0], vocabulary()[by[0]]
    if not isinstance(given, Mapping):
        raise ValueError(f"a table by {trait} needs a value for each label, not {given!r}")
    rows = {str(label): row for label, row in given.items()}
    for label in rows:
        if label not in known:
            raise ValueError(unknown(f"label of {trait}", label, known))
    labels = tuple(label for label in known if label in rows)
    if axes.setdefault(trait, labels) != labels:
        missing = sorted(set(axes[trait]) ^ set(labels))[0]
        raise ValueError(f"every row of a table needs the same labels; {trait} {missing!r} is missing in one")
    return [_nested(rows[label], by[1:], axes) for label in labels]


def _dated(given: Any, by: tuple[str, ...]) -> Dated:
    if not isinstance(given, Mapping) or not given:
        raise ValueError("dated needs a date for each value, such as 2023-10-01: 734")
    for day in given:
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            raise ValueError(f"{day!r} is not a date; write it as YYYY-MM-DD")
    days = sorted(given)
    values = tuple(_value(given[day], by) for day in days)
    return Dated(tuple(max(FIRST_DAY, day.toordinal()) for day in days), values)
