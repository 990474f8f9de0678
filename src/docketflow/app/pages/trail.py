"""What a number is: its words, its rule, its range, and what it rests on with sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from docketflow.app.answers import kept
from docketflow.app.answers.told import HIDDEN
from docketflow.app.pages import frame, say
from docketflow.app.pages.first import record
from docketflow.app.pages.kitchen import render
from docketflow.app.pages.routes import plain, question_of
from docketflow.app.words import _, root
from docketflow.conductor.grounds import grounds
from docketflow.core.errors import UsageError, unknown
from docketflow.core.labels import label
from docketflow.core.outcomes import outcome
from docketflow.evidence import Room, load
from docketflow.evidence.explanation import brief
from docketflow.report.view import words
from docketflow.results import Result

router = APIRouter(include_in_schema=False)
MOST = 12
TERMS = ("Removal", "ICE removal")
PICTURES = ("limits", "months")


@router.get("/explain")
async def explain(request: Request) -> HTMLResponse:
    """What stands behind a number or a picture."""
    question = frame.asked(request)
    path = request.query_params.get("path", "")[:200]
    result, _ = await plain(frame.live(request), question)
    told = about(path, result, question.count)
    if request.query_params.get("part"):
        return HTMLResponse(render("trail_part.html", told=told))
    return HTMLResponse(frame.page("trail.html", request, here="", question=question, told=told))


def about(path: str, result: Result, count: str = "") -> dict[str, Any]:
    """Return what is known of a number: ``outcome:NAME``, ``lever:PATH`` or ``picture:NAME``."""
    kind, _, rest = path.partition(":")
    name = rest.partition("/")[0]
    if kind == "picture" and name in PICTURES:
        return _picture(name, count, _first(result))
    if kind == "outcome" and name in result and HIDDEN not in name:
        return _outcome(name, result)
    names = [f"outcome:{one}" for one in result.names if HIDDEN not in one]
    raise UsageError(unknown("path", path, names))


def _outcome(name: str, result: Result) -> dict[str, Any]:
    said, known, room = say.said(result, name), outcome(name), load()
    parameters = []
    behind = grounds(_first(result))
    found = behind.number(f"outcome:{name}")
    direct: list[str] = []
    if found is not None:
        steps = behind.steps(found)
        direct = list(dict.fromkeys(p for step in steps if step.away == 1 for p in step.parameters))
        parameters = [_parameter(one, room) for one in direct[:MOST]]
    return {
        "title": _(label(name)),
        "path": f"outcome:{name}/median",
        "value": said.value if said else "–",
        "range": said.range if said else "–",
        "unit": known.unit,
        "means": known.definition,
        "of": f"{result.start} to {result.end}, {result.members} runs",
        "events": known.kind == "flow" and known.unit == "persons",
        "parameters": parameters,
        "record": [],
        "more": max(0, len(direct) - MOST),
        "notes": [],
        "link": f"{root()}/data?find={name}",
    }


def _first(result: Result) -> dt.date:
    return dt.date.fromisoformat(str(result.manifest["first"]))


def _parameter(path: str, room: Room) -> dict[str, Any]:
    parameter = room.parameter(path)
    return {
        "path": path,
        "value": brief(parameter.value),
        "unit": parameter.unit,
        "how": parameter.how,
        "sources": _sources(parameter.evidence[:2], room),
    }


def _sources(figures: Iterable[str], room: Room) -> list[dict[str, Any]]:
    found = ((room.every[id], room.source(room.every[id].source)) for id in figures)
    return [
        {
            "title": source.title,
            "url": source.url,
            "published": source.published,
            "grade": figure.confidence,
            "locator": figure.locator,
        }
        for figure, source in found
    ]


def _record(count: str, start: dt.date) -> list[dict[str, Any]]:
    """Return the highest published year, told as what a number rests on is told."""
    found = record(count, start)
    if found is None:
        return []
    return [
        {
            "year": f"FY{found.count.end.year}",
            "value": f"{found.count.value:,.0f}",
            "what": found.count.label,
            "of": f"FY{found.since}–FY{found.until}",
            "sources": _sources(found.count.figures[:2], load()),
        }
    ]


def _picture(name: str, count: str, start: dt.date) -> dict[str, Any]:
    from docketflow.answers.limits import shelf

    limits = shelf()
    if name == "limits":
        notes = [
            "Both runs of a pair have the same simulated people and the same luck; a change is taken run by "
            "run, so it is not the difference of two middle runs.",
            *(
                f"{limits.limits[one].title}: lifted to "
                + ", ".join(
                    f"{pull.lifted:,.0f} ({path})" for path, pull in limits.limits[one].levers.items()
                )
                for one in limits.standard
            ),
            "A test of what binds, not a proposal. Limits lifted together stand in the order that adds most "
            "each time.",
        ]
    else:
        notes = [
            "A month is drawn at its middle as a rate a day: the first and last month are parts of months.",
            "The pace needed is the number aimed at, divided by the days of the period.",
            "The record is the highest published fiscal year before the first day, counted by the same rule.",
        ]
    return {
        "title": {"limits": _("What stops it"), "months": _("By month")}[name],
        "path": f"picture:{name}",
        "value": "",
        "range": "",
        "unit": "",
        "means": outcome(count).definition if count else "",
        "of": "",
        "events": True,
        "parameters": [],
        "record": _record(count, start) if name == "months" else [],
        "more": 0,
        "notes": notes + [line["text"] for line in words()["words"] if line["word"] in TERMS],
        "link": f"{root()}/method",
    }


@router.get("/rules")
async def rules(request: Request) -> HTMLResponse:
    """The same answer under every counting rule."""
    from docketflow.core.outcomes import counting_rules

    live, question = frame.live(request), frame.asked(request)
    plan, _current = await plain(live, question)
    none, _current = await plain(live, question.unmoved(question_of(question.scenario).without))
    stairs = kept.stairs(question.scenario)
    rows = [
        {
            "name": name,
            "title": _(label(name)),
            "means": outcome(name).definition,
            "plan": say.said(plan, name),
            "none": say.said(none, name),
            "apart": say.apart(plan, none, name),
            "reached": int((plan[name].values >= plan.target[0]).sum()) if plan.target else None,
            "all": stairs.get(name, {}).get("together", [{}])[-1],
            "link": f"{root()}/{frame.suffix(question.counted_in(name))}",
        }
        for name in counting_rules()
        if name in plan
    ]
    return HTMLResponse(
        frame.page("rules.html", request, here="", question=question, rows=rows, runs=plan.members, plan=plan)
    )
