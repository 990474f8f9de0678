"""Calls for what takes minutes: put in line, look, cancel, fetch. Two who ask the same share one job."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from docketflow.app.answers import reasons, takes
from docketflow.app.answers.question import MOST_SETS, Question, read_sets, shipped
from docketflow.app.api.routes import PROBLEMS, question_of, tagged
from docketflow.app.api.shapes import NAME, Anything, Ask, JobRow, Lever, Strict
from docketflow.app.jobs.keeper import Keeper
from docketflow.app.jobs.ledger import DONE, Job
from docketflow.core.errors import unknown
from docketflow.core.outcomes import counting_rules

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
MOST_MEMBERS, MOST_SCENARIOS, MOST_RUNS = 1000, 6, 50
Name = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$", description="Name of a job, as it was given")]
COUNT = Field(default="removals.ice", max_length=100, description="Counting rule")


class AskStudy(Strict):
    """Scenarios on the same members."""

    scenarios: list[Annotated[str, NAME]] = Field(min_length=1, max_length=MOST_SCENARIOS)
    sets: list[Lever] = Field(default=[], max_length=MOST_SETS)
    members: int = Field(default=200, ge=1, le=MOST_MEMBERS)
    scale: Literal["1/100", "1/500", "1/1000"] = Field(default="1/100", description="Records a person")


class AskBinding(Ask):
    """What stops a scenario with levers moved."""

    count: str = COUNT
    members: int = Field(default=16, ge=2, le=MOST_RUNS)


class AskFeasible(Strict):
    """What it would take to reach a number."""

    scenario: str = NAME
    count: str = COUNT
    goal: float = Field(ge=1, le=1e9)
    by: dt.date | None = None
    ordered: dt.date | None = None
    lag: dict[str, Annotated[int, Field(ge=0, le=2000)]] = Field(default={}, max_length=20)
    members: int = Field(default=takes.MEMBERS, ge=2, le=MOST_RUNS)


class AskWhy(Strict):
    """Why two scenarios differ: the difference is a less b."""

    a: Ask
    b: Ask
    by: Literal["group", "lever"] = Field(default="group", description="How settings are taken together")
    members: int = Field(default=reasons.MEMBERS, ge=2, le=MOST_RUNS)


class AskSensitivity(Ask):
    """What an answer depends on."""

    count: str = COUNT


def keeper(request: Request) -> Keeper:
    """Return who keeps the jobs of this server."""
    found: Keeper = request.app.state.keeper
    return found


def row(job: Job) -> dict[str, Any]:
    """Return a job as data."""
    told = {
        name: getattr(job, name)
        for name in ("name", "kind", "state", "done", "whole", "before", "words", "so_far")
    }
    place = f"/api/v1/jobs/{job.name}"
    return {**told, "link": place, "answer": f"{place}/answer" if job.state == DONE else ""}


def _taken(job: Job) -> Response:
    status = 200 if job.state == DONE else 202
    return JSONResponse(row(job), status_code=status, headers={"location": f"/api/v1/jobs/{job.name}"})


TAKEN: dict[int | str, dict[str, Any]] = {202: {"model": JobRow, "description": "In line, or at work"}}


@router.post("/studies", response_model=JobRow, responses=TAKEN)
async def studies(asked: AskStudy, request: Request) -> Response:
    """A study: scenarios on the same members, 200 of each if not said otherwise."""
    for name in asked.scenarios:
        question_of(Ask(scenario=name, sets=asked.sets))
    scenarios = list(dict.fromkeys(asked.scenarios))
    said = {**asked.model_dump(), "scenarios": scenarios, "sets": sorted(set(asked.sets))}
    return _taken(await keeper(request).put("studies", said))


@router.post("/binding", response_model=JobRow, responses=TAKEN)
async def binding(asked: AskBinding, request: Request) -> Response:
    """What stops a scenario with levers moved: each limit lifted alone, then together."""
    question = _counted(asked.scenario, asked.sets, asked.count)
    said = {"scenario": question.scenario, "sets": sorted(question.sets), "count": question.count}
    return _taken(await keeper(request).put("binding", {**said, "members": asked.members}))


@router.post("/feasible", response_model=JobRow, responses=TAKEN)
async def feasible(asked: AskFeasible, request: Request) -> Response:
    """What it would take to reach a number, of which levers, ordered when."""
    _counted(asked.scenario, [], asked.count)
    said = taking(
        asked.scenario,
        asked.count,
        goal=asked.goal,
        by=asked.by,
        ordered=asked.ordered,
        lag=asked.lag,
        members=asked.members,
    )
    return _taken(await keeper(request).put("feasible", said))


@router.post("/why", response_model=JobRow, responses=TAKEN)
async def why(asked: AskWhy, request: Request) -> Response:
    """Why two scenarios differ: what each group of settings changes, or each lever, of every count."""
    one, other = (reasons.Side(side.scenario, question_of(side).sets) for side in (asked.a, asked.b))
    reasons.runs(one, other, asked.by)
    said = {"a": one.to_json(), "b": other.to_json(), "by": asked.by, "members": asked.members}
    return _taken(await keeper(request).put("why", {**said, "counts": list(reasons.counts())}))


@router.post("/sensitivity", response_model=JobRow, responses=TAKEN)
async def sensitivity(asked: AskSensitivity, request: Request) -> Response:
    """What an answer depends on, and on whose word: an hour of runs."""
    question = _counted(asked.scenario, asked.sets, asked.count)
    said = {"scenario": question.scenario, "sets": sorted(question.sets), "count": question.count}
    return _taken(await keeper(request).put("sensitivity", said))


@router.get("/jobs/{name}", response_model=JobRow)
async def job(name: Name, request: Request) -> Response:
    """How a job stands: its place in line, how many runs are done, how it ended."""
    return JSONResponse(row(await _found(name, request)), headers={"cache-control": "no-store"})


@router.get("/jobs/{name}/answer", response_model=Anything)
async def answer(name: Name, request: Request) -> Response:
    """The answer of a job that is done."""
    found = await _found(name, request)
    said = await keeper(request).answer(found)
    if said is None:
        state = "to be made anew, as its answer is gone or damaged" if found.state == DONE else found.state
        raise HTTPException(404, f"{name}: is {state}; there is no answer yet")
    return tagged(said, request)


@router.delete("/jobs/{name}", response_model=JobRow)
async def cancel(name: Name, request: Request) -> Response:
    """Take a job out of line; asked again, it goes on with what is done of it."""
    await _found(name, request)
    await keeper(request).cancel(name)
    return JSONResponse(row(await _found(name, request)))


async def _found(name: str, request: Request) -> Job:
    found = await keeper(request).get(name)
    if found is None:
        raise HTTPException(404, f"{name}: there is no such job")
    return found


def _counted(scenario: str, sets: list[str], count: str) -> Question:
    from docketflow.app.answers.question import NotUnderstood

    if count not in counting_rules():
        raise NotUnderstood(unknown("counting rule", count, counting_rules()), "count")
    return read_sets(scenario, count, sets)


def taking(
    scenario: str,
    count: str,
    *,
    goal: float,
    by: dt.date | None = None,
    ordered: dt.date | None = None,
    lag: dict[str, int] | None = None,
    members: int = takes.MEMBERS,
) -> dict[str, Any]:
    """Return the question of what it would take, checked, with what is not said filled in."""
    from docketflow.app.answers.question import NotUnderstood

    span = shipped(scenario)
    for field, day in (("by", by), ("ordered", ordered)):
        if day is not None and not span.start <= day <= span.end:
            raise NotUnderstood(f"{field}: a day from {span.start} to {span.end}", field)
    for word in lag or {}:
        if word not in takes.lags():
            raise NotUnderstood(unknown("lever", word, takes.lags()), "lag")
    return {
        "scenario": scenario,
        "count": count,
        "goal": float(goal),
        "by": str(by or span.end),
        "ordered": str(ordered or span.start),
        "lag": {**takes.lags(), **(lag or {})},
        "members": members,
    }
