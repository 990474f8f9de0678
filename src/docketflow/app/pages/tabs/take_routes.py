"""What it would take, by address: the kept answer of the first question, others put in line as jobs."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from docketflow.app.answers import kept, takes
from docketflow.app.answers.question import NotUnderstood, Question, read, shipped
from docketflow.app.jobs.ledger import Job
from docketflow.app.pages import frame
from docketflow.app.pages.tabs import long
from docketflow.app.pages.tabs.take import read as read_taken
from docketflow.app.words import _
from docketflow.core.errors import DocketflowError
from docketflow.core.labels import label
from docketflow.core.outcomes import counting_rules

router = APIRouter(include_in_schema=False)
MOST_DAYS = 2000
LAG, KIND = "lag:", "feasible"


@router.get("/take")
async def take(request: Request) -> HTMLResponse:
    """What it would take to reach a number."""
    fields = dict(request.query_params)
    question = _question(fields)
    found, stale, waiting, error = None, False, "", ""
    form = _form(question, fields)
    try:
        given = _given(question, fields)
        found, stale = _lies_ready(question, given), not kept.is_current(question.scenario)
        if found is None and "goal" in fields:
            found, stale = await long.ready(request, KIND, _asked(question, given)), False
            waiting = "" if found else _again(fields)
    except DocketflowError as wrong:
        error = str(wrong)
    known: dict[str, Any] = {"taken": None if found is None else read_taken(found)}
    known["stale"] = found is not None and stale
    known["again"] = _again(fields)
    body = _page(request, question, form, **known, waiting=waiting, error=error, job=None)
    return HTMLResponse(body, status_code=422 if error else 200)


async def answered(request: Request) -> dict[str, Any] | None:
    """Return the answer to the question of an address, if it is there."""
    fields = dict(request.query_params)
    question = _question(fields)
    given = _given(question, fields)
    return _lies_ready(question, given) or await long.ready(request, KIND, _asked(question, given))


@router.get("/take/answer")
async def answer(request: Request) -> HTMLResponse:
    """The answer itself when it is there, until then how far it is."""
    fields = dict(request.query_params)
    question = _question(fields)
    given = _given(question, fields)
    found, job = _lies_ready(question, given), None
    if found is None:
        found, job = await long.put(request, KIND, _asked(question, given))
    known: dict[str, Any] = {"taken": None if found is None else read_taken(found), "stale": False}
    known["again"] = _again(fields)
    known["waiting"] = known["again"] if job else ""
    if request.headers.get("hx-request"):
        return long.part(request, "take_found.html", job, looking=_looking(), **known)
    return HTMLResponse(_page(request, question, _form(question, fields), **known, job=job, error=""))


@router.post("/take/cancel/{name}")
async def cancel(name: str, request: Request) -> RedirectResponse:
    """Take a question out of line."""
    return await long.cancel(request, name, "/take")


def _page(request: Request, question: Question, form: dict[str, Any], job: Job | None, **known: Any) -> str:
    scenario = shipped(question.scenario)
    return frame.page(
        "take.html",
        request,
        here="/take",
        question=question,
        form=form,
        job=job,
        told=long.told(job),
        looking=_looking(),
        counts=[(name, _(label(name))) for name in counting_rules()],
        first_day=scenario.start,
        last_day=scenario.end,
        **known,
    )


def _looking() -> dict[str, str]:
    """Return what a page says while it waits, and where it looks again."""
    title, words = (
        _("Looking for what it would take"),
        _("Some hundred runs of the real model, a minute or so."),
    )
    return {"title": title, "words": words, "look": "/take/answer", "cancel": "/take/cancel"}


def _asked(question: Question, given: dict[str, Any]) -> dict[str, Any]:
    """Return what is put in line."""
    return {"scenario": question.scenario, "count": question.count, **given, "members": takes.MEMBERS}


def _again(fields: dict[str, str]) -> str:
    """Return the fields of a question as the end of an address."""
    return urlencode({name: value for name, value in fields.items() if name not in ("set", long.LOOK)})


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
