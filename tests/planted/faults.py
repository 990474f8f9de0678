"""The list of faults and the laws of each room that are to see them: read, checked, applied.

A fault is found by its text, so that moving a file's lines changes nothing; one whose text is gone, or stands
more than once, no longer applies and is said so. Nothing here runs anything.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOMS = HERE / "rooms.yaml"


@dataclass(frozen=True)
class Fault:
    """One wrong rule: in which file, which text, what it becomes, and what is wrong with it."""

    id: str
    room: str
    file: str
    changes: tuple[tuple[str, str], ...]
    why: str

    @property
    def mark(self) -> str:
        """A hash of what the fault changes: a changed fault is tried again."""
        return hashlib.sha256(repr((self.file, self.changes)).encode()).hexdigest()[:8]

    def planted(self, source: str) -> str | None:
        """Return the source with the fault in it, or None where it no longer applies."""
        for old, new in self.changes:
            if source.count(old) != 1:
                return None
            source = source.replace(old, new)
        return source


def faults() -> list[Fault]:
    """Return every fault, room by room."""
    found = []
    for path in sorted(HERE.glob("faults_*.yaml")):
        room = path.stem.removeprefix("faults_")
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            changes = tuple((old, new) for old, new in row["changes"])
            found.append(Fault(row["id"], room, row["file"], changes, row["why"]))
    return found


def laws_of(fault: Fault) -> list[str]:
    """Return the tests that are to see a fault, those of its own stage or file first."""
    listed: list[str] = yaml.safe_load(ROOMS.read_text(encoding="utf-8"))[fault.room]
    own = f"/test_{Path(fault.file).stem}.py"
    return sorted(listed, key=lambda test: not test.endswith(own))
