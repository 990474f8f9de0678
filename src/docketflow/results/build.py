"""Build a Result from plain arrays, and add what follows from them: sums of parts, chances of the target."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.core.errors import ResultError
from docketflow.core.outcomes import PROBABILITY, counting_rules, outcome, outcomes
from docketflow.results.arrays import Held
from docketflow.results.result import Result

MEASURES = ("supply", "used", "refused")
LEVER_COLUMNS = (
    "lever",
    "title",
    "operation",
    "value",
    "unit",
    "from",
    "to",
    "lag",
    "source",
    "locator",
    "assumed",
    "range",
    "no_range",
    "spell",
    "case",
    "note",
    "place",
)


@dataclass(frozen=True)
class Series:
    """One outcome, before it is labelled.

    Parameters
    ----------
    values : array [members]
    by_month : array [members, months], if it has months
    opening : array [members], a stock's value on the day before the period
    """

    values: np.ndarray
    by_month: np.ndarray | None = None
    opening: np.ndarray | None = None


@dataclass(frozen=True)
class Resource:
    """Supply, use and refusals of one space or effort, each [members, months]."""

    kind: str
    unit: str
    supply: np.ndarray
    used: np.ndarray
    refused: np.ndarray


def build(
    *,
    scenario: str,
    title: str,
    first: dt.date,
    start: dt.date,
    end: dt.date,
    scale: str,
    seed: int,
    months: Sequence[str],
    series: Mapping[str, Series],
    target: tuple[float, str] | None = None,
    stocks: Mapping[str, np.ndarray] | None = None,
    resources: Mapping[str, Resource] | None = None,
    flows: Mapping[tuple[str, str], np.ndarray] | None = None,
    costs: Mapping[str, np.ndarray] | None = None,
    steps: Mapping[tuple[str, str], np.ndarray] | None = None,
    design: Mapping[str, np.ndarray] | None = None,
    exhausted: Mapping[str, np.ndarray] | None = None,
    again: Mapping[str, np.ndarray] | None = None,
    levers: Sequence[Mapping[str, Any]] = (),
    manifest: Mapping[str, Any] | None = None,
) -> Result:
    """Return a Result.

    Parameters
    ----------
    scenario, title, first, start, end, scale, seed
        What was run; ``first`` is the first simulated day, ``start`` to ``end`` the answer's period.
    months
        Months of the period, "YYYY-MM".
    series
        Outcome name to its numbers; the catalogue gives unit, kind and definition.
    target
        How many, of which series.
    stocks
        Stage to people there, the mean of each month [members, months].
    resources
        Space or effort to its supply, use and refusals.
    flows
        (source, target) to people over the period [members].
    costs
        Account to dollars over the period [members].
    steps
        (account, price) to dollars by month: what was done at that price [members, months].
    design
        Parameter to what was drawn for it [members].
    exhausted
        Space or effort to the days of each month on which nothing was left of it [members, months].
    again
        Outcome to its value with other luck, NaN for members that were lived once [members].
    levers
        Rows of the table of levers (see `LEVER_COLUMNS`).
    manifest
        Anything else to keep with the run.
    """
    members = _members(series)
    every = _with_probabilities(_with_sums(dict(series)), target, members, len(months))
    names = list(every)
    known = [outcome(name) for name in names]
    shape = (len(names), members, len(months))
    monthly, opening = np.full(shape, np.nan), np.full(shape[:2], np.nan)
    for k, one in enumerate(every.values()):
        if one.by_month is not None:
            monthly[k] = _shaped(one.by_month, shape[1:], names[k])
        if one.opening is not None:
            opening[k] = _shaped(one.opening, (members,), names[k])
    stocks, resources, flows, costs = stocks or {}, resources or {}, flows or {}, costs or {}
    axes: dict[str, dict[str, list[str]]] = {
        "outcome": {
            "label": names,
            "unit": [o.unit for o in known],
            "kind": [o.kind for o in known],
            "definition": [o.definition for o in known],
        },
        "month": {"label": list(months)},
        "stage": {"label": list(stocks)},
        "resource": {
            "label": list(resources),
            "kind": [one.kind for one in resources.values()],
            "unit": [one.unit for one in resources.values()],
        },
        "measure": {"label": list(MEASURES)},
        "edge": {
            "label": [f"{a} > {b}" for a, b in flows],
            "source": [a for a, _ in flows],
            "target": [b for _, b in flows],
        },
        "account": {"label": list(costs)},
    }
    arrays = Held(
        period=np.array([_shaped(one.values, (members,), name) for name, one in every.items()]),
        opening=opening,
        monthly=monthly,
        stocks=_stacked(stocks, shape[1:]),
        resources=_resources(resources, shape[1:]),
        flows=_stacked(flows, (members,)),
        costs=_stacked(costs, (members,)),
    )
    if steps:
        axes["step"] = {"label": [price for _, price in steps], "account": [account for account, _ in steps]}
        arrays["steps"] = _stacked(steps, shape[1:])
    if design:
        axes["parameter"] = {"label": list(design)}
        arrays["design"] = _stacked(design, (members,))
    if exhausted:
        if list(exhausted) != list(resources):
            raise ResultError("days of exhaustion need the same resources as supply and use, in their order")
        arrays["exhausted"] = _stacked(exhausted, shape[1:])
    if again:
        every_again = _with_sums({name: Series(values) for name, values in again.items()})
        unknown = np.full(members, np.nan)
        lived = [every_again[name].values if name in every_again else unknown for name in names]
        arrays["again"] = np.array([_shaped(one, (members,), "again") for one in lived])
    return Result(
        manifest=_manifest(
            {
                "scenario": scenario,
                "title": title,
                "first": first.isoformat(),
                "from": start.isoformat(),
                "to": end.isoformat(),
                "members": members,
                "scale": scale,
                "seed": seed,
                "target": None if target is None else {"removals": target[0], "series": target[1]},
            },
            manifest or {},
        ),
        axes=axes,
        arrays=arrays,
        levers=[lever_row(row) for row in levers],
    )


def lever_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the table of levers as JSON holds it: numbers stay numbers, days are words."""
    return {column: _json(row.get(column)) for column in LEVER_COLUMNS}


def _json(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _json(part) for key, part in value.items()}
    return str(value)


def _manifest(known: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    for name in more:
        if name in known:
            raise ResultError(f"the manifest already says {name!r}; give the other thing another name")
    return {**known, **more}


def _members(series: Mapping[str, Series]) -> int:
    sizes = {len(one.values) for one in series.values()}
    if len(sizes) != 1 or 0 in sizes:
        raise ResultError(f"every outcome needs the same members, at least one; got {sorted(sizes)}")
    return sizes.pop()


def _shaped(array: np.ndarray, shape: tuple[int, ...], name: str) -> np.ndarray:
    values = np.asarray(array, dtype=float)
    if values.shape != shape:
        raise ResultError(f"{name}: needs shape {shape} (members, months), got {values.shape}")
    return values


def _stacked(arrays: Mapping[Any, np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    if not arrays:
        return np.zeros((0, *shape))
    return np.stack([_shaped(array, shape, str(name)) for name, array in arrays.items()])


def _resources(resources: Mapping[str, Resource], shape: tuple[int, ...]) -> np.ndarray:
    parts = [
        [_shaped(getattr(one, measure), shape, f"{name} {measure}") for measure in MEASURES]
        for name, one in resources.items()
    ]
    return np.array(parts) if parts else np.zeros((0, len(MEASURES), *shape))


def answered(measured: Iterable[str]) -> frozenset[str]:
    """Return the names that a result of a scenario with a target has when some outcomes are measured."""
    blank = Series(np.zeros(1))
    series = _with_sums(dict.fromkeys(measured, blank))
    return frozenset(
        _with_probabilities(series, (0.0, next(r for r in counting_rules() if r in series)), 1, 0)
    )


def _with_sums(series: dict[str, Series]) -> dict[str, Series]:
    """Add every outcome that is declared as the sum of others, where all its parts are there."""
    for name, declared in outcomes().items():
        parts = [series[part] for part in declared.sum_of if part in series]
        if not declared.sum_of or name in series or len(parts) != len(declared.sum_of):
            continue
        months = [part.by_month for part in parts if part.by_month is not None]
        series[name] = Series(
            values=np.sum([part.values for part in parts], axis=0),
            by_month=np.sum(months, axis=0) if len(months) == len(parts) else None,
        )
    return series


def _with_probabilities(
    series: dict[str, Series], target: tuple[float, str] | None, members: int, months: int
) -> dict[str, Series]:
    """Add, for every counting rule, which members have reached the target: by the end and by each month."""
    if target is None:
        return series
    goal, chosen = target
    if chosen not in series:
        raise ResultError(f"the target is counted in {chosen}, which this run does not have")
    for rule in counting_rules():
        if rule in series:
            series[f"{PROBABILITY}.{rule}"] = _reached(series[rule], goal)
    series[PROBABILITY] = dataclasses.replace(series[f"{PROBABILITY}.{chosen}"])
    return series


def _reached(one: Series, goal: float) -> Series:
    so_far = None if one.by_month is None else np.cumsum(one.by_month, axis=1) >= goal
    return Series(
        values=(np.asarray(one.values) >= goal).astype(float),
        by_month=None if so_far is None else so_far.astype(float),
    )
