"""Court for people in custody: heard first, often ordered at the first hearing.

In withholding-only proceedings (8 CFR 1208.2(c)) the order that stands is never touched: what is decided is
whether it may be carried out, and nothing else can be asked for (8 CFR 1208.2(c)(3)).
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import (
    Decision,
    Op,
    Stage,
    count,
    count_days,
    lognormal,
    mark,
    put,
    stop,
    to,
)
from docketflow.lifecycle.court.bench import DECIDED, DISMISSED, RELIEF, hearing
from docketflow.lifecycle.court.master import NOTHING_ON_FILE
from docketflow.lifecycle.court.relief import ASKED, ORDERED, granted_share
from docketflow.lifecycle.custody import LEAVING
from docketflow.lifecycle.leaving.who_may_depart import AT_THE_END, LEAVES, before_the_end
from docketflow.lifecycle.part import Part, exclusive

_REMOVAL, _ONLY = {"proceeding": "removal"}, {"proceeding": "withholding_only"}
_HELD: tuple[Op, ...] = (count_days("decision_days_held", "first"),)
_FILED = (put("docket", "pending"), mark("second"), count("receipt"))
_NEW = {**_REMOVAL, "docket": ["none", "awaiting_filing"]}
_UNDECIDED = [one for one in labels("order") if one != "judge"]
# A case begins when the notice is filed: 8 CFR 1003.14(a), with the court of the place of detention.
FILED_IN_CUSTODY = Decision(
    "filed_in_custody",
    [
        to("detained_preliminary", when=_ONLY, do=[mark("second"), put("relief", "withholding_or_cat")]),
        # an appeal is pending: it goes on, in custody
        to("appeal_filed", when={**_REMOVAL, "docket": "pending", "order": "judge"}),
        to("detained_preliminary", when={**_REMOVAL, "docket": "pending", "order": _UNDECIDED}),
        to("detained_preliminary", when={**_REMOVAL, "docket": "ordered"}),
        to("detained_preliminary", when=_NEW, share=p("court.detained.counsel_share"),
           do=[*_FILED, put("counsel", "yes")]),
        to("detained_preliminary", when=_NEW, do=_FILED),
    ],
)  # fmt: skip
DETAINED_PRELIMINARY = Stage(
    "detained_preliminary",
    lognormal(p("court.detained.first_hearing_median_days"), p("court.detained.sigma")),
    "detained_master",
)
DETAINED_MASTER = hearing(
    "detained_master", "detained", p("court.minutes.detained_master"), "detained_master_outcome"
)
_GONE: tuple[Op, ...] = (put("exit", "terminated"), *LEAVING)
_SIGNED, _AT_ONCE, _BY_CHOICE, _ENDED = exclusive(
    p("court.detained.stipulated_share"),
    p("court.detained.ordered_share"),
    p("court.detained.voluntary_departure_share"),
    p("court.detained.dismissed_share"),
)
DETAINED_MASTER_OUTCOME = Decision(
    "detained_master_outcome",
    [
        to("application", when=_ONLY),
        # signed for by the person, made without a hearing; appeal is waived: INA 240(d), 8 CFR 1003.25(b)
        to("final_order", when=_REMOVAL, share=_SIGNED, do=[put("order", "stipulated"), *DECIDED, *_HELD]),
        # removable, and nothing asked for: INA 240(c)(1)(A)
        to("ordered_in_custody", when=_REMOVAL, share=_AT_ONCE, do=[*ORDERED, *_HELD]),
        to("detained_departure", when=_REMOVAL, share=_BY_CHOICE),  # INA 240B(a)
        to("nothing_on_file", when=_REMOVAL, share=_ENDED,  # 8 CFR 1239.2(c), 1003.18(d)
           do=[*DISMISSED, *_HELD, *_GONE, *NOTHING_ON_FILE]),
        to("application", when=_REMOVAL),
    ],
)  # fmt: skip
_LEFT: tuple[Op, ...] = (*DECIDED, *_HELD, stop("custody"))
DETAINED_DEPARTURE = before_the_end("detained_departure", "application", _LEFT)
DETAINED_PREPARATION = Stage(
    "detained_preparation",
    lognormal(p("court.detained.preparation_median_days"), p("court.detained.sigma")),
    "detained_merits",
)
DETAINED_MERITS = hearing(
    "detained_merits", "detained", p("court.minutes.detained_merits"), "detained_merits_outcome"
)
_GRANT = granted_share(p("court.detained.relief_share"))
DETAINED_MERITS_OUTCOME = Decision(
    "detained_merits_outcome",
    [
        to("granted", when={**_REMOVAL, "relief": ASKED}, share=_GRANT, do=[*RELIEF, *_HELD]),
        to("detained_denied", when=_REMOVAL),
        # 8 CFR 1208.31(e), 1208.16: the order that stood stands
        to("protected", when=_ONLY, share=p("court.withholding_only.granted_share"), do=[*RELIEF, *_HELD]),
        to("ordered_in_custody", when=_ONLY, do=[*DECIDED, *_HELD]),
    ],
)  # fmt: skip
# Nothing granted: who may depart voluntarily at the end asks for it as well (INA 240B(b)), from custody under
# safeguards (8 CFR 1240.26(c)); the others are ordered removed.
DETAINED_DENIED = Decision(
    "detained_denied",
    [
        to(LEAVES, when=AT_THE_END, share=p("court.detained.departure_at_end_share"),
           do=[put("order", "voluntary_departure"), *_LEFT]),
        to("ordered_in_custody", do=[*ORDERED, *_HELD]),
    ],
)  # fmt: skip


def detained() -> Part:
    """Return the detained docket."""
    return Part(
        nodes=(
            *(DETAINED_MASTER, DETAINED_MERITS, FILED_IN_CUSTODY, DETAINED_PRELIMINARY),
            *(DETAINED_MASTER_OUTCOME, DETAINED_DEPARTURE, DETAINED_PREPARATION),
            *(DETAINED_MERITS_OUTCOME, DETAINED_DENIED),
        ),
    )
