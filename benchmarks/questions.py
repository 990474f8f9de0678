"""How long answers take at the default scale: what stops four scenarios, and what five goals would take.

Usage: python benchmarks/questions.py [--binding] [--feasible]     (both if neither; ten minutes on two cores)

Each is asked in a process of its own, by the command a user types, caches warm. Seconds are of the whole
command. Writes questions.csv beside this file, a row an answer, with the load of the machine: above two or
so others were at work, and seconds are theirs too; `processor_seconds`, of both cores, are its own. Exit
code 1 if a bound is missed on a quiet machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import machine

OUT = Path(__file__).with_name("questions.csv")
BINDING = ("one-million-first-year", "baseline-january-2025", "fiscal-year-2024", "last-quarter-2024")
FEASIBLE = (
    ("removals.ice >= 1_000_000", "--by", "2026-01-19", "--using", "beds,officers,judges,seats"),
    ("removals.ice >= 1_000_000 by 2026-01-19", "--using", "beds,officers"),
    ("courts.pending.all <= 1_000_000 by 2028-09-30 using judges",),
    (
        "removals.ice >= 300_000 by 2026-01-19",
        "--using",
        "beds,officers,seats",
        "--keep",
        "detained.over_180_days <= 30_000",
    ),
    ("detained.over_180_days <= 0", "--by", "2026-01-19", "--using", "reviews,later reviews"),
)
SECONDS = {"binding": 60.0, "feasible": 180.0}
QUIET = 2.5  # load up to which a bound is held against the machine


def main() -> int:
    """Ask, print and write rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in SECONDS:
        parser.add_argument(f"--{name}", action="store_true")
    chosen = [name for name, wanted in vars(parser.parse_args()).items() if wanted] or list(SECONDS)
    asked = {"binding": [(one,) for one in BINDING], "feasible": list(FEASIBLE)}
    about, rows, missed = machine.described("numpy", "numba"), [], False
    for command in chosen:
        for arguments in asked[command]:
            row = {"command": command, "arguments": " ".join(arguments), **_timed(command, arguments)}
            rows.append(row | about)
            _write(rows, chosen)
            print(
                row["seconds"],
                row["load"],
                row["runs"],
                command,
                *arguments,
                "\n   ",
                row["says"],
                flush=True,
            )
            late = float(row["seconds"]) > SECONDS[command]
            missed = missed or (late and float(row["load"]) <= QUIET)
    return int(missed)


def _write(rows: list[dict[str, str]], chosen: list[str]) -> None:
    """Keep rows of commands that were not asked this time, and those so far."""
    before = list(csv.DictReader(OUT.open(encoding="utf-8"))) if OUT.exists() else []
    kept = [row for row in before if row["command"] not in chosen]
    with OUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*kept, *rows])


def _spent() -> float:
    """Return processor seconds of all that was asked so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _timed(command: str, arguments: tuple[str, ...]) -> dict[str, str]:
    began, spent = time.monotonic(), _spent()
    done = subprocess.run(
        [sys.executable, "-m", "docketflow.cli", command, *arguments, "--json"],
        capture_output=True,
        text=True,
    )
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(f"{command} {' '.join(arguments)}: {done.stderr}")
    said = json.loads(done.stdout)
    verdict = said.get("verdict") or f"first {said['order'][0]['limit']}"
    return {
        "seconds": f"{seconds:.1f}",
        "processor_seconds": f"{_spent() - spent:.1f}",
        "load": machine.load(),
        "members": str(said.get("runs_a_setting", said["members"])),
        "runs": str(said["runs"]),
        "cut_short": str(said.get("cut_short", "")),
        "verdict": verdict,
        "says": said["says"][0],
    }


if __name__ == "__main__":
    sys.exit(main())
