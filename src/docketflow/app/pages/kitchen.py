"""Where the app's templates are made: one environment, with the report's own templates beside ours."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jinja2

from docketflow.app.pages import say
from docketflow.app.pages.gloss import gloss
from docketflow.app.words import _, many, root
from docketflow.report.compiled import Compiled


@functools.cache
def kitchen() -> jinja2.Environment:
    """Return the environment, made once."""
    found = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("docketflow.app.pages", "templates"),
                jinja2.PackageLoader("docketflow.report", "templates"),
            ]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=Compiled(),
    )
    tell: dict[str, Callable[..., Any]] = {"_": _, "many": many, "amount": say.amount, "change": say.change}
    found.globals.update(tell, day=say.day, root=root)
    found.filters["gloss"] = gloss
    return found


def render(template: str, **known: Any) -> str:
    """Return a template filled in."""
    return kitchen().get_template(template).render(known)
