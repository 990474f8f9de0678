"""A year lived from 1 October 2022, beside the people placed on 1 October 2023: stage by stage.

Usage: python benchmarks/start_agrees.py [--members N]     (default 4; about a minute)

Both are at 1/100, seed 1. The run lives a year of the practice of fiscal year 2023; the placed stock rests on
figures of that day. Writes start_agrees.csv beside this file.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from fractions import Fraction
from pathlib import Path

import numpy as np

from docketflow.conductor.simulator import Simulator
from docketflow.engine.declare.vocabulary import End
from docketflow.lifecycle import national
from docketflow.policy import Scenario

OUT = Path(__file__).with_name("start_agrees.csv")
SCALE = Fraction(1, 100)
BEGIN, READ = dt.date(2022, 10, 1), dt.date(2023, 10, 1)


def _scenario(first: dt.date, end: dt.date) -> Scenario:
    return Scenario(name=f"from-{first}", title="", summary="", first=first, start=first, end=end)


def _standing(scenario: Scenario, day: int, members: int) -> dict[str, float]:
    """Return the mean people at each stage on an evening."""
    simulator = Simulator(scenario, scale=SCALE, seed=1)
    books = [simulator.ledger(k) for k in range(members)]
    return {
        name: float(np.mean([ledger.stock[name][day] for ledger in books])) / float(SCALE)
        for name in books[0].stock
    }


def main() -> None:
    """Compare both and write what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=4)
    members = parser.parse_args().members
    lived = _standing(_scenario(BEGIN, READ), -1, members)
    placed = _standing(_scenario(READ, READ), 0, members)
    gone = {node.name for node in national().nodes if isinstance(node, End)}
    rows = [
        (name, round(lived.get(name, 0.0)), round(placed.get(name, 0.0)))
        for name in sorted({*lived, *placed}, key=lambda name: -placed.get(name, 0.0))
        if name not in gone and max(lived.get(name, 0.0), placed.get(name, 0.0)) >= 1000
    ]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["stage", "lived_from_2022_10_01", "placed_on_2023_10_01"])
        writer.writerows(rows)
    for name, ran, stands in rows:
        print(f"{name:32s} {ran:>12,} {stands:>12,}")


if __name__ == "__main__":
    main()
