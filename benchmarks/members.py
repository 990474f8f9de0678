"""What a member costs, and again after one lever was moved: now and in an older version, in turns.

Usage: python benchmarks/members.py OLDER [--rounds N]     (default 5; about two minutes)

OLDER is a copy of the `src` of commit 4c920bf (`git archive 4c920bf src | tar -x -C FOLDER`). In each round a
process of either version makes what members share, then lives members of `one-million-first-year` at 1/100
until their outcomes are measured, warm and in that process (other members as a run does, 25 filled at once).
Median processor milliseconds of each process, and how much of a member is spent in compiled code. Writes
members.csv beside this file.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
from pathlib import Path

import machine
from saving import NOW, called

OUT = Path(__file__).with_name("members.csv")
COMMON = """
import json, statistics, time
from docketflow.policy import load_scenario
scenario = load_scenario("one-million-first-year")
inside = [0.0]

def watch(module, name):
    compiled = getattr(module, name)
    def watched(*given):
        began = time.process_time()
        found = compiled(*given)
        inside[0] += time.process_time() - began
        return found
    setattr(module, name, watched)

def middle(call, many=15):
    took, within = [], []
    for k in range(many + 2):  # two that warm up
        inside[0], began = 0.0, time.process_time()
        call(k)
        took.append(time.process_time() - began)
        within.append(inside[0] / took[-1])
    return 1000 * statistics.median(took[2:]), 100 * statistics.median(within[2:])

def lever(k, date=""):
    return [f"detention.beds.contract={60000 + 100 * k}{date}"]
"""
BEFORE = """
from fractions import Fraction
from docketflow import conductor
from docketflow.engine import days, kernel
watch(days, "advance"); watch(kernel, "batch")
def member(k, sets=()):
    world = conductor.prepare(scenario.with_sets(sets), scale=Fraction(1, 100), seed=1)
    return conductor.one_member(world, k)
member(0)
found = [*[middle(member)] * 2, middle(lambda k: member(1, lever(k))),
         middle(lambda k: member(1, lever(k, "@2025-06-01")))]
print(json.dumps(found))
"""
AFTER = """
from docketflow.conductor.simulator import Simulator
from docketflow.engine.run.kernel import door
for name in ("advance", "place", "line_up", "settle"):
    watch(door, name)
simulator = Simulator(scenario)
simulator.member(0)
numbers = lambda k: range(25 * k, 25 * k + 25)
def block(k):
    simulator.ready(numbers(k))
    for number in numbers(k):
        simulator.member(number)
def once(k):
    simulator.ready(numbers(k + 5))
    for number in numbers(k + 5):
        simulator.answer(number, *simulator.books(number, (), {}))
both = [(ms / 25, share) for ms, share in (middle(block, 3), middle(once, 3))]
found = [*both, middle(lambda k: simulator.member(1, settings=lever(k))),
         middle(lambda k: simulator.member(1, settings=lever(k, "@2025-06-01")))]
print(json.dumps(found))
"""
WHAT = (
    "another member, one in twelve lived twice",
    "another member, lived once",
    "one lever moved, at the answer's start",
    "one lever moved, on 2025-06-01",
)


def main(older: Path, rounds: int) -> None:
    """Measure in turns, write every number, print medians."""
    about, rows = machine.described("numpy", "numba"), []
    for number in range(rounds + 1):  # the first compiles and fills caches, and is not counted
        for version, source, code in (("before", older, BEFORE), ("now", NOW, AFTER)):
            found = json.loads(called(source, "-c", COMMON + code))
            if number:
                rows += [
                    {
                        "what": what,
                        "version": version,
                        "processor_ms": f"{ms:.1f}",
                        "per_cent_compiled": f"{share:.0f}",
                    }
                    | {"load": machine.load(), **about}
                    for what, (ms, share) in zip(WHAT, found, strict=True)
                ]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for what in WHAT:
        said = [what.ljust(44)]
        for version in ("before", "now"):
            mine = [row for row in rows if (row["what"], row["version"]) == (what, version)]
            ms, share = (
                statistics.median(float(row[key]) for row in mine)
                for key in ("processor_ms", "per_cent_compiled")
            )
            said.append(f"{ms:>7.1f} ms ({share:.0f}% compiled) {version}")
        print(" ".join(said))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("older", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    main(given.older.resolve(), given.rounds)
