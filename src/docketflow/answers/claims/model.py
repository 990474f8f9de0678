"""Hold a forecast or a causal claim against the model: in how many members it holds, or an effect."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from docketflow.answers.claims.judge import Judged, Number, cited, listed
from docketflow.answers.claims.statement import Statement, shown
from docketflow.answers.claims.vocabulary import vocabulary
from docketflow.answers.paired import student
from docketflow.conductor.ensemble import Progress, simulate
from docketflow.conductor.simulator import MEMBERS, SCALE
from docketflow.core.dates import DAY, Span, fiscal_year, fiscal_year_span, period_label
from docketflow.evidence import Room
from docketflow.evidence.counting import Asked, by_year
from docketflow.evidence.records import history
from docketflow.evidence.verdict import CANNOT, CONTRADICTED, SUPPORTED, verdict
from docketflow.policy import Scenario, levers, load_scenario
from docketflow.policy.setting import ONCE
from docketflow.results import Result
from docketflow.results.summary import Summary, summarize

ADDED = "added, run by run"


@dataclass
class Asking:
    """The model, asked for claims: each scenario, period and set of levers is run once.

    Parameters
    ----------
    members, scale, seed
        How it is run.
    progress : callable, optional
        Told how many members are done.
    """

    members: int = MEMBERS
    scale: Fraction = SCALE
    seed: int = 1
    progress: Progress | None = None
    _done: dict[tuple[str, Span, tuple[str, ...]], Result] = field(default_factory=dict)

    def result(self, statement: Statement, levers: tuple[str, ...] = ()) -> Result:
        """Return the result of the claim's scenario in its period, under further levers."""
        scenario = scenario_of(statement)
        start, end = statement.period or (scenario.start, scenario.end)
        start, end = max(start, scenario.start), max(end, scenario.start)
        key = scenario.name, (start, end), levers
        if key not in self._done:
            self._done[key] = simulate(
                scenario.between(start=start, end=end),
                members=self.members,
                scale=self.scale,
                seed=self.seed,
                sets=levers,
                progress=self.progress,
            )
        return self._done[key]

    @property
    def made(self) -> str:
        """How the numbers were made, in words."""
        return f"{self.members} runs of the model at {self.scale}, seed {self.seed}"


def scenario_of(statement: Statement) -> Scenario:
    """Return the scenario that a claim is asked of."""
    return load_scenario(statement.scenario or vocabulary().scenario)


def judge_model(statement: Statement, room: Room, asking: Asking) -> Judged:
    """Return the verdict of the model on a claim."""
    about = statement.about
    if about.asks == "levers":
        return _first_day(statement, room)
    outcomes = (statement.outcome,) if statement.outcome else about.outcomes
    if not outcomes:
        why = f"The model has no outcome for {about.label}. No number is made up for what it does not follow."
        return Judged(statement, CANNOT, why, "")
    record = statement.comparison == "highest since"
    pulled = statement.levers or (about.levers if statement.value is None and not record else ())
    if pulled:
        numbers = list(_effects(statement, room, outcomes[0], pulled, asking))
        numbers += _told(statement, room, asking)
    elif statement.value is None and not record:
        why = f"The claim names no number of {about.label} and no lever. One or the other would be needed."
        return Judged(statement, CANNOT, why, "")
    else:
        numbers = list(_reached(statement, room, outcomes, asking))
    found = verdict((one.holds,) for one in numbers if one.holds is not None)
    return Judged(
        statement,
        found,
        _explained(statement, found, numbers, asking),
        _true(numbers),
        tuple(numbers),
        cited(room, numbers),
    )


def _reached(statement: Statement, room: Room, outcomes: tuple[str, ...], asking: Asking) -> Iterator[Number]:
    """Yield each outcome with the share of members in which the claim holds of it."""
    result, sure = asking.result(statement), vocabulary().conventions.sure
    for name in outcomes:
        values, unit = _values(statement, result, name)
        said, beside, yes = statement.value, "", True
        figures: tuple[str, ...] = (statement.value_from,) if statement.value_from else ()
        if statement.comparison == "highest since":
            record = _record(statement, room, name)
            if record is None:
                continue
            said, beside, figures, yes = record  # of years before nothing may be known
        share = float(np.mean([statement.holds(float(value), said) for value in values]))
        whole = summarize(values, "flow").rounded()
        yield Number(
            _label(statement, room, name),
            whole.value,
            unit,
            period_label(result.start, result.end) + beside,
            f"holds in {share:.0%} of runs",
            (yes or None) if share >= sure else False if share <= 1 - sure else None,
            whole.low,
            whole.high,
            figures=figures,
            made=f"{result.scenario}: {asking.made}",
        )


def _label(statement: Statement, room: Room, name: str) -> str:
    """Return what an outcome is called: as its counting rule, else as the quantity."""
    labels = {rule.rule: rule.label for rule in room.counting_rules}
    return labels.get(name, statement.about.label)


def _values(statement: Statement, result: Result, name: str) -> tuple[np.ndarray, str]:
    """Return an outcome by member, over another where the quantity is a share of it."""
    found = result[name]
    if not statement.about.over or statement.outcome:
        return found.values, found.unit
    whole = result[statement.about.over].values
    return np.divide(found.values, whole, out=np.zeros_like(whole), where=whole > 0), "share"


def _record(statement: Statement, room: Room, name: str) -> tuple[float, str, tuple[str, ...], bool] | None:
    """Return the highest published fiscal year of a rule before the claim's period, and its figures.

    Last: whether every year asked for was counted so; if not, that a year is the highest cannot be said.
    """
    rules = {rule.rule: rule for rule in room.counting_rules}
    assert statement.period is not None
    first = statement.than[1] + DAY if statement.than else fiscal_year_span(history(room))[0]
    asked = Asked(first, statement.period[0], lambda value: True)
    years = list(by_year(room, asked, rules[name])) if name in rules else []
    if not years:
        return None
    top, among = max(years, key=lambda one: one.value), period_label(years[0].start, years[-1].end)
    said = f", against at most {top.value:,.0f} ({top.period}) in {among}"
    return top.value, said, top.figures, years[0].start <= fiscal_year_span(fiscal_year(first))[1]


def _effects(
    statement: Statement, room: Room, name: str, pulled: tuple[str, ...], asking: Asking
) -> Iterator[Number]:
    """Yield what each lever adds to an outcome: the mean of the members' differences, with its interval."""
    less = statement.comparison == "less than"
    if not statement.levers:
        less = statement.about.effect == "less than"
    without = asking.result(statement)
    for lever in pulled:
        result = asking.result(statement, (lever,))
        added = result[name].values - without[name].values
        half = _half(added)
        mean = float(added.mean())
        band = Summary(mean, mean - half, mean + half, half / 2)
        if math.isfinite(half):
            band = band.rounded()  # no more digits than the members bear out
        yield Number(
            f"{_label(statement, room, name)}, {_lever(lever)}",
            band.value,
            result[name].unit,
            period_label(result.start, result.end),
            ADDED,
            (mean < 0) is less if abs(mean) > half else None,
            band.low if math.isfinite(half) else None,
            band.high if math.isfinite(half) else None,
            made=f"{result.scenario}, with and without the lever: {asking.made}",
        )


def _told(statement: Statement, room: Room, asking: Asking) -> Iterator[Number]:
    """Yield the outcomes that are told beside an effect, as they are without the lever."""
    for name, words in statement.about.told.items():
        result = asking.result(statement)
        whole = summarize(result[name].values, "flow").rounded()
        least = 1 / float(asking.scale)  # fewer than one record stands for cannot be told from none
        yield Number(
            words,
            whole.value,
            result[name].unit,
            period_label(result.start, result.end),
            f"as it is; a record stands for {least:,.0f}",
            None,
            whole.low,
            max(whole.high, least),
            made=f"{result.scenario}: {asking.made}",
            decides=False,
        )


def _half(added: np.ndarray) -> float:
    """Return half the 90% interval of a mean."""
    free = len(added) - 1
    if free < 1:
        return math.inf
    return student(free) * float(added.std(ddof=1)) / math.sqrt(len(added))


def _lever(lever: str) -> str:
    """Return a setting in words: which lever, how far, from when."""
    path, _, rest = lever.partition("=")
    change, _, day = rest.partition("@")
    known = levers().get(path)
    title = known.title if known else path
    more = re.sub(r"(?<![\d.])\d{4,}", lambda digits: f"{int(digits[0]):,}", change)
    return f"{title if title[1:2].isupper() else title[:1].lower() + title[1:]} {more} from {day}"


def _first_day(statement: Statement, room: Room) -> Judged:
    """Return the verdict on the day from which a scenario's levers act."""
    scenario = scenario_of(statement)
    own = [one for one in scenario.layers[-1] if not one.lever.startswith(ONCE)] if scenario.layers else []
    days = sorted(dt.date.fromordinal(one.begins) for one in own)
    if not days or statement.value is None:
        return Judged(statement, CANNOT, "The scenario pulls no dated lever. A day would be needed.", "")
    first, at_once = days[0], days.count(days[0])
    value = float(f"{first:%Y%m%d}")
    holds = value <= statement.value
    number = Number(
        "first day on which a lever acts",
        value,
        "date",
        scenario.name,
        f"{at_once} of {len(days)} settings act on it",
        holds,
        made=f"{scenario.name}: its settings, with the lags they have",
    )
    said = shown(statement.value, "date")
    words = (
        f"In the scenario {scenario.name} {at_once} of {len(days)} settings act on {first}, "
        f"the last on {days[-1]}. The claim says {said}."
    )
    found = SUPPORTED if holds else CONTRADICTED
    true = f"The first of the plan's levers act on {first}, the last on {days[-1]}."
    return Judged(statement, found, words, true, (number,), cited(room, [number]))


def _named(one: Number) -> str:
    band = "" if one.low is None or one.high is None else f", {_of(one)(one.low)} to {_of(one)(one.high)}"
    unit = "" if one.unit == "share" else f"{one.unit} "
    return f"{_of(one)(one.value)} {unit}({one.label}{band})"


def _of(one: Number) -> Callable[[float], str]:
    return lambda value: shown(value, one.unit).removesuffix(" USD")


def _explained(statement: Statement, found: str, numbers: list[Number], asking: Asking) -> str:
    deciding = [one for one in numbers if one.decides]
    yes, no, unsure = ([one for one in deciding if one.holds is told] for told in (True, False, None))
    if found == CANNOT:
        told = listed(_unsettled(one) for one in unsure) if unsure else "no outcome was found"
        said = f"The model does not settle it: {told}. {_missing(unsure, asking)}" if unsure else told
    elif found == SUPPORTED:
        said = f"The model bears it out{_near(statement, yes)}: {listed(map(_named, yes))}"
    elif found == CONTRADICTED:
        said = f"The model does not bear it out{_near(statement, no)}: {listed(map(_named, no))}"
    else:
        said = f"It holds by {listed(map(_named, yes))}, and not by {listed(map(_named, no))}"
    if unsure and found != CANNOT:
        said += f"; not settled: {listed(map(_unsettled, unsure))}"
    beside = [one for one in numbers if not one.decides]
    said += f"; beside it {listed(map(_named, beside))}" if beside else ""
    return (
        f"{said}. {asking.made[:1].upper()}{asking.made[1:]}, under the scenario "
        f"{scenario_of(statement).name}; intervals are of 90%, and nothing here is a record of what happened."
    )


def _near(statement: Statement, numbers: list[Number]) -> str:
    """Return how near is near, where a number is held against the one that is said."""
    held = any(one.reading != ADDED for one in numbers)
    return f" ({statement.near})" if held and statement.near else ""


def _missing(unsure: list[Number], asking: Asking) -> str:
    """Return what would settle it: how many members, or in how many of them it must hold."""
    effects = [one for one in unsure if one.reading == ADDED and one.value and one.high is not None]
    if not effects:
        sure = vocabulary().conventions.sure
        return f"It would be settled if it held in at least {sure:.0%} of runs or in at most {1 - sure:.0%}"
    members = [asking.members * ((one.high or 0.0) - one.value) ** 2 / one.value**2 for one in effects]
    return f"About {math.ceil(max(members)):,} runs would tell an effect of that size from none"


def _unsettled(one: Number) -> str:
    more = "" if one.reading == ADDED else f", which {one.reading}"
    return f"{_named(one)}{more}"


def _true(numbers: list[Number]) -> str:
    """Return what the model does say, where it says anything that its members bear out."""
    settled = [one for one in numbers if one.holds is not None]
    if not settled:
        return ""
    word = "adds" if settled[0].reading == ADDED else "gives"
    return f"The model {word} {_named(settled[0])} in {settled[0].period}."
