"""Which published figures a scenario's outcomes are held against, and the verdict on a simulated value.

Knows figures and checks; a simulated value is given to it as a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from docketflow.evidence.room import Room, load
from docketflow.evidence.schema import Check, Figure, Parameter

SAME_CELL = 1e-4  # two printings of one number differ at most by rounding


@dataclass(frozen=True)
class Comparison:
    """A published value of an outcome over a period, with a tolerance when it is a check.

    ``outcome`` may be ``change:NAME`` or ``share:NAME``; ``start`` and ``end`` are the days it covers.
    """

    outcome: str
    unit: str
    value: float
    start: dt.date
    end: dt.date
    subgroup: str
    figures: tuple[Figure, ...]
    check: Check | None = None
    given: bool = False

    @property
    def source(self) -> str:
        """Where the figure stands."""
        return self.figures[-1].source

    @property
    def locator(self) -> str:
        """The page, table or section of the source."""
        return self.figures[-1].locator

    @property
    def note(self) -> str:
        """Anything to say beside the check."""
        return self.check.note if self.check else ""

    @property
    def tolerance(self) -> str:
        """The tolerance in words, or nothing when this is not a check."""
        if self.check is None:
            return ""
        if self.check.relative is not None:
            return f"within {self.check.relative:.0%}"
        return f"within {self.check.absolute:g}"

    def verdict(self, simulated: float) -> str:
        """Return ``input`` for a given figure, ``pass`` or ``off`` for a check, nothing for the rest."""
        if self.check is None:
            return ""
        if self.given:
            return "input"
        room_to_move = self.check.absolute
        if room_to_move is None:
            room_to_move = (self.check.relative or 0.0) * abs(self.value)
        return "pass" if abs(simulated - self.value) <= room_to_move else "off"


def comparisons(
    scenario: str | None, start: dt.date, end: dt.date, *, room: Room | None = None
) -> list[Comparison]:
    """Return the published figures for a scenario's answer period: its checks first, then the others.

    ``scenario`` is the shipped one that says what was run, or None: it is found by what was run, never by
    what that calls itself. The others are figures of catalog outcomes whose period lies inside the answer
    period; of one series, a figure inside the period of another (a month of a year) is left out.
    """
    room = room or load()
    found = [_checked(room, check) for check in room.checks if check.scenario == scenario]
    done = {row.figures[-1].id for row in found}
    done |= {id for series in room.finer_series for id in series.figures}  # shown as series, by month
    wanted = {metric for outcome in room.outcomes.values() for metric in outcome.compare_with}
    inside = [
        row
        for row in room.rows.values()
        if row.metric in wanted and start <= row.period_start and row.period_end <= end
    ]
    return found + [_plain(row) for row in inside if row.id not in done and not _part_of_another(row, inside)]


def _part_of_another(figure: Figure, others: list[Figure]) -> bool:
    """Return whether another figure of the same series has a longer period that holds this one's."""
    return any(
        (other.metric, other.subgroup) == (figure.metric, figure.subgroup)
        and other.period_start <= figure.period_start
        and figure.period_end <= other.period_end
        and (other.period_start, other.period_end) != (figure.period_start, figure.period_end)
        for other in others
    )


def _plain(figure: Figure) -> Comparison:
    period = figure.period_start, figure.period_end
    return Comparison(figure.metric, figure.unit, figure.value, *period, figure.subgroup, (figure,))


def _checked(room: Room, check: Check) -> Comparison:
    figures = tuple(room.figure(id) for id in check.figures)
    last = figures[-1]
    value = last.value - figures[0].value if len(figures) > 1 else last.value
    start = figures[0].period_end + dt.timedelta(days=1) if len(figures) > 1 else last.period_start
    given = any(check.scenario in parameter.input_for for parameter, _ in rests_on_outcome(room, check))
    return Comparison(
        check.outcome, last.unit, value, start, last.period_end, last.subgroup, figures, check, given
    )


def rests_on_outcome(room: Room, check: Check) -> Iterator[tuple[Parameter, str]]:
    """Yield each parameter that rests on the figure of a check, with the id it cites.

    The level a change starts from is known beforehand and is left out. So is a dated parameter that takes a
    new value after the figure's period: there the figure speaks of what comes later.
    """
    checked = room.rows.get(check.figures[-1])
    if checked is None:
        return
    for parameter in room.parameters.values():
        if speaks_of_later(parameter, checked.period_end):
            continue
        for id in parameter.evidence:
            cited = room.find(id)
            if cited is not None and (cited.id == checked.id or same_cell(cited, checked)):
                yield parameter, id


def speaks_of_later(parameter: Parameter, end: dt.date) -> bool:
    """Return whether a dated parameter takes a new value after a day."""
    return len(parameter.value.starts) > 1 and parameter.value.starts[-1] > end.toordinal()


def checked_period(room: Room, scenario: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day over which a scenario is checked (no day when it is not)."""
    ids = {id for check in room.checks if check.scenario == scenario for id in check.figures[-1:]}
    rows = [
        room.rows[id]
        for id in ids
        if id in room.rows and room.rows[id].period_start < room.rows[id].period_end
    ]
    if not rows:
        return dt.date.max, dt.date.min
    return min(row.period_start for row in rows), max(row.period_end for row in rows)


def same_cell(one: Figure, other: Figure) -> bool:
    """Return whether two rows print one number: same period, and same value or same metric and subgroup."""
    if (one.period_start, one.period_end) != (other.period_start, other.period_end):
        return False
    if (one.metric, one.subgroup, one.geography) == (other.metric, other.subgroup, other.geography):
        return True
    return abs(one.value - other.value) <= SAME_CELL * abs(other.value)
