"""Cost by account: every step has one; the year of a price is in its note."""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.measure import Flow, Level, Measure, Priced, Ratio, Total
from docketflow.lifecycle.outcomes.counting import ICE, departures
from docketflow.lifecycle.outcomes.courts import COURTS
from docketflow.lifecycle.outcomes.custody import ARRESTS

_COMPLETIONS = COURTS["courts.total_completions"]
REPORTING = ("awaiting_filing", "master", "continued", "merits", "ordered_not_detained")
ACCOUNTS: dict[str, Measure] = {
    "arrest": Priced(
        (
            (ARRESTS["arrests.custodial"], p("money.arrest.custodial")),
            (ARRESTS["arrests.supervision"], p("money.arrest.supervision")),
            (ARRESTS["arrests.at_large"], p("money.arrest.at_large")),
        )
    ),
    "detention": Priced(
        (
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
    "courts": Priced(((_COMPLETIONS, p("money.court.completion")),)),
    "government counsel": Priced(((_COMPLETIONS, p("money.court.government_counsel")),)),
    "removal": Priced(
        (
            *(
                (departures(remover="ice", mode=mode), p(f"money.removal.{mode}"))
                for mode in ("charter", "commercial", "land", "military")
            ),
            (Flow("domestic_transfer"), p("money.removal.transfer")),
            (departures(destination="other"), p("money.removal.third_country")),
        )
    ),
}
TOTAL_COST = Total(tuple((1, account) for account in ACCOUNTS.values()))
MONEY: dict[str, Measure] = {"cost.total": TOTAL_COST, "cost.per_removal.average": Ratio(TOTAL_COST, ICE)}
