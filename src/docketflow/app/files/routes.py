"""What leaves the app, by address: one file an address, made when it is asked for, never kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import io
import zipfile
from collections.abc import Callable
from importlib import resources
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from docketflow.app.answers import kept
from docketflow.app.answers.question import Question
from docketflow.app.files import sheets
from docketflow.app.files.book import book
from docketflow.app.pages import frame
from docketflow.app.pages.first import Screen
from docketflow.app.pages.kitchen import kitchen
from docketflow.app.pages.routes import question_of, screen
from docketflow.conductor.simulator import MEMBERS
from docketflow.core.errors import UsageError, unknown
from docketflow.report.pictures import as_file
from docketflow.results import Result
from docketflow.results.result import HASH, about
from docketflow.results.tables import csv_of

router = APIRouter(include_in_schema=False)
CSV, SVG, YAML = "text/csv; charset=utf-8", "image/svg+xml", "application/yaml; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP, TEXT = "application/zip", "text/plain; charset=utf-8"


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
        settings = str(self.result.manifest.get("settings", ""))[:HASH]
        told = {"title": str(self.result.manifest["title"]), "subject": self.cite, "creator": "docketflow"}
        return book(made, {**told, "keywords": f"docketflow, {settings}, MIT licence"})

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
        marks = self.shown.months_at(False)["marks"]
        note += "".join(f" {one.letter}: {one.words}." for one in marks if one.letter)
        return self._svg("months", f"{self.shown.label} a day", note)

    def _svg(self, macro: str, title: str, note: str) -> bytes:
        known = {"screen": self.shown, "suffix": "", "language": "en"}
        parts: Any = kitchen().get_template("parts.html").make_module(known)
        drawn = str(getattr(parts, macro)(self.shown, False))
        foot = as_file.foot(self.cite, about(self.result), dt.date.today())
        return as_file.standalone(drawn, title=title, note=note, foot=foot, style=_style()).encode()

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
    "limits.svg": (Answered.limits_svg, SVG),
    "months.svg": (Answered.months_svg, SVG),
    "scenario.yaml": (Answered.scenario_yaml, YAML),
    "all.zip": (Answered.all_zip, ZIP),
}


async def answered(request: Request) -> Answered:
    """Return the question of an address, answered with all members."""
    live, question = frame.live(request), frame.asked(request)
    stage = await live.answer(question, MEMBERS) if question.moved else None
    return Answered(question, await screen(live, question, stage), permanent(request, question))


def permanent(request: Request, question: Question) -> str:
    """Return the dated address that names the model it was answered by."""
    return frame.full(request, question, f"/p/{dt.date.today().isoformat()}/{kept.model()[:HASH]}")


@router.get("/file/{name}")
async def file(name: str, request: Request) -> Response:
    """One file of an answer."""
    if name not in FILES:
        raise UsageError(unknown("file", name, FILES))
    make, kind = FILES[name]
    one = await answered(request)
    stem = f"docketflow-{one.question.scenario}" + (f"-{one.question.key[:8]}" if one.question.moved else "")
    headers = {"content-disposition": f'attachment; filename="{stem}-{name}"'}
    return Response(await asyncio.to_thread(make, one), media_type=kind, headers=headers)


@router.get("/download")
async def download(request: Request) -> HTMLResponse:
    """All files of an answer, with what is in them."""
    question = frame.asked(request)
    frame.live(request)
    return HTMLResponse(
        frame.page(
            "download.html",
            request,
            here="",
            question=question,
            command=sheets.command(question),
            python=sheets.python(question),
            asked=question_of(question.scenario),
        )
    )


@router.get("/cite")
async def cite(request: Request) -> HTMLResponse:
    """The sentence with its citation, the dated address, and how to repeat it."""
    one = await answered(request)
    return HTMLResponse(
        frame.page(
            "cite.html",
            request,
            here="",
            question=one.question,
            sentence=one.shown.sentence,
            mine=one.shown.own,
            label=one.shown.label,
            cite=one.cite,
            address=permanent(request, one.question),
            plain=frame.full(request, one.question, "/"),
            command=sheets.command(one.question),
            python=sheets.python(one.question),
            about=about(one.result),
        )
    )
