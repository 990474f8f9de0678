"""The printed verdict on a published figure: inside its tolerance or off, to the last unit of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import docketflow
from docketflow.calibrate.published import published
from docketflow.results.arrays import GROUPS, Held
from docketflow.results.compare import CHANGE, SHARE

# as written beside each check in evidence/checks.yaml
WITHIN = {
    "removals.ice": 0.35,
    "removals.ice_arrest": 0.25,
    "arrests.ice": 0.25,
    "detained.average": 0.25,
    "stay.mean_days": 0.25,
    "courts.total_completions": 0.25,
    "change:courts.pending.all": 0.25,
}


@pytest.fixture(scope="module")
def year():
    return docketflow.run("fiscal-year-2024", members=1, scale="1/2000")


def _saying(result, wanted):
    """Return the result with other numbers for some outcomes."""
    arrays = {
        name: np.array(array)
        for name, array in ((group, result.arrays[group]) for group in GROUPS if group in result.arrays)
    }
    for name, value in wanted.items():
        at = result.names.index(name.removeprefix(CHANGE).removeprefix(SHARE))
        arrays["period"][at] = value
        arrays["opening"][at] = 0.0 if name.startswith(CHANGE) else np.nan
    return dataclasses.replace(result, arrays=Held(arrays))


@pytest.mark.parametrize("side", [-1, 1])
def test_that_a_figure_passes_up_to_its_tolerance_and_no_further(year, side):
    figures = {row["outcome"]: row["published"] for row in published(year)}
    for part, verdict in ((0.0, "pass"), (0.999, "pass"), (1.001, "off"), (1.5, "off"), (2.0, "off")):
        wanted = {name: figures[name] * (1 + side * part * within) for name, within in WITHIN.items()}
        rows = {row["outcome"]: row for row in published(_saying(year, wanted))}
        assert {name: rows[name]["verdict"] for name in WITHIN} == dict.fromkeys(WITHIN, verdict), part
        for name, value in wanted.items():
            assert rows[name]["off"] == pytest.approx(value - figures[name])
            assert rows[name]["relative"] == pytest.approx(side * part * WITHIN[name])


def test_that_a_share_passes_by_its_distance_in_shares(year):
    name = "share:removals.through_detention"
    for value, verdict in ((0.56, "pass"), (0.655, "pass"), (0.465, "pass"), (0.665, "off"), (0.455, "off")):
        rows = {row["outcome"]: row for row in published(_saying(year, {name: value}))}
        assert rows[name]["verdict"] == verdict, value


def test_that_who_takes_the_name_of_a_checked_scenario_gets_no_verdict(year):
    other = dataclasses.replace(year, manifest={**year.manifest, "settings": "another"})
    assert other.scenario == year.scenario and published(year)
    assert published(other) == []
