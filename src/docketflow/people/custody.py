"""People in ICE custody on a date: by agency and class, and by how their case is processed.

A count within a month of the date stands for it. On other days both agencies' counts are carried between the
days that have one, split by class as on the nearest days that say; before the first, the midnight count says
how many. What is carried is derived, never published.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from docketflow.core.errors import EvidenceError
from docketflow.people.facts import Estimate, Facts, Points, carry

CRIMINALITY = {"other_violator": "none", "pending_charges": "pending", "convicted": "convicted"}
AGENCIES = ("CBP", "ICE")
NEAR_DAYS = 31
COUNTED = ("detained_population_point", "detained_population_point_on_date")
DISPOSITIONS = (
    "detained_population_point",
    "detained_population_point_on_date",
    "detained_population_by_disposition",
)
EXPEDITED, NOTICE, REINSTATED = "expedited_removal_I860", "notice_to_appear_I862", "reinstatement_I871"
MIDNIGHT = "detained_midnight_population_point"


@dataclass(frozen=True)
class Custody:
    """People held, by arresting agency and criminal class (index), and what that rests on."""

    people: pd.Series
    status: str
    rests: tuple[str, ...]

    @property
    def total(self) -> Estimate:
        """Return all of them."""
        return Estimate(float(self.people.sum()), self.status, self.rests)


def custody_table(facts: Facts) -> Custody:
    """Return people in ICE custody by arresting agency and criminal class."""
    whole = _whole_tables(facts)
    day = facts.date.toordinal()
    if not whole:
        raise EvidenceError("no count of detained people by agency and criminal class")
    near = min(whole, key=lambda held: abs(held - day))
    if abs(near - day) <= NEAR_DAYS:
        people, rests = whole[near]
        return Custody(people, "published", rests)
    parts: list[pd.Series] = []
    found: list[str] = []
    for agency in AGENCIES:
        level = _agency(facts, agency, day)
        within = carry_shares({held: table[agency.lower()] for held, (table, _) in whole.items()}, day)
        parts.append(pd.concat({agency.lower(): within * level.value}, names=["agency"]))
        found += level.rests
    people = pd.concat(parts)
    return Custody(people, "derived", tuple(dict.fromkeys(found)))


def processed(facts: Facts, disposition: str) -> Estimate:
    """Return people in ICE custody whose case is processed in one way (form I-860, I-862, I-871)."""
    day = facts.date.toordinal()
    points = sorted(
        point
        for metric in DISPOSITIONS
        for word in ("processing_disposition", "disposition")
        for point in facts.counted(metric, **{word: disposition})
    )
    if not points:
        raise EvidenceError(f"no count of detained people with disposition {disposition!r}")
    near = min(points, key=lambda point: abs(point[0] - day))
    if abs(near[0] - day) <= NEAR_DAYS:
        return Estimate(near[1], "published", near[2])
    return carry(points, day)


def carry_shares(tables: dict[int, pd.Series], day: int) -> pd.Series:
    """Return how a whole splits on a day: on a line between two days, outside as on the first or last."""
    days = sorted(tables)
    shares = {held: table / table.sum() for held, table in tables.items()}
    before = [held for held in days if held <= day]
    after = [held for held in days if held > day]
    if not before or not after:
        return shares[after[0] if after else before[-1]]
    left, right = before[-1], after[0]
    weight = (day - left) / (right - left)
    return shares[left] * (1 - weight) + shares[right] * weight


def _whole_tables(facts: Facts) -> dict[int, tuple[pd.Series, tuple[str, ...]]]:
    """Return the days on which every agency and class was counted."""
    cells: dict[int, dict[tuple[str, str], tuple[float, str]]] = {}
    for metric in COUNTED:
        for agency in AGENCIES:
            for word, name in CRIMINALITY.items():
                for day, value, ids in facts.counted(metric, arresting_agency=agency, criminality=word):
                    cells.setdefault(day, {}).setdefault((agency.lower(), name), (value, ids[0]))
    whole = {}
    for day, held in cells.items():
        if len(held) == len(AGENCIES) * len(CRIMINALITY):
            people = pd.Series({key: value for key, (value, _) in held.items()}, dtype=float)
            people.index = people.index.set_names(["agency", "criminal"])
            whole[day] = (people, tuple(id for _, id in held.values()))
    return whole


def _agency(facts: Facts, agency: str, day: int) -> Estimate:
    """Return how many one agency's arrests hold; before it was first counted, as the midnight count moved."""
    points: Points = sorted(
        point
        for metric in COUNTED
        for point in facts.counted(metric, arresting_agency=agency, criminality="total")
    )
    if day >= points[0][0]:
        return carry(points, day)
    midnight = facts.counted(MIDNIGHT)
    then, now = carry(midnight, points[0][0]), carry(midnight, day)
    return Estimate(points[0][1], "published", points[0][2]) * (now * (1 / then.value))
