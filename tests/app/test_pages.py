"""Pages, without a browser: they read, they are safe, they say what they are asked."""

from __future__ import annotations

import re
import socket

import pytest

from app.conftest import BEDS
from docketflow.app.pages.frame import TABS
from docketflow.app.pages.stairs_picture import NARROW, WIDE, picture
from docketflow.core.labels import label
from docketflow.core.outcomes import counting_rules

PAGES = [href for href, _ in TABS] + [
    "/rules",
    "/download",
    "/cite",
    "/explain?path=picture:limits",
    "/api/v1/docs",
]


@pytest.mark.parametrize("page", PAGES)
def test_that_a_page_has_one_title_and_nothing_inline_and_asks_nothing_of_the_network(client, page):
    reply = client.get(page)
    assert reply.status_code == 200
    text = reply.text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)", text)
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son[a-z]+=|<style", text)
    loaded = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"([^\"]+)\"", text)
    assert loaded and all(one.startswith("/static/") for one in loaded)
    assert len(re.findall(r"\bid=\"([^\"]+)\"", text)) == len(set(re.findall(r"\bid=\"([^\"]+)\"", text)))


@pytest.mark.parametrize(
    "page", ["/", "/nothing", "/api/v1/nothing", "/static/app.css", "/?set=x", "/data?offset=-1"]
)
def test_that_every_reply_carries_the_headers_of_safety(client, page):
    headers = client.get(page).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


def test_that_the_first_page_never_tells_the_plan_without_no_plan_and_their_paired_difference(client):
    answer = client.get("/").text.split('id="answer"')[1].split("</section>")[0]
    assert "Without the plan" in answer
    assert "Run against run" in answer


def test_that_what_is_counted_changes_every_picture_and_total(client):
    for rule in counting_rules():
        text = client.get(f"/?count={rule}").text
        for part in ("answer", "stairs", "months-twin"):
            inside = text.split(f'id="{part}"')[1].split("</section>" if part == "answer" else "<details")[0]
            assert label(rule) in inside, (rule, part)


def test_that_the_record_on_the_picture_leads_to_the_page_it_was_published_on(client):
    drawn = client.get("/?count=removals.ohss").text
    told = client.get("/explain?path=picture:months&count=removals.ohss").text
    assert "FY2013, the most in the record" in drawn
    record = told.split("The record: FY2013, <b>")[1].split("</p>")[0]
    assert "FY1892–" in record
    assert re.search(r'<a href="https://[^"]*ohss\.dhs\.gov/', record)


def test_that_a_lever_of_what_it_would_take_is_read_without_the_head_of_its_table(client):
    table = re.search(r'<table id="took-table".*?</table>', client.get("/take").text, re.S)[0]
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)[1:]
    row = re.search(r"<tbody><tr>(.*?)</tr>", table, re.S)[1]
    assert re.findall(r'<td[^>]*data-of="(.*?)"', row) == heads


def test_that_a_form_is_sent_on_to_an_address_that_can_be_read(client):
    reply = client.get("/?detention.beds.contract=%2B38000&detention.beds.contract:from=2025-06-01"
                       "&detention.beds.contract:after=60", follow_redirects=False)  # fmt: skip
    assert reply.status_code == 303
    assert reply.headers["location"] == "/?set=detention.beds.contract=%2B38000@2025-06-01%2B60d"


def test_that_what_is_not_understood_stands_beside_its_field_and_the_answer_stays(client):
    reply = client.get("/?court.judges=9999999")
    assert reply.status_code == 422
    lever = reply.text.split('data-lever="court.judges"')[1].split("</details>")[0]
    assert 'aria-invalid="true"' in lever and "At most" in lever
    assert 'id="answer"' in reply.text


def test_that_words_given_to_a_page_are_words(client):
    nasty = '"><script>alert(1)</script>'
    for page in (
        "/data?find=",
        "/claims?claim=",
        "/?find=",
        "/?set=",
        "/compare?also=",
        "/?scenario=",
        "/?add=",
    ):
        assert "<script>alert" not in client.get(page + nasty).text


def test_that_a_sentence_is_judged_and_what_says_no_number_is_told_so(client):
    found = client.get("/claims", params={"claim": "ICE removed 409,849 people in fiscal year 2012"})
    assert found.status_code == 200 and "Supported" in found.text.split("The claims of two")[0]
    refused = client.get("/claims", params={"claim": "they removed many"})
    assert refused.status_code == 422 and 'role="alert"' in refused.text


def test_that_a_dated_link_says_whether_this_version_answers_the_same(client):
    address = re.search(r"http://127\.0\.0\.1(/p/[^<\s]+)", client.get("/cite").text)
    assert address
    assert "gives the same numbers" in client.get(address[1]).text
    assert "may differ" in client.get("/p/2024-01-01/000000000000").text
    assert client.get("/p/today/x").status_code == 404


def test_that_no_path_of_an_address_reaches_a_file(client):
    for path in (
        "/static/../web.py",
        "/static/%2e%2e/%2e%2e/web.py",
        "/file/..%2f..%2fetc%2fpasswd",
        "/file/app.css",
    ):
        assert client.get(path).status_code in (400, 404), path
    assert client.get("/?scenario=../../etc/passwd").status_code == 422


def test_that_levers_are_found_by_ordinary_words(client):
    assert "release" in client.get("/levers?find=bond").text.lower()
    assert "No lever by these words" in client.get("/levers?find=zebra").text


def test_that_a_moved_lever_is_told_in_words_with_the_day_it_works(client):
    text = client.get(f"/?set={BEDS.replace('+', '%2B')}").text
    assert "38,000 beds more than announced" in text
    assert "in use from 31 Jul 2025" in text


def test_that_a_port_that_is_taken_is_one_line(capsys):
    from docketflow.cli.main import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["app", "--port", str(taken.getsockname()[1])]) == 2
    said = capsys.readouterr().err
    assert "--port" in said and len(said.splitlines()) == 1


def test_that_numbers_beside_a_name_too_long_for_a_phone_have_a_line_of_their_own():
    bar = {"kind": "rung", "value": 252e3, "low": 218e3, "high": 305e3, "from": 0.0, "reached": ""}
    names = ["Beds", "Seats of removal flights and buses of every kind", "Beds"]
    for form, apart in ((NARROW, True), (WIDE, False)):
        short, long, last = picture([{**bar, "name": name} for name in names], None, form)["rows"]
        assert short["words"] == short["numbers"] and (long["words"] < long["numbers"]) == apart
        assert (last["y"] - long["y"] == form.pitch) and (long["y"] - short["y"] > form.pitch) == apart
