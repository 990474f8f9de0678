"""Shows that the parts of `docketflow why` add up to the difference for ten pairs of scenarios.

    python benchmarks/why.py          # some minutes; writes benchmarks/why.csv

For each pair and outcome: the difference of the two runs as they are run by themselves (`docketflow.run`, not
the mixtures), the sum of the parts, and the largest that any one member's parts miss their difference by.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

import docketflow
from docketflow.policy import Scenario, load_scenario

MEMBERS, SCALE = 6, "1/100"
PLAN, BASE, YEAR, QUARTER = (
    "one-million-first-year",
    "baseline-january-2025",
    "fiscal-year-2024",
    "last-quarter-2024",
)
LIMITS = (
    "arrest.at_large.borrowed_officers=60000@2025-03-01",
    "detention.beds.contract=500000@2025-03-01",
    "court.judges=5000@2025-03-01",
    "removal.seats.charter_per_day=5000@2025-03-01",
)
DELAYED = (
    "arrest.at_large.borrowed_officers=60000@2025-03-01+180d",
    "detention.beds.contract=500000@2025-03-01+120d",
    "court.judges=5000@2025-03-01+240d",
    "removal.seats.charter_per_day=5000@2025-03-01+90d",
)
HEAD = (
    *("pair", "a", "b", "by", "outcome", "causes", "all_orders", "members", "scale", "runs"),
    *("difference", "sum_of_parts", "largest_miss_of_a_member"),
)


def pairs() -> list[tuple[str, Scenario, Scenario, str, tuple[str, ...]]]:
    """Return the pairs: what they are, both sides, how settings are grouped, and the outcomes."""
    plan, base, year, quarter = (load_scenario(name) for name in (PLAN, BASE, YEAR, QUARTER))
    people = ("removals.ice", "repatriations.all", "arrests.ice")
    return [
        ("plan and no plan", plan, base, "group", people),
        ("no plan and plan", base, plan, "group", people),
        ("plan and no plan, lever by lever", plan, base, "lever", people),
        ("plan with four limits lifted, and plan", plan.with_sets(LIMITS), plan, "lever", people),
        ("the same after delays, and plan", plan.with_sets(DELAYED), plan, "lever", people),
        ("four limits lifted, and after delays",
         plan.with_sets(LIMITS), plan.with_sets(DELAYED), "lever", people),
        ("no plan with four limits lifted, and plan", base.with_sets(LIMITS), plan, "group", people),
        ("plan and no plan, courts and custody", plan, base, "group",
         ("courts.pending.all", "detained.point", "orders.unexecuted")),
        ("fiscal year 2024 with more judges and beds, and as it was",
         year.with_sets(["court.judges=+300", "detention.beds.contract=+20000", "release.parole_share=*0.5"]),
         year, "lever", ("removals.ice", "courts.initial_completions", "book_ins")),
        ("last quarter of 2024 with more detainers and seats, and as it was",
         quarter.with_sets(["arrest.custodial.detainers_per_day=*2", "removal.seats.charter_per_day=+200"]),
         quarter, "lever", people),
    ]  # fmt: skip


def main() -> None:
    """Run every pair and write its rows."""
    rows = []
    for name, one, other, by, outcomes in pairs():
        found = docketflow.why(one, other, by=by, members=MEMBERS, scale=SCALE)
        apart = [docketflow.run(side, members=MEMBERS, scale=SCALE) for side in (one, other)]
        for outcome in outcomes:
            place = found.names.index(outcome)
            difference = apart[0][outcome].values - apart[1][outcome].values
            parts = found.split.parts[:, :, place].sum(axis=0)
            miss = float(np.abs(difference - parts).max())
            sides = (one.name, other.name, by, outcome, len(found.causes), found.split.exact)
            sums = (f"{difference.mean():.6f}", f"{parts.mean():.6f}", f"{miss:.1e}")
            rows.append((name, *sides, MEMBERS, SCALE, found.split.runs, *sums))
            print(*rows[-1], sep=", ", flush=True)
    with Path(__file__).with_suffix(".csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([HEAD, *rows])
    if any(float(row[-1]) > 1e-6 for row in rows):
        sys.exit("some parts do not add up")


if __name__ == "__main__":
    main()
