"""Words that a reader may not know, marked where they first stand in a text; a page explains them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from markupsafe import Markup

from docketflow.app.words import _, language, root
from docketflow.core.strict_yaml import parse_yaml

TAGS = re.compile(r"(<[^>]*>)")
OUTSIDE = ("a", "code", "pre", "svg", "button", "select")  # where a word is left alone


@functools.cache
def glossary() -> Mapping[str, Mapping[str, str]]:
    """Return every term by its short name."""
    text = resources.files("docketflow.app.words").joinpath("glossary.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = parse_yaml(text, where="glossary.yaml")
    return found


def terms() -> list[dict[str, str]]:
    """Return every term in the reader's language, in the order of its words."""
    every = [
        {"name": name, "word": _(one["word"]), "means": _(one["means"])} for name, one in glossary().items()
    ]
    return sorted(every, key=lambda one: one["word"].casefold())


@functools.cache
def _forms(spoken: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return what finds a term in a text of a language, and which term a form belongs to."""
    names = {form.casefold(): name for name, one in glossary().items() for form in _(one["find"]).split("|")}
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest))})\b", re.IGNORECASE), names


def gloss(text: str) -> Markup:
    """Return HTML in which each term, where it first stands, leads to what it means."""
    pattern, names = _forms(language())
    told: set[str] = set()
    inside: list[str] = []

    def mark(found: re.Match[str]) -> str:
        name = names[found[0].casefold()]
        if name in told:
            return found[0]
        told.add(name)
        return f'<a class="term" href="{root()}/words?term={name}" data-explain>{found[0]}</a>'

    parts = []
    for part in TAGS.split(str(text)):
        tag = re.match(r"<(/?)([a-z0-9]+)", part)
        if tag and tag[2] in OUTSIDE and not part.endswith("/>"):
            if tag[1] and inside:
                inside.pop()
            elif not tag[1]:
                inside.append(tag[2])
        parts.append(part if tag or inside or part.startswith("<") else pattern.sub(mark, part))
    return Markup("".join(parts))  # noqa: S704 (what came in was escaped already)
