"""What it would take to reach a goal, or what stops it: the search of `solve` over the country's members.

It is `docketflow.feasible`. The sentences of the answer are made in `words`.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from docketflow.answers.claims.vocabulary import vocabulary
from docketflow.answers.feasible.country import Country, Earliest, Pull, ahead, dated, earliest, lags_of, pull
from docketflow.answers.feasible.goal import Goal, read_goal, read_kept
from docketflow.answers.feasible.shelf import movable, shelf
from docketflow.answers.feasible.solve import ALREADY, SHORT, Found, Mix, Need, solve
from docketflow.answers.feasible.trials import Asked, Best, Stand, Trials
from docketflow.answers.feasible.words import amount, asks, sentences
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.conductor.ensemble import check_members, gather
from docketflow.conductor.model import checked, outcomes_answered
from docketflow.conductor.simulator import SCALE, Simulator
from docketflow.core import given
from docketflow.core.errors import UsageError
from docketflow.core.outcomes import outcome
from docketflow.policy import Scenario, load_scenario
from docketflow.results import Result
from docketflow.results.result import about

MEMBERS = 24
HALF = 0.5
SECONDS = 120.0  # of search, where the number of runs is not given


@dataclass(frozen=True)
class Feasible:
    """The answer: what was found, of which goal, with which levers, and the members as they are.

    Attributes
    ----------
    goal, keep : what is asked, and what is to be kept
    share : the share of runs in which it must hold
    pulls : the levers, with the day they are ordered and their lags
    found : what the search found
    date : by when it is reached with every lever at its top, where that was looked for
    scenario : the plan on which they are moved
    result : the members as they are
    """

    goal: Goal
    keep: tuple[Asked, ...]
    share: float
    pulls: tuple[Pull, ...]
    found: Found
    date: Earliest | None
    scenario: Scenario
    result: Result

    @property
    def reached(self) -> bool:
        """Whether the goal is reached by some setting that was looked at."""
        return self.found.ends != SHORT

    @property
    def verdict(self) -> str:
        """One of: reached (as it is), out of reach (proved or checked), not reached before time was up."""
        if self.found.ends == ALREADY:
            return "reached as it is"
        if self.reached:
            return "reached"
        if self.found.unfinished:
            return "not reached: time was up before the search was done"
        return "out of reach: proved" if self.found.proved else "out of reach: checked, not proved"

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data."""
        found = self.found
        return {
            **about(self.result),
            "goal": str(self.goal),
            "asks": asks(self),
            "outcome": self.goal.outcome,
            "unit": outcome(self.goal.outcome).unit,
            "wanted": "more" if self.goal.more else "less",
            "value": self.goal.value,
            "by": self.result.end,
            "keep": [{"outcome": one.name, "more": one.more, "value": one.value} for one in self.keep],
            "share_of_runs": self.share,
            "runs_a_setting": found.members,
            "runs": found.runs,
            "cut_short": found.late,
            "verdict": self.verdict,
            "ends": found.ends,
            "says": sentences(self),
            "levers": [self._pull(one) for one in self.pulls],
            "as_it_is": _stand(found.base),
            "at_their_tops": _stand(found.top),
            "at_their_tops_at_once": _stand(found.top_at_once),
            "least": [self._need(one) for one in found.each],
            "least_at_once": None if found.at_once is None else self._need(found.at_once),
            "one_as_it_is": self._stays(),
            "cheapest_mix": None if found.mix is None else _mix(found.mix),
            "found": _stand(self.standing),
            "in_words": {one.one.name: amount(one, self.standing.point[one.one.name]) for one in self.pulls},
            "as_settings": self.settings(),
            "certificate": self._certificate(),
            "earliest": None if self.date is None else vars(self.date),
        }  # fmt: skip

    @property
    def standing(self) -> Stand:
        """What is shown beside the plan: the least, the mix, or the best that was reached."""
        if self.found.mix is not None:
            return self.found.mix.stand
        return self.found.best or (self.found.top if self.found.ends != ALREADY else self.found.base)

    def settings(self) -> list[str]:
        """Return what is shown as settings for `--set`."""
        point = self.standing.point
        return [
            str(setting)
            for one in self.pulls
            if point[one.one.name] > 0
            for setting in one.lever.settings(point[one.one.name])
        ]

    def _certificate(self) -> dict[str, Any] | None:
        found = self.found
        if self.reached:
            return None
        best = {"best": _stand(found.best), "settings_looked_at": found.tried}
        if found.proof is None:
            return {"word": "not done" if found.unfinished else "checked, not proved", **best}
        proof = found.proof
        parts = {"cannot_pass": proof.most, "made_of": dict(proof.parts), "beyond": proof.beyond}
        return {"word": "proved", **parts, **best}

    def _need(self, one: Need) -> dict[str, Any]:
        [moved] = [pull for pull in self.pulls if pull.one.name == one.lever]
        return {
            "lever": one.lever,
            "least": one.amount,
            "low": one.low,
            "high": one.high,
            "in_words": None if one.amount is None else amount(moved, one.amount),
            "more_is_never_worse": one.rises,
            "interval_looked_for": one.told,
        }

    def _stays(self) -> dict[str, Any]:
        names = [one.one.name for one in self.pulls]
        return dict(zip(names, map(_stand, self.found.stays), strict=False))

    def _pull(self, one: Pull) -> dict[str, Any]:
        return {
            "lever": one.one.name,
            "title": one.one.title,
            "paths": list(one.one.levers),
            "unit": one.one.known.unit,
            "move": one.one.move,
            "ordered": one.ordered,
            "lag": one.lag,
            "at_work": one.at_work,
            "most": one.most,
            "as_it_is": one.plain,
            "most_in_all": one.in_all(one.most),
            "note": one.one.note,
            "source": one.one.source,
            "assumed": one.one.assumed,
        }

    def __repr__(self) -> str:
        return (
            "\n".join([f"<Feasible {self.result.scenario}, {self.goal}: {self.verdict}", *sentences(self)])
            + ">"
        )


def _stand(one: Stand | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "amounts": dict(one.point),
        **one.level.to_json(),
        "runs_that_reach_it": one.reached,
        "highest": one.highest,
        "lowest": one.lowest,
        "adds": one.adds.to_json(),
        "beside": dict(one.beside),
        "nine_in_ten": {name: list(band) for name, band in one.spread.items()},
    }


def _mix(one: Mix) -> dict[str, Any]:
    saves = None if one.saves is None else one.saves.to_json()
    return {
        **(_stand(one.stand) or {}),
        "low": one.low,
        "high": one.high,
        "same_share_of_each": _stand(one.even),
        "cost_less_that_of_the_same_share": saves,
    }


def feasible(
    goal: str,
    *,
    scenario: str | Path | Scenario | None = None,
    by: dt.date | None = None,
    using: Iterable[str] = (),
    keep: Iterable[str] = (),
    ordered: dt.date | None = None,
    lags: Iterable[str] | Mapping[str, int] = (),
    share: float = HALF,
    members: int | None = None,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    sets: Iterable[str] = (),
    seconds: float = SECONDS,
    told: Callable[[int, Best | None], None] | None = None,
) -> Feasible:
    """Find what it would take to reach a goal: the least of one lever, the cheapest mix, or what stops it.

    Parameters
    ----------
    goal : str
        OUTCOME >= NUMBER or OUTCOME <= NUMBER, with "by DATE" and "using LEVERS" if wanted.
    scenario : str, Path or Scenario, optional
        The plan that the levers are moved on; the one the reports are about if not given.
    by : date, optional
        The last day; without it the earliest month is looked for, with every lever at its top.
    using : iterable of str
        Words such as beds, officers, judges, seats (`answers/feasible/levers.yaml`); those four if none.
    keep : iterable of str
        What must hold too: OUTCOME >= NUMBER, or a word such as hearings (no worse than it is).
    ordered : date, optional
        The day on which levers are ordered; the first of the answer's period if not given.
    lags : iterable of WORD=DAYS, or mapping, optional
        Days from the order until a lever is at work, where not as declared.
    share : float
        It must hold in more than this share of the runs.
    members : int, optional
        How many paired runs a setting; it fixes every digit. If not given, 24, and the search stops in time.
    scale, seed, sets : as of `docketflow.run`
    seconds : float
        When a search stops with what it has, if ``members`` is not given.
    told : callable, optional
        Called after each run of the search with how many there were, and the best point so far.
    """
    if members is not None:
        check_members(members)
    if not 0 < share <= 1:
        raise UsageError(f"share {share!r:.20}: needs a share of the runs, above 0 and at most 1")
    known = outcomes_answered()
    asked = read_goal(goal, known)
    kept = tuple(read_kept(text, known) for text in given.texts(keep, "keep"))
    words = given.texts(using, "using") or asked.using
    chosen = movable(words or shelf().standard)
    last = given.day(by, "by") or asked.by
    plan = scenario if isinstance(scenario, Scenario) else load_scenario(scenario or vocabulary().scenario)
    plan = checked(plan.with_sets(sets))
    if last is None and (kept or not dated(asked)):
        raise UsageError(
            "say by which day (--by DATE): an earliest date is found only of a total or a level asked alone"
        )
    span = ahead(plan) if last is None else plan.between(end=last)
    days = lags_of(lags)
    day = given.day(ordered, "ordered") or span.start
    if not span.start <= day <= span.end:
        raise UsageError(f"ordered {day}: needs a day from {span.start} to {span.end}")
    pulls = tuple(pull(span, one, day, days.get(one.name)) for one in chosen)
    run: dict[str, Any] = {"scale": scale, "seed": seed}
    many = members or MEMBERS
    deadline = math.inf if members is not None else time.monotonic() + seconds
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found_date = None
        if last is None:
            found_date = _when(span, asked, pulls, many, share, pool, run)
            last = found_date.month or found_date.looked
            span = span.between(end=last)
        names = [*(one.name for one in kept), *(name for name in shelf().beside if name in known)]
        country = Country(Simulator(span, **run), asked, names)
        country((), 0)  # alone: compiles the engine once, and fails early
        trials = Trials(
            country,
            [one.lever for one in pulls],
            [asked.asked, *kept],
            many,
            share,
            pool,
            deadline,
            told=told,
        )
        found = solve(trials, cost=shelf().cost, proof=lambda point: country.proof(trials, point))
        if found.ends == SHORT and found_date is None and not kept and dated(asked) and not trials.late:
            longer = ahead(span)
            if longer.end > span.end:
                found_date = _when(longer, asked, pulls, many, share, pool, run)
        answers = [country.simulator.member(member) for member in range(many)]
    result = gather(country.simulator, answers, country.simulator.made_of(many))
    return Feasible(asked, kept, share, pulls, found, found_date, span, result)


def _when(
    span: Scenario, goal: Goal, pulls: tuple[Pull, ...], members: int, share: float,
    pool: ThreadPoolExecutor, run: Mapping[str, Any],
) -> Earliest:  # fmt: skip
    country = Country(Simulator(span, **run), goal, ())
    country((), 0)
    return earliest(
        country, Trials(country, [one.lever for one in pulls], [goal.asked], members, share, pool)
    )


def of_result(result: Result, goal: str, **more: Any) -> Feasible:
    """Find what it would take, on the scenario of a result, with its scale and seed (see `feasible`)."""
    return feasible(
        goal, scenario=scenario_of(result), **{"scale": result.scale, "seed": result.seed, **more}
    )
