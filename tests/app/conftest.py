"""A server of the app in this process, with one worker; what is asked of it is lived by the real engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from docketflow.app.web import create

BEDS = "detention.beds.contract=+38000@2025-06-01+60d"


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with TestClient(create(workers=1, warm=False), base_url="http://127.0.0.1") as found:
        yield found
