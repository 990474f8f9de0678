"""The first screen: its page, its answers under the hand, its search for levers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from docketflow.app.answers import kept
from docketflow.app.answers.live import FEW, STEPS, Live, Stage
from docketflow.app.answers.question import NotUnderstood, Question, read, shipped
from docketflow.app.answers.shelf import Asked, main_levers, shelf
from docketflow.app.pages import frame, levers
from docketflow.app.pages.first import Mine, Screen
from docketflow.app.pages.gloss import gloss
from docketflow.app.pages.kitchen import kitchen
from docketflow.app.pages.tabs import record as recorded
from docketflow.app.words import _, language, root
from docketflow.conductor.simulator import MEMBERS
from docketflow.core.errors import DocketflowError
from docketflow.core.labels import label
from docketflow.core.outcomes import counting_rules
from docketflow.results import Result
from docketflow.results.result import about

router = APIRouter(include_in_schema=False)
MOST_FOUND = 12
FORMS = (False, True)
FORMS_BY_NAME = {"wide": FORMS[:1], "narrow": FORMS[1:]}
A_SECOND = 1.0
FULL = 4  # questions of all members that may wait for each process before refinements are dropped
DAY, MARK = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"[0-9a-f]{12}")


def question_of(scenario: str) -> Asked:
    """Return the question of the first screen that a scenario belongs to."""
    return next((one for one in shelf().questions if one.scenario == scenario), shelf().questions[0])


async def plain(live: Live, question: Question) -> tuple[Result, bool]:
    """Return a shipped scenario's answer: of this model, else an earlier one, else lived now."""
    found = live.known(question.unmoved())
    if found is not None:
        return found, True
    earlier = kept.earlier(question.scenario)
    if earlier is not None:
        return earlier, False
    return (await live.answer(question.unmoved())).result, True


async def screen(live: Live, question: Question, stage: Stage | None) -> Screen:
    """Return what the first screen shows."""
    plan, current = await plain(live, question)
    without = question_of(question.scenario).without
    none = None if without == question.scenario else (await plain(live, question.unmoved(without)))[0]
    mine = None if stage is None else Mine(stage.result, stage.members, stage.of, stage.failures)
    stairs, fresh = kept.stairs(question.scenario), kept.is_current(question.scenario)
    return Screen(question, plan, none, mine, stairs, current, fresh)


@router.get("/p/{made}/{mark}")
async def dated(made: str, mark: str, request: Request) -> Response:
    """The first screen as it was linked to on a day: whether this version still answers the same is said."""
    if not (DAY.fullmatch(made) and MARK.fullmatch(mark)):
        raise HTTPException(404)
    question = frame.asked(request)
    stage = await frame.live(request).answer(question) if question.moved else None
    shown = await screen(frame.live(request), question, stage)
    return HTMLResponse(_page(request, shown, ("", "", ""), (made, kept.model().startswith(mark))))


@router.get("/")
async def first(request: Request) -> Response:
    """The first screen; a form's address is sent on to the one that can be read."""
    live, pairs = frame.live(request), request.query_params.multi_items()
    error = ("", "", "")
    try:
        question = read(pairs)
        if any(name in _fields(question.scenario) or name == "more" for name, _ in pairs):
            runs = {"runs": "all"} if request.query_params.get("runs") else {}
            query = question.query(**runs) if question.moved else question.query()
            return RedirectResponse(f"{root()}/?{query}" if query else f"{root()}/", status_code=303)
    except NotUnderstood as wrong:
        question = _without(pairs)
        error = (wrong.field, str(wrong), wrong.nearest)
    stage = None
    if question.moved:
        every = request.query_params.get("runs") == "all"
        stage = await live.answer(question, MEMBERS if every or live.known(question) else FEW)
        stage = Stage(stage.result, stage.runs, MEMBERS, stage.members, stage.failures)
    shown = await screen(live, question, stage)
    body = _page(request, shown, error)
    return HTMLResponse(body, status_code=422 if error[1] else 200)


def _without(pairs: list[tuple[str, str]]) -> Question:
    """Return what of an address is understood: the scenario and what is counted."""
    fields = dict(pairs)
    scenario = fields.get("scenario", "")
    known = {one.scenario for one in shelf().questions}
    scenario = scenario if scenario in known else shelf().questions[0].scenario
    count = fields.get("count", "")
    return Question(scenario, count if count in counting_rules() else read([("scenario", scenario)]).count)


@functools.cache
def _fields(scenario: str) -> frozenset[str]:
    return frozenset(lever.path for lever in main_levers(scenario))


def _page(
    request: Request, shown: Screen, error: tuple[str, str, str], dated_: tuple[str, bool] | None = None
) -> str:
    question, given = shown.question, dict(request.query_params)
    checked = question_of(question.scenario)
    scenario = shipped(question.scenario)
    rows = levers.rows(question, given, error)
    open_ones = {row.path for row in rows}
    first = {text.partition("=")[0]: text for text in reversed(question.sets)}
    beside = {first[path] for path in open_ones if path in first}
    adding = request.query_params.get("add", "")
    found = levers.search(request.query_params.get("find", ""), question.scenario)
    every = levers.search("", question.scenario)
    chosen = next((one for one in every if one["path"] == adding), None)
    return frame.page(
        "first.html",
        request,
        here="/",
        question=question,
        screen=shown,
        dated=dated_,
        asked=checked,
        asked_count=question.unmoved().counted_in(question.count).count,
        counts=[(name, _(label(name))) for name in counting_rules() if name in shown.plan],
        levers=rows,
        other_sets=[
            {"text": text, "words": levers.sentence(text, question.scenario)}
            for text in question.sets
            if text not in beside
        ],
        found=found,
        find=request.query_params.get("find", ""),
        shown_most=MOST_FOUND,
        query=question.query(),
        more_count=len(every),
        more_open=bool(adding or request.query_params.get("find")),
        adding=chosen,
        from_day=shelf().start.isoformat(),
        first_day=scenario.start.isoformat(),
        last_day=scenario.end.isoformat(),
        form_error=error[1] if error[1] and error[0] not in open_ones else "",
        held=recorded.held(recorded.against(kept.earlier(checked.checked))),
        links=_links(frame.suffix(question)),
        citation=frame.citation(question, about(shown.plan), frame.full(request, question)),
    )


def _links(tail: str) -> Any:
    """Return what writes the links above a picture."""
    from markupsafe import Markup

    def links(picture: str) -> Markup:
        table, sources, save = _("Table"), _("Sources and definitions"), _("Save picture")
        twin = {"limits": "stairs", "months": "months"}[picture]
        return Markup(
            '<span class="links"><a href="#{twin}-table" data-twin>{table}</a> '
            '<a href="{root}/explain{tail}{mark}path=picture:{picture}" data-explain>{sources}</a> '
            '<a href="{root}/file/{picture}.png{tail}" download>{save}</a> '
            '<a href="{root}/file/{picture}.svg{tail}" download>SVG</a></span>'
        ).format(
            twin=twin,
            root=root(),
            table=table,
            tail=tail,
            mark="&" if tail else "?",
            picture=picture,
            sources=sources,
            save=save,
        )

    return links


# --- under the hand -------------------------------------------------------------------------------------
def parts(shown: Screen, forms: Sequence[bool] = FORMS) -> dict[str, str]:
    """Return the parts of the first screen that an answer to moved levers changes, as HTML.

    Parameters
    ----------
    shown : Screen
    forms : whether pictures are narrow, or wide; both if not said
    """
    context = {"screen": shown, "suffix": frame.suffix(shown.question), "language": language()}
    made = kitchen().get_template("parts.html").make_module(context)
    macro: Any = made
    return {
        "stairs": "".join(str(macro.stairs(shown, narrow)) for narrow in forms),
        "stairs-twin": str(macro.stairs_table(shown)),
        "months": "".join(str(macro.months(shown, narrow)) for narrow in forms),
        "months-twin": str(macro.months_table(shown)),
        "mine": str(macro.mine(shown)),
        "facts": str(gloss(macro.facts(shown))),
        "dock": kitchen().get_template("dock.html").render(context),
    }


async def reply(live: Live, question: Question, stage: Stage | None, form: str = "") -> dict[str, Any]:
    """Return an answer as the page takes it: all its parts change together.

    While more is to come its pictures are drawn in the one form that the page shows; the last has both.
    """
    going_on = stage is not None and stage.runs < stage.of
    forms = FORMS_BY_NAME.get(form, FORMS) if going_on else FORMS
    shown = await screen(live, question, stage)
    rows = levers.rows(question)
    query = question.query()
    return {
        "key": question.key,
        "count": question.count,
        "runs": stage.runs if stage else 0,
        "of": stage.of if stage else 0,
        "address": question.address(f"{root()}/"),
        "query": query,
        "words": {row.path: row.words for row in rows},
        "more": {row.path: row.more for row in rows},
        "values": {row.path: row.value for row in rows},
        "parts": parts(shown, forms),
    }


@router.get("/live")
async def now(request: Request) -> Response:
    """The first answer to moved levers: one run by the real engine."""
    live, form = frame.live(request), request.query_params.get("form", "")
    try:
        question = read(request.query_params.multi_items())
        if not question.moved:
            return JSONResponse(await reply(live, question, None), headers=FRESH)
        known = live.known(question)
        if known is not None:
            stage = Stage(known, MEMBERS, MEMBERS, tuple(range(MEMBERS)), {})
            return JSONResponse(await reply(live, question, stage), headers=FRESH)
        async with contextlib.aclosing(live.stages(question, STEPS[:1], whole=False)) as stages:
            async for one in stages:
                if isinstance(one, Stage):
                    one = Stage(one.result, one.runs, MEMBERS, one.members, one.failures)
                    return JSONResponse(await reply(live, question, one, form), headers=FRESH)
    except NotUnderstood as wrong:
        return _wrong(wrong)
    except DocketflowError as error:
        return _wrong(NotUnderstood(str(error)))
    return Response(status_code=204)


FRESH = {"cache-control": "no-store"}


def _wrong(wrong: NotUnderstood) -> Response:
    said = {"field": wrong.field, "words": str(wrong), "nearest": wrong.nearest}
    return JSONResponse(said, status_code=422, headers=FRESH)


@router.get("/stream")
async def stream(request: Request) -> Response:
    """The same answer, sharpened: events with a few runs, then all; whoever leaves ends it."""
    live, form = frame.live(request), request.query_params.get("form", "")
    try:
        question = read(request.query_params.multi_items())
    except NotUnderstood as wrong:
        return _wrong(wrong)

    async def events() -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        told = loop.time()
        before = live.crew.waiting
        if before > live.crew.many * MEMBERS * FULL:
            yield _event(
                "failed", {"words": _("%(n)s runs are before yours: the first answer stands.", n=before)}
            )
            yield _event("done", {})
            return
        try:
            async with contextlib.aclosing(live.stages(question, STEPS[1:])) as stages:
                async for one in stages:
                    if isinstance(one, Stage):
                        yield _event("answer", await reply(live, question, one, form))
                        told = loop.time()
                    elif loop.time() - told > A_SECOND:
                        told = loop.time()
                        yield _event("progress", {"done": one[0], "of": one[1]})
        except DocketflowError as error:
            yield _event("failed", {"words": str(error)})
        yield _event("done", {})

    return StreamingResponse(events(), media_type="text/event-stream", headers=FRESH)


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


@router.get("/levers")
async def find(request: Request) -> HTMLResponse:
    """Levers by plain words, as a part of the page."""
    words = request.query_params.get("find", "")[:100]
    found = levers.search(words, shelf().questions[0].scenario)
    try:
        query = frame.asked(request).query()
    except NotUnderstood:
        query = ""
    template = kitchen().get_template("found.html")
    return HTMLResponse(template.render(found=found, shown_most=MOST_FOUND, adding=None, query=query))
