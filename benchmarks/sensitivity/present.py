"""The tornado of the plan's removals as rows, from what `docketflow sensitivity --json` said.

docketflow sensitivity one-million-first-year --json > study.json
python benchmarks/sensitivity/present.py study.json --commit HEAD       # writes present.csv beside this file
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

OUTCOME = "removals.ice"
COLUMNS = ("commit", "rank", "input", "assumed", "low_end", "high_end", "change", "low", "high")


def main() -> None:
    """Write the rows, the widest swing first."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("study", type=Path)
    ask.add_argument("--commit", required=True, help="what to call this version in the rows")
    given = ask.parse_args()
    said = json.loads(given.study.read_text(encoding="utf-8"))
    (told,) = [one for one in said["outcomes"] if one["outcome"] == OUTCOME]
    with Path(__file__).with_name("present.csv").open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines, lineterminator="\n")
        rows.writerow(COLUMNS)
        for rank, one in enumerate(told["swings"], start=1):
            ends = (one["at_5th_percentile"], one["at_95th_percentile"])
            change = (one["change"][name] for name in ("value", "low", "high"))
            numbers = (f"{number:.0f}" for number in (*ends, *change))
            rows.writerow((given.commit, rank, one["input"], one["assumed"], *numbers))


if __name__ == "__main__":
    main()
