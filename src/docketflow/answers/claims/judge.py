"""What a claim comes to: a verdict, its numbers and sources, and what would be true, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docketflow.answers.claims.statement import Statement
from docketflow.evidence import Room
from docketflow.evidence.counting import PART

LISTED = 3


@dataclass(frozen=True)
class Number:
    """One number that a claim is held against.

    Parameters
    ----------
    label
        The counting rule or outcome.
    value, low, high
        The number and its interval, where it has one.
    period, reading
        What it covers, and how the claim's period was read.
    holds
        Whether the claim holds by it; None where that cannot be told.
    figures
        The published figures it is added from; none for a simulated number.
    made
        How a simulated number was made.
    decides
        Whether the verdict rests on it, or it is only told beside the others.
    """

    label: str
    value: float
    unit: str
    period: str
    reading: str
    holds: bool | None
    low: float | None = None
    high: float | None = None
    figures: tuple[str, ...] = ()
    made: str = ""
    decides: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "label": self.label,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "period": self.period,
            "reading": self.reading,
            "holds": self.holds,
            "decides": self.decides,
            "figures": list(self.figures),
            "made": self.made,
        }


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict."""

    statement: Statement
    verdict: str
    explanation: str
    true_sentence: str
    numbers: tuple[Number, ...] = ()
    sources: tuple[Mapping[str, str], ...] = field(default=())

    @property
    def interval(self) -> dict[str, Any] | None:
        """From the lowest to the highest of all that could be meant, errors included; None without a number.

        Where nothing decides it is of what is told beside. An end is None where a part alone was counted.
        """
        used = [one for one in self.numbers if one.decides and one.holds is not None] or list(self.numbers)
        if not used:
            return None
        low = min(one.value if one.low is None else one.low for one in used)
        high = max(one.value if one.high is None else one.high for one in used)
        part = any(one.reading == PART and one.value == high for one in used)
        of = "the model, 90%" if all(one.made for one in used) else "every count that could be meant"
        return {"low": low, "high": None if part else high, "unit": used[0].unit, "of": of}

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        said = self.statement
        return {
            "id": said.id,
            "claim": said.says,
            "said_by": said.said_by,
            "article": said.article,
            "kind": said.kind,
            "quantity": said.quantity,
            "said": said.said,
            "said_value": said.value,
            "within": said.within if said.comparison == "about" else None,
            "comparison": said.comparison,
            "read_as": said.read_as,
            "period": None if said.period is None else [day.isoformat() for day in said.period],
            "verdict": self.verdict,
            "explanation": self.explanation,
            "true_sentence": self.true_sentence,
            "interval": self.interval,
            "numbers": [number.as_dict() for number in self.numbers],
            "sources": [dict(source) for source in self.sources],
        }


def cited(room: Room, numbers: Iterable[Number]) -> tuple[Mapping[str, str], ...]:
    """Return the sources of numbers, each once: of figures, and what was run."""
    found: dict[str, dict[str, str]] = {}
    for number in numbers:
        for id in number.figures:
            figure = room.figure(id)
            source = room.source(figure.source)
            found.setdefault(
                source.id,
                {
                    "id": source.id,
                    "title": source.title,
                    "publisher": source.publisher,
                    "published": str(source.published),
                    "url": source.url,
                    "locator": figure.locator,
                    "confidence": figure.confidence,
                },
            )
        if number.made:
            bare = dict.fromkeys(("publisher", "published", "url", "locator", "confidence"), "")
            found.setdefault(number.made, {"id": "docketflow", "title": number.made, **bare})
    return tuple(found.values())


def listed(words: Iterable[str], most: int = LISTED) -> str:
    """Return words as one list in a sentence."""
    found = list(dict.fromkeys(words))
    if len(found) > most:
        found = [*found[: most - 1], f"{len(found) - most + 1} more"]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"
