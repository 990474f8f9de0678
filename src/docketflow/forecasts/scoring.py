"""Scores of quantile forecasts: WIS, CRPS, coverage, signed error. Smaller is better, but for coverage.

Formulas, not a library: docs/decisions/0016-forecasts.md says why; a test holds them to one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.core.errors import UsageError, unknown
from docketflow.core.outcomes import PROBABILITY
from docketflow.forecasts.spans import at
from docketflow.forecasts.table import LEVELS, Forecast, Happened

POINTS = 400  # levels at which the line through the quantiles is read for the CRPS
SAME, OTHER, UNSAID = "same", "other words", "not said"


@dataclass(frozen=True)
class Score:
    """How a forecast did on one value.

    Attributes
    ----------
    how : whether the span stands in the forecast or was put together from its months
    defined : whether the value is counted in the words of the forecast
    error : the median less the value
    inside_50, inside_90 : whether the value lies inside the band
    width_90 : of the 90% band
    """

    forecast: str
    outcome: str
    start: dt.date
    end: dt.date
    value: float
    median: float
    wis: float
    crps: float
    error: float
    inside_50: bool
    inside_90: bool
    width_90: float
    how: str
    defined: str

    def to_json(self) -> dict[str, Any]:
        """Return the score as plain data."""
        return {**vars(self), "start": self.start.isoformat(), "end": self.end.isoformat()}


def wis(quantiles: np.ndarray, value: float) -> float:
    """Return the weighted interval score of values at `LEVELS`, twice the mean pinball loss."""
    return float(2 * np.mean(_pinball(np.asarray(LEVELS), quantiles, value)))


def crps(quantiles: np.ndarray, value: float) -> float:
    """Return the CRPS of the distribution on the line through values at `LEVELS`, flat beyond them."""
    levels = (np.arange(POINTS) + 0.5) / POINTS
    return float(2 * np.mean(_pinball(levels, np.interp(levels, LEVELS, quantiles), value)))


def _pinball(levels: np.ndarray, quantiles: np.ndarray, value: float) -> np.ndarray:
    return np.where(value < quantiles, 1 - levels, levels) * np.abs(value - quantiles)


def score(forecasts: Sequence[Forecast], happened: Iterable[Happened]) -> list[Score]:
    """Return the score of each forecast on each value it speaks of.

    Raises
    ------
    UsageError
        One line: a value that no forecast speaks of.
    """
    found = []
    for one in happened:
        why: UsageError | None = None
        scored = []
        for forecast in forecasts:
            try:
                scored.append(_of(forecast, one))
            except UsageError as error:
                why = error
        if not scored:
            raise UsageError(f"{one.where}: {why or 'there is no forecast'}{_hint(forecasts, one)}")
        found += scored
    return found


def _hint(forecasts: Sequence[Forecast], one: Happened) -> str:
    names = {name for forecast in forecasts for name, _, _ in forecast.quantiles}
    if one.outcome.startswith(PROBABILITY):
        return "; a probability has no quantiles, score the outcome it speaks of"
    if one.outcome not in names:
        return f"; {unknown('outcome', one.outcome, names)}"
    spans = [forecast.horizon for forecast in forecasts]
    return f"; the horizon is {min(a for a, _ in spans)} to {max(b for _, b in spans)}"


def _of(forecast: Forecast, one: Happened) -> Score:
    values, how = at(forecast, one.outcome, (one.start, one.end))
    by_level = dict(zip(LEVELS, values.tolist(), strict=True))
    said = forecast.definitions.get(one.outcome, "")
    defined = UNSAID if not one.definition else SAME if _plain(one.definition) == _plain(said) else OTHER
    return Score(
        forecast=forecast.name,
        outcome=one.outcome,
        start=one.start,
        end=one.end,
        value=one.value,
        median=by_level[0.5],
        wis=wis(values, one.value),
        crps=crps(values, one.value),
        error=by_level[0.5] - one.value,
        inside_50=by_level[0.25] <= one.value <= by_level[0.75],
        inside_90=by_level[0.05] <= one.value <= by_level[0.95],
        width_90=by_level[0.95] - by_level[0.05],
        how=how,
        defined=defined,
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def means(scores: Iterable[Score], *by: str) -> list[dict[str, Any]]:
    """Return the mean of the scores in each group, such as ``by="forecast", "outcome"``."""
    groups: dict[tuple[Any, ...], list[Score]] = {}
    for one in scores:
        groups.setdefault(tuple(getattr(one, name) for name in by), []).append(one)
    return [{**dict(zip(by, key, strict=True)), **_mean(some)} for key, some in groups.items()]


def _mean(scores: Sequence[Score]) -> Mapping[str, Any]:
    names = {
        "wis": "wis",
        "crps": "crps",
        "signed_error": "error",
        "coverage_50": "inside_50",
        "coverage_90": "inside_90",
        "width_90": "width_90",
    }
    found = {name: float(np.mean([getattr(one, of) for one in scores])) for name, of in names.items()}
    return {"values": len(scores), **found}
