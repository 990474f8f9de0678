"""Where: people by state and by ICE area of responsibility, and where the detained are held.

Nothing finer than a state or an area. Three states are divided between areas; every other lies in one.
"""

from __future__ import annotations

import pandas as pd

from docketflow.core.vocabulary import labels
from docketflow.people.facts import Facts, subgroup

OLD_AREA, NEW_AREA = "SNA", "HLG"  # Harlingen was a part of San Antonio in the survey tables


def areas() -> list[str]:
    """Return the areas of responsibility."""
    return [area for area in labels("area") if area != "none"]


def states(facts: Facts, total: float) -> pd.Series:
    """Return people by state, the published estimates scaled to a total."""
    rows = [r for r in facts.rows("unauthorized_population") if r.subgroup == "MPI" and r.geography != "US"]
    found = pd.Series({r.geography.removeprefix("US-"): r.value for r in rows}).sort_index()
    return found / found.sum() * total


def state_areas(facts: Facts) -> pd.DataFrame:
    """Return the share of each state's people in each area (rows are states and sum to one)."""
    table = pd.DataFrame(0.0, sorted({r.geography[3:] for r in facts.rows("state_area_share")}), areas())
    for row in facts.rows("state_area_share"):
        table.loc[row.geography.removeprefix("US-"), subgroup(row, "area")] = row.value
    moved = table[OLD_AREA] * facts.parameter("population.harlingen_share").value
    table[NEW_AREA] += moved
    table[OLD_AREA] -= moved
    return table.div(table.sum(axis=1), axis=0)


def everyone(facts: Facts, total: float) -> pd.Series:
    """Return people at large by area, from the states."""
    return state_areas(facts).mul(states(facts, total), axis=0).sum()


def states_met(facts: Facts, met: pd.Series) -> pd.Series:
    """Return people by state that area counts stand for, each area divided as its states were added up."""
    crossed = state_areas(facts).mul(states(facts, 1.0), axis=0)
    return (crossed / crossed.sum() * met.reindex(crossed.columns)).sum(axis=1)


def proceedings(facts: Facts, total: float) -> pd.Series:
    """Return pending cases by area: part by where people live, part by where new cases are filed."""
    filed = pd.Series(
        {r.geography.removeprefix("AOR "): r.value for r in facts.rows("court_case_share_by_area")}
    )
    filed = filed.reindex(areas(), fill_value=0.0)
    weight = facts.parameter("population.court_share_weight").value
    return (weight * filed / filed.sum() + (1 - weight) * everyone(facts, 1.0)) * total


def detained(facts: Facts, total: float) -> pd.Series:
    """Return detained people by area of the facility, by mean population of the year that ends nearest."""
    rows = facts.rows("detention_adp_by_place")
    nearest = min({r.period_end for r in rows}, key=lambda day: abs((day - facts.date).days))
    found = {r.geography.removeprefix("AOR "): r.value for r in rows if r.period_end == nearest}
    held = pd.Series(found).reindex(areas(), fill_value=0.0)
    return held / held.sum() * total
