"""What the templates may call beside the numbers: headings, definitions, citations, chances in words."""

from __future__ import annotations

import itertools
import re
from typing import Any

from markupsafe import Markup

from docketflow.core.labels import label
from docketflow.report.format import Numbers, day
from docketflow.report.provenance import Trace
from docketflow.report.view import words

NEAREST, FEW_SOURCES = 6, 2
Told = tuple[list[tuple[str, str]], dict[str, str], list[str]]
"""Headings, what was named and where it is defined, sources cited."""


class Table:
    """The helpers of one page, which remember its headings, what it names and the sources it cites."""

    def __init__(self, trace: Trace, numbers: Numbers) -> None:
        self.trace = trace
        self.numbers = numbers
        self._cited: list[str] = []
        self._named: dict[str, str] = {}
        self.headings: list[tuple[str, str]] = []

    def globals(self) -> dict[str, Any]:
        """Return the names the templates know."""
        given = {"n": self.numbers, "label": label, "date": date, "words": words(), "headings": self.headings}
        own = (self.chance, self.cite, self.cited, self.cite_whole, self.every_named, self.head, self.inputs)
        more = (self.linked, self.named, self.place_of, origin)
        return given | {one.__name__: one for one in (*own, *more)}

    @property
    def told(self) -> Told:
        """What it remembers."""
        return self.headings, self._named, self._cited

    def takes(self, told: Told) -> None:
        """Remember also what another one of the same page does, of sections further down."""
        headings, named, cited = told
        self.headings += headings
        self._named |= named
        self._cited += [source for source in cited if source not in self._cited]

    def head(self, id: str, title: str) -> Markup:
        """Return the heading of a section, which can be linked to, and remember it for the contents."""
        self.headings.append((id, title))
        return Markup('<h2><a href="#{}">{}</a></h2>').format(id, title)

    def named(self, path: str) -> Markup:
        """Return the name of what stands at ``kind:name`` as a link to its definition and sources."""
        return Markup('<a class="named" href="{}">{}</a>').format(
            self.place_of(path), self.numbers(f"{path}/label")
        )

    def place_of(self, path: str) -> str:
        """Return where what stands at ``kind:name`` is defined, and remember it."""
        return "#" + self._named.setdefault(path, "from-" + re.sub(r"[^a-z0-9]+", "-", path.lower()))

    def every_named(self) -> list[tuple[str, str]]:
        """Return what the page names: where it is defined, and its path."""
        return [(place, path) for path, place in self._named.items()]

    def inputs(self, path: str) -> list[dict[str, Any]]:
        """Return the nearest inputs of what stands at a path with their sources."""
        found = []
        for one in itertools.islice(self.trace.back.inputs(path), NEAREST):
            parameter = self.trace.room.parameter(one)
            room = self.trace.room
            cited = list(dict.fromkeys(room.figure(id).source for id in parameter.evidence))
            open_to_all = [source for source in cited if room.is_source(source)]
            told = {"assumed": parameter.how == "assumed", "weak": len(open_to_all) < len(cited)}
            found.append({"path": one, "sources": (open_to_all or cited)[:FEW_SOURCES], **told})
        return found

    def chance(self, series: str) -> Markup:
        """Return in how many runs the target is reached."""
        reached = self.trace.resolve(f"outcome:{series}/reached").value
        if reached in (0, self.trace.resolve("manifest:members").value):
            word = "all" if reached else "none"
            return Markup("{} of {}").format(word, self.numbers("manifest:members"))
        return Markup("{} of {}").format(
            self.numbers(f"outcome:{series}/reached"), self.numbers("manifest:members")
        )

    def cite(self, source: str) -> Markup:
        """Return a source's title as a link to it, and remember it for the list of sources."""
        if source not in self._cited:
            self._cited.append(source)
        return self.linked(source)

    def linked(self, source: str) -> Markup:
        """Return a source's title as a link to it."""
        url = self.trace.room.sources[source].url if self.trace.room.is_source(source) else ""
        title = self.numbers(f"source:{source}/title")
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, title) if url else title

    def cite_whole(self, source: str) -> Markup:
        """Return a source with publisher, date and address."""
        known = self.trace.room.sources[source]
        named = [field for field in ("publisher", "title", "published") if getattr(known, field)]
        parts = [self.numbers(f"source:{source}/{field}") for field in named]
        url = known.url if self.trace.room.is_source(source) else ""
        address = Markup(' <a href="{}" rel="noreferrer" class="url">{}</a>').format(
            url, self.numbers(f"source:{source}/url")
        )
        return Markup(". ").join(parts) + Markup(".") + (address if url else "")

    def cited(self) -> list[str]:
        """Return the sources cited so far, in the order of the page."""
        return list(self._cited)


def origin(path: str) -> str:
    """Return the number whose inputs are told for what a page names: of a resource, what is used of it."""
    return f"{path}/used" if path.startswith("resource:") else path


def date(value: Any) -> Markup:
    """Return a date as a time element."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day(value))
