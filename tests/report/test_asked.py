"""Laws of answers in the report: each number carries its path, leads back, and shows where it was asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_trace import STYLES, read

from docketflow.calibrate.record import record
from docketflow.report import Trace, explain, render
from docketflow.report.alone import write_alone
from docketflow.report.format import show
from docketflow.report.pictures.stairs import staircase
from docketflow.report.view import Reading

SAID = json.loads((Path(__file__).parent / "asked.json").read_text(encoding="utf-8"))


class Answer:
    def __init__(self, said):
        self.said = said

    def to_json(self):
        return self.said


@pytest.fixture(scope="module")
def asked(result):
    return result.keeping(**{question: Answer(said) for question, said in SAID.items()})


@pytest.fixture(scope="module")
def page(asked, room):
    return render(asked, room)


def test_that_no_number_on_the_page_has_a_hyphen_for_a_minus(result, room):
    said = SAID["binding"] | {"says": ["All but beds -24,100, that is -$2 million.", "And so on."]}
    page = render(result.keeping(binding=Answer(said)), room)
    shown = re.sub(r"<(style|title)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    assert "−24,100, that is −$2" in shown
    assert not re.findall(r"(?<![\w-])-\$?\d[\d,.]*", shown)


def test_that_answers_show_where_they_were_asked_and_nowhere_else(result, page, room):
    plain = render(result, room)
    for section in ('id="binding"', 'id="feasible"'):
        assert section in page and section not in plain


def test_that_every_number_of_an_answer_carries_a_path_that_resolves_to_what_is_printed(page, asked, room):
    seen, trace = read(page), Trace(Reading(asked), room)
    assert seen.bare == []
    mine = [(path, text) for path, text in seen.traced if path.startswith(("binding:", "feasible:"))]
    assert len(mine) > 100
    for path, text in mine:
        assert text in {show(trace.resolve(path), style) for style in STYLES}, path


def test_that_the_record_is_told_line_by_line_and_its_numbers_resolve_to_what_is_printed(result, room):
    said = record(result.scenario, "removals.ice", "Drawn so.", of_this=False)
    told = result.keeping(backtests=said)
    seen, trace = read(render(told, room)), Trace(Reading(told), room)
    assert seen.bare == []
    mine = [(path, text) for path, text in seen.traced if path.startswith("backtests:")]
    scores = [path for path, _ in mine if path.endswith("ours>value")]
    assert len(scores) == sum(len(board["lines"]) for board in said["boards"]) > 0
    for path, text in mine:
        assert text in {show(trace.resolve(path), style) for style in STYLES}, path


def test_that_a_number_of_an_answer_leads_to_an_outcome_its_levers_and_the_code(asked, room):
    steps = explain("binding:staircase>0>adds>value", asked, room)
    paths = [step["path"] for step in steps]
    assert steps[0]["value"] == SAID["binding"]["staircase"][0]["adds"]["value"]
    assert f"outcome:{SAID['binding']['outcome']}/median" in paths and "manifest:code" in paths
    moved = explain("feasible:found>amounts>beds", asked, room)
    assert "parameter:detention.beds.contract/value" in moved[0]["rests_on"]


def test_that_bars_have_a_scale_and_their_dashed_mark_a_name_in_its_place():
    picture = staircase(SAID["binding"])
    assert picture["goal_words"] == "target 1M"
    assert (picture["goal"], "1M") in picture["ticks"]
    assert picture["ticks"][0] == (0.0, "0") and all(0 <= at <= 100 for at, _ in picture["ticks"])


def test_that_settings_only_tried_are_told_apart_from_a_proof(page, result, room):
    told = SAID["feasible"]
    tried = {"word": "checked, not proved", "settings_looked_at": 22, "best": told["certificate"]["best"]}
    checked = render(result.keeping(feasible=Answer(told | {"certificate": tried})), room)
    words = "settings were tried, every lever at its top among them, and none is enough"
    assert words in checked and words not in page


def test_that_shares_days_and_people_are_told_in_their_units(asked, room):
    trace = Trace(Reading(asked), room)
    assert trace.resolve("feasible:found>beside>removals.without_hearing").unit == "share"
    assert trace.resolve("feasible:levers>0>lag").unit == "days"
    assert trace.resolve("feasible:found>runs_that_reach_it").unit == "runs"
    assert trace.resolve("feasible:found>beside>cost.total").unit == "USD"


def test_that_the_pages_load_nothing_and_a_phone_stacks_their_rows(tmp_path):
    for question in ("binding", "feasible"):
        page = write_alone(question, SAID[question], tmp_path / f"{question}.html").read_text(
            encoding="utf-8"
        )
        assert "src=" not in page and "@import" not in page and "<script" not in page
        assert page.count('class="rail-row"') >= 5 and '<div class="scroll"' not in page
