"""What leaves the app, by address: one file an address, made when it is asked for, never kept."""

from __future__ import annotations

import asyncio
import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from docketflow.app.answers import kept
from docketflow.app.answers.question import Question
from docketflow.app.files import sheets
from docketflow.app.files.answered import CSV, FILES, QUESTION, Answered
from docketflow.app.pages import frame
from docketflow.app.pages.routes import question_of, screen
from docketflow.app.pages.tabs.routes import compared
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
    rows = await asyncio.to_thread(sheets.sides, found)
    headers = {"content-disposition": 'attachment; filename="docketflow-sides.csv"'}
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
