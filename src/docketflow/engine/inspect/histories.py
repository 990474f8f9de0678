"""Histories of synthetic people as text, CSV and JSON; every line is marked synthetic.

It knows rows and words only: nothing of how a run is lived (see `trace.py`).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docketflow.core.sheets import as_csv

if TYPE_CHECKING:
    from docketflow.engine.run.ledger import Ledger

MARK = "synthetic"
FORMS = (".txt", ".csv", ".json")
_LISTS = ("decided", "traits", "spaces", "clocks", "pools", "counted")


def is_history(path: Path) -> bool:
    """Say whether a file is one of histories (or empty), by how it begins."""
    beginnings = (f"{MARK} |", "mark,", '{"' + MARK + '": true')
    with path.open("rb") as file:
        begins = file.read(max(map(len, beginnings)))
    return not begins or any(begins.startswith(one.encode()) for one in beginnings)


@dataclass(frozen=True)
class Trace:
    """The histories of a few synthetic people.

    Attributes
    ----------
    title, scale, first, last : the run they belong to
    people : how many are followed
    moves : how many moves those make at least among whom they were chosen
    among, records : how many made that many moves, and how many records the run had
    hidden : traits left out
    rows : one dict a move: mark, person, date, why, from, to, what was decided and what changed
    books : the books of the run as it was lived here
    """

    title: str
    scale: str
    first: dt.date
    last: dt.date
    people: int
    moves: int
    among: int
    records: int
    hidden: tuple[str, ...]
    rows: list[dict[str, Any]]
    books: Ledger = field(repr=False)

    @property
    def header(self) -> list[str]:
        """Say who these people are (nobody) and how they were chosen."""
        left_out = f" Left out, with every share that reads or sets it: {', '.join(self.hidden)}."
        return [
            f"{self.people} synthetic people of {self.title}, {self.first} to {self.last}, at {self.scale}.",
            "They are nobody: made up from totals and hashed luck. No line is about anyone who lives.",
            f"Chosen evenly, in order of identity, among the {self.among:,} of {self.records:,} records that"
            f" make at least {self.moves} moves.{left_out if self.hidden else ''}",
            "A way is taken where luck falls between the two numbers behind its share.",
        ]

    def text(self) -> str:
        """Return the histories as people read them."""
        lines, person = list(self.header), 0
        for row in self.rows:
            if row["person"] != person:
                person = row["person"]
                lines += ["", f"person {person}"]
            place = row["to"] if row["from"] in ("", row["to"]) else f"{row['from']} -> {row['to']}"
            lines.append(f"  {row['date']}  {place}: {row['why']}; {row['next']}")
            for name in _LISTS:
                said = [f"{'counted in ' if name == 'counted' else ''}{', '.join(row[name])}"]
                lines += [f"      {one}" for one in (row[name] if name == "decided" else said) if row[name]]
        return "\n".join(f"{MARK} | {line}".rstrip() for line in lines) + "\n"

    def csv(self) -> str:
        """Return the histories as CSV: a row a move, lists joined by semicolons, each row marked."""
        head = list(self.rows[0]) if self.rows else ["mark"]
        marked = ({**row, "mark": f"{MARK}: nobody"} for row in self.rows)
        return as_csv(
            [head, *(["; ".join(v) if isinstance(v, list) else v for v in row.values()] for row in marked)]
        )

    def to_json(self) -> dict[str, Any]:
        """Return the histories as plain data."""
        return {
            "synthetic": True,
            "run": self.title,
            "note": self.header,
            "people": self.people,
            "at_least_moves": self.moves,
            "among": self.among,
            "records": self.records,
            "left_out": list(self.hidden),
            "moves": [{**row, "date": str(row["date"])} for row in self.rows],
        }

    def json(self) -> str:
        """Return the histories as JSON: first what they are, then a line a move, each line marked."""
        told = self.to_json()
        moves = [json.dumps(move, ensure_ascii=False) for move in told.pop("moves")]
        head = json.dumps(told, ensure_ascii=False).removesuffix("}")
        return f'{head}, "moves": [' + ",".join(f"\n{move}" for move in moves) + "]}\n"

    def written(self, suffix: str) -> str:
        """Return the histories in the form of a file's suffix, one of `FORMS`."""
        return {".txt": self.text, ".csv": self.csv, ".json": self.json}[suffix]()
