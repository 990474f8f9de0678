"""What measures read off a small ledger whose every number is written here."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.core.errors import EngineError
from docketflow.core.quantity import Dated, Table, p
from docketflow.engine.declare.measure import Daily, Flow, Level, Priced, Raised, Ratio, Scaled, total
from docketflow.engine.declare.measure import Total as Sum
from docketflow.engine.run.evaluate import evaluate, opening
from docketflow.engine.run.ledger import Ledger

FIRST = dt.date(2025, 1, 30)
SEGMENTS = [(FIRST, dt.date(2025, 1, 31)), (dt.date(2025, 2, 1), dt.date(2025, 2, 3))]
WHOLE = (FIRST, dt.date(2025, 2, 3))


def _ledger(weight: float = 10.0) -> Ledger:
    nothing: dict[str, np.ndarray] = {}
    return Ledger(
        first=FIRST, weight=weight, segments=SEGMENTS,
        stock={"ward": np.array([1, 2, 3, 9, 5]), "home": np.array([5, 5, 5, 5, 0])},
        held={"beds": np.array([4, 4, 2, 2, 2])},
        capacity=nothing, refused=nothing, full=nothing, supply=nothing, exhausted=nothing,
        booked=nothing, lacked=nothing, spent={"minutes": np.array([3, 0, 0, 4, 1])},
        served={"desk": np.array([1, 1, 0, 0, 4])}, waited={"desk": np.array([2, 0, 0, 0, 8])},
        taken={"recall": np.array([0, 0, 1, 0, 0])}, tried={"visit": np.array([2, 2, 2, 2, 2])},
        missed={"visit": np.array([1, 2, 2, 2, 2])}, arrived=nothing, timers=np.array([7, 0, 0, 0, 1]),
        opening={"ward": 8, "home": 1, "beds": 3},
        tallies={
            "seen": np.array([[[1, 2, 3], [4, 5, 6]], [[10, 0, 0], [0, 0, 7]]]), "left": np.array([3, 4]),
        },
        tally_axes={"seen": [("town", ("north", "south")), ("need", ("low", "middle", "high"))], "left": []},
    )  # fmt: skip


def _value(measure, window=WHOLE, known=None):
    by, whole = evaluate(measure, _ledger(), window, (known or {}).__getitem__)
    return by.tolist(), whole


def test_that_a_flow_is_the_sum_of_the_cells_that_fit_in_persons() -> None:
    assert _value(Flow("left")) == ([30.0, 40.0], 70.0)
    assert _value(Flow("seen")) == ([210.0, 170.0], 380.0)
    assert _value(Flow("seen", {"town": "south"})) == ([150.0, 70.0], 220.0)
    assert _value(Flow("seen", {"need": ("low", "high")})) == ([140.0, 170.0], 310.0)
    assert _value(Flow("seen", {"need": "high", "town": "north"})) == ([30.0, 0.0], 30.0)


@pytest.mark.parametrize(
    ("how", "by", "whole"),
    [
        ("mean", [15.0, 170 / 3], 40.0),
        ("peak", [20.0, 90.0], 90.0),
        ("last", [20.0, 50.0], 50.0),
        ("sum", [30.0, 170.0], 200.0),
    ],
)
def test_that_a_level_is_the_mean_the_peak_the_last_or_the_sum_over_days(how, by, whole) -> None:
    assert _value(Level(("ward",), how=how)) == (pytest.approx(by), whole)


def test_that_stages_and_spaces_add_up_day_by_day_before_the_peak_is_taken() -> None:
    assert _value(Level(("ward", "home"), ("beds",), "peak")) == ([110.0, 160.0], 160.0)


def test_that_sums_have_signs_and_ratios_of_the_whole_are_not_means_of_ratios() -> None:
    assert _value(Sum(((1, Flow("seen")), (-2, Flow("left"))))) == ([150.0, 90.0], 240.0)
    assert _value(total(Flow("left"), Flow("left"))) == ([60.0, 80.0], 140.0)
    assert _value(Ratio(Flow("left"), Flow("seen"))) == ([30 / 210, 40 / 170], 70 / 380)


def test_that_a_ratio_to_nothing_is_zero() -> None:
    nothing = Flow("seen", {"need": "middle", "town": "south"})
    by, _ = _value(Ratio(Flow("left"), nothing))
    assert by == [30 / 50, 0.0]
    assert _value(Ratio(Flow("left"), nothing), SEGMENTS[1]) == ([0.0], 0.0)


def test_that_prices_are_those_of_the_date_and_money_is_in_whole_cents() -> None:
    known = {"fee": Dated((1, SEGMENTS[1][0].toordinal()), (1.5, 2.129))}
    priced = Priced(((Flow("left"), p("fee")), (Level(("ward",), how="sum"), 0.1)))
    assert _value(priced, known=known) == ([48.0, 102.2], 150.2)


def test_that_a_price_by_trait_is_refused() -> None:
    with pytest.raises(TypeError, match="not a table"):
        _value(Priced(((Flow("left"), Table.of("town", {"north": 1.0, "south": 2.0})),)))


def test_that_a_measure_can_be_scaled_by_a_dated_number() -> None:
    known = {"share": Dated((1, SEGMENTS[1][0].toordinal()), (0.5, 2.0))}
    assert _value(Scaled(Flow("left"), p("share")), known=known) == ([15.0, 80.0], 95.0)


def test_that_a_window_must_lie_on_the_cuts() -> None:
    assert _value(Flow("left"), SEGMENTS[1]) == ([40.0], 40.0)
    for window in [(FIRST, FIRST), (dt.date(2025, 1, 31), WHOLE[1]), (FIRST, dt.date(2025, 2, 4))]:
        with pytest.raises(EngineError, match="the books are not cut at"):
            _value(Flow("left"), window)


def test_that_an_unknown_tally_trait_or_value_is_one_line_with_the_nearest() -> None:
    for measure, message in [
        (Flow("lef"), "unknown tally 'lef'; did you mean 'left'"),
        (Flow("seen", {"tow": "north"}), "unknown trait 'tow' in tally 'seen'; did you mean 'town'"),
        (
            Flow("seen", {"town": "nort"}),
            "unknown value of town 'nort' in tally 'seen'; did you mean 'north'",
        ),
    ]:
        with pytest.raises(EngineError, match=message):
            _value(measure)


def test_that_the_opening_of_a_level_is_the_evening_before() -> None:
    level = Level(("ward",), ("beds",))
    assert opening(level, _ledger(), FIRST) == 110.0
    assert opening(level, _ledger(), SEGMENTS[1][0]) == 60.0
    assert opening(Sum(((1, level), (-1, Level(("home",))))), _ledger(), FIRST) == 100.0
    assert opening(Flow("left"), _ledger(), FIRST) is None


def test_that_events_are_timers_services_takings_and_findings() -> None:
    assert _ledger().events == 8 + 6 + 1 + 1
    assert _ledger().days == 5


def _dated(*steps: tuple[dt.date, float]) -> dict[str, Dated]:
    return {"n": Dated(tuple(day.toordinal() for day, _ in steps), tuple(value for _, value in steps))}


def test_that_what_is_built_up_is_each_rise_above_the_most_there_was_whatever_the_scale() -> None:
    day = [FIRST + dt.timedelta(k) for k in range(6)]
    up = _dated(
        (day[0], 100.0), (day[1], 130.0), (day[2], 90.0), (day[3], 120.0), (day[4], 150.0), (day[5], 900.0)
    )
    assert _value(Raised(p("n")), known=up) == ([30.0, 20.0], 50.0)  # back to 120 is not built again
    assert _value(Raised(p("n")), SEGMENTS[1], up) == ([20.0], 20.0)  # the most before the window counts
    assert _value(Raised(p("n")), known=_dated((day[0], 5.0))) == ([0.0, 0.0], 0.0)
    assert _value(Priced(((Raised(p("n")), 2.5),)), known=up) == ([75.0, 50.0], 125.0)


def test_that_a_number_a_day_adds_up_over_the_days_it_holds() -> None:
    pace = _dated((FIRST, 2.0), (dt.date(2025, 2, 2), 10.0))
    assert _value(Daily(p("n")), known=pace) == ([4.0, 22.0], 26.0)
    with pytest.raises(TypeError, match="a number a day is one number a date, not a table"):
        _value(Daily(Table.of("town", {"north": 1.0, "south": 2.0})))
