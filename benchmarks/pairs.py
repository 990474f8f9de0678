"""Measure what common random numbers are worth: the same seeds under a scenario with and without a lever.

Usage: python benchmarks/pairs.py     (under two minutes; writes pairs.csv, prints docs/pairs.md's table)

Each of six levers is raised by a tenth from the first day of the answer on, at central parameters. With
independent seeds the variance of a difference is the sum of both variances; with the same seeds it should be
far smaller.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from docketflow import load_scenario
from docketflow.conductor.simulator import Simulator
from docketflow.core.quantity import Dated, combine
from docketflow.engine.run.evaluate import evaluate
from docketflow.evidence import load
from docketflow.lifecycle import MEASURES
from docketflow.policy import Scenario

SCENARIOS = ("one-million-first-year", "baseline-january-2025")
LEVERS = {
    "beds": ("detention.beds.contract", "book_ins.ice_arrest"),
    "judges": ("court.judges", "courts.total_completions"),
    "officers": ("arrest.at_large.officers", "book_ins.ice_arrest"),
    "seats": ("removal.seats.charter_per_day", "flights.removal"),
    "bond": ("release.judge_bond_share", "book_outs.bond"),
    "self-departure": ("departure.emigration.share_per_year", "departures.unrecorded"),
}
"""The parameter raised, and an outcome near to it that is read beside the removals by ICE."""
REMOVALS = "removals.ice"
OUTCOMES = (REMOVALS, *dict.fromkeys(near for _, near in LEVERS.values()))
SCALE, SEEDS, FACTOR = Fraction(1, 100), 50, 1.1
PLENTY = 1.3  # times the seats: no more would be used
HEAD = ("scenario", "lever", "parameter", "factor", "outcome", "mean", "difference", "variance_independent",
        "variance_paired", "ratio", "ratio_low", "ratio_high", "seeds", "scale")  # fmt: skip


def raised(value: Dated, factor: float, first: int) -> Dated:
    """Return a value multiplied from a day on."""
    starts = tuple(sorted({*value.starts, first}))
    now = (combine(np.multiply, value.at(day), factor if day >= first else 1.0) for day in starts)
    return Dated(starts, tuple(now))


def without_levers(scenario: Scenario) -> Simulator:
    """Return a simulator of a scenario's days alone: the values it is given have the levers in them."""
    return Simulator(replace(scenario, layers=()), scale=SCALE)


def answers(simulator: Simulator, values: dict[str, Dated]) -> np.ndarray:
    """Return the outcomes of every seed, [seed, outcome]."""
    resolve, window = values.__getitem__, (simulator.scenario.start, simulator.scenario.end)
    ledgers = (simulator.ledger(seed, values=values) for seed in range(SEEDS))
    return np.array(
        [[evaluate(MEASURES[one], ledger, window, resolve)[1] for one in OUTCOMES] for ledger in ledgers]
    )


def ratio_of(before: np.ndarray, after: np.ndarray) -> tuple[float, float, float]:
    """Return how much smaller pairing makes the variance, with 95% limits (jackknife of its logarithm)."""

    def logarithm(kept: np.ndarray) -> float:
        apart = before[kept].var(ddof=1) + after[kept].var(ddof=1)
        return float(np.log(apart / (after - before)[kept].var(ddof=1)))

    n = len(before)
    found = logarithm(np.ones(n, dtype=bool))
    without = np.array([logarithm(np.arange(n) != k) for k in range(n)])
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    low, middle, high = np.exp(found + np.array([-1.96, 0.0, 1.96]) * error)
    return float(middle), float(low), float(high)


def rows_of(name: str) -> list[list[str]]:
    """Return the table's rows of a scenario."""
    scenario = load_scenario(name)
    simulator = without_levers(scenario)
    central = scenario.compose(load().central())
    base = answers(simulator, central)
    rows = []
    for lever, (path, near) in LEVERS.items():
        changed = {**central, path: raised(central[path], FACTOR, scenario.start.toordinal())}
        plan = answers(simulator, changed)
        for outcome in (REMOVALS, near):
            a, b = (side[:, OUTCOMES.index(outcome)] for side in (base, plan))
            apart, paired = a.var(ddof=1) + b.var(ddof=1), (b - a).var(ddof=1)
            ratio = [f"{number:.1f}" for number in ratio_of(a, b)] if paired > 0 else ["", "", ""]
            sizes = [f"{number:.1f}" for number in (a.mean(), (b - a).mean(), apart, paired)]
            rows.append([name, lever, path, str(FACTOR), outcome, *sizes, *ratio, str(SEEDS), str(SCALE)])
    return rows


def shortage() -> str:
    """Return how much of the paired variance of seats is each seed's own demand for them.

    A third run, with more seats than are ever used, gives the people who come for one each day. A line served
    by the seats of either side, and by nothing else, says what difference they should make for that seed.
    """
    scenario = load_scenario(SCENARIOS[0])
    simulator = without_levers(scenario)
    central, path = scenario.compose(load().central()), LEVERS["seats"][0]
    day, run_in = scenario.start.toordinal(), (scenario.start - scenario.first).days
    sides = [{**central, path: raised(central[path], factor, day)} for factor in (1.0, FACTOR, PLENTY)]
    base, plan, plenty = (answers(simulator, side)[:, OUTCOMES.index(REMOVALS)] for side in sides)
    few, more, _ = (simulator.ledger(0, values=side).supply["seats.charter"] for side in sides)
    lacking = []
    for seed in range(SEEDS):
        ledger = simulator.ledger(seed, values=sides[-1])
        come = ledger.spent["seats.charter"] + np.diff(ledger.stock["seat.charter"], prepend=0)
        lacking.append([left_over(come[run_in:], seats[run_in:]) for seats in (few, more)])
    without, still = np.array(lacking).T / float(SCALE)
    share = np.corrcoef(without - still, plan - base)[0, 1] ** 2
    return (
        f"seats: demand alone leaves {without.min():,.0f} to {without.max():,.0f} without a seat, "
        f"with more seats {still.min():,.0f} to {still.max():,.0f}: {share:.0%} of the paired variance; "
        f"ratio from {FACTOR} to {PLENTY} times the seats {ratio_of(plan, plenty)[0]:.0f}"
    )


def left_over(come: np.ndarray, seats: np.ndarray) -> int:
    """Return how many stand in a line at the end, of those who come each day to so many seats."""
    line = 0
    for joining, served in zip(come.tolist(), seats.tolist(), strict=True):
        line = max(0, line + joining - served)
    return line


def main() -> None:
    """Measure every lever in every scenario, write the table and print it for the page."""
    rows = [row for name in SCENARIOS for row in rows_of(name)]
    with Path(__file__).with_suffix(".csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([HEAD, *rows])
    for name, lever, _, _, outcome, mean, difference, apart, paired, ratio, low, high, *_ in rows:
        spread = [f"{float(number) ** 0.5:,.0f}" for number in (apart, paired)]
        times = f"{ratio} ({low} to {high})" if ratio else "no difference in any seed"
        sizes = f"{float(mean):,.0f} | {float(difference):+,.0f} | {spread[0]} | {spread[1]}"
        print(f"| {name} | {lever} | {outcome} | {sizes} | {times} |")
    print(shortage())


if __name__ == "__main__":
    main()
