"""Laws of what is too small at a scale: by cap and scale, never by name, and only through the cap."""

from __future__ import annotations

import csv
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest

from docketflow.answers.small import FEWEST, between, too_small
from docketflow.core.scale import read_scale
from docketflow.policy import Scenario, list_scenarios, load_scenario

PLAN = load_scenario("one-million-first-year")
CAP, HUNDREDTH = "wartime.places", Fraction(1, 100)


def caps(scenario: Scenario, scale: Fraction) -> dict[str, float]:
    return {one.name: one.records for one in too_small(scenario, scale).caps}


def test_that_a_cap_is_small_below_a_hundred_records_and_not_from_there_on():
    name = next(one.name for one in too_small(PLAN, HUNDREDTH).caps if CAP in one.through)
    enough = FEWEST / HUNDREDTH
    below, just = (PLAN.with_sets([f"{CAP}={int(enough) - gap}@2025-03-15"]) for gap in (100, 0))
    assert caps(below, HUNDREDTH)[name] == FEWEST - 1
    assert name not in caps(just, HUNDREDTH)
    assert name not in caps(PLAN.with_sets([f"{CAP}=0@2025-03-15"]), HUNDREDTH)  # nothing passes, by intent


@pytest.mark.parametrize("scenario", list_scenarios(), ids=lambda one: one.name)
def test_that_fewer_caps_are_small_at_a_finer_scale_and_what_the_scenario_does_not_set_is_none(scenario):
    coarse, fine = caps(scenario, HUNDREDTH), caps(scenario, Fraction(1))
    assert set(fine) <= set(coarse)
    said = {setting.lever for setting in scenario.settings}
    assert all(one.through & said for one in too_small(scenario, HUNDREDTH).caps)


def test_that_what_two_scenarios_differ_in_is_small_only_where_it_works_through_the_cap():
    found = between(PLAN, load_scenario("no-alien-enemies-act"), HUNDREDTH)
    (cap,) = found.caps
    assert CAP in cap.through and f"{cap.people:,.0f} in all" in str(found) and str(HUNDREDTH) in str(found)
    for other in ("no-third-countries", "no-other-agencies", "no-2025-appropriation"):
        assert not between(PLAN, load_scenario(other), HUNDREDTH), other
    assert not between(PLAN, PLAN, HUNDREDTH)


def test_that_the_table_of_worth_marks_what_is_too_small_by_the_same_rule():
    text = resources.files("docketflow.results").joinpath("worth.csv").read_text(encoding="utf-8")
    page = (Path(__file__).parents[2] / "docs" / "worth.md").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["mechanism"] != "all"]
    for key in {
        (row["scenario"], row["mechanism"], row["title"], row["scale"], row["too_small"]) for row in rows
    }:
        scenario, mechanism, title, scale, marked = key
        found = between(load_scenario(scenario), load_scenario(mechanism), read_scale(scale))
        assert "; ".join(map(str, found.caps)) == marked, mechanism
        assert (f"| {title} * |" in page) == bool(marked), mechanism
