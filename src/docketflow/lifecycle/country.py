"""The country of removal, in the order of INA 241(b)(2): the person's own, then another that agrees.

Countries that take nationals of others take those whose own country issues no document. A person sent to a
country that no judge named gets notice and may ask for protection from it (INA 241(b)(3), 8 CFR 1208.16).
"""

from __future__ import annotations

from docketflow.core.quantity import p, quantity
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    Decision,
    Gate,
    Quota,
    Rest,
    Spend,
    Stage,
    Tally,
    count,
    fixed,
    lognormal,
    put,
    release,
    to,
)
from docketflow.lifecycle.custody.stay import MAINLAND
from docketflow.lifecycle.part import Part, exclusive

# A country that the person names comes first (INA 241(b)(2)(A)), mostly their own; one that they do not name
# is open only where the own country does not take them (INA 241(b)(2)(D) and (E)). The lever says how many
# people whose own country would take them go elsewhere all the same.
DESTINATION = Decision(
    "destination",
    [
        to("third_country", share=p("removal.third_country.before_own_share")),
        to("destination.own"),
    ],
)
# INA 241(b)(2)(D): a country of which the person is a subject, national or citizen. It may refuse; while
# visas are withheld for that (INA 243(d)) it may give way.
# The naval station at Guantanamo Bay, for some who wait for a document: a small place of its own.
_REFUSED, _GUANTANAMO = exclusive(
    p("order.travel_document.never_share") * (1 - p("order.travel_document.sanctioned_share")),
    p("detention.guantanamo.sent_share"),
)
OWN = Decision(
    "destination.own",
    [
        to("third_country", share=_REFUSED),
        to("guantanamo", share=_GUANTANAMO),
        to("travel_document"),
    ],
)
GUANTANAMO = Gate(
    "guantanamo",
    "detention.guantanamo",
    free=to(
        "travel_document", do=[*(release(space.name) for space in MAINLAND), count("sent_to_guantanamo")]
    ),
    full="travel_document",
)
TRAVEL_DOCUMENT = Stage(
    "travel_document",
    lognormal(p("order.travel_document.median_days"), p("order.travel_document.sigma")),
    "removal_arranged",
)

# INA 241(b)(2)(E). A court order may halt removals to such countries for orders of some kinds, by date: a
# share of those that would be made, not of all who have no other country.
_MEXICO, _OTHER = exclusive(p("removal.third_country.mexico_share"), p("removal.third_country.other_share"))
_GOES_ON = 1 - p("removal.third_country.halted_share")
THIRD_COUNTRY = Decision(
    "third_country",
    [
        to("third_country.notice", share=_MEXICO * _GOES_ON, do=[put("destination", "mexico")]),
        to("third_country.place", share=_OTHER * _GOES_ON),
        to("no_country"),
    ],
)
# Each published cap stands by itself, from its date; all other agreements are one uncertain total.
_CAPS = sum((p("removal.third_country.cap").pick(agreement=one) for one in labels("agreement")), quantity(0))
PLACES = Quota("places under agreements", p("removal.third_country.places") + _CAPS)
PLACE = Spend(
    "third_country.place",
    "places under agreements",
    enough=to("third_country.notice", do=[put("destination", "other")]),
    short="no_country",
)
NOTICE = Stage(
    "third_country.notice", fixed(p("removal.third_country.notice_days")), "third_country.screened"
)
SCREENED = Decision(
    "third_country.screened",
    [
        to("no_country", share=p("removal.third_country.screened_out_share"),
           do=[put("destination", "own"), count("third_country_screened_out")]),
        to("removal_arranged"),
    ],
)  # fmt: skip
# Held with no country in sight: only the reviews of custody (8 CFR 241.4, 241.13; Zadvydas, Clark) let go.
NO_COUNTRY = Rest("no_country")


def country() -> Part:
    """Return the choice of a country, travel documents and agreements."""
    return Part(
        nodes=(
            DESTINATION,
            OWN,
            GUANTANAMO,
            TRAVEL_DOCUMENT,
            THIRD_COUNTRY,
            PLACE,
            NOTICE,
            SCREENED,
            NO_COUNTRY,
        ),
        efforts=(PLACES,),
        tallies=(Tally("third_country_screened_out"), Tally("sent_to_guantanamo")),
    )
