"""An open network of three stations with feedback: each is an M/M/c by itself (Jackson 1957).

In days several people may leave at once, and the product form holds only as days get short. The law of all
stations together in days is exact (`daily.stations`): the machine is held against it, and it against Jackson.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np
import pytest

from docketflow.engine.layout import MOST_DAYS

from . import daily, formulas, systems
from .findings import Finding, ledgers, spread

SERVERS = (1, 1, 2)
WORK = (1.0, 1.5, 2.0)
OUTSIDE = (0.26, 0.0, 0.3)
ROUTES = ((0.0, 0.5, 0.2), (0.4, 0.0, 0.3), (0.25, 0.25, 0.1))
"""Loads of a server: 0.59, 0.68 and 0.62."""
MOST = 30
"""Numbers present at a station in the joint law: more are seen once in a hundred thousand days."""


def at(days: float) -> tuple[list[float], list[daily.Comers]]:
    """Return the chance of leaving a station each day and who comes to each, ``days`` to the unit of time."""
    outside = [daily.Comers(20, rate / days / 20) if rate else daily.Comers(0, 0.0) for rate in OUTSIDE]
    return [systems.memoryless(work * days)[2] for work in WORK], outside


def alone(days: float) -> list[np.ndarray]:
    """Return Jackson's law of the number present at each station."""
    ends, outside = at(days)
    rates = formulas.traffic([some.mean for some in outside], ROUTES)
    return [formulas.room_for(MOST, c, rate / end) for c, rate, end in zip(SERVERS, rates, ends, strict=True)]


@functools.cache
def exact(days: float) -> tuple[list[float], list[float]]:
    """Return the mean number in line at each station, by the law in days and by Jackson."""
    ends, outside = at(days)
    one, two, three = alone(days)
    together = one[:, None, None] * two[:, None] * three
    textbook = formulas.jackson([c.mean for c in outside], ROUTES, [1 / end for end in ends], SERVERS)
    return daily.stations(ends, SERVERS, outside, ROUTES, together), textbook


def three_stations(days: float, runs: int, again: float = 1.0) -> list[Finding]:
    """Return what runs say of each line.

    ``again`` other than one is a fault put in on purpose: more or fewer go on to another station.
    """
    copies, (_, outside) = 5, at(days)
    begin = [spread(law, runs, copies) for law in alone(days)]
    routes = [[share * again for share in row] for row in ROUTES]

    def cells(run: int) -> dict[str, list]:
        pairs = [(i, n) for i in range(3) for n in range(copies)]
        return {"start": [f"start {i} {n}" for i, n in pairs], "count": [begin[i][run, n] for i, n in pairs]}

    lines = []
    for ledger in ledgers(
        systems.stations(copies, [work * days for work in WORK], SERVERS, outside, routes),
        runs,
        MOST_DAYS,
        cells,
    ):
        # days waited: the books have who leaves with their day of service in the next line a night early
        lines.append(
            [np.mean([ledger.waited[f"line {i} {n}"].mean() for n in range(copies)]) for i in range(3)]
        )
    expected, textbook = exact(days)
    return [
        Finding(f"Jackson, {days:g} days a service", f"in line {i + 1}", expected[i], np.array(lines)[:, i],
                textbook[i])
        for i in range(3)
    ]  # fmt: skip


@pytest.mark.parametrize("days", [3.0, 6.0])
def test_that_three_stations_with_feedback_have_the_lines_that_the_day_law_says(days: float) -> None:
    for finding in three_stations(days, 40):
        finding.assert_within(3)


def test_that_three_per_cent_more_feedback_is_noticed() -> None:
    assert max(abs(finding.z) for finding in three_stations(3.0, 20, again=1.03)) > 6


def test_that_the_day_law_of_stations_comes_to_jacksons_as_days_get_short() -> None:
    coarse, fine = (np.array(exact(days)[0]) / exact(days)[1] for days in (3.0, 6.0))
    assert (np.abs(fine - 1) < 0.65 * np.abs(coarse - 1)).all()
    assert np.abs(2 * fine - coarse - 1).max() < 0.02  # continued along the line to a day of no length


def findings(more: int = 1) -> Iterator[Finding]:
    """Yield everything that is held against an oracle here, from ``more`` times as many runs."""
    for days in (3.0, 6.0):
        yield from three_stations(days, 40 * more)
