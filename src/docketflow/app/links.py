"""Short addresses: `/?levers=HASH#...`, whose levers stand after the #, where no server ever sees them.

Whoever opens one gets a page that posts what stands there to the same address (`linked.html`); posted, it is
asked as any address is. Nothing is kept of it: the hash holds what is sent against what was linked to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from docketflow.app.answers.question import SHORT, read
from docketflow.app.pages import frame
from docketflow.app.words import root
from docketflow.core.errors import DocketflowError

Scope = MutableMapping[str, Any]
Call = Callable[..., Awaitable[Any]]
PAGE = "/linked"
LINK = "link"  # the field of the page's form
router = APIRouter(include_in_schema=False)


class Linked:
    """Wraps an app: a short address is answered by the page that posts, what is posted by the page asked."""

    def __init__(self, app: Call) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Call, send: Call) -> None:
        """Serve one request."""
        asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        if scope["type"] != "http" or SHORT not in asked or scope["path"].startswith(("/api/", "/static/")):
            await self.app(scope, receive, send)
            return
        wrong = ""
        if scope["method"] == "POST":
            query = await _posted(receive)
            try:
                question = read(parse_qsl(query))
                if question.mark == asked[SHORT]:
                    said = question.query().encode()
                    await self.app({**scope, "method": "GET", "query_string": said}, receive, send)
                    return
                wrong = "damaged"
            except DocketflowError as error:
                wrong = str(error)
        told = {"of": scope["path"], "mark": asked[SHORT], "wrong": wrong}
        page = {**scope, "method": "GET", "path": PAGE, "raw_path": PAGE.encode(), "linked": told}
        await self.app(page, receive, send)


async def _posted(receive: Call) -> str:
    """Return the levers of a form that was posted: all that stood after the #."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    fields = dict(parse_qsl(body.decode("latin-1")))
    return fields.get(LINK, "").strip().rpartition("#")[2]


@router.get(PAGE)
async def linked(request: Request) -> HTMLResponse:
    """The page that posts what its address carries; without a script a reader pastes it."""
    told = request.scope.get("linked") or {"of": "/", "mark": "", "wrong": ""}
    body = frame.page(
        "linked.html",
        request,
        here="",
        action=f"{root()}{told['of']}?{SHORT}={told['mark']}",
        damaged=told["wrong"] == "damaged",
        wrong=told["wrong"],
    )
    return HTMLResponse(
        body, status_code=422 if told["wrong"] else 200, headers={"cache-control": "no-store"}
    )
