"""Measure what an event costs as one thing grows: people, days, stages, traits, the line; and draw it.

Rings (rings.py) keep all else the same; docket-ref and the country are measured beside them. Points of a
curve are run in turns, one round after the other. Timed is the run alone, on one core.

Usage: python benchmarks/curves.py [--core 1] [--rounds 5] [--only CURVE ...]
Needs: pip install -e '.[benchmark]'. Takes about a quarter of an hour; writes curves.csv and curves.svg.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import curves_plot
import machine
import rings
from rings import Ring

from docketflow.engine import Run
from docketflow.engine.compile.bound import Bound
from docketflow.policy import load_scenario
from docketflow.workloads import docket_ref
from docketflow.workloads.national import timed

HERE = Path(__file__).parent
YEAR, SEED = 365, 1
LONG = 1460
QUEUED = (0, 1_000, 10_000, 100_000, 1_000_000, 5_000_000)
STAGES = (30, 60, 100, 150, 200, 300)
PEOPLE = (1_400_000, 4_200_000, 7_000_000, 10_500_000, 14_000_000)
Point = Callable[[], tuple[int, float]]
"""Runs once and returns events and seconds."""


@dataclass(frozen=True)
class Curve:
    """One picture: what grows, and for each line the points by x."""

    grows: str
    lines: Mapping[str, Mapping[float, Point]]


def once(bound: Bound, cells: Any) -> tuple[int, float]:
    """Run a bound network."""
    run = Run(bound, cells, SEED)
    began = time.perf_counter()
    ledger = run.finish()
    return ledger.events, time.perf_counter() - began


def ring(**changed: Any) -> Point:
    """Return a point: a ring with something changed."""
    what = Ring(**changed)
    return lambda: once(rings.bind(what), rings.cells(what))


def queue(order: str) -> dict[float, Point]:
    """Return points by people already in line, of people who are as many in all."""
    most = QUEUED[-1]
    return {q: ring(stages=5, waiting=q, idle=most - q, order=order) for q in QUEUED}


def reference(people: int) -> Point:
    """Return a point: docket-ref for four years."""
    return lambda: once(docket_ref.bind(people, LONG), docket_ref.cells(people))


def country(scale: Fraction, days: int) -> Point:
    """Return a point: the national lifecycle."""

    def run() -> tuple[int, float]:
        found = timed(load_scenario("fiscal-year-2024"), scale=scale, days=days, seed=SEED)
        return found["events"], found["events"] / found["events_per_second"]

    return run


def curves() -> dict[str, Curve]:
    """Return every curve."""
    few = {"traits": 10, "width": 2, "laws": 2}
    return {
        "people": Curve(
            "people",
            {
                "ring": {n: ring(moving=n, days=YEAR) for n in PEOPLE},
                "docket-ref": {n: reference(n) for n in PEOPLE},
            },
        ),
        "days": Curve("years", {"ring": {y: ring(days=y * YEAR) for y in (1, 2, 4, 7, 10)}}),
        "stages": Curve(
            "stages",
            {
                "laws by a trait of four values": {s: ring(stages=s) for s in STAGES},
                "one law a stage": {s: ring(stages=s, law_reads=0, laws=1) for s in STAGES},
            },
        ),
        "queue": Curve(
            "people already in line",
            {"in order of arrival": queue("arrival"), "by lot within a day": queue("hash")},
        ),
        "traits": Curve(
            "traits of two values",
            {
                "declared": {k: ring(traits=k, width=2, laws=2) for k in (1, 2, 4, 8, 16, 32, 48)},
                "read by every fork and law": {
                    k: ring(**few, fork_reads=k, law_reads=k) for k in (1, 2, 4, 6, 8, 10)
                },
            },
        ),
        "width": Curve(
            "values of a trait",
            {
                "that forks read": {v: ring(width=v, law_reads=0, laws=1) for v in (2, 8, 32, 128, 1024)},
                "that laws read, each its own": {v: ring(width=v, laws=v) for v in (2, 8, 32, 128)},
            },
        ),
        "country-people": Curve(
            "scale (1: 18 million people)",
            {
                "the country, 2 years": {
                    float(s): country(s, 2 * YEAR) for s in map(Fraction, ("1/10", "1/4", "1/2", "1"))
                }
            },
        ),
        "country-days": Curve(
            "years", {"the country, scale 1": {y: country(Fraction(1), y * YEAR) for y in (1, 2, 4, 7, 10)}}
        ),
    }


def measure(name: str, curve: Curve, rounds: int, write: Callable[[dict[str, Any]], None]) -> None:
    """Run all points of a curve once a round."""
    points = [(line, x, point) for line, points in curve.lines.items() for x, point in points.items()]
    for k in range(rounds):
        turn = k * len(points) // rounds
        for line, x, point in points[turn:] + points[:turn]:
            events, seconds = point()
            cost = seconds / events * 1e9
            write(
                {
                    "load": machine.load(), "curve": name, "line": line, "grows": curve.grows, "x": f"{x:g}",
                    "round": k + 1, "events": events, "seconds": f"{seconds:.4f}",
                    "ns_per_event": f"{cost:.2f}",
                }
            )  # fmt: skip
            print(f"{name} {k + 1}/{rounds}  {line:<28} {x:>12,g}  {cost:7.1f} ns an event", flush=True)


def main() -> None:
    """Measure, write the rows, draw."""
    known = curves()
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--core", type=int, default=1, help="the core to run on (1)")
    asked.add_argument("--rounds", type=int, default=5, help="how often each point is run (5)")
    asked.add_argument("--only", nargs="+", choices=list(known), help="only these curves")
    asked.add_argument("--draw", action="store_true", help="draw what was measured before")
    asked.add_argument("--out", type=Path, default=HERE, help="where to write (beside this script)")
    told = asked.parse_args()
    path = told.out / "curves.csv"
    if not told.draw:
        machine.on_core(told.core)
        where = machine.described("numpy", "numba")
        rows: list[dict[str, Any]] = []

        def write(row: dict[str, Any]) -> None:
            rows.append({**where, **row})
            with path.open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

        ring(moving=10_000, days=2)()  # compiled beforehand
        for name in told.only or known:
            measure(name, known[name], told.rounds, write)
    print(curves_plot.draw(path, told.out / "curves.svg"))


if __name__ == "__main__":
    main()
