"""Build the synthetic population of a date: margins, frame, raking, whole counts, and what each margin got.

Returns cell counts, never persons, and draws no luck: the same evidence gives the same cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from docketflow.core.quantity import Dated
from docketflow.evidence import Room
from docketflow.people import places
from docketflow.people.bridge import bridge
from docketflow.people.counts import Counts, counts
from docketflow.people.facts import Facts
from docketflow.people.frame import Frame, frame, names
from docketflow.people.margins import AT_LARGE, Margin, margins
from docketflow.people.rake import Target, rake, whole

# cells expected to hold fewer are left out, and raking gives their people to others like them
FEWEST = {"detained": 0.5}
FEWEST_ELSEWHERE = 3.0


@dataclass(frozen=True)
class Population:
    """A synthetic population on its first day.

    Attributes
    ----------
    date : date
    cells : DataFrame
        Posture and traits (labels of the vocabulary) and `count`, whole-country persons.
    margins : DataFrame
        Every margin: name, label, asked, met, gap (relative), status (published, derived, assumed), rests_on.
    bridge : DataFrame
        From ICE's non-detained docket to pending cases, final orders and the rest.
    notes : tuple of str
        What could not be met together, how raking ended, and what the cells do not say.
    """

    date: dt.date
    cells: pd.DataFrame
    margins: pd.DataFrame
    bridge: pd.DataFrame
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        by = ", ".join(f"{name} {count:,}" for name, count in self.by("posture").items() if count)
        total = int(self.cells["count"].sum())
        return f"<Population {self.date}: {total:,} people in {len(self.cells):,} cells; {by}>"

    def by(self, trait: str) -> pd.Series:
        """Return people by the labels of one trait."""
        return self.cells.groupby(trait, observed=False)["count"].sum()


def build(
    room: Room,
    date: dt.date,
    *,
    values: Mapping[str, Dated] | None = None,
) -> Population:
    """Return the synthetic population of a date.

    Parameters
    ----------
    room : Room
        The evidence.
    date : date
        The first day.
    values : mapping of str to Dated, optional
        Parameter values to use instead of the central ones.
    """
    facts = Facts(room, date, values)
    totals = counts(facts)
    asked, notes = margins(facts, totals)
    cells, rounds = _rake(frame(facts), asked)
    count = _whole(cells, totals, asked)
    table = pd.concat([_met(cells, count, margin) for margin in asked] + [_states(facts, cells, count)])
    table = table.reset_index(drop=True)
    notes.append(f"raking ended after {len(rounds)} rounds with a largest change of {rounds[-1]:.2g}")
    return Population(date, cells.table(count), table, bridge(totals), tuple(notes))


def reads(room: Room, date: dt.date) -> set[str]:
    """Return the paths of the parameters that a population of the date rests on."""
    facts = Facts(room, date)
    margins(facts, counts(facts))
    frame(facts)
    return facts.read


def _target(cells: Frame, margin: Margin) -> Target:
    """Return a margin as group numbers of the cells; cells outside it are free."""
    chosen = np.ones(len(cells), dtype=bool)
    for trait, allowed in margin.where.items():
        chosen &= np.isin(cells.codes[trait], [names(trait).index(label) for label in allowed])
    size = tuple(len(names(trait)) for trait in margin.by)
    group = np.ravel_multi_index(tuple(cells.codes[trait].astype(np.int64) for trait in margin.by), size)
    number = np.full(int(np.prod(size)) + 1, len(margin.asked))
    for n, label in enumerate(margin.asked.index):
        parts = label if isinstance(label, tuple) else (label,)
        index = tuple(names(t).index(part) for t, part in zip(margin.by, parts, strict=True))
        number[np.ravel_multi_index(index, size)] = n
    return Target(
        margin.name, np.where(chosen, number[group], len(margin.asked)), margin.asked.to_numpy(float)
    )


def _rake(cells: Frame, asked: list[Margin]) -> tuple[Frame, list[float]]:
    """Rake, drop cells too small to hold anyone, and rake again."""
    weight, _ = rake(cells.weight, [_target(cells, margin) for margin in asked], rounds=12)
    fewest = np.array([FEWEST.get(name, FEWEST_ELSEWHERE) for name in names("posture")])[
        cells.codes["posture"]
    ]
    cells = Frame(cells.codes, weight).keep(weight >= fewest)
    weight, rounds = rake(cells.weight, [_target(cells, margin) for margin in asked])
    return Frame(cells.codes, weight), rounds


def _whole(cells: Frame, totals: Counts, asked: list[Margin]) -> np.ndarray:
    """Round to whole persons: postures exactly, then nationality and status within them, then cells."""
    sizes = {
        "awaiting_filing": round(totals.awaiting_filing.value),
        "proceedings": round(totals.pending.value) - round(totals.detained_in_court.value),
        "final_order": round(totals.final_order.value),
        "detained": round(totals.detained.value),
    }
    sizes["never_encountered"] = round(totals.total.value) - sum(sizes.values())
    posture = cells.codes["posture"].astype(np.int64)
    exact = np.array([sizes.get(name, 0) for name in names("posture")])
    listed = posture * 2 + cells.codes["listed"]
    held = posture == names("posture").index(
        "detained"
    )  # published by agency and class: exact, then by place
    custody = cells.codes["agency"] * len(names("criminal")) + cells.codes["criminal"]
    lead = listed * len(names("nationality")) + np.where(held, custody, cells.codes["nationality"])
    status = lead * len(names("area")) + np.where(held, cells.codes["area"], cells.codes["status"])
    detail = status * len(names("order")) + cells.codes["order"]
    return whole(cells.weight, exact, [posture, listed, lead, status, detail])


def _met(cells: Frame, count: np.ndarray, margin: Margin) -> pd.DataFrame:
    target = _target(cells, margin)
    shown = [" / ".join(label) if isinstance(label, tuple) else label for label in margin.asked.index]
    return _rows(margin.name, shown, target.asked, target.met(count), margin.status, margin.rests)


def _states(facts: Facts, cells: Frame, count: np.ndarray) -> pd.DataFrame:
    """Return the margin of states: met through the areas, since cells know no state."""
    at_large = np.isin(cells.codes["posture"], [names("posture").index(name) for name in AT_LARGE])
    met = np.bincount(cells.codes["area"][at_large], count[at_large], len(names("area")))
    by_area = pd.Series(met, names("area"))
    asked = places.states(facts, float(count[at_large].sum()))
    found = places.states_met(facts, by_area).reindex(asked.index)
    rests = ("unauthorized_population", "state_area_share")
    return _rows(
        "state (through areas)", list(asked.index), asked.to_numpy(), found.to_numpy(), "derived", rests
    )


def _rows(
    name: str, shown: list[str], asked: np.ndarray, met: np.ndarray, status: str, rests: tuple[str, ...]
) -> pd.DataFrame:
    gap = np.divide(met - asked, asked, out=np.zeros_like(asked), where=asked > 0)
    return pd.DataFrame(
        {
            "margin": name,
            "label": shown,
            "asked": asked,
            "met": met,
            "gap": gap,
            "status": status,
            "rests_on": ", ".join(rests),
        }
    )
