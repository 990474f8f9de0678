"""How the border goes on from an origin where nobody says: a level, its season, and how far it strays.

The level is that of the last months without their season; the season is that of the last years; how far it
may be from there is what the same rule missed, so many months ahead, at every earlier month. Which of several
such rules, was chosen on the months of fiscal years 2000 to 2018 alone (`benchmarks/border_ahead.py`), which
end before the first origin. Nothing here looks past an origin.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from docketflow.calibrate.ahead import YEAR, latest_of
from docketflow.calibrate.method import method
from docketflow.core.errors import EvidenceError
from docketflow.evidence import Figure
from docketflow.evidence.months import SUFFIX

BEFORE_A_MISS = 3 * YEAR  # months that are known before what the rule says is held against what came


@dataclass(frozen=True, eq=False)
class Border:
    """What came over the border a day, month by month, up to an origin.

    Attributes
    ----------
    logs : logarithms of means a day of months in a row
    first : the first of them: 0 is January
    lately : how many years have the season, none for no season
    """

    logs: np.ndarray
    first: int
    lately: int = field(default_factory=lambda: int(method("season")))

    @classmethod
    def of(cls, figures: Iterable[Figure], origin: dt.date) -> Border:
        """Add up the parts of each month up to an origin; a part with a gap is refused.

        Months that are not yet published on an origin are as the last that is.
        """
        parts: dict[str, dict[int, float]] = {}
        for one in figures:
            if one.period_end <= origin:
                days = (one.period_end - one.period_start).days + 1
                month = one.period_start.year * YEAR + one.period_start.month - 1
                parts.setdefault(one.id[:-SUFFIX], {})[month] = one.value / days
        months: dict[int, float] = {}
        for row, part in parts.items():
            for month in range(min(part), max(part) + 1):
                if month not in part:
                    raise EvidenceError(f"{row}: has no figure of {month // YEAR}-{month % YEAR + 1:02d}")
                months[month] = months.get(month, 0.0) + part[month]
        if len(months) < BEFORE_A_MISS:
            raise EvidenceError(f"inflow: has {len(months)} months up to {origin}; needs {BEFORE_A_MISS}")
        start, found = min(months), list[float]()
        for month in range(start, origin.year * YEAR + origin.month):
            found.append(months[month] if month in months else found[-1])
        return cls(np.log(np.maximum(found, 1.0)), start % YEAR)

    @property
    def years(self) -> int:
        """In how many whole years it was seen what the rule missed."""
        return (len(self.logs) - BEFORE_A_MISS) // YEAR

    def season(self, known: int | None = None) -> np.ndarray:
        """Return by how much each month of the calendar is above its year, as known after so many months."""
        known = len(self.logs) if known is None else known
        many = min(self.lately, known // YEAR) * YEAR
        if not many:
            return np.zeros(YEAR)
        rows = self.logs[known - many : known].reshape(-1, YEAR)
        found = np.empty(YEAR)
        found[self._calendar(np.arange(known - YEAR, known))] = (rows - rows.mean(axis=1)[:, None]).mean(
            axis=0
        )
        return found

    def ahead(self, own: Sequence[float] | np.ndarray, months: int, known: int | None = None) -> np.ndarray:
        """Return the logarithms of so many months ahead of a series that follows it and ends where it does.

        Parameters
        ----------
        own : logarithms of the series' means a day of months up to there
        months : how many to say
        known : months that are known, if not all
        """
        known = len(self.logs) if known is None else known
        season = self.season(known)
        even = np.asarray(own) - season[self._calendar(np.arange(known - len(own), known))]
        return np.asarray(self.level(even) + season[self._calendar(np.arange(known, known + months))])

    def level(self, even: np.ndarray) -> float:
        """Return where months without their season stand."""
        return float(even[-latest_of(even) :].mean())

    @functools.cached_property
    def missed(self) -> np.ndarray:
        """By how much variance the rule missed at every earlier month, one month ahead and on."""
        most, known = max(method("horizons")), len(self.logs)
        squares: list[list[float]] = [[] for _ in range(most)]
        for cut in range(BEFORE_A_MISS, known):
            told = self.logs[cut : cut + most]
            said = self.ahead(self.logs[:cut], len(told), cut)
            for ahead, square in enumerate((told - said) ** 2):
                squares[ahead].append(float(square))
        return np.array([np.mean(own) for own in squares])

    def _calendar(self, months: np.ndarray) -> np.ndarray:
        return (self.first + months) % YEAR
