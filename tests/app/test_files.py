"""What leaves the app opens, says what it is of, and is run by nobody."""

from __future__ import annotations

import csv
import ctypes
import html
import io
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pypdfium2.raw as pdfium
import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from reportlab.pdfgen.canvas import Canvas

from app.conftest import BEDS
from docketflow.app.files import drawn
from docketflow.app.files.one_page import Told, page
from docketflow.app.pages.tabs.record import boards
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
    assert all(said in book.properties.keywords for said in (*of_what(client), "MIT licence"))


def of_what(client) -> tuple[str, str, str]:
    """Return the version, the hash of the settings and the band that every file of the first answer says."""
    row = next(csv.DictReader(io.StringIO(client.get("/file/results.csv").text)))
    return f"docketflow {row['version']}", row["settings"], row["band"]


@pytest.mark.parametrize("root", ["", "/es"])
def test_that_the_paper_opens_as_one_page_with_the_sentence_numbers_and_what_it_is_of(client, root):
    reply = client.get(f"{root}/file/answer.pdf")
    assert reply.headers["content-type"] == "application/pdf"
    document = PdfDocument(reply.content)
    assert len(document) == 1
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert ("Ninguna" in text or "ninguna" in text) if root else "Not in any of" in text
    assert ("Corrida contra corrida" if root else "Run against run") in text
    assert "court.judges" not in text and "docketflow run one-million-first-year" in text
    meta = document.get_metadata_dict()
    for said in (*of_what(client), "MIT licence"):
        assert said in text and said in f"{meta['Keywords']} {meta['Subject']}"
    assert "/p/20" in text  # the dated address


def test_that_the_paper_is_read_aloud_in_order_with_its_pictures_in_words(client):
    document = PdfDocument(client.get("/file/answer.pdf").content)
    assert pdfium.FPDFCatalog_IsTagged(document)
    page = document[0]
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    assert pdfium.FPDF_StructTree_CountChildren(tree) == 1
    parts = list(read_parts(pdfium.FPDF_StructTree_GetChildAtIndex(tree, 0)))
    kinds = [kind for kind, *_ in parts]
    assert [one for one in kinds if one in ("H1", "H2", "Figure", "Table")] == [
        "H1", "H2", "Figure", "H2", "Figure", "Table",
    ]  # fmt: skip
    limits, months = (alt for kind, alt, _ in parts if kind == "Figure")
    assert "plan" in limits and re.search(r"[0-9],[0-9]{3}", limits) and "plan" in months
    assert kinds.count("TR") >= 3 and kinds.count("TD") >= 4
    marks = [mark for _kind, _alt, mark in parts if mark >= 0]
    assert marks == sorted(marks) == list(range(len(marks)))  # read as drawn, nothing left out or read twice
    pdfium.FPDF_StructTree_Close(tree)


def read_parts(element):
    """Yield the kind, the words in place of it and the mark of each part, as a reader meets them."""

    def words(ask):
        room = ctypes.create_string_buffer(1 << 14)
        length = ask(element, room, len(room))
        return room.raw[: max(0, length - 2)].decode("utf-16-le")

    mark = pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, 0)
    yield words(pdfium.FPDF_StructElement_GetType), words(pdfium.FPDF_StructElement_GetAltText), mark
    for k in range(pdfium.FPDF_StructElement_CountChildren(element)):
        below = pdfium.FPDF_StructElement_GetChildAtIndex(element, k)
        if below:
            yield from read_parts(below)


def test_that_a_page_of_paper_stays_one_however_much_is_told():
    square = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 872 600"><rect width="9" height="9"/></svg>'
    )
    about = {"title": "a", "subject": "b", "keywords": "c"}
    numbers = [["of", "plan"], *([f"{k} & more <b>", "1"] for k in range(30))]
    many = Told(
        ("a", "b"), "q", "s" * 50 + " many" * 300, "", [("t", "n", square)] * 2, numbers, ["x"], about, "en"
    )
    assert len(PdfDocument(page(many))) == 1


@pytest.mark.parametrize("name", ["limits", "months"])
def test_that_a_picture_of_dots_opens_and_says_what_it_is_of(client, name):
    picture = Image.open(io.BytesIO(client.get(f"/file/{name}.png").content))
    assert picture.width > 1200 and len(picture.convert("RGB").getcolors(1 << 24)) > 8
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    for said in (*of_what(client), "MIT licence"):
        assert said in f"{picture.info['Description']} {picture.info['Copyright']}"


@pytest.mark.parametrize(
    "part",
    ['<image href="x"/>', '<path d="M0,0A1,1 0 0 1 2,2"/>', '<g transform="rotate(9)"><path d="M0,0"/></g>'],
)
def test_that_a_picture_with_what_cannot_be_drawn_is_refused(part):
    odd = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{part}</svg>'
    with pytest.raises(drawn.Unknown):
        drawn.draw(Canvas(io.BytesIO()), odd, left=0, bottom=0, scale=1)


class Steps:
    """Writes down where a path goes."""

    def __init__(self) -> None:
        self.went: list[tuple[float, ...]] = []

    def moveTo(self, *to: float) -> None:
        self.went.append(to)

    lineTo = curveTo = moveTo

    def close(self) -> None:
        self.went.append(())


def test_that_small_letters_of_a_path_go_from_where_it_stands():
    one, other = Steps(), Steps()
    drawn.follow(one, "M1,2H5V4L6,7C1,1 2,2 3,3Z")
    drawn.follow(other, "M1,2h4v2l1,3c-5,-6 -4,-5 -3,-4z")
    assert one.went == other.went and len(one.went) == 6


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
    said = of_what(client)
    assert all(one in words for one in said) and "MIT licence" in words and "seed" in words
    assert "var(--" not in text and "href" not in text


def test_that_answers_side_by_side_leave_with_their_change_run_against_run(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/file/sides.csv").text)))
    assert {row["answer"] for row in rows} == {"No plan", "The plan"} and set(rows[0]) >= ABOUT
    assert not any("nationality" in row["outcome"] for row in rows)
    plan = {row["outcome"]: row for row in rows if row["answer"] == "The plan"}
    assert plan["removals.ice"]["change low"] and not rows[0]["change low"]


@pytest.mark.parametrize("page, kind", [("/claims", "claims"), ("/take", "take"), ("/record", "record")])
def test_that_a_page_beside_the_first_leaves_as_a_table_that_says_what_it_is_of(client, page, kind):
    address = re.search(rf'href="(/file/{kind}\.csv[^"]*)"', client.get(page).text)
    assert address
    reply = client.get(html.unescape(address[1]))
    assert reply.status_code == 200 and f"docketflow-{kind}.csv" in reply.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert len(rows) > 3 and all(row["version"] and row["licence"] for row in rows)
    assert any(re.fullmatch(r"-?[0-9.e+]+", row["value"]) for row in rows)


def test_that_the_record_says_of_each_figure_whether_the_model_was_fitted_to_it(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/file/record.csv").text)))
    fitted = [row["fit"] != "held out" for row in rows]
    assert any(fitted) and not all(fitted)
    page = client.get("/record").text
    assert f"The model was fitted to {sum(fitted)} of them" in page
    shown = re.findall(r"<td>(?:in|out)side</td><td>(yes|in part|no)</td>", page)
    assert [one != "no" for one in shown] == fitted
    assert all(one["says"] in page and one["better_than_the_level_alone"] in page for one in boards())
    assert f"the model was fitted to {sum(fitted)} of them" in client.get("/").text


def test_that_the_table_of_claims_holds_what_its_page_shows(client):
    shown = {"show": "contradicted", "claim": "ICE removed 409,849 people in fiscal year 2012"}
    rows = list(csv.DictReader(io.StringIO(client.get("/file/claims.csv", params=shown).text)))
    assert "409,849" in rows[0]["claim"] and rows[0]["verdict"] == "supported"
    listed = [row for row in rows if "409,849" not in row["claim"]]
    assert {row["verdict"] for row in listed} == {"contradicted"}
    assert client.get("/file/claims.csv", params={"claim": "they removed many"}).status_code == 400


def test_that_the_scenario_file_says_what_was_asked(client, tmp_path):
    asked = load_scenario("one-million-first-year").with_sets([BEDS])
    place = tmp_path / "mine.yaml"
    place.write_text(client.get("/file/scenario.yaml", params={"set": BEDS}).text, encoding="utf-8")
    assert load_scenario(place).hash == asked.hash


def test_that_the_archive_has_everything_with_a_readme_and_the_licence(client):
    archive = zipfile.ZipFile(io.BytesIO(client.get("/file/all.zip").content))
    assert {"README.txt", "LICENSE.txt", "book.xlsx", "results.csv"} <= set(archive.namelist())
    assert {"answer.pdf", "limits.svg", "limits.png", "scenario.yaml"} <= set(archive.namelist())
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
