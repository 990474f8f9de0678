"""Numbers, differences and days in words: three digits, never finer than a record, units that people say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from docketflow.app.words import ENGLISH, LOCALES, _, language
from docketflow.report.format import significant
from docketflow.results import Result
from docketflow.results.summary import Summary, summarize

BILLION, MILLION = 1e9, 1e6
MINUS = "−"
BILLIONS, MILLIONS, POINTS = "%(n)s billion", "%(n)s million", "%(n)s points"


def amount(value: float, unit: str = "", *, digits: int = 3, record: float = 1.0) -> str:
    """Return a simulated number as it is read.

    >>> amount(228_850), amount(0.8664, "share"), amount(7.26e9, "USD"), amount(3_893_600)
    ('229,000', '86.6%', '$7.3 billion', '3.89 million')
    """
    if value is None or not math.isfinite(value):
        return "–"
    sign, size = (MINUS if value < 0 else ""), abs(value)
    if unit in ("share", "probability"):
        return f"{sign}{size * 100:.1f}%"
    if unit == "USD":
        if size >= BILLION / 10:
            return _("%(n)s billion", n=f"{sign}${size / BILLION:.1f}")
        return f"{sign}${_short(size, digits)}"
    rounded = _short(size, digits, record)
    return f"{sign}{rounded}"


def _short(size: float, digits: int = 3, record: float = 1.0) -> str:
    number = float(f"{size:.{digits}g}") if digits != 3 else significant(size)
    if number >= MILLION:
        return _("%(n)s million", n=f"{number / MILLION:.{digits}g}")
    if record > 1:
        number = math.floor(number / record + 0.5) * record
    if number >= 100 or number == round(number):
        return f"{number:,.0f}"
    return f"{number:.3g}"


def change(value: float, unit: str = "", *, record: float = 1.0) -> str:
    """Return a difference with its sign; of shares in points.

    >>> change(10_800), change(-0.0123, "share")
    ('+10,800', '−1.2 points')
    """
    if not math.isfinite(value):
        return "–"
    if unit in ("share", "probability"):
        points = round(value * 100, 1)
        return _("%(n)s points", n=f"{points:+.1f}".replace("-", MINUS))
    said = amount(value, unit, record=record)
    return said if value < 0 or said in ("0", "–") else f"+{said}"


def day(date: dt.date, *, short: bool = False) -> str:
    """Return a date as read aloud."""
    if language() == ENGLISH:
        return f"{date.day} {date:%b}" if short else f"{date.day} {date:%b %Y}"
    return _date(date, "d MMM" if short else "d MMM y")


def month(date: dt.date) -> str:
    """Return a month as an axis has it."""
    return f"{date:%b}" if language() == ENGLISH else _date(date, "MMM")


def _date(date: dt.date, form: str) -> str:
    from babel.dates import format_date

    return str(format_date(date, form, locale=LOCALES[language()]))


def record(result: Result) -> float:
    """Return how many people one record of a run stands for."""
    return float(1 / Fraction(result.scale))


class Said:
    """One number of one result, in words: value, range and how it stands beside another."""

    def __init__(self, name: str, found: Summary, unit: str, per: float, digits: int = 3) -> None:
        self.name, self.unit, self.summary = name, unit, found
        self._per, self._digits = per if unit in ("persons", "") else 1.0, digits

    @property
    def value(self) -> str:
        """The middle run."""
        return amount(self.summary.value, self.unit, digits=self._digits, record=self._per)

    @property
    def range(self) -> str:
        """Nine runs in ten."""
        low, high = (
            amount(x, self.unit, digits=self._digits, record=self._per)
            for x in (self.summary.low, self.summary.high)
        )
        return _("%(low)s to %(high)s", low=_bare(low, high, self.unit), high=_bare_high(high, self.unit))


def less(said: str, form: str) -> str:
    """Return an amount without the words around its number, such as a unit that stands beside it anyway."""
    return said.removesuffix(_(form, n=""))


def _bare(low: str, high: str, unit: str) -> str:
    """Return the lower end without what the upper end says anyway."""
    if unit == "USD":
        return less(low, BILLIONS).removeprefix("$") if less(high, BILLIONS) != high else low
    if less(low, MILLIONS) != low and less(high, MILLIONS) != high:
        return less(low, MILLIONS)
    return low.removesuffix("%") if high.endswith("%") else low


def _bare_high(high: str, unit: str) -> str:
    return high.removeprefix("$") if unit == "USD" and less(high, BILLIONS) != high else high


def said(result: Result, name: str, *, digits: int = 3) -> Said | None:
    """Return an outcome of a result in words, if it has it."""
    if name not in result:
        return None
    answer = result[name]
    return Said(name, answer.whole, answer.unit, record(result), digits)


def apart(
    one: Result, other: Result, name: str, members: Sequence[int] | None = None
) -> dict[str, str] | None:
    """Return the difference of two results run against run: one less other, middle and nine in ten.

    ``members`` are the members that the first holds, where it has fewer than the other.
    """
    gaps = gaps_of(one, other, name, members)
    if gaps is None:
        return None
    found, unit = summarize(gaps, "mean"), one[name].unit
    per = record(one) if unit == "persons" else 1.0
    low, high = change(found.low, unit, record=per), change(found.high, unit, record=per)
    if unit == "share":
        low = less(low, POINTS)
    return {
        "value": change(found.value, unit, record=per),
        "low": low,
        "high": high,
        "range": _("%(low)s to %(high)s", low=low, high=high),
        "sign": "more" if found.value > 0 else "fewer" if found.value < 0 else "same",
        "size": amount(abs(found.value), unit, record=per),
    }


def gaps_of(one: Result, other: Result, name: str, members: Sequence[int] | None = None) -> np.ndarray | None:
    """Return one less other, member by member."""
    if name not in one or name not in other:
        return None
    values = other[name].values
    if members is not None:
        values = values[list(members)]
    if len(values) != len(one[name].values):
        return None
    return np.asarray(one[name].values - values)
