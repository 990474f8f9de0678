"""The bridge from ICE's non-detained docket to pending cases, final orders and the rest.

The docket is larger than court cases and final orders together: by how much, and what is known of the rest.
"""

from __future__ import annotations

import pandas as pd

from docketflow.people.counts import Counts
from docketflow.people.facts import Estimate, Facts
from docketflow.people.margins import programme_counts


def bridge(facts: Facts, totals: Counts) -> pd.DataFrame:
    """Return the bridge as rows that add up: line, people, status, what it rests on."""
    _, sums = programme_counts(facts)
    share = facts.shares("population.in_proceedings")["parole_cbp_one"]
    cbp_one = Estimate(
        sums["parole_cbp_one"].value * (1 - share), "assumed", ("population.in_proceedings", "GBX04378")
    )
    unexplained = totals.docket_rest - cbp_one
    lines = [
        ("cases pending in court (2025 ledger, inactive included)", totals.pending),
        ("less those of detained people", totals.detained_in_court * -1.0),
        ("pending cases of people at large", totals.proceedings),
        ("unexecuted final orders at large", totals.final_order),
        ("rest of the docket", totals.docket_rest),
        ("of which CBP One parolees whose case is not yet in court", cbp_one),
        (
            "of which others: released with a notice not yet filed, appeals, closed and stale cases",
            unexplained,
        ),
        ("ICE non-detained docket", totals.docket),
        (
            "people off the docket (never encountered, or with a programme and no case)",
            totals.never_encountered - totals.docket_rest,
        ),
        ("detained by ICE", totals.detained),
        ("whole population", totals.total),
    ]
    return pd.DataFrame(
        [(line, round(people.value), people.status, ", ".join(people.rests)) for line, people in lines],
        columns=["line", "people", "status", "rests_on"],
    )
