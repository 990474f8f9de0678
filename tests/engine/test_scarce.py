"""What is scarce goes to whom the declaration says: quotas, floors, orders, spends, draws that need room.

Every number here can be worked out by hand; the twin is held against each of them too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import Ledger, Run, bind, compile_network, entries_of, follow, text
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.recount import watch
from docketflow.engine.inspect.reference import run as slowly

from .networks import differences

FIRST = dt.date(2025, 3, 10)
GONE = d.End("gone")


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(number)


def lived(counts: dict[str, int], days: int, known: dict[str, Dated] | None = None, **parts: Any) -> Ledger:
    """Return the books of a small declaration, counted anew each evening and equal to the twin's."""
    starts = [d.Start(f"at {place}", place) for place in counts]
    network = d.Network("small", **{"starts": starts, **parts})
    bound = bind(compile_network(network), (known or {}).__getitem__, first=FIRST, days=days)
    cells = {"start": [start.name for start in network.starts], "count": list(counts.values())}
    run = watch(Run(bound, cells, 1))
    assert not differences(run.ledger(), slowly(bound, cells, 1))
    return run.ledger()


def line(name: str, effort: str | None = "minutes", **more: Any) -> d.Wait:
    return d.Wait(name, then="gone", effort=effort, **more)


# --- quotas -------------------------------------------------------------------------------------------
def test_that_a_quota_is_used_up_once_and_grows_only_where_its_limit_does() -> None:
    limit = {"cap": Dated((1, day(4).toordinal(), day(6).toordinal()), (7.0, 9.0, 3.0))}
    ledger = lived({"line": 30}, 9, limit, nodes=[line("line", "places", cost=2), GONE],
                   efforts=[d.Quota("places", p("cap"))])  # fmt: skip
    assert ledger.served["line"].tolist() == [3, 0, 0, 0, 1, 0, 0, 0, 0]  # 6 of 7, then 8 of 9
    assert ledger.exhausted["places"].tolist() == [1] * 9


def test_that_a_quota_renewed_begins_anew_and_what_was_left_lapses() -> None:
    late = {"late": Dated((1, day(6).toordinal(), day(7).toordinal()), (0.0, 9.0, 0.0))}
    ledger = lived({"line": 5}, 8, late, nodes=[line("line", "places"), GONE],
                   efforts=[d.Quota("places", 4, (day(3), day(6)))],
                   arrivals=[d.Arrive("late", p("late"), "line")])  # fmt: skip
    assert ledger.served["line"].tolist() == [4, 0, 0, 1, 0, 0, 4, 0]


def test_that_a_service_spends_all_it_needs_or_nothing() -> None:
    ledger = lived({"line": 10}, 3, nodes=[line("line", also=[d.Need("places"), d.Need("buses", 3)]), GONE],
                   efforts=[d.Effort("minutes", 9), d.Quota("places", 5), d.Effort("buses", 7)])  # fmt: skip
    assert ledger.served["line"].tolist() == [2, 2, 1]  # 7 seats: two threes; 1 kept: then 8, 9
    assert ledger.spent["minutes"].tolist() == ledger.spent["places"].tolist() == [2, 2, 1]
    assert ledger.exhausted["buses"].tolist() == [1, 1, 0]
    assert ledger.exhausted["places"].tolist() == [0, 0, 1]
    assert ledger.exhausted["minutes"].tolist() == [0, 0, 0]


# --- who is served first ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("floors", "served"),
    [
        ((), [10, 0, 0]),
        ((d.Floor("of second", 0.3, ("second",)),), [7, 3, 0]),
        ((d.Floor("of third", 0.2, ("third",)), d.Floor("of second", 0.8, ("second",))), [0, 8, 2]),
    ],
)
def test_that_a_floor_is_what_its_lines_are_sure_of(floors: Sequence[d.Floor], served: list[int]) -> None:
    names = ["first", "second", "third"]
    ledger = lived(dict.fromkeys(names, 90), 5, nodes=[*map(line, names), GONE],
                   efforts=[d.Effort("minutes", 10, floors=floors)])  # fmt: skip
    assert [ledger.served[name].tolist() for name in names] == [[many] * 5 for many in served]


def test_that_what_a_floor_does_not_need_goes_to_all_and_no_minute_idles() -> None:
    floor = d.Floor("of second", 0.5, ("second",))
    ledger = lived({"first": 90, "second": 2}, 3, nodes=[line("first"), line("second"), GONE],
                   efforts=[d.Effort("minutes", 10, floors=[floor])])  # fmt: skip
    assert ledger.served["first"].tolist() == [8, 10, 10]
    assert ledger.served["second"].tolist() == [2, 0, 0]


def test_that_a_floor_too_small_for_one_is_saved_until_it_is_enough() -> None:
    floor = d.Floor("of second", 0.1, ("second",))
    ledger = lived({"first": 300, "second": 90}, 12, nodes=[line("first"), line("second", cost=5), GONE],
                   efforts=[d.Effort("minutes", 10, floors=[floor])])  # fmt: skip
    assert ledger.served["second"].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]


def test_that_all_that_the_next_in_line_needs_is_carried_not_only_what_is_short() -> None:
    """At a coarse scale a day has fewer minutes than one service takes."""
    needs = [d.Need("part", 7), d.Need("counsel", 7)]
    efforts = [d.Effort("minutes", 5), d.Effort("part", 4), d.Effort("counsel", 90)]
    ledger = lived({"line": 90}, 70, nodes=[line("line", cost=7, also=needs), GONE], efforts=efforts)
    assert ledger.served["line"].sum() == 4 * 70 // 7
    assert ledger.spent["counsel"].max() == 7  # carried for the next alone: what is more is lost


def test_that_a_floor_keeps_its_part_while_the_whole_is_too_little_for_one() -> None:
    floor = d.Floor("of second", 0.5, ("second",))
    ledger = lived({"first": 900, "second": 90}, 48, nodes=[line("first"), line("second", cost=12), GONE],
                   efforts=[d.Effort("minutes", 10, floors=[floor])])  # fmt: skip
    assert 0.9 < ledger.served["second"].sum() / (0.5 * 10 * 48 / 12) <= 1


def test_that_a_floor_of_some_classes_is_for_them_alone() -> None:
    urgency = d.Trait("urgency", ("high", "low"))
    starts = [d.Start("urgent", "line"), d.Start("others", "line", None, (d.put("urgency", "low"),))]
    ledger = lived({"urgent": 90, "others": 90}, 4, traits=[urgency], starts=starts,
                   nodes=[d.Wait("line", d.to("gone", do=[d.count("left")]), "minutes",
                                 priority=Table.of("urgency", {"high": 0, "low": 1})), GONE],
                   efforts=[d.Effort("minutes", 10, floors=[d.Floor("of others", 0.2, classes=(1,))])],
                   tallies=[d.Tally("left", ("urgency",))])  # fmt: skip
    assert ledger.tally("left").sum(axis=0).tolist() == [32, 8]


def test_that_classes_go_before_the_order_in_which_waits_are_listed_where_an_effort_says_so() -> None:
    nodes = [line("first", priority=1), line("second", priority=0), GONE]
    for order, served in ((d.LISTED, [[4, 2, 0], [0, 2, 4]]), (d.CLASSES, [[0, 2, 4], [4, 2, 0]])):
        ledger = lived({"first": 6, "second": 6}, 3, nodes=nodes,
                       efforts=[d.Effort("minutes", 4, order=order)])  # fmt: skip
        assert [ledger.served[name].tolist() for name in ("first", "second")] == served


def test_that_a_floor_is_kept_from_draws_on_the_same_effort() -> None:
    def spent(*floors: d.Floor) -> Ledger:
        return lived({"home": 500, "line": 90}, 4,
                     nodes=[d.Rest("home"), line("line"), GONE], pools=[d.Pool("pool")],
                     draws=[d.Draw("call", "pool", d.to("gone", do=[d.new_episode()]), effort="minutes")],
                     starts=[d.Start("at home", "home", None, (d.join("pool"),)), d.Start("at line", "line")],
                     efforts=[d.Effort("minutes", 10, floors=floors)])  # fmt: skip

    assert spent().served["line"].sum() == 0
    ledger = spent(d.Floor("of line", 0.4))
    assert ledger.served["line"].tolist() == [4] * 4
    assert ledger.taken["call"].tolist() == [6] * 4


# --- spending on the way ------------------------------------------------------------------------------
def _escorts() -> dict[str, Any]:
    return {
        "nodes": [d.Spend("escort", "officers", enough=d.to("gone", do=[d.count("escorted")]), short="room",
                          cost=2), d.Rest("room"), line("line", "officers"), GONE],
        "arrivals": [d.Arrive("comes", 6, "escort")], "efforts": [d.Effort("officers", 9)],
        "tallies": [d.Tally("escorted")],
    }  # fmt: skip


def test_that_a_step_is_paid_at_once_or_the_other_way_is_gone() -> None:
    ledger = lived({"line": 90}, 3, **_escorts())
    assert ledger.booked["escort"].tolist() == [4] * 3  # the ninth hour goes to the line
    assert ledger.lacked["escort"].tolist() == [2] * 3
    assert ledger.served["line"].tolist() == [1] * 3
    assert ledger.tally("escorted").sum() == 12
    assert ledger.exhausted["officers"].tolist() == [1, 1, 1]


def test_that_a_history_says_what_a_step_cost_or_what_was_lacking() -> None:
    network = d.Network("small", starts=[d.Start("at line", "line")], **_escorts())
    bound = bind(compile_network(network), {}.__getitem__, first=FIRST, days=2)
    told = follow(bound, {"start": ["at line"], "count": [3]}, 1, people=99)
    said = {decided for row in told.rows for decided in row["decided"]}
    assert said == {"escort: spends 2 of officers", "escort: finds less than 2 of officers"}


# --- draws that need room -----------------------------------------------------------------------------
def _draw(days: int, draw: d.Draw, *, beds: float = 20, stay: float = 3000) -> Ledger:
    ward = d.Stage("ward", d.fixed(stay), "gone")
    return lived({"home": 4000}, days, nodes=[d.Rest("home"), ward, GONE],
                 spaces=[d.Space("beds", beds)], pools=[d.Pool("pool")], draws=[draw],
                 efforts=[d.Effort("officers", 50), d.Effort("buses", 3)],
                 starts=[d.Start("at home", "home", None, (d.join("pool"),))])  # fmt: skip


CALL = d.Draw("call", "pool", d.to("ward", do=[d.new_episode()]), exposure=0.002, space="beds")


def test_that_a_draw_stops_where_there_is_no_place_and_goes_on_at_its_old_pace() -> None:
    ledger = _draw(60, CALL)
    assert ledger.taken["call"].sum() == 20 == ledger.held["beds"][-1]
    assert ledger.full["beds"][-40:].all() and not ledger.full["beds"][0]
    ledger = _draw(60, CALL, stay=10)
    assert ledger.held["beds"].max() == 20
    assert 90 < ledger.taken["call"].sum() <= 20 * 6  # about 8 a day want in, 2 a day find a place
    free = _draw(60, CALL, beds=10**6)
    assert abs(free.taken["call"].sum() - 480) < 4 * np.sqrt(480)
    assert not free.full["beds"].any()


def test_that_a_draw_without_exposure_takes_as_many_as_there_are_places_and_effort_for() -> None:
    ledger = _draw(8, d.Draw("call", "pool", CALL.then, effort="officers", cost=10, space="beds"))
    assert ledger.taken["call"].tolist() == [5, 5, 5, 5, 0, 0, 0, 0]
    assert ledger.full["beds"].tolist() == [0, 0, 0, 1, 1, 1, 1, 1]
    assert ledger.exhausted["officers"].tolist() == [1, 1, 1, 0, 0, 0, 0, 0]  # the twenty-first finds it full


def test_that_a_draw_stops_where_a_second_effort_runs_short() -> None:
    draw = d.Draw("call", "pool", CALL.then, effort="officers", cost=10, also=[d.Need("buses")])
    ledger = _draw(5, draw)
    assert ledger.taken["call"].tolist() == [3] * 5
    assert ledger.exhausted["buses"].tolist() == [1] * 5 and not ledger.exhausted["officers"].any()


# --- told ---------------------------------------------------------------------------------------------
def test_that_quotas_floors_and_further_needs_are_printed() -> None:
    network = d.Network(
        "small", nodes=[line("line", also=[d.Need("places", 2)]), GONE], starts=[d.Start("at line", "line")],
        efforts=[d.Effort("minutes", 10, floors=[d.Floor("of line", 0.5)]), d.Quota("places", 7, (day(2),))],
    )  # fmt: skip
    bound = bind(compile_network(network), {}.__getitem__, first=FIRST, days=5)
    said = [text(entries_of(bound, name)[0]) for name in ("line", "minutes", "places")]
    assert "also of places from 2025-03-10\n    everyone: 2" in said[0]
    assert "floor for line, class 0: 5 from 2025-03 a day" in said[1]
    assert "granted on 2025-03-10: +7\n  granted on 2025-03-12: +7" in said[2]
