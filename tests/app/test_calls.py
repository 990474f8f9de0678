"""The calls: documented, tagged, bounded, and wrong in one clear line."""

from __future__ import annotations

import pytest

from docketflow.app.api import routes

PLAN = "one-million-first-year"
LISTS = ["scenarios", "levers", "outcomes", "evidence"]


@pytest.mark.parametrize("name", LISTS)
def test_that_a_list_comes_in_parts_that_make_the_whole(client, name):
    whole = client.get(f"/api/v1/{name}", params={"limit": 200}).json()
    parts = [client.get(f"/api/v1/{name}", params={"limit": 2, "offset": k}).json()["items"] for k in (0, 2)]
    assert [*parts[0], *parts[1]] == whole["items"][:4]
    assert whole["total"] >= len(whole["items"])


def test_that_an_answer_that_is_had_already_is_not_sent_again(client):
    first = client.post("/api/v1/runs", json={"scenario": PLAN, "members": 2})
    again = client.post(
        "/api/v1/runs",
        json={"scenario": PLAN, "members": 2},
        headers={"if-none-match": first.headers["etag"]},
    )
    assert again.status_code == 304 and not again.content
    listed = client.get("/api/v1/scenarios")
    assert (
        client.get("/api/v1/scenarios", headers={"if-none-match": listed.headers["etag"]}).status_code == 304
    )


@pytest.mark.parametrize(
    "path, body, status",
    [
        ("runs", {"scenario": "one-milion-first-year"}, 404),
        ("runs", {"scenario": PLAN, "sets": ["court.judgs=900"]}, 422),
        ("runs", {"scenario": PLAN, "sets": ["court.judges=99999999"]}, 422),
        ("runs", {"scenario": PLAN, "members": 10**6}, 422),
        ("runs", {"scenario": PLAN, "more": 1}, 422),
        ("runs", {}, 422),
        ("check", {"claim": "nothing at all"}, 400),
        ("compare", {"a": {"scenario": PLAN}}, 422),
    ],
)
def test_that_what_cannot_be_is_a_problem_of_one_line(client, path, body, status):
    reply = client.post(f"/api/v1/{path}", json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status and problem["detail"] and "\n" not in problem["detail"]


def test_that_a_misspelt_name_names_the_nearest(client):
    assert PLAN in client.post("/api/v1/runs", json={"scenario": "one-milion-first-year"}).json()["detail"]
    found = client.get("/api/v1/explain", params={"path": "outcome:removals.icee/median"})
    assert found.status_code == 400 and "removals.ice" in found.json()["detail"]


def test_that_every_call_is_described_with_its_problems(client):
    described = client.get("/api/v1/openapi.json").json()
    wanted = {"scenarios", "levers", "outcomes", "evidence", "explain", "runs", "compare", "binding", "check"}
    assert {path.removeprefix("/api/v1/") for path in described["paths"]} >= wanted
    for calls in described["paths"].values():
        for call in calls.values():
            assert {"200", "400", "422", "429", "503"} <= set(call["responses"])


def test_that_a_body_or_an_address_beyond_measure_is_refused(client):
    assert client.post("/api/v1/check", content=b"x" * 100_000).status_code == 413
    assert client.get("/?find=" + "x" * 20_000).status_code == 414


def test_that_two_answers_are_compared_run_against_run(client):
    said = client.post(
        "/api/v1/compare", json={"a": {"scenario": PLAN}, "b": {"scenario": PLAN}, "members": 2}
    ).json()
    gaps = {row["outcome"]: row["difference"] for row in said["outcomes"]}
    assert gaps["removals.ice"] == 0


def test_that_what_takes_long_says_how_far_it_is_and_asked_again_goes_on(client, monkeypatch):
    asked = {"scenario": PLAN, "sets": ["court.judges=+7@2025-06-01"], "members": 2}
    monkeypatch.setattr(routes, "ANSWER_IN", 0.0)
    later = client.post("/api/v1/runs", json=asked)
    assert later.status_code == 202 and later.headers["retry-after"]
    assert later.json()["of"] == 2 and later.json()["done"] <= 2
    monkeypatch.undo()
    assert client.post("/api/v1/runs", json=asked).json()["about"]["members"] == 2


def test_that_limits_lie_ready_and_a_claim_is_judged(client):
    said = client.get("/api/v1/binding").json()
    assert said["alone"] and said["together"]
    judged = client.post(
        "/api/v1/check", json={"claim": "ICE removed 409,849 people in fiscal year 2012"}
    ).json()
    assert judged["verdict"] == "supported"


def test_that_scenario_files_are_read_once_whatever_is_asked(client, monkeypatch):
    from docketflow.app.answers import shelf

    assert client.get("/api/v1/scenarios").status_code == 200
    monkeypatch.setattr(shelf, "list_scenarios", lambda: pytest.fail("read again"))
    assert client.get("/api/v1/scenarios").json()["total"] > 2
    assert client.post("/api/v1/runs", json={"scenario": "no-such-scenario"}).status_code == 404
