"""The scale of a run, 1/N: one record for N people. Text is looked at before any number is made of it."""

from __future__ import annotations

import contextlib
import re
from fractions import Fraction

from docketflow.core.errors import UsageError

COARSEST = 10_000  # persons a record; beyond it whole dockets would round to nobody
_TEXT = re.compile(r"\d{1,9}/\d{1,9}|\d{0,9}\.?\d{1,9}([eE]-\d)?", re.ASCII)


def read_scale(given: object) -> Fraction:
    """Return a scale given as 1/N in text, as a Fraction or as a plain number.

    Raises
    ------
    UsageError
        One line that says what a scale is.

    Examples
    --------
    >>> read_scale("1/20"), read_scale(0.01), read_scale(1)
    (Fraction(1, 20), Fraction(1, 100), Fraction(1, 1))
    """
    scale = Fraction(0)
    if isinstance(given, Fraction):
        scale = given
    elif isinstance(given, float) and 0 < given <= 1:
        scale = Fraction(given).limit_denominator(COARSEST)  # 1/20 is meant, not what a float makes of it
    elif isinstance(given, str) and _TEXT.fullmatch(given.strip()):
        with contextlib.suppress(ZeroDivisionError):
            scale = Fraction(given.strip())
    elif given == 1 and not isinstance(given, bool):
        scale = Fraction(1)
    if scale > 0 and scale.denominator > COARSEST:
        raise UsageError(f"{given!r:.40} leaves too few records; the coarsest scale is 1/{COARSEST}")
    if scale <= 0 or scale.numerator != 1:
        raise UsageError(
            f"{given!r:.40} is not a scale: one record for N people is written 1/N, such as 1/20"
        )
    return scale
