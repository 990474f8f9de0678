"""Populations built once for every test of the room."""

import datetime as dt

import pytest

from docketflow.evidence import Room, load
from docketflow.people import Population, build

DATES = (dt.date(2023, 10, 1), dt.date(2024, 10, 1))


@pytest.fixture(scope="session")
def room() -> Room:
    return load()


@pytest.fixture(scope="session")
def built(room: Room) -> dict[dt.date, Population]:
    return {date: build(room, date) for date in DATES}


@pytest.fixture(params=DATES, ids=str)
def people(request: pytest.FixtureRequest, built: dict[dt.date, Population]) -> Population:
    return built[request.param]
