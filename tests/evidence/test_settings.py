"""What settings rest on: a source a reader can open, or the word assumed; nothing later than was known."""

from __future__ import annotations

import pytest

from docketflow.evidence import load
from docketflow.policy import list_scenarios, load_scenario

KNOWN_BY = "2025-04-30"
ANNOUNCED = (
    *("one-million-first-year", "no-alien-enemies-act", "no-third-countries", "no-other-agencies"),
    "as-announced-april-2025",
)


@pytest.mark.parametrize("scenario", list_scenarios(), ids=lambda one: one.name)
def test_that_a_setting_without_a_source_a_reader_can_open_is_assumed(scenario):
    room = load()
    for row in scenario.rows():
        if row["source"] in room.sources and not room.is_source(row["source"]):
            assert row["assumed"], f"{row['lever']} rests on {row['source']}"


@pytest.mark.parametrize("name", ANNOUNCED)
def test_that_a_plan_announced_by_april_rests_on_nothing_later(name):
    room = load()
    for row in load_scenario(name).rows():
        if row["source"] in room.sources:
            published = room.sources[row["source"]].published
            assert published <= KNOWN_BY, f"{row['lever']} rests on {row['source']} of {published}"
