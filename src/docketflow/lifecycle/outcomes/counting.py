"""Departures: each counting rule is a filter on the one record a departure leaves."""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.measure import Flow, Measure, Ratio, Scaled, total

WITH_ORDER = ["expedited", "reinstated", "administrative", "judge", "stipulated", "in_absentia"]
OTHER_ORDER = ["administrative", "judge", "stipulated", "in_absentia"]
WITHOUT_ORDER = ["none", "voluntary_departure"]


def departures(**where: str | list[str]) -> Flow:
    """Return the departures that fit: one filter a counting rule."""
    return Flow("departure", where)


ICE = departures(remover="ice")
OHSS = departures(order=WITH_ORDER)
IMMIGRATION_LAWS = [
    "own",
    "mexico",
    "other",
]  # destinations under Title 8; a prison abroad is under 50 USC 21
RETURNS = departures(order=WITHOUT_ORDER, destination=IMMIGRATION_LAWS)
CREW = Flow("crew_return")
_UNDECIDED, _NONE = {"petition": "none", "motion": "none"}, {"petition": "none"}
CLAIMS = {
    "petition": Flow("departure_by_claim", {"remover": "ice", "petition": "pending"}),  # INA 242(b)(3)(B)
    "motion": Flow("departure_by_claim", {"remover": "ice", **_NONE, "motion": "pending"}),  # INA 240(c)(7)
    # a case before a judge or the Board, of a person sent away under 50 USC 21
    "case": Flow(
        "departure_by_claim", {"remover": "ice", **_UNDECIDED, "docket": "pending", "destination": "prison"}
    ),
}
REMOVALS: dict[str, Measure] = {
    "removals.ice": ICE,
    "removals.ice_arrest": departures(remover="ice", agency="ice"),
    "removals.cbp_arrest": departures(remover="ice", agency=["none", "cbp"]),
    "removals.ohss": OHSS,
    "removals.ohss.expedited": departures(order="expedited"),
    "removals.ohss.reinstated": departures(order="reinstated"),
    "removals.ohss.other": departures(order=OTHER_ORDER),
    "returns.enforcement": RETURNS,
    "returns.administrative": CREW,
    "expulsions.title42": Flow("expulsion"),
    "repatriations.title8_enforcement": total(OHSS, RETURNS),
    "repatriations.all": total(OHSS, RETURNS, CREW, Flow("expulsion")),
    "removals.third_country.mexico": departures(destination="mexico"),
    "removals.third_country.other": departures(destination="other"),
    "removals.through_detention": Ratio(departures(remover="ice", detention="yes"), ICE),
    "removals.without_hearing": Ratio(
        departures(remover="ice", order=["none", "expedited", "reinstated", "administrative"]), ICE
    ),
    # how it came to a departure: no order, an officer's, a judge's without or with a hearing
    "removals.ice.no_order": departures(remover="ice", order=WITHOUT_ORDER, destination=IMMIGRATION_LAWS),
    "removals.ice.officers_order": departures(
        remover="ice", order=["expedited", "reinstated", "administrative"]
    ),
    "removals.ice.stipulated": departures(remover="ice", order="stipulated"),  # 8 CFR 1003.25(b)
    "removals.ice.in_absentia": departures(remover="ice", order="in_absentia"),  # INA 240(b)(5)
    "removals.ice.hearing_held": departures(remover="ice", order="judge"),
    "removals.alien_enemies": departures(remover="ice", destination="prison"),  # 50 USC 21
    # what was asked for and nobody had decided; each person in the first of these that fits
    "removals.with_pending_claim": total(*CLAIMS.values()),
    **{f"removals.with_pending_claim.{of}": flow for of, flow in CLAIMS.items()},
    # finer, as ICE and OHSS publish them
    "removals.cbp_arrest.not_through_detention": departures(
        remover="ice", agency=["none", "cbp"], detention="no"
    ),
    "removals.ohss.ice_arrest": departures(order=WITH_ORDER, agency="ice"),
    **{
        f"removals.ice.{record}": Flow("departure_by_record", {"criminal": record, "remover": "ice"})
        for record in labels("criminal")
    },
    "departures.voluntary_departure": Flow("voluntary_departure"),
    "departures.app_recorded": Flow("app_departure"),
    "parole.terminated": Flow("status_ended", {"status": ["parole_cbp_one", "parole_other"]}),
    "tps.terminated": Flow("status_ended", {"status": "tps"}),
    "departures.unrecorded": Flow("unrecorded_departure"),
    "removals.military": departures(remover="ice", mode="military"),
    "transfers.charter": Flow("domestic_transfer"),
    "guantanamo.sent": Flow("sent_to_guantanamo"),
    "people.citizen_children_of_removed": Scaled(ICE, p("children.citizens_per_removal")),
    "flights.removal": Scaled(
        departures(mode=["charter", "military"]), 1 / p("removal.passengers_per_flight")
    ),
}
BY_NATIONALITY: dict[str, Measure] = {
    f"removals.by_nationality_group.{label}": Flow(
        "departure_by_nationality", {"nationality": label, "remover": "ice"}
    )
    for label in labels("nationality")
}
