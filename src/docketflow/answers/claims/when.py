"""Read when a sentence means: days, months and years as written, from one to another. Nothing is guessed.

Times in office are read by `office.py`.
"""

from __future__ import annotations

import datetime as dt
import re

from docketflow.answers.claims.office import MANY, count_of, cut, read_office, unread, years_of
from docketflow.answers.claims.statement import read_period
from docketflow.core.dates import DAY, Span, fiscal_year, fiscal_year_span, months
from docketflow.core.errors import UsageError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
YEAR = r"(?:19|20)\d{2}(?![\w'])"
FISCAL = r"(?:the )?(?:(?:federal )?fiscal(?: years?)?|fys?) ?'?"
DATE = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {YEAR}|\d{{1,2}} {MONTH},? {YEAR}"
    rf"|{MONTH},? (?:of )?{YEAR}|{FISCAL}(?:{YEAR}|\d{{2}}(?![\w%,.]\w|\d))"
    rf"|(?:the )?{YEAR} fiscal year|(?:the )?(?:calendar )?(?:years? )?{YEAR})"
)
BEGIN = r"(?<![\w,.$-])"
START, END = r"(?:the (?:start|beginning) of )?", r"(?:the (?:end|close) of )?"
HALVES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
PARTS = {"half": 6, "quarter": 3}
TO = r"(?:,? (?:to|through|thru|until|till|up to) | ?- ?)"
SINCE = rf"\bsince (?:taking office )?(?:in |on )?{START}({DATE})"
BESIDE = rf"{SINCE}|\b(?:up|down) from (?:{DATE})"  # dates that say no period
SPOKEN = r"\b(?:since|before|after|from|through|until|till|between|and|or|in|on|for|during) "
ANOTHER = (  # a year that is a number has a word after it
    rf"{SPOKEN}{DATE}|{BEGIN}(?!{YEAR} [a-z]){DATE}(?![\d-])"
    r"|\b(?:and|or) (?:after|before|beyond|earlier|later)\b|\bq[1-4]\b"
    r"|\b(?:to|through|until|till) (?:the )?(?:present|today|now)\b"
    r"|(?:first|second|third|fourth|last) (?:half|quarter)\b"
)


def read_when(text: str, *, to_come: bool) -> tuple[str, Span | None]:
    """Return a text without the period that it says, and the period; none where it says none."""
    dated = _dated(text)
    office = read_office(dated[0] if dated else text, to_come=to_come)
    if dated and office and [day.year for day in dated[1]] == [day.year for day in office[1]]:
        return office  # the years are told beside the term, whose days are known
    return dated or office or (text, None)


def since_year(text: str) -> Span | None:
    """Return the fiscal year of the date after "since"; a year alone is taken for a fiscal one."""
    found = re.search(SINCE, text)
    if found is None:
        return None
    year = int(found[1][-4:]) if re.fullmatch(rf"\D*{YEAR}", found[1]) else 0
    month = re.search(MONTH, found[1])
    return fiscal_year_span(fiscal_year(_span(found[1])[0]) if month or not year else year)


def without_dates(text: str) -> str:
    """Return a text without the dates beside its period, of which none is the number of a claim.

    >>> without_dates("1.5 million, since january 2021, up from 2017, at 2000 judges")
    '1.5 million,  ,  , at 2000 judges'
    """
    return re.sub(BESIDE, " ", text)


def _dated(text: str) -> tuple[str, Span] | None:
    """Return a text without the range, the length of time or the date first written in it, and that."""
    found = _first(text)
    if found is None:
        return None
    written, span = found
    rest = cut(text, *written.span())
    if other := re.search(ANOTHER, without_dates(rest)):
        raise unread(written[0], f"and {other[0].strip()!r} beside it")
    return rest, span


def _first(text: str) -> tuple[re.Match[str], Span] | None:
    if found := re.search(rf"{BEGIN}(?:in )?({FISCAL})?(\d{{4}})-(1[3-9]|[2-9]\d)(?![\w-])", text):
        return found, _range((found[1] or "") + found[2], found[2][:2] + found[3])
    one, other = rf"{START}({DATE}|{MONTH})", rf"{END}({DATE})(?![\d-])"
    for way in (rf"between {one} and {other}", rf"(?:from |between |since |in |during )?{one}{TO}{other}"):
        if found := re.search(BEGIN + way, text):
            return found, _range(found[1], found[2])
    many = rf"\b(?:(?:in|over|during|for) )?the ({MANY}) years"
    if found := re.search(rf"{many} (?:from|since|beginning|starting)(?: in| with)? {START}({DATE})", text):
        return found, years_of(_span(found[2])[0], 0, count_of(found[1]))
    ended = r"\b(?:in |over |during )?the (?:fiscal year|year|12 months|twelve months) (?:that )?"
    end = rf"(?:to|through|ending|ended)(?: in| on)? (?:the end of |(?!{YEAR}))({DATE})"
    if found := re.search(ended + end, text):
        return found, years_of(_span(found[1])[1] + DAY, -1, 0)
    part = rf"(?:in |over |during )?the ({'|'.join(HALVES)}) ({'|'.join(PARTS)}) of ({DATE})"
    if found := re.search(rf"\b{part}", text):
        return found, _part(found[1], PARTS[found[2]], _span(found[3]))
    hidden = re.sub(BESIDE, lambda one: "~" * len(one[0]), text)
    lead = r"(?:in|on|as of|at the end of|during|for|(?<=s )of) "
    if found := re.search(rf"{BEGIN}{lead}({DATE})(?![\d-])", hidden):
        return found, _span(found[1])
    if found := re.search(rf"{BEGIN}({DATE})(?![\d-])", hidden):  # a year alone may be a number
        if not re.search(r"(?:^|[(,;:] ?|\bthe |'s )$", hidden[: found.start()]):
            raise unread(" ".join([*hidden[: found.start()].split()[-2:], found[0]]))
        return found, _span(found[1])
    return None


def _range(left: str, right: str) -> Span:
    """Return from the first day of one date to the last of another; what one leaves out the other says."""
    if month := re.fullmatch(MONTH, left):
        if not re.search(rf"{MONTH}|-", right):
            raise UsageError(f"sentence: period {left} to {right} does not say the year of {left}")
        end = _span(right)[1]
        left = f"{left} {end.year - (MONTHS.index(month[0][:3]) >= end.month)}"
    if re.match(FISCAL, left) and re.fullmatch(YEAR, right):
        right = f"fy{right}"
    first, last = _span(left)[0], _span(right)[1]
    if first > last:
        raise UsageError(f"sentence: period {left} to {right} ends before it begins")
    return first, last


def _part(which: str, length: int, year: Span) -> Span:
    """Return a half or a quarter of a year."""
    every = list(months(*year))
    parts = [every[n : n + length] for n in range(0, len(every), length)]
    if len(every) != 12 or HALVES[which] >= len(parts):
        raise UsageError(f"sentence: {year[0]} to {year[1]} has no {which} part of {length} months")
    chosen = parts[HALVES[which]]
    return chosen[0][0], chosen[-1][1]


def _span(date: str) -> Span:
    """Return the first and last day of a date as written.

    >>> [day.isoformat() for day in _span("fiscal year 2020")]
    ['2019-10-01', '2020-09-30']
    >>> [day.isoformat() for day in _span("jan. 20, 2017")]
    ['2017-01-20', '2017-01-20']
    """
    words = date[-4:]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        words = date
    elif date.endswith(" fiscal year"):
        words = f"FY{date.removesuffix(' fiscal year')[-4:]}"
    elif re.match(FISCAL, date):
        century = 20 if int(date[-2:]) < 50 else 19  # FY24, FY99
        words = f"FY{words if re.search(YEAR, date) else f'{century}{date[-2:]}'}"
    elif month := re.search(MONTH, date):
        words += f"-{MONTHS.index(month[0][:3]) + 1:02}"
        day = re.search(r"(?<!\d)\d{1,2}(?!\d)", date)
        words += f"-{int(day[0]):02}" if day else ""
    span: tuple[dt.date, dt.date] | None = read_period(words, "sentence")
    assert span is not None
    return span
