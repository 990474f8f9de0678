"""Cost adds up whichever way it is cut; hearings are told by declared names, what is not counted is named."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from docketflow.answers.money.marginal import ratio
from docketflow.answers.money.outlays import LATER, outlays
from docketflow.answers.people.due_process import shelf
from docketflow.cli.common import tidy
from docketflow.cli.main import main
from docketflow.conductor.ensemble import run
from docketflow.core.labels import declared
from docketflow.evidence import load as load_evidence
from docketflow.evidence.money import authorities, dollars, estimates, executed, paid_by_others
from docketflow.lifecycle import built_up
from docketflow.policy import levers
from docketflow.results import load, save
from docketflow.results.arrays import Held

PLAN = "one-million-first-year"


@pytest.fixture(scope="module")
def result():
    return run(PLAN, members=3, scale="1/5000")


@pytest.fixture(scope="module")
def said(result):
    return result.cost().to_json()


@pytest.fixture(scope="module")
def people(result):
    return result.due_process(orders=True, members=2).to_json()


def means(rows, key="total"):
    return sum(row[key]["mean"] for row in rows)


# --- cost -------------------------------------------------------------------------------------------
def test_that_accounts_steps_and_fiscal_years_each_add_up_to_the_whole(said):
    whole = pytest.approx(said["total"]["mean"])
    assert means(said["accounts"]) == whole
    assert sum(means(one["steps"]) for one in said["accounts"]) == whole
    assert means(said["fiscal_years"]) == whole
    each = said["per_removal"]["average"]
    assert sum(one["mean"] for one in each["accounts"].values()) == pytest.approx(each["mean"])


def test_that_what_is_spent_once_is_beside_the_running_cost_and_adds_up_by_account_and_year(said, result):
    once = said["one_time"]
    whole = pytest.approx(once["total"]["mean"])
    assert means(once["accounts"]) == whole and once["total"]["mean"] > 0
    assert means(said["fiscal_years"], "one_time") == whole
    assert said["total"]["mean"] == pytest.approx(result["cost.total"].values.mean())
    assert not {"cost.one_time"} & {one["account"] for one in said["accounts"]}


def test_that_all_that_is_spent_is_paid_out_in_some_year_or_later_and_never_before(said):
    paid = means(said["fiscal_years"], "outlays") + said["outlays_later"]["mean"]
    assert paid == pytest.approx(said["total"]["mean"] + said["one_time"]["total"]["mean"])
    assert said["outlays_later"]["low"] > 0
    first = said["fiscal_years"][0]
    assert 0 < first["outlays"]["mean"] < first["total"]["mean"] + first["one_time"]["mean"]


def test_that_a_dollar_is_paid_after_its_lag_however_the_years_are_cut():
    one = SimpleNamespace(
        members=1, start=dt.date(2025, 9, 1), days=[30], arrays={"design": np.array([[15.0]])},
        axes={"parameter": {"label": ["money.outlay.running_days"]}},
    )  # fmt: skip
    found = outlays(one, None, {"running": np.array([[100.0]])}, [2025, 2026])
    assert found[2025][0] == pytest.approx(100 * (1 - math.exp(-1)))  # its middle is 15 days before the end
    assert found[2026][0] == pytest.approx(100 * math.exp(-1)) and abs(found[LATER][0]) < 1e-6


def test_that_capacity_is_either_paid_for_or_named_as_without_a_price(said, result):
    free = set(said["one_time"]["capacity_without_a_price"])
    for row in result.levers:
        if levers()[row["lever"]].capacity:
            assert (row["lever"] in built_up()) != (row["title"] in free), row["lever"]
    assert built_up() <= set(load_evidence().parameters)


def test_that_one_sum_for_years_is_told_only_beside_who_knows_of_it():
    (first, *_) = [one for one in authorities() if one.until]
    assert not first.is_of(first.fiscal_year, None)
    assert not first.is_of(first.fiscal_year, first.voted - dt.timedelta(1))
    assert first.is_of(first.until, first.voted) and not first.is_of(first.until + 1, first.voted)
    (plain, *_) = [one for one in authorities() if not one.until]
    assert plain.is_of(plain.fiscal_year, None) and not plain.is_of(plain.fiscal_year + 1, None)


def test_that_a_month_falls_into_the_fiscal_year_that_begins_in_october(said, result):
    days = {one["fiscal_year"]: one["days"] for one in said["fiscal_years"]}
    assert days == {
        "2025": (dt.date(2025, 10, 1) - result.start).days,
        "2026": (result.end - dt.date(2025, 10, 1)).days + 1,
    }


def test_that_a_kept_result_costs_what_it_did(said, result, tmp_path):
    kept = load(save(result, tmp_path / "kept"))
    assert tidy(kept.cost().to_json()) == tidy(said)


def test_that_a_result_without_steps_still_has_accounts(said, result):
    arrays = Held({name: array for name, array in result.arrays.items() if name != "steps"})
    axes = {name: axis for name, axis in result.axes.items() if name != "step"}
    told = replace(result, arrays=arrays, axes=axes).cost().to_json()
    assert [one["total"] for one in told["accounts"]] == [one["total"] for one in said["accounts"]]
    assert told["fiscal_years"] == []
    assert not any(one["steps"] for one in told["accounts"])


def test_that_published_money_names_figures_in_dollars_and_accounts_of_the_model(result):
    room, known = load_evidence(), set(result.labels("account"))
    for one in (*estimates(), *authorities(), *executed()):
        assert set(one.accounts) <= known
    parts = [id for one in executed() for figures in one.parts().values() for id in figures]
    for id in [e.figure for e in estimates()] + [id for a in authorities() for id in a.figures] + parts:
        assert dollars(room.figure(id)) > 0


def test_that_no_more_was_paid_than_obligated_and_a_later_law_is_told_only_beside_who_knows_of_it(said):
    for one in said["executed"]:
        if one["obligated"] and one["paid"]:
            assert one["paid"]["value"] <= one["obligated"]["value"]
    later = {one.published for one in executed() if not one.is_known(None)}
    assert later and later.isdisjoint(one["published"] for one in said["executed"])
    assert all(one.is_known(one.known_from) for one in executed())


def test_that_what_others_pay_is_not_set_beside_what_was_voted_for_ice(said):
    steps = {one["price"]["path"]: one["total"]["mean"] for row in said["accounts"] for one in row["steps"]}
    others = sum(steps[path] for path in paid_by_others() if "detention" in path)
    left_out = [
        year["accounts"]["detention"]["mean"] - row["spent"]["mean"]
        for year in said["fiscal_years"]
        for row in year["authority"]
        if row["accounts"] == ["detention"]
    ]
    assert left_out and paid_by_others() <= set(steps)
    assert all(0 < each <= others for each in left_out)


def test_that_every_account_and_every_price_has_words_of_its_own(said):
    for one in said["accounts"]:
        assert f"account.{one['account']}" in declared()
        assert all(step["price"]["path"] in declared() for step in one["steps"])


def test_that_an_estimate_is_told_with_the_same_accounts_over_the_same_outcome(said, result):
    one = next(e for e in said["estimates"] if e["over"])
    costs, names = result.arrays["costs"], result.labels("account")
    own = sum(costs[names.index(name)] for name in one["accounts"]) / result[one["over"]].values
    assert one["here"]["mean"] == pytest.approx(own.mean())
    assert one["why"]


def test_that_one_more_costs_their_ratio_and_is_not_said_where_nothing_is_added():
    people, rng = np.array([90.0, 110, 100, 104, 96]), np.random.default_rng(1)
    assert ratio(7 * people, people) == pytest.approx((7, 7, 7))
    value, low, high = ratio(7 * people + rng.normal(0, 50, 5), people)
    assert low < value < high
    assert ratio(people, np.array([-1.0, 1, -2, 2, 0])) is None


# --- people -----------------------------------------------------------------------------------------
def test_that_every_row_is_either_told_or_named_as_not_counted(people, result):
    told = {row["outcome"] for group in people["groups"] for row in group["rows"]}
    missing = {row["outcome"] for row in (*people["nobody"], *people["not_counted"])}
    assert told | missing == {row.outcome for group in shelf().groups for row in group.rows}
    assert told <= set(result.names)


def test_that_a_mean_is_told_of_runs_in_which_there_was_somebody_and_else_of_nobody(people, result):
    assert people["not_counted"] == []
    some = result["book_outs.relief"].values > 0
    told = {row["outcome"]: row for group in people["groups"] for row in group["rows"]}
    nobody = {row["outcome"] for row in people["nobody"]}
    relief = "stay.mean_days.relief"
    assert (relief in told, relief in nobody) == (some.any(), not some.any())
    if some.any():
        assert told[relief]["mean"] == pytest.approx(result[relief].values[some].mean())


def test_that_days_in_detention_by_outcome_add_up_to_those_of_all_who_left(result):
    left = {"removed": "removal", "released": "released", "relief": "relief", "other": "other"}
    days = sum(
        result[f"stay.mean_days.{how}"].values * result[f"book_outs.{name}"].values
        for how, name in left.items()
    )
    assert days == pytest.approx(result["stay.mean_days"].values * result["book_outs"].values)
    assert sum(result[f"book_outs.{name}"].values for name in left.values()) == pytest.approx(
        result["book_outs"].values
    )


def test_that_claims_pending_at_removal_are_those_before_a_court_of_appeals_a_judge_or_under_the_act(result):
    kinds = ("petition", "motion", "case")
    parts = sum(result[f"removals.with_pending_claim.{kind}"].values for kind in kinds)
    assert (parts == result["removals.with_pending_claim"].values).all()
    assert (parts <= result["removals.ice"].values).all()


def test_that_the_kinds_of_order_are_all_removals_but_those_under_the_alien_enemies_act(people, result):
    rows = people["groups"][0]["rows"]
    outside = (result["removals.alien_enemies"].values / result["removals.ice"].values).mean()
    assert sum(row["mean"] for row in rows if row["of"] == "removals.ice") == pytest.approx(1 - outside)


def test_that_a_queue_is_cases_waiting_over_the_yearly_pace_of_the_last_months(people, result):
    pace = result["courts.initial_completions"].by_month[:, -4:].sum(axis=1) / sum(result.days[-4:]) * 365.25
    years = np.median(result["courts.pending.all"].values / pace)
    assert people["queues"][0]["value"] == pytest.approx(years, rel=0.02)


def test_that_an_order_the_plan_has_is_taken_out_and_one_it_lacks_is_put_in(people):
    held = {one["policy"]: one for one in people["orders"]}
    assert next(one for one in people["orders"] if one["case"] == "J.G.G. v. Trump")["in_scenario"]
    assert held["third-country removals without notice"]["in_scenario"]
    assert not held["expedited removal expansion to the interior"]["in_scenario"]
    for one in people["orders"]:
        assert people["from"] <= one["from"] <= one["to"] <= people["to"]
    assert people["orders_without_a_mechanism"]


@pytest.mark.parametrize("command", [["cost", "--no-more"], ["due-process"]])
def test_that_a_command_prints_tables_and_one_json_object(command, capsys):
    asked = [command[0], PLAN, "--members", "2", "--scale", "1/5000", *command[1:]]
    assert main(asked) == 0
    assert "\n---" in capsys.readouterr().out
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scenario"] == PLAN
