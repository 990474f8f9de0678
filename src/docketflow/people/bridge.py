"""The bridge from ICE's non-detained docket to pending cases, final orders and the rest.

The docket is larger than court cases and final orders together: by how much, and what is known of the rest.
"""

from __future__ import annotations

import pandas as pd

from docketflow.people.counts import Counts


def bridge(totals: Counts) -> pd.DataFrame:
    """Return the bridge as rows that add up: line, people, status, what it rests on."""
    lines = [
        ("cases pending in court (2025 ledger, inactive included)", totals.pending),
        ("less the cases of detained people", totals.detained_in_court * -1.0),
        ("= pending cases of people not detained", totals.proceedings),
        ("+ unexecuted final orders, not detained", totals.final_order),
        ("+ notice to appear not yet filed", totals.awaiting_filing),
        (
            "+ other docket: appeals, closed and stale cases, people held by other systems",
            totals.docket_other,
        ),
        ("= ICE non-detained docket", totals.docket),
        (
            "+ off the docket: never encountered, or in a programme and no case",
            totals.total - totals.docket - totals.detained,
        ),
        ("+ detained by ICE", totals.detained),
        ("= whole population", totals.total),
    ]
    return pd.DataFrame(
        [(line, round(people.value), people.status, ", ".join(people.rests)) for line, people in lines],
        columns=["line", "people", "status", "rests_on"],
    )
