"""What the first screen shows of a question: sentences, rows, pictures and facts, with and without "mine".

It reads results; how they came to be, and in which order members were lived, it is told.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docketflow.answers.limits import shelf as limits
from docketflow.app.answers.question import Question, shipped
from docketflow.app.answers.shelf import main_levers, shelf
from docketflow.app.pages import months_picture, say, stairs_picture
from docketflow.app.pages.levers import sentence
from docketflow.app.words import _
from docketflow.core.labels import label
from docketflow.evidence import load
from docketflow.evidence.records import EVER, Record, records
from docketflow.policy import levers
from docketflow.policy.typed import read_typed
from docketflow.report.pictures.lever_dates import Mark
from docketflow.results import Result

ROUGH = 2  # digits of an answer from so few runs that a third says nothing
SURE = 16


@dataclass(frozen=True)
class Mine:
    """The answer to moved levers so far."""

    result: Result
    members: tuple[int, ...]
    of: int
    failures: Mapping[int, str]

    @property
    def runs(self) -> int:
        """How many runs it rests on."""
        return len(self.members)

    @property
    def done(self) -> bool:
        """Whether no more runs are to come."""
        return self.runs + len(self.failures) >= self.of


@dataclass(frozen=True)
class Screen:
    """Everything the first screen is made of."""

    question: Question
    plan: Result
    none: Result | None
    mine: Mine | None
    stairs: Mapping[str, Any]
    current: bool
    stairs_current: bool = True

    # --- the answer in words ---------------------------------------------------------------------------
    @property
    def count(self) -> str:
        """What is counted."""
        return self.question.count

    @property
    def label(self) -> str:
        """What is counted, at the beginning of a sentence."""
        return _(label(self.count))

    @property
    def goal(self) -> float | None:
        """How many are aimed at."""
        return self.plan.target[0] if self.plan.target else None

    @functools.cached_property
    def answer(self) -> dict[str, Any]:
        """The parts of the sentence that answers."""
        told, goal = self.plan[self.count], self.goal
        reached = None if goal is None else int((told.values >= goal).sum())
        runs = len(told.values)
        short = None if goal is None else say.amount(max(0.0, _down(goal - float(told.values.max()))))
        if reached is None:
            verdict = ""
        elif reached == 0:
            verdict = _("Not in any of %(n)s runs, with the resources announced by April 2025.", n=runs)
        elif reached == runs:
            verdict = _("In all of %(n)s runs, with the resources announced by April 2025.", n=runs)
        else:
            verdict = _(
                "In %(k)s of %(n)s runs, with the resources announced by April 2025.", k=reached, n=runs
            )
        return {
            "verdict": verdict,
            "reached": reached,
            "runs": runs,
            "short": short if reached == 0 else None,
            "plan": say.said(self.plan, self.count),
            "none": say.said(self.none, self.count) if self.none else None,
            "apart": say.apart(self.plan, self.none, self.count) if self.none else None,
            "goal": None if goal is None else f"{goal:,.0f}",
        }

    @functools.cached_property
    def sentence(self) -> str:
        """The answer as it is copied, with its citation."""
        told, plan = self.answer, self.answer["plan"]
        words = [
            told["verdict"],
            _(
                "%(what)s, %(from)s to %(to)s: %(value)s (nine runs in ten: %(range)s).",
                **{"from": say.day(self.plan.start), "to": say.day(self.plan.end)},
                what=self.label,
                value=plan.value,
                range=plan.range,
            ),
        ]
        if told["none"]:
            none = told["none"]
            words.append(_("Without the plan: %(value)s (%(range)s).", value=none.value, range=none.range))
        if told["apart"]:  # two middle runs beside each other say less than their pairs
            gap = told["apart"]
            said = _(
                "Run against run the plan changes it by %(n)s (%(range)s).",
                n=gap["value"],
                range=gap["range"],
            )
            words.append(said)
        return " ".join(word for word in words if word)

    @property
    def parts(self) -> list[dict[str, str]]:
        """What the count is made of: after which arrest."""
        found = []
        if self.count == limits_outcome():
            for name in ("removals.ice_arrest", "removals.cbp_arrest"):
                plan, none = say.said(self.plan, name), say.said(self.none, name) if self.none else None
                if plan and none:
                    words = _("After an ICE arrest") if "ice_" in name else _("After a border arrest")
                    found.append({"words": words, "name": name, "plan": plan.value, "none": none.value})
        return found

    # --- the pictures ----------------------------------------------------------------------------------
    @functools.cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the picture of limits."""
        titles = {name: _(limits().limits[name].title) for name in limits().standard}
        titles |= {lever.limit: _(lever.title) for lever in main_levers(self.question.scenario)}
        mine = self.mine.result[self.count].whole if self.mine and self.count in self.mine.result else None
        return stairs_picture.rows(
            self.stairs.get(self.count),
            self.none[self.count].whole if self.none else None,
            self.plan[self.count].whole,
            mine,
            {
                "plan": self._reached(self.plan),
                "none": self._reached(self.none),
                "mine": self._reached(self.mine.result if self.mine else None),
            },
            titles,
        )

    def stairs_at(self, narrow: bool) -> dict[str, Any]:
        """Return the picture of limits, wide or narrow."""
        form = stairs_picture.NARROW if narrow else stairs_picture.WIDE
        return stairs_picture.picture(self.rows, self.goal, form)

    @property
    def heading(self) -> str:
        """What the picture of limits shows, in words."""
        said = self.stairs.get(self.count)
        if not said or not said["together"]:
            return _("What stops it")
        many = len(said["together"])
        words = {3: _("three"), 4: _("four"), 5: _("five")}.get(many, str(many))
        adds = max((rung["change"][0] for rung in said["alone"]), default=0.0)
        whole = said["together"][-1]["change"][0]
        if whole > 2 * adds:
            return _("What stops it: %(n)s limits, each hiding the next", n=words)
        return _("What stops it: %(n)s limits", n=words)

    def _reached(self, result: Result | None) -> str:
        if result is None or self.goal is None or self.count not in result:
            return ""
        values = result[self.count].values
        return _("%(n)s of %(of)s", n=int((values >= self.goal).sum()), of=len(values))

    @functools.cached_property
    def lines(self) -> list[months_picture.Line]:
        """The lines of the picture by month."""
        found = [
            months_picture.line("none", _("no plan"), self.none, self.count) if self.none else None,
            months_picture.line("plan", _("plan"), self.plan, self.count),
            months_picture.line("mine", _("mine"), self.mine.result, self.count) if self.mine else None,
        ]
        return [one for one in found if one is not None]

    def months_at(self, narrow: bool) -> dict[str, Any]:
        """Return the picture by month, wide or narrow."""
        days = sum(self.plan.days)
        return months_picture.picture(
            self.lines,
            self.plan.days,
            self.plan.start,
            needed=None if self.goal is None else self.goal / days,
            record=self.record,
            marks=self.marks,
            narrow=narrow,
        )

    @property
    def record(self) -> tuple[float, str] | None:
        """The highest published year under the counting rule, as a rate a day, and its words."""
        found = record(self.count, self.plan.start)
        if found is None:
            return None
        most = found.count
        rate = most.value / ((most.end - most.start).days + 1)
        n, year = f"{float(f'{rate:.3g}'):,.0f}", f"FY{most.end.year}"
        return rate, _("%(year)s, the most in the record: %(n)s a day", year=year, n=n)

    @property
    def months(self) -> list[dict[str, Any]]:
        """The table under the picture by month."""
        return months_picture.table(self.lines, self.plan)

    @functools.cached_property
    def marks(self) -> list[Mark]:
        """The days on which levers begin to work: of the plan as declared, of mine each."""
        scenario = shipped(self.question.scenario)
        found = [
            _mark(min(days), _(words))
            for path, words in shelf().marks.items()
            if (days := [s.begins for s in scenario.touching(path)])
        ]
        titles = {lever.path: _(lever.title) for lever in main_levers(self.question.scenario)}
        mine: dict[int, list[str]] = {}
        for text in self.question.sets:
            one = read_typed(text, scenario.start)
            title = titles.get(one.lever) or _(levers()[one.lever].title)
            mine.setdefault(one.begins, []).append(title[:1].lower() + title[1:])
        found += [
            _mark(day, _("your %(what)s", what=", ".join(names)), mine=True)
            for day, names in sorted(mine.items())
        ]
        return found

    # --- mine ------------------------------------------------------------------------------------------
    @functools.cached_property
    def own(self) -> dict[str, Any] | None:
        """The panel of mine."""
        if self.mine is None:
            return None
        result, members = self.mine.result, self.mine.members
        digits = ROUGH if self.mine.runs < SURE else 3
        return {
            "said": say.said(result, self.count, digits=digits),
            "about": self.mine.runs < SURE,
            "one": self.mine.runs == 1,
            "runs": self.mine.runs,
            "of": self.mine.of,
            "left": self.mine.of - self.mine.runs - len(self.mine.failures),
            "done": self.mine.done,
            "failed": len(self.mine.failures),
            "why": next(iter(self.mine.failures.values()), ""),
            "apart": say.apart(result, self.plan, self.count, members) if self.current else None,
            "cost": say.said(result, "cost.total"),
            "plan_cost": say.said(self.plan, "cost.total"),
            "sentences": [sentence(text, self.question.scenario) for text in self.question.sets],
        }

    @property
    def facts(self) -> list[dict[str, Any]]:
        """The strip of facts beside removals."""
        found = []
        for fact in shelf().facts:
            plan = say.said(self.plan, fact.outcome)
            if plan is None:
                continue
            found.append(
                {
                    "title": _(fact.title),
                    "when": say.day(self.plan.end) if fact.on else "",
                    "of": _(fact.of) if fact.of else "",
                    "name": fact.outcome,
                    "plan": plan,
                    "none": say.said(self.none, fact.outcome) if self.none else None,
                    "mine": say.said(self.mine.result, fact.outcome) if self.mine else None,
                }
            )
        return found


def _mark(ordinal: int, words: str, *, mine: bool = False) -> Mark:
    """Return a day with what begins to work on it."""
    day = dt.date.fromordinal(ordinal)
    return Mark(day, f"{say.day(day, short=True)}: {words}", mine)


def limits_outcome() -> str:
    """Return the outcome whose parts are told."""
    from docketflow.answers.binding import OUTCOME

    return OUTCOME


def _down(value: float) -> float:
    """Return a distance in three digits, never more than it is."""
    import math

    if value <= 0:
        return 0.0
    step = 5 * 10 ** (math.floor(math.log10(value)) - 2)
    return math.floor(value / step) * step


@functools.cache
def record(count: str, before: dt.date) -> Record | None:
    """Return the highest published fiscal year under a counting rule that ended before a day."""
    room = load()
    rule = next((one for one in room.counting_rules if one.rule == count), None)
    return records(room, rule, before).get(EVER) if rule else None
