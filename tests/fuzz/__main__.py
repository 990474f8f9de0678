"""Try wrong things by the thousand and write what became of them beside the benchmarks.

Usage: python tests/fuzz [--files 10000] [--arguments 2000] [--calls 500] [--flips 2000] [--first 0] [--show]

Each thing is made from its number: `python tests/fuzz --calls 1 --first 123 --show` makes one again. Exit
code 1 if there is a fault: a traceback, more than one line, two seconds of processor time or 500 MB.
"""

from __future__ import annotations

import argparse
import collections
import csv
import functools
import multiprocessing
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz import arguments, calls, files, trying

OUT = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzz.csv"
MADE = {"files": files.made, "arguments": arguments.made, "calls": calls.made, "flips": int}
MANY = {"files": 10_000, "arguments": 2_000, "calls": 500, "flips": 2_000}
BLOCK = 250  # things a process tries: its memory is then known, and a death is found


def ends(kind: str, first: int, many: int) -> Iterator[trying.End]:
    """Yield the end of each thing; a process that dies is the fault of what it was trying."""
    spawn = multiprocessing.get_context("spawn")
    seed, last = first, first + many
    while seed < last:
        here, there = spawn.Pipe(duplex=False)
        block = trying.flips_block if kind == "flips" else functools.partial(trying.block, kind)
        process = spawn.Process(target=block, args=(seed, min(seed + BLOCK, last), there))
        process.start()
        there.close()
        try:
            while True:
                seed = here.recv()
                yield here.recv()
                seed += 1
        except EOFError:
            process.join()
        if process.exitcode:
            yield trying.End(kind, seed, f"ends the process ({process.exitcode})")
            seed += 1


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for kind, many in MANY.items():
        options.add_argument(f"--{kind}", type=int, default=None, help=f"[{many} if none is given]")
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--show", action="store_true")
    given = vars(options.parse_args())
    first, show = given.pop("first"), given.pop("show")
    whole = all(many is None for many in given.values())
    asked = (
        {"files": 10_000, "arguments": 2_000, "calls": 500}
        if whole
        else {k: v for k, v in given.items() if v}
    )
    rows, faults = [], 0
    for kind, many in asked.items():
        counted: collections.Counter[str] = collections.Counter()
        slowest = 0.0
        for end in ends(kind, first, many):
            counted["fault" if end.fault else end.what] += 1
            slowest = max(slowest, end.seconds if end.what == trying.REFUSED else 0.0)
            if end.fault or show:
                print(f"{kind} {end.seed}: {end.what}: {end.said}", f"({end.seconds:.2f} s)", flush=True)
            if show:
                print(MADE[kind](end.seed))
        row = {"kind": kind, "tried": many, **{word: counted[word] for word in ("done", "refused", "fault")}}
        rows.append({**row, "slowest_refusal_seconds": round(slowest, 2)})
        print(rows[-1], flush=True)
        faults += counted["fault"]
    if whole:
        with OUT.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
