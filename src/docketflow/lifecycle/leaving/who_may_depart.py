"""Who a judge may let leave voluntarily: before the end of proceedings, and at their end.

Before it (INA 240B(a)), for who asks for nothing else, concedes and waives appeal (8 CFR 1240.26(b)(1)); not
after an aggravated felony, and not who is arriving, as people paroled are (8 CFR 1001.1(q)), who may withdraw
the application for admission instead (INA 240B(a)(4), 235(a)(4)). At the end (INA 240B(b)(1)), for who was in
the country a year before the notice and is of good moral character.
"""

from __future__ import annotations

from collections.abc import Mapping

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import Decision, Op, put, to

ARRIVING: Mapping[str, str] = {"entry": "paroled"}
NOT_ARRIVING: Mapping[str, list[str]] = {"entry": [one for one in labels("entry") if one != "paroled"]}
# A year here before the notice: who came less than two years ago was given it on arrival, or soon after. A
# conviction stands for the want of good moral character and for the aggravated felony.
AT_THE_END: Mapping[str, list[str]] = {
    "years": ["from_2_to_10", "over_10"],
    "criminal": ["none", "pending"],
}
_FELONY = p("court.departure.felony_share")
_HELD_FOR_CRIME = {**NOT_ARRIVING, "authority": "ina_236c"}
_OTHERS = {**NOT_ARRIVING, "authority": [one for one in labels("authority") if one != "ina_236c"]}
LEAVES = "removal_arranged"


def before_the_end(name: str, barred: str, do: tuple[Op, ...]) -> Decision:
    """Return how people in custody leave who asked to before the end of proceedings.

    Parameters
    ----------
    name : the name of the fork
    barred : where those go on whom the statute bars
    do : what is done of whoever leaves
    """
    granted = (put("order", "voluntary_departure"), *do)
    return Decision(
        name,
        [
            to(LEAVES, when=ARRIVING, do=[put("order", "none"), *do]),  # withdrawn, INA 235(a)(4)
            to(barred, when=_HELD_FOR_CRIME, share=_FELONY),  # INA 240B(a)(1), 8 CFR 1240.26(b)(1)(i)
            to(LEAVES, when=_HELD_FOR_CRIME, do=granted),
            to(LEAVES, when=_OTHERS, do=granted),
        ],
    )
