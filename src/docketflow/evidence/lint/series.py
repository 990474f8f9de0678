"""Checks of what a scenario is held against, and that nothing of it comes in by another door.

Same form as `checks.py`: each check says in one sentence what it refuses and returns what it found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fnmatch import fnmatchcase

from docketflow.core.errors import unknown
from docketflow.evidence.comparison import speaks_of_later
from docketflow.evidence.room import Room
from docketflow.evidence.schema import Figure

Problems = Iterator[str]
# what a unit of a resource gives: taken from throughput, it is right only if the resource was the limit
YIELDS = ("hours/arrest", "minutes/judge/day", "seats/day", "persons/flight")


def finer_series(room: Room, read: set[str]) -> Problems:
    """A finer series names figures of its own outcome, one period after the other, and a kind of events."""
    seen: set[str] = set()
    for series in room.finer_series:
        where = f"series {series.id}"
        if series.id in seen:
            yield f"{where}: is listed twice"
        seen.add(series.id)
        if series.events not in room.events:
            yield unknown("kind of events", series.events, room.events, where)
        if series.no_outcome_yet and series.outcome in room.outcomes:
            yield f"{where}: {series.outcome} is an outcome by now; take out no_outcome_yet"
        before = dt.date.min
        for id in series.figures:
            if id not in room.every:
                yield unknown("figure", id, room.every, where)
                continue
            row = room.every[id]
            if not f"{series.outcome}.".startswith(f"{row.metric}."):
                yield f"{where}: figure {id} is of {row.metric}"
            if row.period_start <= before:
                yield f"{where}: figure {id} begins before the one before it ends"
            before = row.period_end


def held_out_by_the_rule(room: Room, read: set[str]) -> Problems:
    """Of the series of a file, sorted by id, the first, third, fifth and so on are held out, no others."""
    for file in sorted({series.where for series in room.finer_series}):
        listed = sorted(series.id for series in room.finer_series if series.where == file)
        meant = set(listed[::2])
        for series in room.finer_series:
            due = series.id in meant
            if series.where == file and series.held_out != due:
                yield f"series {series.id}: held_out must be {str(due).lower()} by the rule of {file}"


def same_events_used_as_inputs(room: Room, read: set[str]) -> Problems:
    """No parameter rests on the same events as a checked figure, by any source, in an overlapping period."""
    checked: dict[tuple[str, str], list[dt.date]] = {}
    for scenario, kind, rows in _checked(room):
        days = checked.setdefault((scenario, kind), [dt.date.max, dt.date.min])
        for row in rows:
            days[:] = [min(days[0], row.period_start), max(days[1], row.period_end)]
    for (scenario, kind), (start, end) in checked.items():
        for path, parameter in room.parameters.items():
            if scenario in parameter.input_for or speaks_of_later(parameter, end):
                continue
            for id in parameter.evidence:
                cited = room.every.get(id)
                if cited is None or kind not in kinds_of(room, cited.metric):
                    continue
                if cited.period_start <= end and start <= cited.period_end:
                    yield (
                        f"parameter {path}: rests on {id}, the same events ({kind}) as {scenario} is held "
                        f"against from {start} to {end}; use earlier figures or say input_for: [{scenario}]"
                    )
                    break


def yields_that_hide_their_limit(room: Room, read: set[str]) -> Problems:
    """A yield or capacity taken from throughput says whether the resource was the limit at the time."""
    for path, parameter in room.parameters.items():
        if parameter.unit not in YIELDS or parameter.how == "assumed":
            continue
        if parameter.bound is None:
            yield f"parameter {path}: is taken from throughput; say bound: yes, no or not known"
        elif parameter.bound != "yes" and "lower bound" not in parameter.note:
            yield f"parameter {path}: the resource was not surely the limit; say lower bound in the note"


def kinds_of(room: Room, metric: str) -> list[str]:
    """Return the kinds of events that a series counts."""
    return [kind for kind, names in room.events.items() if any(fnmatchcase(metric, name) for name in names)]


def _checked(room: Room) -> Iterator[tuple[str, str, list[Figure]]]:
    """Yield scenario, kind of events and figures of everything a scenario is held against."""
    for series in room.finer_series:
        if not series.stand_in:
            yield (
                series.scenario,
                series.events,
                [room.every[id] for id in series.figures if id in room.every],
            )
    for check in room.checks:
        rows = [room.every[id] for id in check.figures[-1:] if id in room.every]
        for kind in kinds_of(room, check.outcome.removeprefix("change:").removeprefix("share:")):
            yield check.scenario, kind, rows
