"""What each mechanism of a plan is worth: alone, last, and shared out over all orders, run against run.

    python benchmarks/worth.py    # about half an hour; goes on where it was stopped

Every combination of mechanisms is lived by every member with the same luck (256 for the eight of the plan),
by `docketflow.answers.why`. Lives are kept in worth.jsonl beside this file (not committed) until all are
lived; then `src/docketflow/results/worth.csv`, which reports print, and the table in docs/worth.md are
written.
"""

from __future__ import annotations

import csv
import functools
import json
import sys
from pathlib import Path

import machine
import numpy as np

import docketflow
from docketflow.answers.paired import worth
from docketflow.answers.small import between
from docketflow.answers.why.shapley import share_out
from docketflow.answers.why.without import Without
from docketflow.conductor.provenance import made_by
from docketflow.core.scale import read_scale
from docketflow.policy import load_scenario

HERE = Path(__file__).resolve().parent
KEPT, OUT = HERE / "worth.jsonl", Path(docketflow.__file__).parent / "results" / "worth.csv"
DOCS = HERE.parent / "docs" / "worth.md"
MEMBERS, SCALE = 16, "1/100"
OUTCOMES = ("removals.ice", "detained.average", "cost.total", "courts.initial_completions", "bond.hearings")
STUDIES = {
    "one-million-first-year": {
        "no-other-agencies": "Officers of other agencies",
        "no-287g-growth": "More agreements with local police",
        "no-expanded-expedited-removal": "Expedited removal everywhere",
        "no-parole-revocation": "End of CBP One parole",
        "no-third-countries": "Agreements with other countries",
        "no-alien-enemies-act": "Alien Enemies Act",
        "no-military-support": "Military seats and places",
        "no-2025-appropriation": "Money beyond what was voted",
    },
    "as-enacted": {
        "bond-hearings-kept": "Detention without bond hearings",
        "orders-stayed": "Orders of courts",
    },
}
TOLD = ("alone", "last", "shared")
BEGINS, ENDS = "<!-- table -->", "<!-- end -->"


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


def study(name: str, titles: dict[str, str], made: dict[str, str]) -> list[dict[str, object]]:
    """Return the rows of one scenario: a mechanism, an outcome, and what it is worth in each way."""
    less = tuple(titles)
    whole = load_scenario(name)
    live = Without(whole, less, OUTCOMES, scale=SCALE)
    of = {"settings": whole.hash, "less": " ".join(less), "scale": SCALE, **made}
    split = share_out(Kept(live, of), less, MEMBERS, workers=1)
    rows: list[dict[str, object]] = []
    for k, outcome in enumerate(OUTCOMES):
        total = {"mechanism": "all", "title": "All together", "too_small": "", "outcome": outcome}
        rows.append(_row(name, total, dict.fromkeys(TOLD, split.gap[:, k])))
        for c, cause in enumerate(less):
            ways = (split.first, split.last, split.parts)
            told = {way: values[c][:, k] for way, values in zip(TOLD, ways, strict=True)}
            what = {"mechanism": cause, "title": titles[cause], "too_small": small(name, cause)}
            rows.append(_row(name, {**what, "outcome": outcome}, told))
    return rows


@functools.cache
def small(name: str, less: str) -> str:
    """Return the caps through which a mechanism works that are too small at this scale, in words."""
    found = between(load_scenario(name), load_scenario(less), read_scale(SCALE))
    return "; ".join(map(str, found.caps))


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
    write(rows)


def write(rows: list[dict[str, object]]) -> None:
    """Write the table of the package and that of the docs."""
    with OUT.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGINS)
    DOCS.write_text(f"{before}{BEGINS}\n{tables(rows)}{ENDS}{rest.partition(ENDS)[2]}", encoding="utf-8")


def tables(rows: list[dict[str, object]]) -> str:
    """Return a table of each scenario and outcome for the docs."""
    said = []
    for scenario, name in dict.fromkeys((row["scenario"], row["outcome"]) for row in rows):
        mine = [row for row in rows if (row["scenario"], row["outcome"]) == (scenario, name)]
        first = mine[0]
        said.append(
            f"\n**{scenario}**, `{name}`, {first['members']} members at {first['scale']}, {first['date']}\n\n"
        )
        said.append("| mechanism | shared out | alone | last |\n|---|--:|--:|--:|\n")
        for row in [*mine[1:], mine[0]]:
            mark = " *" if row["too_small"] else ""
            cells = " | ".join(_cell(row, way) for way in ("shared", "alone", "last"))
            said.append(f"| {row['title']}{mark} | {cells} |\n")
        marked = [f"{row['title']}: {row['too_small']}" for row in mine if row["too_small"]]
        if marked:
            said.append(f"\n\\* too small at {first['scale']}: {'. '.join(marked)}.\n")
    return "".join(said)


def _cell(row: dict[str, object], way: str) -> str:
    value, low, high = (float(str(row[key])) for key in (way, f"{way}_low", f"{way}_high"))
    many, word = (1e6, " million") if row["outcome"] == "cost.total" else (1, "")
    return f"{value / many:,.0f}{word} ({low / many:,.0f} to {high / many:,.0f})"


if __name__ == "__main__":
    main()
