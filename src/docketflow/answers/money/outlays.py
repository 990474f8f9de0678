"""When what a run costs is paid out: by fiscal year, each dollar some time after it is obligated.

The time is assumed (`money.outlay.*`): a share of what is left is paid each day, so half after seven tenths
of the mean. What was obligated before the run and is paid in it is not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np

from docketflow.evidence import Room
from docketflow.results import Result

DAYS = {"running": "money.outlay.running_days", "one_time": "money.outlay.one_time_days"}
LAST = (9, 30)  # of a fiscal year
LATER = 0


def outlays(
    result: Result, room: Room, by_month: Mapping[str, np.ndarray], years: Iterable[int]
) -> dict[int, np.ndarray]:
    """Return what is paid out in each fiscal year, and later (`LATER`) [member].

    Parameters
    ----------
    result, room : the run and the evidence
    by_month : dollars of each kind of `DAYS` [member, month]
    years : the fiscal years of the run, in order
    """
    days = np.array(result.days)
    middle = result.start.toordinal() + np.cumsum(days) - days / 2
    found, before, whole = {}, np.zeros(result.members), np.zeros(result.members)
    for year in years:
        end = dt.date(year, *LAST).toordinal() + 1
        passed = np.maximum(0.0, end - middle)
        paid = np.zeros(result.members)
        for kind, dollars in by_month.items():
            lag = _drawn(result, room, DAYS[kind])
            paid += (dollars * -np.expm1(-passed / lag[:, None])).sum(axis=1)
        found[year], before = paid - before, paid
    whole = sum((dollars.sum(axis=1) for dollars in by_month.values()), whole)
    return {**found, LATER: whole - before}


def _drawn(result: Result, room: Room, path: str) -> np.ndarray:
    """Return a parameter as each member drew it; at its central value where a result kept no draws."""
    names = list(result.axes.get("parameter", {}).get("label", ()))
    if "design" in result.arrays and path in names:
        return np.asarray(result.arrays["design"][names.index(path)], dtype=float)
    value = room.parameter(path).central.at(result.start.toordinal())
    return np.full(result.members, float(value))
