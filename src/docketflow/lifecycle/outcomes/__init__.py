"""How every outcome is counted: a name of the catalogue to a measure of the books, and cost by account."""

from __future__ import annotations

from docketflow.core.quantity import quantity
from docketflow.engine.declare.measure import Daily, Measure, Priced, Raised, Ratio, Scaled, Total
from docketflow.lifecycle.outcomes.build_up import ONE_TIME, OUTLAYS, SPENT_ONCE, built_up
from docketflow.lifecycle.outcomes.counting import BY_NATIONALITY, REMOVALS
from docketflow.lifecycle.outcomes.courts import COURTS
from docketflow.lifecycle.outcomes.custody import ARRESTS, CUSTODY
from docketflow.lifecycle.outcomes.money import ACCOUNTS, MONEY
from docketflow.lifecycle.outcomes.stocks import EDGES, STOCKS, UNITS

__all__ = ["ACCOUNTS", "EDGES", "MEASURES", "ONE_TIME", "OUTLAYS", "STOCKS", "UNITS", "built_up", "prices"]

MEASURES: dict[str, Measure] = {
    **REMOVALS,
    **BY_NATIONALITY,
    **ARRESTS,
    **CUSTODY,
    **COURTS,
    **MONEY,
    **SPENT_ONCE,
}


def prices() -> frozenset[str]:
    """Return the parameters that outcomes read."""

    def read(measure: Measure) -> frozenset[str]:
        if isinstance(measure, Priced):
            return frozenset().union(*(quantity(price).paths() | read(part) for part, price in measure.items))
        if isinstance(measure, Scaled):
            return quantity(measure.factor).paths() | read(measure.of)
        if isinstance(measure, Raised):
            return quantity(measure.of).paths()
        if isinstance(measure, Daily):
            return quantity(measure.a_day).paths()
        if isinstance(measure, Total):
            return frozenset().union(*(read(part) for _, part in measure.parts))
        if isinstance(measure, Ratio):
            return read(measure.top) | read(measure.bottom)
        return frozenset()

    return frozenset().union(*(read(measure) for measure in (*MEASURES.values(), *ACCOUNTS.values())))
