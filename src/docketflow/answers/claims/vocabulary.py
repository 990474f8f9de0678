"""What a claim may speak of: quantities, comparisons and periods, read from `words.yaml`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from docketflow.core.errors import EvidenceError, unknown
from docketflow.core.strict_yaml import read_yaml
from docketflow.evidence.room import Room
from docketflow.evidence.schema import CountingRule, Strict

HOME = Path(__file__).parent / "words.yaml"
Share = Annotated[float, Field(gt=0, le=1)]


class ShareSeries(Strict):
    """A published share: of whom or what, and the parts it is added from where none is published."""

    series: str
    label: str
    of: str
    parts: tuple[str, ...] = ()


class Quantity(Strict):
    """Something that claims speak of: the counting rules and series that could be meant, and the outcomes."""

    label: str
    unit: str
    kind: Literal["total", "level", "share"]
    also: tuple[str, ...] = ()
    phrases: tuple[str, ...]
    rules: tuple[str, ...] = ()
    series: dict[str, str] = {}  # noqa: RUF012 (the record is frozen)
    beside: dict[str, str] = {}  # noqa: RUF012 (the record is frozen)
    subgroups: tuple[str, ...] = ()
    shares: tuple[ShareSeries, ...] = ()
    estimates: bool = False
    outcomes: tuple[str, ...] = ()
    told: dict[str, str] = {}  # noqa: RUF012 (the record is frozen)
    over: str = ""
    levers: tuple[str, ...] = ()
    effect: Literal["more than", "less than"] = "more than"
    asks: Literal["figures", "levers"] = "figures"
    taken_for: tuple[str, ...] = ()

    def counting_rules(self, room: Room) -> list[CountingRule]:
        """Return every way to add up a total of this."""
        known = {rule.rule: rule for rule in room.counting_rules}
        for name in self.rules:
            if name not in known:
                raise EvidenceError(unknown("counting rule", name, known, HOME.name))
        return [known[name] for name in self.rules] + [
            CountingRule(rule=metric, label=words, series=((metric,),))
            for metric, words in self.series.items()
        ]


class Conventions(Strict):
    """How near is near, how sure is sure, how old is old."""

    near: dict[int, Share]
    about: Share
    sure: Share
    years_back: Annotated[int, Field(ge=0)]


class Reading(Strict):
    """What some words of a claim mean that names no number of its quantity.

    Parameters
    ----------
    quantity, phrases
        The quantity, and words of which one stands in the claim.
    says
        How it is read, in words; told with the verdict.
    comparison, value, value_from, by_the_end, than_before
        What is then said: a number, a published figure, the last day of the period, or the years before it.
    instead, kind
        Another quantity that the words name, and what it is held against.
    """

    quantity: str
    phrases: tuple[str, ...]
    says: str
    comparison: str
    value: float | None = None
    value_from: str = ""
    by_the_end: bool = False
    than_before: bool = False
    instead: str = ""
    kind: Literal["", "fact", "forecast", "model"] = ""


class President(Strict):
    """Who held the office: the names that are used, the plainest last, and the days of each term."""

    names: Annotated[tuple[str, ...], Field(min_length=1)]
    terms: Annotated[tuple[str, ...], Field(min_length=1)]


class Vocabulary(Strict):
    """Everything in `words.yaml`."""

    conventions: Conventions
    quantities: dict[str, Quantity]
    comparisons: dict[str, tuple[str, ...]]
    denials: tuple[str, ...]
    superlatives: tuple[str, ...]
    highest: tuple[str, ...]
    ever: tuple[str, ...]
    readings: tuple[Reading, ...]
    amounts: dict[str, float]
    distinct: tuple[str, ...]
    of_people: tuple[str, ...]
    single_year: tuple[str, ...]
    presidents: tuple[President, ...]
    titles: tuple[str, ...]
    in_office: tuple[str, ...]
    periods: dict[str, tuple[str, ...]]
    future: tuple[str, ...]
    scenario: str

    def names(self) -> dict[str, str]:
        """Return every name of a quantity, to its own."""
        return {other: own for own, one in self.quantities.items() for other in (own, *one.also)}


@functools.cache
def vocabulary(path: Path = HOME) -> Vocabulary:
    """Return the vocabulary, read once."""
    try:
        return Vocabulary(**read_yaml(path))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise EvidenceError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
