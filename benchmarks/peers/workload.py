"""docket-ref's numbers, laws and report, shared by every peer written in Python (see docket_ref.md).

Knows nothing of docketflow, so that what is compared is written twice.
"""

from __future__ import annotations

import json
import math
import random
import resource
import sys
from dataclasses import dataclass

ARRESTS, BEDS, HEARINGS, SEATS = 1.0e-3, 6.0e-3, 8.0e-4, 2.0e-4  # of the population, a day
FAST_SHARE, RELEASE_SHARE = 0.35, 0.30
GROUP_SHARES = (0.50, 0.25, 0.15, 0.10)
DOCUMENT_DAYS = (7.0, 20.0, 60.0, 180.0)  # by group
HEARING_SHARES = (0.30, 0.30, 0.25, 0.15)  # of 1, 2, 3 and 4 hearings
RELIEF_SHARE, APPEAL_SHARE = 0.30, 0.15
FAST_DAYS, RELEASE_DAYS = 10.0, 20.0
FIRST_DETAINED, FIRST_OTHER = (21.0, 0.6), (120.0, 0.6)  # medians and logarithmic spreads of days
GAP_DETAINED, GAP_OTHER = (14.0, 0.5), (90.0, 0.5)
APPEAL = (150.0, 0.4)
LONGEST = 1000  # days


def sizes(people: int) -> tuple[int, int, int, int]:
    """Return arrests a day, beds, hearings a day and seats a day."""
    return round(people * ARRESTS), round(people * BEDS), round(people * HEARINGS), round(people * SEATS)


def exponential(luck: random.Random, mean: float) -> int:
    """Return whole days of an exponential law."""
    return min(LONGEST, max(1, math.ceil(-mean * math.log(1.0 - luck.random()))))


def lognormal(luck: random.Random, law: tuple[float, float]) -> int:
    """Return whole days of a lognormal law given by its median and spread."""
    return min(LONGEST, max(1, math.ceil(law[0] * math.exp(law[1] * luck.gauss(0.0, 1.0)))))


def hearings(luck: random.Random) -> int:
    """Return how many hearings a case needs."""
    u = luck.random()
    return 1 if u < 0.3 else 2 if u < 0.6 else 3 if u < 0.85 else 4


def attributes(people: int, seed: int) -> bytearray:
    """Return of each person whether the fast class applies (bit 0) and the group (from bit 1 on)."""
    luck = random.Random(seed * 7919 + 1)
    found = bytearray(people)
    for i in range(people):
        u = luck.random()
        group = 0 if u < 0.5 else 1 if u < 0.75 else 2 if u < 0.9 else 3
        found[i] = (luck.random() < FAST_SHARE) | (group << 1)
    return found


@dataclass
class Counts:
    """What a run counts; waits in days, summed."""

    arrests: int = 0
    misses: int = 0
    timers: int = 0
    hearings: int = 0
    removals: int = 0
    hearing_wait: float = 0.0
    flight_wait: float = 0.0
    detained: float = 0.0


def arguments() -> tuple[int, int, int]:
    """Return people, days and seed from the command line."""
    given = [int(word) for word in sys.argv[1:4]]
    return (*given, *(10_000, 365, 1)[len(given) :])  # type: ignore[return-value]


def report(
    engine: str, run: tuple[int, int, int], seconds: float, counts: Counts, court: int, flight: int
) -> None:
    """Print one line of JSON: what was run, how fast, and the outputs that the specification names."""
    people, days, seed = run
    events = counts.arrests + counts.timers + counts.hearings + counts.removals
    found = {
        "engine": engine,
        "people": people,
        "days": days,
        "seed": seed,
        "events": events,
        "seconds": round(seconds, 4),
        "events_per_second": round(events / seconds),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "removals": counts.removals,
        "hearings": counts.hearings,
        "mean_detained": round(counts.detained / days, 2),
        "mean_hearing_wait": round(counts.hearing_wait / max(1, counts.hearings), 4),
        "mean_flight_wait": round(counts.flight_wait / max(1, counts.removals), 4),
        "backlog_court": court,
        "backlog_flight": flight,
    }
    print(json.dumps(found), flush=True)
