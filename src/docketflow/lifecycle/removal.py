"""Removal carried out: a seat by charter, commercial flight or over land, and one record of the departure.

Every counting rule is a filter on that record: who arrested, who removed, under what order or none, how,
to where, and whether the person left through immigration detention.
"""

from __future__ import annotations

from docketflow.core.dates import fiscal_year_starts
from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import (
    Decision,
    Effort,
    End,
    Need,
    Op,
    Quota,
    Spend,
    Tally,
    Wait,
    count,
    put,
    release,
    to,
)
from docketflow.lifecycle.custody import LEAVING
from docketflow.lifecycle.part import Part, exclusive
from docketflow.lifecycle.staff import OFFICERS, minutes

FISCAL_YEARS = fiscal_year_starts()
DEPARTED: tuple[Op, ...] = (
    count("departure"),
    count("departure_by_nationality"),
    count("departure_by_record"),
    count("departure_by_claim"),
)

ARRANGED = Decision("removal_arranged", [to("mode", do=[put("remover", "ice")])])

# Warrant of removal 8 CFR 241.2; over land where the country borders, else by air.
MODE = Decision(
    "mode",
    [
        to("seat.land", when={"destination": "mexico"}, do=[put("mode", "land")]),
        to("mode.charter", when={"destination": ["other", "prison"]}),
        to("mode.own", when={"destination": "own"}),
    ],
)
_LAND, _COMMERCIAL = exclusive(p("removal.mode.land_share"), p("removal.mode.commercial_share"))
MODE_OWN = Decision(
    "mode.own",
    [
        to("seat.land", share=_LAND, do=[put("mode", "land")]),
        to("seat.commercial", share=_COMMERCIAL, do=[put("mode", "commercial")]),
        to("mode.charter"),
    ],
)
MODES = ("charter", "commercial", "land")
SEATS = tuple(Effort(f"seats.{mode}", p(f"removal.seats.{mode}_per_day")) for mode in (*MODES, "military"))
# An appropriation for removals, by fiscal year; as far as it does not bind, nothing is spent of it.
MONEY = Quota(
    "money for removals",
    p("money.appropriation.removal"),
    renewed=FISCAL_YEARS,
)


def _paid(mode: str) -> Need:
    return Need(MONEY.name, p("money.appropriation.binds_share") * p(f"money.removal.{mode}"))


# A place on a military aircraft if one is left that day, else a charter flight.
MILITARY = Spend(
    "seat.military",
    "seats.military",
    enough=to("boarded", do=[put("mode", "military")]),
    short=to("seat.charter", do=[put("mode", "charter")]),
    also=(Need(OFFICERS, minutes("removal")), _paid("military")),
)
# Who is first flown within the country, to where removal flights leave, takes a seat of the same aircraft.
TRANSFER = Wait(
    "seat.transfer", effort="seats.charter", then=to("seat.military", do=[count("domestic_transfer")])
)
BY_AIR = Decision(
    "mode.charter",
    [to("seat.transfer", share=p("removal.seats.transfer_share")), to("seat.military")],
)
WAITS = tuple(
    Wait(
        f"seat.{mode}",
        effort=OFFICERS,
        cost=minutes("removal"),
        also=(Need(f"seats.{mode}"), _paid(mode)),
        then="boarded",
    )
    for mode in MODES
)

BOARDED = Decision(
    "boarded",
    [
        to("arrest_credited", when={"custody": "yes"}, do=[put("exit", "removal"), *LEAVING]),
        to("departed", when={"custody": "no"}, do=[release("staging"), *DEPARTED]),
    ],
)
# ICE credits part of the removals after an ICE booking to an earlier CBP arrest.
CREDITED = Decision(
    "arrest_credited",
    [
        to("departed", when={"agency": "ice"}, share=p("removal.credited_to_ice_share"), do=DEPARTED),
        to("departed", when={"agency": "ice"}, do=[put("agency", "cbp"), *DEPARTED]),
        to("departed", when={"agency": ["none", "cbp"]}, do=DEPARTED),
    ],
)


def removal() -> Part:
    """Return seats and the record of departures."""
    return Part(
        nodes=(
            ARRANGED,
            MODE,
            MODE_OWN,
            BY_AIR,
            TRANSFER,
            MILITARY,
            *WAITS,
            BOARDED,
            CREDITED,
            End("departed"),
        ),
        efforts=(*SEATS, MONEY),
        tallies=(
            Tally("departure", ("agency", "remover", "order", "detention", "mode", "destination")),
            Tally("departure_by_nationality", ("nationality", "remover")),
            Tally("departure_by_record", ("criminal", "remover")),
            Tally("departure_by_claim", ("remover", "destination", "docket", "petition", "motion")),
            Tally("domestic_transfer"),
        ),
    )
