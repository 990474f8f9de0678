"""Every parameter with a range, from its 5th to its 95th percentile under the same luck: what removals do.

It runs on the version of docketflow that is imported, so that two commits can be held side by side:

    git worktree add --detach ../base 4c920bf
    PYTHONPATH=../base/src python benchmarks/sensitivity/swings.py --commit 4c920bf --out 4c920bf.csv
    python benchmarks/sensitivity/swings.py --commit HEAD --out present.csv

First all parameters under a few lucks, then the widest again under more: only their order is asked for.
The review (one run an end, the first luck) is `--first 1 --then 0`.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

OUTCOME = "removals.ice"
LOW, HIGH = 0.05, 0.95
SEED = 1
Count = Callable[[Mapping[str, Any], int], float]
COLUMNS = ("commit", "scenario", "parameter", "how", "lucks", "low", "high", "swing", "error")


def ready(name: str, scale: str) -> tuple[Mapping[str, Any], Count]:
    """Return the parameters, and how a run with some of them moved and a luck ends."""
    from docketflow.policy import load_scenario

    scenario = load_scenario(name)
    try:
        from docketflow.conductor.simulator import Simulator
    except ImportError:
        return _as_it_was(scenario, scale)
    from docketflow.conductor import model

    simulator = Simulator(scenario, scale=scale, seed=SEED)

    def count(moved: Mapping[str, Any], luck: int) -> float:
        return simulator.at(luck, moved).outcomes[OUTCOME][1]

    return model.evidence().parameters, count


def _as_it_was(scenario: Any, scale: str) -> tuple[Mapping[str, Any], Count]:
    """Do the same on the version of the review, which had no simulator."""
    from docketflow import conductor
    from docketflow.engine import measure
    from docketflow.evidence import load
    from docketflow.lifecycle import MEASURES

    world = conductor.prepare(scenario, scale=Fraction(scale), seed=SEED)
    central = load().central()

    def count(moved: Mapping[str, Any], luck: int) -> float:
        resolve = conductor.resolver(scenario.compose({**central, **moved}))
        ledger = conductor.ledger_of(world, resolve, luck)
        return float(measure.evaluate(MEASURES[OUTCOME], ledger, (scenario.start, scenario.end), resolve)[1])

    return load().parameters, count


def swings(parameters: Mapping[str, Any], count: Count, paths: list[str], lucks: range) -> dict[str, Any]:
    """Return the ends of each parameter under each luck."""
    return {
        path: [tuple(count({path: parameters[path].draw(u)}, luck) for u in (LOW, HIGH)) for luck in lucks]
        for path in paths
    }


def main() -> None:
    """Write the rows."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--commit", required=True, help="what to call this version in the rows")
    ask.add_argument("--scenario", default="one-million-first-year")
    ask.add_argument("--scale", default="1/100")
    ask.add_argument("--first", type=int, default=2, help="lucks for every parameter")
    ask.add_argument("--then", type=int, default=10, help="further lucks for the widest")
    ask.add_argument(
        "--only", action="append", default=[], help="parameters (repeatable) [all that have a range]"
    )
    ask.add_argument("--widest", type=int, default=24)
    ask.add_argument("--out", type=Path, required=True)
    asked = ask.parse_args()
    parameters, count = ready(asked.scenario, asked.scale)
    ranged = [path for path, one in parameters.items() if one.shape is not None]
    ranged = [path for path in ranged if not asked.only or path in asked.only]
    ends = swings(parameters, count, ranged, range(asked.first))
    ranged.sort(key=lambda path: -abs(statistics.mean(high - low for low, high in ends[path])))
    more = swings(parameters, count, ranged[: asked.widest], range(asked.first, asked.first + asked.then))
    rows = []
    for path in ranged:
        runs = ends[path] + more.get(path, [])
        gaps = [high - low for low, high in runs]
        low, high = (statistics.mean(run[k] for run in runs) for k in (0, 1))
        error = round(statistics.stdev(gaps) / math.sqrt(len(gaps))) if len(gaps) > 1 else ""
        about = (asked.commit, asked.scenario, path, parameters[path].how, len(runs))
        rows.append((*about, round(low), round(high), round(statistics.mean(gaps)), error))
    rows.sort(key=lambda row: (row[4] == asked.first, -abs(row[7])))
    with asked.out.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
