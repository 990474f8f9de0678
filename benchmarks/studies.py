"""Studies: does a second core give a second member, how long are 200 members, what does a kill cost?

Usage: python benchmarks/studies.py [--only throughput study kills] [--rounds N]     (four minutes; two cores)

Throughput is that of the members after the first, as progress reports them, so that starting the processes
is left out; one and two workers take turns. The bound is on a study's processes; threads of a single run are
shown beside. Writes studies.csv beside this file.
Exit code 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import kill_and_resume
import machine

import docketflow as dk
from docketflow.conductor.ensemble import simulate

OUT = Path(__file__).with_name("studies.csv")
GAIN, LONGEST = 1.6, 90.0  # times the throughput; seconds
MEMBERS = 64  # of a study whose throughput is measured
PAIR = ("one-million-first-year", "baseline-january-2025")
PROCESSES, THREADS = "two processes of a study", "two threads of a run"
Progress = Callable[[int, int], None]
Row = tuple[str, str, float, str]  # what, how, number, unit


def rate(run: Callable[[Progress], object], workers: int) -> float:
    """Return members a second, as progress reports them, once every worker is at work."""
    clock: list[tuple[int, float]] = []
    run(lambda done, _: clock.append((done, time.perf_counter())))
    (first, began), (last, ended) = clock[2 * workers], clock[-1]
    return (last - first) / (ended - began)


def in_processes(workers: int) -> float:
    """Return the members a second of a study at 1/20."""
    return rate(
        lambda step: dk.study(PAIR[0], members=MEMBERS, scale="1/20", workers=workers, progress=step), workers
    )


def in_threads(workers: int) -> float:
    """Return the members a second of a single run at 1/20."""
    scenario = dk.load_scenario(PAIR[0])
    return rate(
        lambda step: simulate(
            scenario, members=MEMBERS // 2, scale=Fraction(1, 20), workers=workers, progress=step
        ),
        workers,
    )


def throughput(rounds: int) -> Iterator[Row]:
    """Yield members a second with one worker and with two, and their ratio, round by round."""
    for _ in range(rounds):
        for what, how in ((PROCESSES, in_processes), (THREADS, in_threads)):
            one, two = how(1), how(2)
            yield "1/20", f"{what}: one", one, "members a second"
            yield "1/20", f"{what}: two", two, "members a second"
            yield "1/20", what, two / one, "times one"


def study(_: int) -> Iterator[Row]:
    """Yield the seconds of 200 members of two scenarios."""
    began = time.perf_counter()
    dk.study(PAIR, members=200, workers=2)
    yield "1/100", "200 members, two scenarios, two workers", time.perf_counter() - began, "seconds"


def kills(_: int) -> Iterator[Row]:
    """Yield how many of 20 killed studies did not end as an uninterrupted one."""
    yield "1/500", "20 kills, not resumed to the same bytes", kill_and_resume.main(20), "studies"


PARTS: dict[str, Callable[[int], Iterator[Row]]] = {"throughput": throughput, "study": study, "kills": kills}


def main(only: list[str], rounds: int) -> int:
    """Measure the wanted parts, write every number, say whether each bound holds."""
    about = {**machine.described("numpy", "numba"), "load": machine.load()}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as home:  # compiled and kept before the clock runs
        dk.study(PAIR, members=2, scale="1/1000", workers=1, out=Path(home) / "warm")
    for name in only:
        for row in PARTS[name](rounds):
            rows.append(row)
            print(f"{row[0]:<6} {row[1]:<40} {row[2]:8.2f} {row[3]}", flush=True)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["scale", "what", "value", "unit", *about], lineterminator="\n")
        writer.writeheader()
        for scale, what, number, unit in rows:
            writer.writerow({"scale": scale, "what": what, "value": f"{number:.3f}", "unit": unit, **about})
    held = {}
    if ratios := [number for _, what, number, _ in rows if what == PROCESSES]:
        held[f"two workers give at least {GAIN} times one"] = statistics.median(ratios) >= GAIN
    if seconds := [number for *_, number, unit in rows if unit == "seconds"]:
        held[f"200 members take under {LONGEST:.0f} s"] = max(seconds) < LONGEST
    if wrong := [number for *_, number, unit in rows if unit == "studies"]:
        held["killed studies end the same"] = not any(wrong)
    print("\n" + "\n".join(f"{what}: {'yes' if yes else 'NO'}" for what, yes in held.items()))
    return int(not all(held.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sys.exit(main(given.only, given.rounds))
