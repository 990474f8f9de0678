"""Read times in office in their usual wordings. Who held it when, and its names, stand in `words.yaml`.

What is not read wholly is refused: a time has no words around it that would make it another.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import re
from collections.abc import Iterator

from docketflow.answers.claims.statement import read_period
from docketflow.answers.claims.vocabulary import President, vocabulary
from docketflow.core.dates import DAY, Span
from docketflow.core.errors import UsageError

TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTS = {word: n for n, word in enumerate(TEN, 1)}
MANY = rf"(?:{'|'.join(COUNTS)}|[1-9]\d?)"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
SHORT = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th")
ORDERS = {word: n for words in (ORDINALS, SHORT) for n, word in enumerate(words)}
LAST = ("last", "final")
OF_TWO = {"previous": 0, "earlier": 0, "current": -1, "new": -1}  # of terms that are not in a row
WHICH = rf"(?:{'|'.join((*ORDERS, *LAST, *OF_TWO))})"
LEAD = r"(?:\b(?:in|during|under|over|throughout|through|for|of|by) )?(?:\bthe )?"
TAIL = r"(?P<back> back)?(?: in office| of office| as president| in the white house)?\b(?!')"
UNREAD = re.compile(  # words that make another time of the one they stand before; "in a year" makes none
    r"\b(?:before|after|since|until|till|to|from|through|than|between|beyond|past|outside|except|following|not"
    r"|nor|and|or|without|took office|early|late|mid|midway|halfway|sometime|part|half|most|much|rest|middle"
    r"|start|beginning|end|close|ahead|eve|spring|summer|fall|autumn|winter|months?|quarters?|weeks?"
    r"|(?<!\bin a )(?<!\bany )(?<!\bone )(?<!\bsingle )(?<!\d )(?:years?|days?))"
    r"(?: (?:of|in|into|under|during|with|the|his))*\W*$"
)
YEARS = ("year", "years")
Read = tuple[int, int, Span]


def read_office(text: str, *, to_come: bool) -> tuple[str, Span] | None:
    """Return a text without the time in office it names, and that time.

    The fullest wording counts: a term by its name, then "his first term" beside a name, then a period that
    has a name of its own, then who was in office. Where no term is said, terms in a row count as one; of
    terms that are not, the first is meant, and the last by a claim of what is to come. Two times that differ
    are refused, unless one lies in the other ("under Obama, in his first term").
    """
    words = vocabulary()
    named = [one for one in words.presidents if re.search(_who(one), text)]
    ways: list[Iterator[Read]] = [
        (found for one in named for found in _terms(text, one, to_come=to_come)),
        _his(text, named, to_come=to_come),
        (found for found in _periods(text)),
        (found for one in named for found in _holders(text, one, to_come=to_come)),
    ]
    for way in ways:
        found = max(way, key=lambda one: one[1] - one[0], default=None)
        if found is not None:
            first, last, span = found
            rest = cut(text, first, last)
            other = read_office(rest, to_come=to_come)
            if other is not None and not other[1][0] <= span[0] <= span[1] <= other[1][1]:
                raise unread(text[first:last], "and another time in office is said")
            return rest, span
    return None


def cut(text: str, first: int, last: int) -> str:
    """Return a text without a time, or refuse the words before it that would make it another."""
    if before := UNREAD.search(text[:first]):
        raise unread(before[0] + text[first:last])
    return f"{text[:first]} {text[last:]}"


def unread(words: str, why: str = "and what that means is not read") -> UsageError:
    """Return the refusal of words that speak of a time."""
    return UsageError(f"no period is said that is sure ({words.strip()!r:.80} {why}); say it as 'in 2024'")


def lengths_of_time() -> list[Span]:
    """Return every time that has a name: each in office, in a row and by term, and the periods."""
    words = vocabulary()
    office = [(_whole(one, to_come=False), *map(_span, one.terms)) for one in words.presidents]
    return list(dict.fromkeys((*itertools.chain(*office), *map(_span, words.periods))))


def _who(one: President) -> str:
    titles = "|".join(map(re.escape, vocabulary().titles))
    names = "|".join(map(re.escape, sorted(one.names, key=len, reverse=True)))
    return rf"(?<![\w.])(?:(?:{titles}) )*(?:{names})(?:'s?)?(?!\w)"


def _time() -> str:
    """Return what a time in office is called: which, how many years, a term."""
    nouns = "|".join(map(re.escape, vocabulary().in_office))
    noun = rf"(?P<noun>years?(?! (?:{nouns}))|(?:years? )?(?:{nouns}))"
    return rf"(?:(?P<which>{WHICH})[ -])?(?:(?P<many>{MANY})[ -])?{noun}"


def _terms(text: str, one: President, *, to_come: bool) -> Iterator[Read]:
    """Yield times in office that are said by name."""
    nouns = "|".join(map(re.escape, vocabulary().in_office))
    who = _who(one)
    part = rf"(?:\b(?P<part>{WHICH}) (?:(?P<length>{MANY}) )?years? (?:of|under|in|into) (?:the )?)?"
    for way in (
        rf"{LEAD}{part}(?:\b(?P<ahead>{WHICH}) )?{who} {_time()}{TAIL}",
        rf"{LEAD}\b{_time()}{TAIL} (?:of|under|with) (?:the )?{who}(?: (?:{nouns})\b)?",
    ):
        for found in re.finditer(way, text):
            said = found.groupdict()
            which = said.get("ahead") or said["which"]
            if which is not None or said["noun"] != "year":  # not "in a single year under"
                yield _time_of(one, found, which, to_come=to_come)


def _his(text: str, named: list[President], *, to_come: bool) -> Iterator[Read]:
    """Yield times in office of the one who is named elsewhere: his first term, the first two years."""
    for found in re.finditer(rf"{LEAD}\b(?P<his>his )?{_time()}{TAIL}", text):
        ordered = found["which"] in ORDERS and "the " in found[0]
        if named and (found["his"] or ordered or found[0].endswith(" in office")):
            if len(named) > 1:
                raise unread(found[0], "and more than one name is said")
            yield _time_of(named[0], found, found["which"], to_come=to_come)


def _time_of(one: President, found: re.Match[str], which: str | None, *, to_come: bool) -> Read:
    """Return where a time in office is said, and its days."""
    said = found.groupdict()
    span = _meant(one, which, said["many"], said["noun"], back=bool(said["back"]), to_come=to_come)
    if span is not None and said.get("part"):
        span = _part(one, span, said["part"], said["length"] or "one")
    if span is None:
        raise unread(found[0])
    return found.start(), found.end(), span


def _periods(text: str) -> Iterator[Read]:
    """Yield periods that have a name of their own."""
    for period, phrases in vocabulary().periods.items():
        for phrase in phrases:
            for found in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", text):
                yield found.start(), found.end(), _span(period)


def _holders(text: str, one: President, *, to_come: bool) -> Iterator[Read]:
    """Yield the time of who is said to have been in office; who only speaks was not."""
    who, office = _who(one), r"(?:president|in office|in the white house|in power)\b"
    others = "|".join(_who(other) for other in vocabulary().presidents)
    alone = rf"(?!(?:,|,? and|,? or|,? then|/|-| through| to)(?: under)? ?(?:the )?(?:{others}))"
    for way in (
        rf"\b(?:under|by) {who}(?<!')(?<!'s)(?!'| (?:{WHICH})\b){alone}",
        rf"(?:\b(?:while|when|with) )?{who} (?:was |is )?{office}",
    ):
        for found in re.finditer(way, text):
            yield found.start(), found.end(), _whole(one, to_come=to_come)


def _meant(
    one: President, which: str | None, many: str | None, noun: str, *, back: bool, to_come: bool
) -> Span | None:
    """Return the term or the part of it that is said; None where it could be more than one thing."""
    terms = [_span(term) for term in one.terms]
    whole = terms[-1] if back else _whole(one, to_come=to_come)
    if noun in YEARS and which is not None:
        if (many is None) is (noun == "years"):  # "first years" says not how many
            return None
        return _part(one, whole, which, many or "one")
    if which is not None and (many is not None or noun == "terms"):
        return None
    if which in OF_TWO:
        return whole if _in_a_row(terms) else terms[OF_TWO[which]]
    if which is not None:
        n = ORDERS.get(which, -1)
        if n >= len(terms):
            raise UsageError(
                f"{one.names[-1].title()} has no {which} term here; there is {', '.join(one.terms)}"
            )
        return terms[n]
    if noun == "terms":
        return whole if _in_a_row(terms) and (many is None or count_of(many) == len(terms)) else None
    if many is not None and count_of(many) != round((whole[1] - whole[0]).days / 365.25):
        return None
    return None if noun == "year" else whole


def _part(one: President, span: Span, which: str, many: str) -> Span | None:
    """Return the first, second, or last so many years of a time in office."""
    if which in OF_TWO:
        return None
    count = count_of(many)
    first, last = span
    if which in LAST:
        days = years_of(last + DAY, -count, 0)
    else:
        days = years_of(first, ORDERS[which] * count, (ORDERS[which] + 1) * count)
    if days[0] < first or days[1] > last:
        length = "year" if count == 1 else f"{many} years"
        raise UsageError(f"{one.names[-1].title()}: {first} to {last} has no {which} {length}")
    return days


def _whole(one: President, *, to_come: bool) -> Span:
    """Return all terms that are in a row; of those that are not, the first, or the last if it is to come."""
    terms = [_span(term) for term in one.terms]
    if _in_a_row(terms):
        return terms[0][0], terms[-1][1]
    return terms[-1] if to_come else terms[0]


def _in_a_row(terms: list[Span]) -> bool:
    return all(left[1] + DAY == right[0] for left, right in itertools.pairwise(terms))


def years_of(day: dt.date, first: int, last: int) -> Span:
    """Return from so many years after a day to the day before so many.

    >>> [str(one) for one in years_of(dt.date(2024, 2, 29), -1, 0)]
    ['2023-03-01', '2024-02-28']
    """

    def moved(years: int) -> dt.date:
        year = day.year + years
        gone = (day.month, day.day) == (2, 29) and not calendar.isleap(year)
        return dt.date(year, 3, 1) if gone else day.replace(year=year)

    return moved(first), moved(last) - DAY


def count_of(word: str) -> int:
    """Return the number that a word or digits say."""
    return COUNTS.get(word) or int(word)


def _span(period: str) -> Span:
    span = read_period(period, "words.yaml")
    assert span is not None
    return span
