"""A fit at an origin in the past, its forecast, the rivals' and the scores: said before, held against after.

What is scored is listed beforehand (`method.yaml`, `evidence/targets.yaml`): the series published by month,
at four horizons. A forecast starts at the level seen at the origin (`ahead`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.calibrate.ahead import Stand, spread, walk_of
from docketflow.calibrate.border import Border, as_forecast
from docketflow.calibrate.fit import LAST, MEMBERS, SCALE, STEPS, Posterior, fit
from docketflow.calibrate.lived import Lived, without_luck
from docketflow.calibrate.method import method
from docketflow.calibrate.targets import Series, series
from docketflow.core.dates import DAY, Span, month_end, month_label, months
from docketflow.core.errors import UsageError
from docketflow.evidence import Figure, load
from docketflow.evidence.otherwise.as_of import AsOf, as_of
from docketflow.fitted.places import fitted
from docketflow.forecasts.rivals import rivals
from docketflow.forecasts.scoring import Score, score
from docketflow.forecasts.table import LEVELS, Forecast, Happened, Key
from docketflow.policy import Scenario

ORIGINS: tuple[dt.date, ...] = tuple(method("origins"))
HORIZONS: tuple[int, ...] = tuple(method("horizons"))  # months ahead
GIVEN, FORECAST = "inputs-given", "inputs-forecast"
LONGER, ALONE = "-longer", "level-alone"  # how names end of rivals that know more; what needs no model
INPUT = "book_ins.cbp_arrest"  # the series that rivals are given too, where the model is given the border


@dataclass(frozen=True, eq=False)
class Backtest:
    """What came of one origin on one board: the fit, the forecasts (ours first), the scores.

    Beside ours stand rivals; rivals that know the months before the series too, as the spread of ours does;
    and that spread about the level alone, as if the model had no word.
    """

    origin: dt.date
    board: str
    posterior: Posterior
    evidence: AsOf
    forecasts: tuple[Forecast, ...]
    scores: tuple[Score, ...]


def backtest(
    scenario: Scenario,
    origin: dt.date,
    board: str,
    *,
    folder: Path,
    members: int = MEMBERS,
    steps: int = STEPS,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> Backtest:
    """Fit to what came before an origin, forecast what came after it, and score.

    Parameters
    ----------
    scenario : Scenario
        The years, with what was given in them.
    origin : date
        The last day that is known, the end of a month.
    board : str
        ``inputs-given`` or ``inputs-forecast`` (then the border goes on as `border.Border` has it).
    folder, members, steps, scale, seed, progress
        As of `fit`.
    """
    if board not in (GIVEN, FORECAST):
        raise UsageError(f"board {board!r}: is {GIVEN} or {FORECAST}")
    if origin != month_end(origin) or not scenario.start < origin < LAST:
        raise UsageError(f"--origin {origin}: is the end of a month between {scenario.start} and {LAST}")
    then = as_of(load(), origin)
    end = min(month_end((origin + DAY).replace(year=origin.year + 2) - DAY), LAST, scenario.end)
    inputs = {} if board == GIVEN else as_forecast(then, origin, end, _border(origin))
    unsure = tuple(replace(one, sd=2 * one.sd) if one.path in then.widened else one for one in fitted())
    about: dict[str, Any] = {"scale": scale, "seed": seed, "folder": folder, "room": then.room}
    found = fit(
        scenario,
        until=origin,
        members=members,
        steps=steps,
        numbers=unsure,
        early=True,
        progress=progress,
        **about,
    )
    tell = None if progress is None else lambda done, of: progress("forecast", done, of)
    longer = Lived(scenario.between(end=end), found.space, found.outcomes, given=inputs, **about)
    told = [one for one in found.targets if one.monthly and one.outcome in found.outcomes]
    lived = without_luck(longer(found.members, tell), found.luck)
    history = [happened(one, figure) for one in series(load()) if one.monthly for figure in one.figures]
    before = [happened(one, figure) for one in told for figure in one.before]
    known = [month for one in told for month in in_a_row(history, one.outcome, origin)]
    stands = {one.outcome: stand(one, known) for one in told}
    ours = forecast(board, lived, longer, told, stands, origin)
    beside: list[Forecast] = []
    for early, ending in (([], ""), (before, LONGER)):
        given = [one for one in (*early, *history) if one.outcome == INPUT] if board == GIVEN else ()
        rivals_then = _others([*early, *known], origin, end, given)
        beside += [replace(one, name=one.name + ending) for one in rivals_then]
    beside.append(replace(ours, name=ALONE, quantiles=alone(stands, months(origin + DAY, end))))
    return Backtest(
        origin, board, found, then, (ours, *beside), tuple(scored([ours, *beside], history, origin))
    )


def stand(one: Series, known: Iterable[Happened]) -> Stand:
    """Return where a series stands after all its months that are known."""
    seen = [figure.value for figure in one.before]
    seen += [month.value for month in known if month.outcome == one.outcome]
    return Stand(np.array(seen), walk_of([figure.value for figure in one.past]))


def alone(stands: Mapping[str, Stand], spans: Iterable[Span]) -> dict[Key, np.ndarray]:
    """Return what is said of each month where the model has no word: the level and its spread."""
    ahead = list(enumerate(spans, start=1))
    return {
        (name, *span): one.said(np.zeros(1), k, LEVELS) for name, one in stands.items() for k, span in ahead
    }


def forecast(
    name: str,
    lived: np.ndarray,
    longer: Lived,
    told: Iterable[Series],
    stands: Mapping[str, Stand],
    origin: dt.date,
) -> Forecast:
    """Return the quantiles of each series by month after an origin.

    The series that a board gives is no forecast: what the model says of it stands, and what it misses anyway.
    Where it is not given, it stays at its level: the model has no word on it.
    """
    spans = [span for span in months(longer.scenario.start, longer.scenario.end) if span[0] > origin]
    found = alone(stands, spans)
    first = longer.months.index(month_label(spans[0][0]))
    for one in told:
        at = stands[one.outcome]
        line = np.log(np.maximum(lived[:, longer.outcomes.index(one.outcome)], 1.0))
        level = line[:, first - at.latest : first].mean(axis=1)
        for k, span in enumerate(spans, start=1):
            there = line[:, longer.months.index(month_label(span[0]))]
            if one.outcome != INPUT:
                found[one.outcome, *span] = at.said(there - level, k, LEVELS)
            elif name == GIVEN:
                freedom = at.variance(k)[1]
                found[one.outcome, *span] = np.exp(spread(there, one.discrepancy**2, freedom, LEVELS))
    return Forecast(name, found, {one.outcome: one.rule for one in told})


def _border(origin: dt.date) -> Border:
    """Return the border up to an origin."""
    [followed] = [one for one in series(load()) if one.outcome == INPUT]
    return Border.of(followed.inflow, origin)


def in_a_row(history: Iterable[Happened], name: str, origin: dt.date) -> list[Happened]:
    """Return the months of a series up to an origin; one that was not published is as the one before it."""
    mine = {one.end: one for one in history if one.outcome == name and one.end <= origin}
    found: list[Happened] = []
    for first, last in months(min(mine).replace(day=1), origin) if mine else ():
        found.append(mine.get(last) or replace(found[-1], start=first, end=last))
    return found


def happened(one: Series, figure: Figure) -> Happened:
    """Return a figure as something that happened."""
    return Happened(one.outcome, figure.period_start, figure.period_end, figure.value, one.rule, figure.id)


def _others(
    known: Sequence[Happened], origin: dt.date, end: dt.date, given: Sequence[Happened]
) -> list[Forecast]:
    """Return the rivals' forecasts; the ratio to the input only where there is one for every month."""
    reach = month_end(origin + 200 * DAY)
    while given and reach < end and any(one.end == month_end(reach + DAY) for one in given):
        reach = month_end(reach + DAY)
    found = rivals(known, origin, end)
    if given:
        others = [one for one in known if one.outcome != INPUT]  # no rival of itself
        found += [one for one in rivals(others, origin, reach, given) if one.name == "last-ratio"]
    return found


def scored(forecasts: Sequence[Forecast], history: Iterable[Happened], origin: dt.date) -> list[Score]:
    """Return the scores at the horizons; of a series that stops, at those it reaches."""
    spans = dict(horizons(origin))
    found: list[Score] = []
    for one in history:
        if (one.start, one.end) in spans.values() and one.end <= LAST:
            able = [f for f in forecasts if (one.outcome, one.start, one.end) in f.quantiles]
            if able and able[0] is forecasts[0]:
                found += score(able, [one])
    return found


def horizons(origin: dt.date) -> list[tuple[int, Span]]:
    """Return the month that lies so many months ahead of an origin, for each horizon."""
    found, day = [], origin
    for ahead in range(1, max(HORIZONS) + 1):
        day = month_end(day + DAY)
        if ahead in HORIZONS:
            found.append((ahead, (day.replace(day=1), day)))
    return found
