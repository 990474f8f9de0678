"""What stands between a final order and its execution, asked before a country is chosen.

Withholding of removal (INA 241(b)(3)) and protection under the Convention Against Torture (8 CFR 1208.16)
leave the order standing and bar one country; a stay of removal (8 CFR 241.6, INA 242(b)(3)(B)) and a pending
motion with an automatic stay (INA 240(b)(5)(C), 8 CFR 1003.23(b)(4)(ii)) bar all of them while they last.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import Decision, Stage, exponential, put, to
from docketflow.lifecycle.custody import released
from docketflow.lifecycle.part import Part, exclusive

# Nobody publishes how many orders of the stock are barred: a person's bar is settled when the order is met.
_WITHHELD, _STAYED, _MOTION = exclusive(
    p("order.bars.withheld_share"), p("order.bars.stayed_share"), p("order.bars.motion_share")
)
BARS = Decision(
    "bars",
    [
        to("bars.known", when={"bar": "unsettled"}, share=_WITHHELD, do=[put("bar", "withheld")]),
        to("bars.known", when={"bar": "unsettled"}, share=_STAYED, do=[put("bar", "stayed")]),
        to("bars.known", when={"bar": "unsettled"}, share=_MOTION, do=[put("bar", "motion")]),
        to("bars.known", when={"bar": "unsettled"}, do=[put("bar", "none")]),
        to("bars.known", when={"bar": ["none", "withheld", "stayed", "motion"]}),
    ],
)
KNOWN = Decision(
    "bars.known",
    [
        to("motion_in_custody.asked", when={"bar": ["none", "unsettled"]}),
        to("withheld", when={"bar": "withheld"}),  # INA 241(b)(3); Matter of I-S- & C-S-
        to("stay_of_removal", when={"bar": "stayed"}),  # INA 242(b)(3)(B), 8 CFR 241.6
        to("motion_in_custody", when={"bar": "motion"}),  # INA 240(b)(5)(C)
    ],
)
STAY_OF_REMOVAL = Stage(
    "stay_of_removal", exponential(p("order.bars.stay_days")), to("destination", do=[put("bar", "none")])
)
# Withheld from one country only: another may take the person (INA 241(b)(2)(E), 8 CFR 1208.16(f)).
WITHHELD = Decision(
    "withheld",
    [
        to("third_country", share=p("order.bars.withheld_to_third_country_share")),
        to("no_country_for_now"),
    ],
)
# Let go under supervision, with no country to be sent to: INA 241(a)(3), 8 CFR 241.5.
NO_COUNTRY_FOR_NOW = Stage(
    "no_country_for_now", exponential(p("order.bars.release_days")), released("supervision")
)


def bars() -> Part:
    """Return the bars and the stays."""
    return Part(nodes=(BARS, KNOWN, STAY_OF_REMOVAL, WITHHELD, NO_COUNTRY_FOR_NOW))
