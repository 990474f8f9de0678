"""The one command that makes the kept answers: results of the shipped scenarios, and what stops each plan."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from docketflow.answers import check
from docketflow.answers.binding import binding
from docketflow.app.answers import kept, reasons
from docketflow.app.answers.shelf import shelf
from docketflow.app.answers.staircase import Lifts
from docketflow.app.answers.takes import ask
from docketflow.conductor.ensemble import simulate
from docketflow.conductor.simulator import MEMBERS, Simulator
from docketflow.core.outcomes import counting_rules
from docketflow.policy import load_scenario
from docketflow.results import Result, save
from docketflow.results.arrays import Held

GROUPS = ("period", "opening", "monthly", "costs")  # what pages read; a run of one's own has everything
RUNS = 24  # of each setting that the search of what it would take looks at, and of each mixture of why

Say = Callable[[str], None]


def prepare(home: Path = kept.HOME, *, say: Say = print, members: int = MEMBERS) -> None:
    """Make the answers of all shipped questions anew; what lies there of other scenarios goes."""
    kept.forget()
    wanted: dict[str, bool] = {}
    without = {question.scenario: question.without for question in shelf().questions}
    for question in shelf().questions:
        wanted |= {question.scenario: True, question.without: False, question.checked: False}
    for name, lifted in wanted.items():
        say(f"{name}: {members} members")
        there = kept.place(name, home)
        shutil.rmtree(there, ignore_errors=True)
        there.mkdir(parents=True)
        result = simulate(load_scenario(name), members=members)
        save(slim(result), there / kept.ANSWER)
        if lifted:
            say(f"{name}: what stops it, under every counting rule")
            stairs = _stairs(name, result, members)
            kept.write(there / kept.STAIRS, stairs)
            stops = binding(name).to_json()
            kept.write(there / kept.BINDING, stops)
            if result.target is not None:
                say(f"{name}: what it would take")
                goal, count = result.target
                taken = ask(name, count, goal, by=str(result.end), members=RUNS)
                kept.write(there / kept.TAKE, taken)
            say(f"{name}: why it differs from {without[name]}")
            sides = (reasons.Side(name), reasons.Side(without[name]))
            told = reasons.ask(*sides, counts=reasons.counts(), members=RUNS)
            kept.write(there / kept.WHY, told)
        (there / kept.MODEL).write_text(kept.model() + "\n", encoding="utf-8")
    say("the claims of the two news reports")
    claims = check().to_json()["claims"]
    kept.write(home / kept.CLAIMS, {"claims": claims})
    for other in home.iterdir():
        if other.is_dir() and other not in {kept.place(name, home) for name in wanted}:
            shutil.rmtree(other)
    kept.forget()


def slim(result: Result) -> Result:
    """Return a result with the groups that pages read."""
    arrays = Held({name: result.arrays[name] for name in GROUPS if name in result.arrays})
    axes = {name: axis for name, axis in result.axes.items() if name in ("outcome", "month", "account")}
    return replace(result, arrays=arrays, axes=axes)


def _stairs(name: str, result: Result, members: int) -> dict[str, object]:
    lifts = Lifts(Simulator(load_scenario(name)), members)
    goal = result.target[0] if result.target else None
    return {rule: lifts.stairs(rule, goal) for rule in counting_rules() if rule in result}
