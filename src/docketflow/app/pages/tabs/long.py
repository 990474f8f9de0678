"""A long question on a page: its answer if it lies there, put in line if it does not, taken out again.

A page shows the answer under an address of its own; until it is there, how far it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from docketflow.app.jobs.keeper import Keeper
from docketflow.app.jobs.ledger import Job, name_of
from docketflow.app.pages import say
from docketflow.app.pages.kitchen import render
from docketflow.app.words import _, many, root

WHOLE, LOOK = "long", "look"
"""The part of a page that an answer replaces, and the field of those who look how far it is."""


def keeper(request: Request) -> Keeper:
    """Return who keeps the jobs of this server."""
    found: Keeper = request.app.state.keeper
    return found


async def ready(request: Request, kind: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the answer to a question that was asked before, if it is there."""
    job = await keeper(request).get(await asyncio.to_thread(name_of, kind, asked))
    return None if job is None else await keeper(request).answer(job)


async def put(
    request: Request, kind: str, asked: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, Job | None]:
    """Return the answer, or the job that waits for it: put in line, but not again by who only looks."""
    job = None
    if request.query_params.get(LOOK):
        job = await keeper(request).get(await asyncio.to_thread(name_of, kind, asked))
    job = job or await keeper(request).put(kind, asked)
    found = await keeper(request).answer(job)
    return found, None if found is not None else await keeper(request).get(job.name)


async def cancel(request: Request, name: str, back: str) -> RedirectResponse:
    """Take a question out of line, and go back to its page."""
    await keeper(request).cancel(name)
    return RedirectResponse(f"{root()}{back}", status_code=303)


def part(request: Request, template: str, job: Job | None, **known: Any) -> HTMLResponse:
    """Return the part of a page that changes: how far it is, or all of the answer."""
    if job is not None and job.open and request.query_params.get(LOOK):
        return HTMLResponse(render("far.html", job=job, told=told(job), **known))
    found = HTMLResponse(render(template if job is None else "waits.html", job=job, told=told(job), **known))
    found.headers.update({"hx-retarget": f"#{WHOLE}", "hx-reswap": "innerHTML"})
    return found


def told(job: Job | None) -> dict[str, str]:
    """Return in words how far a job is and what it found so far."""
    if job is None or not job.open:
        return {"far": "", "found": ""}
    if job.whole:
        far = _("%(n)s of %(of)s runs done.", n=f"{job.done:,}", of=f"{job.whole:,}")
    else:
        far = many("%(n)s run done.", "%(n)s runs done.", job.done) if job.done else ""
    best, found = job.so_far, ""
    if best:
        found = _(
            "Best so far: %(value)s; %(k)s of %(n)s runs reach it.",
            value=say.amount(best["value"]),
            k=best["held"],
            n=best["of"],
        )
    return {"far": far, "found": found}
