"""A small country and a short run of the lifecycle on it."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from docketflow.conductor import model
from docketflow.core.dates import working_days
from docketflow.core.quantity import Dated, Table
from docketflow.engine import Run, bind
from docketflow.engine.run.evaluate import evaluate
from docketflow.evidence import load
from docketflow.lifecycle import MEASURES

FIRST, DAYS = dt.date(2023, 10, 1), 122
LAST = FIRST + dt.timedelta(DAYS - 1)
PEOPLE = [
    ("never_encountered", "none", "mexico", "over_10", 8_000_000),
    ("awaiting_filing", "cbp", "honduras", "under_2", 1_400_000),
    ("proceedings", "cbp", "guatemala", "from_2_to_10", 2_750_000),
    ("final_order", "none", "el_salvador", "over_10", 1_300_000),
    ("detained", "cbp", "colombia", "under_2", 27_000),
    ("detained", "ice", "mexico", "over_10", 10_000),
]


@pytest.fixture(scope="session")
def cells():
    table = pd.DataFrame(PEOPLE, columns=["posture", "agency", "nationality", "years", "count"])
    return table.assign(area="DAL")


@pytest.fixture(scope="session")
def run(cells):
    """Return a function: settings and scale to every outcome of a short run."""
    central = load().central()
    program = model.program()

    def outcomes(scale=Fraction(1, 500), **settings):
        values = dict(central)
        for path, value in settings.items():
            values[path.replace("__", ".")] = Dated.always(
                value if isinstance(value, Table) else float(value)
            )
        resolve = values.__getitem__
        bound = bind(
            program,
            resolve,
            first=FIRST,
            days=DAYS,
            scale=scale,
            calendars={"federal": working_days(FIRST, DAYS)},
            cuts=[FIRST],
        )
        ledger = Run(bound, model.dealt(cells, values, FIRST), 11).finish()
        found = {n: evaluate(m, ledger, (FIRST, LAST), resolve)[1] for n, m in MEASURES.items()}
        found["stock"] = int(sum(int(np.asarray(days)[-1]) for days in ledger.stock.values())) * ledger.weight
        return found

    return outcomes


@pytest.fixture(scope="session")
def plain(run):
    return run()
