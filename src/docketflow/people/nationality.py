"""From where: people by nationality group, in all, in each posture and in each programme.

Published rows by country are grouped by `countries.csv`; where a table lumps countries together, its rest is
split by all-time court cases of the groups it does not name.
"""

from __future__ import annotations

import pandas as pd

from docketflow.core.vocabulary import labels
from docketflow.evidence import Figure
from docketflow.people.counts import Counts, anchor, growth
from docketflow.people.facts import Facts, groups, subgroup

LUMPED = ("Other", "Others")


def nations() -> list[str]:
    """Return the nationality groups."""
    return list(labels("nationality"))


def by_citizenship(facts: Facts, rows: list[Figure]) -> pd.Series:
    """Return rows of a table by citizenship summed by group, with the lumped rest split."""
    found, rest = pd.Series(0.0, nations()), 0.0
    for row in rows:
        country = subgroup(row, "citizenship")
        if country in LUMPED:
            rest += row.value
        elif country in groups():
            found[groups()[country]] += row.value
    return found + rest * _shares_of_unnamed(facts, found)


def court_weights(facts: Facts) -> pd.Series:
    """Return all-time court cases by group: relative weights, never levels."""
    found = pd.Series(0.0, nations())
    for row in facts.rows("casefile_cases_alltime"):
        country = row.subgroup.removeprefix("nationality ")[3:]
        if row.subgroup.startswith("nationality ") and country in groups():
            found[groups()[country]] += row.value
    return found


def _shares_of_unnamed(facts: Facts, found: pd.Series) -> pd.Series:
    weights = court_weights(facts).where(found == 0, 0.0)
    return weights / weights.sum()


def _begun(facts: Facts, rows: list[Figure]) -> list[Figure]:
    """Return the rows whose period has begun; before all of them, those of the first period."""
    begun = [row for row in rows if row.period_start < facts.date]
    first = min(row.period_start for row in rows)
    return begun or [row for row in rows if row.period_start == first]


def inflow(facts: Facts) -> pd.Series:
    """Return shares by group of people released at the border or paroled in the last year of record.

    Before the first year of record, those of the first.
    """
    released = [r for r in facts.rows("cbp_swb_bookouts_by_citizenship") if r.period_start.month == 10]
    paroled = facts.rows("chnv_paroles")
    flow = pd.Series(0.0, nations())
    for rows in (released, paroled):
        recent = _begun(facts, rows)
        last = max(r.period_end for r in recent)
        flow += by_citizenship(facts, [r for r in recent if r.period_end == last])
    return flow / flow.sum()


def everyone(facts: Facts) -> pd.Series:
    """Return the whole population by group: Pew's births scaled to the anchor, plus growth by inflow."""
    births = pd.Series(0.0, nations())
    for name, id in facts.series["births"].items():
        births[name] = facts.figure(id).value
    for region, rule in facts.series["regions"].items():
        left = facts.figure(rule["figure"]).value - births[rule["without"]].sum()
        births += left * facts.by("nationality", f"population.split.{region}")
    return births / births.sum() * anchor(facts).value + inflow(facts) * growth(facts).value


def final_orders(facts: Facts, total: float) -> pd.Series:
    """Return unexecuted final orders by group, the published table scaled to the date."""
    found, rest = pd.Series(0.0, nations()), 0.0
    for row in facts.rows("final_orders_unexecuted"):
        country = subgroup(row, "citizenship")
        if country in groups():
            found[groups()[country]] += row.value
        elif country:
            rest += row.value
    found += rest * facts.by("nationality", "population.split.final_orders_not_listed")
    return found / found.sum() * total


def docket(facts: Facts, total: float) -> pd.Series:
    """Return the non-detained docket by group: the table of FY2023, grown by inflow to the date's total."""
    rows = facts.rows("ice_non_detained_docket")
    table = [r for r in rows if subgroup(r, "citizenship")]
    first = min(r.period_end for r in table)
    named = by_citizenship(facts, [r for r in table if r.period_end == first])
    base = next(value for day, value, _ in facts.points("docket") if day == first.toordinal())
    named += (base - named.sum()) * _shares_of_unnamed(facts, named)
    moved = named + inflow(facts) * (total - base)
    return moved.clip(lower=0.0) / moved.clip(lower=0.0).sum() * total


def proceedings(facts: Facts, counts: Counts) -> pd.Series:
    """Return people at large with a pending case by group: the docket less final orders, to the total."""
    left = docket(facts, counts.docket.value) - final_orders(facts, counts.final_order.value)
    left = left.clip(lower=0.0)
    return left / left.sum() * counts.proceedings.value


def awaiting_filing(facts: Facts, counts: Counts) -> pd.Series:
    """Return people whose notice is not yet filed by group: in the proportions of pending cases."""
    return proceedings(facts, counts) * (counts.awaiting_filing.value / counts.proceedings.value)


def detained(facts: Facts, total: float) -> pd.Series:
    """Return detained people by group, by the book-ins of the fiscal year that ends nearest the date."""
    rows = facts.rows("ice_detention_book_ins_by_citizenship_ohss")
    nearest = min({r.period_end for r in rows}, key=lambda day: abs((day - facts.date).days))
    found = by_citizenship(facts, [r for r in rows if r.period_end == nearest])
    return found / found.sum() * total


def _tps(facts: Facts) -> list[Figure]:
    """Return holders of TPS by country: the table in use since 2023, before it that of the nearest day."""
    table = facts.rows("tps_holders")
    if facts.date >= min(row.period_end for row in table):
        return table
    earlier = [row for row in facts.rows("tps_holders_on_date") if subgroup(row, "citizenship")]
    near = min({row.period_end for row in earlier}, key=lambda day: abs((day - facts.date).days))
    return [row for row in earlier if row.period_end == near]


def programme_shares(facts: Facts) -> dict[str, pd.Series]:
    """Return each programme's shares by group, before overlaps."""
    cbp_one = _begun(facts, facts.rows("cbp_one_appointments"))
    other = by_citizenship(facts, _begun(facts, facts.rows("chnv_paroles")))
    ukraine = facts.on_date("uniting_for_ukraine") * facts.parameter("population.uniting_for_ukraine_arrived")
    europe_asia = groups()["Ukraine"]
    other *= facts.on_date("chnv").value / other.sum()
    other[europe_asia] += ukraine.value + facts.on_date("allies_welcome").value
    if other.sum() == 0:  # nobody holds it yet; the shares are of no one
        other[europe_asia] = 1.0
    found = {
        "parole_cbp_one": by_citizenship(facts, cbp_one),
        "parole_other": other,
        "tps": by_citizenship(facts, _tps(facts)),
        "daca": facts.by("nationality", "population.daca_nationality"),
        "asylum_affirmative": facts.by("nationality", "population.asylum_affirmative_nationality"),
    }
    return {name: series / series.sum() for name, series in found.items()}
