"""What leaves the app opens, says what it is of, and is run by nobody."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest

from app.conftest import BEDS
from docketflow.policy import load_scenario

ABOUT = {"scenario", "settings", "from", "to", "band", "members", "scale", "seed", "version", "licence"}


def test_that_the_workbook_opens_with_its_five_sheets_and_holds_no_formula(client):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/file/book.xlsx").content))
    assert book.sheetnames == ["Results", "Months", "Levers", "Definitions", "Read me"]
    for sheet in book:
        rows = list(sheet.iter_rows())
        assert len(rows) > 3
        assert not any(cell.data_type == "f" for row in rows for cell in row)
    head = {cell.value for cell in next(book["Results"].iter_rows())}
    assert {"unit", "low", "high", "definition"} | ABOUT <= head
    told = {row[0].value: row[1].value for row in book["Read me"].iter_rows()}
    assert told["Licence"] == "MIT" and len(told["Hash of settings"]) > 12 and "docketflow" in told["Cite"]
    assert "days" in {cell.value for cell in next(book["Months"].iter_rows())}


@pytest.mark.parametrize("name", ["results", "months", "levers", "limits"])
def test_that_a_csv_has_no_cell_that_a_spreadsheet_would_run(client, name):
    rows = list(csv.reader(io.StringIO(client.get(f"/file/{name}.csv").text)))
    assert len(rows) > 3 and len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        number = cell[:1] in "+-" and cell.lstrip("+-").replace(".", "").isdigit()
        assert not cell.startswith(("=", "@", "\t")) and (cell[:1] not in "+-" or number or not cell), cell


@pytest.mark.parametrize("name", ["limits", "months"])
def test_that_a_picture_stands_alone_with_title_and_citation_inside(client, name):
    text = client.get(f"/file/{name}.svg").text
    root = ElementTree.fromstring(text)
    words = " ".join("".join(one.itertext()) for one in root.iter())
    assert "docketflow" in words and "MIT" in words and "seed" in words
    assert "var(--" not in text and "href" not in text


def test_that_the_scenario_file_says_what_was_asked(client, tmp_path):
    asked = load_scenario("one-million-first-year").with_sets([BEDS])
    place = tmp_path / "mine.yaml"
    place.write_text(client.get("/file/scenario.yaml", params={"set": BEDS}).text, encoding="utf-8")
    assert load_scenario(place).hash == asked.hash


def test_that_the_archive_has_everything_with_a_readme_and_the_licence(client):
    archive = zipfile.ZipFile(io.BytesIO(client.get("/file/all.zip").content))
    assert {"README.txt", "LICENSE.txt", "book.xlsx", "limits.svg", "results.csv"} <= set(archive.namelist())
    assert archive.testzip() is None


def test_that_no_file_and_no_call_tells_outcomes_by_nationality(client):
    for path in ("/file/results.csv", "/file/months.csv", "/api/v1/outcomes?limit=200"):
        assert "nationality" not in client.get(path).text
    run = client.post("/api/v1/runs", json={"scenario": "one-million-first-year", "members": 2})
    assert "nationality" not in run.text and "removals.ice" in run.text
    both = {
        "a": {"scenario": "one-million-first-year"},
        "b": {"scenario": "baseline-january-2025"},
        "members": 2,
    }
    assert "nationality" not in client.post("/api/v1/compare", json=both).text
