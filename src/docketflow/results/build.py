"""Build a Result from plain arrays, and add what follows from them: sums of parts, chances of the target."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.core.errors import ResultError
from docketflow.core.outcomes import PROBABILITY, counting_rules, outcome, outcomes
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
        Stage to people at the end of each month [members, months].
    resources
        Space or effort to its supply, use and refusals.
    flows
        (source, target) to people over the period [members].
    costs
        Account to dollars over the period [members].
    levers
        Rows of the table of levers (see `LEVER_COLUMNS`).
    manifest
        Anything else to keep with the run.
    """
    import pandas as pd
    import xarray as xr

    members = _members(series)
    every = _with_probabilities(_with_sums(dict(series)), target, members, len(months))
    names = list(every)
    known = [outcome(name) for name in names]
    about = {"unit": [o.unit for o in known], "kind": [o.kind for o in known]}
    about["definition"] = [o.definition for o in known]
    labels = {key: ("outcome", values) for key, values in about.items()}
    member = np.arange(members)
    shape = (len(names), members, len(months))
    monthly, opening = np.full(shape, np.nan), np.full(shape[:2], np.nan)
    for k, one in enumerate(every.values()):
        if one.by_month is not None:
            monthly[k] = _shaped(one.by_month, shape[1:], names[k])
        if one.opening is not None:
            opening[k] = _shaped(one.opening, (members,), names[k])
    period = np.array([_shaped(one.values, (members,), name) for name, one in every.items()])
    base = {"outcome": names, "member": member}
    wide = (len(months),)
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
        period=xr.DataArray(period, dims=("outcome", "member"), coords={**base, **labels}),
        monthly=xr.DataArray(
            monthly, dims=("outcome", "member", "month"), coords={**base, **labels, "month": list(months)}
        ),
        opening=xr.DataArray(opening, dims=("outcome", "member"), coords={**base, **labels}),
        stocks=xr.DataArray(
            _stacked(stocks or {}, (members, *wide)),
            dims=("stage", "member", "month"),
            coords={"stage": list(stocks or {}), "member": member, "month": list(months)},
        ),
        resources=_resources(resources or {}, members, months),
        flows=xr.DataArray(
            _stacked(flows or {}, (members,)),
            dims=("edge", "member"),
            coords={
                "edge": [f"{a} > {b}" for a, b in flows or {}],
                "member": member,
                "source": ("edge", [a for a, _ in flows or {}]),
                "target": ("edge", [b for _, b in flows or {}]),
            },
        ),
        costs=xr.DataArray(
            _stacked(costs or {}, (members,)),
            dims=("account", "member"),
            coords={"account": list(costs or {}), "member": member},
        ),
        levers=pd.DataFrame([dict(row) for row in levers], columns=list(LEVER_COLUMNS)),
    )


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


def _resources(resources: Mapping[str, Resource], members: int, months: Sequence[str]) -> Any:
    import xarray as xr

    shape = (members, len(months))
    parts = [
        np.stack([_shaped(getattr(one, measure), shape, f"{name} {measure}") for measure in MEASURES])
        for name, one in resources.items()
    ]
    return xr.DataArray(
        np.stack(parts) if parts else np.zeros((0, len(MEASURES), *shape)),
        dims=("resource", "measure", "member", "month"),
        coords={
            "resource": list(resources),
            "measure": list(MEASURES),
            "member": np.arange(members),
            "month": list(months),
            "kind": ("resource", [one.kind for one in resources.values()]),
            "unit": ("resource", [one.unit for one in resources.values()]),
        },
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
