"""Why two answers differ, by address: the plan and the scenario without it kept, others as jobs."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from docketflow.app.answers import kept, reasons
from docketflow.app.answers.question import NotUnderstood, Question, read
from docketflow.app.answers.reasons import GROUP, LEVER, Side
from docketflow.app.jobs.ledger import Job
from docketflow.app.pages import frame
from docketflow.app.pages.levers import sentence
from docketflow.app.pages.routes import question_of
from docketflow.app.pages.tabs import long
from docketflow.app.pages.tabs.why import Named
from docketflow.app.pages.tabs.why import read as read_why
from docketflow.app.words import _
from docketflow.core.errors import unknown
from docketflow.core.labels import label
from docketflow.core.outcomes import counting_rules

router = APIRouter(include_in_schema=False)
MINE, KIND = "mine", "why"
LONGEST = 40  # characters of a scenario's title that serve as its name


class Asked:
    """What the page is asked: two sides, what is counted, how settings are taken together."""

    def __init__(self, question: Question, fields: Mapping[str, str]) -> None:
        count = fields.get("count") or question.count
        self.question = question.counted_in(count) if count in counting_rules() else question
        self.names = _names(question)
        without = question_of(question.scenario).without
        usual = (MINE, question.scenario) if question.moved else (question.scenario, without)
        self.words = {side: fields.get(side) or one for side, one in zip("ab", usual, strict=True)}
        for side, word in self.words.items():
            if word not in self.names:
                raise NotUnderstood(unknown("scenario", word, self.names), side)
        self.count = count
        if self.count not in reasons.counts():
            raise NotUnderstood(unknown("outcome", self.count, reasons.counts()), "count")
        self.by = fields.get("by") or reasons.usual(*self.sides)
        if self.by not in reasons.WAYS:
            raise NotUnderstood(unknown("way to group settings", self.by, reasons.WAYS), "by")

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides; the difference is the first less the second."""
        one, other = (self._side(self.words[side]) for side in "ab")
        return one, other

    def _side(self, word: str) -> Side:
        mine = word == MINE
        return Side(self.question.scenario if mine else word, self.question.sets if mine else ())

    @property
    def named(self) -> dict[str, Named]:
        """What the sides are called."""
        return {side: self.names[word] for side, word in self.words.items()}

    def to_json(self) -> dict[str, Any]:
        """Return what is put in line: it answers under every count."""
        one, other = (side.to_json() for side in self.sides)
        counts = list(reasons.counts())
        return {"a": one, "b": other, "by": self.by, "counts": counts, "members": reasons.MEMBERS}

    def kept(self) -> dict[str, Any] | None:
        """Return the kept answer, if it is the one to this very question."""
        scenario, none = self.question.scenario, question_of(self.question.scenario).without
        usual = (Side(scenario), Side(none)) == self.sides and self.by == GROUP
        found = kept.why(scenario) if usual else {}
        return found if self.count in found.get("outcomes", ()) else None

    def command(self, members: int) -> str:
        """Return the same question to the command line, where it can be asked there."""
        one, other = self.sides
        if other.sets:
            return ""
        sets = "".join(f' --set "{text}"' for text in one.sets)
        by = "" if self.by == GROUP else f" --by {self.by}"
        return (
            f"docketflow why {one.scenario} {other.scenario}{sets} --outcome {self.count}{by} "
            f"--members {members}"
        )


def _names(question: Question) -> dict[str, Named]:
    """Return what may be asked about: mine, the plan and the scenario without it, others of the same days."""
    asked = question_of(question.scenario)
    told = {
        asked.scenario: Named(_("The plan"), _("As announced by April 2025.")),
        asked.without: Named(_("No plan"), _("Rules and resources of January 2025 go on.")),
    }
    found = {}
    if question.moved:
        words = " ".join(sentence(one, question.scenario) for one in question.sets)
        found[MINE] = Named(_("Mine"), words, mine=True)
    others = {one.name: one for one in reasons.beside(question.scenario)}
    found |= {name: told[name] for name in told if name in others}
    for name, one in others.items():
        short = textwrap.shorten(one.title, LONGEST, placeholder=" …")
        found.setdefault(name, Named(short, "" if short == one.title else one.title, english=True))
    return found


@router.get("/why")
async def why(request: Request) -> HTMLResponse:
    """Why two answers differ."""
    question = _question(request)
    fields = dict(request.query_params)
    try:
        asked = Asked(question, fields)
    except NotUnderstood as wrong:
        body = _page(request, Asked(question, {}), error=(wrong.field, str(wrong)))
        return HTMLResponse(body, status_code=422)
    try:
        runs = reasons.runs(*asked.sides, asked.by)
    except NotUnderstood as wrong:
        return HTMLResponse(_page(request, asked, error=(wrong.field, str(wrong))), status_code=422)
    found, stale = asked.kept(), not kept.is_current(question.scenario)
    if found is None:
        found, stale = await long.ready(request, KIND, asked.to_json()), False
    waiting = _again(asked) if found is None and "a" in fields else ""
    return HTMLResponse(_page(request, asked, found, stale=stale, waiting=waiting, runs=runs))


@router.get("/why/answer")
async def answer(request: Request) -> HTMLResponse:
    """The answer itself when it is there, until then how far it is."""
    asked = Asked(_question(request), dict(request.query_params))
    reasons.runs(*asked.sides, asked.by)
    found, job = asked.kept(), None
    if found is None:
        found, job = await long.put(request, KIND, asked.to_json())
    if request.headers.get("hx-request"):
        known = _known(asked, found) | {"waiting": _again(asked) if job else ""}
        return long.part(request, "why_found.html", job, **known)
    return HTMLResponse(_page(request, asked, found, job, waiting=_again(asked) if job else ""))


@router.post("/why/cancel/{name}")
async def cancel(name: str, request: Request) -> RedirectResponse:
    """Take a question out of line."""
    return await long.cancel(request, name, "/why")


def _question(request: Request) -> Question:
    """Return the question of an address; what is counted here may be more than a counting rule."""
    return read((name, value) for name, value in request.query_params.multi_items() if name != "count")


def _again(asked: Asked) -> str:
    """Return the fields of a question as the end of an address."""
    pairs = [*asked.words.items(), ("by", asked.by), ("count", asked.count)]
    pairs += [("scenario", asked.question.scenario), *(("set", one) for one in asked.question.sets)]
    return urlencode(pairs)


def _known(asked: Asked, found: dict[str, Any] | None, *, stale: bool = False) -> dict[str, Any]:
    """Return what both the page and its part show."""
    return {
        "why": None if found is None else read_why(found, asked.count, asked.named),
        "stale": found is not None and stale,
        "command": asked.command(found["members"] if found else reasons.MEMBERS),
        "looking": {
            "title": _("Sharing the difference out"),
            "words": _("Each group is turned on and off by the real model, a minute or so."),
            "look": "/why/answer",
            "cancel": "/why/cancel",
        },
    }


def _page(
    request: Request,
    asked: Asked,
    found: dict[str, Any] | None = None,
    job: Job | None = None,
    *,
    stale: bool = False,
    waiting: str = "",
    runs: int = 0,
    error: tuple[str, str] = ("", ""),
) -> str:
    return frame.page(
        "why.html",
        request,
        here="/why",
        question=asked.question,
        asked=asked,
        sides=asked.names,
        counts=[(name, _(label(name))) for name in reasons.counts()],
        ways=[(GROUP, _("group of settings")), (LEVER, _("single setting"))],
        job=job,
        told=long.told(job),
        waiting=waiting,
        runs=runs,
        error=error,
        **_known(asked, found, stale=stale),
    )
