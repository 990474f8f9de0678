"""A link is the question: read up to ten levers, beyond that a hash with the levers after the #."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from docketflow.app.answers.crew import Crew
from docketflow.app.answers.live import Live
from docketflow.app.answers.question import READABLE, read_sets
from docketflow.app.answers.shelf import shelf

PLAN = shelf().questions[0].scenario
DAYS = [f"2025-{month:02}-{day:02}" for month in range(3, 10) for day in (1, 15)]


def asked(many: int):
    return read_sets(
        PLAN, "removals.ice", [f"court.judges=+{k + 1}@{day}" for k, day in enumerate(DAYS[:many])]
    )


def posted(client, address: str, link: str = ""):
    place = urlsplit(address)
    return client.post(f"{place.path}?{place.query}", data={"link": link or place.fragment})


def test_that_up_to_ten_levers_are_read_in_the_address_and_more_stand_after_the_hash_sign():
    few, more = asked(READABLE), asked(READABLE + 1)
    assert urlsplit(few.address("/")).query == few.query() and "#" not in few.address("/")
    place = urlsplit(more.address("/"))
    assert place.query == f"levers={more.mark}" and len(place.query) < 30
    assert read_sets(PLAN, "removals.ice", [v for k, v in parse_qsl(place.fragment) if k == "set"]) == more


def test_that_two_questions_of_the_same_levers_counted_otherwise_have_two_marks():
    assert asked(11).mark != asked(12).mark != asked(12).counted_in("removals.ohss").mark


@pytest.mark.parametrize("path", ["/method", "/es/data", "/download"])
def test_that_a_server_that_never_saw_a_link_answers_it_from_what_the_page_sends(client, path):
    question = asked(READABLE + 2)
    address = question.address(path)
    waits = client.get(address.partition("#")[0])
    assert waits.status_code == 200 and "data-linked" in waits.text and "court.judges" not in waits.text
    shown = posted(client, address)
    assert shown.status_code == 200
    assert f'data-address="{address.replace("&", "&amp;")}"' in shown.text
    whole = posted(client, address, f"http://elsewhere{address}")  # pasted as it is
    assert whole.status_code == 200 and "data-address" in whole.text


def test_that_a_link_that_lost_a_part_or_cannot_be_is_one_line_and_nothing_runs(client):
    question = asked(READABLE + 2)
    address = question.address("/")
    lost = posted(client, address, question.query().rpartition("&")[0])
    assert lost.status_code == 422 and "missing or was changed" in lost.text
    wrong = posted(client, address, "set=court.judgs=9")
    assert wrong.status_code == 422 and "court.judges" in wrong.text and "Traceback" not in wrong.text


def test_that_what_is_given_out_is_the_short_address_and_what_is_downloaded_asks_in_full(client):
    question = asked(READABLE + 1)
    text = posted(client, question.address("/download")).text
    assert f"/file/book.xlsx?{question.query()}".replace("&", "&amp;") in text
    first = client.get("/live", params=parse_qsl(question.query())).json()
    assert first["address"] == question.address("/") and first["query"] == question.query()


class Here(Crew):
    """A crew of this process alone, which has lived nothing yet: what a restart begins with."""

    def ask(self, number, urgency, call, *given):
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        loop.call_soon(lambda: done.set_result(call(*given)))
        return done


def test_that_a_link_made_today_answers_the_same_numbers_after_a_restart(client):
    link = f"/live?{asked(READABLE + 1).query()}"
    before = client.get(link).json()
    until_now, client.app.state.live = client.app.state.live, Live(Here(1))
    try:
        after = client.get(link).json()
    finally:
        client.app.state.live = until_now
    assert before["runs"] == after["runs"] == 1
    assert 'class="line mine"' in after["parts"]["months"] and after["parts"] == before["parts"]


def test_that_further_changes_of_an_open_lever_stay_in_the_form_beside_its_first(client):
    text = client.get(f"/?{asked(3).query()}").text.split('id="levers"')[1].split("</form>")[0]
    kept = re.findall(r'name="set" value="([^"]+)" checked', text)
    assert kept == [f"court.judges=+{k + 1}@{day}" for k, day in list(enumerate(DAYS[:3]))[1:]]
