"""Counts add up: by cell, by scale, over days, and in the time that people spend."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.core.quantity import Dated, p
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.compile.rates import in_records
from docketflow.engine.declare import vocabulary as d

from . import clinic
from .networks import differences


def test_that_a_cell_may_be_split_without_changing_anything() -> None:
    cells = clinic.cells()
    split = {name: [value for value in column for _ in range(2)] for name, column in cells.items()}
    split["count"] = [part for count in cells["count"] for part in (count // 3, count - count // 3)]
    bound = clinic.bind()
    assert not differences(Run(bound, cells, 1).finish(), Run(bound, split, 1).finish())


def test_that_a_tally_by_traits_adds_up_to_the_tally_without_them() -> None:
    network = clinic.network()
    ledger = Run(clinic.bind(), clinic.cells(), 1).finish()
    admitted, leaving = ledger.tally("admitted"), ledger.tally("leaving")
    assert admitted.shape[1:] == (3, 2)
    assert np.array_equal(leaving.sum(axis=1), ledger.tally_where("leaving", {}))
    north, both = {"town": "north"}, {"town": ["north", "south"]}
    assert np.array_equal(ledger.tally_where("admitted", north), admitted[:, :, 0].sum(axis=1))
    assert np.array_equal(ledger.tally_where("admitted", both), admitted.sum(axis=(1, 2)))
    assert leaving.sum() == ledger.stock["left"][-1] - ledger.opening["left"]
    assert {tally.name for tally in network.tallies} == set(ledger.tallies)


def test_that_months_and_cuts_divide_the_days() -> None:
    ledger = Run(clinic.bind(), clinic.cells(), 1).finish()
    spans = [ledger.span(k) for k in range(len(ledger.segments))]
    assert [day for start, end in spans for day in range(start, end)] == list(range(clinic.DAYS))
    starts = [start for start, _ in ledger.segments]
    assert dt.date(2025, 5, 20) in starts
    assert all(start.day == 1 for start in starts if start not in (clinic.FIRST, dt.date(2025, 5, 20)))


def test_that_a_tenth_of_everything_divisible_is_exactly_a_tenth() -> None:
    numbers = {"arrivals": 30.0, "minutes": 400.0, "beds": 60.0}
    cells = {**clinic.cells(), "count": [30, 10, 70, 50, 40, 400, 300]}
    whole = Run(clinic.bind(numbers), cells, 1).finish()
    tenth = Run(clinic.bind(numbers, scale=Fraction(1, 10)), cells, 1).finish()
    assert tenth.weight == 10.0
    for place, count in whole.opening.items():
        assert count == 10 * tenth.opening[place]
    before = slice(0, 20)  # until feedback acts
    for name in ("supply", "capacity", "arrived"):
        for thing, line in getattr(whole, name).items():
            assert np.array_equal(line[before], 10 * getattr(tenth, name)[thing][before])


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=60), st.sampled_from([1, 3, 7, 16]),
    st.sampled_from([Fraction(1), Fraction(1, 20), Fraction(1, 100), Fraction(2, 7)]),
)  # fmt: skip
def test_that_rounding_carries_fractions_exactly(tops: list[int], bottom: int, scale: Fraction) -> None:
    line = np.array(tops)[:, None] / bottom
    whole = in_records("arrival", line, scale)
    exact = np.cumsum([Fraction(top, bottom) for top in tops]) * scale
    assert whole.cumsum().tolist() == [int(total) for total in exact]
    assert (whole >= 0).all()


@given(st.lists(st.integers(0, 90), max_size=30), st.sampled_from([1, 20, 100]))
def test_that_records_of_a_starting_stock_never_differ_from_the_counts_by_one(
    counts: list[int], one_in: int
) -> None:
    cells = {"start": ["at home"] * len(counts), "count": counts}
    bound = clinic.bind(days=1, scale=Fraction(1, one_in))
    if counts:
        assert Run(bound, cells, 1).started == sum(counts) // one_in


def _line(per_day: d.Number, slots: d.Number, **wait: object) -> d.Network:
    return d.Network(
        "line",
        traits=[d.Trait("class", ("first", "second"))],
        nodes=[
            d.Stage("before", d.lognormal(9, 0.7), d.to("line", do=[d.count_days("days before", "first")])),
            d.Wait("line", effort="slots", then="gone", **wait),
            d.End("gone"),
        ],
        efforts=[d.Effort("slots", slots)],
        arrivals=[
            d.Arrive(
                "comes", per_day,
                [
                    d.to("before", share=0.3, do=[d.put("class", "second"), d.mark("first")]),
                    d.to("before", do=[d.mark("first")]),
                ],
            )
        ],
        starts=[d.Start("none", "before")],
        tallies=[d.Tally("days before")],
    )  # fmt: skip


NOBODY = {"start": ["none"], "count": [0]}


@pytest.mark.parametrize("wait", [{}, {"order": "arrival"}, {"priority": 1}, {"cost": 3}])
def test_littles_law_exactly_at_every_place_of_a_run_that_empties(wait: dict[str, object]) -> None:
    stop = clinic.FIRST.toordinal() + 200
    known = {"inflow": Dated((1, stop), (8.0, 0.0)), "slots": Dated((1, stop), (7.0, 60.0))}
    bound = bind(
        compile_network(_line(p("inflow"), p("slots"), **wait)),
        known.__getitem__,
        first=clinic.FIRST,
        days=330,
    )
    ledger = Run(bound, NOBODY, 6).finish()
    assert ledger.stock["before"][-1] == ledger.stock["line"][-1] == 0
    assert ledger.stock["before"].sum() == ledger.tally("days before").sum()
    assert ledger.stock["line"].sum() == ledger.waited["line"].sum() > 0


def test_that_a_line_follows_lindleys_recursion_every_day() -> None:
    bound = bind(compile_network(_line(8.3, 8)), lambda _: Dated.always(0.0), first=clinic.FIRST, days=400)
    ledger = Run(bound, NOBODY, 3).finish()
    line, served = ledger.stock["line"], ledger.served["line"]
    came = np.diff(line, prepend=0) + served
    assert came.sum() == ledger.arrived["comes"].sum() - ledger.stock["before"][-1]
    before = np.concatenate([[0], line[:-1]])
    assert np.array_equal(served, np.minimum(8, before + came))


def test_that_a_remainder_too_small_for_the_next_in_line_is_carried_and_one_too_many_is_lost() -> None:
    bound = bind(
        compile_network(_line(1, 2, cost=5)), lambda _: Dated.always(0.0), first=clinic.FIRST, days=300
    )
    ledger = Run(bound, NOBODY, 3).finish()
    busy = ledger.stock["line"] > 0
    first = int(busy.argmax())
    assert busy[first:].all()
    assert ledger.spent["slots"][first:].sum() in range(2 * (300 - first) - 4, 2 * (300 - first) + 5)
    idle = bind(
        compile_network(_line(0, 2, cost=5)), lambda _: Dated.always(0.0), first=clinic.FIRST, days=300
    )
    assert Run(idle, NOBODY, 3).finish().spent["slots"].sum() == 0
