"""What it would take, by address: the kept answer of the first question, others put in line as jobs."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from docketflow.app.answers import kept, takes
from docketflow.app.answers.question import NotUnderstood, Question, read, shipped
from docketflow.app.jobs.keeper import Keeper
from docketflow.app.jobs.ledger import DONE, Job
from docketflow.app.jobs.worker import ANSWER
from docketflow.app.pages import frame
from docketflow.app.pages.kitchen import render
from docketflow.app.pages.tabs.take import read as read_taken
from docketflow.app.words import _, root
from docketflow.core.errors import DocketflowError
from docketflow.core.outcomes import counting_rules
from docketflow.report.view import label

router = APIRouter(include_in_schema=False)
MOST_DAYS = 2000
LAG = "lag:"


@router.get("/take")
async def take(request: Request) -> HTMLResponse:
    """What it would take to reach a number."""
    fields = dict(request.query_params)
    question = _question(fields)
    found, waiting, error = None, "", ""
    form = _form(question, fields)
    try:
        given = _given(question, fields)
        found = _lies_ready(question, given)
        if found is None and "goal" in fields:
            waiting = urlencode({k: v for k, v in fields.items() if k != "set"})
    except DocketflowError as wrong:
        error = str(wrong)
    body = frame.page(
        "take.html",
        request,
        here="/take",
        question=question,
        taken=None if found is None else read_taken(found),
        stale=not kept.is_current(question.scenario),
        waiting=waiting,
        error=error,
        form=form,
        job=None,
        counts=[(name, _(label(name))) for name in counting_rules()],
        first_day=shipped(question.scenario).start,
        last_day=shipped(question.scenario).end,
    )
    return HTMLResponse(body, status_code=422 if error else 200)


@router.get("/take/answer")
async def answer(request: Request) -> HTMLResponse:
    """The answer itself when it is there, until then how far it is."""
    fields = dict(request.query_params)
    question = _question(fields)
    found, waiting = _lies_ready(question, _given(question, fields)), ""
    job: Job | None = None
    if found is None:
        keeper: Keeper = request.app.state.keeper
        asked = {"scenario": question.scenario, "count": question.count, **_given(question, fields)}
        job = await keeper.put("feasible", {**asked, "members": takes.MEMBERS})
        waiting = urlencode({k: v for k, v in fields.items() if k != "set"})
        if job.state == DONE:
            place = keeper.ledger.place(job.name) / ANSWER
            found, job = json.loads(await asyncio.to_thread(place.read_text, "utf-8")), None
    known: dict[str, Any] = {"taken": None if found is None else read_taken(found), "stale": False}
    known |= {"job": job, "waiting": waiting if found is None else ""}
    if request.headers.get("hx-request"):
        part = "take_waits.html" if found is None else "take_found.html"
        return HTMLResponse(render(part, **known, suffix=frame.suffix(question)))
    rest = {
        "form": _form(question, fields),
        "error": "",
        "counts": [(name, _(label(name))) for name in counting_rules()],
        "first_day": shipped(question.scenario).start,
        "last_day": shipped(question.scenario).end,
    }
    return HTMLResponse(frame.page("take.html", request, here="/take", question=question, **known, **rest))


@router.post("/take/cancel/{name}")
async def cancel(name: str, request: Request) -> RedirectResponse:
    """Take a question out of line."""
    keeper: Keeper = request.app.state.keeper
    await keeper.cancel(name)
    return RedirectResponse(f"{root()}/take", status_code=303)


def _question(fields: dict[str, str]) -> Question:
    try:
        return read([(k, v) for k, v in fields.items() if k in ("scenario", "count")])
    except NotUnderstood:
        return read([])


def _form(question: Question, fields: dict[str, str]) -> dict[str, Any]:
    target = shipped(question.scenario).target
    goal = fields.get("goal") or (f"{target.removals:,.0f}" if target else "")
    lags = {name: fields.get(f"{LAG}{name}", str(days)) for name, days in takes.lags().items()}
    ordered = fields.get("ordered") or shipped(question.scenario).start.isoformat()
    return {"goal": goal[:20], "ordered": ordered[:10], "lags": lags}


def _given(question: Question, fields: dict[str, str]) -> dict[str, Any]:
    """Return what is asked, checked."""
    form = _form(question, fields)
    try:
        goal = float(form["goal"].replace(",", ""))
    except ValueError:
        goal = math.nan
    if not 1 <= goal <= 1e9:
        raise NotUnderstood(f"reach: {form['goal']!r:.30} is not a number of people", "goal")
    lag = {}
    for name, days in form["lags"].items():
        if not days.isdecimal() or int(days[:6]) > MOST_DAYS:
            raise NotUnderstood(f"{name}: {days!r:.20} is not a number of days up to {MOST_DAYS}", name)
        lag[name] = int(days)
    import datetime as dt

    try:
        day = dt.date.fromisoformat(form["ordered"])
    except ValueError:
        raise NotUnderstood(f"{form['ordered']!r:.20} is not a date such as 2025-03-01", "ordered") from None
    scenario = shipped(question.scenario)
    if not scenario.start <= day <= scenario.end:
        raise NotUnderstood(f"ordered: a day from {scenario.start} to {scenario.end}", "ordered")
    return {"goal": goal, "by": str(scenario.end), "ordered": str(day), "lag": lag}


def _lies_ready(question: Question, given: dict[str, Any]) -> dict[str, Any] | None:
    """Return the kept answer, if it is the one to this very question."""
    found = kept.take(question.scenario)
    if not found or found["outcome"] != question.count:
        return None
    scenario = shipped(question.scenario)
    usual = {"goal": found["value"], "by": found["by"], "ordered": str(scenario.start), "lag": takes.lags()}
    return found if usual == given else None
