"""Every margin of a date: what is asked of the cells, and where margins had to give way to each other.

A margin is a table over one or two traits, for the cells that fit its `where`. Sums that two sources put apart
are scaled to the posture totals, and every scaling is said in a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from docketflow.people import counts as many
from docketflow.people import nationality, places
from docketflow.people.counts import Counts
from docketflow.people.facts import Estimate, Facts, carry, weakest

AT_LARGE = ("never_encountered", "proceedings", "final_order")
SMALLEST_SLACK = 1.02  # a group total is kept at least this far above the people already counted in it


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
        *_status(facts, totals),
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
    rest = totals.docket_rest.value
    asked = pd.Series(
        {
            ("never_encountered", "none"): totals.never_encountered.value - rest,
            ("never_encountered", "on_docket"): rest,
            ("proceedings", "on_docket"): totals.proceedings.value,
            ("final_order", "on_docket"): totals.final_order.value,
            ("detained", "on_docket"): totals.detained.value,
        }
    ).rename_axis(["posture", "docket"])
    parts = (totals.total, totals.pending, totals.final_order, totals.docket, totals.detained)
    rests = tuple(dict.fromkeys(id for part in parts for id in part.rests))
    return Margin("posture", asked, weakest(*(part.status for part in parts)), rests)


def _status(facts: Facts, totals: Counts) -> list[Margin]:
    _, sums = programme_counts(facts)
    court = facts.shares("population.in_proceedings")
    order = facts.shares("population.with_final_order")
    cells: dict[tuple[str, str], float] = {}
    left = {
        "never_encountered": totals.never_encountered.value,
        "proceedings": totals.proceedings.value,
        "final_order": totals.final_order.value,
    }
    for name, head in sums.items():
        parts = {"proceedings": court[name], "final_order": order[name]}
        parts["never_encountered"] = 1 - sum(parts.values())
        for posture, share in parts.items():
            cells[posture, name] = head.value * share
            left[posture] -= head.value * share
    cells |= {(posture, "none"): rest for posture, rest in left.items()}
    asked = pd.Series(cells).rename_axis(["posture", "status"])
    rests = ("population.in_proceedings", "population.with_final_order")
    return [Margin("posture by status", asked, "assumed", rests, {"posture": AT_LARGE})]


def _nationality(facts: Facts, totals: Counts, notes: list[str]) -> list[Margin]:
    by_status, sums = programme_counts(facts)
    court = facts.shares("population.in_proceedings")
    order = facts.shares("population.with_final_order")
    postures = {
        "proceedings": (nationality.proceedings(facts, totals), "derived", ("pop_0380", "CRT0071")),
        "final_order": (nationality.final_orders(facts, totals.final_order.value), "derived", ("pop_0378",)),
        "detained": (nationality.detained(facts, totals.detained.value), "derived", ()),
    }
    counted = sum((series for series, _, _ in postures.values()), pd.Series(0.0, nationality.nations()))
    for name, people in by_status.items():
        counted = counted + people * (1 - court[name] - order[name])
    everyone = _above(nationality.everyone(facts), counted * SMALLEST_SLACK, notes)
    births = tuple(facts.series["births"].values())
    found = [Margin("nationality", series("nationality", everyone), "derived", births)]
    for posture, (people, status, rests) in postures.items():
        where = {"posture": (posture,)}
        found.append(Margin(f"nationality, {posture}", series("nationality", people), status, rests, where))
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
            f"nationality {name}: the estimate by birth gives {wanted[name]:,.0f}, people counted in court, with "
            f"an order or in a programme {least[name]:,.0f}; the second is used, the other groups scaled down"
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
            ("unauthorized_population MPI by state", "state_area_share", "population.harlingen_share"),
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
    table = many.custody_table(facts)
    held = table.set_index(["agency", "criminal"])["value"].astype(float)
    reinstated = many.dispositions(facts, "reinstatement_I871")
    rest = totals.detained.value - totals.detained_in_court.value - reinstated.value
    order = facts.shares("population.detained_order") * rest
    order["none"], order["reinstated"] = totals.detained_in_court.value, reinstated.value
    counsel = facts.parameter("population.detained_counsel").value
    asked = {"no": totals.detained.value * (1 - counsel), "yes": totals.detained.value * counsel}
    in_court = (*totals.detained_in_court.rests, *reinstated.rests, "population.detained_order")
    return [
        Margin("detained by agency and class", held, "published", tuple(table["id"]), where),
        Margin("order, detained", series("order", order), "assumed", in_court, where),
        Margin("counsel, detained", series("counsel", asked), "derived", ("CRT0311",), where),
    ]


def _traits(facts: Facts, totals: Counts) -> list[Margin]:
    posture_totals = {
        "never_encountered": totals.never_encountered.value,
        "proceedings": totals.proceedings.value,
        "final_order": totals.final_order.value,
        "detained": totals.detained.value,
    }
    years = facts.shares("population.years_of")
    of = years * years.index.get_level_values(0).map(posture_totals)
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
    agency = facts.shares("population.docket_agency") * totals.docket_rest.value
    found.append(
        Margin(
            "agency, rest of the docket",
            series("agency", agency),
            "assumed",
            ("population.docket_agency",),
            {"posture": ("never_encountered",), "docket": ("on_docket",)},
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
    where = {"posture": AT_LARGE, "docket": ("on_docket",)}
    return Margin(
        "criminal, non-detained docket", series("criminal", asked), "derived", first + second, where
    )
