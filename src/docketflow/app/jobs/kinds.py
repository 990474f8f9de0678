"""What each kind of long question is: plain data in, the answer as JSON holds it out.

A study goes on from the members that lie in its folder, what stops a plan from the lives that were written
down; what it would take, why two differ and what one depends on begin again, a minute or so.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

from docketflow.app.answers import reasons, takes
from docketflow.app.answers.question import read_sets
from docketflow.app.answers.staircase import Lifts
from docketflow.app.answers.told import HIDDEN
from docketflow.conductor.simulator import Simulator
from docketflow.core.plain import tidy

Tell = Callable[..., None]
"""Called with how many runs are done, of how many (0: not known), and perhaps what was found so far."""
Asked = dict[str, Any]


def study(asked: Asked, folder: Path, tell: Tell, cluster: str | None = None) -> Asked:
    """Scenarios on the same members, each answered and set beside the first."""
    from docketflow.studies import study as run

    found = run(
        asked["scenarios"],
        members=asked["members"],
        scale=asked["scale"],
        sets=asked["sets"],
        out=folder / "study",
        part=True,
        workers=None if cluster else 1,
        cluster=cluster,
        progress=tell,
    )
    return _told(found.to_json())


def _told(said: Asked) -> Asked:
    """Return a study's answer without outcomes by nationality group."""
    for result in said["scenarios"].values():
        result["outcomes"] = {k: v for k, v in result["outcomes"].items() if HIDDEN not in k}
    for pair in said["differences"]:
        pair["outcomes"] = [row for row in pair["outcomes"] if HIDDEN not in row["outcome"]]
    return said


def binding(asked: Asked, folder: Path, tell: Tell) -> Asked:
    """What stops a plan: each limit lifted alone, then together, on paired runs."""
    question = read_sets(asked["scenario"], asked["count"], asked["sets"])
    simulator = Simulator(question.asked)
    written = Written(folder / "lives.jsonl")
    target = question.asked.target
    goal = target.removals if target and target.series == asked["count"] else None
    lifts = Lifts(simulator, asked["members"], lambda runs: tell(runs, 0), written)
    return lifts.stairs(asked["count"], goal)


def feasible(asked: Asked, folder: Path, tell: Tell) -> Asked:
    """What it would take to reach a number."""
    given = {key: asked[key] for key in ("by", "ordered", "lag", "members")}
    return takes.ask(asked["scenario"], asked["count"], asked["goal"], **given, told=tell)


def why(asked: Asked, folder: Path, tell: Tell) -> Asked:
    """Why two scenarios differ, each perhaps with levers moved."""
    given = {key: asked[key] for key in ("by", "counts", "members")}
    return reasons.ask(reasons.Side(**asked["a"]), reasons.Side(**asked["b"]), **given, told=tell)


def sensitivity(asked: Asked, folder: Path, tell: Tell) -> Asked:
    """What the answers depend on, and on whose word they rest."""
    from docketflow.answers.sensitivity import sensitivity as run

    many = {key: asked[key] for key in ("paths", "members", "lucks") if asked.get(key)}
    ahead = 0

    def told(what: str, runs: int) -> None:
        nonlocal ahead
        tell(ahead, 0)
        ahead += runs

    found = run(asked["scenario"], outcomes=[asked["count"]], sets=asked["sets"], told=told, **many)
    said: Asked = tidy(found.to_json())
    return said


KINDS: dict[str, Callable[..., Asked]] = {
    "studies": study,
    "binding": binding,
    "feasible": feasible,
    "why": why,
    "sensitivity": sensitivity,
}


class Written(MutableMapping[tuple[tuple[str, ...], int], dict[str, float]]):
    """Lives, each written down as soon as it is lived; a line cut short or damaged is lived again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[tuple[tuple[str, ...], int], dict[str, float]] = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                mark, _, said = line.partition(" ")
                if mark == _mark(said):
                    settings, member, values = json.loads(said)
                    self._known[tuple(settings), member] = values

    def __setitem__(self, key: tuple[tuple[str, ...], int], values: dict[str, float]) -> None:
        said = json.dumps([*key, values])
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"\n{_mark(said)} {said}")  # begins a line: what was cut short stays alone
        self._known[key] = values

    def __getitem__(self, key: tuple[tuple[str, ...], int]) -> dict[str, float]:
        return self._known[key]

    def __delitem__(self, key: tuple[tuple[str, ...], int]) -> None:
        del self._known[key]

    def __iter__(self) -> Iterator[tuple[tuple[str, ...], int]]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _mark(said: str) -> str:
    return f"{zlib.crc32(said.encode()):08x}"
