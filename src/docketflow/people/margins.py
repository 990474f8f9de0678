"""Every margin of a date: what is asked of the cells, and where margins had to give way to each other.

A margin is a table over one or two traits, for the cells that fit its `where`. Sums that two sources put
apart are scaled to the posture totals, and every scaling is said in a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from docketflow.people import counts as many
from docketflow.people import nationality, places
from docketflow.people.counts import Counts
from docketflow.people.custody import REINSTATED, custody_table, processed
from docketflow.people.facts import Estimate, Facts, carry, weakest
from docketflow.people.frame import POSTURES

AT_LARGE = ("never_encountered", "awaiting_filing", "proceedings", "final_order")
DOCKET_ROWS = ("ice_non_detained_docket", "final_orders_unexecuted", "casefile_cases_alltime")
SMALLEST_SLACK = 1.05  # a group total is kept at least this far above the people already counted in it


@dataclass(frozen=True)
class Margin:
    """What is asked: a total for each label, for the cells that fit `where`."""

    name: str
    asked: pd.Series
    status: str
    rests: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def by(self) -> tuple[str, ...]:
        """The traits of the table."""
        return tuple(str(name) for name in self.asked.index.names)


def series(trait: str, values: Mapping[str, float] | pd.Series) -> pd.Series:
    """Return a one-trait table."""
    return pd.Series(values, dtype=float).rename_axis(trait)


def margins(facts: Facts, totals: Counts) -> tuple[list[Margin], list[str]]:
    """Return all margins of the date, the exact ones last, and notes on those that gave way."""
    notes: list[str] = []
    found = [
        *_traits(facts, totals),
        *_custody(facts, totals),
        *_places(facts, totals),
        *_nationality(facts, totals, notes),
        _status(facts, totals),
        _posture(totals),
    ]
    return found, notes


def programme_counts(facts: Facts) -> tuple[dict[str, pd.Series], dict[str, Estimate]]:
    """Return people by group in each status, each person in one status, and the sums.

    Who holds TPS or DACA is counted there; then CBP One parole, other parole, and last an affirmative claim.
    """
    heads, shares = many.programmes(facts), nationality.programme_shares(facts)
    found: dict[str, pd.Series] = {}
    sums: dict[str, Estimate] = {}
    for name, head in heads.items():
        kept = pd.Series(1.0, nationality.nations())
        rests: tuple[str, ...] = ()
        if name in ("parole_cbp_one", "parole_other"):
            rests = (f"population.overlap.{name}_with_tps",)
            kept -= facts.by("nationality", rests[0])
        if name == "asylum_affirmative":
            rests = ("population.overlap.asylum_with_tps_or_parole",)
            kept -= facts.parameter(rests[0]).value
        found[name] = series("nationality", head.value * shares[name] * kept)
        standing = weakest(head.status, "assumed") if rests else head.status
        sums[name] = Estimate(float(found[name].sum()), standing, head.rests + rests)
    return found, sums


def _posture(totals: Counts) -> Margin:
    other = totals.docket_other.value
    people = {(posture, "yes"): totals.of(posture) for posture in POSTURES}
    people["never_encountered", "yes"] = other
    people["never_encountered", "no"] = totals.never_encountered.value - other
    asked = pd.Series(people).rename_axis(["posture", "listed"])
    parts = (
        totals.total,
        totals.pending,
        totals.final_order,
        totals.docket,
        totals.detained,
        totals.awaiting_share,
    )
    rests = tuple(dict.fromkeys(id for part in parts for id in part.rests))
    return Margin("posture", asked, weakest(*(part.status for part in parts)), rests)


def _status(facts: Facts, totals: Counts) -> Margin:
    """Return each posture at large by status; whoever has no status is the rest of the posture."""
    _, sums = programme_counts(facts)
    heads = {name: head.value for name, head in sums.items()}
    asked = facts.shares("population.posture_of")
    asked = asked * [heads[status] for status in asked.index.get_level_values("status")]
    held = asked.groupby("posture").sum()
    for posture in AT_LARGE:
        asked["none", posture] = totals.of(posture) - held[posture]
    rests = tuple(dict.fromkeys(id for head in sums.values() for id in head.rests))
    return Margin(
        "posture by status", asked, "assumed", ("population.posture_of", *rests), {"posture": AT_LARGE}
    )


def _nationality(facts: Facts, totals: Counts, notes: list[str]) -> list[Margin]:
    by_status, sums = programme_counts(facts)
    off_docket = facts.shares("population.posture_of")[:, "never_encountered"]
    postures = {
        "awaiting_filing": nationality.awaiting_filing(facts, totals),
        "proceedings": nationality.proceedings(facts, totals),
        "final_order": nationality.final_orders(facts, totals.final_order.value),
        "detained": nationality.detained(facts, totals.detained.value),
    }
    rests = {
        "awaiting_filing": DOCKET_ROWS,
        "proceedings": DOCKET_ROWS,
        "final_order": ("final_orders_unexecuted", "population.split.final_orders_not_listed"),
        "detained": ("ice_detention_book_ins_by_citizenship_ohss",),
    }
    counted = sum(postures.values(), pd.Series(0.0, nationality.nations()))
    for name, people in by_status.items():
        counted = counted + people * off_docket[name]
    everyone = _above(nationality.everyone(facts), counted * SMALLEST_SLACK, notes)
    births = tuple(facts.series["births"].values())
    births += tuple(rule["figure"] for rule in facts.series["regions"].values())
    found = [Margin("nationality", series("nationality", everyone), "derived", births)]
    for posture, people in postures.items():
        where = {"posture": (posture,)}
        asked = series("nationality", people)
        found.append(Margin(f"nationality, {posture}", asked, "derived", rests[posture], where))
    for name, people in by_status.items():
        where = {"status": (name,)}
        found.append(Margin(f"nationality, {name}", people, sums[name].status, sums[name].rests, where))
    return found


def _above(wanted: pd.Series, least: pd.Series, notes: list[str]) -> pd.Series:
    """Raise groups below what is already counted in them, and scale the others to the same total."""
    low = wanted < least
    while True:
        found = wanted.where(~low, least)
        rest = wanted.sum() - least[low].sum()
        found[~low] = wanted[~low] * rest / wanted[~low].sum()
        again = low | (found < least - 0.5)
        if (again == low).all():
            break
        low = again
    for name in wanted.index[low]:
        notes.append(
            f"nationality {name}: the estimate by birth gives {wanted[name]:,.0f}, people with a case, order "
            f"or programme (and 5% more) {least[name]:,.0f}; the second is used, the other groups scaled down"
        )
    return found


def _places(facts: Facts, totals: Counts) -> list[Margin]:
    at_large = totals.total.value - totals.detained.value
    detained = places.detained(facts, totals.detained.value)
    court = places.proceedings(facts, totals.proceedings.value)
    return [
        Margin(
            "area, proceedings",
            series("area", court),
            "derived",
            ("court_case_share_by_area", "population.court_share_weight"),
            {"posture": ("proceedings",)},
        ),
        Margin(
            "area",
            series("area", places.everyone(facts, at_large)),
            "derived",
            ("unauthorized_population", "state_area_share", "population.harlingen_share"),
            {"posture": AT_LARGE},
        ),
        Margin(
            "area, detained",
            series("area", detained),
            "derived",
            ("detention_adp_by_place",),
            {"posture": ("detained",)},
        ),
    ]


def _custody(facts: Facts, totals: Counts) -> list[Margin]:
    where = {"posture": ("detained",)}
    custody = custody_table(facts)
    reinstated = processed(facts, REINSTATED)
    rest = totals.detained.value - totals.detained_in_court.value - reinstated.value
    order = facts.shares("population.detained_order") * rest
    order["none"], order["reinstated"] = totals.detained_in_court.value, reinstated.value
    counsel = facts.parameter("population.detained_counsel").value
    asked = {"no": totals.detained.value * (1 - counsel), "yes": totals.detained.value * counsel}
    in_court = (*totals.detained_in_court.rests, *reinstated.rests, "population.detained_order")
    return [
        Margin("detained by agency and class", custody.people, custody.status, custody.rests, where),
        Margin("order, detained", series("order", order), "assumed", in_court, where),
        Margin("counsel, detained", series("counsel", asked), "derived", ("CRT0311",), where),
    ]


def _traits(facts: Facts, totals: Counts) -> list[Margin]:
    years = facts.shares("population.years_of")
    of = years * [totals.of(str(posture)) for posture in years.index.get_level_values(0)]
    found = [
        Margin(
            "years by posture",
            of.rename_axis(["posture", "years"]),
            facts.standing("population.years_of"),
            ("population.years_of",),
            {"posture": tuple(dict.fromkeys(years.index.get_level_values(0)))},
        )
    ]
    for trait in ("years", "entry"):
        path = f"population.{trait}"
        asked = series(trait, facts.shares(path) * totals.total.value)
        found.append(Margin(trait, asked, facts.standing(path), (path,)))
    found.append(_crime(facts, totals))
    family = facts.shares("population.proceedings_family") * totals.proceedings.value
    where = {"posture": ("proceedings",)}
    found.append(
        Margin(
            "family, proceedings",
            series("family", family),
            "derived",
            ("population.proceedings_family",),
            where,
        )
    )
    with_counsel, without = facts.on_date("represented"), facts.on_date("not_represented")
    share = with_counsel.value / (with_counsel.value + without.value)
    counsel = {"no": (1 - share) * totals.proceedings.value, "yes": share * totals.proceedings.value}
    rests = with_counsel.rests + without.rests
    found.append(Margin("counsel, proceedings", series("counsel", counsel), "derived", rests, where))
    kinds = facts.shares("population.final_order_kind") * totals.final_order.value
    found.append(
        Margin(
            "order, final_order",
            series("order", kinds),
            "assumed",
            ("population.final_order_kind",),
            {"posture": ("final_order",)},
        )
    )
    agency = facts.shares("population.docket_agency") * totals.docket_other.value
    found.append(
        Margin(
            "agency, other docket",
            series("agency", agency),
            "assumed",
            ("population.docket_agency",),
            {"posture": ("never_encountered",), "listed": ("yes",)},
        )
    )
    return found


def _crime(facts: Facts, totals: Counts) -> Margin:
    """Return criminal class on the non-detained docket, the counts of July 2024 scaled with the docket."""
    (day, convicted, first), *_ = facts.points("docket_convicted")
    (_, pending, second), *_ = facts.points("docket_pending_charges")
    then = carry(facts.points("docket"), day).value
    held = totals.proceedings.value + totals.final_order.value + totals.docket_rest.value
    scale = held / then
    asked = {
        "none": held - (convicted + pending) * scale,
        "pending": pending * scale,
        "convicted": convicted * scale,
    }
    where = {"posture": AT_LARGE, "listed": ("yes",)}
    return Margin(
        "criminal, non-detained docket", series("criminal", asked), "derived", first + second, where
    )
