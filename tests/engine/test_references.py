"""Prices by date, whole capacities, carried rates and calendars against computations done otherwise."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction

import numpy as np
import pytest

from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.declare.measure import Flow, Level, Priced, Scaled
from docketflow.engine.run.evaluate import evaluate

FIRST, DAYS = dt.date(2025, 1, 20), 100
PRICE = "price"


def _lived(numbers=None, *, scale=Fraction(1), calendar=None, cuts=()):
    """Live a small system: people come, stand in line for a desk, and go."""
    network = d.Network(
        "desk",
        nodes=[d.Wait("line", effort="minutes", cost=10, then=d.to("out", do=[d.count("seen")])),
               d.End("out"),
               d.Gate("door", "beds", free="in", full="line"), d.Rest("in")],
        spaces=[d.Space("beds", p("beds"))],
        efforts=[d.Effort("minutes", p("minutes"), "office")],
        arrivals=[d.Arrive("comes", p("comes"), "door")],
        tallies=[d.Tally("seen")],
    )  # fmt: skip
    values = {"beds": 12.0, "minutes": 55.0, "comes": 7.3, **(numbers or {})}
    dated = {k: v if isinstance(v, Dated) else Dated.always(v) for k, v in values.items()}
    open_days = np.ones(DAYS, dtype=bool) if calendar is None else calendar
    bound = bind(
        compile_network(network),
        dated.__getitem__,
        first=FIRST,
        days=DAYS,
        scale=scale,
        calendars={"office": open_days},
        cuts=cuts,
    )
    return Run(bound, {"start": np.empty(0, str), "count": np.empty(0, int)}, 3).finish()


@pytest.mark.parametrize("day", [20, 31, 1, 28])
def test_that_a_price_holds_from_its_first_day_for_the_segments_that_begin_then_or_later(day) -> None:
    changes = dt.date(2025, 2, day) if day != 31 else dt.date(2025, 1, 31)
    ledger = _lived()
    dated = Dated((1, changes.toordinal()), (2.0, 5.0))
    by_month, whole = evaluate(
        Priced(((Flow("seen"), p(PRICE)),)),
        ledger,
        (FIRST, ledger.segments[-1][1]),
        {PRICE: dated}.__getitem__,
    )
    seen = ledger.tally("seen")
    expected = [
        many * (5.0 if begins >= changes else 2.0)
        for many, (begins, _) in zip(seen.tolist(), ledger.segments, strict=True)
    ]
    assert by_month.tolist() == expected
    assert whole == sum(expected)


def test_that_what_is_scaled_by_a_dated_number_takes_that_of_each_month() -> None:
    ledger = _lived()
    changes = dt.date(2025, 3, 31)
    dated = Dated((1, changes.toordinal()), (0.5, 8.0))
    by_month, _ = evaluate(
        Scaled(Flow("seen"), p(PRICE)), ledger, (FIRST, ledger.segments[-1][1]), {PRICE: dated}.__getitem__
    )
    factors = [8.0 if begins >= changes else 0.5 for begins, _ in ledger.segments]
    assert by_month.tolist() == [a * b for a, b in zip(ledger.tally("seen").tolist(), factors, strict=True)]


@pytest.mark.parametrize(
    ("beds", "scale", "whole"),
    [(5.4, Fraction(1), 5), (5.5, Fraction(1), 6), (5.6, Fraction(1), 6), (0.4, Fraction(1), 0),
     (16.0, Fraction(1, 10), 2), (14.0, Fraction(1, 10), 1)],
)  # fmt: skip
def test_that_a_capacity_is_the_nearest_whole_number_of_records(beds, scale, whole) -> None:
    assert set(_lived({"beds": beds, "comes": 70.0}, scale=scale).capacity["beds"].tolist()) == {whole}


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(1, 10), Fraction(3, 7)])
def test_that_rates_carry_their_fractions_so_that_sums_are_right_on_every_day(scale) -> None:
    changes = FIRST + dt.timedelta(40)
    inflow = Dated((1, changes.toordinal()), (7.3, 2.9))
    ledger = _lived({"comes": inflow}, scale=scale)
    real = np.cumsum(np.where(np.arange(DAYS) < 40, 7.3, 2.9)) * float(scale)
    assert np.abs(np.cumsum(ledger.arrived["comes"]) - real).max() <= 1
    assert ledger.arrived["comes"].sum() == int(real[-1] + 1e-6)
    supply = np.cumsum(np.full(DAYS, 55.0)) * float(scale)
    assert np.abs(np.cumsum(ledger.supply["minutes"]) - supply).max() <= 1


@pytest.mark.parametrize("pattern", [[True] * 5 + [False] * 2, [False, True], [True, True, False]])
def test_that_an_effort_is_there_on_the_days_of_its_calendar_and_on_no_other(pattern) -> None:
    calendar = np.resize(np.array(pattern), DAYS)
    ledger = _lived(calendar=calendar)
    assert ((ledger.supply["minutes"] > 0) == calendar).all()
    assert not ledger.served["line"][~calendar].any()


def test_that_levels_are_read_on_the_days_of_each_segment_and_no_others() -> None:
    ledger = _lived(cuts=[dt.date(2025, 2, 10)])
    line, held = ledger.stock["line"], ledger.held["beds"]
    edges = [(a - FIRST).days for a, _ in ledger.segments] + [DAYS]
    for how, reduce in (("mean", np.mean), ("peak", np.max), ("last", lambda x: x[-1]), ("sum", np.sum)):
        by_month, whole = evaluate(
            Level(("line",), ("beds",), how), ledger, (FIRST, ledger.segments[-1][1]), {}.__getitem__
        )
        both = line + held
        assert by_month.tolist() == [reduce(both[a:b]) for a, b in itertools.pairwise(edges)]
        assert whole == reduce(both)


def test_that_a_table_is_matched_by_label_never_by_place() -> None:
    one = Table.of("town", {"north": 1.0, "south": 2.0})
    two = Table.of("town", {"south": 10.0, "north": 100.0})
    product = (p("a") * p("b")).evaluate({"a": Dated.always(one), "b": Dated.always(two)}.__getitem__).at(1)
    assert isinstance(product, Table)
    assert product.over({"town": ("north", "south")}).tolist() == [100.0, 20.0]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_that_the_way_without_a_share_takes_the_rest_wherever_it_is_listed(place) -> None:
    ways = [d.to("b", share=0.3), d.to("c", share=0.2)]
    ways.insert(place, d.to("a"))
    network = d.Network(
        "rest",
        nodes=[d.Decision("fork", ways), *(d.Rest(name) for name in "abc")],
        arrivals=[d.Arrive("comes", 100, "fork")],
    )
    assert _shares(network) == pytest.approx([0.5, 0.3, 0.2], abs=0.02)


def _shares(network, strict=True):
    """Return the shares of people who come to a, b and c, of 10,000."""
    bound = bind(compile_network(network), {}.__getitem__, first=FIRST, days=DAYS, strict=strict)
    stock = Run(bound, {"start": np.empty(0, str), "count": np.empty(0, int)}, 3).finish().stock
    return [stock[name][-1] / 10_000 for name in "abc"]


def test_that_shares_which_pass_one_together_are_scaled_down_alike() -> None:
    ways = [d.to("a", share=0.9), d.to("b", share=0.6), d.to("c")]
    network = d.Network(
        "too much",
        nodes=[d.Decision("fork", ways), *(d.Rest(name) for name in "abc")],
        arrivals=[d.Arrive("comes", 100, "fork")],
    )
    assert _shares(network, strict=False) == pytest.approx([0.6, 0.4, 0.0], abs=0.02)


@pytest.mark.parametrize("before_the_end", [0, 1])
def test_that_a_share_that_changes_on_the_last_day_is_the_new_one_on_that_day(before_the_end) -> None:
    network = d.Network(
        "fork",
        nodes=[
            d.Decision("fork", [d.to("left", share=p("share")), d.to("right")]),
            d.End("left"),
            d.End("right"),
        ],
        arrivals=[d.Arrive("comes", p("comes"), "fork")],
    )
    changes = FIRST + dt.timedelta(DAYS - 1 - before_the_end)
    dated = {"share": Dated((1, changes.toordinal()), (0.0, 1.0)), "comes": Dated.always(5.0)}
    bound = bind(compile_network(network), dated.__getitem__, first=FIRST, days=DAYS, scale=Fraction(1),
                 calendars={})  # fmt: skip
    ledger = Run(bound, {"start": np.empty(0, str), "count": np.empty(0, int)}, 3).finish()
    assert int(ledger.stock["left"][-1]) == 5 * (1 + before_the_end)
