"""Past totals that others state, answered from evidence under every counting rule that could be meant.

Values, periods and verdicts are computed from the figures; nothing here is written for one claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from docketflow.core.dates import DAY, Span, fiscal_year, fiscal_year_span, month_end, months, period_label
from docketflow.evidence.room import Room, load
from docketflow.evidence.schema import Claim, CountingRule, Figure

MATCHES = "matches these rules"
NO_RULE = "no rule gives it"
LISTED_AT_MOST = 3


@dataclass(frozen=True)
class Count:
    """The answer of one counting rule: its value, the period covered, how it was added up, and the figures.

    ``reading`` is one of: months in the period, fiscal years in the period, fiscal years then months, as
    published, highest fiscal year, on the date.
    """

    rule: str
    label: str
    value: float
    start: dt.date
    end: dt.date
    reading: str
    figures: tuple[str, ...]
    within: bool
    confidence: str

    @property
    def period(self) -> str:
        """The period the value covers, in the fewest words."""
        return period_label(self.start, self.end)


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

    @property
    def verdict(self) -> str:
        """Whether any counting rule gives the claimed value."""
        return MATCHES if self.matches else NO_RULE

    @property
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
    if claim.kind == "level":
        counts = tuple(_levels(room, claim))
        answered = {count.rule for count in counts}
        missing = tuple(words for metric, words in claim.metrics.items() if metric not in answered)
        return PastTotal(claim, counts, missing)
    ways = _totals if claim.kind == "total" else _highest_years
    answers = [(rule, tuple(ways(room, claim, rule))) for rule in room.counting_rules]
    counts = tuple(count for _, found in answers for count in found)
    return PastTotal(claim, counts, tuple(rule.label for rule, found in answers if not found))


def _totals(room: Room, claim: Claim, rule: CountingRule) -> Iterator[Count]:
    """Yield the rule's total over the claim's period, for each way of reading the period that has figures."""
    inside = [span for span in _whole_months(claim) if _mostly_inside(span, claim)]
    years = [span for span in _fiscal_years(claim) if _mostly_inside(span, claim)]
    after = [span for span in inside if years and span[0] > years[-1][1]]
    readings = {"months in the period": inside, "fiscal years in the period": years}
    if after:
        readings["fiscal years then months"] = years + after
    for reading, spans in readings.items():
        figures = _covering(room, rule, spans)
        if figures:
            yield _count(claim, rule.rule, rule.label, figures, (spans[0][0], spans[-1][1]), reading)
    for figure in room.spans.get((rule.rule, claim.start, claim.end), ()):
        yield _count(claim, rule.rule, rule.label, [figure], (claim.start, claim.end), "as published")


def _highest_years(room: Room, claim: Claim, rule: CountingRule) -> Iterator[Count]:
    """Yield the rule's highest fiscal year among those that lie mostly in the claim's period."""
    counts = [
        _count(claim, rule.rule, rule.label, figures, span, "highest fiscal year")
        for span in _fiscal_years(claim)
        if _mostly_inside(span, claim) and (figures := _covering(room, rule, [span]))
    ]
    if counts:
        yield max(counts, key=lambda count: count.value)


def _levels(room: Room, claim: Claim) -> Iterator[Count]:
    """Yield every national figure of the claim's series dated in its period, one estimate at a time."""
    for metric, words in claim.metrics.items():
        figures = [
            row
            for row in room.rows.values()
            if row.metric == metric and row.geography == "US" and "=" not in row.subgroup
            if claim.start <= row.period_start and row.period_end <= claim.end
        ]
        for figure in sorted(figures, key=lambda row: row.period_start):
            label = words if figure.subgroup == "all" else f"{words}, {figure.subgroup}"
            span = figure.period_start, figure.period_end
            yield _count(claim, metric, label, [figure], span, "on the date")


def _count(claim: Claim, rule: str, label: str, figures: list[Figure], span: Span, reading: str) -> Count:
    value = sum(figure.value for figure in figures)
    near = abs(value - claim.value) <= claim.within * claim.value
    grade = max(figure.confidence for figure in figures)
    return Count(rule, label, value, *span, reading, tuple(figure.id for figure in figures), near, grade)


def _covering(room: Room, rule: CountingRule, spans: list[Span]) -> list[Figure]:
    """Return the figures of a rule for every span, or nothing when one span has none: no part is guessed."""
    found: list[Figure] = []
    for span in spans:
        here = next((rows for names in rule.series if (rows := _rows(room, names, span)) is not None), None)
        if here is None:
            return []
        found += here + [row for name in rule.while_in_force for row in _rows(room, (name,), span) or []]
    return found


def _rows(room: Room, names: tuple[str, ...], span: Span) -> list[Figure] | None:
    """Return one figure for each series over exactly one span, or None when any is missing."""
    found = [room.series.get((name, *span)) for name in names]
    return None if None in found else [figure for figure in found if figure is not None]


def _whole_months(claim: Claim) -> list[Span]:
    return list(months(claim.start.replace(day=1), month_end(claim.end)))


def _fiscal_years(claim: Claim) -> list[Span]:
    return [fiscal_year_span(year) for year in range(fiscal_year(claim.start), fiscal_year(claim.end) + 1)]


def _mostly_inside(span: Span, claim: Claim) -> bool:
    """Return whether more than half the days of a span lie in the claim's period."""
    shared = (min(span[1], claim.end) - max(span[0], claim.start) + DAY).days
    return 2 * shared > (span[1] - span[0] + DAY).days


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
