"""The forecast of a scenario: its quantiles over every month, fiscal year and named span after an origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from docketflow.conductor.ensemble import MEMBERS
from docketflow.conductor.rooms import known_on
from docketflow.conductor.simulator import SCALE
from docketflow.conductor.spans import over_spans
from docketflow.core.dates import DAY, Span, months
from docketflow.core.errors import UsageError
from docketflow.forecasts.spans import spans_of
from docketflow.forecasts.table import LEVELS, Forecast, Key
from docketflow.policy import Scenario
from docketflow.results import Result


def horizon_of(scenario: Scenario, origin: dt.date) -> Span:
    """Return the days after an origin that a scenario answers for."""
    if origin >= scenario.end:
        raise UsageError(
            f"--origin {origin}: {scenario.name} ends on {scenario.end}; an origin lies before that day"
        )
    if origin + DAY < scenario.first:
        raise UsageError(
            f"--origin {origin}: {scenario.name} begins on {scenario.first}; no origin lies before its eve"
        )
    return max(scenario.start, origin + DAY), scenario.end


def forecast(
    scenario: Scenario,
    origin: dt.date,
    *,
    named: Iterable[Span] = (),
    members: int = MEMBERS,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Forecast, dict[str, Any]]:
    """Run a scenario and return its forecast after an origin, with what it is made of.

    Parameters
    ----------
    scenario : Scenario
    origin : date
        The last day that is known; the forecast begins on the day after it.
    named : spans beside months and fiscal years
    members, scale, seed, progress
        As of a run (see `docketflow.run`), but no posterior that was shown later figures is drawn from.
    """
    horizon = horizon_of(scenario, origin)
    longer = spans_of(horizon, named)
    spans = dict.fromkeys([*months(*horizon), *longer])
    asked = scenario.between(start=horizon[0], end=horizon[1])
    run: dict[str, Any] = {"members": members, "scale": scale, "seed": seed, "progress": progress}
    results, made = over_spans(asked, spans, room=known_on(origin), **run)
    about = {"from": str(horizon[0]), "to": str(horizon[1]), "spans": [f"{a}..{b}" for a, b in longer]}
    return table(scenario.name, results), {**about, **{key: made[key] for key in MADE}}


MADE = ("title", "members", "scale", "seed", "settings", "docketflow", "code", "evidence", "people")


def table(name: str, results: Mapping[Span, Result]) -> Forecast:
    """Return the quantiles over members of every outcome of results over some spans.

    A probability is one number of all members: it has no quantiles and is left out.
    """
    found: dict[Key, np.ndarray] = {}
    definitions: dict[str, str] = {}
    for (start, end), result in results.items():
        for one in result.names:
            known = result[one].values[np.isfinite(result[one].values)]
            if len(known) and result[one].kind != "probability":
                found[one, start, end] = np.quantile(known, LEVELS)
                definitions[one] = result[one].definition
    order = {name: place for place, name in enumerate(definitions)}
    return Forecast(name, dict(sorted(found.items(), key=lambda item: order[item[0][0]])), definitions)
