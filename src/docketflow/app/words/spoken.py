"""Which language a request is answered in: the address's first part, else what the browser asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from docketflow.app.words import ENGLISH, LANGUAGES, use

Scope = MutableMapping[str, Any]
Call = Callable[..., Awaitable[Any]]
ASK = "lang"


class Spoken:
    """Wraps an app: `/es/costs` is `/costs` in Spanish; `/costs?lang=es` goes there."""

    def __init__(self, app: Call) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Call, send: Call) -> None:
        """Serve one request in its language."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        if first in LANGUAGES:
            rest = path.removeprefix(f"/{first}") or "/"
            scope = {**scope, "path": rest, "raw_path": rest.encode(), "spoken": first}
            use(first, f"/{first}")
            await self.app(scope, receive, send)
            return
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        named = dict(pairs).get(ASK, "")
        if named in LANGUAGES and scope["method"] in ("GET", "HEAD"):
            query = urlencode([(name, value) for name, value in pairs if name != ASK])
            place = f"/{named}{path}{'?' if query else ''}{query}"
            await send(
                {"type": "http.response.start", "status": 303, "headers": [(b"location", place.encode())]}
            )
            await send({"type": "http.response.body", "body": b""})
            return
        use(preferred(dict(scope.get("headers") or []).get(b"accept-language", b"").decode("latin-1")))

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), (b"vary", b"accept-language")]}
            await send(message)

        await self.app(scope, receive, sent)


def preferred(said: str) -> str:
    """Return the language that a browser asks for first, of those there are.

    >>> preferred("fr, es-MX;q=0.8, en;q=0.5"), preferred("en, es"), preferred("")
    ('es', 'en', 'en')
    """
    ranked = []
    for place, part in enumerate(said[:500].split(",")):
        name, _, weight = part.partition(";q=")
        try:
            much = float(weight) if weight else 1.0
        except ValueError:
            much = 0.0
        ranked.append((-much, place, name.strip().split("-")[0].lower()))
    return next((name for much, _, name in sorted(ranked) if name in LANGUAGES and much < 0), ENGLISH)
