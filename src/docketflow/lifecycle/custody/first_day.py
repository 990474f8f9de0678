"""Where people in custody stand on the first day: by what stands on file, under the statute that holds them.

Time already spent where they stand is that of a steady state; clocks run as for anybody booked.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from docketflow.core.quantity import Quantity, p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import Op, Start, mark, put, start, take
from docketflow.lifecycle.custody.space import HERE
from docketflow.lifecycle.custody.stay import counted, on_file


class _Place(NamedTuple):
    at: str
    statute: str
    file: str
    do: tuple[Op, ...]


def _route(route: str) -> Op:
    return put("route", route)


_PENDING = (_route("notice_to_appear"), put("docket", "pending"), mark("second"))
_HEARD = (*_PENDING, put("relief", "asylum"))
_ORDERED = (put("docket", "ordered"), start("review_90"))
_CLOSED = start("giving_up_without_release")
_NTA = "notice_to_appear"
PLACES: Mapping[str, _Place] = {
    # expedited removal, INA 235(b)(1)
    "screening": _Place(
        "fear_screening", "ina_235b1", "expedited", (_route("expedited"), put("order", "none"))
    ),
    "expedited": _Place("travel_document", "ina_241a", "expedited", (_route("expedited"), *_ORDERED)),
    "paroled": _Place("awaiting_release.filed", "ina_235b1", "expedited", (*_PENDING, put("exit", "parole"))),
    "kept_after_fear": _Place("detained_preparation", "ina_235b1", "expedited", (*_HEARD, _CLOSED)),
    # a notice to appear, INA 236(a) and (c)
    "let_go": _Place(  # all of these have a case on file, whoever counted them
        "awaiting_release.filed", "ina_236a", _NTA, (*_PENDING, put("exit", "recognizance"))
    ),
    "asks_for_bond": _Place(
        "detained_preliminary", "ina_236a", _NTA, (*_PENDING, start("giving_up"), start("bond_hearing"))
    ),
    "before_hearing": _Place("detained_preliminary", "ina_236a", _NTA, (*_PENDING, start("giving_up"))),
    "after_hearing": _Place("detained_preparation", "ina_236a", _NTA, (*_HEARD, start("giving_up"))),
    "before_hearing_for_crime": _Place("detained_preliminary", "ina_236c", _NTA, (*_PENDING, _CLOSED)),
    "after_hearing_for_crime": _Place("detained_preparation", "ina_236c", _NTA, (*_HEARD, _CLOSED)),
    # an order reinstated, INA 241(a)(5)
    "reasonable_fear": _Place(
        "reasonable_fear", "ina_241a", "reinstated", (_route("reinstatement"), put("docket", "ordered"))
    ),
    "withholding_only": _Place(
        "detained_preparation",
        "ina_241a",
        "reinstated",
        (
            *(_route("reinstatement"), put("proceeding", "withholding_only"), put("docket", "ordered")),
            *(put("relief", "withholding_or_cat"), mark("second"), _CLOSED),
        ),
    ),
    "reinstated": _Place("travel_document", "ina_241a", "reinstated", (_route("reinstatement"), *_ORDERED)),
    # another final order, INA 241(a)
    "administrative": _Place("travel_document", "ina_241a", "other", (_route("administrative"), *_ORDERED)),
    "ordered": _Place("travel_document", "ina_241a", _NTA, (_route(_NTA), *_ORDERED)),
}


def _name(place: str, agency: str, criminal: str) -> str:
    return f"start.detained.{place}.{agency}.{criminal}"


def _held(place: _Place, agency: str, criminal: str) -> tuple[Op, ...]:
    return (
        *(put("agency", agency), put("custody", "yes"), put("detention", "yes"), mark("first")),
        *(take("detention.beds"), *counted(agency, criminal), *on_file(place.file)),
        *(put("authority", place.statute), take(f"detained.{place.statute}")),
        *(start("tenure_180"), start("habeas"), *place.do),
    )


STARTS = tuple(
    Start(_name(name, agency, criminal), place.at, spent="equilibrium", do=_held(place, agency, criminal))
    for name, place in PLACES.items()
    for agency, criminal in itertools.product(("ice", "cbp"), labels("criminal"))
)

_FEAR, _PAROLED = p("start.custody.credible_fear_share"), p("start.custody.awaiting_parole_share")
_CRIME, _LET_GO = p("charge.crime_share"), p("start.custody.awaiting_release_share")
_BEFORE, _ASKED = (
    p("start.custody.before_first_hearing_share"),
    p("bond.asked_share") * p("bond.open_share").pick(authority="ina_236a"),
)


def ways(agency: str, criminal: str, order: str) -> Sequence[tuple[str, Quantity | None]]:
    """Return where people held stand, by who made the arrest, class and order; the last has the rest."""

    def of(*places: tuple[str, Quantity | None]) -> Sequence[tuple[str, Quantity | None]]:
        return [(_name(place, agency, criminal), share) for place, share in places]

    if order == "expedited":
        return of(("screening", p("start.custody.screening_share")), ("expedited", None))
    if order == "reinstated":
        return of(
            ("reasonable_fear", p("start.custody.reasonable_fear_share")),
            ("withholding_only", p("start.custody.withholding_only_share")),
            ("reinstated", None),
        )
    if order != "none":
        return of(("administrative" if order == "administrative" else "ordered", None))
    fear = _FEAR.pick(agency=agency)
    crime = (1 - fear) * _CRIME.pick(criminal=criminal)
    rest = (1 - fear) * (1 - _CRIME.pick(criminal=criminal))
    let_go = _LET_GO.pick(agency=agency)
    return of(
        ("paroled", fear * _PAROLED),
        ("kept_after_fear", fear * (1 - _PAROLED)),
        ("before_hearing_for_crime", crime * _BEFORE),
        ("after_hearing_for_crime", crime * (1 - _BEFORE)),
        ("let_go", rest * let_go),
        ("asks_for_bond", rest * (1 - let_go) * _BEFORE * _ASKED),
        ("before_hearing", rest * (1 - let_go) * _BEFORE * (1 - _ASKED)),
        ("after_hearing", None),
    )


CIRCUITS = {area: circuit for circuit, areas in HERE.items() for area in areas}
"""The circuit of the places of each area."""


def read_on_first_day() -> frozenset[str]:
    """Return the parameters that `ways` reads."""
    every = itertools.product(("ice", "cbp"), labels("criminal"), labels("order"))
    shares = (share for who in every for _, share in ways(*who) if share is not None)
    return frozenset().union(*(share.paths() for share in shares))
