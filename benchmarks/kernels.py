"""How fast the kernel is beside an older one, and beside C with records, entries and pages like ours.

Usage: python benchmarks/kernels.py OLDER [--work docket-ref-14m ...] [--also NAME=SRC ...] [--small-pages]

OLDER is a copy of an older `src` (`git worktree add --detach FOLDER 4c920bf` has it), NAME=SRC further
ones. Each version is a process with the same people; in turns they live the same days, a few at a time, in an
order that shifts, so that a busy minute falls on all. Timed are the days, in seconds of the processor; the
first quarter, in which memory is touched first, is not counted. Needs gcc, and 2 GB for each version. Writes
kernels.csv beside this file and prints the speed of ours over each other's, turn by turn. Five minutes.
"""

from __future__ import annotations

import argparse
import csv
import ctypes
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import machine
import numpy as np
from as_it_was import DUMP

HERE = Path(__file__).resolve().parent
NOW, PEERS = HERE.parent / "src", HERE / "peers"
OURS, OLDER, SMALL = "now", "before", ", pages of 4 kB"
IN_C = {f"C, {width}-byte records as ours": f"docket_ref_like{width}" for width in (32, 64)}
NO_LARGE_PAGES = 41  # of prctl(2): a process and those it starts get none
WORKS: dict[str, dict[str, object]] = {
    "docket-ref-3m": {"people": 3_000_000, "days": 1460, "turn": 20},
    "docket-ref-14m": {"people": 14_000_000, "days": 1460, "turn": 20},
    "older-country-eighth": {"scale": "1/8", "days": 730, "turn": 10, "declared": ""},
    "older-country": {"scale": "1", "days": 730, "turn": 10, "declared": ""},
    "country-eighth": {"scale": "1/8", "days": 730, "turn": 10},
    "country": {"scale": "1", "days": 730, "turn": 10},
}
"""Of the older country both live what the older version declares, of the country each what it declares."""
WORKER = """
import datetime as dt, json, sys, time
from fractions import Fraction
from pathlib import Path
from docketflow.policy import load_scenario
try:
    from docketflow.workloads import docket_ref
    from docketflow.conductor.simulator import Simulator, centre
    from docketflow.engine import Run
    begin, stock_of = Run, lambda scenario, scale: Simulator(scenario, scale=scale, seed=1).stock
except ImportError:  # as it was called at 4c920bf
    from docketflow import conductor
    from docketflow.bench import docket_ref
    centre = conductor.bound_at_centre
    begin = lambda bound, stock, seed: bound.begin(stock, seed)
    stock_of = lambda scenario, scale: conductor.prepare(scenario, scale=scale, seed=1).stock

def made(days, people=0, scale="", turn=0, declared=""):
    if people:
        return begin(docket_ref.bind(people, days), docket_ref.cells(people), 1)
    if declared:
        from as_it_was import begun
        return begun(Path(declared), scale)
    scenario = load_scenario("fiscal-year-2024")
    scenario = scenario.between(end=scenario.first + dt.timedelta(days - 1))
    return begin(centre(scenario, Fraction(scale)), stock_of(scenario, Fraction(scale)), 1)

work = json.loads(sys.argv[1])
made(people=1000, days=30).finish()
run = made(**work)
for day in range(work["turn"], work["days"] + 1, work["turn"]):
    sys.stdin.readline()
    began = time.process_time()
    run.advance(day)
    took = time.process_time() - began
    print(json.dumps({"seconds": took, "events": run.ledger().events}), flush=True)
"""


def no_large_pages() -> None:
    """Have this process, and what it becomes, do without pages of 2 MB."""
    ctypes.CDLL(None).prctl(NO_LARGE_PAGES, 1, 0, 0, 0)


def turns(command: list[str], source: Path | None = None, small: bool = False) -> Iterator[tuple[float, int]]:
    """Begin a process; have it live a few days for each that is asked for: their seconds and events."""
    known = dict(os.environ) if source is None else {**os.environ, "PYTHONPATH": f"{source}:{HERE}"}
    process = subprocess.Popen(
        command, env=known, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        preexec_fn=no_large_pages if small else None,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    so_far = 0
    while True:
        process.stdin.write("\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{source or command[0]} stopped")
        found = json.loads(line)
        yield found["seconds"], found["events"] - so_far
        so_far = found["events"]


def as_declared(older: Path, work: dict[str, object]) -> Path:
    """Have the older version write down its country for some days; return where."""
    place = Path(tempfile.mkdtemp()) / "country.pickle"
    known = {**os.environ, "PYTHONPATH": str(older)}
    subprocess.run([sys.executable, "-c", DUMP, place, str(work["days"])], check=True, env=known)
    return place


def begun(work: dict[str, object], sources: dict[str, Path], small: bool = False) -> dict[str, Iterator]:
    """Return every engine that can live a workload (C knows docket-ref alone)."""
    engines = {}
    for engine, source in sources.items():  # the older version declares its country itself
        said = {key: value for key, value in work.items() if engine != OLDER or key != "declared"}
        engines[engine] = turns([sys.executable, "-c", WORKER, json.dumps(said)], source, small)
    if "people" in work:
        given = [str(PEERS / "build" / "tables.bin"), str(work["people"]), str(work["days"]), "1"]
        for engine, program in IN_C.items():
            command = [str(PEERS / "build" / program), *given, str(work["turn"])]
            engines[engine] = turns(command, small=small)
    return engines


def main() -> None:
    """Measure in turns, write every number, print the ratios."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("older", type=Path)
    asked.add_argument("--core", type=int, default=1, help="the core to run on (1)")
    asked.add_argument("--work", nargs="*", choices=WORKS, default=list(WORKS), help="only these workloads")
    asked.add_argument("--also", nargs="*", default=[], metavar="NAME=SRC", help="further versions")
    asked.add_argument("--small-pages", action="store_true", help="also without pages of 2 MB")
    asked.add_argument("--out", type=Path, default=HERE / "kernels.csv", help="where to write")
    told = asked.parse_args()
    machine.on_core(told.core)
    subprocess.run([PEERS / "build.sh"], check=True, env={**os.environ, "PYTHON": sys.executable})
    sources = {OURS: NOW, OLDER: told.older.resolve()}
    sources |= {name: Path(path).resolve() for name, _, path in (one.partition("=") for one in told.also)}
    about, rows = machine.described("numpy", "numba"), []
    for name in told.work:
        work = dict(WORKS[name])
        if "declared" in work:
            work["declared"] = str(as_declared(sources[OLDER], work))
        engines = begun(work, sources)
        if told.small_pages:
            fewer = begun(work, {OURS: NOW}, small=True)
            engines |= {f"{engine}{SMALL}": lives for engine, lives in fewer.items()}
        speeds: dict[str, list[float]] = {engine: [] for engine in engines}
        many = int(str(work["days"])) // int(str(work["turn"]))
        for number in range(many):
            order = list(engines)
            for engine in order[number % len(order) :] + order[: number % len(order)]:
                seconds, events = next(engines[engine])
                if number >= many // 4:
                    speeds[engine].append(events / seconds)
                    row = {"work": name, "turn": number + 1, "engine": engine, "events": events}
                    rows.append({**about, "load": machine.load(), **row, "processor_s": f"{seconds:.4f}"})
        with told.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        for engine in engines:
            ratios = np.array(speeds[OURS]) / np.array(speeds[engine])
            low, middle, high = np.quantile(ratios, [0.25, 0.5, 0.75])
            print(f"{name:<21}{engine:<40}{1e9 / np.median(speeds[engine]):7.2f} ns an event; ours is "
                  f"{middle:.3f} of its speed ({low:.3f} to {high:.3f})", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
