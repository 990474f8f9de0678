"""A small made-up result and evidence room: the report is tested without a run."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.core import dates
from docketflow.evidence import Room, load
from docketflow.policy import load_scenario
from docketflow.results import Resource, Result, Series, build

START, END = dt.date(2025, 1, 20), dt.date(2026, 1, 19)
MEMBERS = 50
FLOWS = (  # total, growth over the period
    ("removals.ice", 312_000, 0.9),
    ("removals.ice_arrest", 171_000, 1.4),
    ("removals.cbp_arrest", 141_000, -0.3),
    ("removals.ohss", 402_000, 0.4),
    ("returns.enforcement", 61_000, 0.1),
    ("repatriations.title8_enforcement", 463_000, 0.4),
    ("repatriations.all", 521_000, 0.3),
    ("arrests.ice", 268_000, 0.8),
    ("cost.total", 11_900_000_000, 0.5),
    ("courts.total_completions", 742_000, 0.1),
)
LEVELS = (("detained.average", 52_400), ("stay.mean_days", 44.1))
STAGES = {
    "never_encountered": (8_900_000, 0.02),
    "court_not_detained": (3_720_000, -0.03),
    "final_order_at_large": (1_450_000, 0.01),
    "asylum_affirmative": (980_000, 0.04),
    "appeal": (121_000, 0.3),
    "detained": (39_500, 0.5),
    "awaiting_flight": (4_100, 0.6),
}
RESOURCES = {  # kind, unit, supply a day, share used, refused a month
    "detention_beds": ("space", "beds", 62_000, 0.96, 5_200),
    "merits_minutes": ("effort", "minutes", 262_000, 0.999, 0),
    "removal_seats": ("effort", "seats", 1_450, 0.71, 0),
    "officer_hours": ("effort", "hours", 21_000, 0.88, 0),
}
EDGES = {
    ("arrest_custodial", "custody"): 118_000,
    ("arrest_supervision", "custody"): 41_000,
    ("arrest_supervision", "not_detained"): 22_000,
    ("arrest_at_large", "custody"): 62_000,
    ("arrest_at_large", "not_detained"): 25_000,
    ("arrest_border", "custody"): 96_000,
    ("arrest_border", "removed_from_border"): 91_000,
    ("custody", "order_expedited"): 78_000,
    ("custody", "order_reinstated"): 71_000,
    ("custody", "order_judge"): 82_000,
    ("custody", "released"): 61_000,
    ("custody", "still_held"): 25_000,
    ("not_detained", "in_proceedings"): 47_000,
    ("order_expedited", "removed_by_ice"): 78_000,
    ("order_reinstated", "removed_by_ice"): 71_000,
    ("order_judge", "removed_by_ice"): 72_000,
    ("order_judge", "released"): 10_000,
}
COSTS = {
    "detention": 5.1e9,
    "courts": 1.2e9,
    "arrests": 2.6e9,
    "transport": 1.1e9,
    "supervision": 0.6e9,
    "other": 1.3e9,
}
LEVERS = (
    (
        "target.removals",
        "Target of the plan",
        "set",
        1_000_000,
        "persons",
        None,
        None,
        0,
        "",
        "",
        "What the reports say.",
    ),
    (
        "custody.beds",
        "Beds under contract",
        "ramp",
        62_913,
        "beds",
        dt.date(2025, 2, 1),
        dt.date(2025, 6, 30),
        45,
        next(iter(load().sources)),
        "p. 14",
        "Contract capacity named for April 2025.",
    ),
    (
        "court.judges",
        "Immigration judges",
        "add",
        -50,
        "judges",
        dt.date(2025, 3, 1),
        None,
        0,
        "",
        "",
        "Departures, by assumption.",
    ),
)


def _spread(size: int, width: float, turn: float) -> np.ndarray:
    """Return factors around one, one a member: the quantiles of a logistic law in a shuffled order."""
    ranks = (np.arange(size) * 17 + int(turn)) % size
    u = (ranks + 0.5) / size
    return np.exp(width * np.log(u / (1 - u)) / 1.7)


def _result(
    *, target: bool, scenario: str = "one-million-first-year", start: dt.date = START, end: dt.date = END
) -> Result:
    months = [first.strftime("%Y-%m") for first, _ in dates.months(start, end)]
    days = np.array([(last - first).days + 1 for first, last in dates.months(start, end)])
    along = np.cumsum(days) / days.sum()
    series = {}
    for k, (name, total, growth) in enumerate(FLOWS):
        shape = days * (1 + growth * along)
        by_month = np.outer(_spread(MEMBERS, 0.09, k), shape / shape.sum() * total)
        by_month = by_month * (
            1 + 0.04 * np.sin(np.add.outer(np.arange(MEMBERS), 2.4 * np.arange(len(days))))
        )
        series[name] = Series(by_month.sum(axis=1), by_month)
    for k, (name, level) in enumerate(LEVELS):
        by_month = np.outer(_spread(MEMBERS, 0.05, k), level * (0.8 + 0.3 * along))
        series[name] = Series(by_month.mean(axis=1), by_month)
    spread = _spread(MEMBERS, 0.04, 3)
    growing = 1 + np.add.outer(np.zeros(MEMBERS), along)
    return build(
        scenario=scenario,
        title="One million removals in a first year",
        first=start,
        start=start,
        end=end,
        scale="1/100",
        seed=7,
        months=months,
        series=series,
        target=(1_000_000, "removals.ice") if target else None,
        stocks={name: np.outer(spread, at * (1 + growth * along)) for name, (at, growth) in STAGES.items()},
        resources={
            name: Resource(
                kind,
                unit,
                np.outer(np.ones(MEMBERS), supply * (days if kind == "effort" else 1) * (0.8 + 0.2 * along)),
                np.outer(
                    spread, share * supply * (days if kind == "effort" else 1) * (0.8 + 0.2 * along)
                ).clip(0, supply * 31),
                refused * growing,
            )
            for name, (kind, unit, supply, share, refused) in RESOURCES.items()
        },
        flows={edge: people * spread for edge, people in EDGES.items()},
        costs={name: usd * spread for name, usd in COSTS.items()},
        levers=[
            dict(
                zip(
                    (
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
                        "note",
                    ),
                    row,
                    strict=True,
                )
            )
            for row in LEVERS[: 3 if target else 0]
        ],
        manifest={
            "summary": "What two news reports of 2024 and 2025 describe, at the resources then announced.",
            "evidence": "5f0c2b7a9d31",
            "code": "docketflow 0.1.0",
            "settings": load_scenario(scenario).hash,
        },
    )


@pytest.fixture(scope="session")
def result() -> Result:
    return _result(target=True)


@pytest.fixture(scope="session")
def without_target() -> Result:
    """A past year, with published figures to be held against and no lever."""
    span = dates.fiscal_year_span(2024)
    return _result(target=False, scenario="fiscal-year-2024", start=span[0], end=span[1])


@pytest.fixture(scope="session")
def room() -> Room:
    return load()
