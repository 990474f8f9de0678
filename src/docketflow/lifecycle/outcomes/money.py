"""Cost by account: every step has one; the year of a price is in its note.

Whatever spends somebody's time is paid for (`PAID_BY`): by a price of its own, or in one that holds it.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.measure import Flow, Level, Measure, Priced, Ratio, Total, total
from docketflow.lifecycle.outcomes.counting import ICE, departures
from docketflow.lifecycle.outcomes.courts import COURTS
from docketflow.lifecycle.outcomes.custody import ARRESTS, CUSTODY

_COMPLETIONS = COURTS["courts.total_completions"]
_OFFICE = Total(
    (
        (1, ARRESTS["arrests.supervision"]),
        (-1, ARRESTS["arrests.courthouse"]),
        (-1, ARRESTS["arrests.interview"]),
        (1, ARRESTS["arrests.office"]),
    )
)
_SCREENED = total(ARRESTS["credible_fear.decided"], ARRESTS["credible_fear.closed"])
REPORTING = ("awaiting_filing", "master", "continued", "merits", "ordered_not_detained")
ESCORTED = ("charter", "land", "military")  # who flies with an airline has escorts in the price of the ticket
ACCOUNTS: dict[str, Measure] = {
    "arrest": Priced(
        (
            (ARRESTS["arrests.custodial"], p("money.arrest.custodial")),
            (_OFFICE, p("money.arrest.supervision")),
            (ARRESTS["arrests.courthouse"], p("money.arrest.courthouse")),
            (ARRESTS["arrests.interview"], p("money.arrest.interview")),
            (ARRESTS["arrests.at_large"], p("money.arrest.at_large")),
        )
    ),
    "detention": Priced(
        (
            (CUSTODY["book_ins.cbp_arrest"], p("money.booking.handed_over")),
            (CUSTODY["book_ins.ice_arrest"], p("money.booking.placing")),
            (Level(spaces=("detention.beds",), how="sum"), p("money.detention.bed_day")),
            (Level(spaces=("detention.overflow",), how="sum"), p("money.detention.overflow_day")),
            (Level(spaces=("detention.family",), how="sum"), p("money.detention.family_day")),
            (Level(spaces=("detention.guantanamo",), how="sum"), p("money.detention.guantanamo_day")),
            (Level(stages=("hold_room",), how="sum"), p("money.detention.overflow_day")),
            (Level(spaces=("children.in_care",), how="sum"), p("money.detention.child_day")),
        )
    ),
    "supervision": Priced(
        (
            (Level(stages=REPORTING, how="sum"), p("money.supervision.person_day")),
            (Level(spaces=("alternatives",), how="sum"), p("money.alternatives.person_day")),
        )
    ),
    "asylum officers": Priced(
        (
            (_SCREENED, p("money.fear.screening")),
            (ARRESTS["reasonable_fear.decided"], p("money.fear.reasonable")),
        )
    ),
    "courts": Priced(((_COMPLETIONS, p("money.court.completion")),)),
    "federal courts": Priced(((Flow("habeas_filed"), p("money.court.habeas")),)),
    "government counsel": Priced(((_COMPLETIONS, p("money.court.government_counsel")),)),
    "removal": Priced(
        (
            *(
                (departures(remover="ice", mode=mode), p(f"money.removal.{mode}"))
                for mode in ("charter", "commercial", "land", "military")
            ),
            *((departures(remover="ice", mode=mode), p("money.removal.escort")) for mode in ESCORTED),
            (Flow("domestic_transfer"), p("money.removal.transfer")),
            (departures(destination="other"), p("money.removal.third_country")),
        )
    ),
}
TOTAL_COST = Total(tuple((1, account) for account in ACCOUNTS.values()))
MONEY: dict[str, Measure] = {"cost.total": TOTAL_COST, "cost.per_removal.average": Ratio(TOTAL_COST, ICE)}

_HEARING = ("money.court.completion", "money.court.government_counsel")
_TAKEN_IN = ("money.booking.handed_over",)
PAID_BY: dict[str, tuple[str, ...]] = {
    **{
        f"arrest.{how}": (f"money.arrest.{how}",)
        for how in ("custodial", "supervision", "interview", "at_large")
    },
    "arrested.in_court": ("money.arrest.courthouse",),
    "booking.handed_over": _TAKEN_IN,
    "waits_with_cbp": _TAKEN_IN,
    "hold_room": ("money.booking.placing",),
    "fear_interview": ("money.fear.screening",),
    "reasonable_fear_interview": ("money.fear.reasonable",),
    **dict.fromkeys(("detained_master", "detained_merits", "master", "merits"), _HEARING),
    "gives_up.heard": ("money.court.completion",),  # it ends the case before a judge
    "appeal": ("money.court.completion",),  # the Board is paid from the same appropriation
    "habeas.heard": ("money.court.habeas",),
    **{f"seat.{mode}": (f"money.removal.{mode}", "money.removal.escort") for mode in ESCORTED},
    "seat.commercial": ("money.removal.commercial",),
}
"""What each step that spends somebody's time is paid by."""
