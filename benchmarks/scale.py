"""Measure what a coarser scale does to the answers: the same run at 1/1 and coarser.

Usage: python benchmarks/scale.py     (about two minutes; writes scale_bias.csv into the package, which the
report prints beside the Monte Carlo error)
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np

import docketflow
from docketflow import load_scenario
from docketflow.conductor.simulator import Simulator
from docketflow.engine.run.evaluate import evaluate
from docketflow.evidence import load
from docketflow.lifecycle import MEASURES

OUTCOMES = (
    *("removals.ice", "detained.average", "courts.total_completions", "arrests.ice"),
    *("book_ins.ice_arrest", "asylum.decided"),
    *(f"courts.pending.{docket}" for docket in ("all", "master", "merits", "detained")),
)
SCENARIOS = ("fiscal-year-2024", "baseline-january-2025", "one-million-first-year")
RUNS = {
    Fraction(1, 1): 2,
    Fraction(1, 20): 12,
    Fraction(1, 100): 60,
    Fraction(1, 400): 120,
    Fraction(1, 1000): 240,
}
"""How many seeds at each scale: more where chance is larger."""


def answers(name: str, scale: Fraction, runs: int) -> np.ndarray:
    """Return the outcomes of some runs at central parameters, [run, outcome]."""
    scenario = load_scenario(name)
    simulator = Simulator(scenario, scale=scale)
    resolve, central = simulator.centre.known, load().central()
    window = (scenario.start, scenario.end)
    found = []
    for member in range(runs):
        ledger = simulator.ledger(member, values=central)
        found.append([evaluate(MEASURES[one], ledger, window, resolve)[1] for one in OUTCOMES])
    return np.array(found)


def main() -> None:
    """Run every scenario at every scale and write the table."""
    path = Path(docketflow.__file__).parent / "results" / "scale_bias.csv"
    rows = []
    for name in SCENARIOS:
        whole = answers(name, Fraction(1), RUNS[Fraction(1)]).mean(axis=0)
        for scale, runs in list(RUNS.items())[1:]:
            some = answers(name, scale, runs)
            error = some.std(axis=0, ddof=1) / np.sqrt(runs)
            for k, outcome in enumerate(OUTCOMES):
                bias, spread = some.mean(axis=0)[k] / whole[k] - 1, error[k] / whole[k]
                rows.append([name, str(scale), outcome, f"{bias:.5f}", f"{spread:.5f}", runs])
                print(
                    f"{name:24s} {scale!s:6s} {outcome:26s} {bias:+8.2%} +- {spread:.2%} ({runs} runs)",
                    flush=True,
                )
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["scenario", "scale", "outcome", "bias", "standard_error", "runs"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
