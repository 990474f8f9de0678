"""Run docketflow and its peers on docket-ref in turns, and write how fast each was in every round.

Large: 14 million people, four years, against C written by hand, with the country beside it. Small: a million
people, one year, against other simulators (the slowest at ten thousand). Every engine runs on one core, in an
order that shifts by one each round, so that a busy minute falls on all. Timed is the run alone, in seconds of
the processor: the people stand in memory, compiled code is warm. (C: from the first day to the last. Mesa's
includes its agents.)

Usage: python benchmarks/against_peers.py [--core 1] [--rounds 7] [--only large|small] [--also NAME=PROGRAM]
Needs: pip install -e '.[peers]', gcc. Takes ten minutes; writes against_peers.csv and against_peers.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import machine
import numpy as np

HERE = Path(__file__).parent
PEERS = HERE / "peers"
LARGE, SMALL, SMALLEST = (14_000_000, 1460), (1_000_000, 365), (10_000, 365)
OURS = "docketflow"
COUNTRY = "docketflow, the country"
ASKED = {
    "C, 32-byte records as ours": 0.7, "C, 8-byte records": 0.6, "cimba, events": 20, "SimPy, tuned": 500,
    COUNTRY: 0.4,
}  # fmt: skip
PACKAGES = ("numpy", "numba", "simpy", "mesa", "ciw", "salabim", "cimba")


@dataclass
class Engine:
    """Something that runs a workload and says how long it took: ``call(seed, limit)``."""

    name: str
    size: tuple[int, int]
    command: str
    call: Callable[[int, float], dict[str, Any]]
    stopped: str = ""
    close: Callable[[], None] = lambda: None
    speeds: dict[int, float] = field(default_factory=dict)


def in_process(name: str, size: tuple[int, int], command: str, function: Any, **given: Any) -> Engine:
    """Return an engine of ours: a process of its own that stays, so that it is warm and its memory known."""
    worker = ProcessPoolExecutor(1, mp_context=get_context("spawn"))

    def call(seed: int, limit: float) -> dict[str, Any]:
        return dict(worker.submit(function, seed=seed, **given).result(timeout=limit))

    return Engine(name, size, command, call, close=worker.shutdown)


def program(name: str, size: tuple[int, int], words: Sequence[str]) -> Engine:
    """Return an engine that is a program: people, days and seed in, one line of JSON out."""

    def call(seed: int, limit: float) -> dict[str, Any]:
        told = [*words, *map(str, size), str(seed)]
        try:
            done = subprocess.run(told, capture_output=True, text=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return {"failed": f"over {limit:g} s"}
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if not lines:
            return {"failed": " ".join((done.stdout + done.stderr).split())[-160:]}
        found = dict(json.loads(lines[-1]))
        return {"seconds": found.get("wall_s"), **found}

    shown = " ".join(str(Path(word).name) for word in words)
    return Engine(name, size, f"{shown} {size[0]} {size[1]} SEED", call)


def ours(size: tuple[int, int]) -> Engine:
    """Return docket-ref on docketflow."""
    from docketflow.workloads.measured import docket_ref_run

    people, days = size
    command = f"docketflow bench docket-ref --people {people} --days {days}"
    return in_process(OURS, size, command, docket_ref_run, people=people, days=days)


def country(days: int) -> Engine:
    """Return the national lifecycle at scale 1."""
    from docketflow.policy import load_scenario
    from docketflow.workloads.national import timed

    command = f"docketflow bench national --scale 1 --days {days}"
    scenario = load_scenario("fiscal-year-2024")
    given = {"scenario": scenario, "scale": Fraction(1), "days": days}
    return in_process(COUNTRY, (0, days), command, timed_keyword, timed=timed, given=given)


def timed_keyword(*, seed: int, timed: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Call the measurement (its scenario is positional)."""
    rest = dict(given)
    return dict(timed(rest.pop("scenario"), seed=seed, **rest))


def large(also: Sequence[str]) -> list[Engine]:
    """Return what is compared at fourteen million people: builds the C programs."""
    others = [program(name, LARGE, [path]) for name, _, path in (one.partition("=") for one in also)]
    subprocess.run([PEERS / "build.sh"], check=True, env={**os.environ, "PYTHON": sys.executable})
    build, tables = PEERS / "build", str(PEERS / "build" / "tables.bin")
    in_c = [
        program(f"C, {width}-byte records", LARGE, [str(build / f"docket_ref_r{width}"), tables])
        for width in (8, 16, 32)
    ]
    like = [
        program(f"C, {width}-byte records as ours", LARGE, [str(build / f"docket_ref_like{width}"), tables])
        for width in (32, 64)
    ]
    return [ours(LARGE), *like, *in_c, *others, country(LARGE[1])]


def small(also: Sequence[str]) -> list[Engine]:
    """Return what is compared at a million people, or ten thousand."""
    scripts = {
        "cimba, events": ("on_cimba.py", SMALL), "SimPy, tuned": ("on_simpy.py", SMALL),
        "Mesa, events": ("on_mesa.py", SMALL), "Ciw": ("on_ciw.py", SMALLEST),
        "salabim": ("on_salabim.py", SMALLEST),
    }  # fmt: skip
    others = [
        program(name, size, [sys.executable, str(PEERS / script)]) for name, (script, size) in scripts.items()
    ]
    return [ours(SMALL), *others]


def measure(
    part: str, engines: list[Engine], rounds: int, limit: float, seed: int, write: Callable[[dict], None]
) -> None:
    """Run every engine once a round, in turns, and write each as it ends."""
    for engine in engines[:1] + [one for one in engines if one.name == COUNTRY]:
        engine.call(seed, 10 * limit)  # warm
    for k in range(rounds):
        turn = k % len(engines)
        for place, engine in enumerate(engines[turn:] + engines[:turn]):
            if engine.stopped:
                continue
            found = engine.call(seed, limit)
            engine.stopped = found.get("failed", "")
            if not engine.stopped:
                engine.speeds[k] = found["events"] / found["seconds"]
            row = {
                "part": part, "round": k + 1, "place": place + 1, "load": machine.load(),
                "engine": engine.name, "version": found.get("engine", ""),
                "people": found.get("people", engine.size[0]), "days": engine.size[1], "seed": seed,
                **{name: found.get(name, "") for name in ("events", "seconds", "peak_rss_mb")},
                "events_per_second": round(engine.speeds.get(k, 0)) or "",
                "failed": engine.stopped, "command": engine.command,
            }  # fmt: skip
            write(row)
            said = (
                engine.stopped or f"{found['seconds']:8.3f} s {engine.speeds[k] / 1e6:9.3f} million a second"
            )
            print(f"{part} {k + 1}/{rounds}  {engine.name:<24} {said}", flush=True)


def table(engines: list[Engine]) -> list[str]:
    """Return a table in Markdown: speeds, and our speed over theirs, round by round."""
    base = engines[0]
    lines = [
        "| engine | people | days | events a second | ratio | median | least | quartiles | most | asked |",
        "|---|--:|--:|--:|---|--:|--:|--:|--:|--:|",
    ]
    for engine in engines:
        people = f"{engine.size[0]:,}" if engine.size[0] else "all"
        head = f"| {engine.name} | {people} | {engine.size[1]:,} |"
        if not engine.speeds:
            lines.append(f"{head} {engine.stopped} | | | | | | |")
            continue
        head += f" {np.median(list(engine.speeds.values())):,.0f} |"
        if engine is base:
            lines.append(f"{head} | | | | | |")
            continue
        both = [(base.speeds[k], speed) for k, speed in engine.speeds.items() if k in base.speeds]
        ratios = np.array([b / a if engine.name == COUNTRY else a / b for a, b in both])
        least, low, middle, high, most = (shown(one) for one in np.quantile(ratios, [0, 0.25, 0.5, 0.75, 1]))
        what = "country / docket-ref" if engine.name == COUNTRY else "docketflow / it"
        asked = ASKED.get(engine.name, "")
        lines.append(f"{head} {what} | {middle} | {least} | {low} to {high} | {most} | {asked} |")
    return lines


def shown(ratio: float) -> str:
    """Return a ratio with as many digits as it bears."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"


def main() -> None:
    """Measure, write the rows and the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--core", type=int, default=1, help="the core to run on (1)")
    asked.add_argument("--rounds", type=int, default=7, help="how often each runs (7)")
    asked.add_argument("--limit", type=float, default=120, help="seconds after which a peer is stopped (120)")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", choices=("large", "small"), help="only this comparison")
    asked.add_argument("--out", type=Path, default=HERE, help="where to write (beside this script)")
    asked.add_argument("--also", nargs="*", default=[], metavar="NAME=PROGRAM", help="further large programs")
    told = asked.parse_args()
    machine.on_core(told.core)
    where = machine.described(*PACKAGES)
    page = [f"# Against peers\n\n{where['date']}; {where['cpu']}, one core of {where['cores']}; "
            f"{where['versions']}. {told.rounds} rounds in turns; every round is in against_peers.csv. "
            "Ratios are taken round by round."]  # fmt: skip
    rows: list[dict] = []
    path = told.out / "against_peers.csv"

    def write(row: dict) -> None:
        rows.append({**where, **row})
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    for part, engines_of in (("large", large), ("small", small)):
        if told.only in (None, part):
            engines = engines_of(told.also)
            measure(part, engines, told.rounds, told.limit, told.seed, write)
            page += ["", *table(engines)]
            for engine in engines:
                engine.close()
    text = "\n".join(page) + "\n"
    (told.out / "against_peers.md").write_text(text, encoding="utf-8")
    print("\n" + text)


if __name__ == "__main__":
    main()
