"""What every reply carries and every request must keep to: headers, sizes, times, how many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
MOST_BODY = 64 * 1024
LONGEST_ADDRESS = 16 * 1024
SECONDS = 60.0  # for any reply but a stream to begin
READS = ("GET", "HEAD", "OPTIONS")
AT_ONCE = 200  # streams among them, which cost little


class Safe:
    """Wraps an app; ``too_much`` makes the reply to what is refused."""

    def __init__(self, app: App, *, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        self.app, self.seconds, self.at_once = app, seconds, at_once
        self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                have = {name.lower() for name, _ in message.get("headers", [])}
                more = [
                    (name.encode(), value.encode())
                    for name, value in HEADERS.items()
                    if name.encode() not in have
                ]
                message = {**message, "headers": [*message.get("headers", []), *more]}
            await send(message)

        refused = self._refused(scope)
        if refused:
            await _plain(sent, *refused)
            return
        self._now += 1
        try:
            body = asyncio.ensure_future(self.app(scope, _bounded(receive), sent))
            done, _ = await asyncio.wait({body}, timeout=self.seconds)
            if not done and not begun:
                body.cancel()
                await _plain(sent, 503, "this took too long; try again, or ask for fewer runs")
                return
            await body
        except TooLarge:
            if not begun:
                await _plain(sent, 413, f"a request holds at most {MOST_BODY:,} bytes")
        except asyncio.CancelledError:
            body.cancel()
            raise
        finally:
            self._now -= 1

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_ADDRESS:
            return 414, f"an address holds at most {LONGEST_ADDRESS:,} characters"
        headers = dict(scope.get("headers") or [])
        if scope["method"] not in READS and headers.get(b"sec-fetch-site") == b"cross-site":
            return 403, "asked from another site's page"
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > MOST_BODY:
            return 413, f"a request holds at most {MOST_BODY:,} bytes"
        if self._now >= self.at_once:
            return 503, "too many ask at once; try again in a few seconds"
        return None


class TooLarge(Exception):
    """A body grew beyond what is taken."""


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY:
            raise TooLarge
        return message

    return bounded


async def _plain(send: Send, status: int, words: str) -> None:
    """Send a refusal as a problem (RFC 9457), which people can read too."""
    import json

    body = json.dumps({"type": "about:blank", "status": status, "title": words, "detail": words}).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        *([(b"retry-after", b"5")] if status == 503 else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
