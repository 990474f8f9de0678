"""The answer of `feasible` in sentences: what it takes, what lags do, what comes with it, how sure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Protocol

from docketflow.answers.binding_words import listed
from docketflow.answers.feasible.shelf import round3
from docketflow.answers.feasible.solve import ALREADY, FEW, LEAST, MIX, SHORT, Found, Need
from docketflow.core.labels import label
from docketflow.core.outcomes import outcome

if TYPE_CHECKING:
    from docketflow.answers.feasible.country import Earliest, Pull
    from docketflow.answers.feasible.goal import Goal
    from docketflow.answers.feasible.trials import Asked, Stand
    from docketflow.results import Result

BILLION = 1e9


class Answered(Protocol):
    """What is put into words."""

    @property
    def goal(self) -> Goal:
        """What is asked."""

    @property
    def keep(self) -> tuple[Asked, ...]:
        """What is to be kept."""

    @property
    def pulls(self) -> tuple[Pull, ...]:
        """The levers."""

    @property
    def found(self) -> Found:
        """What the search found."""

    @property
    def date(self) -> Earliest | None:
        """By when it is reached, where that was looked for."""

    @property
    def result(self) -> Result:
        """The members as they are."""

    @property
    def standing(self) -> Stand:
        """What is shown beside the plan."""


def sentences(answer: Answered) -> list[str]:
    """Return the answer in sentences, the finding first."""
    found = answer.found
    first = {ALREADY: _already, LEAST: _least, MIX: _mix, SHORT: _short}[found.ends](answer)
    lines = [*first, *_lags(answer), *_when(answer), *_beside(answer), *_kept(answer), *_sure(answer)]
    return [line for line in lines if line]


def shown(value: float, unit: str) -> str:
    """Return a number in its unit, three significant digits."""
    if unit in ("share", "probability"):
        return f"{100 * value:.3g}%"
    if unit == "USD":
        return f"${value / BILLION:.3g} billion"
    return f"{round3(value):,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.3g}"


def _unit(answer: Answered) -> str:
    return outcome(answer.goal.outcome).unit


def asks(answer: Answered) -> str:
    """Return what is asked in words."""
    sign = "at least" if answer.goal.more else "at most"
    value = shown(answer.goal.value, _unit(answer))
    return f"{label(answer.goal.outcome)}, {sign} {value} by {answer.result.end}"


def _runs(stand: Stand, found: Found) -> str:
    return f"{stand.reached or 'none'} of {found.members} runs"


def _ends(stand: Stand, answer: Answered) -> str:
    unit = _unit(answer)
    near = f"{shown(stand.level.least, unit)} to {shown(stand.level.most, unit)}"
    return f"{shown(stand.level.value, unit)} in the middle run (nine in ten: {near})"


def _already(answer: Answered) -> list[str]:
    base = answer.found.base
    return [f"{asks(answer)}: reached as it is, in {_runs(base, answer.found)}; {_ends(base, answer)}."]


def amount(one: Pull, value: float) -> str:
    """Return an amount of a lever in words, with what that is in all."""
    in_all = one.in_all(value)
    if value == 0:
        return "as it is"
    share = one.one.known.unit == "share"
    whole = f"{100 * in_all:.3g}%" if share else f"{round3(in_all):,.0f}"
    return one.one.said(value) + (f" ({whole} in all)" if in_all == in_all else "")


def told(one: Pull, value: float) -> str:
    """Return an amount of a lever in words, with the lever's name where its unit does not say it."""
    plain = one.one.move == "add" and one.one.known.unit != "share" and value > 0
    unit = one.one.known.unit.partition("/")[0]
    same = plain and one.one.name in (unit, f"{unit}s")
    return amount(one, value) if same else f"{one.one.name} {amount(one, value)}"


def _interval(one: Pull, need: Need) -> str:
    if not need.told:
        return "no time for its interval"
    low = "none" if need.low in (None, 0.0) else f"{round3(need.low or 0):,.6g}"
    high = (
        f"more than the top of {round3(one.most):,.6g}" if need.high is None else f"{round3(need.high):,.6g}"
    )
    return f"90% interval {low} to {high}"


def _least(answer: Answered) -> list[str]:
    [one], [need] = answer.pulls, answer.found.each
    if need.amount is None:
        return _short(answer)
    stand = answer.standing
    lines = [
        f"{asks(answer)}: about {told(one, need.amount)} ({_interval(one, need)}), ordered on "
        f"{one.ordered} and at work from {one.at_work}; then {_runs(stand, answer.found)} reach it: "
        f"{_ends(stand, answer)}."
    ]
    if not need.rises:
        lines.append(f"More {one.one.name} is not always better here: at the top fewer runs may reach it.")
    return lines


def _mix(answer: Answered) -> list[str]:
    found = answer.found
    assert found.mix is not None
    mix = found.mix
    parts = [told(one, mix.stand.point[one.one.name]) for one in answer.pulls]
    low = "" if mix.low is None else f"{mix.low:.2f}"
    high = "beyond the tops" if mix.high is None else f"{mix.high:.2f}"
    near = f" (90% interval of the whole: {low or 'less'} to {high} times)" if mix.low or mix.high else ""
    lines = [
        f"{asks(answer)}: {'; '.join(parts)}{near}. Then {_runs(mix.stand, found)} reach it: "
        f"{_ends(mix.stand, answer)}."
    ]
    if mix.saves is not None:
        if mix.saves.told and mix.saves.value < 0:
            less = f"{-mix.saves.value / BILLION:.3g}"
            lines.append(f"The cheapest mix found: ${less} billion less than the same share of each.")
        else:
            lines.append("Mixes that reach it cannot be told apart by cost; this one moves least.")
    with_all = " with the others at their tops"
    leasts = [
        told(one, need.amount)
        for one, need in zip(answer.pulls, found.each, strict=True)
        if need.amount is not None
    ]
    lines.append(f"Least of each{with_all}: {'; '.join(leasts)}.")
    bars = [p.one.name for p, s in zip(answer.pulls, found.stays, strict=True) if s.reached == 0]
    if bars:
        lines.append(f"No run reaches it where {listed(bars).replace(' and ', ' or ')} stays as it is.")
    return lines


def _short(answer: Answered) -> list[str]:
    found = answer.found
    names = listed(one.one.name for one in answer.pulls)
    unit = _unit(answer)
    best = found.best or found.top
    reach = best.highest if answer.goal.more else best.lowest
    if found.proof is not None:
        parts = "; ".join(f"{name} {round3(most):,.0f}" for name, most in found.proof.parts.items())
        more = f", and {round3(found.proof.beyond):,.0f} who stood beyond them" if found.proof.beyond else ""
        lines = [
            f"{asks(answer)}: out of reach with {names}, and that is proved. Nobody is counted without one "
            f"of these, and there is not enough of them, whatever else is moved: {parts}{more}; together "
            f"{round3(found.proof.most):,.0f}."
        ]
    else:
        how = "Not all was looked at before time was up" if found.unfinished else "Checked, not proved"
        lines = [
            f"{asks(answer)}: not reached with {names}. {how}: settings looked at, every lever "
            f"at its top among them: {found.tried}, {min(FEW, found.members)} runs each, the best "
            f"with {found.members}."
        ]
    lines.append(
        f"The best that was reached: {_ends(best, answer)}, at most {shown(reach, unit)} in any run; "
        f"{_runs(best, found)} reach the goal."
        if answer.goal.more
        else f"The best that was reached: {_ends(best, answer)}, at least {shown(reach, unit)} in any run; "
        f"{_runs(best, found)} reach the goal."
    )
    return lines


def _lags(answer: Answered) -> list[str]:
    found = answer.found
    slow = [one for one in answer.pulls if one.lag]
    if found.top_at_once is None or not slow or found.ends == ALREADY:
        return []
    days = listed(f"{one.one.name} {one.lag} days" for one in slow)
    one_ = f"Lags count ({days}): with every lever at its top {_runs(found.top, found)} reach it"
    if len(answer.pulls) == 1:
        one_ = f"The lag counts ({days}): at its top {_runs(found.top, found)} reach it"
    lines = [
        f"{one_}; were there none, {_runs(found.top_at_once, found)}, {_ends(found.top_at_once, answer)}."
    ]
    if found.at_once is not None and found.at_once.amount is not None:
        lines.append(
            f"At work on the day it is ordered, {amount(answer.pulls[0], found.at_once.amount)} is enough."
        )
    return lines


def _when(answer: Answered) -> list[str]:
    date = answer.date
    if date is None:
        return []
    tops = "with every lever at its top"
    if date.month is None:
        return [f"By no month up to {date.looked} is it reached, {tops}."]
    ends = f"{_month(date.low) or 'earlier'} to {_month(date.high) or 'later than ' + str(date.looked)}"
    return [f"Earliest, {tops}: by the end of {_month(date.month)} (90% interval {ends})."]


def _month(day: dt.date | None) -> str:
    return "" if day is None else f"{day:%B %Y}"


def _beside(answer: Answered) -> list[str]:
    base, here = answer.found.base, answer.standing
    if answer.found.ends == ALREADY:
        return []
    wanted = (
        ("detained.average", "held on an average day"),
        ("removals.without_hearing", "removals without a hearing"),
        ("courts.wait_days.not_detained", "days to a decision, not detained"),
        ("cost.total", "cost"),
    )
    parts = []
    for name, words in wanted:
        if name in base.beside and name in here.beside:
            was, now = (shown(one.beside[name], outcome(name).unit) for one in (base, here))
            parts.append(f"{words} {was} to {now}")
    return [f"What comes with it, means: {'; '.join(parts)}."] if parts else []


def _kept(answer: Answered) -> list[str]:
    parts = []
    for one in answer.keep:
        sign = "at least" if one.more else "at most"
        value = "as it is" if one.value is None else shown(one.value, outcome(one.name).unit)
        parts.append(f"{one.name} {sign} {value}")
    return [f"Kept in the runs that count: {'; '.join(parts)}."] if parts else []


def _sure(answer: Answered) -> list[str]:
    found = answer.found
    other = "one that reaches it" if found.unfinished else "a cheaper or lesser setting"
    late = f" Time was up before the search was done: {other} may exist." if found.late else ""
    runs = f"{found.members} paired runs a setting, {found.runs:,} in all."
    return [f"{runs} What stands idle costs nothing in the model. A test, not a proposal.{late}"]


__all__ = ["amount", "asks", "sentences", "shown"]
