"""An answer on one page of paper: the sentence, both pictures, key numbers, how to cite and repeat it.

And a picture as PNG: the same drawing, on a page of its own size, as dots.
"""

from __future__ import annotations

import html
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Spacer, Table

from docketflow.app.files import drawn
from docketflow.app.files.tagged import CELL, FIGURE, HEAD, ROW, TABLE, Part, Said, Tags
from docketflow.report.pictures.as_file import GROUND
from docketflow.report.pictures.as_file import MARGIN as EDGE

MARGIN = 40.0
INK, SOFT, RULE = HexColor("#1b2127"), HexColor("#515c67"), HexColor("#d3d9df")
PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=9.5, leading=12.5, textColor=INK)
QUESTION = ParagraphStyle("question", PLAIN, fontName="Helvetica-Bold", fontSize=17, leading=20)
ANSWER = ParagraphStyle("answer", PLAIN, fontSize=11, leading=14.5)
HEADING = ParagraphStyle("heading", PLAIN, fontName="Helvetica-Bold", fontSize=10.5, leading=13)
NOTE = ParagraphStyle("note", PLAIN, fontSize=7.5, leading=9.5, textColor=SOFT)
RIGHT = ParagraphStyle("right", NOTE, alignment=2)
NUMBER = ParagraphStyle("number", PLAIN, fontSize=8.5, leading=10.5, alignment=2)
NAME = ParagraphStyle("name", NUMBER, alignment=0)
TWICE = 2  # dots a unit of a picture
DOTS_AN_INCH = 72 * TWICE


@dataclass(frozen=True)
class Told:
    """What stands on the page, in words.

    Attributes
    ----------
    head : left and right of the first line
    pictures : each a heading, a note and the picture alone
    numbers : rows of key numbers, the first the heading
    notes : how to read, cite and repeat it, and what it is of
    about : title, subject, keywords of the file
    """

    head: tuple[str, str]
    question: str
    answer: str
    mine: str
    pictures: Sequence[tuple[str, str, str]]
    numbers: Sequence[Sequence[str]]
    notes: Sequence[str]
    about: Mapping[str, str]
    language: str


class _Picture(Flowable):
    """A picture as wide as the page, without the ground and the margin that it has alone."""

    def __init__(self, svg: str, width: float, tags: Tags, part: Part) -> None:
        super().__init__()
        self.tags, self.part = tags, part
        wide, high = drawn.size(svg)
        self.svg, self.scale = svg.replace(GROUND, ""), width / (wide - 2 * EDGE)
        self.width, self.height = width, (high - 2 * EDGE) * self.scale

    def draw(self) -> None:
        """Draw it."""
        edge = EDGE * self.scale
        with self.tags.drawn(self.canv, self.part):
            drawn.draw(self.canv, self.svg, left=-edge, bottom=-edge, scale=self.scale)


def page(told: Told) -> bytes:
    """Return an answer as a PDF of one letter page."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=LETTER, lang=told.language)
    _say(canvas, told.about)
    width, height = LETTER[0] - 2 * MARGIN, LETTER[1] - 2 * MARGIN
    tags = Tags()
    story = KeepInFrame(width, height, list(_story(told, width, tags)), mode="shrink")
    Frame(MARGIN, MARGIN, width, height, 0, 0, 0, 0).addFromList([story], canvas)
    canvas.showPage()
    tags.write(canvas)
    canvas.save()
    return out.getvalue()


def _story(told: Told, width: float, tags: Tags) -> Iterator[Any]:
    def _text(words: str, style: ParagraphStyle, part: Part | None = None) -> Said:
        kind = {QUESTION.name: "H1", HEADING.name: "H2"}.get(style.name, "P")
        return Said(html.escape(words, quote=False), style, tags, part or tags.whole.part(kind))

    left, right = told.head
    yield Table(
        [[_text(left, NOTE), _text(right, RIGHT)]],
        (width / 2,) * 2,
        style=[("LEFTPADDING", (0, 0), (0, 0), 0)],
        hAlign="LEFT",
    )
    yield _text(told.question, QUESTION)
    yield Spacer(0, 4)
    yield _text(told.answer, ANSWER)
    if told.mine:
        yield Spacer(0, 3)
        yield _text(told.mine, PLAIN)
    for title, note, svg in told.pictures:
        yield Spacer(0, 8)
        yield _text(title, HEADING)
        yield _text(note, NOTE)
        yield _Picture(svg, width, tags, tags.whole.part(FIGURE, alt=f"{title}. {drawn.read_aloud(svg)}"))
    yield Spacer(0, 4)
    first = width * 0.34
    rest = (width - first) / max(1, len(told.numbers[0]) - 1)
    table = tags.whole.part(TABLE)
    rows = []
    for n, row in enumerate(told.numbers):
        line, cells = table.part(ROW), []
        for k, cell in enumerate(row):
            kind, scope = (HEAD, "Column" if n == 0 else "Row") if n == 0 or k == 0 else (CELL, "")
            cells.append(_text(cell, NUMBER if k else NAME, line.part(kind, scope=scope)))
        rows.append(cells)
    yield Table(
        rows,
        [first] + [rest] * (len(told.numbers[0]) - 1),
        hAlign="LEFT",
        style=[
            ("LINEBELOW", (0, 0), (-1, -2), 0.5, RULE),
            ("LINEABOVE", (0, 0), (-1, 0), 1.2, INK),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ],
    )
    for note in told.notes:
        yield Spacer(0, 3)
        yield _text(note, NOTE)


def _say(canvas: Canvas, about: Mapping[str, str]) -> None:
    canvas.setTitle(about["title"])
    canvas.setSubject(about["subject"])
    canvas.setKeywords(about["keywords"])
    canvas.setAuthor("docketflow")
    canvas.setCreator("docketflow")


def png(svg: str, about: Mapping[str, str]) -> bytes:
    """Return a picture that stands alone as PNG, with what it is of inside."""
    from PIL.PngImagePlugin import PngInfo
    from pypdfium2 import PdfDocument

    wide, high = drawn.size(svg)
    paper = io.BytesIO()
    canvas = Canvas(paper, pagesize=(wide, high))
    drawn.draw(canvas, svg, left=0, bottom=0, scale=1)
    canvas.showPage()
    canvas.save()
    document = PdfDocument(paper.getvalue())
    try:
        image = document[0].render(scale=TWICE).to_pil()
    finally:
        document.close()
    said = PngInfo()
    for name, words in (
        ("Title", about["title"]),
        ("Description", about["subject"]),
        ("Copyright", about["keywords"]),
        ("Software", "docketflow"),
    ):
        said.add_itxt(name, words)
    out = io.BytesIO()
    image.convert("P", palette=1, colors=64).save(
        out, "PNG", pnginfo=said, optimize=True, dpi=(DOTS_AN_INCH,) * 2
    )
    return out.getvalue()
