"""A result made of synthetic arrays, for tests of what is done with results."""

from __future__ import annotations

import datetime as dt

import numpy as np

from docketflow.results import Resource, Series, build

MONTHS = ("2025-01", "2025-02", "2025-03")


def made(scenario="trial", members=40, shift=0.0, target=(3_000.0, "removals.ice"), **more):
    """Return a result whose numbers are smooth functions of the member (no luck needed)."""
    quantile = (np.arange(members) + 0.5) / members
    wave = np.outer(1 + quantile, [800.0, 900.0, 700.0]) + shift
    flat = np.outer(1 + quantile, [40_000.0, 41_000.0, 42_000.0])
    series = {
        "removals.ice": Series(wave.sum(axis=1), wave),
        "removals.ohss": Series(1.2 * wave.sum(axis=1), 1.2 * wave),
        "book_ins.ice_arrest": Series(wave.sum(axis=1) / 3, wave / 3),
        "book_ins.cbp_arrest": Series(wave.sum(axis=1) / 2, wave / 2),
        "courts.pending.all": Series(flat[:, -1], flat, opening=flat[:, 0] - 1_000),
        "stay.mean_days": Series(40 + 10 * quantile),
        "cost.total": Series(1e6 * wave.sum(axis=1), 1e6 * wave),
    }
    details = {
        "scenario": scenario, "title": "Trial", "first": dt.date(2024, 10, 1), "start": dt.date(2025, 1, 20),
        "end": dt.date(2025, 3, 31), "scale": "1/100", "seed": 1, "months": MONTHS, "series": series,
        "target": target, "stocks": {"detained": flat, "court > master": 10 * flat},
        "resources": {"beds": Resource("space", "beds", flat, 0.9 * flat, 0.1 * flat)},
        "flows": {("arrest", "custody"): flat[:, 0], ("custody > bed", "removed"): flat[:, 1]},
        "costs": {"detention": 1e6 * wave.sum(axis=1)},
        "levers": [{"lever": "custody.beds", "operation": "set", "value": 5, "assumed": True}],
        "manifest": {"code": "0.1.0"},
    }  # fmt: skip
    return build(**{**details, **more})
