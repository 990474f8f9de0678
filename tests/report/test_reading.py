"""What is read off a result: books that balance, and numbers no finer than the scale can say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from docketflow.report.format import coarse, show
from docketflow.report.lever_words import change, reach
from docketflow.report.sections import resources, short, unused
from docketflow.report.traced import Traced
from docketflow.report.view import STAYS, Reading
from docketflow.results.arrays import Held


def test_that_no_resource_is_used_beyond_what_there_was_in_any_month(result):
    for resource in Reading(result).resources.values():
        assert (resource.used <= resource.supply * (1 + 1e-12)).all(), resource.name
        assert (resource.low <= resource.used).all() and (resource.used <= resource.high).all()


def test_that_who_comes_to_a_place_of_the_flow_leaves_it_or_is_shown_as_staying(result):
    edge = result.axes["edge"]
    released = list(zip(edge["source"], edge["target"], strict=True)).index(("custody", "released"))
    flows = np.array(result.arrays["flows"])
    flows[released] *= 0.5
    arrays = Held({**{name: result.arrays[name] for name in result.arrays}, "flows": flows})
    reading = Reading(dataclasses.replace(result, arrays=arrays))
    sources, targets = ({edge[end] for edge in reading.flows} for end in (0, 1))
    for place in sources & targets:
        into = sum(people for _, to, people in reading.flows if to == place)
        out = sum(people for start, _, people in reading.flows if start == place)
        assert into == pytest.approx(out, abs=reading.record / 2), place
    assert f"custody{STAYS}" in targets


def counted(value: float, record: float) -> Traced:
    return Traced("outcome:x/median", value, "persons", "", simulated=True, record=record)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (8.3, "under 500"), (6_750, "7,000"), (-320, "−500"), (-20, "0"), (218_456, "218,000")],
)
def test_that_people_are_counted_in_whole_records_where_there_are_few(value, said):
    assert show(counted(value, 500.0)) == said


def test_that_a_number_of_many_records_is_not_coarser_than_three_digits():
    assert coarse(25_660.0, 100.0) == 25_660.0
    assert show(counted(8.3, 500.0), "short") == "<500"


def test_that_a_limit_that_is_people_who_come_is_no_resource_and_what_nobody_uses_is_only_named(result):
    reading = Reading(result)
    seats = reading.resources["removal_seats"]
    idle = dataclasses.replace(seats, used=seats.used * 0, refused=seats.refused * 0)
    renamed = dataclasses.replace(seats, name="asylum referrals", used=seats.supply)
    reading.resources.update({"removal_seats": idle, "asylum referrals": renamed})
    assert unused(reading) == ["removal_seats"]
    assert {"removal_seats", "asylum referrals"}.isdisjoint(panel["name"] for panel in resources(reading))
    assert "asylum referrals" not in short(reading)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"operation": "scale", "value": 0.176, "unit": "persons/day"}, "82% fewer"),
        ({"operation": "scale", "value": 1.5, "unit": "share"}, "50% more"),
        ({"operation": "add", "value": -47.0, "unit": "judges"}, "47 judges fewer"),
        ({"operation": "add", "value": 1036.0, "unit": "beds"}, "1,036 beds more"),
        (
            {"operation": "ramp", "value": 755.0, "unit": "detainers/day"},
            "rising evenly to 755 detainers a day",
        ),
        ({"operation": "set", "value": 0.003, "unit": "share/year"}, "0.3% a year"),
        (
            {"operation": "set", "value": {"none": 0.9}, "unit": "share"},
            "no conviction or pending charge: 90%",
        ),
    ],
)
def test_that_a_setting_is_told_in_words_a_reader_knows(row, said):
    assert change(row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"operation": "scale", "unit": "share", "low": 0.1, "high": 1.35}, "90% fewer to 35% more"),
        ({"operation": "add", "unit": "officers", "low": 250, "high": 1000}, "250 to 1,000"),
        ({"operation": "set", "unit": "share/year", "low": 0.0003, "high": 0.02}, "0.03% to 2% a year"),
        ({"operation": "set", "unit": "share", "low": 0.5, "high": 2, "relative": True}, "0.5 to 2 times"),
    ],
)
def test_that_a_range_is_told_in_the_unit_of_its_setting(row, said):
    assert reach({**row, "value": 1.0, "range": row}) == said
