"""Answers by the real engine, sharper with every member: one first, then a few, then all.

It holds members that were lived and results gathered from them, so that the same question is never lived
twice; and it knows in which order members are asked for, not how they are lived.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docketflow.app.answers import kept
from docketflow.app.answers.crew import FIRST, IDLE, REST, SOON, Crew
from docketflow.app.answers.question import Question, shipped
from docketflow.app.answers.shelf import main_levers, shelf
from docketflow.app.answers.worker import live, settle, warm
from docketflow.conductor import model
from docketflow.conductor.ensemble import gather
from docketflow.conductor.provenance import made_of
from docketflow.conductor.simulator import MEMBERS, Simulator
from docketflow.core.errors import DocketflowError, UsageError
from docketflow.core.outcomes import counting_rules, outcomes
from docketflow.results import Result

if TYPE_CHECKING:
    from docketflow.conductor.answer import Answer

FEW = 8
STEPS = (1, FEW, MEMBERS)
COST = "cost.total"
MOST_LIVED = 800  # members kept, some 50 kB each
MOST_RESULTS = 96  # some 1 MB each


@dataclass(frozen=True)
class Stage:
    """An answer so far: a result of the members lived, and how many there will be."""

    result: Result
    runs: int
    of: int
    members: tuple[int, ...]
    failures: dict[int, str]


class Busy(UsageError):
    """More is asked than this machine can live in time."""


class Live:
    """The answers of one server."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self._lived: OrderedDict[tuple[str, int], Answer] = OrderedDict()
        self._whole: dict[str, Result] = {}  # of scenarios as shipped, which every page reads
        self._results: OrderedDict[tuple[str, tuple[int, ...]], Result] = OrderedDict()

    # --- what is known without running ------------------------------------------------------------------
    def known(self, question: Question, runs: int = MEMBERS) -> Result | None:
        """Return the answer of all members if it lies ready: shipped in the package, or lived before."""
        found = self._results.get((question.key, tuple(range(runs))))
        if found is None and not question.moved and runs == MEMBERS:
            found = self._whole.get(question.scenario) or kept.result(question.scenario)
        return found

    def lived(self, question: Question, runs: int) -> int:
        """Return how many of the first members of a question are lived already."""
        return sum((question.key, k) in self._lived for k in self.order(question)[:runs])

    def order(self, question: Question) -> list[int]:
        """Return the members in the order in which they are lived: the plan's middle run first."""
        plan = self.known(question.unmoved())
        first = 0
        if plan is not None and question.count in plan:
            values = plan[question.count].values
            first = int(sorted(range(len(values)), key=lambda k: (values[k], k))[len(values) // 2])
        return [first, *(k for k in range(MEMBERS) if k != first)]

    # --- running ------------------------------------------------------------------------------------------
    async def stages(
        self,
        question: Question,
        steps: Sequence[int] = STEPS,
        urgency: int | None = None,
        *,
        whole: bool = True,
    ) -> AsyncGenerator[Stage | tuple[int, int], None]:
        """Yield an answer at each step, and (done, of) in between; what is left unfinished is not begun.

        Answers that are not ``whole`` have the outcomes alone that a page shows under the hand (`shown`).

        Raises
        ------
        DocketflowError
            One line, when no member of a step could be lived.
        """
        order = self.order(question)[: steps[-1]]
        asked: dict[int, asyncio.Future[Answer]] = {}
        failures: dict[int, str] = {}
        try:
            done = 0
            for step in steps:
                part = [k for k in order[:step] if k not in asked]
                rank = (
                    urgency if urgency is not None else FIRST if step == 1 else SOON if step <= FEW else REST
                )
                for k in part:
                    asked[k] = self._member(question, k, rank, whole=whole)
                for k in order[done:step]:
                    try:
                        lived = await (asyncio.shield(asked[k]) if asked[k].done() else asked[k])
                        self._lived[_key(question, whole), k] = lived  # done before its keeper heard
                    except DocketflowError as error:
                        failures[k] = str(error)
                    done += 1
                    yield done, steps[-1]
                if len(failures) == done:
                    raise UsageError(next(iter(failures.values())))
                yield self._stage(question, order[:step], steps[-1], failures, whole=whole)
        finally:
            for one in asked.values():
                one.cancel()

    async def answer(self, question: Question, runs: int = MEMBERS, urgency: int | None = None) -> Stage:
        """Return the answer of some members."""
        found = self.known(question, runs)
        if found is not None:
            return Stage(found, runs, runs, tuple(range(runs)), {})
        if runs > 1 and self.crew.waiting > self.crew.many * MEMBERS * 2:
            raise Busy("more is asked than this machine can answer now; try again in a few seconds")
        last: Stage | None = None
        async with contextlib.aclosing(self.stages(question, (runs,), urgency)) as found_stages:
            async for one in found_stages:
                last = one if isinstance(one, Stage) else last
        assert last is not None
        return last

    def _member(self, question: Question, k: int, urgency: int, *, whole: bool) -> asyncio.Future[Answer]:
        key = (_key(question, whole), k)
        for known in (key, (question.key, k)):  # what is whole has what is shown
            if known in self._lived:
                self._lived.move_to_end(known)
                done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
                done.set_result(self._lived[known])
                return done
        only = () if whole else shown()
        future = self.crew.ask(k, urgency, live, question.scenario, question.sets, k, only)
        future.add_done_callback(lambda one: self._keep(key, one))
        return future

    def _keep(self, key: tuple[str, int], one: asyncio.Future[Answer]) -> None:
        if one.cancelled() or one.exception() is not None:
            return
        self._lived[key] = one.result()
        while len(self._lived) > MOST_LIVED:
            self._lived.popitem(last=False)

    def _stage(
        self, question: Question, order: Sequence[int], of: int, failures: dict[int, str], *, whole: bool
    ) -> Stage:
        """Return the answer of the members lived so far, in their own order."""
        members = tuple(sorted(k for k in order if k not in failures))
        key = (_key(question, whole), members)
        if key not in self._results:
            simulator = Simulator(question.asked)
            answers = [self._lived[key[0], k] for k in members]
            made = made_of(
                question.asked,
                _people(question.asked.first, question.asked.people),
                members=len(members),
                scale=str(simulator.scale),
                seed=simulator.seed,
                otherwise=simulator.room.otherwise,
                fitted=simulator.room.jointly is not None,
            )
            result = gather(simulator, answers, made)
            self._results[key] = result
            if whole and not question.moved and len(members) == MEMBERS:
                self._whole[question.scenario] = result
            while len(self._results) > MOST_RESULTS:
                self._results.popitem(last=False)
        self._results.move_to_end(key)
        return Stage(self._results[key], len(members), of, members, dict(failures))

    # --- warmth -------------------------------------------------------------------------------------------
    def warm(self, scenario: str) -> None:
        """Make every member of a scenario ready to go on under a moved lever, when nothing else is asked."""
        question, span = Question(scenario, ""), shipped(scenario)
        day = min(max(shelf().start, span.start), span.end)
        left = (span.end - day).days
        open_ = sorted((one for one in main_levers(scenario) if one.delay <= left), key=lambda one: one.delay)
        soonest = tuple(f"{lever.path}=+1@{day}" for lever in open_[:1])
        usual = tuple(f"{lever.path}=+1@{day}+{lever.delay}d" for lever in open_)
        first, *rest = self.order(replace(question, count=_series(scenario)))
        asked = self.crew.ask_all(warm, scenario, first, (*soonest, *usual))
        asked += [self.crew.ask(k, IDLE, warm, scenario, k, usual[:1]) for k in rest]  # room for one day each
        # again at the end: what has no place beside all others goes, and first answers come before these
        asked += self.crew.ask_all(warm, scenario, first, (*soonest, *usual))
        asked += self.crew.ask_all(settle)
        for one in asked:
            one.add_done_callback(_heard)
        asyncio.gather(*asked, return_exceptions=True).add_done_callback(lambda _: settle())


@functools.cache
def shown() -> tuple[str, ...]:
    """Return the outcomes that a page shows under the hand, and those they are sums of."""
    names = (*counting_rules(), COST, *(fact.outcome for fact in shelf().facts))
    return tuple(dict.fromkeys(part for name in names for part in (name, *outcomes()[name].sum_of)))


def _key(question: Question, whole: bool) -> str:
    """Return what tells the answers of a question from all others, and whole ones from what is shown."""
    return question.key if whole else f"{question.key} shown"


@functools.cache
def _people(first: dt.date, people: int | None) -> str:
    """Return the hash of the starting stock of a day."""
    return model.stock(first, people).hash()


def _series(scenario: str) -> str:
    target = shipped(scenario).target
    return target.series if target else ""


def _heard(one: asyncio.Future[None]) -> None:
    """Take note of how an idle task ended: a fault shows when the member is asked for."""
    if not one.cancelled():
        one.exception()
