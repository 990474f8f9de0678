"""Where people stand on the first day: postures become places to start from, with time already spent.

A posture has several places by published or assumed shares (`forked`, `shares`); no luck is drawn here.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from operator import sub
from typing import TYPE_CHECKING

import numpy as np

from docketflow.core.errors import UsageError, unknown
from docketflow.core.quantity import Known, Quantity, Resolve, Table, p, quantity
from docketflow.core.runs import RUN
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import Op, Start, join, mark, put, uniform
from docketflow.lifecycle.court.relief import ASKED
from docketflow.lifecycle.custody.alternatives import ON_FIRST_DAY
from docketflow.lifecycle.custody.children import IN_CARE_ALREADY
from docketflow.lifecycle.custody.first_day import CIRCUITS, read_on_first_day
from docketflow.lifecycle.custody.first_day import STARTS as HELD
from docketflow.lifecycle.custody.first_day import ways as where_held
from docketflow.lifecycle.part import Part

if TYPE_CHECKING:
    import pandas as pd

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
    Start("start.enrolled", "continued", spent="equilibrium", do=(*_PENDING, *ON_FIRST_DAY)),
    Start("start.merits", "merits", spent=_IN_LINE, do=_PENDING),
    Start("start.child_in_care", "children.with_hhs", spent="equilibrium", do=IN_CARE_ALREADY),
    Start("start.dormant_notice", "dormant_notice", do=_UNFILED),
    Start("start.appeal", "appeal", spent=_IN_LINE, do=(*_PENDING, put("order", "judge"))),
    Start("start.inactive", "inactive", do=_PENDING),
    Start(
        "start.ordered",
        "ordered_not_detained",
        do=(put("docket", "ordered"), put("bar", "unsettled"), join("not_detained")),
    ),
    *HELD,
)

_OTHERS = tuple((kind, p(f"start.pending.{kind}_share")) for kind in ASKED if kind != "asylum")
_ASKED = (*_OTHERS, ("asylum", functools.reduce(sub, (share for _, share in _OTHERS), quantity(1))))

# People who stand in one line begin at one start, so that the line is made at once: a trait tells them apart.
# Who asks for asylum on the merits has counsel.
_TRAITS = {
    f"start.merits.{kind}": {"relief": kind, **({"counsel": "yes"} if kind == "asylum" else {})}
    for kind in ASKED
}

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
        ("start.enrolled", p("start.pending.enrolled_share")),
        ("start.master", None),
    ],
    "final_order": [("start.ordered", None)],
}


# Who stands in no count: off ICE's docket, so that no agency arrested them, and without permission.
UNCOUNTED = {"start": "start.never_encountered", "status": "none", "agency": "none"}

_BY = ["agency", "criminal", "order"]


YOUNG = "children alone"
IN_CARE_SHARE = ("start.child_in_care", p("start.children.in_care_share"))


def start() -> Part:
    """Return the places people start from."""
    return Part(starts=STARTS)


def read_by_place() -> frozenset[str]:
    """Return the parameters that say where people of a posture stand."""
    return read_on_first_day().union(
        IN_CARE_SHARE[1].paths(),
        *(share.paths() for ways in PLACES.values() for _, share in ways if share is not None),
    )


Ways = Sequence[tuple[str, Quantity | None]]
"""Places and the share of each; the last has the rest."""


def forked(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells of a population, each at a ``start`` or a ``fork``, and the names of the forks.

    Parameters
    ----------
    cells : DataFrame with ``posture``, traits and ``count``

    Raises
    ------
    UsageError
        A posture that has no place to start from.
    """
    import pandas as pd

    given = {trait: labels(trait)[0] for trait in (*_BY, "area", "counsel") if trait not in cells}
    cells = cells.assign(**given)
    held = cells["posture"] == "detained"
    circuit = cells["area"].astype(str).where(held).map(CIRCUITS).fillna(labels("circuit")[0])
    cells = cells.assign(circuit=circuit, relief=labels("relief")[0])
    parts: list[pd.DataFrame] = []
    forks: list[str] = []
    for posture, group in cells.groupby("posture", sort=False, observed=True):
        if posture == "detained":
            groups = list(_held(group))
        elif posture in PLACES:
            groups = list(_apart(group, str(posture)))
        else:
            raise UsageError(unknown("posture", str(posture), {*PLACES, "detained"}, "the population"))
        for some, name in groups:
            ways = ways_of(name)
            if len(ways) == 1:
                parts.append(some.assign(start=ways[0][0], fork=-1))
            else:
                parts.append(some.assign(start="", fork=len(forks)))
                forks.append(name)
    found = pd.concat(parts, ignore_index=True)
    return found[found["count"] > 0].drop(columns="posture").reset_index(drop=True), forks


@functools.cache
def ways_of(fork: str) -> Ways:
    """Return where people of a fork stand, by its name: a posture, or whose arrest, class and order."""
    if fork == YOUNG:
        return [IN_CARE_SHARE, *PLACES["awaiting_filing"]]
    return PLACES[fork] if fork in PLACES else where_held(*fork.split())


def shares(forks: Sequence[str], resolve: Resolve, date: dt.date) -> list[np.ndarray]:
    """Return the shares of each fork's ways but the last [way, run], of one run or of several at once."""
    known = Known(resolve)
    return [
        np.array(np.broadcast_arrays(*(_number(share, known, date) for _, share in ways_of(fork)[:-1])))
        for fork in forks
    ]


def marks(place: str) -> tuple[str, Mapping[str, str]]:
    """Return the start that a place stands for, and the traits with which it marks people."""
    return ("start.merits" if place in _TRAITS else place), _TRAITS.get(place, {})


def _apart(cells: pd.DataFrame, posture: str) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield children alone who came of late, some of whom HHS has in care, and the others of a posture."""
    if not {"family", "years"} <= set(cells) or posture != "awaiting_filing":
        yield cells, posture
        return
    young = (cells["family"] == "unaccompanied_child") & (cells["years"] == labels("years")[0])
    yield cells[young], YOUNG
    yield cells[~young], posture


def _held(cells: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield people in custody by arrest, class and order, and the name of the fork where those stand."""
    for (agency, criminal, order), group in cells.groupby(_BY, sort=False, observed=True):
        yield group, f"{'ice' if agency == 'ice' else 'cbp'} {criminal} {order}"


def _number(share: Quantity | None, known: Known, date: dt.date) -> np.ndarray:
    value = quantity(0 if share is None else share).evaluate(known).at(date.toordinal())
    if isinstance(value, Table) and set(value.axes) != {RUN}:
        raise UsageError(f"{share} must be one number, not a table")
    return np.asarray(value.data if isinstance(value, Table) else [value])
