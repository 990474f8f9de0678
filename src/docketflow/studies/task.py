"""One task: some members of one scenario. Plain data in, a block's bytes out: what a worker does, anywhere.

What it returns is the model's word, failures among it; what it raises is the machine's (memory, files, an
installation that is not whole), and says nothing of any member. It must not know where blocks go, nor who
else works.
"""

from __future__ import annotations

import datetime as dt
import re
import traceback
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docketflow.core.errors import DocketflowError
from docketflow.policy import Scenario
from docketflow.results.block import pack

if TYPE_CHECKING:
    from docketflow.conductor.answer import Answer
    from docketflow.conductor.simulator import Simulator

LONGEST_REASON = 300
DIED = "the process that ran it alone died each time (out of memory?)"
People = tuple[dt.date, int | None]  # a first day and, if said, how many there are
OF_THE_MACHINE = (MemoryError, OSError, ImportError)
_SIMULATORS: dict[tuple[str, Fraction, int, bool], Simulator] = {}
_STOCKS: dict[People, Any] = {}


@dataclass(frozen=True)
class Task:
    """Some members of one scenario.

    Parameters
    ----------
    scenario : Scenario
    scale : Fraction
    seed : int
    members : int
        How many members the whole study has.
    first, last : int
        The members of this task, both included.
    lost : tuple of int
        Members of it that are not to be run: each brings down the process that runs it.
    ranges : bool
        Whether every number is drawn from its own range.
    """

    scenario: Scenario
    scale: Fraction
    seed: int
    members: int
    first: int
    last: int
    lost: tuple[int, ...] = ()
    ranges: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What tells its block from the study's others: scenario and first member."""
        return self.scenario.name, self.first

    @property
    def numbers(self) -> range:
        """The members of this task."""
        return range(self.first, self.last + 1)


def run_block(task: Task) -> bytes:
    """Run a task's members and return their block; a member that fails is kept with its reason."""
    from docketflow.conductor.ensemble import gather

    answers: list[Answer] = []
    failures = dict.fromkeys(task.lost, DIED)
    try:
        simulator = simulator_of(task)
    except OF_THE_MACHINE:
        raise
    except Exception as error:
        return pack(None, task.numbers, dict.fromkeys(task.numbers, reason(error)), members=task.members)
    simulator.ready(member for member in task.numbers if member not in failures)
    for member in task.numbers:
        if member in failures:
            continue
        try:
            answers.append(simulator.member(member))
        except OF_THE_MACHINE:
            raise
        except Exception as error:
            failures[member] = reason(error)
    simulator.forget()  # they are of no other block
    result = gather(simulator, answers, simulator.made_of(task.members)) if answers else None
    return pack(result, task.numbers, failures, members=task.members)


def simulator_of(task: Task) -> Simulator:
    """Return what a task's members share, prepared once in a process."""
    from docketflow.conductor import rooms
    from docketflow.conductor.simulator import Simulator

    key = (repr(task.scenario), task.scale, task.seed, task.ranges)
    if key not in _SIMULATORS:
        stock = _STOCKS.get((task.scenario.first, task.scenario.people))
        room = rooms.ranges() if task.ranges else None
        _SIMULATORS[key] = Simulator(task.scenario, scale=task.scale, seed=task.seed, stock=stock, room=room)
    return _SIMULATORS[key]


def hand_over(stocks: dict[People, Any]) -> None:
    """Take starting stocks that another process has built already."""
    _STOCKS.update(stocks)


def reason(error: BaseException) -> str:
    """Return why something failed, as one line that is the same wherever and whenever it fails."""
    said = " ".join(str(error).split())
    if not isinstance(error, DocketflowError):
        frames = traceback.extract_tb(error.__traceback__)
        place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
        said = f"{type(error).__name__}{': ' if said else ''}{said}{place}"
    said = re.sub(r"\b[a-z]+://\S+|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b", "(an address)", said)
    return re.sub(r"\b0x[0-9a-fA-F]+", "0x", said)[:LONGEST_REASON]
