"""What a page of paper is made of, for whoever has it read aloud: its parts in reading order, each of a kind.

reportlab draws and has no word for this, but its canvas takes marks around what is drawn and its catalogue
takes the tree of them. It knows kinds of parts and nothing of what stands in them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString, PDFtrue
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

DOCUMENT, TABLE, ROW, HEAD, CELL, FIGURE = "Document", "Table", "TR", "TH", "TD", "Figure"
FIRST = 0  # the only page


@dataclass
class Part:
    """A part of the page.

    Attributes
    ----------
    kind : as ISO 32000 names them: ``H1``, ``P``, ``Table``, ``Figure``
    alt : what is read in place of what is drawn
    scope : of a heading of a table: ``Row`` or ``Column``
    """

    kind: str
    alt: str = ""
    scope: str = ""
    parts: list[Part] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)

    def part(self, kind: str, *, alt: str = "", scope: str = "") -> Part:
        """Return a further part of this one, read after those it has."""
        self.parts.append(Part(kind, alt, scope))
        return self.parts[-1]


class Tags:
    """The parts of one page, and which of them each mark in what is drawn belongs to."""

    def __init__(self) -> None:
        self.whole = Part(DOCUMENT)
        self._marked: list[Part] = []

    @contextlib.contextmanager
    def drawn(self, canvas: Canvas, part: Part) -> Iterator[None]:
        """Mark what is drawn inside as of a part."""
        number = len(self._marked)
        self._marked.append(part)
        part.marks.append(number)
        canvas.addLiteral(f"/{part.kind} <</MCID {number}>> BDC")
        yield
        canvas.addLiteral("EMC")

    def write(self, canvas: Canvas) -> None:
        """Give the tree to a canvas whose one page was shown."""
        file = canvas._doc
        page = file.Pages[FIRST]
        page.StructParents = FIRST
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents"]
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        above, written = file.Reference(root), {}

        def element(part: Part, parent: Any) -> Any:
            said = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(part.kind), "P": parent})
            own = written[id(part)] = file.Reference(said)
            said.dict["Pg"] = file.Reference(page)
            said.dict["K"] = PDFArray([*part.marks, *(element(one, own) for one in part.parts)])
            if part.alt:
                said.dict["Alt"] = PDFString(part.alt)
            if part.scope:
                said.dict["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName(part.scope)})
            return own

        root.dict["K"] = PDFArray([element(self.whole, above)])
        of_marks = PDFArray([written[id(part)] for part in self._marked])
        root.dict["ParentTree"] = PDFDictionary({"Nums": PDFArray([FIRST, of_marks])})
        root.dict["ParentTreeNextKey"] = FIRST + 1
        file.Catalog.StructTreeRoot = root
        file.Catalog.MarkInfo = PDFDictionary({"Marked": PDFtrue})
        canvas.setViewerPreference("DisplayDocTitle", PDFtrue)


class Said(Paragraph):
    """Words of a part."""

    def __init__(self, words: str, style: Any, tags: Tags, part: Part) -> None:
        super().__init__(words, style)
        self.tags, self.part = tags, part

    def draw(self) -> None:
        """Draw them, marked."""
        with self.tags.drawn(self.canv, self.part):
            super().draw()
