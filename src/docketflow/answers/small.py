"""Caps of a scenario that are too small at a scale: fewer records may pass than tell anything.

The rule is one of size and knows no mechanism by name: places, or a cap on people, that the scenario sets,
times the scale, against `FEWEST` records. Levers of its family without a limit of their own work through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from docketflow.answers.why.groups import differing, touched
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.conductor import model
from docketflow.core.errors import UsageError
from docketflow.core.quantity import Known, Table, quantity
from docketflow.engine.declare.vocabulary import Effort, Network, Quota
from docketflow.policy import Scenario
from docketflow.policy.catalogue import levers
from docketflow.results import Result

FEWEST = 100  # records: luck alone moves a hundred by ten


@dataclass(frozen=True)
class Small:
    """A cap that is small at a scale.

    Attributes
    ----------
    name, title : of the cap: what the engine calls it, and the lever that sets it
    at_once : whether it caps people at once, or in all
    through : levers that work through it and through no other limit
    people, records : the most it is in the period, in people and in records
    """

    name: str
    title: str
    at_once: bool
    through: frozenset[str]
    people: float
    records: float

    def __str__(self) -> str:
        records = "under one record" if self.records < 1 else f"{self.records:,.0f} records"
        return f"{self.title} ({self.people:,.0f} {'at once' if self.at_once else 'in all'}, {records})"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "cap": self.name,
            "title": self.title,
            "at_once": self.at_once,
            "allowed": {"value": self.people, "unit": "persons"},
            "counted": {"value": self.records, "unit": "records"},
            "levers": sorted(self.through),
        }


@dataclass(frozen=True)
class TooSmall:
    """What of a scenario is too small at a scale."""

    scenario: str
    scale: Fraction
    caps: tuple[Small, ...]

    def __bool__(self) -> bool:
        return bool(self.caps)

    def of(self, paths: Iterable[str]) -> TooSmall:
        """Return those through which some levers work."""
        wanted = set(paths)
        caps = tuple(one for one in self.caps if one.through & wanted)
        return TooSmall(self.scenario, self.scale, caps)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "scenario": self.scenario,
            "scale": str(self.scale),
            "fewest": {"value": FEWEST, "unit": "records"},
            "caps": [one.to_json() for one in self.caps],
        }

    def __str__(self) -> str:
        if not self.caps:
            return ""
        return (
            f"Too small at {self.scale} to tell from luck, with a cap under {FEWEST} records: "
            f"{'; '.join(map(str, self.caps))}. A finer scale tells more, 1/1 all."
        )


def too_small(scenario: Scenario, scale: Fraction) -> TooSmall:
    """Return the caps that a scenario sets and that are under `FEWEST` records at a scale."""
    caps = sorted(_caps(model.program().network, scenario, scale), key=lambda one: one.records)
    return TooSmall(scenario.name, scale, tuple(caps))


def between(one: Scenario, other: Scenario, scale: Fraction) -> TooSmall:
    """Return the small caps of two scenarios through which what they differ in works."""
    paths = differing(one, other)
    found = [too_small(side, scale).of(paths) for side in (one, other)]
    largest: dict[str, Small] = {}
    for cap in sorted((cap for side in found for cap in side.caps), key=lambda cap: cap.records):
        largest[cap.name] = cap
    return TooSmall(one.name, scale, tuple(largest.values()))


def of_results(one: Result, other: Result) -> TooSmall:
    """Return what lies between two results and is too small at their scale; none where it cannot be said."""
    scale = Fraction(one.scale)
    try:
        return between(scenario_of(one), scenario_of(other), scale)
    except UsageError:
        return TooSmall(one.scenario, scale, ())


def of_result(result: Result) -> TooSmall:
    """Return what of a result's scenario is too small at its scale; none where it cannot be built again."""
    scale = Fraction(result.scale)
    try:
        return too_small(scenario_of(result), scale)
    except UsageError:
        return TooSmall(result.scenario, scale, ())


def _caps(network: Network, scenario: Scenario, scale: Fraction) -> Iterator[Small]:
    said, days = set(touched(scenario)), (scenario.start.toordinal(), scenario.end.toordinal())
    resolve = Known(model.resolver(scenario.compose(model.evidence().central())))
    places = {one.name: quantity(one.capacity) for one in network.spaces if one.capacity is not None}
    quotas = {one.name: quantity(one.limit) for one in network.efforts if isinstance(one, Quota)}
    refills = [quantity(one.per_day) for one in network.efforts if isinstance(one, Effort)]
    limited = {path for limit in (*places.values(), *quotas.values(), *refills) for path in limit.paths()}
    for name, limit in {**places, **quotas}.items():
        moved = sorted(limit.paths() & said)
        if not moved:
            continue
        dated = limit.evaluate(resolve)
        starts = {days[0], *(day for day in dated.starts if days[0] <= day <= days[1])}
        most = max(float(value) for day in starts if not isinstance(value := dated.at(day), Table))
        if 0 < most * scale < FEWEST:
            family = tuple(path.rpartition(".")[0] + "." for path in moved)
            free = {path for path in levers() if path.startswith(family) and path not in limited}
            through = frozenset(free.union(moved))
            yield Small(name, levers()[moved[0]].title, name in places, through, most, float(most * scale))
