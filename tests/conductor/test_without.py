"""A run without one source: another run, that says what it leaves out."""

from __future__ import annotations

import pytest

from docketflow.conductor.ensemble import leaving_out, simulate, simulate_all
from docketflow.conductor.model import evidence
from docketflow.conductor.provenance import settings_of
from docketflow.core.errors import UsageError
from docketflow.core.scale import read_scale
from docketflow.evidence import load
from docketflow.policy import load_scenario
from docketflow.policy.setting import TARGET
from docketflow.report import render

TINY = {"members": 2, "scale": read_scale("1/5000")}


@pytest.fixture(scope="module")
def plan():
    return load_scenario("one-million-first-year")


@pytest.fixture(scope="module")
def announced(plan):
    return next(one.source for one in plan.settings if one.source and not one.lever.startswith(TARGET))


def test_that_what_only_a_left_out_source_announces_is_taken_out_and_named(plan, announced):
    lived, left_out = leaving_out(plan, announced)
    gone = [one for one in plan.settings if one.source == announced and not one.lever.startswith(TARGET)]
    assert gone
    assert len(lived.settings) == len(plan.settings) - len(gone)
    assert {f"setting {one.lever}" for one in gone} <= {one.path for one in left_out.replaced}
    assert lived.target == plan.target


def test_that_a_run_without_a_source_is_another_run_and_says_so_on_the_page(plan):
    whole = simulate(plan, **TINY)
    part = simulate(plan, without="MEMORY", **TINY)
    assert part.manifest["settings"] == settings_of(plan, "MEMORY") != whole.manifest["settings"]
    assert part.manifest["hash"] != whole.manifest["hash"]
    assert any(part[name].values.tolist() != whole[name].values.tolist() for name in whole.names)
    page = render(part, load())
    assert "Without one source" in page
    assert all(path in page for path in part.manifest["without"]["replaced"])
    assert "Without one source" not in render(whole, load())


def test_that_leaving_out_what_nothing_rests_on_is_refused(plan):
    unused = next(
        source
        for source in load().sources
        if not any(f.source == source for f in load().every.values())
        and not any(one.source == source for one in plan.settings)
    )
    with pytest.raises(UsageError, match="nothing would change"):
        leaving_out(plan, unused)


def test_that_a_source_is_not_left_out_of_a_room_of_ones_own(plan, announced):
    with pytest.raises(UsageError, match="leave out either it or room"):
        simulate_all([plan], without=announced, room=evidence(), **TINY)
