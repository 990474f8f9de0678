"""One claim, read: what it says of which quantity, in which period, compared with what."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from docketflow.answers.claims.vocabulary import Quantity, vocabulary
from docketflow.core.dates import DAY, Span, fiscal_year_span, month_end, parse_date
from docketflow.core.errors import UsageError

COMPARISONS = ("about", "at least", "more than", "at most", "less than", "highest since")
KINDS = ("fact", "forecast", "model")
DIGITS = ("one digit is", "two digits are", "three digits or more are")
PERIOD = "a day, a month, a year, FY2024, or two of them with / between"


@dataclass(frozen=True)
class Statement:
    """A claim.

    Parameters
    ----------
    id, says
        Its name, and what it says in words.
    quantity
        Name of the quantity in `words.yaml`.
    kind
        ``fact``: held against evidence; ``forecast`` and ``model``: against the model.
    value, comparison, within
        What is said of the quantity; ``within`` is how near is near.
    period, than
        First and last day; and of the period it is compared with.
    single_year
        Whether one year of the period is meant, not the whole of it.
    of
        Whose share is meant (``people``), empty where the words leave it open.
    distinct
        Whether different people are meant, each counted once.
    levers
        Settings whose effect is claimed, ``PATH=VALUE@DATE``.
    scenario, outcome
        What the model is asked, where it is not what the vocabulary names.
    value_from
        Id of the published figure that the value is, where it is one.
    read_as
        How its words were read, where they name no number.
    unknown
        Where a file names a quantity that nobody knows here: the line that says so and names the nearest.
    said_by, article
        Who says so; nothing is judged by it.
    """

    id: str
    says: str
    quantity: str
    kind: str = "fact"
    value: float | None = None
    comparison: str = "about"
    within: float = 0.0
    period: Span | None = None
    than: Span | None = None
    single_year: bool = False
    of: str = ""
    distinct: bool = False
    levers: tuple[str, ...] = ()
    scenario: str = ""
    outcome: str = ""
    value_from: str = ""
    read_as: str = ""
    unknown: str = ""
    said_by: str = ""
    article: str = ""

    @property
    def about(self) -> Quantity:
        """What the vocabulary knows of the quantity."""
        return vocabulary().quantities[self.quantity]

    @property
    def said(self) -> str:
        """What is said of the quantity, in words by its unit; empty where no number is."""
        return "" if self.value is None else shown(self.value, "" if self.unknown else self.about.unit)

    @property
    def near(self) -> str:
        """How near is near, in words, with what says so; empty where the claim is not about a number.

        >>> Statement("x", "x", "removals.ice", value=270_000.0, within=0.1).near
        'within 10%, as two digits are said'
        """
        if self.value is None or self.comparison != "about" or self.about.unit == "date":
            return ""
        return f"within {100 * self.within:.3g}%{self._said_so()}"

    def _said_so(self) -> str:
        digits = _digits(self.value or 0.0)
        if self.within == nearness(self.value, self.comparison, said_about=False):
            return f", as {DIGITS[min(digits, len(DIGITS)) - 1]} said"
        return ", as about is said" if self.within == vocabulary().conventions.about else ""

    def holds(self, found: float, said: float | None = None) -> bool:
        """Return whether the claim holds when that is what is found (against another value, if given)."""
        value = self.value if said is None else said
        if value is None:
            return False
        if self.comparison == "about":  # a day is that day, however many digits it is written in
            return abs(found - value) <= (0 if self.about.unit == "date" else self.within * abs(value))
        if self.comparison in ("more than", "highest since"):
            return found > value
        if self.comparison == "less than":
            return found < value
        return found >= value if self.comparison == "at least" else found <= value


def shown(value: float, unit: str) -> str:
    """Return a value in words, by its unit.

    >>> shown(0.34, "share"), shown(20250310, "date"), shown(1445549, "people")
    ('34%', '2025-03-10', '1,445,549')
    """
    if unit == "share":
        return f"{100 * value:.3g}%"
    if unit == "date":
        digits = f"{value:.0f}"
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    if unit == "USD" and abs(value) >= 1e9:
        return f"{value / 1e9:.3g} billion USD"
    words = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{words} USD" if unit == "USD" else words


def nearness(value: float | None, comparison: str, *, said_about: bool) -> float:
    """Return how near is near: as the words say, else by the significant digits of what is said."""
    rules = vocabulary().conventions
    if value is None or comparison != "about":
        return rules.about
    by_digits = rules.near[min(_digits(value), max(rules.near))]
    return max(rules.about, by_digits) if said_about else by_digits


def _digits(value: float) -> int:
    """Return how many significant digits are said."""
    return len(f"{abs(value):.12g}".replace(".", "").strip("0")) or 1


def read_period(text: object, where: str) -> Span | None:
    """Return the first and last day of a period as written, or raise one line.

    >>> [day.isoformat() for day in read_period("FY2012", "")]
    ['2011-10-01', '2012-09-30']
    >>> [day.isoformat() for day in read_period("2016/2018", "")]
    ['2016-01-01', '2018-12-31']
    """
    words = str(text).strip()
    if not words:
        return None
    if words.startswith("from "):
        first = _span(words.removeprefix("from "), where)[0]
        return first, first.replace(year=first.year + 1) - DAY
    years = re.fullmatch(r"(\d{4})-(\d{4})", words)
    parts = list(years.groups()) if years else words.split("/")
    if len(parts) > 2:
        raise UsageError(f"{where}: period {words!r:.40} is not {PERIOD}")
    first, last = _span(parts[0], where)[0], _span(parts[-1], where)[1]
    if first > last:
        raise UsageError(f"{where}: period {words!r:.40} ends before it begins")
    return first, last


def _span(text: str, where: str) -> Span:
    words = text.strip()
    if found := re.fullmatch(r"(?:FY|fy)(\d{4})", words):
        return fiscal_year_span(_year(found[1], where))
    if found := re.match(r"(\d{4})-", words):
        _year(found[1], where)
    if re.fullmatch(r"\d{4}", words):
        year = _year(words, where)
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", words):
        day = parse_date(f"{words}-01", where=f"{where}: period")
        return day, month_end(day)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        day = parse_date(words, where=f"{where}: period")
        return day, day
    raise UsageError(f"{where}: period {words!r:.40} is not {PERIOD}")


def _year(text: str, where: str) -> int:
    year = int(text)
    if not 1900 <= year <= 2100:
        raise UsageError(f"{where}: year {year} is not between 1900 and 2100")
    return year
