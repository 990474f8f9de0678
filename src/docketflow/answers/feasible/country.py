"""The country as a search sees it: levers with lags, runs and what comes with them, bounds, a first month."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from docketflow.answers.feasible.goal import Goal
from docketflow.answers.feasible.shelf import Movable, movable, shelf
from docketflow.answers.feasible.solve import Proof
from docketflow.answers.feasible.trials import Lever, Point, Trials, ranks
from docketflow.answers.lifting import Settings
from docketflow.answers.paired import Lived
from docketflow.conductor import model
from docketflow.conductor.ceilings import ceilings
from docketflow.conductor.model import checked
from docketflow.conductor.simulator import Simulator
from docketflow.core.dates import month_end
from docketflow.core.errors import ScenarioError, UsageError
from docketflow.core.outcomes import outcome
from docketflow.core.quantity import Table
from docketflow.policy import Scenario
from docketflow.policy import levers as catalogue

LONGEST_LAG = 3650  # days
FINE = 1e6  # what is grown is told in millionths, downwards: once written it is within its lever's bounds


class Country:
    """Lives a member under settings, and keeps what a search and its answer need."""

    def __init__(self, simulator: Simulator, goal: Goal, names: Iterable[str]) -> None:
        self.simulator, self.goal = simulator, goal
        self.names = tuple(dict.fromkeys([goal.outcome, *names]))

    def __call__(self, settings: Settings, member: int) -> Lived:
        answer = self.simulator.member(member, settings=[str(one) for one in settings])
        months, value = answer.outcomes[self.goal.outcome]
        return Lived(value, months, {name: answer.outcomes[name][1] for name in self.names})

    def proof(self, trials: Trials, point: Point) -> Proof | None:
        """Return the bound that keeps the goal out of reach in too many runs, if there is one."""
        if not self.goal.more:
            return None
        settings = [str(one) for one in trials.settings(point)]
        found = ceilings(self.simulator, self.goal.outcome, range(trials.members), settings)
        if found is None:
            return None
        deciding = sorted(found, key=lambda one: -one.most)[trials.need() - 1]
        if deciding.most >= self.goal.value:
            return None
        return Proof(deciding.most, deciding.allowed, deciding.beyond, len(found))


@dataclass(frozen=True)
class Pull:
    """One lever of an answer: what is moved, when it is ordered and when at work, what there is without it.

    Attributes
    ----------
    one : Movable
    ordered : the day it is ordered
    lag : days until it is at work
    plain : what the scenario has on the last day, at central values; NaN where that is not one number
    """

    one: Movable
    ordered: dt.date
    lag: int
    most: float
    plain: float

    @property
    def at_work(self) -> dt.date:
        """The first day on which it acts."""
        return self.ordered + dt.timedelta(self.lag)

    @property
    def lever(self) -> Lever:
        """The lever as a search moves it."""
        at_once = (lambda x: self.one.settings(x, self.ordered, 0)) if self.lag else None
        late = lambda x: self.one.settings(x, self.ordered, self.lag)  # noqa: E731
        return Lever(self.one.name, self.most, late, at_once, self.one.step)

    def in_all(self, amount: float) -> float:
        """Return what there is in all once it is moved by an amount."""
        times = {"cut": 1 - amount, "grow": 1 + amount}.get(self.one.move)
        return self.plain + amount if times is None else self.plain * times


def pull(scenario: Scenario, one: Movable, ordered: dt.date, lag: int | None) -> Pull:
    """Return a lever as a scenario can move it, or raise the line that says why it cannot.

    It is moved no further than its own bounds allow at central values.
    """
    days = one.lag if lag is None else lag
    if ordered + dt.timedelta(days) > scenario.end:
        raise ScenarioError(
            f"{one.name}: ordered on {ordered} and {days} days later at work, that is after {scenario.end}; "
            f"order it sooner (--ordered), or with another lag (--lag '{one.name}=DAYS')"
        )
    values = scenario.compose(model.evidence().central())
    since, last = ordered.toordinal(), scenario.end.toordinal()
    whole = sum(one.levers.values()) if one.move == "add" else 1.0
    most, plain = whole if one.move == "add" else max(one.levers.values()), 0.0
    for path, far in one.levers.items():
        course, high = values[path], catalogue()[path].high or math.inf
        there = [course.at(day) for day in (since, *(day for day, _ in course if since < day <= last))]
        top = max(float(np.max(v.data)) if isinstance(v, Table) else float(v) for v in there)
        if one.move == "add":
            most = min(most, whole * max(0.0, high - top) / far)
        if one.move == "grow" and top > 0:
            most = min(most, math.floor((high / top - 1) * FINE) / FINE)
        end = course.at(last)
        many = one.move != "add" and len(one.levers) > 1  # shares that are cut together have no sum
        plain += math.nan if isinstance(end, Table) or many else float(end)
    if most <= 0:
        raise ScenarioError(f"{one.name}: {', '.join(one.levers)} is at the end of its lever already")
    found = Pull(one, ordered, days, most if not one.step else math.floor(most / one.step) * one.step, plain)
    checked(scenario.with_sets(str(one) for one in found.lever.settings(found.most)))
    return found


@dataclass(frozen=True)
class Earliest:
    """The first month from whose end on enough runs hold the goal, every lever at its top, and its interval.

    ``month`` None: in none that was looked at; ``high`` None: perhaps later than that.
    """

    month: dt.date | None
    low: dt.date | None
    high: dt.date | None
    looked: dt.date


def earliest(country: Country, trials: Trials) -> Earliest:
    """Return by when the goal is reached, with every lever at its top; trials run as far as is looked."""
    goal, scenario = country.goal, country.simulator.scenario
    lived = trials.runs.of(trials.settings(trials.top), trials.members)
    by_month = np.array([one.months for one in lived])
    so_far = by_month.cumsum(axis=1) if outcome(goal.outcome).kind == "flow" else by_month
    holds = (so_far >= goal.value) if goal.more else (so_far <= goal.value)
    stays = np.logical_and.accumulate(holds[:, ::-1], axis=1)[:, ::-1]  # from then on, as far as is looked
    many = stays.sum(axis=0)
    labels = _ends(scenario.start, scenario.end)

    def first(enough: int | None) -> dt.date | None:
        reached = [] if enough is None else np.flatnonzero(many >= enough).tolist()
        return labels[reached[0]] if reached else None

    low, high = ranks(trials.members, trials.share)
    return Earliest(first(trials.need()), first(low), first(high), scenario.end)


def dated(goal: Goal) -> bool:
    """Say whether a goal can be followed month by month."""
    return outcome(goal.outcome).kind in ("flow", "stock")


def ahead(scenario: Scenario) -> Scenario:
    """Return a scenario as far as an earliest date is looked for."""
    last = dt.date(scenario.start.year + shelf().ahead, scenario.start.month, 1) - dt.timedelta(1)
    return scenario.between(end=max(scenario.end, last))


def _ends(start: dt.date, end: dt.date) -> list[dt.date]:
    """Return the last day of each month of a period."""
    found, day = [], start
    while day <= end:
        found.append(min(month_end(day), end))
        day = month_end(day) + dt.timedelta(1)
    return found


def lags_of(given: Iterable[str] | Mapping[str, int]) -> dict[str, int]:
    """Return lags by the name of what is moved, typed WORD=DAYS."""
    pairs = given.items() if isinstance(given, Mapping) else [text.rpartition("=")[::2] for text in given]
    found = {}
    for word, days in pairs:
        if not word or not str(days).strip().isdigit() or int(days) > LONGEST_LAG:
            raise UsageError(f"--lag {word!r:.40}={days!r:.20}: write it as WORD=DAYS, such as judges=240")
        found[movable([word])[0].name] = int(days)
    return found
