"""What the lifecycle needs to know of a person: fine enough for the law's gates, never finer.

Labels stand in `core/vocabulary.yaml`; this file holds no label.
"""

from __future__ import annotations

from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import Trait

NAMES = (
    *(
        "nationality",
        "area",
        "criminal",
        "years",
        "entry",
        "family",
        "status",
        "counsel",
    ),  # who the person is
    *("docket", "agency", "channel", "route", "proceeding", "relief", "order", "bar", "reopened"),  # on file
    *("petition", "motion"),  # pending, and staying nothing by themselves
    *("supervision", "left_unrecorded"),  # while not detained
    *(
        "custody",
        "authority",
        "circuit",
        "detention",
        "exit",
        "remover",
        "mode",
        "destination",
    ),  # where the person is held and goes
)


def traits() -> tuple[Trait, ...]:
    """Return every trait, in the order in which it is packed."""
    return tuple(Trait(name, labels(name)) for name in NAMES)
