"""What every page has around it: tabs, the question in each link, version and citation."""

from __future__ import annotations

import datetime as dt
import functools
from importlib.metadata import version
from typing import Any

from fastapi import Request

from docketflow.app.answers.live import Live
from docketflow.app.answers.question import READABLE, Question, read
from docketflow.app.pages.kitchen import render
from docketflow.app.words import LANGUAGES, _, language, root
from docketflow.conductor.provenance import made_by
from docketflow.evidence.otherwise.overlay import laid
from docketflow.results.result import HASH

TABS = (
    ("/", "Can it be done?"),
    ("/claims", "Claim check"),
    ("/take", "What would it take?"),
    ("/courts", "Courts and people"),
    ("/costs", "Costs"),
    ("/compare", "Compare"),
    ("/why", "Why they differ"),
    ("/data", "Data"),
    ("/method", "Method"),
    ("/record", "Record"),
)


def live(request: Request) -> Live:
    """Return the answers of this server."""
    found: Live = request.app.state.live
    return found


def asked(request: Request) -> Question:
    """Return the question of a request's address."""
    return read(request.query_params.multi_items())


def suffix(question: Question | None) -> str:
    """Return what a link carries of the question."""
    query = question.query() if question is not None else ""
    return f"?{query}" if query else ""


def full(request: Request, question: Question, path: str = "") -> str:
    """Return the whole address at which a question is asked again, on this page if no other is named."""
    base = str(request.base_url).rstrip("/")
    return base + question.address(root() + (path or str(request.scope["path"])))


def page(
    template: str, request: Request, *, here: str, question: Question | None = None, **known: Any
) -> str:
    """Return a page with its frame."""
    tail = suffix(question)
    tabs = [{"href": root() + href + tail, "words": _(words), "here": href == here} for href, words in TABS]
    return render(
        template,
        tabs=tabs,
        suffix=tail,
        private=laid(),
        passed_on=_passed_on(question, request),
        language=language(),
        others=_others(request),
        version=_stamp(),
        release=version("docketflow"),
        question=question,
        **known,
    )


def _passed_on(question: Question | None, request: Request) -> str:
    """Return what stands in the address bar instead of more levers than can be read; nothing for fewer."""
    if question is None or len(question.sets) <= READABLE:
        return ""
    return question.address(root() + str(request.scope["path"]))


def _others(request: Request) -> list[dict[str, str]]:
    """Return this page in every other language."""
    query = f"?{request.url.query}" if request.url.query else ""
    path = request.scope.get("linked", request.scope).get("of", request.scope["path"])
    return [
        {"code": code, "name": name, "href": f"/{code}{path}{query}"}
        for code, name in LANGUAGES.items()
        if code != language()
    ]


@functools.cache
def _stamp() -> str:
    return made_by()["code"][:HASH]


def citation(question: Question, made: dict[str, Any], address: str) -> str:
    """Return how an answer is cited: version, scenario, settings, seed, day, address."""
    moved = f", with {', '.join(question.sets)}" if question.moved else ""
    moved += f", resting on {made['private']}" if "private" in made else ""
    today = dt.date.today()
    return (
        f"(Simulated, not observed. docketflow {made.get('version', version('docketflow'))}, scenario "
        f"{question.scenario}{moved}; settings {made.get('settings', '')}, {made.get('members', '')} runs at "
        f"{made.get('scale', '')}, seed {made.get('seed', '')}; {today.day} {today:%B %Y}) {address}"
    )
