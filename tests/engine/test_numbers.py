"""Laws of numbers read off for runs that were filled at once: each has its own, as if it were alone."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.core.quantity import Dated, Known, Table, p
from docketflow.core.runs import OfRun, side_by_side
from docketflow.engine.run.numbers import on_days, risen

DAYS = (10, 20, 40)
FIRST, THEN = np.array([1.0, 2.0, 3.0]), np.array([2.5, 2.0, 9.0])
TOGETHER = {
    "price": Dated((1, 20), (side_by_side(0.0, FIRST), side_by_side(0.0, THEN))),
    "share": Dated.always(0.5),
}


@pytest.fixture
def runs() -> list[Known]:
    together = Known(TOGETHER.__getitem__)
    return [Known(OfRun(TOGETHER, run).__getitem__, among=(together, run, 3)) for run in range(3)]


@pytest.mark.parametrize("number", [p("price"), p("share"), p("price") * p("share"), 4.0])
def test_that_each_run_has_the_number_it_would_have_alone(runs, number):
    for run, known in enumerate(runs):
        alone = Known(OfRun(TOGETHER, run).__getitem__)
        for _ in range(2):
            assert (
                on_days(known, number, DAYS, "a price").tolist() == on_days(alone, number, DAYS, "").tolist()
            )
            own = risen(known, number, 5, DAYS, 50)
            assert own.tolist() == risen(alone, number, 5, DAYS, 50).tolist()


def test_that_what_rises_counts_above_the_most_it_was(runs):
    assert [risen(known, p("price"), 5, DAYS, 50).tolist() for known in runs] == [
        [0.0, 1.5, 0.0],
        [0.0, 0.0, 0.0],
        [0.0, 6.0, 0.0],
    ]


def test_that_a_number_by_trait_is_no_price(runs):
    by_trait = p("price") * Table.of("town", {"a": 1.0, "b": 2.0})
    with pytest.raises(TypeError, match="a price is one number a date"):
        on_days(runs[0], by_trait, DAYS, "a price")
