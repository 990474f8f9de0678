"""What leaves the app, by address: one file an address, made when it is asked for, never kept."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from docketflow.app.answers import kept
from docketflow.app.answers.question import Question
from docketflow.app.files import beside, sheets
from docketflow.app.files.answered import CSV, FILES, QUESTION, Answered
from docketflow.app.pages import frame
from docketflow.app.pages.routes import question_of, screen
from docketflow.app.pages.tabs.record import against
from docketflow.app.pages.tabs.routes import compared, judged
from docketflow.app.pages.tabs.take_routes import answered as taken
from docketflow.conductor.simulator import MEMBERS
from docketflow.core.errors import UsageError, unknown
from docketflow.results.result import HASH, about
from docketflow.results.tables import csv_of

router = APIRouter(include_in_schema=False)


async def answered(request: Request) -> Answered:
    """Return the question of an address, answered with all members."""
    live, question = frame.live(request), frame.asked(request)
    stage = await live.answer(question, MEMBERS) if question.moved else None
    return Answered(question, await screen(live, question, stage), permanent(request, question))


def permanent(request: Request, question: Question) -> str:
    """Return the dated address that names the model it was answered by."""
    return frame.full(request, question, f"/p/{dt.date.today().isoformat()}/{kept.model()[:HASH]}")


@router.get("/file/sides.csv")
async def sides(request: Request) -> Response:
    """Answers side by side, as the pages of courts, costs and comparison show them: every outcome of each."""
    found = [(side.name, side.result) for side in await compared(request, frame.asked(request))]
    return _csv("sides", await asyncio.to_thread(sheets.sides, found))


@router.get("/file/claims.csv")
async def claims(request: Request) -> Response:
    """Claims with their verdicts, as the page shows them: a sentence of one's own first."""
    own, listed = await judged(request)
    return _csv("claims", beside.claims([*own, *listed]))


@router.get("/file/take.csv")
async def take(request: Request) -> Response:
    """What it would take, where the answer is there."""
    said = await taken(request)
    if said is None:
        raise UsageError("no answer lies ready for this question; ask it on the page of what it would take")
    return _csv("take", beside.take(said))


@router.get("/file/record.csv")
async def record(request: Request) -> Response:
    """How answers held against what was published."""
    checked = question_of(frame.asked(request).scenario).checked
    result = kept.earlier(checked)
    if result is None:
        raise UsageError("no checked answer lies ready; make answers")
    return _csv("record", beside.record(against(result), result))


def _csv(name: str, rows: list[dict[str, Any]]) -> Response:
    headers = {"content-disposition": f'attachment; filename="docketflow-{name}.csv"'}
    return Response(csv_of(rows), media_type=CSV, headers=headers)


@router.get("/file/{name}")
async def file(name: str, request: Request) -> Response:
    """One file of an answer."""
    if name not in FILES:
        raise UsageError(unknown("file", name, FILES))
    make, kind = FILES[name]
    question = frame.asked(request)
    stem = f"docketflow-{question.scenario}" + (f"-{question.key[:8]}" if question.moved else "")
    headers = {"content-disposition": f'attachment; filename="{stem}-{name}"'}
    if name == QUESTION:  # what was asked needs no answer
        return Response(sheets.scenario_file(question), media_type=kind, headers=headers)
    body = await asyncio.to_thread(make, await answered(request))
    return Response(body, media_type=kind, headers=headers)


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
