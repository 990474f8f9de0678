"""What settings rest on: a source a reader can open, or the word assumed; nothing later than was known."""

from __future__ import annotations

import pytest

from docketflow.evidence import load, orders_without_a_lever, settings_on_no_source
from docketflow.policy import list_scenarios, load_scenario
from docketflow.policy.cases import cases, foreseen

KNOWN_BY = "2025-04-30"
ANNOUNCED = (
    *("one-million-first-year", "no-alien-enemies-act", "no-third-countries", "no-other-agencies"),
    "as-announced-april-2025",
)


SHIPPED = [*list_scenarios(), *cases().values(), *foreseen().values()]


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda one: getattr(one, "key", "") or one.name)
def test_that_a_setting_on_what_nobody_can_look_up_is_assumed_and_has_a_range(shipped):
    assert list(settings_on_no_source(load(), [one.row() for one in shipped.settings])) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"source": "MEMORY", "assumed": False}, "MEMORY is from memory, a copy or a host that is no source"),
        ({"source": "MEMORY", "no_range": "a sum"}, "give it a range, whatever no_range says"),
        ({"source": "MEMRY"}, "did you mean 'MEMORY'"),
        ({"source": None}, "is assumed; give it a range, or say in no_range"),
    ],
)
def test_that_one_line_says_where_a_setting_rests_on_nothing_and_what_to_do(cells, said):
    row = {"place": "mine.yaml, line 3", "lever": "court.judges", "source": "", "assumed": True}
    row |= {"range": None, "no_range": ""} | cells
    (line,) = settings_on_no_source(load(), [row])
    assert "mine.yaml, line 3 (court.judges)" in line and said in line and "\n" not in line
    sound = row | {"source": "MEMORY", "assumed": True, "range": {"shape": "normal"}}
    assert list(settings_on_no_source(load(), [sound])) == []


@pytest.mark.parametrize("name", ANNOUNCED)
def test_that_a_plan_announced_by_april_rests_on_nothing_later(name):
    room = load()
    for row in load_scenario(name).rows():
        if row["source"] in room.sources:
            published = room.sources[row["source"]].published
            assert published <= KNOWN_BY, f"{row['lever']} rests on {row['source']} of {published}"


def test_that_an_order_switches_a_lever_or_says_why_none():
    room = load()
    silent = next(order for order in room.litigation if order.no_lever)
    switching = {order.case for order in room.litigation if not order.no_lever}
    assert list(orders_without_a_lever(room, switching)) == []
    for case in switching:
        (line,) = orders_without_a_lever(room, switching - {case})
        assert f"litigation {case}: switches no lever" in line
    (line,) = orders_without_a_lever(room, {*switching, silent.case})
    assert f"litigation {silent.case}: switches a lever and says why" in line
