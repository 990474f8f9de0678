"""Read a plain sentence: which quantity, how much, when. What is missing is said; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docketflow.answers.claims.office import COUNTS, MANY, WHICH, unread
from docketflow.answers.claims.statement import Statement, nearness
from docketflow.answers.claims.vocabulary import vocabulary
from docketflow.answers.claims.when import YEAR, read_when, since_year, without_dates
from docketflow.core.dates import Span
from docketflow.core.errors import UsageError

MOST = 600
NUMBER = (
    r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*(million|thousand|billion|percent|per cent|%)?(?![\w])"
)
NO_NUMBER = r"title $"
SIZES = {"million": 10**6, "thousand": 10**3, "billion": 10**9}
IN_WORDS = {**COUNTS, "half a": 0.5}
LENGTH = (
    rf"\b(?:in|over|for|during|within|{WHICH})(?: the)?(?: {WHICH}| past)?"
    rf" (?:{MANY}|\d+)[ -](?:year|month|quarter|week|day)s\b"
)
ASKS = "say what is counted, how many, and when: 'ICE deported 271,484 people in fiscal year 2024'"


def read_sentence(sentence: str) -> Statement:
    """Return the claim a sentence makes, or raise one line that says what is missing."""
    said = " ".join(sentence.split())
    if not said or len(said) > MOST:
        raise UsageError(f"a sentence has 1 to {MOST} characters; {ASKS}")
    words = vocabulary()
    text = re.sub("[–—]", "-", said.lower().replace("’", "'"))
    to_come = any(_has(text, word) for word in (*words.future, *words.denials))
    text, than = _against(text)
    text, period = read_when(text, to_come=to_come)
    text, quantity = _quantity(text)
    if (length := re.search(LENGTH, text)) and words.quantities[quantity].unit not in ("days", "years"):
        raise unread(length[0])
    text, value, share = _number(text)
    comparison, about = _comparison(text, against=than is not None)
    single_year = any(_has(said.lower(), phrase) for phrase in words.single_year)
    most = "|".join(words.highest)
    since = since_year(text)
    highest = since if re.search(rf"\b(?:{most})\b.* since ", text) else None
    ever = any(_has(text, one) for one in words.ever) and any(_has(text, one) for one in words.highest)
    denied = any(_has(text, word) for word in words.denials)
    kind = words.quantities[quantity].kind
    if value is None and than is None and not highest and not ever:
        raise UsageError(f"no number is said of {words.quantities[quantity].label}; {ASKS}")
    if period is None or (since and not highest):
        found = "'since' says no end" if since else "a year, a fiscal year, a date, a term of office"
        raise UsageError(f"no period is said ({found}); {ASKS}")
    if value is not None and share is not (kind == "share") and kind == "share":
        raise UsageError(f"{words.quantities[quantity].label} is a share; say how many percent")
    if share and kind != "share":
        raise UsageError(
            f"{words.quantities[quantity].label} is no share; say how many, not how many percent"
        )
    if highest:
        comparison, than, value = "highest since", highest, None
    elif ever:
        comparison, value = "highest since", None
    forecast = any(_has(text, word) for word in words.future) or denied
    if forecast and denied:
        comparison = "less than"
    elif forecast and comparison == "about":
        comparison = "at least"  # who says that a million will be removed means no fewer
    return Statement(
        id="sentence",
        says=said,
        quantity=quantity,
        kind="forecast" if forecast else "fact",
        value=value,
        comparison=comparison,
        within=nearness(value, comparison, said_about=about),
        period=period,
        than=than,
        single_year=single_year,
        of="people" if kind == "share" and any(_has(said.lower(), one) for one in words.of_people) else "",
        distinct=any(_has(said.lower(), one) for one in words.distinct),
    )


def _has(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def _longest(text: str, phrases: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the longest phrase that stands in the text, with what it means."""
    found = [(phrase, meaning) for phrase, meaning in phrases if _has(text, phrase)]
    return max(found, key=lambda pair: len(pair[0]), default=None)


def _without(text: str, phrase: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", text, count=1)


def _quantity(text: str) -> tuple[str, str]:
    named = [(phrase, name) for name, one in vocabulary().quantities.items() for phrase in one.phrases]
    found = _longest(text, named)
    if found is None:
        known = ", ".join(list(vocabulary().quantities)[:8])
        raise UsageError(f"no series is named that the evidence has (such as {known}); {ASKS}")
    return _without(text, found[0]), found[1]


def _against(text: str) -> tuple[str, Span | None]:
    """Return the text before "than" with its comparison, and the period after it."""
    before, than, after = text.partition(" than ")
    number = rf"(?!{YEAR}\W*$)[\d$]|(?:{'|'.join(IN_WORDS)}) "
    if not than or not re.search(r"\b(?:more|fewer|less)\b", before) or re.match(number, after):
        return text, None
    _, period = read_when(after, to_come=False)
    if period is None:
        return text, None
    word = "more than" if re.search(r"\bmore\b[^.]*$", before) else "less than"
    return f"{before} {word} ", period


def _number(text: str) -> tuple[str, float | None, bool]:
    """Return the text without its number, the number, and whether it is a share."""
    spelt = "|".join(sorted(IN_WORDS, key=len, reverse=True))
    if found := re.search(rf"\b({spelt}) (million|thousand|billion)\b", text):
        return text, IN_WORDS[found[1]] * SIZES[found[2]], False
    bare = without_dates(text)
    every = re.finditer(NUMBER, bare)
    numbers = [found for found in every if not re.search(NO_NUMBER, bare[: found.start()])]
    if len(numbers) > 1:
        said = ", ".join(found[0].strip() for found in numbers[:4])
        raise UsageError(f"more than one number is said ({said}); say one claim at a time")
    if not numbers:
        return text, None, False
    found = numbers[0]
    value, size = float(found[1].replace(",", "")), found[2] or ""
    if size in SIZES:
        return text, value * SIZES[size], False
    return text, value / 100 if size else value, bool(size)


def _comparison(text: str, *, against: bool) -> tuple[str, bool]:
    """Return the comparison that stands before the number, and whether it says about."""
    if against:
        return ("more than" if _has(text, "more than") else "less than"), False
    named = [(phrase, name) for name, phrases in vocabulary().comparisons.items() for phrase in phrases]
    spelt = "|".join(IN_WORDS)
    before = [
        (phrase, name)
        for phrase, name in named
        if re.search(rf"(?<!\w){re.escape(phrase)} (?:(?:the|a|an|total of) )?(?:\d|(?:{spelt})\b)", text)
    ]
    found = max(before, key=lambda pair: len(pair[0]), default=("", "about"))
    return found[1], found[1] == "about" and bool(found[0])
