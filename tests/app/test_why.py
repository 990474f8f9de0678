"""Why two answers differ, on a page: parts that add up, any two of the same days, jobs that wait or end."""

from __future__ import annotations

import functools
import json
import re

import pytest

from docketflow.app.answers import reasons
from docketflow.app.answers.question import NotUnderstood
from docketflow.app.answers.reasons import Side, ask, beside, counts, runs, usual
from docketflow.app.answers.shelf import shelf
from docketflow.app.jobs.ledger import CANCELLED, DONE
from docketflow.app.jobs.worker import ANSWER
from docketflow.app.pages.tabs.why import HEADS, Named, read
from docketflow.core import sealed
from docketflow.core.outcomes import outcomes

ASKED = shelf().questions[0]
PLAN, NONE = Side(ASKED.scenario), Side(ASKED.without)
JUDGES = "court.judges=+200@2025-03-01+90d"
SIDES = {"a": Named("The plan", ""), "b": Named("No plan", "")}


def around(value: float) -> dict[str, float]:
    ends = {"low": -2.0, "high": 2.0, "nine_in_ten_low": -9.0, "nine_in_ten_high": 9.0}
    return {"value": value, "monte_carlo_error": 1.0} | {name: value + far for name, far in ends.items()}


def answered(one: Side, other: Side, by: str) -> dict:
    """An answer as the job gives it, its parts 1000.4, -2000.4, 3000.4 and so on."""
    causes = reasons.causes_of(reasons.differing(one.asked, other.asked), by)
    parts = [(1000.0 * (k + 1) + 0.4) * (-1) ** k for k in range(len(causes))]
    whole = reasons_in_whole(parts)
    rows = [
        {"cause": cause.name, "title": cause.title, **around(part), "whole": number}
        | {"error_of_sampled_orders": 0.0, "turned_on_first": part, "turned_on_last": part}
        for cause, part, number in zip(causes, parts, whole, strict=True)
    ]
    each = {
        "headline": HEADS[1],
        "members_counted": 8,
        "total": {"a": around(9e4 + sum(parts)), "b": around(9e4)},
        "difference": {**around(sum(parts)), "whole": round(sum(parts))},
        "causes": rows,
        "not_explained": 0.0,
    }
    settings = [{"cause": cause.name, "title": cause.title, "settings": []} for cause in causes]
    known = {name: {**each, "unit": outcomes()[name].unit} for name in counts() if name in outcomes()}
    return {
        "all_orders": True,
        "members": 8,
        "runs": 64,
        "a": {"scenario": one.scenario},
        "causes": settings,
        "outcomes": known,
    }


def reasons_in_whole(parts: list[float]) -> list[int]:
    from docketflow.answers.why.shapley import in_whole_numbers

    return in_whole_numbers(parts, sum(parts))


def job(client, one: Side, other: Side, by: str):
    """Put a question in line without waking anybody who would work on it."""
    said = {"a": one.to_json(), "b": other.to_json(), "by": by, "counts": list(counts())}
    ledger = client.app.state.keeper.ledger
    return ledger, ledger.put("why", {**said, "members": reasons.MEMBERS})


def test_that_the_parts_in_the_table_add_up_to_the_difference_and_one_side_to_the_other():
    why = read(answered(PLAN, NONE, "group"), ASKED_COUNT, SIDES)
    number = [int(row["value"].replace(",", "").replace("−", "-")) for row in why["causes"]]
    assert sum(number) == int(why["together"]["value"].replace(",", "").replace("−", "-"))
    [wide, narrow] = why["falls"]
    for fall in (wide, narrow):
        ends = [row["end"] for row in fall["rows"]]
        assert ends[-1] == pytest.approx(ends[-2], abs=0.2)  # the last step ends where the other side begins


ASKED_COUNT = counts()[0]


def test_that_every_count_is_answered_by_one_job_and_the_page_reads_without_script(client):
    ledger, put = job(client, PLAN, NONE, "lever")
    ledger.place(put.name).mkdir(exist_ok=True)
    sealed.keep(ledger.place(put.name) / ANSWER, json.dumps(answered(PLAN, NONE, "lever")).encode())
    assert ledger.claim("me").name == put.name
    ledger.end(put.name, "me", DONE)
    for count in ("", "&count=courts.pending.active", "&count=cost.total"):
        page = client.get(f"/why?by=lever{count}")
        assert page.status_code == 200 and 'id="why-table"' in page.text and HEADS[1] in page.text
        assert "hx-get" not in page.text
    assert client.get("/es/why?by=lever").text.count("En conjunto") >= 1


def test_that_a_page_that_waits_tells_the_runs_done_and_looking_puts_nothing_in_line_again(client):
    mine = Side(ASKED.scenario, (JUDGES,))
    ledger, put = job(client, mine, PLAN, "lever")
    address = f"/why/answer?a=mine&set={JUDGES.replace('+', '%2B')}"
    assert ledger.claim("me").name == put.name
    ledger.beat(put.name, "me", 7, 16)
    page = client.get(address).text
    assert "7 of 16 runs done." in page and "http-equiv" in page and f"/why/cancel/{put.name}" in page
    part = client.get(f"{address}&look=1", headers={"hx-request": "true"})
    assert "7 of 16 runs done." in part.text and "<h1>" not in part.text
    client.post(f"/why/cancel/{put.name}", follow_redirects=False)
    again = client.get(f"{address}&look=1", headers={"hx-request": "true"})
    assert "Cancelled" in again.text and again.headers["hx-retarget"] == "#long"
    assert ledger.get(put.name).state == CANCELLED


def test_that_only_scenarios_of_the_same_days_are_offered_and_the_same_two_explain_nothing(client):
    page = client.get(f"/why?a={ASKED.scenario}&b={ASKED.scenario}")
    assert page.status_code == 422 and "nothing to explain" in page.text
    offered = set(re.findall(r'<option value="([a-z0-9-]+)"', page.text.partition("</select>")[0]))
    assert {one.name for one in beside(ASKED.scenario)} == offered and "fiscal-year-2024" not in offered
    assert client.get("/why?a=nobody").status_code == 422
    assert client.get("/why?count=nothing").status_code == 422
    with pytest.raises(NotUnderstood, match="nothing to explain"):
        runs(PLAN, PLAN, "group")


def test_that_a_setting_is_told_with_the_days_between_which_it_rises_however_late_it_begins():
    row = {"lever": "court.judges", "title": "Judges", "side": "a", "operation": "ramp", "value": 1200.0}
    said = answered(PLAN, NONE, "group")
    said["causes"][0]["settings"] = [row | {"from": "2025-02-01", "to": "2025-04-01", "lag": 30}]
    [told] = read(said, ASKED_COUNT, SIDES)["settings"][0]["rows"]
    assert told["says"].startswith("set to 1,200, ordered on 1 Feb 2025")
    assert told["says"].endswith("from 3 Mar 2025 to 1 May 2025")


def test_that_few_settings_are_told_one_by_one_and_many_in_groups():
    assert usual(Side(ASKED.scenario, (JUDGES,)), PLAN) == "lever"
    assert usual(PLAN, NONE) == "group"


def test_that_parts_of_the_real_model_add_up_under_every_count_and_each_run_is_told(monkeypatch):
    monkeypatch.setattr(reasons, "why", functools.partial(reasons.why, scale="1/2000"))
    told: list[tuple[int, int]] = []
    mine = Side(ASKED.scenario, (JUDGES,))
    given = {"by": "lever", "counts": counts(), "members": 2}
    said = ask(mine, PLAN, **given, told=lambda done, whole: told.append((done, whole)))
    assert sorted(told) == [(k + 1, 4) for k in range(4)]
    assert len(said["outcomes"]) > len(counts()) / 2
    for one in said["outcomes"].values():
        parts = sum(cause["value"] for cause in one["causes"])
        assert parts == pytest.approx(one["difference"]["value"], rel=1e-9, abs=1e-9)
    assert not [name for name in said["outcomes"] if "nationality" in name]
