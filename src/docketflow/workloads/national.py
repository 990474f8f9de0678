"""Times one run of the country: the run itself, and what comes before it.

It measures what the conductor does; it runs nothing in a way of its own.
"""

from __future__ import annotations

import datetime as dt
import time
from fractions import Fraction
from typing import Any

from docketflow.conductor.simulator import Simulator, centre
from docketflow.engine import Run
from docketflow.policy import Scenario
from docketflow.workloads.measured import finished

SMALL = Fraction(1, 10_000)  # what a first run is made at, to have everything compiled


def timed(scenario: Scenario, *, scale: Fraction, days: int, seed: int = 1) -> dict[str, Any]:
    """Run a scenario's network once at central values, compiled beforehand, and measure it.

    Returns
    -------
    dict with ``people`` (records at the end), ``days``, ``events``, ``seconds`` of the run itself,
    ``events_per_second``, ``seconds_to_build_people``, ``seconds_to_place_them`` and ``peak_rss_mb``
    """
    scenario = scenario.between(end=scenario.first + dt.timedelta(days - 1))
    clock = [time.perf_counter()]
    stock = Simulator(scenario, scale=scale, seed=seed).stock
    clock.append(time.perf_counter())
    Run(centre(scenario, SMALL), stock, seed).finish()
    bound = centre(scenario, scale)
    clock.append(time.perf_counter())
    run = Run(bound, stock, seed)
    clock.append(time.perf_counter())
    _, found = finished(run)
    return {
        "people": run.people,
        "days": days,
        **found,
        "seconds_to_build_people": round(clock[1] - clock[0], 3),
        "seconds_to_place_them": round(clock[3] - clock[2], 3),
    }
