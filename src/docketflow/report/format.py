"""The one function that puts a number, a date or sourced words on the page, with the path it came by.

Templates have no other way to print one, so no number can be without its path.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from markupsafe import Markup, escape

from docketflow.report.asked import Asked
from docketflow.report.provenance import Trace
from docketflow.report.traced import Traced
from docketflow.report.view import words

BILLION, MILLION, THOUSAND = 1e9, 1e6, 1e3
HYPHEN = re.compile(r"(?<![\w-])-(?=\$?\d)")


class Numbers:
    """Callable of the templates: ``n(path, style=..., tag=...)`` prints what stands at a path."""

    def __init__(self, trace: Trace | Asked) -> None:
        self.trace = trace

    def __call__(self, path: str, style: str = "", tag: str = "span", **attributes: Any) -> Markup:
        """Return an element that shows what stands at a path and carries the path.

        Parameters
        ----------
        path
            See `docketflow.report.provenance`.
        style
            "" by its unit, "short" (thousands as k), "exact" (never rounded), "signed", "points" (of a
            share, what it changed by).
        tag, attributes
            The element: ``text`` in a picture, ``td`` in a table; attribute names take ``_`` for ``-``.
        """
        found = self.trace.resolve(path)
        name = "t" if found.unit == "text" else "n"
        more = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
        shown = escape(show(found, style))
        return Markup(f'<{tag} class="{name}" data-path="{escape(path)}"{more}>{shown}</{tag}>')  # noqa: S704


def show(found: Traced, style: str = "") -> str:
    """Return a traced value as words: by its unit, simulated numbers to three significant digits."""
    return minus(_shown(found, style))


def minus(text: str) -> str:
    """Return a text for reading with a minus before its numbers, and every other hyphen as it was.

    >>> minus("all but beds -24,100 (-$5 to +3), as of 2025-05-01, by --scale 1/100")
    'all but beds −24,100 (−$5 to +3), as of 2025-05-01, by --scale 1/100'
    """
    return HYPHEN.sub("−", text)


def _shown(found: Traced, style: str) -> str:
    value = found.value
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, dict):
        parts = (
            f"{str(key).replace('_', ' ')}: {_by_unit(part, found.unit, style)}"
            for key, part in value.items()
        )
        return ", ".join(parts)
    number = float(value)
    if math.isnan(number):
        return "not known"
    if math.isinf(number):
        return "no limit"
    if found.simulated and style != "exact":
        if 0 < number < found.record:
            return f"<{short(found.record)}" if style == "short" else f"under {found.record:,.0f}"
        number = significant(coarse(number, found.record))
    sign = "+" if style in ("signed", "points") and number > 0 else ""
    return sign + _by_unit(number, found.unit, style)


def _by_unit(number: float, unit: str, style: str) -> str:
    if unit in ("share", "probability"):
        whole = f"{number * 100:,.{_decimals(number * 100)}f}".removesuffix(".0")
        return f"{whole} points" if style == "points" else f"{whole}%"
    if unit == "USD":
        return f"{'-' if number < 0 else ''}${_words(abs(number))}"
    if style == "short":
        return short(number)
    return f"{number:,.{0 if number == round(number) else _decimals(number)}f}"


def significant(number: float) -> float:
    """Return a number rounded to the digits that a simulation can bear.

    >>> significant(312_456)
    312000.0
    """
    if number == 0 or not math.isfinite(number):
        return number
    digits = int(words()["method"]["rounding"]["value"])
    return float(round(number, digits - 1 - math.floor(math.log10(abs(number)))))


def coarse(number: float, record: float) -> float:
    """Return a number of few records in whole ones: a record of a run stands for as many people.

    >>> coarse(206.0, 100.0), coarse(25_660.0, 100.0)
    (200.0, 25660.0)
    """
    few = record * float(words()["method"]["records"]["value"])
    return record * round(number / record) if abs(number) < few else number


def short(number: float) -> str:
    """Return a number with k or M, for axes and labels.

    >>> short(45_000), short(1_250_000), short(0)
    ('45k', '1.25M', '0')
    """
    for size, letter in ((MILLION, "M"), (THOUSAND, "k")):
        if abs(number) >= size:
            return f"{number / size:.4g}{letter}"
    return f"{number:.3g}"


def day(date: dt.date) -> str:
    """Return a date as read aloud."""
    return f"{date.day} {date:%B %Y}"


def _words(number: float) -> str:
    if number >= BILLION:
        return f"{number / BILLION:.3g} billion"
    if number >= MILLION:
        return f"{number / MILLION:.3g} million"
    return f"{number:,.0f}"


def _decimals(number: float) -> int:
    """Return the decimals that leave about three digits."""
    size = abs(number)
    return 0 if size >= 100 or size == 0 else 1 if size >= 1 else 2
