"""An open network of three stations with feedback: each is an M/M/c by itself (Jackson 1957).

In days two people may leave at once, and the product form holds only as days get short: how far it is off
is first order in the day beside a service, so the machine is held against it at a short day, and shown to
come to it from a long one.
"""

from __future__ import annotations

import numpy as np

from . import daily, formulas, systems
from .findings import LIMIT, LONGEST, Finding, ledgers, spread

SERVERS = (1, 1, 2)
WORK = (1.0, 1.5, 2.0)
OUTSIDE = (0.26, 0.0, 0.3)
ROUTES = ((0.0, 0.5, 0.2), (0.4, 0.0, 0.3), (0.25, 0.25, 0.1))
"""Loads of a server: 0.59, 0.68 and 0.62."""


def network_of_stations(days: float, runs: int, again: float = 1.0) -> list[Finding]:
    """Return what runs say of each line, ``days`` to the unit of time.

    ``again`` other than one is a fault put in on purpose: more or fewer go on to another station.
    """
    copies = 5
    outside = [
        daily.Comers(round(rate * 50), rate / days / round(rate * 50)) if rate else daily.Comers(0, 0.0)
        for rate in OUTSIDE
    ]
    works = [work * days for work in WORK]
    ends = [systems.memoryless(work)[2] for work in works]
    exact = [c.mean for c in outside]
    rates = formulas.traffic(exact, ROUTES)
    loads = [rate / end for rate, end in zip(rates, ends, strict=True)]
    begin = [
        spread(formulas.room_for(300, c, load), runs, copies) for c, load in zip(SERVERS, loads, strict=True)
    ]
    routes = [[share * again for share in row] for row in ROUTES]

    def cells(run: int) -> dict[str, list]:
        pairs = [(i, n) for i in range(3) for n in range(copies)]
        return {"start": [f"start {i} {n}" for i, n in pairs], "count": [begin[i][run, n] for i, n in pairs]}

    lines = []
    declared = systems.stations(copies, works, SERVERS, outside, routes)
    for ledger in ledgers(declared, runs, LONGEST, cells):
        # days waited: the books have who leaves with their day of service in the next line a night early
        lines.append(
            [np.mean([ledger.waited[f"line {i} {n}"].mean() for n in range(copies)]) for i in range(3)]
        )
    limit = formulas.jackson(exact, ROUTES, [1 / end for end in ends], SERVERS)
    return [
        Finding(f"Jackson, {days:g} days to a service", f"line {i + 1}", limit[i], np.array(lines)[:, i])
        for i in range(3)
    ]


FIRST_ORDER = 0.8
"""How far the line is off, in parts, times days to a unit: less than this for all lengths of day measured."""


def test_that_stations_with_feedback_have_jacksons_lines_at_a_short_day() -> None:
    for finding in network_of_stations(60, 120):
        assert finding.error < 0.05 * finding.expected
        assert abs(finding.mean - finding.expected) < (
            LIMIT * finding.error + FIRST_ORDER / 60 * finding.expected
        )


def test_that_stations_come_to_jacksons_lines_as_days_get_short() -> None:
    off = []
    for days in (2, 8):
        found = network_of_stations(days, 40)
        off.append(np.array([finding.mean / finding.expected - 1 for finding in found]))
        assert max(finding.error / finding.expected for finding in found) < 0.03
        assert (np.abs(off[-1]) < FIRST_ORDER / days).all()
    assert (np.abs(off[1]) < 0.6 * np.abs(off[0])).all()


def test_that_five_per_cent_more_feedback_is_noticed() -> None:
    findings = network_of_stations(60, 60, again=1.05)
    assert max(abs(f.mean - f.expected) - FIRST_ORDER / 60 * f.expected - LIMIT * f.error for f in findings) > 0
