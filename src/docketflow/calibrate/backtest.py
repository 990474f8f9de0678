"""A fit at an origin in the past, its forecast, the rivals' and the scores: said before, held against after.

What is scored is listed here, before any fit: the series published by month, at four horizons. A forecast is
what the members say, and how far the model missed at the origin, which fades.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.calibrate.fit import LAST, MEMBERS, SCALE, STEPS, Posterior, fit
from docketflow.calibrate.fitted import fitted
from docketflow.calibrate.lived import Lived, without_luck
from docketflow.calibrate.posterior import NORMAL
from docketflow.calibrate.targets import Series, series
from docketflow.core.dates import DAY, Span, month_end, month_label, months
from docketflow.core.errors import UsageError
from docketflow.core.quantity import Dated
from docketflow.evidence import Figure, load
from docketflow.evidence.otherwise.as_of import AsOf, as_of
from docketflow.forecasts.rivals import rivals
from docketflow.forecasts.scoring import Score, score
from docketflow.forecasts.table import LEVELS, Forecast, Happened, Key
from docketflow.policy import Scenario

ORIGINS = (dt.date(2019, 9, 30), dt.date(2021, 9, 30), dt.date(2022, 9, 30), dt.date(2023, 9, 30))
HORIZONS = (3, 6, 12, 24)  # months ahead
GIVEN, FORECAST = "inputs-given", "inputs-forecast"
KEPT = 0.9  # of a miss at the origin, a month later; assumed
LATEST = 3  # months over which the miss at the origin is taken
INPUT = "book_ins.cbp_arrest"  # the series that rivals are given too, where the model is given the border


@dataclass(frozen=True, eq=False)
class Backtest:
    """What came of one origin on one board: the fit, the forecasts (ours first), the scores."""

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
        ``inputs-given`` or ``inputs-forecast`` (then the border is as in the year before the origin).
    folder, members, steps, scale, seed, progress
        As of `fit`.
    """
    if board not in (GIVEN, FORECAST):
        raise UsageError(f"board {board!r}: is {GIVEN} or {FORECAST}")
    if origin != month_end(origin) or not scenario.start < origin < LAST:
        raise UsageError(f"--origin {origin}: is the end of a month between {scenario.start} and {LAST}")
    then = as_of(load(), origin)
    inputs = {} if board == GIVEN else as_forecast(then, origin, scenario.end)
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
    end = min(month_end((origin + DAY).replace(year=origin.year + 2) - DAY), LAST, scenario.end)
    tell = None if progress is None else lambda done, of: progress("forecast", done, of)
    longer = Lived(scenario.between(end=end), found.space, found.outcomes, given=inputs, **about)
    told = {one.outcome: one for one in found.targets if one.monthly and one.outcome in found.outcomes}
    lived = without_luck(longer(found.members, tell), found.luck)
    ours = forecast(board, lived, longer, told, origin)
    history = [happened(one, figure) for one in series(load()) if one.monthly for figure in one.figures]
    known = [one for name in told for one in in_a_row(history, name, origin)]
    given = [one for one in history if one.outcome == INPUT] if board == GIVEN else ()
    others = _others(known, origin, end, given)
    return Backtest(
        origin, board, found, then, (ours, *others), tuple(scored([ours, *others], history, origin))
    )


def forecast(
    name: str, lived: np.ndarray, longer: Lived, told: Mapping[str, Series], origin: dt.date
) -> Forecast:
    """Return the quantiles of each series by month after an origin.

    The miss at the origin, of each member its own, fades; what the model misses anyway comes in its place.
    """
    found: dict[Key, np.ndarray] = {}
    normal = np.array(NORMAL)
    ahead = [span for span in months(longer.scenario.start, longer.scenario.end) if span[0] > origin]
    for outcome, one in told.items():
        line = np.log(np.maximum(lived[:, longer.outcomes.index(outcome)], 1.0))
        latest = one.figures[-LATEST:]
        there = [longer.months.index(month_label(figure.period_start)) for figure in latest]
        miss = np.mean(
            [np.log(max(f.value, 1.0)) - line[:, k] for f, k in zip(latest, there, strict=True)], axis=0
        )
        for k, span in enumerate(ahead, start=1):
            fading = KEPT**k
            said = line[:, longer.months.index(month_label(span[0]))] + fading * miss
            wide = said[:, None] + np.sqrt(1 - fading**2) * one.discrepancy * normal[None, :]
            found[outcome, *span] = np.exp(np.quantile(wide, LEVELS))
    return Forecast(name, found, {outcome: one.rule for outcome, one in told.items()})


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


def as_forecast(then: AsOf, origin: dt.date, end: dt.date) -> dict[str, Dated]:
    """Return the border after an origin as it was in the same month of the year before."""
    found: dict[str, Dated] = {}
    for path in then.inputs:
        value = then.room.parameters[path].value
        if not path.startswith("border.") or value.starts[-1] <= origin.toordinal():
            continue
        kept = [(start, one) for start, one in value if start <= origin.toordinal()]
        for first, _ in months(origin + DAY, end):
            years = first.year - origin.year + (first.replace(year=origin.year) > origin)
            before = first.replace(year=first.year - max(years, 1))
            kept.append((first.toordinal(), value.at(before.toordinal())))
        found[path] = Dated(tuple(start for start, _ in kept), tuple(one for _, one in kept))
    return found
