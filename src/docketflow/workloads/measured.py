"""Measures a workload: how many events a second, how much memory, and what came out."""

from __future__ import annotations

import resource
import time
from typing import Any

from docketflow.engine.run.compiler import notice
from docketflow.engine.run.ledger import Ledger
from docketflow.engine.run.machine import Run
from docketflow.workloads import docket_ref

SHORTEST = 1e-6
"""Seconds below which no run is said to have been: a coarse clock may not move at all in a very short one."""


def docket_ref_run(*, people: int, days: int, seed: int = 1) -> dict[str, Any]:
    """Run docket-ref once, compiled beforehand.

    Parameters
    ----------
    people, days, seed : int

    Returns
    -------
    dict with ``people``, ``days``, ``events``, ``seconds``, ``events_per_second``, ``peak_rss_mb`` and the
    outputs that the workload's specification names
    """
    notice.announce()
    cells = docket_ref.cells(people)
    Run(docket_ref.bind(1000, 2), docket_ref.cells(1000), seed).finish()  # compiled beforehand
    ledger, found = finished(Run(docket_ref.bind(people, days), cells, seed))
    outputs = {name: value for name, value in docket_ref.outputs(ledger).items() if name != "events"}
    return {"people": people, "days": days, **found, **outputs}


def finished(run: Run) -> tuple[Ledger, dict[str, Any]]:
    """Live a run to its end; return its books, and its events, processor seconds and the peak of memory."""
    began = time.process_time()  # one thread does it all; neighbours matter less than by the clock
    ledger = run.finish()
    seconds = max(time.process_time() - began, SHORTEST)
    return ledger, {
        "events": ledger.events,
        "seconds": round(seconds, 4),
        "events_per_second": round(ledger.events / seconds),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
