"""Past totals that others state, answered from evidence under every counting rule that could be meant.

Values, periods and verdicts are computed from the figures; nothing here is written for one claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from docketflow.evidence.counting import Asked, Count, highest_years, levels, totals
from docketflow.evidence.room import Room, load
from docketflow.evidence.schema import Claim
from docketflow.evidence.verdict import of_counts

LISTED_AT_MOST = 3


@dataclass(frozen=True)
class PastTotal:
    """A claim with the answer of every counting rule, and the rules without evidence for its period."""

    claim: Claim
    counts: tuple[Count, ...]
    without_evidence: tuple[str, ...]

    @cached_property
    def matches(self) -> tuple[Count, ...]:
        """The counts that give the claimed value, as near as the claim's own rounding."""
        return tuple(count for count in self.counts if count.within)

    @cached_property
    def numbered(self) -> dict[str, Count]:
        """The counts by their number, from one on."""
        return {str(n): count for n, count in enumerate(self.counts, start=1)}

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures of all counts, each once."""
        return tuple(dict.fromkeys(figure for count in self.counts for figure in count.figures))

    @cached_property
    def verdict(self) -> str:
        """Whether the counting rules give the claimed value: all, none, some, or none has figures."""
        return of_counts(self.counts)

    @cached_property
    def sentence(self) -> str:
        """One plain sentence that says which rules give the claimed value and what the others give."""
        given, near = f"{self.claim.value:,.0f}", f"within {self.claim.within:.0%}"
        others = [count for count in self.counts if not count.within]
        if not self.counts:
            return f"No figure in the evidence can be held against {given}."
        if not self.matches:
            words = f"No counting rule gives {given} {near}"
        elif self.claim.kind == "level" and len(self.matches) > LISTED_AT_MOST:
            dates = sorted(count.start for count in self.matches)
            words = (
                f"{given} is {near} of {len(self.matches)} of {len(self.counts)} estimates, "
                f"for dates from {dates[0]} to {dates[-1]}"
            )
        else:
            words = f"{given} is {near} of {_listed(_best(self.matches, self.claim.value))}"
        if not others:
            return f"{words}."
        low, high = (pick(others, key=lambda count: count.value) for pick in (min, max))
        if low is high:
            return f"{words}; {_named(low)} differs."
        latest = max(self.counts, key=lambda count: count.start)
        tail = (
            f", the latest being {_named(latest)}" if latest in others and self.claim.kind == "level" else ""
        )
        return f"{words}; the other counts run from {_named(low)} to {_named(high)}{tail}."


def past_totals(*, room: Room | None = None) -> list[PastTotal]:
    """Return every claim of `claims.yaml` with its answers."""
    room = room or load()
    return [_answer(room, claim) for claim in room.claims]


def _answer(room: Room, claim: Claim) -> PastTotal:
    asked = Asked(
        claim.start, claim.end, lambda value: abs(value - claim.value) <= claim.within * claim.value
    )
    if claim.kind == "level":
        counts = tuple(levels(room, asked, claim.metrics))
        answered = {count.rule for count in counts}
        missing = tuple(words for metric, words in claim.metrics.items() if metric not in answered)
        return PastTotal(claim, counts, missing)
    ways = totals if claim.kind == "total" else highest_years
    answers = [(rule, tuple(ways(room, asked, rule))) for rule in room.counting_rules]
    counts = tuple(count for _, found in answers for count in found)
    return PastTotal(claim, counts, tuple(rule.label for rule, found in answers if not found))


def _best(counts: tuple[Count, ...], value: float) -> list[Count]:
    """Return the nearest count of each rule, nearest first."""
    nearest: dict[str, Count] = {}
    for count in sorted(counts, key=lambda count: abs(count.value - value)):
        nearest.setdefault(count.label, count)
    return list(nearest.values())


def _named(count: Count) -> str:
    return f"{count.value:,.0f} ({count.label}, {count.period})"


def _listed(counts: list[Count]) -> str:
    names = [_named(count) for count in counts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
