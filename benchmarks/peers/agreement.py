"""Do all engines say the same of docket-ref? Means over seeds at ten thousand people, a year, against C.

Usage: python benchmarks/peers/agreement.py     (two minutes; after build.sh; writes agreement.csv beside it)
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
PEOPLE, DAYS = 10_000, 365
COMPARED = ("removals", "hearings", "mean_hearing_wait", "backlog_court", "events")
SHOWN = (*COMPARED, "mean_detained", "mean_flight_wait")
LIMIT = 4.0  # combined standard errors
SEEDS = {
    "C": 60, "docketflow": 40, "SimPy": 30, "Mesa": 20, "cimba": 12, "Ciw": 12, "salabim": 12,
}  # fmt: skip


def words(engine: str, seed: int) -> list[str]:
    """Return the command that runs an engine."""
    given = [str(PEOPLE), str(DAYS), str(seed)]
    if engine == "C":
        return [str(HERE / "build" / "docket_ref_r8"), str(HERE / "build" / "tables.bin"), *given]
    return [sys.executable, str(HERE / f"on_{engine.lower()}.py"), *given]


def outputs(engine: str, seed: int) -> list[float]:
    """Run an engine once and return what it says."""
    if engine == "docketflow":
        from docketflow.workloads.measured import docket_ref_run

        found = docket_ref_run(people=PEOPLE, days=DAYS, seed=seed)
    else:
        done = subprocess.run(words(engine, seed), capture_output=True, text=True, check=True)
        found = json.loads([line for line in done.stdout.splitlines() if line.startswith("{")][-1])
    return [float(found[name]) for name in SHOWN]


def main() -> None:
    """Run every engine over its seeds, compare and write."""
    rows: list[list[str]] = []
    base: tuple[np.ndarray, np.ndarray] | None = None
    for engine, seeds in SEEDS.items():
        told = np.array([outputs(engine, seed) for seed in range(1, seeds + 1)])
        mean, error = told.mean(axis=0), told.std(axis=0, ddof=1) / np.sqrt(seeds)
        base = base or (mean, error)
        apart = np.abs(mean - base[0]) / np.hypot(error, base[1])
        worst = float(apart[: len(COMPARED)].max()) if engine != "C" else 0.0
        pairs = [f"{number:.3f}" for both in zip(mean, error, strict=True) for number in both]
        rows.append([engine, str(seeds), *pairs, f"{worst:.2f}"])
        print(f"{engine:<12} {seeds:>3} seeds, at most {worst:.2f} standard errors from C", flush=True)
    head = ["engine", "seeds", *(f"{n}{s}" for n in SHOWN for s in ("", "_error")), "furthest_from_c"]
    with (HERE / "agreement.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([head, *rows])
    far = [row[0] for row in rows if float(row[-1]) > LIMIT]
    sys.exit(f"more than {LIMIT:g} standard errors from C: {', '.join(far)}" if far else 0)


if __name__ == "__main__":
    main()
