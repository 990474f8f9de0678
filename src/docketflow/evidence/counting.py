"""Count from figures what a claim speaks of: under one rule, by every reading of its period.

Nothing is prorated and no part is guessed: a reading with a part missing gives no count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from docketflow.core.dates import DAY, Span, fiscal_year, fiscal_year_span, month_end, months, period_label
from docketflow.evidence.room import Room
from docketflow.evidence.schema import CountingRule, Figure

AS_PUBLISHED, ON_THE_DATE = "as published", "on the date"
MONTHS, YEARS, YEARS_THEN_MONTHS = (
    "months in the period",
    "fiscal years in the period",
    "fiscal years then months",
)
HIGHEST, PART, BEFORE, LONGER, ANOTHER = (
    "highest fiscal year",
    "a part of the period",
    "latest before",
    "longer period",
    "another period",
)
LITERAL_FIRST = (
    *(AS_PUBLISHED, ON_THE_DATE, MONTHS, YEARS_THEN_MONTHS, YEARS, HIGHEST, LONGER, BEFORE, PART),
    ANOTHER,
)


@dataclass(frozen=True)
class Asked:
    """What is asked of the figures: the first and last day of a period, and which values would do."""

    start: dt.date
    end: dt.date
    holds: Callable[[float], bool]


@dataclass(frozen=True)
class Count:
    """The answer of one counting rule: its value, the period covered, how it was added up, and the figures.

    ``reading`` is one of `LITERAL_FIRST`; ``within`` says whether the value is one that would do.
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


def totals(room: Room, asked: Asked, rule: CountingRule) -> Iterator[Count]:
    """Yield the rule's total over the period, for each way of reading the period that has figures."""
    inside = [span for span in _whole_months(asked) if _mostly_inside(span, asked)]
    years = [span for span in _fiscal_years(asked) if _mostly_inside(span, asked)]
    after = [span for span in inside if years and span[0] > years[-1][1]]
    readings = {MONTHS: inside, YEARS: years}
    if after:
        readings[YEARS_THEN_MONTHS] = years + after
    for reading, spans in readings.items():
        figures = _covering(room, rule, spans)
        if figures:
            yield _count(asked, rule.rule, rule.label, figures, (spans[0][0], spans[-1][1]), reading)
    for figure in room.spans.get((rule.rule, asked.start, asked.end), ()):
        if figure.geography == "US" and (
            "=" not in figure.subgroup or figure.subgroup.startswith("edition=")
        ):
            yield _count(asked, rule.rule, rule.label, [figure], (asked.start, asked.end), AS_PUBLISHED)


def highest_years(room: Room, asked: Asked, rule: CountingRule) -> Iterator[Count]:
    """Yield the rule's highest fiscal year among those that lie mostly in the period."""
    counts = list(by_year(room, asked, rule))
    if counts:
        yield max(counts, key=lambda count: count.value)


def by_year(room: Room, asked: Asked, rule: CountingRule) -> Iterator[Count]:
    """Yield the rule's count of every fiscal year that lies mostly in the period and has figures."""
    for span in _fiscal_years(asked):
        if _mostly_inside(span, asked) and (figures := _covering(room, rule, [span])):
            yield _count(asked, rule.rule, rule.label, figures, span, HIGHEST)


def least(room: Room, asked: Asked, rule: CountingRule) -> Count | None:
    """Return the most that the rule counts in a part of the period: the whole cannot be less."""
    best: Count | None = None
    for spans in (_whole_months(asked), _fiscal_years(asked)):
        covered = [
            (span, figures)
            for span in spans
            if asked.start <= span[0] and span[1] <= asked.end
            if (figures := _covering(room, rule, [span]))
        ]
        if covered:
            figures = [figure for _, found in covered for figure in found]
            span = (covered[0][0][0], covered[-1][0][1])
            count = _count(asked, rule.rule, rule.label, figures, span, PART)
            best = count if best is None or count.value > best.value else best
    return best


def levels(
    room: Room, asked: Asked, metrics: dict[str, str], *, subgroups: Iterable[str] = (), back: int = 0
) -> Iterator[Count]:
    """Yield every national figure of the series dated in the period, one estimate at a time.

    With ``back``, an estimate that has none in the period gives its latest of that many years before.
    """
    earliest = asked.start.replace(year=asked.start.year - back, day=1)
    chosen = set(subgroups)
    for metric, words in metrics.items():
        figures = sorted(
            (row for row in _national(room, metric, chosen) if not chosen or row.subgroup in chosen),
            key=lambda row: row.period_start,
        )
        inside = [row for row in figures if _mostly_inside((row.period_start, row.period_end), asked)]
        for figure in inside:
            yield _level(asked, metric, words, figure, ON_THE_DATE)
        seen = {row.subgroup for row in inside}
        before = {
            row.subgroup: row
            for row in figures
            if back and row.subgroup not in seen and earliest <= row.period_start <= asked.start
        }
        for figure in before.values():
            yield _level(asked, metric, words, figure, BEFORE)


def shares(room: Room, asked: Asked, metric: str, words: str) -> Iterator[Count]:
    """Yield every national share of the series over the period, or over a longer one that holds it."""
    for row in _national(room, metric):
        span = row.period_start, row.period_end
        within = Asked(*span, asked.holds)
        if _mostly_inside(span, asked) and _mostly_inside((asked.start, asked.end), within):
            yield _level(asked, metric, words, row, AS_PUBLISHED)
        elif row.period_start <= asked.start and asked.end <= row.period_end:
            yield _level(asked, metric, words, row, LONGER)


def nearest(room: Room, asked: Asked, metric: str, words: str, chosen: Collection[str] = ()) -> Count | None:
    """Return the national figure of a series that lies nearest to the period: no count of it, to be told."""
    rows = [row for row in _national(room, metric, chosen) if not chosen or row.subgroup in chosen]
    if not rows:
        return None
    row = min(rows, key=lambda one: (_apart(one, asked), -one.period_end.toordinal(), one.id))
    return _level(asked, metric, words, row, ANOTHER)


def _apart(row: Figure, asked: Asked) -> int:
    """Return the days between the ends of a figure's period and of the one asked for."""
    return abs((row.period_start - asked.start).days) + abs((row.period_end - asked.end).days)


def of_parts(room: Room, asked: Asked, metric: str, words: str, parts: Iterable[str]) -> Iterator[Count]:
    """Yield the share that the parts named have in a published whole on each date in the period."""
    chosen = {f"citizenship={part}" for part in parts}
    for whole in _national(room, metric):
        if not (asked.start <= whole.period_start and whole.period_end <= asked.end):
            continue
        at = room.spans.get((metric, whole.period_start, whole.period_end), [])
        figures = [row for row in at if row.subgroup in chosen and row.geography == "US"]
        if figures:
            value = sum(row.value for row in figures) / whole.value
            used = tuple(row.id for row in (whole, *figures))
            grade = max(row.confidence for row in (whole, *figures))
            span = whole.period_start, whole.period_end
            yield Count(metric, words, value, *span, ON_THE_DATE, used, asked.holds(value), grade)


def _national(room: Room, metric: str, chosen: Collection[str] = ()) -> list[Figure]:
    """Return a series of the country: of a part of it (``agency=...``) only where that part is chosen."""
    return [
        row
        for row in room.rows.values()
        if row.metric == metric
        and row.geography == "US"
        and ("=" not in row.subgroup or row.subgroup in chosen)
    ]


def _level(asked: Asked, metric: str, words: str, figure: Figure, reading: str) -> Count:
    told = figure.subgroup != "all" and "=" not in figure.subgroup  # a part is chosen by who names the series
    label = f"{words}, {figure.subgroup}" if told else words
    return _count(asked, metric, label, [figure], (figure.period_start, figure.period_end), reading)


def _count(asked: Asked, rule: str, label: str, figures: list[Figure], span: Span, reading: str) -> Count:
    value = sum(figure.value for figure in figures)
    grade = max(figure.confidence for figure in figures)
    used = tuple(figure.id for figure in figures)
    return Count(rule, label, value, *span, reading, used, asked.holds(value), grade)


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


def _whole_months(asked: Asked) -> list[Span]:
    return list(months(asked.start.replace(day=1), month_end(asked.end)))


def _fiscal_years(asked: Asked) -> list[Span]:
    return [fiscal_year_span(year) for year in range(fiscal_year(asked.start), fiscal_year(asked.end) + 1)]


def _mostly_inside(span: Span, asked: Asked) -> bool:
    """Return whether more than half the days of a span lie in the period."""
    shared = (min(span[1], asked.end) - max(span[0], asked.start) + DAY).days
    return 2 * shared > (span[1] - span[0] + DAY).days
