"""One task: some members of one scenario. Plain data in, a block's bytes out: what a worker does, anywhere.

It must not know where blocks go, nor who else works.
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
_SIMULATORS: dict[tuple[str, Fraction, int], Simulator] = {}
_STOCKS: dict[dt.date, Any] = {}


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
    """

    scenario: Scenario
    scale: Fraction
    seed: int
    members: int
    first: int
    last: int

    @property
    def numbers(self) -> range:
        """The members of this task."""
        return range(self.first, self.last + 1)


def run_block(task: Task) -> bytes:
    """Run a task's members and return their block; a member that fails is kept with its reason."""
    from docketflow.conductor.ensemble import gather

    simulator = simulator_of(task)
    answers: list[Answer] = []
    failures: dict[int, str] = {}
    for member in task.numbers:
        try:
            answers.append(simulator.member(member))
        except Exception as error:
            failures[member] = reason(error)
    result = gather(simulator, answers, simulator.made_of(task.members)) if answers else None
    return pack(result, task.numbers, failures, members=task.members)


def simulator_of(task: Task) -> Simulator:
    """Return what a task's members share, prepared once in a process."""
    from docketflow.conductor.simulator import Simulator

    key = (repr(task.scenario), task.scale, task.seed)
    if key not in _SIMULATORS:
        stock = _STOCKS.get(task.scenario.first)
        _SIMULATORS[key] = Simulator(task.scenario, scale=task.scale, seed=task.seed, stock=stock)
    return _SIMULATORS[key]


def hand_over(stocks: dict[dt.date, Any]) -> None:
    """Take starting stocks that another process has built already."""
    _STOCKS.update(stocks)


def reason(error: BaseException) -> str:
    """Return why something failed, as one line that is the same wherever and whenever it fails."""
    said = " ".join(str(error).split())
    if not isinstance(error, DocketflowError):
        frames = traceback.extract_tb(error.__traceback__)
        place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
        said = f"{type(error).__name__}{': ' if said else ''}{said}{place}"
    return re.sub(r"\b0x[0-9a-fA-F]+", "0x", said)[:LONGEST_REASON]
