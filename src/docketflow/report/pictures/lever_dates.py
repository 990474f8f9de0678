"""Days on which levers begin to work, marked in a picture by month: in words where they fit, else by letters.

Geometry alone, for report and app; markup is in `lever_dates.html`. Days close to one another share a letter.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docketflow.report.charts import Frame

ROWS, ROW = 3, 17  # heights at which words stand, and their distance
A_CHARACTER = 6.2  # how wide a character of words is
GAP = 5  # between a hairline and its words
APART = 20.0  # least distance of two letters
MOST = 24  # letters over the width of a picture


@dataclass(frozen=True)
class Mark:
    """A day on which a lever begins to work."""

    day: dt.date
    words: str
    mine: bool = False


@dataclass
class Placed:
    """One or more days, marked at one place."""

    x: float
    y: float
    says: list[str]
    mine: bool
    letter: str = ""
    flip: bool = False
    days: list[dt.date] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What is said of it."""
        return "; ".join(self.says)


def place(
    frame: Frame, marks: Sequence[Mark], *, top: float, letters: bool = False, apart: int | None = None
) -> list[Placed]:
    """Return where days are marked, from a height down to the axis.

    Parameters
    ----------
    frame : the plotting area
    marks : in any order; what begins outside the period is left out
    top : where the first row of words or letters stands
    letters : letters in any case
    apart : days that two letters are at least apart; as the picture has room for if not given
    """
    inside = [one for one in sorted(marks, key=lambda one: one.day) if 0 <= _days(frame, one) < frame.days]
    if not letters:
        found = [_worded(frame, one, top + (k % ROWS) * ROW) for k, one in enumerate(inside)]
        if not _cross(found):
            return found
    return _lettered(frame, inside, top, apart or days_apart(frame))


def days_apart(frame: Frame) -> int:
    """Return how many days two letters are at least apart in a picture."""
    wide = frame.edge - frame.left
    return math.ceil(max(APART, wide / MOST) / wide * frame.days)


def _days(frame: Frame, mark: Mark) -> int:
    return (mark.day - frame.start).days


def _worded(frame: Frame, mark: Mark, y: float) -> Placed:
    x = frame.x(_days(frame, mark))
    flip = x + GAP + A_CHARACTER * len(mark.words) > frame.edge
    return Placed(x, y, [mark.words], mark.mine, flip=flip, days=[mark.day])


def _cross(found: Sequence[Placed]) -> bool:
    """Return whether words would lie on others or under a hairline, which goes from its words down."""
    spans = []
    for one in found:
        wide = GAP + A_CHARACTER * len(one.words)
        spans.append((one.x - wide, one.x) if one.flip else (one.x, one.x + wide))
    pairs = [(k, m) for k in range(len(found)) for m in range(len(found)) if k != m]
    return any(
        (spans[k][0] < found[m].x < spans[k][1] and found[m].y <= found[k].y)
        or (found[k].y == found[m].y and spans[k][0] < spans[m][1] and spans[m][0] < spans[k][1])
        or spans[k][0] < 0
        for k, m in pairs
    )


def _lettered(frame: Frame, inside: Sequence[Mark], top: float, apart: int) -> list[Placed]:
    found: list[Placed] = []
    for one in inside:
        if not found or (one.day - found[-1].days[0]).days >= apart:
            x = frame.x(_days(frame, one))
            found.append(Placed(x, top, [], False, letter=chr(ord("A") + len(found))))
        last = found[-1]
        last.mine = last.mine or one.mine
        last.says.append(one.words)
        last.days.append(one.day)
    return found


def begins(row: Mapping[str, Any]) -> dt.date | None:
    """Return the day on which a row of a result's table of levers begins to work; None for all the time."""
    start = row.get("from")
    if not start:
        return None
    day = start if isinstance(start, dt.date) else dt.date.fromisoformat(str(start)[:10])
    return day + dt.timedelta(int(row.get("lag") or 0))
