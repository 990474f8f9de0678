"""Laws of holding outcomes against published figures."""

import datetime as dt
from dataclasses import replace

import pytest

from docketflow.evidence import comparisons, load

from .conftest import figure

START, END = dt.date(2023, 10, 1), dt.date(2024, 9, 30)
YEAR = {"period_start": "2023-10-01", "period_end": "2024-09-30"}

PUBLISHED = {
    "removals.ice": (271_484, "within 35%"),
    "removals.ice_arrest": (47_732, "within 25%"),
    "arrests.ice": (113_431, "within 25%"),
    "book_ins.ice_arrest": (90_615, "within 25%"),
    "detained.average": (37_722, "within 25%"),
    "stay.mean_days": (46.9, "within 25%"),
    "courts.receipts": (1_783_915, "within 25%"),
    "courts.total_completions": (704_514, "within 25%"),
    "change:courts.pending.all": (3_884_956 - 2_768_875, "within 25%"),
    "share:removals.through_detention": (0.56, "within 0.1"),
}


def test_that_fiscal_year_2024_is_checked_against_the_published_figures():
    rows = {row.outcome: row for row in comparisons("fiscal-year-2024", START, END) if row.check}
    assert set(rows) == set(PUBLISHED)
    for outcome, (value, tolerance) in PUBLISHED.items():
        row = rows[outcome]
        assert (row.value, row.tolerance) == (pytest.approx(value, rel=0.01), tolerance)
        assert (row.start, row.end) == (START, END)


def test_that_a_scenario_without_checks_is_only_compared_within_its_period():
    rows = comparisons("another", dt.date(2018, 10, 1), dt.date(2019, 9, 30))
    assert rows
    assert not any(row.check for row in rows)
    assert all(row.start >= dt.date(2018, 10, 1) and row.end <= dt.date(2019, 9, 30) for row in rows)
    assert {row.value for row in rows if row.outcome == "removals.ice"} == {267_258}


def test_that_no_published_outcome_is_listed_twice_beside_its_check():
    rows = comparisons("fiscal-year-2024", START, END)
    seen = [(row.outcome, row.start, row.end, row.subgroup) for row in rows]
    assert len(seen) == len(set(seen))


def test_that_the_catalog_gives_every_outcome_a_unit_and_a_definition():
    for name, outcome in load().outcomes.items():
        assert outcome.name == name
        assert outcome.definition and outcome.unit


def test_that_compared_figures_fit_the_unit_of_their_outcome():
    room = load()
    for outcome in room.outcomes.values():
        for row in room.rows.values():
            if row.metric in outcome.compare_with:
                assert row.unit == outcome.unit, row.id


def with_check(draft, **tolerance):
    draft.outcomes[0] = replace(draft.outcomes[0], compare_with=("removals.ice",))
    draft.figures += [
        figure("OUT", "removals.ice", "persons", 1000, **YEAR),
        figure("BEFORE", "pending", "cases", 300, period_start="2023-09-30", period_end="2023-09-30"),
        figure("AFTER", "pending", "cases", 500, period_start="2024-09-30", period_end="2024-09-30"),
    ]
    draft.checks.append({"scenario": "fy24", "outcome": "removals.ice", "figures": ["OUT"], **tolerance})
    return draft


@pytest.mark.parametrize(
    ("tolerance", "simulated", "verdict"),
    [
        ({"relative": 0.25}, 750, "pass"),
        ({"relative": 0.25}, 749, "off"),
        ({"relative": 0.25}, 1251, "off"),
        ({"absolute": 10}, 1010, "pass"),
        ({"absolute": 10}, 989, "off"),
        ({"absolute": 10}, float("nan"), "off"),
    ],
)
def test_that_a_check_passes_up_to_its_tolerance_and_no_further(draft, tolerance, simulated, verdict):
    (row,) = comparisons("fy24", START, END, room=with_check(draft, **tolerance).room())
    assert row.verdict(simulated) == verdict


def test_that_a_given_input_is_never_a_pass(draft):
    with_check(draft, relative=0.25)
    draft.parameters[0] |= {"evidence": ["OUT"], "input_for": ["fy24"]}
    (row,) = comparisons("fy24", START, END, room=draft.room())
    assert (row.verdict(1000), row.verdict(5)) == ("input", "input")


def test_that_a_change_is_the_level_after_less_the_level_before(draft):
    with_check(draft, relative=0.25)
    draft.checks = [
        {"scenario": "fy24", "outcome": "change:pending", "figures": ["BEFORE", "AFTER"], "relative": 0.25}
    ]
    row = comparisons("fy24", START, END, room=draft.room())[0]
    assert (row.value, row.start, row.end, row.unit) == (200, START, END, "cases")


def test_that_a_compared_figure_without_a_check_has_no_verdict(draft):
    with_check(draft, relative=0.25)
    (row,) = comparisons("another", START, END, room=draft.room())
    assert (row.tolerance, row.verdict(1000)) == ("", "")
