"""Runs a published projection on its network and holds it against what was published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from docketflow.core.dates import DAY, Span, fiscal_year, fiscal_year_span
from docketflow.core.quantity import Dated
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.run.evaluate import Reader
from docketflow.engine.run.ledger import Ledger
from docketflow.replications.networks import NETWORKS, Declared
from docketflow.replications.read import Projection, Published, find


@dataclass(frozen=True)
class Lived:
    """One run of a projection.

    Attributes
    ----------
    years : outcome to its value by fiscal year, the last day's of a stock; parts of years are left out
    held : each published result with the value of the run
    """

    name: str
    projection: Projection
    assumed: Mapping[str, float]
    years: Mapping[str, Mapping[int, float]]
    held: tuple[tuple[Published, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the run as plain data."""
        return {
            "replication": self.name,
            "of": self.projection.title,
            "source": self.projection.source,
            "from": self.projection.start,
            "to": self.projection.end,
            "assumptions": {name: self._assumption(name, value) for name, value in self.assumed.items()},
            "by_fiscal_year": {
                name: {f"FY{year}": value for year, value in line.items()}
                for name, line in self.years.items()
            },
            "published": [
                {
                    "outcome": one.outcome,
                    "on": one.on,
                    "published": one.value,
                    "here": value,
                    "within": one.within,
                    "verdict": verdict(one, value),
                    "where": one.where,
                }
                for one, value in self.held
            ],
            "differs": self.projection.differs,
        }

    def _assumption(self, name: str, value: float) -> dict[str, Any]:
        known = self.projection.assumptions.get(name)
        if known is None or known.value != value:
            return {"value": value, "how": "this run"}
        return {"value": value, "how": known.how, "rests_on": known.rests_on, "why": known.why}


def verdict(one: Published, value: float) -> str:
    """Return ``solved`` where an assumption was chosen to meet the result, else ``pass`` or ``off``."""
    met = abs(value - one.value) <= one.within
    return ("solved" if one.solved else "pass") if met else "off"


def replicate(name: str, *, seed: int = 1) -> Lived:
    """Run a published projection by the name of one of its runs, such as ``crs-2023-plus-300``."""
    projection = find(name)
    declared = NETWORKS[projection.network]()
    assumed = {one: about.value for one, about in projection.assumptions.items()} | projection.runs[name]
    years = _years(projection)
    months = {one.on: (_year_before(one.on, projection.start), one.on) for one in projection.published}
    spans = {*years.values(), *months.values()}
    ledger = _ledger(projection, declared, assumed, spans, seed)

    def read(outcome: str, span: Span) -> float:
        return Reader(ledger, span, lambda path: Dated.always(assumed[path])).read(
            declared.measures[outcome]
        )[1]

    return Lived(
        name=name,
        projection=projection,
        assumed=assumed,
        years={
            outcome: {year: read(outcome, span) for year, span in years.items()}
            for outcome in declared.measures
        },
        held=tuple(
            (one, read(one.outcome, months[one.on])) for one in projection.published if one.run == name
        ),
    )


def _ledger(
    projection: Projection, declared: Declared, assumed: Mapping[str, float], spans: set[Span], seed: int
) -> Ledger:
    start, people = declared.start
    bound = bind(
        compile_network(declared.network),
        lambda path: Dated.always(assumed[path]),
        first=projection.start,
        days=(projection.end - projection.start).days + 1,
        scale=Fraction(1, projection.scale),
        cuts=sorted({day for a, b in spans for day in (a, b + DAY)}),
    )
    return Run(bound, {"start": [start], "count": [round(assumed[people])]}, seed).finish()


def _years(projection: Projection) -> dict[int, Span]:
    """Return the whole fiscal years of a projection, and the part of one with which it may begin."""
    found = {}
    for year in range(fiscal_year(projection.start), fiscal_year(projection.end) + 1):
        first, last = fiscal_year_span(year)
        if last <= projection.end:
            found[year] = (max(first, projection.start), last)
    return found


def _year_before(day: dt.date, first: dt.date) -> dt.date:
    """Return the first of the twelve months that end on a day, no earlier than the run begins."""
    return max(day.replace(year=day.year - 1) + DAY, first)
