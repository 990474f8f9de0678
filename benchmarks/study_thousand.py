"""A study of a thousand members: how long, what a second process gives, whether memory grows with members.

Usage: python benchmarks/study_thousand.py [--members 1000] [--more 3000] [--scale 1/100] [--rounds 1]

Two quiet cores, six minutes a round. Each study is a process of its own, from the command line to the
closed folder, caches warm, its folder thrown away: with one worker and with two in turns, then with more
members and two. The largest memory is that of the process that conducts and that of the largest that lives
members. Every study is a row of study_thousand.csv beside this file. Exit code 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import machine

OUT = Path(__file__).with_name("study_thousand.csv")
PAIR = ("one-million-first-year", "baseline-january-2025")
LONGEST, GAIN, GROWTH = 60.0, 1.7, 1.1  # seconds with two workers; times one's; of more, times the memory
TOLD = """
import resource, sys
from docketflow.cli.main import main
code = main()
each = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(*(resource.getrusage(who).ru_maxrss for who in each), file=sys.stderr)
sys.exit(code)
"""


def studied(members: int, workers: int, scale: str) -> dict[str, str]:
    """Run one study in a process of its own and return what it took."""
    with tempfile.TemporaryDirectory() as home:
        asked = ["--members", str(members), "--scale", scale, "--workers", str(workers)]
        command = ["study", *PAIR, *asked, "--out", str(Path(home) / "study")]
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", TOLD, *command], capture_output=True, text=True, check=True
        )
        took = time.perf_counter() - began
    conducts, lives = (int(kilobytes) / 1024 for kilobytes in done.stderr.split()[-2:])
    return {
        "members": str(members),
        "workers": str(workers),
        "scale": scale,
        "seconds": f"{took:.1f}",
        "members_a_second": f"{len(PAIR) * members / took:.1f}",
        "largest_mb_conducting": f"{conducts:.0f}",
        "largest_mb_living": f"{lives:.0f}" if workers > 1 else "",
        "load": machine.load(),
    }


def main(members: int, more: int, scale: str, rounds: int) -> int:
    """Run the studies in turns, write every number, say whether each bound holds."""
    about, rows = machine.described("numpy", "numba"), []
    studied(2, 1, scale)  # compiled and kept before the clock runs
    for _ in range(rounds):
        for many, workers in ((members, 1), (members, 2), (more, 2)):
            rows.append(studied(many, workers, scale))
            print(
                *(f"{value} {name}".replace("_", " ") for name, value in rows[-1].items()),
                sep=", ",
                flush=True,
            )
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], *about], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | about for row in rows)

    def middle(what: str, many: int, workers: int) -> float:
        alike = [row for row in rows if (row["members"], row["workers"]) == (str(many), str(workers))]
        return statistics.median(float(row[what]) for row in alike)

    seconds = [middle("seconds", members, workers) for workers in (1, 2)]
    largest = [
        sum(middle(f"largest_mb_{who}", many, 2) for who in ("conducting", "living"))
        for many in (members, more)
    ]
    held = {
        f"two workers take {seconds[1]:.1f} s, under {LONGEST:.0f}": seconds[1] < LONGEST,
        f"they give {seconds[0] / seconds[1]:.2f} times one's throughput, {GAIN} or more": seconds[0]
        >= GAIN * seconds[1],
        f"memory of {more} members is {largest[1] / largest[0]:.2f} times that, up to {GROWTH}": largest[1]
        <= GROWTH * largest[0],
    }
    print("\n" + "\n".join(f"{what}: {'yes' if yes else 'NO'}" for what, yes in held.items()))
    return int(not all(held.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--more", type=int, default=3000)
    parser.add_argument("--scale", default="1/100")
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    sys.exit(main(given.members, given.more, given.scale, given.rounds))
