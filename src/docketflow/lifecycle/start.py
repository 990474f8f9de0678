"""Where people stand on the first day: postures become places to start from, with time already spent.

`place` splits a posture over several places by published or assumed shares; it draws no luck.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from operator import sub
from typing import TYPE_CHECKING

import numpy as np

from docketflow.core.errors import UsageError, unknown
from docketflow.core.quantity import Quantity, Resolve, Table, p, quantity
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    Decision,
    Op,
    Stage,
    Start,
    join,
    lognormal,
    mark,
    put,
    take,
    to,
    uniform,
)
from docketflow.engine.declare.vocabulary import start as start_clock
from docketflow.lifecycle.court.relief import ASKED
from docketflow.lifecycle.custody import LEAVING, released
from docketflow.lifecycle.custody.stay import counted
from docketflow.lifecycle.part import Part, exclusive

if TYPE_CHECKING:
    import pandas as pd

# --- people already in custody: the rest of a stay begun earlier, ended as stays ended in the last quarter
BEFORE = Stage(
    "held_from_before",
    lognormal(p("start.custody.median_days"), p("start.custody.sigma")),
    "held_before_ends",
)
_REMOVED, _PAROLED, _RECOGNIZED, _BONDED, _SUPERVISED, _RELIEVED = exclusive(
    p("start.custody.removed_share"),
    p("start.custody.paroled_share"),
    p("start.custody.recognizance_share"),
    p("start.custody.bond_share"),
    p("start.custody.supervision_share"),
    p("start.custody.relief_share"),
)
BEFORE_ENDS = Decision(
    "held_before_ends",
    [
        to("removal_under_earlier_order", share=_REMOVED),
        released("parole", _PAROLED),
        released("recognizance", _RECOGNIZED),
        released("bond", _BONDED),
        to("released_from_custody", share=_SUPERVISED,
           do=[put("exit", "supervision"), *LEAVING, put("docket", "ordered"), put("order", "judge")]),
        to("nothing_on_file", share=_RELIEVED,
           do=[put("exit", "relief_or_terminated"), *LEAVING, put("docket", "none"), join("not_detained")]),
        to("in_other_custody", do=[put("exit", "other"), *LEAVING]),
    ],
)  # fmt: skip
_ORDERED = ["expedited", "reinstated", "administrative", "judge", "stipulated", "in_absentia"]
_NOT_YET = ["none", "voluntary_departure"]
EARLIER_ORDER = Decision(
    "removal_under_earlier_order",
    [
        to("removal_arranged", when={"order": _ORDERED}),
        to(
            "removal_arranged",
            when={"order": _NOT_YET, "agency": ["none", "cbp"]},
            do=[put("order", "expedited")],
        ),
        to("removal_arranged", when={"order": _NOT_YET, "agency": "ice"}, do=[put("order", "judge")]),
    ],
)


def _held(agency: str, criminal: str) -> tuple[Op, ...]:
    return (
        *(put("agency", agency), put("custody", "yes"), put("detention", "yes"), mark("first")),
        *(take("detention.beds"), *counted(agency, criminal), start_clock("tenure_180")),
        start_clock("habeas"),
    )


_PENDING: tuple[Op, ...] = (put("docket", "pending"), mark("second"), join("not_detained"))
_UNFILED: tuple[Op, ...] = (put("docket", "awaiting_filing"), join("not_detained"))
_IN_LINE = uniform(0, p("start.pending.longest_wait_days"))
STARTS = (
    Start("start.never_encountered", "nothing_on_file", do=(join("not_detained"),)),
    Start(
        "start.awaiting_filing",
        "awaiting_filing",
        do=_UNFILED,
    ),
    Start("start.master", "master", spent=_IN_LINE, do=_PENDING),
    *(
        Start(f"start.merits.{kind}", "merits", spent=_IN_LINE, do=(*_PENDING, put("relief", kind)))
        for kind in ASKED
    ),
    Start("start.dormant_notice", "dormant_notice", do=_UNFILED),
    Start("start.appeal", "appeal", spent=_IN_LINE, do=(*_PENDING, put("order", "judge"))),
    Start("start.inactive", "inactive", do=_PENDING),
    Start(
        "start.ordered",
        "ordered_not_detained",
        do=(put("docket", "ordered"), put("bar", "unsettled"), join("not_detained")),
    ),
    *(
        Start(
            f"start.detained_after_{agency}_arrest.{criminal}",
            "held_from_before",
            spent="equilibrium",
            do=_held(agency, criminal),
        )
        for agency in ("cbp", "ice")
        for criminal in labels("criminal")
    ),
)

_OTHERS = tuple((kind, p(f"start.pending.{kind}_share")) for kind in ASKED if kind != "asylum")
_ASKED = (*_OTHERS, ("asylum", functools.reduce(sub, (share for _, share in _OTHERS), quantity(1))))

# Posture to places: for whom, and the share of the posture; the last place takes the rest.
PLACES: dict[str, Sequence[tuple[str, Quantity | None]]] = {
    "never_encountered": [("start.never_encountered", None)],
    # Nobody's count holds appeals apart: they are in what the docket holds beside cases in court and orders.
    "awaiting_filing": [
        ("start.appeal", p("start.unfiled.appeal_share")),
        ("start.dormant_notice", p("start.unfiled.dormant_share")),
        ("start.awaiting_filing", None),
    ],
    "proceedings": [
        ("start.inactive", p("start.pending.inactive_share")),
        *(
            (f"start.merits.{kind}", p("start.pending.set_for_merits_share") * share)
            for kind, share in _ASKED
        ),
        ("start.master", None),
    ],
    "final_order": [("start.ordered", None)],
}


def start() -> Part:
    """Return the places people start from."""
    return Part(nodes=(BEFORE, BEFORE_ENDS, EARLIER_ORDER), starts=STARTS)


def read_by_place() -> frozenset[str]:
    """Return the parameters that `place` reads."""
    return frozenset().union(
        *(share.paths() for ways in PLACES.values() for _, share in ways if share is not None)
    )


def place(cells: pd.DataFrame, resolve: Resolve, date: dt.date) -> pd.DataFrame:
    """Return the cells of a population with a ``start`` column, split over the places of their posture.

    Parameters
    ----------
    cells : DataFrame with ``posture``, traits and ``count``
    resolve : parameter path to its dated value
    date : the first day

    Raises
    ------
    UsageError
        A posture that has no place to start from.
    """
    import pandas as pd

    parts = []
    for posture, group in cells.groupby("posture", sort=False, observed=True):
        if posture == "detained":
            by_ice = group["agency"].astype(str) == "ice"
            criminal = group["criminal"].astype(str) if "criminal" in group else labels("criminal")[0]
            parts.append(
                group.assign(start="start.detained_after_" + by_ice.map({True: "ice", False: "cbp"})
                             + "_arrest." + criminal)
            )  # fmt: skip
            continue
        if posture not in PLACES:
            raise UsageError(unknown("posture", str(posture), {*PLACES, "detained"}, "the population"))
        ways = PLACES[str(posture)]
        shares = [0.0 if share is None else _number(share, resolve, date) for _, share in ways]
        split = _split(group["count"].to_numpy(dtype=np.int64), shares)
        parts += [group.assign(start=name, count=taken) for (name, _), taken in zip(ways, split, strict=True)]
    placed = pd.concat(parts, ignore_index=True)
    return placed[placed["count"] > 0].drop(columns="posture").reset_index(drop=True)


def _number(share: Quantity, resolve: Resolve, date: dt.date) -> float:
    value = share.evaluate(resolve).at(date.toordinal())
    if isinstance(value, Table):
        raise UsageError(f"{share} must be one number, not a table")
    return value


def _split(counts: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Return whole numbers of each count near the shares, a row a share; the last takes the rest.

    Each count begins at the next multiple of the root of two, less its whole part: so spread, small counts
    add up to the shares too.
    """
    ends = np.minimum(np.cumsum(shares[:-1]), 1.0)
    begins = np.modf(np.arange(1, len(counts) + 1) * np.sqrt(2))[0]
    upto = np.floor(np.outer(ends, counts) + begins).astype(np.int64)
    return np.diff(np.vstack([np.zeros_like(counts), upto, counts]), axis=0)
