"""How many people there are, in each legal posture, on the docket and in each programme.

Every count is an Estimate: it says whether it is published for the date, and what it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass

from docketflow.core.errors import EvidenceError
from docketflow.core.vocabulary import labels
from docketflow.people.custody import EXPEDITED, NOTICE, custody_table, processed
from docketflow.people.facts import DAYS_PER_YEAR, Estimate, Facts, carry


@dataclass(frozen=True)
class Counts:
    """The totals of a date, before any trait."""

    total: Estimate
    pending: Estimate
    detained: Estimate
    detained_in_court: Estimate
    final_order: Estimate
    docket: Estimate
    awaiting_share: Estimate

    @property
    def proceedings(self) -> Estimate:
        """People at large with a pending case: the chosen series less the cases of detained people."""
        return self.pending - self.detained_in_court

    @property
    def docket_rest(self) -> Estimate:
        """People on the non-detained docket with neither a pending case nor a final order."""
        rest = self.docket - self.proceedings - self.final_order
        return rest * (1.0 if rest.value > 0 else 0.0)

    @property
    def awaiting_filing(self) -> Estimate:
        """The part of that rest whose notice to appear is not yet filed with a court."""
        return self.docket_rest * self.awaiting_share

    @property
    def docket_other(self) -> Estimate:
        """The remaining docket: appeals, closed and stale cases, people held by other systems."""
        return self.docket_rest - self.awaiting_filing

    @property
    def never_encountered(self) -> Estimate:
        """Everyone else: nothing to be filed, no case, no order, not detained (`docket_other` included)."""
        return self.total - self.proceedings - self.final_order - self.detained - self.awaiting_filing

    def of(self, posture: str) -> float:
        """Return the people of one posture."""
        return float(getattr(self, posture).value)


def counts(facts: Facts) -> Counts:
    """Return the totals of the date.

    Raises
    ------
    EvidenceError
        No figures reach the date.
    """
    earliest, latest = facts.series["days"]
    if not earliest <= facts.date <= latest:
        raise EvidenceError(
            f"people can be built for a day from {earliest} to {latest}, not for {facts.date}"
        )
    custody = custody_table(facts)
    detained = custody.total
    in_court = facts.on_date("proceedings_detained")
    if in_court.status != "published":
        # those with a notice, and of those under expedited removal the ones with a fear found
        after_fear = facts.parameter("population.detained_after_fear")
        in_court = processed(facts, NOTICE) + processed(facts, EXPEDITED) * after_fear
    return Counts(
        total=total(facts),
        pending=facts.on_date("proceedings"),
        detained=detained,
        detained_in_court=in_court,
        final_order=facts.on_date("final_order"),
        docket=facts.on_date("docket"),
        awaiting_share=facts.parameter("population.awaiting_filing_share"),
    )


def total(facts: Facts) -> Estimate:
    """Return the whole population: the mean of the published estimates, carried past the last by growth."""
    return anchor(facts) + growth(facts)


def anchor(facts: Facts) -> Estimate:
    """Return the mean of the published estimates on the date, or on the day of the last one."""
    day = facts.date.toordinal()
    held = []
    for name in facts.series["population"]:
        points = facts.points("population", name)
        if day >= points[0][0]:
            held.append(carry(points, min(day, points[-1][0])))
    if not held:
        raise EvidenceError(
            f"no estimate of the population before {facts.date}; add rows to people/series.yaml"
        )
    rests = tuple(id for estimate in held for id in estimate.rests)
    mean = Estimate(sum(estimate.value for estimate in held) / len(held), "derived", rests)
    return mean * facts.parameter("population.level")


def growth(facts: Facts) -> Estimate:
    """Return the net growth since the last published estimate."""
    last = max(facts.points("population", name)[-1][0] for name in facts.series["population"])
    years = max(0.0, (facts.date.toordinal() - last) / DAYS_PER_YEAR)
    return facts.parameter("population.growth_per_year") * years


def programmes(facts: Facts) -> dict[str, Estimate]:
    """Return the headcount of each programme that gives a status, overlaps between programmes still in."""
    arrived = facts.parameter("population.uniting_for_ukraine_arrived")
    ukraine = facts.on_date("uniting_for_ukraine") * arrived
    other_parole = facts.on_date("chnv") + ukraine + facts.on_date("allies_welcome")
    applications = facts.on_date("status", "asylum_affirmative")
    heads = {
        "parole_cbp_one": facts.on_date("status", "parole_cbp_one"),
        "parole_other": other_parole,
        "tps": facts.on_date("status", "tps"),
        "daca": facts.on_date("status", "daca"),
        "asylum_affirmative": applications * facts.parameter("population.asylum_persons_per_application"),
    }
    kept = facts.shares("population.kept")
    return {
        name: heads[name]
        if kept[name] == 1
        else heads[name] * Estimate(kept[name], "assumed", ("population.kept",))
        for name in labels("status")
        if name != "none"
    }
