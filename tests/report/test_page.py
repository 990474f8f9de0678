"""The page: whole, offline, neutral, with a table and a CSV for every picture."""

from __future__ import annotations

import base64
import contextlib
import csv
import dataclasses
import datetime as dt
import html
import io
import pickle
import re

import pytest

from docketflow.core import places
from docketflow.core.errors import ResultError
from docketflow.core.grounds import Grounds
from docketflow.policy.described import described
from docketflow.report import render, write_report
from docketflow.report.page import kitchen
from docketflow.report.view import words
from docketflow.results import load, save
from docketflow.results.result import ABOUT, about


@pytest.fixture(scope="module")
def page(result, room):
    return render(result, room)


def test_that_half_of_the_page_may_be_made_elsewhere(result, room, page):
    asked = []

    @contextlib.contextmanager
    def aside(work):
        asked.append("begun")
        yield lambda: pickle.loads(pickle.dumps(work()))

    assert render(result, room, aside=aside) == page
    assert asked


def tables(page):
    links = re.findall(r'href="data:text/csv;base64,([^"]+)" download="([^"]+)"', page)
    return {name: list(csv.reader(io.StringIO(base64.b64decode(text).decode()))) for text, name in links}


def test_that_the_page_loads_nothing_from_anywhere(page):
    assert not re.search(r"<(script|link|img|iframe|object|embed)\b", page)
    assert not re.search(r"url\(|@import|\bsrc=", page)


def test_that_the_first_section_says_what_of_the_reports_is_not_set(page, result):
    first = page[page.index('id="answer"') : page.index('id="described"')]
    moved = [str(row["lever"]) for row in result.levers]
    for row in described():
        assert (row.row in html.unescape(first)) == (not row.moved_by(moved)), row.row


def test_that_every_picture_has_a_title_and_words_for_those_who_cannot_see_it(page):
    for picture in re.findall(r"<svg\b[^>]*>.*?</svg>", page, flags=re.S):
        assert 'aria-hidden="true"' in picture.split(">")[0] or ("<title" in picture and "<desc" in picture)


def test_that_no_bar_of_the_flow_is_drawn_over_a_number(page):
    for picture in re.findall(r'<svg[^>]*aria-labelledby="flow-.*?</svg>', page, flags=re.S):
        assert picture.rindex("<rect") < picture.index("<text")


def test_that_no_id_stands_twice_and_every_link_within_the_page_leads_somewhere(page):
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


def test_that_the_contents_name_every_section_in_its_order(page):
    contents = re.search(r"<nav.*?</nav>", page, flags=re.S)
    assert contents is not None
    assert re.findall(r'href="#([^"]+)"', contents[0]) == re.findall(r'<section id="([^"]+)"', page)


def test_that_the_page_says_how_to_cite_it_and_on_which_day_it_was_made(result, room):
    page = render(result, room, made=dt.date(2031, 5, 4))
    assert page.count("4 May 2031") == 2
    cited = page[page.index('id="cite"') :]
    assert result.scenario in cited and "seed" in cited


def test_that_a_name_leads_to_what_it_means_and_to_its_nearest_inputs_with_their_sources(result, room):
    declared = Grounds({}, {"outcome:removals.ice": ("parameter:court.minutes.master",)})
    page = render(result, room, declared)
    place = re.search(r'<a class="named" href="#([^"]+)">[^a-z]*<span[^>]*"outcome:removals.ice/label"', page)
    assert place is not None
    told = re.search(rf'<div id="{place[1]}">.*?</div>', page, flags=re.S)
    assert told is not None
    assert result["removals.ice"].definition in html.unescape(told[0])
    assert "court.minutes.master" in told[0] and "<a href=" in told[0].partition("court.minutes.master")[2]


def test_that_a_claim_is_answered_in_its_very_period_first_and_names_its_sources(page):
    claims = page[page.index('<section id="claims">') : page.index('<section id="removals">')]
    for claim in re.findall(r'<li><span class="said">.*?</li>\n', claims, flags=re.S):
        literal, fiscal = claim.find("In that very period"), claim.find("by fiscal years")
        assert fiscal < 0 or 0 <= literal < fiscal
        assert "rel=" in claim


def test_that_the_csv_of_a_series_adds_up_to_its_members_within_rounding(page, result):
    rows = tables(page)["removals.ice.csv"]
    assert rows[0][:7] == ["outcome", "month", "days", "unit", "low", "median", "high"]
    assert [row[1] for row in rows[1:]] == list(result.months)
    total = sum(float(row[5]) for row in rows[1:])
    assert total == pytest.approx(result["removals.ice"].whole.value, rel=0.02)


def test_that_every_series_resource_flow_and_account_can_be_taken_away_as_csv(page, result):
    names = set(tables(page))
    wanted = {"people-by-stage.csv", "flow.csv", "cost-by-account.csv", "past-totals.csv"}
    wanted |= {f"{name}.csv" for name in result.labels("resource")}
    assert names >= wanted


def test_that_every_csv_of_simulated_numbers_says_what_it_is_of(page, result):
    for name, rows in tables(page).items():
        if name != "past-totals.csv":
            assert rows[0][-len(ABOUT) :] == list(ABOUT), name
            assert {tuple(row[-len(ABOUT) :]) for row in rows[1:]} == {
                tuple(str(said) for said in about(result).values())
            }


def test_that_a_target_nobody_reaches_is_not_called_impossible(page):
    assert "In none of" in page
    assert "does not make it impossible" in page


def test_that_a_scenario_without_a_target_says_so_and_gives_no_chance(without_target, room):
    page = render(without_target, room)
    assert "names no target" in page
    assert "Runs that reach it" not in page


def test_that_all_past_totals_are_answered_before_the_first_simulated_month(page, room):
    answered = [page.index(f'data-path="claim:{claim.id}/says"') for claim in room.claims]
    assert answered
    assert max(answered) < page.index('<section id="removals">')


def test_that_the_limits_of_the_design_are_named(page):
    for limit in ("citizens", "contrary to a court order", "Deaths in custody", "after they are removed"):
        assert limit in page
    assert "labour markets" in page and "taxes" in page
    assert {"Removal", "Return", "Expulsion", "Repatriation"} <= {word["word"] for word in words()["words"]}


def test_that_words_of_a_scenario_cannot_break_out_of_the_page(result, room):
    title = "</title><script>alert(1)</script>"
    hostile = dataclasses.replace(result, manifest={**result.manifest, "title": title})
    assert "<script>" not in render(hostile, room)


def test_that_a_stored_result_gives_the_same_page(result, room, tmp_path, page):
    save(result, tmp_path / "run")
    again = render(load(tmp_path / "run"), room)
    assert re.sub(r"\s+", " ", again) == re.sub(r"\s+", " ", page)


def test_that_the_file_is_written_whole_or_not_at_all(result, room, tmp_path):
    path = write_report(result, room, tmp_path / "deep" / "report.html")
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError) as error:
        write_report(result, room, tmp_path / "file" / "report.html")
    assert "cannot be written" in str(error.value)


def test_that_a_page_is_the_same_from_kept_templates_and_from_damaged_ones(
    result, room, page, tmp_path, monkeypatch
):
    monkeypatch.setattr(places, "INSTALLED", tmp_path)
    monkeypatch.delenv(places.NAMED, raising=False)
    for harm in (lambda data: data, lambda data: data[:-3], lambda data: data[:40] + b"x" + data[41:]):
        kitchen.cache_clear()
        assert render(result, room) == page
        kept = list(tmp_path.glob("template-*"))
        assert len(kept) > 10
        for file in kept:
            file.write_bytes(harm(file.read_bytes()))
    kitchen.cache_clear()
    assert render(result, room) == page


def test_that_an_answer_on_private_figures_says_so_on_its_page_and_in_every_table(result, room):
    own = {"hash": "5f" * 32, "titles": ["Ours"], "says": "1 private figure (5f5f5f)"}
    own["replaced"] = {"court.judges": "735 as published (CRT0244) becomes 690 judges"}
    page = render(dataclasses.replace(result, manifest={**result.manifest, "private": own}), room)
    section = page.split('<section id="private">')[1].split("</section>")[0]
    assert "1 private figure" in section and "becomes 690 judges" in section
    assert "--evidence FOLDER" in page[page.index('id="cite"') :]
    for name, rows in tables(page).items():
        if name != "past-totals.csv":
            assert rows[0][-1] == "private" and rows[1][-1] == own["says"], name
    assert '<section id="private">' not in render(result, room)
