"""What a rate a year has brought together by each day: a stock that is filled late and wastes away.

For what is brought in over time and of use only later, such as people in training. Only what comes after the
first change of the rate counts: what came before it is part of whatever the stock is added to.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from docketflow.core.quantity import FIRST_DAY, Dated, Quantity, Resolve, Table

STEP_DAYS = 28  # whoever comes in four weeks is a class
DAYS_A_YEAR = 365.25
CLASSES = 131  # ten years


@dataclass(frozen=True)
class Gathered(Quantity):
    """A stock by date, of a rate a year.

    Parameters
    ----------
    a_year
        What comes in, a year, by date. Before its first change nothing is counted.
    after_days
        Days until what came in counts, as they are on the day it comes.
    lost_a_year
        Share of the stock that is lost in a year, as it is on the day it counts.
    """

    a_year: Quantity
    after_days: Quantity
    lost_a_year: Quantity

    @functools.cached_property
    def _paths(self) -> frozenset[str]:
        return self.a_year.paths() | self.after_days.paths() | self.lost_a_year.paths()

    def find(self, resolve: Resolve) -> Dated:
        """Work the stock out, class by class."""
        rate = self.a_year.evaluate(resolve)
        first = next((start for start in rate.starts if start > FIRST_DAY), None)
        if first is None or not any(map(_number, rate.values)):
            return Dated.always(0.0)
        after, lost = self.after_days.evaluate(resolve), self.lost_a_year.evaluate(resolve)
        arriving: dict[int, float] = {}
        for k in range(CLASSES):
            day = first + k * STEP_DAYS
            ready = day + STEP_DAYS + round(_number(after.at(day)))
            arriving[ready] = arriving.get(ready, 0.0) + _number(rate.at(day)) * STEP_DAYS / DAYS_A_YEAR
        starts, values, stock, last = [FIRST_DAY], [0.0], 0.0, first
        for day in sorted(arriving):
            stock *= (1 - _number(lost.at(day))) ** ((day - last) / DAYS_A_YEAR)
            stock, last = stock + arriving[day], day
            starts.append(day)
            values.append(stock)
        return Dated(tuple(starts), tuple(values))

    def __str__(self) -> str:
        return f"gathered({self.a_year}, {self.after_days}, {self.lost_a_year})"


def _number(value: float | Table) -> float:
    return float(value.over({})) if isinstance(value, Table) else float(value)
