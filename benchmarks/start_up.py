"""How long until docketflow begins: a first use that compiles, later starts, --help, the import alone.

Usage: python benchmarks/start_up.py [--core N] [--first N] [--later N]     (default 3 and 9; two minutes)

A first use is one from a fresh copy of the source, in which nothing compiled or kept is found. Seconds go
from before the process begins until the first day is simulated; processor seconds show how much of them
was waiting for a busy machine. Writes start_up.csv beside this file. Exit code 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import machine

SOURCE = Path(__file__).resolve().parents[1] / "src" / "docketflow"
OUT = Path(__file__).with_name("start_up.csv")
REF, COUNTRY = "docket-ref", "the country at 1/100"
TO_THE_FIRST_DAY = {
    REF: """
from docketflow.engine import Run
from docketflow.workloads import docket_ref
from docketflow.engine.run.compiler import notice
notice.announce()
Run(docket_ref.bind(1000, 365), docket_ref.cells(1000), 1).advance(1)
""",
    COUNTRY: """
from docketflow import load_scenario
from docketflow.conductor.simulator import Simulator
from docketflow.engine import Run
simulator = Simulator(load_scenario("fiscal-year-2024"))
Run(simulator.bound(0), simulator.stock, 1).advance(1)
""",
}
FIRST, LATER, HELP, IMPORT = "first use", "later start", "docketflow --help", "import docketflow"
BOUNDS = {FIRST: 20.0, LATER: 1.5, HELP: 0.5, IMPORT: 0.5}
LIGHT = {
    IMPORT: "import docketflow",
    HELP: "from docketflow.cli.main import main; main(['--help'])",
    "docketflow scenarios": "from docketflow.cli.main import main; main(['scenarios'])",
    "docketflow levers": "from docketflow.cli.main import main; main(['levers'])",
    "docketflow explain": "from docketflow.cli.main import main; main(['explain', 'court.judges'])",
}
Row = dict[str, str]


def copied(home: Path) -> Path:
    """Copy the source to a folder, without anything compiled or kept."""
    shutil.copytree(SOURCE, home / "docketflow", ignore=shutil.ignore_patterns("__pycache__"))
    return home


def python(home: Path, *arguments: str) -> tuple[float, float, str, str]:
    """Run Python with a copy of the source: return seconds, processor seconds, output and errors."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(home)},
    )
    seconds, after = time.perf_counter() - began, os.times()
    if done.returncode:
        raise SystemExit(done.stderr)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used, done.stdout, done.stderr


def measured(home: Path, first: int, later: int) -> Iterator[Row]:
    """Yield a row for every start."""

    def row(what: str, of: str, seconds: float, used: float, said: str = "") -> Row:
        return {"what": what, "of": of, "seconds": f"{seconds:.3f}", "processor_seconds": f"{used:.3f}",
                "says_that_it_compiles": said, "load": machine.load()}  # fmt: skip

    def start(copy: Path, what: str, of: str) -> Row:
        seconds, used, _, errors = python(copy, "-c", TO_THE_FIRST_DAY[of])
        return row(what, of, seconds, used, "yes" if "compiling" in errors else "no")

    for of in TO_THE_FIRST_DAY:
        for number in range(first):
            copy = copied(home / f"{of}-{number}")
            yield start(copy, FIRST, of)
        for _ in range(later):
            yield start(copy, LATER, of)
    for _ in range(later):
        seconds, used, *_ = python(copy, "-m", "docketflow.cli", "--help")
        yield row(HELP, "the process", seconds, used)
        _, _, _, errors = python(copy, "-X", "importtime", "-c", "import docketflow")
        micro = int(errors.splitlines()[-1].split("|")[1])
        yield row(IMPORT, "the import", micro / 1e6, micro / 1e6)


def loads_numba(home: Path, code: str) -> bool:
    """Return whether numba is there after some code has run."""
    code += "\nimport sys; print('numba' in sys.modules or 'llvmlite' in sys.modules, file=sys.stderr)"
    return python(home, "-c", code)[3].split()[-1] == "True"


def main(first: int, later: int) -> int:
    """Measure, write every start, print medians and whether each bound holds."""
    rows, missed = [], 0
    about = machine.described("numpy", "numba", "pandas")
    with tempfile.TemporaryDirectory() as home:
        for row in measured(Path(home), first, later):
            rows.append({**row, **about})
            print(f"{row['what']:<18} {row['of']:<21} {row['seconds']:>7} s", flush=True)
        light = copied(Path(home) / "light")
        heavy = {name: loads_numba(light, code) for name, code in LIGHT.items()}
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"\n{'median of':<18} {'':<21} {'seconds':>8} {'processor':>10} {'bound':>6}")
    for what, of in dict.fromkeys((row["what"], row["of"]) for row in rows):
        mine = [row for row in rows if (row["what"], row["of"]) == (what, of)]
        wall, used = (
            statistics.median(float(row[k]) for row in mine) for k in ("seconds", "processor_seconds")
        )
        silent = what == FIRST and any(row["says_that_it_compiles"] == "no" for row in mine)
        again = what == LATER and any(row["says_that_it_compiles"] == "yes" for row in mine)
        why = "missed" if used >= BOUNDS[what] else "missed, waiting for a busy machine"
        wrong = why * (wall >= BOUNDS[what]) or "compiles silently" * silent or "compiles again" * again
        missed += bool(wrong)
        print(f"{what:<18} {of:<21} {wall:>8.2f} {used:>10.2f} {BOUNDS[what]:>6} {wrong}")
    for name, there in heavy.items():
        missed += there
        print(f"{name:<40} {'loads numba' if there else 'does not load numba'}")
    return int(bool(missed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--core", type=int, help="stay on one core")
    parser.add_argument("--first", type=int, default=3, help="first uses of each")
    parser.add_argument("--later", type=int, default=9, help="later starts of each")
    given = parser.parse_args()
    if given.core is not None:
        machine.on_core(given.core)
    sys.exit(main(given.first, given.later))
