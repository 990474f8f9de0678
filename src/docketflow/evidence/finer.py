"""The finer published series of what was run, those held out first, each as one value with its rule.

Knows figures and series; simulated values are given to it as numbers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from docketflow.evidence.comparison import same_cell
from docketflow.evidence.room import Room, load
from docketflow.evidence.schema import Figure, Series

COURSE = 0.05  # a course is a rise or a fall when its straight line changes by this share of its mean


@dataclass(frozen=True)
class FinerSeries:
    """A finer series: its published value over its own months, and how far a simulated one may be from it."""

    series: Series
    figures: tuple[Figure, ...]
    given: bool = False

    @property
    def outcome(self) -> str:
        """The outcome it is held against."""
        return self.series.outcome

    @property
    def value(self) -> float:
        """Its published value: the sum, mean or last of its figures; not a number when it has none."""
        return gathered([figure.value for figure in self.figures], self.series.over)

    @property
    def months(self) -> tuple[str, ...]:
        """The months it covers, such as 2023-10."""
        found: list[str] = []
        for figure in self.figures:
            day = figure.period_start.replace(day=1)
            while day <= figure.period_end:
                found.append(f"{day:%Y-%m}")
                day = (day + dt.timedelta(days=31)).replace(day=1)
        return tuple(dict.fromkeys(found))

    @property
    def source(self) -> str:
        """Where its last figure stands."""
        return self.figures[-1].source if self.figures else ""

    @property
    def note(self) -> str:
        """Why its figures are not of the period, or why there are none."""
        return self.series.stand_in

    @property
    def tolerance(self) -> str:
        """The tolerance in words."""
        if self.series.relative is not None:
            return f"within {self.series.relative:.0%}"
        return "" if self.series.absolute is None else f"within {self.series.absolute:g}"

    def verdict(self, simulated: float) -> str:
        """Return ``input`` for what the scenario was given, else ``pass`` or ``off``."""
        if not self.figures:
            return ""
        if self.given:
            return "input"
        room = self.series.absolute or (self.series.relative or 0.0) * abs(self.value)
        return "pass" if abs(simulated - self.value) <= room else "off"

    def course(self, simulated: list[float]) -> str:
        """Return ``same`` or ``opposite`` when both courses over at least six figures rise or fall."""
        published = [figure.value for figure in self.figures]
        if len(published) < 6 or len(published) != len(simulated):
            return ""
        one, two = _drift(published), _drift(simulated)
        if min(abs(one), abs(two)) < COURSE:
            return ""
        return "same" if one * two > 0 else "opposite"


def finer_series(
    scenario: str | None, start: dt.date, end: dt.date, *, room: Room | None = None
) -> list[FinerSeries]:
    """Return the finer series of a shipped scenario whose figures lie in a period, those held out first."""
    room = room or load()
    found = []
    for series in sorted(room.finer_series, key=lambda series: (not series.held_out, series.id)):
        figures = tuple(room.figure(id) for id in series.figures)
        inside = all(start <= figure.period_start and figure.period_end <= end for figure in figures)
        if series.scenario == scenario and (inside or series.stand_in):
            found.append(FinerSeries(series, figures, _given(room, series, figures)))
    return found


def _given(room: Room, series: Series, figures: tuple[Figure, ...]) -> bool:
    """Return whether the scenario was given one of the figures, under this or another name."""
    inputs = {
        id
        for parameter in room.parameters.values()
        if series.scenario in parameter.input_for
        for id in parameter.evidence
    }
    cited = [row for id in sorted(inputs) if (row := room.find(id))]
    return any(same_cell(row, figure) for row in cited for figure in figures)


def gathered(values: list[float], over: str) -> float:
    """Return one value of several: their sum, mean or last; not a number when there are none."""
    if not values:
        return float("nan")
    return {"sum": sum(values), "mean": sum(values) / len(values), "last": values[-1]}[over]


def _drift(values: list[float]) -> float:
    """Return how far a straight line through the values moves, over their mean."""
    mean = sum(values) / len(values)
    middle = (len(values) - 1) / 2
    spread = sum((k - middle) ** 2 for k in range(len(values)))
    slope = sum((k - middle) * value for k, value in enumerate(values)) / spread
    return slope * (len(values) - 1) / mean if mean else 0.0
