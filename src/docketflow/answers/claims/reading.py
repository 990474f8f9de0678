"""What a row of a file means that names no number: its words, read by rules that stand in `words.yaml`.

A reading is ours and is said with the verdict; who disagrees names the number.
"""

from __future__ import annotations

import re
from dataclasses import replace

from docketflow.answers.claims.statement import Statement, nearness
from docketflow.answers.claims.vocabulary import Reading, vocabulary
from docketflow.core import units
from docketflow.core.dates import DAY, Span
from docketflow.core.errors import UsageError

DAYS_A_YEAR = 365.25


def as_read(statement: Statement) -> Statement:
    """Return a claim with what its words mean, if it names nothing that could be judged; else as it is."""
    about = statement.about
    named = statement.value is not None or statement.than is not None
    if named or statement.levers or about.levers or statement.comparison == "highest since":
        return statement
    text = statement.says.lower().replace("’", "'")
    for reading in vocabulary().readings:
        if reading.quantity == statement.quantity and any(_has(text, one) for one in reading.phrases):
            return _with(statement, reading)
    if about.kind != "share" and about.unit not in ("date", "USD", "days", "years"):
        for word, value in vocabulary().amounts.items():
            if _has(text, word):
                denied = statement.comparison == "less than"
                comparison = "less than" if denied else "at least"
                words = f"{f'not {word}: fewer than' if denied else f'{word}: at least'} {value:,.0f}"
                return replace(statement, value=value, comparison=comparison, read_as=words)
    return statement


def _with(statement: Statement, reading: Reading) -> Statement:
    value = reading.value
    if reading.value_from:
        from docketflow.evidence import load

        figure = load().figure(reading.value_from)
        value = figure.value * units.unit(figure.unit).size
    if reading.by_the_end:
        if statement.period is None:
            return statement
        value = float(f"{statement.period[1]:%Y%m%d}")
    if reading.than_before and statement.period is None:
        return statement
    return replace(
        statement,
        quantity=reading.instead or statement.quantity,
        kind=reading.kind or statement.kind,
        value=value,
        value_from=reading.value_from,
        comparison=reading.comparison,
        within=nearness(value, reading.comparison, said_about=False),
        than=_before(statement.period) if reading.than_before and statement.period else None,
        read_as=reading.says,
    )


def _before(period: Span) -> Span:
    """Return as many years before a period as it has.

    >>> import datetime as dt
    >>> [str(day) for day in _before((dt.date(2021, 1, 20), dt.date(2025, 1, 20)))]
    ['2017-01-20', '2021-01-19']
    """
    first, last = period
    years = max(1, round((last - first).days / DAYS_A_YEAR))
    try:
        return first.replace(year=first.year - years), first - DAY
    except ValueError:
        raise UsageError(f"period {first}: there is no such day {years} years before") from None


def _has(text: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text) is not None
