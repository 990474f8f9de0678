"""How the border goes on from an origin where nobody says: at its level, in its season.

The level is that of the last months without their season; the season is that of the last years. That it has
one, and of how many years, was chosen on the months of fiscal years 2000 to 2018 alone
(`benchmarks/border_ahead.py`), which end before the first origin. Nothing here looks past an origin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from docketflow.calibrate.ahead import YEAR
from docketflow.calibrate.method import method
from docketflow.core.dates import DAY, months
from docketflow.core.errors import EvidenceError
from docketflow.core.quantity import Dated, Table, Value
from docketflow.evidence import Figure
from docketflow.evidence.months import SUFFIX
from docketflow.evidence.otherwise.as_of import AsOf, until
from docketflow.fitted.places import cells

A_DAY = "/day"  # how the unit of a flow ends


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
        sums: dict[int, float] = {}
        for row, part in parts.items():
            for month in range(min(part), max(part) + 1):
                if month not in part:
                    raise EvidenceError(f"{row}: has no figure of {month // YEAR}-{month % YEAR + 1:02d}")
                sums[month] = sums.get(month, 0.0) + part[month]
        if len(sums) < YEAR:
            raise EvidenceError(f"inflow: has {len(sums)} months up to {origin}; needs {YEAR}")
        start, found = min(sums), list[float]()
        for month in range(start, origin.year * YEAR + origin.month):
            found.append(sums[month] if month in sums else found[-1])
        return cls(np.log(np.maximum(found, 1.0)), start % YEAR)

    def season(self) -> np.ndarray:
        """Return by how much each month of the calendar is above its year."""
        known = len(self.logs)
        many = min(self.lately, known // YEAR) * YEAR
        if not many:
            return np.zeros(YEAR)
        rows = self.logs[known - many : known].reshape(-1, YEAR)
        found = np.empty(YEAR)
        above = rows - rows.mean(axis=1)[:, None]
        found[(self.first + np.arange(known - YEAR, known)) % YEAR] = above.mean(axis=0)
        return found


def as_forecast(then: AsOf, origin: dt.date, end: dt.date, border: Border) -> dict[str, Dated]:
    """Return the border from an origin to a day: flows at their level before it, in their season."""
    found: dict[str, Dated] = {}
    season = np.exp(border.season())
    for path in then.inputs:
        value = then.room.parameters[path].value
        if not path.startswith("border.") or value.starts[-1] <= origin.toordinal():
            continue
        if value.starts[0] > origin.toordinal():  # nothing was known yet: as the evidence of that day has it
            found[path] = until(value, origin)
            continue
        seasonal = then.room.parameters[path].unit.endswith(A_DAY) and path not in method("no_season")
        seasons = season if seasonal else np.ones_like(season)
        kept = [(start, one) for start, one in value if start <= origin.toordinal()]
        ends, day = [], origin
        for _ in range(method("border_level")):
            ends.append(_times(value.at(day.toordinal()), 1 / seasons[day.month - 1]))
            day = day.replace(day=1) - DAY
        level = _mean(ends)
        kept += [
            (first.toordinal(), _times(level, seasons[first.month - 1]))
            for first, _ in months(origin + DAY, end)
        ]
        found[path] = Dated(tuple(start for start, _ in kept), tuple(one for _, one in kept))
    return found


def _times(value: Value, factor: float) -> Value:
    return Table(value.axes, value.data * factor) if isinstance(value, Table) else float(value) * factor


def _mean(values: Sequence[Value]) -> Value:
    mean = np.stack([cells(one) for one in values]).mean(axis=0)
    return Table(values[0].axes, mean) if isinstance(values[0], Table) else float(mean)
