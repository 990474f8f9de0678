"""A lever of the form: what is typed of it, when it ends, how it rises, and what it is said to move."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.app.answers.question import NotUnderstood, read, shipped
from docketflow.app.answers.shelf import main_levers, shelf
from docketflow.app.pages.levers import rows
from docketflow.policy import levers

PLAN = shelf().questions[0].scenario
SHARED = next(one for one in main_levers(PLAN) if one.own != one.announced)


def asked(path, amount, **more):
    return read([(path, amount), *((f"{path}:{key}", value) for key, value in more.items())])


def test_that_a_lever_that_rises_evenly_comes_to_the_number_on_the_day_and_reads_back_the_same():
    more = {"how": "ramp", "from": "2025-03-01", "after": "30", "until": "2025-10-01"}
    question = asked(SHARED.path, f"{SHARED.announced + 500:,.0f}", **more)
    [setting] = question.asked.layers[-1]
    assert setting.operation == "ramp" and setting.value == pytest.approx(SHARED.own + 500, abs=1)
    assert (setting.start, setting.lag) == (dt.date(2025, 3, 1), 30)
    assert setting.ends == dt.date(2025, 10, 1).toordinal()
    [row] = [one for one in rows(question) if one.moved]
    assert (row.evenly, row.until, row.after) == (True, "2025-10-01", 30)
    assert row.value == pytest.approx(SHARED.announced + 500, abs=1)
    fields = {"how": "ramp", "from": row.start, "after": str(row.after), "until": row.until}
    assert asked(row.path, row.shown, **fields) == question
    assert read([("set", question.sets[0])]) == question


def test_that_a_ramp_without_a_day_rises_to_the_end_and_a_sign_still_adds():
    question = asked(SHARED.path, "+500", how="ramp", after="0")
    [setting] = question.asked.layers[-1]
    assert setting.operation == "ramp" and setting.value == pytest.approx(SHARED.own + 500, abs=1)
    assert setting.end == shipped(PLAN).end


def test_that_a_lever_ends_on_the_day_it_is_said_to_and_is_as_announced_after():
    question = asked(SHARED.path, "+500", until="2025-08-31")
    [setting] = question.asked.layers[-1]
    assert (setting.operation, setting.end) == ("add", dt.date(2025, 8, 31))
    assert "31 Aug 2025" in next(one.words for one in rows(question) if one.moved)


def test_that_a_lever_behind_the_search_rises_to_the_day_it_is_said_to_be_reached_as_an_open_one_does():
    fields = {"more": SHARED.path, "more:value": "900", "more:how": "ramp", "more:from": "2025-03-01"}
    for until, reached in (("2025-10-01", dt.date(2025, 10, 1)), ("", shipped(PLAN).end)):
        [setting] = read((fields | {"more:after": "30", "more:until": until}).items()).asked.layers[-1]
        assert (setting.operation, setting.lag) == ("ramp", 30) and setting.ends == reached.toordinal()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"until": "2025-02-01"}, "before"),
        ({"how": "ramp", "after": "90", "until": "2025-05-01"}, "before it is at work"),
        ({"until": "soon"}, "is not a date"),
    ],
)
def test_that_days_which_cannot_be_are_refused_beside_the_lever(more, says):
    with pytest.raises(NotUnderstood, match=says) as wrong:
        asked(SHARED.path, "+500", **{"from": "2025-03-01"} | more)
    assert wrong.value.field == SHARED.path


def test_that_the_page_says_of_every_open_lever_what_it_moves_and_which_way(client):
    page = client.get("/").text
    for lever in main_levers(PLAN):
        way = {"up": "raises", "down": "lowers", "either": "may raise or lower"}[levers()[lever.path].sign]
        assert (
            f"More of it {way}: "
            in page.partition(f'data-lever="{lever.path}"')[2].partition("</details>")[0]
        )
    found = client.get("/levers?find=credible fear").text
    assert found.count("More of it ") >= 1
