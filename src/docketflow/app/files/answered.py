"""A question with its answer, ready to leave in any form: one method a file, each says what it is of."""

from __future__ import annotations

import datetime as dt
import functools
import io
import zipfile
from collections.abc import Callable
from importlib import resources
from typing import Any

from docketflow.app.answers.question import Question
from docketflow.app.files import sheets
from docketflow.app.files.book import book
from docketflow.app.files.one_page import Told, page, png
from docketflow.app.pages import frame
from docketflow.app.pages.first import Screen
from docketflow.app.pages.kitchen import kitchen
from docketflow.app.pages.routes import question_of
from docketflow.app.words import _, language
from docketflow.report.pictures import as_file
from docketflow.results import Result
from docketflow.results.result import HASH, about
from docketflow.results.tables import csv_of

CSV, SVG, YAML = "text/csv; charset=utf-8", "image/svg+xml", "application/yaml; charset=utf-8"
PDF, PNG = "application/pdf", "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
QUESTION = "scenario.yaml"
MOST_TOLD = 8  # moved levers that a page of paper names


class Answered:
    """A question with its answer, ready to be written in any form."""

    def __init__(self, question: Question, shown: Screen, address: str) -> None:
        self.question, self.shown = question, shown
        self.result: Result = shown.mine.result if shown.mine else shown.plan
        self.cite = frame.citation(question, about(self.result), address)

    def results_csv(self) -> bytes:
        """Every outcome of the period."""
        return csv_of(sheets.results(self.result)).encode()

    def months_csv(self) -> bytes:
        """Every outcome by month."""
        return csv_of(sheets.months(self.result)).encode()

    def levers_csv(self) -> bytes:
        """Every lever moved, with its source."""
        return csv_of(sheets.settings(self.result)).encode()

    def limits_csv(self) -> bytes:
        """What limits lifted come to."""
        return csv_of(sheets.limits(self.shown.rows, self.result)).encode()

    def book_xlsx(self) -> bytes:
        """All of it as a workbook."""
        made = {
            "Results": sheets.results(self.result),
            "Months": sheets.months(self.result),
            "Levers": sheets.settings(self.result),
            "Definitions": sheets.definitions(self.result),
            "Read me": sheets.read_me(self.question, self.result, self.cite),
        }
        return book(made, {**self.told, "creator": "docketflow"})

    @property
    def told(self) -> dict[str, str]:
        """What a file says of itself where it has a place for it: title, subject, keywords."""
        of, settings = about(self.result), str(self.result.manifest.get("settings", ""))[:HASH]
        words = f"docketflow {of['version']}, settings {settings}, {of['band']} band, {of['licence']} licence"
        return {"title": str(self.result.manifest["title"]), "subject": self.cite, "keywords": words}

    def scenario_yaml(self) -> bytes:
        """The question as a scenario file."""
        return sheets.scenario_file(self.question).encode()

    def limits_svg(self) -> bytes:
        """The picture of limits."""
        note = (
            f"{self.shown.label}, {self.result.start} to {self.result.end}. Bar: middle run. Line: nine "
            "runs in ten. Dark: what the last limit lifted adds. Each limit is lifted far beyond what there "
            "ever was, at once: a test of what binds, not a proposal."
        )
        return self._svg("stairs", self.shown.heading, note)

    def months_svg(self) -> bytes:
        """The picture by month."""
        note = (
            f"Middle run; shaded: nine runs in ten. {self.result.start} to {self.result.end}; the first and "
            "last month are parts of months."
        )
        note = f"{note} {self._letters()}".rstrip()
        return self._svg("months", f"{self.shown.label} a day", note)

    def _letters(self) -> str:
        """What letters in the picture by month stand for."""
        marks = self.shown.months_at(False)["marks"]
        return " ".join(f"{one.letter}: {one.words}." for one in marks if one.letter)

    def _svg(self, macro: str, title: str, note: str) -> bytes:
        foot = as_file.foot(self.cite, about(self.result), dt.date.today())
        return self._drawn(macro, title=title, note=note, foot=foot).encode()

    def _drawn(self, macro: str, **around: str) -> str:
        """Return a picture of the first screen that stands alone."""
        known = {"screen": self.shown, "suffix": "", "language": language()}
        parts: Any = kitchen().get_template("parts.html").make_module(known)
        svg = str(getattr(parts, macro)(self.shown, False)).partition("</svg>")
        return as_file.standalone(svg[0] + svg[1], style=_style(), **around)

    def limits_png(self) -> bytes:
        """The picture of limits, as dots."""
        return png(self.limits_svg().decode(), self.told)

    def months_png(self) -> bytes:
        """The picture by month, as dots."""
        return png(self.months_svg().decode(), self.told)

    def answer_pdf(self) -> bytes:
        """The answer on one page of paper."""
        shown, of = self.shown, about(self.result)
        shaded = _("middle run; shaded: nine runs in ten")
        machine = _("The same numbers on your own machine")
        runs = _(
            "%(n)s runs at %(scale)s records a person, seed %(seed)s.",
            n=of["members"],
            scale=of["scale"],
            seed=of["seed"],
        )
        bare = {"title": "", "note": "", "foot": ""}
        own = shown.own
        mine = ""
        if own and own["said"]:
            named = own["sentences"][:MOST_TOLD]
            more = len(own["sentences"]) - len(named)
            rest = _("and %(n)s more changes, in the address below", n=more) if more else ""
            total = f"{own['said'].value} ({own['said'].range})."
            mine = " ".join([_("Mine") + ":", total, *named, rest]).strip()
        numbers = [[_("Courts, people, cost"), _("plan"), _("no plan"), _("mine")]]
        for fact in shown.facts:
            title = ", ".join(part for part in (fact["title"], fact["when"], fact["of"]) if part)
            sides = [fact[side] for side in ("plan", "none", "mine")]
            numbers.append([title, *(f"{one.value} ({one.range})" if one else "" for one in sides)])
        keep = [k for k in range(4) if any(row[k] for row in numbers[1:])]
        return page(
            Told(
                head=("docketflow", _("Simulated, not observed")),
                question=_(question_of(self.question.scenario).ask),
                answer=shown.sentence,
                mine=mine,
                pictures=[
                    (
                        shown.heading,
                        _(
                            "%(what)s in the period. Each limit is lifted far beyond what there ever was, at "
                            "once: a test of what binds, not a proposal.",
                            what=shown.label,
                        ),
                        self._drawn("stairs", **bare),
                    ),
                    (
                        _("%(what)s a day", what=shown.label),
                        shaded + ". " + self._letters(),
                        self._drawn("months", **bare),
                    ),
                ],
                numbers=[[row[k] for k in keep] for row in numbers],
                notes=[
                    _(
                        "Bar and line: the middle run. Whisker and shade: nine runs in ten. Both runs of a "
                        "pair have the same simulated people and the same luck."
                    ),
                    _("Cite: %(how)s", how=self.cite),
                    machine + ": " + sheets.command(self.question),
                    self.told["keywords"] + ". " + runs,
                ],
                about=self.told,
                language=language(),
            )
        )

    def all_zip(self) -> bytes:
        """Everything, with what to read first and the licence."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name, (make, _) in FILES.items():
                if make is not Answered.all_zip:
                    made.writestr(name, make(self))
            lines = [
                f"{row['about']}: {row['says']}"
                for row in sheets.read_me(self.question, self.result, self.cite)
            ]
            made.writestr("README.txt", "\n".join(lines) + "\n")
            made.writestr("LICENSE.txt", LICENCE)
        return out.getvalue()


@functools.cache
def _style() -> as_file.Style:
    """Return the rules by which the app draws its pictures."""
    home = resources.files("docketflow.app.pages").joinpath("static", "app.css")
    return as_file.Style(home.read_text(encoding="utf-8"), "svg text {", "details.twin")


LICENCE = (
    "MIT licence. Numbers, pictures and tables in this archive may be used, changed and passed on; keep the "
    "citation. They are simulated, without any warranty, and neither a forecast nor a proposal.\n"
)
FILES: dict[str, tuple[Callable[[Answered], bytes], str]] = {
    "book.xlsx": (Answered.book_xlsx, XLSX),
    "results.csv": (Answered.results_csv, CSV),
    "months.csv": (Answered.months_csv, CSV),
    "levers.csv": (Answered.levers_csv, CSV),
    "limits.csv": (Answered.limits_csv, CSV),
    "answer.pdf": (Answered.answer_pdf, PDF),
    "limits.png": (Answered.limits_png, PNG),
    "months.png": (Answered.months_png, PNG),
    "limits.svg": (Answered.limits_svg, SVG),
    "months.svg": (Answered.months_svg, SVG),
    QUESTION: (Answered.scenario_yaml, YAML),
    "all.zip": (Answered.all_zip, ZIP),
}
