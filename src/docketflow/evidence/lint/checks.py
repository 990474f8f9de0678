"""Named checks of the evidence room; each says in one sentence what it refuses and returns what it found.

Knows the room and the paths the model reads, never what a parameter means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from docketflow.core.errors import EvidenceError, nearest, unknown
from docketflow.core.units import fits, is_unit, unit
from docketflow.evidence.comparison import checked_period, rests_on_outcome, speaks_of_later
from docketflow.evidence.lint.series import (
    finer_series,
    held_out_by_the_rule,
    same_events_used_as_inputs,
    yields_that_hide_their_limit,
)
from docketflow.evidence.lint.sources import refused_sources, unverified_evidence
from docketflow.evidence.room import Room

Problems = Iterator[str]


def repeats(room: Room, read: set[str]) -> Problems:
    """One id stands for one figure or source, and one figure has one row."""
    seen: dict[tuple[object, ...], str] = {}
    _ = room.every, room.sources
    yield from room.repeats
    for row in room.every.values():
        cell = (
            row.metric,
            row.period_start,
            row.period_end,
            row.geography,
            row.subgroup,
            row.source,
            row.value,
        )
        if seen.setdefault(cell, row.id) != row.id:
            yield f"figure {row.id}: says the same as {seen[cell]}"


def missing_sources(room: Room, read: set[str]) -> Problems:
    """Every figure names a source of `sources.csv` and the place in it."""
    for row in room.every.values():
        if row.source not in room.sources:
            yield unknown("source", row.source, room.sources, f"figure {row.id}")
        if not row.locator:
            yield f"figure {row.id}: no locator; say the page, table or row"


def unknown_units(room: Room, read: set[str]) -> Problems:
    """Every unit is in the closed list."""
    named = [(f"figure {row.id}", row.unit) for row in room.every.values()]
    named += [(f"parameter {path}", parameter.unit) for path, parameter in room.parameters.items()]
    for where, name in named:
        if not is_unit(name):
            try:
                unit(name, where=where)
            except EvidenceError as wrong:
                yield str(wrong)


def units_that_do_not_fit(room: Room, read: set[str]) -> Problems:
    """A parameter taken directly from figures has a unit that fits one of them."""
    for path, parameter in room.parameters.items():
        units = {room.every[id].unit for id in parameter.evidence if id in room.every}
        known = sorted(name for name in units if is_unit(name))
        if parameter.how != "direct" or not known or not is_unit(parameter.unit):
            continue
        if not any(fits(parameter.unit, name) for name in known):
            yield (
                f"parameter {path}: unit {parameter.unit!r} does not fit its evidence; "
                f"{nearest(parameter.unit, known)}"
            )


def values_out_of_range(room: Room, read: set[str]) -> Problems:
    """Values lie in the range of their unit, and central values between their low and high."""
    for row in room.every.values():
        low, high = row.value if row.low is None else row.low, row.value if row.high is None else row.high
        if not low <= row.value <= high:
            yield f"figure {row.id}: value {row.value:g} is outside {low:g} to {high:g}"
    for path, parameter in room.parameters.items():
        top = unit(parameter.unit).bounds[1] if is_unit(parameter.unit) else float("inf")
        for cells in parameter.cells():
            if parameter.shape is not None and (fault := parameter.shape.fault(cells)):
                yield f"parameter {path}: {fault}"
                break
            if cells.size and float(cells.max()) > top:
                yield f"parameter {path}: {float(cells.max()):g} is above {top:g} {parameter.unit}"
                break


def resting_on_nothing(room: Room, read: set[str]) -> Problems:
    """A parameter without evidence says how: assumed, and each says in a note how it came about."""
    for path, parameter in room.parameters.items():
        if not parameter.evidence and parameter.how != "assumed":
            yield f"parameter {path}: rests on nothing; cite a figure or say how: assumed"
        if not parameter.note:
            yield f"parameter {path}: no note; say how the value follows from its evidence"


def former_names(room: Room, read: set[str]) -> Problems:
    """The luck of a former path is drawn by one parameter alone."""
    drawn = Counter(parameter.drawn_as for parameter in room.parameters.values())
    for path, parameter in room.parameters.items():
        if parameter.formerly and drawn[parameter.drawn_as] > 1:
            yield f"parameter {path}: formerly {parameter.formerly!r}, whose luck another parameter has"


def unknown_evidence(room: Room, read: set[str]) -> Problems:
    """Every figure a parameter rests on stands in the room."""
    for path, parameter in room.parameters.items():
        for id in parameter.evidence:
            if id not in room.every:
                yield unknown("figure", id, room.every, f"parameter {path}")


def priors(room: Room, read: set[str]) -> Problems:
    """A prior is one a quantity and day, in a listed unit, with its median inside its range."""
    seen: set[tuple[object, ...]] = set()
    for prior in room.priors:
        where = f"prior {prior.quantity}" + (f" on {prior.on}" if prior.on else "")
        if (prior.quantity, prior.on) in seen:
            yield f"{where}: is given twice"
        seen.add((prior.quantity, prior.on))
        if not is_unit(prior.unit):
            yield f"{where}: unknown unit {prior.unit!r}"
        if not prior.low <= prior.value <= prior.high or prior.low == prior.high:
            yield f"{where}: {prior.value:g} needs a range around it, not {prior.low:g} to {prior.high:g}"
        for id in prior.evidence.split():
            if id not in room.every:
                yield unknown("figure", id, room.every, where)


def unread_parameters(room: Room, read: set[str]) -> Problems:
    """Every parameter is read by the model, and every path the model reads is a parameter."""
    for path in room.parameters:
        if path not in read:
            yield f"parameter {path}: nothing reads it"
    for path in sorted(read - set(room.parameters)):
        yield unknown("parameter", path, room.parameters, "the model")


def comparisons(room: Room, read: set[str]) -> Problems:
    """Checks name figures of their own outcome, and compared outcomes stand in the catalog."""
    for check in room.checks:
        outcome = check.outcome.removeprefix("change:")
        for id in check.figures:
            if id not in room.every:
                yield unknown("figure", id, room.every, f"check {check.outcome}")
            elif room.every[id].metric != outcome:
                yield f"check {check.outcome}: figure {id} is of {room.every[id].metric}"
        if outcome.removeprefix("share:") == outcome and outcome not in room.outcomes:
            yield unknown("outcome", outcome, room.outcomes, "checks.yaml")
    for name, outcome_row in room.outcomes.items():
        for metric in outcome_row.compare_with:
            if metric not in room.metrics:
                yield unknown("metric", metric, room.metrics, f"outcome {name}")


def checked_outcomes_used_as_inputs(room: Room, read: set[str]) -> Problems:
    """No parameter rests on a figure its scenario is checked against, unless it is a given input there."""
    for check in room.checks:
        for parameter, id in rests_on_outcome(room, check):
            if check.scenario not in parameter.input_for:
                yield (
                    f"parameter {parameter.path}: rests on {id}, which {check.scenario} is checked against "
                    f"as {check.outcome}"
                )


def outcomes_of_a_checked_period(room: Room, read: set[str]) -> Problems:
    """Behaviour rests on figures before a checked period; what that period supplies is a given input."""
    for scenario in sorted({check.scenario for check in room.checks}):
        start, end = checked_period(room, scenario)
        for path, parameter in room.parameters.items():
            if scenario in parameter.input_for or speaks_of_later(parameter, end):
                continue
            for id in parameter.evidence:
                row = room.every.get(id)
                if row is not None and start <= row.period_start and row.period_end <= end:
                    yield (
                        f"parameter {path}: rests on {id}, of the period {scenario} is checked over; "
                        f"use earlier figures or say input_for: [{scenario}]"
                    )
                    break


CHECKS: tuple[Callable[[Room, set[str]], Problems], ...] = (
    repeats,
    missing_sources,
    refused_sources,
    unknown_units,
    units_that_do_not_fit,
    values_out_of_range,
    resting_on_nothing,
    former_names,
    unknown_evidence,
    unverified_evidence,
    priors,
    unread_parameters,
    comparisons,
    checked_outcomes_used_as_inputs,
    outcomes_of_a_checked_period,
    finer_series,
    held_out_by_the_rule,
    same_events_used_as_inputs,
    yields_that_hide_their_limit,
)


def problems(room: Room, read: set[str]) -> list[str]:
    """Return every problem, each ending with the name of the check that found it."""
    return [f"{found} [{check.__name__}]" for check in CHECKS for found in check(room, read)]


def notes(room: Room) -> list[str]:
    """Return what is odd but allowed: figures and sources that nothing in the room cites."""
    cited = {id for parameter in room.parameters.values() for id in parameter.evidence}
    used = {name for outcome in room.outcomes.values() for name in outcome.compare_with}
    used |= {
        name
        for rule in room.counting_rules
        for names in (*rule.series, rule.while_in_force)
        for name in names
    }
    used |= {name for claim in room.claims for name in claim.metrics}
    used |= {check.outcome.removeprefix("change:") for check in room.checks}
    figures = [
        f"figure {row.id}: no parameter cites it"
        for row in room.every.values()
        if row.id not in cited and row.metric not in used
    ]
    named = {row.source for row in room.every.values()}
    return figures + [f"source {name}: no figure cites it" for name in room.sources if name not in named]
