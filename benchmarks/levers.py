"""Pull every lever to its bounds and see whether it moves what it declares, and nothing where it cannot.

    python benchmarks/levers.py                     # all levers not yet in levers.csv
    python benchmarks/levers.py court. --again      # those whose path begins so, anew

Each member lives the plan with the lever at its lowest and at its highest: the same drawn numbers, the
same luck. A lever is pulled in the plan or under the settings of its `binds_under`; under those of its
`idle_under` it has to leave every outcome alone to the last bit, but what is spent once. Members are added
until a difference is `CLEAR` standard errors from nothing, or all that differ (`ALIKE` or more) go one way,
or `MOST` have been lived. Every row is written when it is known, and one that stands for the same pull is not
made again: stop it when you like.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import math
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from docketflow.conductor import model
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import DocketflowError
from docketflow.core.outcomes import PROBABILITY
from docketflow.policy import Scenario, levers, load_scenario
from docketflow.policy.pull import KEY, STILL, Pull, pulls

PLAN = "one-million-first-year"
SCALES = ("1/1000", "1/200")  # the finer where nothing was seen at the coarser: few hearings fit a day of it
FEWEST, MOST, QUIET = 4, 64, 2
CLEAR, ALIKE = 4.0, 12
GOOD = "as declared"
OUT = Path(__file__).with_suffix(".csv")
ONCE = "cost.one_time"  # recruits and places are paid for whether or not anything then comes of them
ASKED = tuple(field.name for field in dataclasses.fields(Pull))
SEEN = ("at_low", "at_high", "members", "difference", "standard_error", "seen", "verdict", "scale")
Row = dict[str, str]
Read = Callable[[int, Sequence[str]], dict[str, float]]


def reader(scenario: Scenario, scale: str) -> Read:
    """Return how a member's outcomes are found under further settings."""
    simulator = Simulator(scenario, scale=scale)

    def read(member: int, settings: Sequence[str]) -> dict[str, float]:
        answer = simulator.member(member, settings=settings)
        found = {name: value for name, (_, value) in answer.outcomes.items()}
        target = scenario.with_sets(settings).target
        if target is not None:
            found[PROBABILITY] = float(found[target.series] >= target.removals)
        return found

    return read


def seen(pull: Pull, read: Read) -> Row:
    """Return a row with what a pull was seen to do."""
    low, high = (*pull.under, pull.low), (*pull.under, pull.high)
    return (_still if pull.declared == STILL else _moves)(pull.row(), read, low, high)


def _tried(pull: Pull, read: Read) -> Row:
    try:
        return seen(pull, read)
    except DocketflowError as error:
        return {**pull.row(), "seen": "refused", "verdict": str(error)}


def _still(row: Row, read: Read, low: Sequence[str], high: Sequence[str]) -> Row:
    pairs = [(read(member, low), read(member, high)) for member in range(QUIET)]
    told = [name for name in pairs[0][0] if not name.startswith(ONCE)]
    moved = sorted({name for a, b in pairs for name in told if not _same(a[name], b[name])})
    return {
        **row, "members": str(QUIET), "seen": " ".join(moved[:3]) or STILL,
        "verdict": f"moves {len(moved)} outcomes where it cannot" if moved else GOOD,
    }  # fmt: skip


def _moves(row: Row, read: Read, low: Sequence[str], high: Sequence[str]) -> Row:
    name, many, ends = row["outcome"], FEWEST, list[tuple[float, float]]()
    while True:
        ends += [(read(k, low)[name], read(k, high)[name]) for k in range(len(ends), many)]
        gaps = [b - a for a, b in ends]
        difference, error = statistics.mean(gaps), statistics.stdev(gaps) / math.sqrt(len(gaps))
        ways = [gap > 0 for gap in gaps if gap]
        clear = abs(difference) > CLEAR * error or (len(ways) >= ALIKE and len(set(ways)) == 1)
        if clear or many == MOST:
            break
        many *= 2
    sign = ("up" if difference > 0 else "down") if clear else "not seen"
    if row["declared"] == "either" and not clear and len(ways) >= ALIKE:
        sign = "both ways"  # under the same luck an idle lever leaves every member as it was
    good = sign != "not seen" if row["declared"] == "either" else sign == row["declared"]
    means = {
        end: f"{statistics.mean(pair[k] for pair in ends):.6g}" for k, end in enumerate(("at_low", "at_high"))
    }
    return {
        **row, **means, "members": str(len(ends)), "difference": f"{difference:.6g}",
        "standard_error": f"{error:.3g}", "seen": sign,
        "verdict": GOOD if good else "not seen" if sign == "not seen" else "against its sign",
    }  # fmt: skip


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def kept() -> dict[tuple[str, ...], Row]:
    """Return the rows that are known, by what was asked."""
    if not OUT.exists():
        return {}
    with OUT.open(encoding="utf-8", newline="") as lines:
        return {tuple(row[name] for name in KEY): row for row in csv.DictReader(lines)}


def write(rows: dict[tuple[str, ...], Row]) -> None:
    """Write every row that is asked for today, in the order of the catalogue."""
    order = list(levers())
    known = sorted(rows.values(), key=lambda row: (order.index(row["lever"]), row["declared"] == STILL))
    with OUT.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, [*ASKED, *SEEN], restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(known)


def main() -> None:
    """Fill the table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("begins", nargs="*", default=[""], help="beginnings of the paths to pull")
    ask.add_argument("--again", action="store_true", help="also what is known")
    given = ask.parse_args()
    scenario, known = load_scenario(PLAN), kept()
    values = scenario.compose(model.evidence().central())
    wanted = {pull.key: pull for one in levers().values() for pull in pulls(one, values)}
    rows = {key: known[key] for key in wanted if key in known}
    reads = {scale: reader(scenario, scale) for scale in SCALES}
    for key, pull in wanted.items():
        known_good = key in rows and rows[key]["verdict"] == GOOD
        if not pull.lever.startswith(tuple(given.begins)) or (known_good and not given.again):
            continue
        for scale, read in reads.items():
            rows[key] = {**_tried(pull, read), "scale": scale}
            if rows[key]["verdict"] == GOOD or pull.declared == STILL:
                break
        said = ("lever", "under", "outcome", "seen", "verdict")
        print("; ".join(rows[key][name] for name in said), flush=True)
        write(rows)


if __name__ == "__main__":
    main()
