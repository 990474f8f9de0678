"""The pages beside the first screen, by address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from docketflow.app.answers import claims as claiming
from docketflow.app.answers import kept
from docketflow.app.answers.crew import SOON
from docketflow.app.answers.live import FEW
from docketflow.app.answers.question import Question, read_sets
from docketflow.app.answers.shelf import shelf
from docketflow.app.pages import frame
from docketflow.app.pages.gloss import terms
from docketflow.app.pages.kitchen import render
from docketflow.app.pages.levers import sentence
from docketflow.app.pages.routes import plain, question_of
from docketflow.app.pages.tabs import browse, courts, sides
from docketflow.app.pages.tabs import record as recorded
from docketflow.app.pages.tabs.sides import Side
from docketflow.app.words import _, language, root
from docketflow.conductor.simulator import MEMBERS
from docketflow.core.errors import DocketflowError, UsageError, unknown
from docketflow.report.claim_cards import cards
from docketflow.report.view import words
from docketflow.results.result import about

router = APIRouter(include_in_schema=False)
VERDICTS = ("supported", "depends on the counting rule", "contradicted", "cannot be said")
A_PAGE = 40


async def compared(request: Request, question: Question) -> list[Side]:
    """Return no plan, the plan, mine and one more, as far as they are asked for."""
    live = frame.live(request)
    asked = question_of(question.scenario)
    none, _current = await plain(live, question.unmoved(asked.without))
    plan, _current = await plain(live, question)
    found = [
        Side(
            "none",
            _("No plan"),
            _("Rules and resources of January 2025 go on."),
            none,
            f"{root()}/?scenario={asked.without}",
        ),
        Side("plan", _("The plan"), _("As announced by April 2025."), plan, f"{root()}/"),
    ]
    if question.moved:
        stage = await live.answer(question, MEMBERS)
        told = " ".join(sentence(one, question.scenario) for one in question.sets)
        found.append(Side("mine", _("Mine"), told, stage.result, f"{root()}/{frame.suffix(question)}"))
    more = request.query_params.get("also", "").strip()
    if more and len(found) < len(sides.KINDS):
        base = asked.without if request.query_params.get("on") == "none" else question.scenario
        other = read_sets(base, question.count, [one.strip() for one in more.split(";") if one.strip()])
        stage = await live.answer(other, MEMBERS)
        told = " ".join(sentence(one, base) for one in other.sets)
        title = _("No plan, changed") if base == asked.without else _("Another change")
        found.append(Side("four", title, told, stage.result))
    return found


@router.get("/compare")
async def compare(request: Request) -> HTMLResponse:
    """Up to four answers side by side."""
    question = frame.asked(request)
    found = await compared(request, question)
    groups = {
        name: [one for outcome in listed if (one := sides.row(found, outcome)) is not None]
        for name, listed in sides.lists()["compare"].items()
    }
    return HTMLResponse(
        frame.page(
            "compare.html",
            request,
            here="/compare",
            question=question,
            sides=found,
            letters=sides.LETTERS,
            groups=groups,
            runs=found[0].result.members,
            changes=request.query_params.get("show") == "changes",
            also=request.query_params.get("also", ""),
            on=request.query_params.get("on", ""),
            period=(found[0].result.start, found[0].result.end),
        )
    )


@router.get("/courts")
async def court(request: Request) -> HTMLResponse:
    """Courts and people."""
    question = frame.asked(request)
    found = await compared(request, question)
    rows = [
        one
        for row in sides.lists()["people"]
        if (
            one := sides.row(
                found, row["outcome"], of=row.get("of", ""), title=row["title"], note=row["note"]
            )
        )
    ]
    told = courts.read(found)
    return HTMLResponse(
        frame.page(
            "courts.html", request, here="/courts", question=question, sides=found, rows=rows, told=told
        )
    )


@router.get("/costs")
async def costs(request: Request) -> HTMLResponse:
    """Costs by account."""
    question = frame.asked(request)
    found = await compared(request, question)
    return HTMLResponse(
        frame.page(
            "costs.html",
            request,
            here="/costs",
            question=question,
            sides=found,
            accounts=courts.accounts(found),
            whole=[
                one for name in ("cost.total", "cost.per_removal.average") if (one := sides.row(found, name))
            ],
        )
    )


@router.get("/claims")
async def claims(request: Request) -> HTMLResponse:
    """Claims held against published counts."""
    show, error = request.query_params.get("show", ""), ""
    try:
        own, listed = await judged(request)
    except DocketflowError as wrong:
        own, listed, error = [], _shown(show), str(wrong)
    fields = {"claim": _pasted(request), "show": show}
    asked = urlencode({name: words for name, words in fields.items() if words})
    known = {"cards": cards(own), "listed": cards(listed), "error": error, "asked": asked, **fields}
    return HTMLResponse(
        frame.page(
            "claims.html",
            request,
            here="/claims",
            question=_quiet(request),
            verdicts=VERDICTS,
            many=len(claiming.shipped()),
            stale=not all(kept.is_current(one.scenario) for one in shelf().questions),
            **known,
        ),
        status_code=422 if error else 200,
    )


async def judged(request: Request) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the verdict on a pasted sentence, if there is one, and the shipped claims that are shown.

    Raises
    ------
    DocketflowError
        One line: what of the sentence is not understood.
    """
    listed, pasted = _shown(request.query_params.get("show", "")), _pasted(request)
    own = [await frame.live(request).crew.ask(0, SOON, claiming.checked, pasted)] if pasted else []
    return own, listed


def _pasted(request: Request) -> str:
    return request.query_params.get("claim", "").strip()[: claiming.MOST_WORDS]


def _shown(show: str) -> list[dict[str, Any]]:
    return [one for one in claiming.shipped() if not show or one["verdict"] == show]


@router.get("/data")
async def data(request: Request) -> HTMLResponse:
    """Published figures, parameters, levers and sources, by plain words."""
    find = request.query_params.get("find", "")[:100]
    start = request.query_params.get("offset", "0")
    offset = int(start) if start.isdecimal() and len(start) < len("1000000") else 0
    found = browse.find(find, offset=offset, limit=A_PAGE)
    if request.headers.get("hx-request"):
        return HTMLResponse(
            render("data_found.html", language=language(), found=found, find=find, offset=offset, page=A_PAGE)
        )
    return HTMLResponse(
        frame.page(
            "data.html",
            request,
            here="/data",
            question=_quiet(request),
            found=found,
            find=find,
            offset=offset,
            page=A_PAGE,
        )
    )


@router.get("/method")
async def method(request: Request) -> HTMLResponse:
    """How it is made, how sure it is, what is left out."""
    question = _quiet(request)
    plan, current = await plain(frame.live(request), question)
    return HTMLResponse(
        frame.page(
            "method.html",
            request,
            here="/method",
            question=question,
            plan=plan,
            about=about(plan),
            current=current,
            told=words(),
            few=FEW,
            all=MEMBERS,
            model=kept.model(),
        )
    )


@router.get("/words")
async def glossary(request: Request) -> HTMLResponse:
    """What words mean: all, or one."""
    term = request.query_params.get("term", "")
    found = [one for one in terms() if term in ("", one["name"])]
    if not found:
        raise UsageError(unknown("term", term, [one["name"] for one in terms()]))
    if request.query_params.get("part"):
        return HTMLResponse(render("words_part.html", terms=found, only=bool(term)))
    known = {"terms": found, "only": bool(term)}
    return HTMLResponse(frame.page("words.html", request, here="", question=_quiet(request), **known))


@router.get("/record")
async def record(request: Request) -> HTMLResponse:
    """How answers held against what was published."""
    question = _quiet(request)
    result = kept.earlier(question_of(question.scenario).checked)
    rows = recorded.against(result)
    known = {"rows": recorded.shown(rows), "held": recorded.held(rows), "boards": recorded.boards()}
    page = frame.page("record.html", request, here="/record", question=question, result=result, **known)
    return HTMLResponse(page)


def _quiet(request: Request) -> Question:
    """Return the question of an address, or the first of all where it holds something else."""
    try:
        return frame.asked(request)
    except DocketflowError:
        from docketflow.app.answers.question import read

        return read([])
