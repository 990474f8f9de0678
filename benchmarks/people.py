"""What a plan would come to if another number of people lived here: each published level against as it is.

    python benchmarks/people.py    # some minutes; writes src/docketflow/results/people.csv, for reports

Levels are those of the structural switches of kind `people` (`answers/sensitivity/structure.yaml`). A member
has the same drawn numbers at every level; its people are others: luck is not shared and intervals are wider.
"""

from __future__ import annotations

import csv
from pathlib import Path

import machine
import numpy as np

import docketflow
from docketflow.answers.paired import worth
from docketflow.answers.sensitivity.structure import declared
from docketflow.conductor import model
from docketflow.conductor.provenance import made_by
from docketflow.conductor.simulator import Simulator
from docketflow.policy import load_scenario
from docketflow.policy.setting import PEOPLE

OUT = Path(docketflow.__file__).parent / "results" / "people.csv"
SCENARIOS = ("one-million-first-year", "baseline-january-2025")
MEMBERS, SCALE = 12, "1/400"
OUTCOMES = ("removals.ice", "arrests.ice", "arrests.at_large", "departures.unrecorded", "cost.total")


def lived(name: str, sets: tuple[str, ...] = ()) -> np.ndarray:
    """Return the outcomes of a scenario's members [member, outcome]."""
    simulator = Simulator(load_scenario(name).with_sets(sets), scale=SCALE)
    answers = [simulator.member(member).outcomes for member in range(MEMBERS)]
    return np.array([[one[outcome][1] for outcome in OUTCOMES] for one in answers])


def rows(name: str) -> list[dict[str, object]]:
    """Return the rows of a scenario: a level, an outcome, what it changes and what it is without."""
    plain, found = lived(name), []
    as_built = int(model.stock(load_scenario(name).first).counts.sum())
    for switch in (one for one in declared() if one.kind == "people"):
        people = round(model.evidence().figure(switch.figure).value)
        gaps = lived(name, (f"{PEOPLE}={people}",)) - plain
        for k, outcome in enumerate(OUTCOMES):
            told = worth(gaps[:, k])
            numbers = {"plain": plain[:, k].mean(), "value": told.value, "low": told.low, "high": told.high}
            found.append(
                {"scenario": name, "figure": switch.figure, "people": people, "as_built": as_built}
                | {"outcome": outcome, **{key: f"{number:.6g}" for key, number in numbers.items()}}
            )
        print(name, people, flush=True)
    return found


def main() -> None:
    """Live all and write the table."""
    made = made_by()
    about = {"members": MEMBERS, "scale": SCALE, "version": made["docketflow"]}
    about |= {"evidence": made["evidence"][:12], "date": machine.described()["date"]}
    table = [row | about for name in SCENARIOS for row in rows(name)]
    with OUT.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


if __name__ == "__main__":
    main()
