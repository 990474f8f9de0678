"""Writes docs/planted_faults.md: the score, room by room, and every fault that no law of its room sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from .faults import HERE, Fault

EXPLAINED = HERE / "explained.yaml"
HEAD = """\
# Planted faults

Do the tests see a wrong rule? Each fault below is a small change that somebody could make by mistake: two
shares swapped, a clock started too late, a gate left out, a price on the wrong account. It is planted alone
in a copy, and the tests of its room are run up to the first failure. `tests/planted/faults_*.yaml` is the
list, `tests/planted/tried.csv` who saw what. `cd tests; python -m planted` goes on where it stopped; `--list`
says which faults no longer apply because the text they change is gone.

"Seen by a law" means that a named test of the room says what does not hold. What no law sees is run against
the golden outcomes (`tests/golden`), which see every change of an answer to the last bit but cannot say what
is wrong. The list is made by hand (a tool that turns every operator round would plant thousands, most of
them equal to the original or caught by a crash).
"""


def write(planted: Sequence[Fault], tried: Iterable[Mapping[str, str]], path: Path) -> None:
    """Write the page."""
    seen = {(row["id"], row["mark"]): row["seen_by"] for row in tried}
    by = {fault.id: seen.get((fault.id, fault.mark), "not tried") for fault in planted}
    lines = [
        HEAD,
        "| room | faults | seen by a law | by golden outcomes only | by nobody | share seen by a law |",
    ]
    lines.append("|---|--:|--:|--:|--:|--:|")
    for room in (*dict.fromkeys(fault.room for fault in planted), "all"):
        mine = [by[fault.id] for fault in planted if room in ("all", fault.room)]
        told = [one for one in mine if one in ("law", "golden", "nobody")]
        counts = [told.count(kind) for kind in ("law", "golden", "nobody")]
        share = f"{counts[0] / len(told):.0%}" if told else "-"
        lines.append(f"| {room} | {len(told)} | {counts[0]} | {counts[1]} | {counts[2]} | {share} |")
    explained: dict[str, str] = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or {}
    left = [fault for fault in planted if by[fault.id] in ("golden", "nobody")]
    if left:
        lines += ["", "## Not seen by a law", ""]
        lines += ["| fault | file | what is wrong | seen by | why no law sees it |", "|---|---|---|---|---|"]
        lines += [
            f"| {fault.id} | {fault.file} | {fault.why} | {by[fault.id]} | {explained.get(fault.id, '')} |"
            for fault in left
        ]
    for apart in ("not tried", "does not apply"):
        named = [fault.id for fault in planted if by[fault.id] == apart]
        if named:
            shown = ", ".join(named) if len(named) < 20 else f"{len(named)} of them"
            lines += ["", f"Not counted, {apart}: {shown}."]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
