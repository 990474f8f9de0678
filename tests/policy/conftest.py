"""A small catalogue of levers and values: laws of policy are tested apart from the shipped ones."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from docketflow.core.quantity import Dated, Table
from docketflow.policy import catalogue
from docketflow.policy.catalogue import Lever

FIRST, START, END = dt.date(2024, 10, 1), dt.date(2025, 1, 20), dt.date(2026, 1, 19)


def _lever(path, unit, kind, high, operations, **more):
    return Lever(
        path=path, title=path, unit=unit, kind=kind, low=0, high=high, operations=operations,
        description="for tests", moves="removals.ice", sign="up", **more,
    )  # fmt: skip


CATALOGUE = {
    lever.path: lever
    for lever in (
        _lever("custody.beds", "beds", "count", 500_000, ("set", "scale", "add", "ramp"), capacity=True),
        _lever("custody.released", "share", "share", 1, ("set", "scale", "ramp"), by=("agency", "criminal")),
        _lever("court.minutes", "minutes", "count", 100_000, ("set", "scale", "add", "ramp")),
        _lever("removal.third_country", "share", "switch", 1, ("set", "open", "close")),
        Lever(path="target.removals", title="target", unit="persons", kind="count", low=1, high=1e7,
              operations=("set",), description="for tests", moves="target.probability", sign="down"),
        Lever(path="target.series", title="series", unit="name", kind="name", operations=("set",),
              choices=("removals.ice", "removals.ohss"), description="for tests",
              moves="target.probability", sign="either", because="for tests"),
    )
}  # fmt: skip


@pytest.fixture(autouse=True)
def few_levers(request, monkeypatch):
    """Use the small catalogue except where the shipped one is tested."""
    if not any(shipped in request.module.__name__ for shipped in ("test_shipped", "test_levers")):
        monkeypatch.setattr(catalogue, "levers", lambda: CATALOGUE)


@pytest.fixture
def values():
    """Parameter values before any lever."""
    table = Table(
        {"agency": ("ice", "cbp"), "criminal": ("none", "pending", "convicted")},
        np.array([[0.5, 0.4, 0.1], [0.6, 0.5, 0.2]]),
    )
    return {
        "custody.beds": Dated((dt.date(2023, 10, 1).toordinal(), START.toordinal()), (40_000.0, 41_000.0)),
        "custody.released": Dated.always(table),
        "court.minutes": Dated.always(300.0),
        "removal.third_country": Dated.always(0.0),
    }
