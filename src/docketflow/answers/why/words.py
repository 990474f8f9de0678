"""The answer of `why` in sentences: how far apart, which causes, what cancels, how sure."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from docketflow.answers.binding_words import listed, said
from docketflow.answers.paired import Worth
from docketflow.answers.why.groups import Cause
from docketflow.answers.why.people import DISPLACED, People
from docketflow.answers.why.shapley import Split
from docketflow.core.labels import in_a_sentence
from docketflow.results import Result

MOST_NAMED = 4  # causes told in one sentence
SHARE, PERCENT = "share", 100
CANCELS = 2  # times the whole difference: from here on parts against each other are the finding
ORDER_MATTERS = 1  # times the part it has on average: from here on first and last are told apart


class Answered(Protocol):
    """What is put into words."""

    @property
    def outcome(self) -> str:
        """What is counted."""

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What may be turned on."""

    @property
    def split(self) -> Split:
        """The parts."""

    @property
    def one(self) -> Result:
        """The one side."""

    @property
    def other(self) -> Result:
        """The other side."""

    @property
    def people(self) -> People | None:
        """The difference counted in people."""

    def part(self, cause: int, outcome: str = "") -> Worth:
        """Return what one cause changes."""

    def gap(self, outcome: str = "") -> Worth:
        """Return the whole difference."""

    def alone(self, cause: int) -> tuple[float, float] | None:
        """Return what a cause changes first and last."""

    def sampled(self, cause: int) -> float:
        """Return the error from some orders only."""


def sentences(why: Answered) -> list[str]:
    """Return the answer in sentences, the difference first."""
    return [*_whole(why), *_parts(why), *_orders(why), *_people(why), _sure(why)]


def headline(why: Answered) -> str:
    """Return what was found in a few words."""
    worths = [why.part(k) for k in range(len(why.causes))]
    parts = [one.value for one in worths]
    if not any(one.told for one in worths):
        return "No part can be told from zero"
    up, down = sum(p for p in parts if p > 0), -sum(p for p in parts if p < 0)
    if min(up, down) > CANCELS * abs(why.gap().value):
        return "Almost the same total, for opposite reasons"
    largest = max(range(len(parts)), key=lambda k: abs(parts[k]))
    if abs(parts[largest]) > sum(map(abs, parts)) / CANCELS:
        return f"Most of it is one thing: {why.causes[largest].title.lower()}"
    return "Several things together"


def _whole(why: Answered) -> list[str]:
    gap = why.gap()
    told = "" if gap.told else ", which cannot be told from zero"
    return [
        f"{why.one.scenario} less {why.other.scenario}, run against run: "
        f"{_said(why, gap)} {in_a_sentence(why.outcome)}{told}."
    ]


def _parts(why: Answered) -> list[str]:
    order = sorted(range(len(why.causes)), key=lambda k: -abs(why.part(k).value))
    told = [k for k in order if why.part(k).told]
    most = len(told) if len(told) <= MOST_NAMED + 1 else MOST_NAMED
    named = [f"{why.causes[k].title} {_said(why, why.part(k))}" for k in told[:most]]
    found = [f"{'; '.join(named)}."] if named else []
    small = [why.causes[k].title for k in order if not why.part(k).told]
    if small:
        more = [f"{len(small) - MOST_NAMED} more"] if len(small) > MOST_NAMED else []
        found.append(f"Cannot be told from zero: {listed([*small[:MOST_NAMED], *more])}.")
    if most < len(told):
        rest = sum(why.part(k).value for k in told[most:])
        found.append(f"{len(told) - most} more come to {_changed(why, rest)} together.")
    return found


def _orders(why: Answered) -> list[str]:
    found = []
    for k, cause in enumerate(why.causes):
        alone = why.alone(k)
        if alone is None or not why.part(k).told or len(why.causes) == 1:
            continue
        first, last = alone
        if abs(first - last) > ORDER_MATTERS * abs(why.part(k).value):
            found.append(
                f"{cause.title} hangs on the rest: turned on first it changes {_changed(why, first)}, "
                f"last {_changed(why, last)}."
            )
    return found


def _people(why: Answered) -> list[str]:
    found = why.people
    if found is None:
        return []
    displaced = next((row for row in found.by_cause if row.cause == DISPLACED), None)
    lost = _rounded(0.0 if displaced is None else displaced.lost).lstrip("+")
    gained = _rounded(0.0 if displaced is None else displaced.gained).lstrip("+")
    runs = "1 run" if found.members == 1 else f"{found.members} runs"
    return [
        f"Counted in people ({runs} at {found.scale}, one by one): {found.alike:.0%} live the same life "
        f"on both sides. Displaced by others in line are {lost} who would have been counted; {gained} are "
        "counted because others are not before them."
    ]


def _sure(why: Answered) -> str:
    members = len(why.split.none)
    n = len(why.causes)
    how = (
        "every order counted"
        if why.split.exact
        else f"{n} causes have too many orders, some were gone through"
    )
    error = max((why.sampled(k) for k in range(n)), default=0.0)
    sampled = (
        ""
        if why.split.exact
        else f"; error from that at most {_changed(why, error).lstrip('+')}, in the intervals"
    )
    return (
        f"Means of {members} paired runs with their 90% intervals, {how}{sampled}. The parts add up to the "
        f"difference: {_adds_up(why)} is left over."
    )


def _adds_up(why: Answered) -> str:
    rest = why.gap().value - float(np.sum([why.part(k).value for k in range(len(why.causes))]))
    return "nothing" if abs(rest) <= 1e-9 * max(1.0, abs(why.gap().value)) else f"{rest:.3g}"


def _said(why: Answered, one: Worth) -> str:
    """Return a worth as read; of a share in points."""
    if why.one[why.outcome].unit != SHARE:
        return said(one)
    return f"{_changed(why, one.value)} ({_changed(why, one.low)} to {_changed(why, one.high)})"


def _changed(why: Answered, value: float) -> str:
    return f"{value * PERCENT:+.2g} points" if why.one[why.outcome].unit == SHARE else _rounded(value)


def _rounded(value: float) -> str:
    rounded = _number(value)
    shown = f"{rounded:,.0f}" if abs(rounded) >= 1 or rounded == 0 else f"{rounded:.3g}"
    return f"+{shown}" if rounded > 0 else shown


def _number(value: float) -> float:
    return float(f"{value:.3g}")
