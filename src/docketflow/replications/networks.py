"""The networks on which published projections are run: as little as their authors assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from docketflow.core.quantity import p
from docketflow.engine import (
    Arrive,
    Effort,
    End,
    Network,
    Space,
    Stage,
    Start,
    Tally,
    Wait,
    count,
    fixed,
    release,
    take,
    to,
)
from docketflow.engine.declare.measure import Flow, Level, Measure, Priced

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Declared:
    """A network, where people stand at first, the assumptions it reads, and what is read off it.

    Attributes
    ----------
    start : name of the start, and the assumption that says how many stand there
    measures : outcome to what it is; an outcome in dollars is one of the last twelve months
    """

    network: Network
    start: tuple[str, str]
    assumptions: tuple[str, ...]
    measures: Mapping[str, Measure]


def docket() -> Declared:
    """Return cases that are received, wait, and are decided: so many a judge, whatever they are."""
    network = Network(
        "docket",
        nodes=[Wait("docket", effort="decisions", order="arrival", then="decided"), End("decided")],
        efforts=[Effort("decisions", (p("judges") + p("hired")) * p("completions_a_judge") / DAYS_A_YEAR)],
        arrivals=[Arrive("receipts", p("receipts") / DAYS_A_YEAR, then="docket")],
        starts=[Start("pending", at="docket")],
    )
    assumed = ("judges", "hired", "completions_a_judge", "receipts", "pending")
    return Declared(network, ("pending", "pending"), assumed, {"pending": Level(("docket",))})


def person() -> Declared:
    """Return people who are arrested, held for so long, heard and removed, each step at a price a person."""
    network = Network(
        "person",
        nodes=[
            Stage(
                "held",
                fixed(p("days_held")),
                then=to("removed", do=[release("place"), count("heard"), count("removed")]),
            ),
            End("removed"),
        ],
        spaces=[Space("place")],
        arrivals=[
            Arrive(
                "arrests",
                p("arrests_a_year") / DAYS_A_YEAR,
                then=to("held", do=[take("place"), count("arrested")]),
            )
        ],
        starts=[Start("everyone", at="held", do=(take("place"), count("arrested")))],
        tallies=[Tally("arrested"), Tally("heard"), Tally("removed")],
    )
    days = Level(spaces=("place",), how="sum")
    arrested: Measure = Flow("arrested")
    parts: dict[str, Measure] = {
        "cost.arrest": Priced(((arrested, p("arrest")),)),
        "cost.detention": Priced(((days, p("day_held")),)),
        "cost.legal": Priced(((Flow("heard"), p("case")),)),
        "cost.removal": Priced(((Flow("removed"), p("journey")),)),
    }
    items = tuple(item for part in parts.values() if isinstance(part, Priced) for item in part.items)
    assumed = ("arrests_a_year", "days_held", "arrest", "day_held", "case", "journey", "at_once")
    return Declared(network, ("everyone", "at_once"), assumed, {"cost.total": Priced(items), **parts})


NETWORKS: Mapping[str, Callable[[], Declared]] = {"docket": docket, "person": person}
