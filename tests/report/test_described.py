"""What the two reports describe, row by row."""

from __future__ import annotations

from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest

from docketflow.core.strict_yaml import read_yaml
from docketflow.policy import levers, load_scenario
from docketflow.policy.described import described, too_small


@pytest.mark.parametrize("row", described(), ids=lambda row: row.row)
def test_that_a_row_names_levers_that_exist_and_says_what_happens_without(row) -> None:
    assert row.without
    for path in row.levers:
        assert any(lever.startswith(path) for lever in levers()), path


def test_that_the_rows_are_the_twenty_of_the_design() -> None:
    assert len(described()) == len({row.row for row in described()}) == 20


def test_that_every_lever_belongs_to_something_that_the_reports_describe() -> None:
    starts = tuple(start for row in described() for start in row.levers)
    assert [path for path in levers() if not path.startswith(starts)] == []


def test_that_every_statement_of_the_reports_is_about_a_row() -> None:
    written = resources.files("docketflow.answers.claims").joinpath("claims.yaml")
    said = {row["id"] for row in read_yaml(Path(str(written)))}
    assert {claim for row in described() for claim in row.claims} == said


def test_that_a_plan_holds_what_its_settings_move_and_a_baseline_nothing() -> None:
    plan = [setting.lever for setting in load_scenario("one-million-first-year").settings]
    held = {row.row for row in described() if row.moved_by(plan)}
    assert "The Alien Enemies Act" in held and "Parole through CBP One revoked" in held
    assert "Temporary protected status ended" not in held
    assert not any(row.moved_by([]) for row in described())


def test_that_a_cap_of_less_than_a_hundred_records_is_too_small_and_growth_of_a_stock_is_not() -> None:
    plan = {setting.lever: setting for setting in load_scenario("one-million-first-year").settings}

    def small(path: str, scale: int) -> bool:
        setting = plan[path]
        row = {"operation": setting.operation, "unit": levers()[path].unit, "value": setting.value}
        return too_small(row, Fraction(1, scale))

    assert small("detention.guantanamo.places", 100) and small("wartime.places", 100)
    assert not small("detention.guantanamo.places", 1) and not small("detention.beds.contract", 100)
