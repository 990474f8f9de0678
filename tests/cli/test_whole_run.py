"""The main job through the command line, small: real scenarios, few members, coarse scale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docketflow.cli.main import main
from docketflow.core.outcomes import counting_rules
from docketflow.results import load

SMALL = ("--members", "3", "--scale", "1/1000")
PROMISED = """
removals.ice removals.ice_arrest removals.cbp_arrest removals.ohss removals.ohss.expedited
removals.ohss.reinstated removals.ohss.other returns.enforcement repatriations.title8_enforcement
arrests.ice arrests.custodial arrests.supervision arrests.at_large book_ins book_ins.ice_arrest
book_ins.cbp_arrest book_outs book_outs.removal book_outs.bond book_outs.parole
book_outs.recognizance book_outs.supervision book_outs.relief_or_terminated book_outs.court_ordered
book_outs.other detained.average detained.peak detained.point stay.mean_days courts.receipts
courts.total_completions courts.removal_orders courts.in_absentia_orders courts.pending.all
orders.unexecuted docket.not_detained departures.unrecorded flights.removal cost.total
target.probability
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Run three small variants of the plan once, into folders."""
    place = tmp_path_factory.mktemp("runs")
    plan = ("run", "one-million-first-year", *SMALL)
    assert main([*plan, "--out", str(place / "plan")]) == 0
    assert main([*plan, "--out", str(place / "again")]) == 0
    assert main([*plan, "--set", "court.judges=0@2025-06-01", "--out", str(place / "june")]) == 0
    return place


def test_that_a_run_fills_every_promised_outcome(runs):
    found = load(runs / "plan").to_json()["outcomes"]
    assert set(PROMISED.split()) <= set(found)
    for name in PROMISED.split():
        assert (
            found[name]["value"] is not None
            and found[name]["low"] <= found[name]["value"] <= found[name]["high"]
        )
        assert found[name]["unit"] and found[name]["definition"]
    assert {f"target.probability.{rule}" for rule in counting_rules()} <= set(found)


def test_that_outcomes_are_listed_as_answered_if_and_only_if_a_run_answers_them(runs, capsys):
    assert main(["outcomes", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["outcomes"]
    found = load(runs / "plan")
    for row in listed:
        assert (row["answered"] == "yes") == (row["outcome"] in found), row["outcome"]
        assert all(part in found for part in row["parts"])
        assert row["answered"] != "in parts" or row["parts"]


def test_that_the_months_of_the_answer_add_up_to_its_period(runs):
    result = load(runs / "plan")
    assert result.months[0] == "2025-01" and result.months[-1] == "2026-01" and len(result.months) == 13
    for name in ("removals.ice", "arrests.ice", "book_ins", "courts.receipts", "cost.total"):
        assert result[name].by_month.sum(axis=1) == pytest.approx(result[name].values)


def test_that_parts_add_up_to_wholes(runs):
    result = load(runs / "plan")
    for whole, parts in {
        "removals.ice": ("removals.ice_arrest", "removals.cbp_arrest"),
        "removals.ohss": ("removals.ohss.expedited", "removals.ohss.reinstated", "removals.ohss.other"),
        "repatriations.title8_enforcement": ("removals.ohss", "returns.enforcement"),
        "arrests.ice": ("arrests.custodial", "arrests.supervision", "arrests.at_large"),
        "book_ins": ("book_ins.ice_arrest", "book_ins.cbp_arrest"),
    }.items():
        assert sum(result[part].values for part in parts) == pytest.approx(result[whole].values), whole
    assert result.arrays["costs"].sum(axis=0) == pytest.approx(result["cost.total"].values)


def test_that_the_same_run_gives_the_same_bytes(runs):
    one, two = (
        {file.relative_to(runs / folder): file.read_bytes() for file in (runs / folder).rglob("*.*")}
        for folder in ("plan", "again")
    )
    assert one == two and Path("report.html") in one


def test_that_a_lever_which_first_acts_in_june_changes_nothing_before(runs):
    plan, june = load(runs / "plan"), load(runs / "june")
    before = plan.months.index("2025-06")
    for name in plan.names:
        one, two = plan[name].by_month, june[name].by_month
        if one is not None and two is not None:
            assert (one[:, :before] == two[:, :before]).all(), name
    assert (plan["courts.total_completions"].values > june["courts.total_completions"].values).all()


def test_that_a_report_lies_in_the_folder_and_levers_name_their_sources(runs):
    text = (runs / "plan" / "report.html").read_text()
    assert "<html" in text and "http-equiv" not in text
    levers = load(runs / "plan").levers
    assert len(levers) > 20
    assert all(row["assumed"] is True or row["source"] for row in levers)
    assert all(isinstance(row["value"], (int, float, dict, str)) for row in levers)


def test_that_plain_tables_lie_beside_the_report_with_units(runs):
    for name in ("answers", "answers_by_month"):
        lines = (runs / "plan" / f"{name}.csv").read_text().splitlines()
        assert {"outcome", "value", "low", "high", "unit", "days"} <= set(lines[0].split(","))
        assert len(lines) > 90


def test_that_the_comparison_with_evidence_reads_a_kept_result(tmp_path, capsys):
    assert main(["run", "fiscal-year-2024", *SMALL, "--out", str(tmp_path / "r")]) == 0
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "r"), "--with", "evidence", "--json"]) == 0
    figures = {row["outcome"]: row for row in json.loads(capsys.readouterr().out)["figures"]}
    assert {"removals.ice", "arrests.ice", "detained.average", "change:courts.pending.all"} <= set(figures)
    assert all(row["model"] is not None for row in figures.values())


def test_that_who_is_lived_beside_a_folder_is_drawn_as_its_members_were(runs, tmp_path, capsys):
    plan, drawn = "one-million-first-year", str(tmp_path / "drawn")
    assert main(["run", plan, *SMALL, "--ranges", "--out", drawn]) == 0
    for folder in (drawn, str(runs / "plan")):
        capsys.readouterr()
        assert main(["compare", folder, plan, "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["outcomes"]
        assert all(row["difference"] == 0 for row in rows)
    assert main(["compare", str(runs / "plan"), plan, "--ranges"]) == 2
    assert "was drawn from the posterior; leave out --ranges" in capsys.readouterr().err
