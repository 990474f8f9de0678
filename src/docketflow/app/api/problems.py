"""Errors of the calls as problems (RFC 9457): the command line's one clear line, and where it belongs."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from docketflow.core.errors import one_line

MEDIA = "application/problem+json"
TITLES = {
    400: "not understood",
    404: "not there",
    405: "not allowed here",
    413: "too large",
    422: "not understood",
    429: "more than is taken at once",
    503: "busy",
}


class Problem(JSONResponse):
    """A problem as JSON."""

    media_type = MEDIA


def reply(status: int, words: str, request: Request | None = None, **more: str) -> Response:
    """Return a problem: what, where, and what is allowed."""
    about = {
        "type": "about:blank",
        "title": TITLES.get(status, "could not be answered"),
        "status": status,
        "detail": one_line(words),
        **({"instance": request.url.path} if request is not None else {}),
        **more,
    }
    headers = {"retry-after": "5"} if status in (429, 503) else None
    return Problem(about, status_code=status, headers=headers)


def install(app: FastAPI) -> None:
    """Let an app answer what its checks refuse with a problem of one line."""

    async def invalid(request: Request, error: Exception) -> Response:
        first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
        place = ".".join(str(part) for part in first.get("loc", ())[1:])
        return reply(422, f"{place}: {first.get('msg', error)}".lower().lstrip(": "), request, field=place)

    app.add_exception_handler(RequestValidationError, invalid)
