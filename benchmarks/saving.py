"""What a run costs beside its members: saving, reporting and starting, now and in an older version, in turns.

Usage: python benchmarks/saving.py OLDER [--rounds N]     (default 5; about two minutes)

OLDER is a copy of an older `src`; a commit's is got by `git archive COMMIT src | tar -x -C FOLDER`. In each
round a process of either version simulates 50 members at a coarse scale (not counted), keeps them as
`docketflow run` does, prints them as JSON and reads them back; and a process of either is `run --members 1`.
Processor seconds, so that a busy machine does not matter much. Writes saving.csv beside this file.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import machine

NOW = Path(__file__).resolve().parents[1] / "src"
OUT = Path(__file__).with_name("saving.csv")
KEPT = """
import json, os, sys
from fractions import Fraction
from pathlib import Path
from docketflow import run
from docketflow.cli.run import keep
from docketflow.results import load

def timed(call):
    before = sum(os.times()[:4])  # with what copies of the process did
    found = call()
    took.append(sum(os.times()[:4]) - before)
    return found

took, place = [], Path(sys.argv[1])
result = run("one-million-first-year", members=50, scale=Fraction(1, 1000))
timed(lambda: keep(result, place))
timed(lambda: json.dumps(result.to_json()))
timed(lambda: load(place))
print(json.dumps(took))
"""
STEPS = ("saved and reported, the first in a process", "made JSON", "read back")
WHOLE = "docketflow run --members 1, all of it"


def measured(source: Path, place: Path) -> dict[str, float]:
    """Return processor seconds of each step in one version."""
    took = dict(zip(STEPS, json.loads(called(source, "-c", KEPT, str(place / "kept"))), strict=True))
    before = used()
    command = ("run", "one-million-first-year", "--members", "1", "--out", str(place / "one"))
    called(source, "-m", "docketflow.cli", *command)
    return {**took, WHOLE: used() - before}


def called(source: Path, *arguments: str) -> str:
    """Run Python with a version of the source and return what it printed."""
    known = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=known)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


def used() -> float:
    """Return the processor seconds of all processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def main(older: Path, rounds: int) -> None:
    """Measure in turns, write every number, print medians."""
    about, rows = machine.described("numpy", "numba", "pyarrow"), []
    for number in range(rounds + 1):  # the first compiles and fills caches, and is not counted
        for version, source in (("before", older), ("now", NOW)):
            with tempfile.TemporaryDirectory() as place:
                found = measured(source, Path(place))
            if number:
                rows += [
                    {"what": what, "version": version, "processor_seconds": f"{seconds:.3f}"}
                    | {"load": machine.load(), **about}
                    for what, seconds in found.items()
                ]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for what in (*STEPS, WHOLE):
        middle = {
            version: statistics.median(
                float(row["processor_seconds"])
                for row in rows
                if (row["what"], row["version"]) == (what, version)
            )
            for version in ("before", "now")
        }
        print(f"{what:<45} {middle['before']:>7.3f} s before {middle['now']:>7.3f} s now")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("older", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    main(given.older.resolve(), given.rounds)
