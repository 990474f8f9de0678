"""Days on which levers begin to work: in words where they fit, else by letters that are named below."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import re
from xml.etree import ElementTree

import pytest

from docketflow.report import render
from docketflow.report.charts import Frame
from docketflow.report.pictures.lever_dates import Mark, begins, place
from docketflow.results.result import about

START = dt.date(2025, 1, 20)
FRAME = Frame(872, 172, START, 365, 3000, left=44, right=204)
DAYS = [dt.date(2025, 2, 1) + dt.timedelta(days=9 * k) for k in range(24)]


@pytest.fixture(scope="module")
def page(result, room):
    return render(result, room)


def pictures(page):
    links = re.findall(r'href="data:image/svg\+xml;base64,([^"]+)" download="([^"]+)"', page)
    return {name: base64.b64decode(text).decode() for text, name in links}


def test_that_a_few_days_are_told_in_words_and_many_by_letters_in_order():
    few = place(FRAME, [Mark(day, f"{day:%d %b}: more beds") for day in DAYS[:2]], top=20)
    assert [one.words for one in few] == ["01 Feb: more beds", "10 Feb: more beds"]
    many = place(FRAME, [Mark(day, f"{day:%d %b}: more beds") for day in reversed(DAYS)], top=20)
    letters = [one.letter for one in many]
    assert letters == sorted(letters) and len(set(letters)) == len(letters) and letters[0] == "A"
    assert [day for one in many for day in one.days] == DAYS


@pytest.mark.parametrize("width", [340, 872])
def test_that_no_letter_touches_another_and_no_day_is_lost(width):
    frame = Frame(width, 172, START, 365, 3000)
    found = place(frame, [Mark(day, str(day)) for day in DAYS], top=20, letters=True)
    assert all(b.x - a.x >= 18 for a, b in itertools.pairwise(found))
    assert sum(len(one.says) for one in found) == len(DAYS)


def test_that_words_that_would_leave_the_picture_stand_on_the_other_side_of_their_day():
    [late] = place(FRAME, [Mark(dt.date(2026, 1, 10), "10 Jan: many more beds")], top=20)
    assert late.flip and late.words


def test_that_what_begins_outside_the_period_is_not_marked():
    before, after = START - dt.timedelta(1), START + dt.timedelta(365)
    assert not place(FRAME, [Mark(before, "before"), Mark(after, "after")], top=20)


def test_that_a_setting_works_from_its_day_and_its_delay_on():
    assert begins({"from": dt.date(2025, 2, 1), "lag": 45}) == dt.date(2025, 3, 18)
    assert begins({"from": "2025-02-01", "lag": 0}) == dt.date(2025, 2, 1)
    assert begins({"from": None, "lag": 0}) is None


def test_that_every_picture_by_month_marks_the_days_and_the_page_names_what_begins(page):
    section = page[page.index('<section id="removals">') :].partition("</section>")[0]
    drawn = re.findall(r'<g class="works.*?</g>', section)
    assert {re.findall(r">([A-Z])<", one)[0] for one in drawn} == {"A"}  # 18 days apart: one letter
    named = section.partition('<details class="dates">')[2].partition("</details>")[0]
    assert "1 March 2025" in named and "18 March 2025" in named  # 1 February and 45 days
    assert "court.judges" not in named and "Immigration judges" in named


def test_that_every_picture_can_be_taken_away_as_a_file_that_says_what_it_is_of(page, result):
    found = pictures(page)
    assert {"total-so-far.svg", "flow.svg", "removals.ice.svg"} <= set(found)
    for name, text in found.items():
        words = " ".join("".join(one.itertext()) for one in ElementTree.fromstring(text).iter())
        for said in (about(result)["settings"], "90%", "MIT licence", "Simulated, not observed"):
            assert said in words, name
        assert "var(--" not in text and "href" not in text
