"""The calls of `/api/v1`: lists, runs, comparisons, limits, claims. What they answer pages show too."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from docketflow.app.answers import kept
from docketflow.app.answers.live import Busy, Live, Stage
from docketflow.app.answers.question import NotUnderstood, Question, read_sets
from docketflow.app.answers.shelf import scenarios as shipped
from docketflow.app.answers.told import HIDDEN, told
from docketflow.app.api import problems
from docketflow.app.api.shapes import (
    Answer,
    Anything,
    Ask,
    AskClaim,
    AskPair,
    AskRun,
    EvidenceRow,
    Later,
    LeverRow,
    OutcomeRow,
    Page,
    Pair,
    Problem,
    ScenarioRow,
)
from docketflow.app.jobs.ledger import Full
from docketflow.app.pages import frame, trail
from docketflow.conductor.simulator import MEMBERS
from docketflow.core.errors import DocketflowError, unknown
from docketflow.core.labels import label
from docketflow.core.outcomes import counting_rules, outcomes
from docketflow.core.plain import tidy
from docketflow.evidence import load
from docketflow.policy.catalogue import find_levers, levers
from docketflow.results import Result
from docketflow.results.compare import differences
from docketflow.results.result import about

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "content": {problems.MEDIA: {}}, "description": words}
    for code, words in {
        400: "Not understood: one line",
        404: "Not there: one line with the nearest name",
        413: "Too large",
        422: "A value that cannot be: where it stands, and what is allowed",
        429: "More is asked than is taken at once: try again",
        503: "Too many ask at once, or it took too long: try again",
    }.items()
}
router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
MOST = 200
LATER: dict[int | str, dict[str, Any]] = {202: {"model": Later, "description": "Not all runs are done yet"}}
ANSWER_IN = 40.0  # seconds
A_DAY = "public, max-age=300"
T = TypeVar("T")
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Words = Annotated[str, Query(max_length=100)]


def tagged(data: Any, request: Request, mark: str = "") -> Response:
    """Return data with an ETag, or nothing if whoever asks has it already."""
    body = json.dumps(tidy(data), separators=(",", ":"), ensure_ascii=False, default=str).encode()
    tag = f'"{mark or hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": A_DAY}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def paged(rows: Sequence[T], offset: int, limit: int, shown: Callable[[T], Any]) -> dict[str, Any]:
    """Return a part of a list."""
    items = [shown(row) for row in rows[offset : offset + limit]]
    return {"items": items, "total": len(rows), "offset": offset, "limit": limit}


async def in_time(live: Live, questions: Sequence[Question], members: int) -> list[Stage] | Response:
    """Return answers, or how far they are when they take long: whoever asks again goes on from there."""
    try:
        async with asyncio.timeout(ANSWER_IN):
            return list(await asyncio.gather(*(live.answer(one, members) for one in questions)))
    except TimeoutError:
        done = sum(live.lived(one, members) for one in set(questions))
        words = "not all runs are done yet; ask again, and it goes on from here"
        told = {"done": done, "of": members * len(set(questions)), "words": words}
        return JSONResponse(told, status_code=202, headers={"retry-after": "5", "cache-control": "no-store"})


# --- lists ----------------------------------------------------------------------------------------------
@router.get("/scenarios", response_model=Page[ScenarioRow])
async def scenarios(request: Request, offset: Offset = 0, limit: Limit = 50) -> Response:
    """The shipped scenarios."""
    return tagged(paged(list(shipped().values()), offset, limit, _scenario), request)


def _scenario(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "summary": one.summary,
        "start": str(one.start),
        "end": str(one.end),
        "settings": len(one.settings),
        "hash": one.hash,
    }


@router.get("/levers", response_model=Page[LeverRow])
async def all_levers(request: Request, find: Words = "", offset: Offset = 0, limit: Limit = 50) -> Response:
    """The levers, or those that ordinary words find."""
    rows = list((find_levers(find) if find.strip() else levers()).values())

    def shown(one: Any) -> dict[str, Any]:
        known = load().parameters.get(one.path)
        shown = one.model_dump(include=set(LeverRow.model_fields))
        return {**shown, "scenario_only": known is None or known.scenario_only}

    return tagged(paged(rows, offset, limit, shown), request)


@router.get("/outcomes", response_model=Page[OutcomeRow])
async def all_outcomes(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
    """The outcomes that an answer may have."""
    rows = [one for one in outcomes().values() if HIDDEN not in f".{one.name}"]

    def shown(one: Any) -> dict[str, Any]:
        names = ("name", "unit", "kind", "definition", "counting_rule")
        return {"label": label(one.name), **{name: getattr(one, name) for name in names}}

    return tagged(paged(rows, offset, limit, shown), request)


@router.get("/evidence", response_model=Page[EvidenceRow])
async def evidence(request: Request, find: Words = "", offset: Offset = 0, limit: Limit = 50) -> Response:
    """Published figures, or those that words find, each with its source."""
    room = load()
    wanted = find.casefold().split()
    rows = [
        row
        for row in room.rows.values()
        if all(word in f"{row.id} {row.metric} {row.definition} {row.source}".casefold() for word in wanted)
    ]
    return tagged(paged(rows, offset, limit, lambda row: figure(row, room)), request)


def figure(row: Any, room: Any) -> dict[str, Any]:
    """Return a published figure with its source."""
    source = room.sources[row.source]
    return {
        "id": row.id,
        "metric": row.metric,
        "value": row.value,
        "unit": row.unit,
        "period_start": str(row.period_start),
        "period_end": str(row.period_end),
        "definition": row.definition or "",
        "confidence": row.confidence,
        "source": source.title,
        "url": source.url or "",
        "locator": row.locator or "",
    }


@router.get("/explain", response_model=Anything, responses=LATER)
async def explain(
    request: Request,
    path: Annotated[str, Query(max_length=200, examples=["outcome:removals.ice/median"])],
    scenario: Annotated[str, Query(max_length=100)] = "one-million-first-year",
) -> Response:
    """What a number is and what it rests on, with sources."""
    question, live = question_of(Ask(scenario=scenario)), frame.live(request)
    result = live.known(question) or kept.earlier(question.scenario)
    if result is None:
        found = await in_time(live, [question], MEMBERS)
        if isinstance(found, Response):
            return found
        result = found[0].result
    return tagged(trail.about(path, result, question.count), request)


# --- answers --------------------------------------------------------------------------------------------
@router.post("/runs", response_model=Answer, responses=LATER)
async def run(asked: AskRun, request: Request) -> Response:
    """An answer: a scenario with levers moved, lived by the real engine."""
    question = question_of(asked)
    live = frame.live(request)
    found = await in_time(live, [question], asked.members)
    if isinstance(found, Response):
        return found
    [stage] = found
    mark = str(stage.result.manifest["hash"])[:32] + ("" if not stage.failures else "-failed")
    return tagged({**answer(stage.result), "failed": stage.failures}, request, mark)


def answer(result: Result) -> dict[str, Any]:
    """Return an answer as data."""
    whole = result.to_json()
    names = set(told(result))
    kept_ = {name: one for name, one in whole["outcomes"].items() if name in names}
    return {"about": about(result), "outcomes": kept_}


@router.post("/compare", response_model=Pair, responses=LATER)
async def compare(asked: AskPair, request: Request) -> Response:
    """Two scenarios on the same members: each outcome of both, and what lies between, run against run."""
    live, a, b = frame.live(request), question_of(asked.a), question_of(asked.b)
    found = await in_time(live, [a, b], asked.members)
    if isinstance(found, Response):
        return found
    one, other = found
    if one.failures or other.failures:
        failed = next(iter((one.failures or other.failures).values()))
        return problems.reply(400, f"some runs failed: {failed}", request)
    names = set(told(one.result))
    rows = [gap.rounded().row() for gap in differences(one.result, other.result) if gap.outcome in names]
    return tagged({"a": about(one.result), "b": about(other.result), "outcomes": rows}, request)


@router.get("/binding", response_model=Anything)
async def binding(
    request: Request,
    scenario: Annotated[str, Query(max_length=100)] = "one-million-first-year",
    count: Annotated[str, Query(max_length=100)] = "removals.ice",
) -> Response:
    """What stops a shipped plan: each limit lifted alone, then together, as it lies ready."""
    question_of(Ask(scenario=scenario))
    if count not in counting_rules():
        return problems.reply(404, unknown("counting rule", count, counting_rules()), request, field="count")
    found = kept.stairs(scenario).get(count)
    if found is None:
        return problems.reply(
            404, f"{scenario}: its limits do not lie ready; docketflow binding {scenario}", request
        )
    return tagged({**found, "current": kept.is_current(scenario)}, request)


@router.post("/check", response_model=Anything)
async def check(asked: AskClaim, request: Request) -> Response:
    """Whether a sentence is so: facts against published figures under every counting rule."""
    from docketflow.app.answers.claims import checked

    return tagged(await asyncio.to_thread(checked, asked.claim), request)


def question_of(asked: Ask) -> Question:
    """Return the question of a call, counted as its scenario's target is."""
    question = read_sets(asked.scenario, "", asked.sets)
    usual = question.asked.target
    return question.counted_in(usual.series if usual else counting_rules()[0])


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """The calls, for people."""
    described = request.app.openapi()
    calls = [
        {"path": path, "verb": verb.upper(), "says": call.get("description", ""), "takes": _takes(call)}
        for path, verbs in described["paths"].items()
        for verb, call in verbs.items()
    ]
    return HTMLResponse(frame.page("calls.html", request, here="", calls=calls))


def _takes(call: dict[str, Any]) -> str:
    named = [one["name"] for one in call.get("parameters", [])]
    return ", ".join(named) or ("JSON" if "requestBody" in call else "")


def refused(request: Request, error: DocketflowError) -> Response:
    """Return the problem that an error is."""
    if isinstance(error, (Busy, Full)):
        return problems.reply(429, str(error), request)
    if isinstance(error, NotUnderstood):
        status = 404 if error.field == "scenario" else 422
        return problems.reply(status, str(error), request, field=error.field, nearest=error.nearest)
    return problems.reply(400, str(error), request)
