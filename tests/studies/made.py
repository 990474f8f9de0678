"""Studies made by hand, whose blocks cost nothing: laws of keeping and closing need no model.

What runs a block is a function of this module, so that processes find it by its name.
"""

from __future__ import annotations

import os
import signal
from fractions import Fraction
from pathlib import Path

from docketflow.conductor.provenance import made_by
from docketflow.policy import load_scenario
from docketflow.results.block import pack
from docketflow.results.folder import Folder
from docketflow.results.store import manifest_of
from docketflow.studies.task import DIED, Task

SCENARIO = load_scenario("fiscal-year-2024")
MEMBERS, A_BLOCK = 12, 3


def begun(path: Path, *, code: str = "") -> Folder:
    """Return the folder of a study that was begun."""
    folder = Folder(path)
    made = {**made_by(), **({"code": code} if code else {})}
    folder.begin(manifest_of([], members=MEMBERS, scale="1/100", seed=1, block=A_BLOCK, made_by=made))
    return folder


def tasks() -> list[Task]:
    """Return the tasks of the study."""
    firsts = range(0, MEMBERS, A_BLOCK)
    return [
        Task(SCENARIO, Fraction(1, 100), 1, MEMBERS, first, min(first + A_BLOCK, MEMBERS) - 1)
        for first in firsts
    ]


def easy(task: Task) -> bytes:
    """Give a block at once: each member says that it failed, and those that were lost that they died."""
    said = {number: DIED if number in task.lost else "too full" for number in task.numbers}
    return pack(None, task.numbers, said, members=task.members)


def deadly(task: Task) -> bytes:
    """Die of member 4, wherever it is run."""
    if 4 in task.numbers and 4 not in task.lost:
        os.kill(os.getpid(), signal.SIGKILL)
    return easy(task)


def struck(task: Task) -> bytes:
    """Die once, of nothing that is the task's doing."""
    strike_once()
    return easy(task)


def strike_once() -> None:
    """Kill this process, unless one was killed already."""
    try:
        os.close(os.open(os.environ["STRUCK"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def full_disk(task: Task) -> bytes:
    """Fail by the machine for one block."""
    if task.first == A_BLOCK:
        raise OSError("no space left on device")
    return easy(task)
