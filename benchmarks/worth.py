"""What each mechanism of a plan is worth: alone, last, and shared out over all orders, run against run.

    python benchmarks/worth.py    # about half an hour; goes on where it was stopped

Every combination of mechanisms is lived by every member with the same luck (256 for the eight of the plan),
by `docketflow.answers.why`. Lives are kept in worth.jsonl beside this file (not committed) until all are
lived; then `src/docketflow/results/worth.csv`, which reports print, and the table in docs/worth.md are
written.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import machine
import numpy as np

import docketflow
from docketflow.answers.paired import worth
from docketflow.answers.why.shapley import share_out
from docketflow.answers.why.without import Without
from docketflow.conductor.provenance import made_by
from docketflow.policy import load_scenario

HERE = Path(__file__).resolve().parent
KEPT, OUT = HERE / "worth.jsonl", Path(docketflow.__file__).parent / "results" / "worth.csv"
DOCS = HERE.parent / "docs" / "worth.md"
MEMBERS, SCALE = 16, "1/100"
OUTCOMES = ("removals.ice", "detained.average", "cost.total", "courts.initial_completions", "bond.hearings")
STUDIES = {
    "one-million-first-year": (
        *("no-other-agencies", "no-287g-growth", "no-expanded-expedited-removal", "no-parole-revocation"),
        *("no-third-countries", "no-alien-enemies-act", "no-military-support", "no-2025-appropriation"),
    ),
    "as-enacted": ("bond-hearings-kept", "orders-stayed"),
}
TOLD = ("alone", "last", "shared")


class Kept:
    """Lives kept in a file, so that a study goes on where it was stopped."""

    def __init__(self, live: Without, of: dict[str, str]) -> None:
        self.live, self.of, self.known = live, of, {}
        for line in KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else ():
            row = json.loads(line)
            if row["of"] == of:
                self.known[frozenset(row["on"]), row["member"]] = np.array(row["values"])

    def __call__(self, on: frozenset[str], member: int) -> np.ndarray:
        """Live a member with some mechanisms on, or return it as it was lived before."""
        if (on, member) not in self.known:
            found = self.live(on, member)
            row = {"of": self.of, "on": sorted(on), "member": member, "values": found.tolist()}
            with KEPT.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(row) + "\n")
            self.known[on, member] = found
            if len(self.known) % 256 == 0:
                print(f"{len(self.known):,} lives", flush=True)
        return self.known[on, member]


def study(name: str, less: tuple[str, ...], made: dict[str, str]) -> list[dict[str, object]]:
    """Return the rows of one scenario: a mechanism, an outcome, and what it is worth in each way."""
    whole = load_scenario(name)
    live = Without(whole, less, OUTCOMES, scale=SCALE)
    of = {"settings": whole.hash, "less": " ".join(less), "scale": SCALE, **made}
    split = share_out(Kept(live, of), less, MEMBERS, workers=1)
    rows: list[dict[str, object]] = []
    for k, outcome in enumerate(OUTCOMES):
        total = {"mechanism": "all", "outcome": outcome}
        rows.append(_row(name, total, dict.fromkeys(TOLD, split.gap[:, k])))
        for c, cause in enumerate(less):
            ways = (split.first, split.last, split.parts)
            told = {way: values[c][:, k] for way, values in zip(TOLD, ways, strict=True)}
            rows.append(_row(name, {"mechanism": cause, "outcome": outcome}, told))
    return rows


def _row(name: str, what: dict[str, str], told: dict[str, np.ndarray]) -> dict[str, object]:
    row: dict[str, object] = {"scenario": name, **what}
    for way, values in told.items():
        found = worth(values)
        row |= {
            way: f"{found.value:.6g}",
            f"{way}_low": f"{found.low:.6g}",
            f"{way}_high": f"{found.high:.6g}",
        }
    return row


def main() -> None:
    """Run what is not lived yet and write both tables."""
    made = {key: made_by()[key] for key in ("code", "evidence")}
    about = {
        "members": MEMBERS,
        "scale": SCALE,
        "version": made_by()["docketflow"],
        "evidence": made["evidence"][:12],
        "date": machine.described()["date"],
    }
    wanted = sys.argv[1:] or list(STUDIES)
    rows = [row | about for name in wanted for row in study(name, STUDIES[name], made)]
    with OUT.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
