"""Hold a claim about the past against published figures, under every counting rule that could be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from docketflow.answers.claims.judge import Judged, Number, cited, listed
from docketflow.answers.claims.office import lengths_of_time
from docketflow.answers.claims.statement import Statement, shown
from docketflow.answers.claims.vocabulary import Quantity, vocabulary
from docketflow.core.dates import DAY, Span, fiscal_year, fiscal_year_span, period_label
from docketflow.evidence import Room
from docketflow.evidence import counting as count
from docketflow.evidence.counting import Asked, Count
from docketflow.evidence.records import history
from docketflow.evidence.verdict import CANNOT, CONTRADICTED, SUPPORTED, by_rule, verdict

PER_YEAR, IN_ALL = "a year", "in all"
HIGHEST_SINCE = "highest since"


def judge_fact(statement: Statement, room: Room) -> Judged:
    """Return the verdict of published figures on a claim."""
    lacking = _lacking(statement)
    if lacking:
        return Judged(statement, CANNOT, lacking, "")
    assert statement.period is not None
    numbers = list(_numbers(statement, room, statement.period))
    numbers = numbers or list(_nearest_in_time(statement.about, room, statement.period))
    grouped = _grouped([number for number in numbers if number.holds is not None])
    rules = [tuple(bool(number.holds) for number in found) for found in grouped.values()]
    if statement.than is not None:  # in all and a year must agree: a year is not to be held against a term
        rules = [(all(held), any(held)) for held in rules]
    if _not_meant(statement):  # what is counted is not what was said: no count is the literal one
        rules = [(False, *held) for held in rules]
    found = verdict(rules)
    return Judged(
        statement,
        found,
        _explained(statement, room, found, numbers),
        _true(statement, numbers),
        tuple(numbers),
        cited(room, numbers),
    )


def _lacking(statement: Statement) -> str:
    """Return what is missing to hold the claim against anything, in a sentence; empty if nothing is."""
    about = statement.about
    if not (about.rules or about.series or about.shares or about.beside):
        return f"The evidence counts no {about.label}. A published count with its period would be needed."
    if statement.value is None and statement.than is None and statement.comparison != HIGHEST_SINCE:
        return f"The claim names no number of {about.label}. A value and a period would be needed."
    if statement.period is None:
        return f"The claim names no period for {about.label}. A value and a period would be needed."
    return ""


def _not_meant(statement: Statement) -> bool:
    """Whether the room counts something other than the words say: events for people, cases for people."""
    events = statement.distinct and statement.about.kind == "total"
    others = [one.of != statement.of for one in statement.about.shares] if statement.of else []
    return events or any(others)


def _numbers(statement: Statement, room: Room, period: Span) -> Iterator[Number]:
    """Yield what the evidence says, the readings nearest to the words first."""
    if statement.comparison == HIGHEST_SINCE:
        yield from _since(statement, room, period)
    elif statement.than is not None:
        yield from _compared(statement, room, period, statement.than)
    else:
        asked = Asked(*period, statement.holds)
        counts = list(
            _highest(statement, room, asked)
            if statement.single_year
            else _counts(statement.about, room, asked)
        )
        for found in by_rule(counts).values():
            for one in found:
                yield _number(room, one, statement.about.unit, holds=_held(statement, one))
        back = vocabulary().conventions.years_back
        for one in count.levels(room, asked, statement.about.beside, back=back):
            yield _number(room, one, statement.about.unit, holds=None)


def _nearest_in_time(about: Quantity, room: Room, period: Span) -> Iterator[Number]:
    """Yield, where no figure covers the period, the nearest of each series: no count of it, what there is."""
    asked = Asked(*period, lambda value: False)
    named = [
        (name, rule.label) for rule in about.counting_rules(room) for names in rule.series for name in names
    ]
    named += [(share.series, share.label) for share in about.shares if not share.parts]
    for metric, words in dict.fromkeys(named):
        found = count.nearest(room, asked, metric, words, about.subgroups)
        if found is not None:
            yield _number(room, found, about.unit, holds=None)


def _held(statement: Statement, one: Count) -> bool | None:
    """Whether the claim holds by a count; of a part of the period it is known that the whole is no less."""
    if one.reading == count.BEFORE and (statement.kind != "fact" or not statement.about.estimates):
        return (
            None  # what was counted before says nothing of later but where an estimate is all there ever is
        )
    if one.reading != count.PART:
        return one.within
    value = statement.value or 0.0
    if statement.comparison in ("at least", "more than"):
        return True if one.within else None
    ceiling = value * (1 + statement.within) if statement.comparison == "about" else value
    return False if one.value > ceiling else None


def _highest(statement: Statement, room: Room, asked: Asked) -> Iterator[Count]:
    """Yield each rule's highest fiscal year in the period."""
    for rule in statement.about.counting_rules(room):
        yield from count.highest_years(room, asked, rule)


def _counts(about: Quantity, room: Room, asked: Asked) -> Iterator[Count]:
    """Yield the counts of a quantity in a period, by every rule."""
    if about.kind == "total":
        for rule in about.counting_rules(room):
            found = list(count.totals(room, asked, rule))
            part = None if found else count.least(room, asked, rule)
            yield from [part] if part is not None else found
    elif about.kind == "level":
        back = vocabulary().conventions.years_back
        subgroups = about.subgroups
        found = list(
            count.levels(room, asked, about.series, subgroups=subgroups, back=back if about.estimates else 0)
        )
        yield from found or count.levels(room, asked, about.series, subgroups=subgroups, back=back)
    else:
        for share in about.shares:
            if share.parts:
                yield from count.of_parts(room, asked, share.series, share.label, share.parts)
            else:
                yield from count.shares(room, asked, share.series, share.label)


def _number(room: Room, one: Count, unit: str, *, holds: bool | None) -> Number:
    rows = [room.figure(id) for id in one.figures]
    ranged = any(row.low is not None and row.high is not None for row in rows) and unit != "share"
    low = sum(row.value if row.low is None else row.low for row in rows)
    high = sum(row.value if row.high is None else row.high for row in rows)
    return Number(
        one.label,
        one.value,
        unit,
        one.period,
        one.reading,
        holds,
        low if ranged and low < high else None,
        high if ranged and low < high else None,
        one.figures,
    )


def _compared(statement: Statement, room: Room, period: Span, than: Span) -> Iterator[Number]:
    """Yield each rule's count less that of the other period, read alike; a year each where lengths differ."""
    about = statement.about
    years = [(end - start + DAY).days / 365.25 for start, end in (period, than)]
    alike = abs(years[0] - years[1]) < 1 / 12
    mine, theirs = (
        by_rule(list(_counts(about, room, Asked(*span, lambda value: True)))) for span in (period, than)
    )
    for label, found in mine.items():
        other = {one.reading: one for one in theirs.get(label, ())}
        for one in found:
            if one.reading == count.PART:  # the whole is no less, which may be enough
                yield from _part_compared(statement, one, list(other.values()))
                continue
            if one.reading not in other:
                continue
            pair = (one, other[one.reading])
            ways: list[tuple[str, Callable[[int], float]]] = [(IN_ALL, lambda k: 1.0)]
            if not alike and about.kind == "total":
                ways.append((PER_YEAR, lambda k: years[k]))
            for way, over in ways:
                values = [each.value / over(k) for k, each in enumerate(pair)]
                yield Number(
                    label,
                    values[0],
                    about.unit,
                    f"{one.period}, against {shown(values[1], about.unit)} in {pair[1].period}",
                    f"{one.reading}, {way}",
                    statement.holds(values[0], values[1]),
                    figures=one.figures + pair[1].figures,
                )


def _part_compared(statement: Statement, part: Count, theirs: list[Count]) -> Iterator[Number]:
    """Yield what a part of the period already settles against the whole of the other, if anything."""
    enough = statement.comparison in ("at least", "more than")
    for other in theirs[:1]:
        if enough and other.reading != count.PART and statement.holds(part.value, other.value):
            yield Number(
                part.label,
                part.value,
                statement.about.unit,
                f"{part.period}, against {shown(other.value, statement.about.unit)} in {other.period}",
                count.PART,
                True,
                figures=part.figures + other.figures,
            )


def _since(statement: Statement, room: Room, period: Span) -> Iterator[Number]:
    """Yield each rule's count of the year beside the highest of the years since the one named, or in history.

    Where nobody counted so back to that year it cannot be said; what there is of the year itself is told.
    """
    if statement.about.kind != "total":
        return
    first = fiscal_year(statement.than[1]) if statement.than else history(room) - 1
    before = fiscal_year_span(fiscal_year(period[1]))[0] - DAY
    since = Asked(fiscal_year_span(first + 1)[0], before, lambda value: True)
    wanted = fiscal_year(before) - first
    for rule in statement.about.counting_rules(room):
        now = list(count.by_year(room, Asked(*period, lambda value: True), rule))
        years = list(count.by_year(room, since, rule))
        if not now or not years:
            continue
        top, one = max(years, key=lambda each: each.value), now[-1]
        if len(years) < wanted and statement.holds(
            one.value, top.value
        ):  # of the years before nothing is known
            only = f"with figures only since FY{fiscal_year(years[0].end)}"
            yield _number(room, replace(one, reading=only), statement.about.unit, holds=None)
            continue
        yield Number(
            one.label,
            one.value,
            statement.about.unit,
            f"{one.period}, against at most {shown(top.value, statement.about.unit)} "
            f"({top.period}) in {period_label(years[0].start, years[-1].end)}",
            "fiscal year",
            statement.holds(one.value, top.value),
            figures=one.figures + tuple(id for each in years for id in each.figures),
        )


def _grouped(numbers: list[Number]) -> dict[str, list[Number]]:
    found: dict[str, list[Number]] = {}
    for number in numbers:
        found.setdefault(number.label, []).append(number)
    return found


def _named(number: Number) -> str:
    more = "at least " if number.reading == count.PART else ""
    return f"{more}{shown(number.value, number.unit)} ({number.label}, {number.period})"


def _read(number: Number) -> str:
    return f"{_named(number)}, {number.reading.removeprefix(f'{count.YEARS}, ')}"


def _explained(statement: Statement, room: Room, found: str, numbers: list[Number]) -> str:
    """Return two sentences: what the counts say, and what the reader should know of them."""
    first = [rows[0] for rows in _grouped(numbers).values()]
    yes, no = ([one for one in first if one.holds is told] for told in (True, False))
    near = f" ({statement.near})" if statement.near else ""
    if found == CANNOT:
        assert statement.period is not None
        beside = [one for one in numbers if one.holds is None]
        covered = f"; there is {listed(map(_named, beside))}" if beside else ""
        if statement.comparison == HIGHEST_SINCE and beside:
            told = listed(f"{_named(one)}, {one.reading}" for one in beside)
            return f"No series reaches back that far: {told}. Nothing is guessed of the years before."
        return (
            f"No published figure of {statement.about.label} covers {period_label(*statement.period)}"
            f"{covered}. "
            "Nothing is guessed from other years."
        )
    if _not_meant(statement):
        counted = "events" if statement.distinct else listed(one.of for one in statement.about.shares)
        only = f"It holds only of {counted}" if yes else f"It does not hold even of {counted}"
        why = "one person may be counted more than once" if statement.distinct else "a case is not a person"
        return (
            f"{only}{near}: {listed(map(_named, yes or no))}. "
            f"What is published counts {counted} and not people; {why}."
        )
    if found == SUPPORTED:
        told = f"{listed(map(_named, yes))}{_other(numbers, yes)}"
        said = f"Every count that could be meant bears it out{near}: {told}"
    elif found == CONTRADICTED:
        told = listed(map(_named, _nearest(statement, no)))
        said = f"No count that could be meant bears it out{near}: {told}"
    elif yes and no:
        said = f"It holds{near} by {listed(map(_named, yes))}, and not by {listed(map(_named, no))}"
    else:
        ways = [listed(_read(one) for one in numbers if one.holds is told) for told in (True, False)]
        said = f"It turns on how the period is read: it holds{near} by {ways[0]}, and not by {ways[1]}"
    return f"{said}. {_beside(statement, room, found, numbers)}"


def _other(numbers: list[Number], told: list[Number]) -> str:
    """Return what the same count comes to when its period is read in another way, where that is told."""
    if len(told) != 1:
        return ""
    same = [one for one in numbers if one.label == told[0].label and one.period != told[0].period]
    return (
        f"; read in other ways {listed(f'{shown(one.value, one.unit)} ({one.period})' for one in same)}"
        if same
        else ""
    )


def _nearest(statement: Statement, numbers: list[Number]) -> list[Number]:
    said = statement.value or 0.0
    return sorted(numbers, key=lambda one: abs(one.value - said))


def _beside(statement: Statement, room: Room, found: str, numbers: list[Number]) -> str:
    """Return the sentence on what the number may have been taken for, else on what the counts are."""
    if found != SUPPORTED and statement.value is not None and statement.than is None:
        taken = _taken_for(statement, room, {one.figures for one in numbers})
        if taken:
            return taken
    lacking = _without(statement, room, numbers)
    if lacking:
        return f"The whole period is not published for {listed(lacking)}."
    grades = [room.figure(id).confidence for one in numbers if one.holds is not None for id in one.figures]
    if statement.about.kind == "total":
        return f"These are counts of {statement.about.unit}, and one person may be counted more than once."
    second = "C" in grades
    return "Some of these were read second hand." if second else "Each estimate has its own date and method."


def _without(statement: Statement, room: Room, numbers: list[Number]) -> list[str]:
    """Return the counting rules that could be meant and have no figures for the whole period."""
    if statement.about.kind != "total":
        return []
    told = {one.label for one in numbers if one.reading != count.PART}
    return [rule.label for rule in statement.about.counting_rules(room) if rule.label not in told]


def _taken_for(statement: Statement, room: Room, told: set[tuple[str, ...]]) -> str:
    """Return what else the number said is a count of: another series, or another length of time."""
    assert statement.period is not None
    exact = replace(statement, comparison="about", within=vocabulary().conventions.near[2])
    for name in statement.about.taken_for:
        other = vocabulary().quantities[name]
        asked = Asked(*statement.period, exact.holds)
        for one in _counts(other, room, asked):
            if one.within and one.reading != count.PART and one.figures not in told:
                return (
                    f"The number said is near that of {other.label}, which is something else: "
                    f"{_named(_number(room, one, other.unit, holds=None))}."
                )
    if statement.about.kind == "total":
        for span in lengths_of_time():
            same = span == statement.period and not statement.single_year
            if same or not _half_shared(span, statement.period):
                continue
            for one in _counts(statement.about, room, Asked(*span, exact.holds)):
                if one.within and one.reading != count.PART and one.figures not in told:
                    return (
                        "The number said is near the count of another length of time: "
                        f"{_named(_number(room, one, statement.about.unit, holds=None))}."
                    )
    return ""


def _half_shared(one: Span, other: Span) -> bool:
    """Return whether half of the shorter lies in the longer: the days around an inauguration make no term."""
    shared = min(one[1], other[1]) - max(one[0], other[0]) + DAY
    return 2 * shared >= min(one[1] - one[0], other[1] - other[0]) + DAY


def _true(statement: Statement, numbers: list[Number]) -> str:
    """Return a sentence that the figures bear out: the count nearest to the words of each of a few rules."""
    first = [rows[0] for rows in _grouped(numbers).values() if rows[0].holds is not None]
    chosen = sorted(first, key=lambda one: one.holds is not True)[
        : 1 if all(one.holds for one in first) else 2
    ]
    if not chosen:
        return ""
    about = statement.about
    if about.kind == "share":
        return f"{_sentence(chosen[0].label)} were {shown(chosen[0].value, about.unit)} ({chosen[0].period})."
    one_way = len(about.rules) + len(about.series) == 1 and not about.estimates
    parts = [
        f"{'' if one_way or one.label == about.label else f'counted as {one.label}, '}"
        f"{about.label if n == 0 else 'they'} came to {'at least ' if one.reading == count.PART else ''}"
        f"{shown(one.value, one.unit)} ({one.period})"
        for n, one in enumerate(chosen)
    ]
    return f"{_sentence('; '.join(parts))}."


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
