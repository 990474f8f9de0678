"""Past fiscal years as records: of each counting rule the highest and the last that were published.

What was highest before the first of these years these figures cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass

from docketflow.evidence.room import Room
from docketflow.evidence.schema import Figure

OCTOBER, SEPTEMBER = (10, 1), (9, 30)


@dataclass(frozen=True)
class Record:
    """The published fiscal years of one series.

    Attributes
    ----------
    highest : the year with the most
    last : the latest year
    first : the earliest year, before which nothing can be said
    """

    highest: Figure
    last: Figure
    first: Figure

    @property
    def lines(self) -> tuple[Figure, ...]:
        """The years worth a line on a chart: the highest and the last."""
        return (self.highest,) if self.highest is self.last else (self.highest, self.last)


def record(room: Room, series: str) -> Record | None:
    """Return the fiscal years published of a series, each in its first edition here; None without any."""
    years: dict[int, Figure] = {}
    for figure in room.rows.values():
        begins, ends = figure.period_start, figure.period_end
        whole = (begins.month, begins.day) == OCTOBER and (ends.month, ends.day) == SEPTEMBER
        if figure.metric == series and figure.subgroup == "all" and whole and ends.year == begins.year + 1:
            years.setdefault(ends.year, figure)
    if not years:
        return None
    found = [years[year] for year in sorted(years)]
    return Record(max(found, key=lambda one: one.value), found[-1], found[0])


def named(figure: Figure) -> str:
    """Return a fiscal year by its name."""
    return f"FY{figure.period_end.year}"
