"""What the templates may call beside the numbers: citations and chances in words."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from docketflow.report.format import Numbers, day
from docketflow.report.provenance import Trace
from docketflow.report.view import label, words


class Table:
    """The helpers of one page, which remember the sources it cites."""

    def __init__(self, trace: Trace, numbers: Numbers) -> None:
        self.trace = trace
        self.numbers = numbers
        self._cited: list[str] = []

    def globals(self) -> dict[str, Any]:
        """Return the names the templates know."""
        given = {"n": self.numbers, "label": label, "date": date, "words": words()}
        return given | {
            "chance": self.chance,
            "cite": self.cite,
            "cited": self.cited,
            "cite_whole": self.cite_whole,
        }

    def chance(self, series: str) -> Markup:
        """Return how many members reach the target, and a bound where none or all do."""
        path, chance = f"outcome:{series}", f"outcome:target.probability.{series}"
        reached = self.trace.resolve(f"{path}/reached").value
        members = self.trace.resolve("manifest:members").value
        if reached == 0:
            return Markup("none of {} (below {})").format(
                self.numbers("manifest:members"), self.numbers(f"{chance}/high")
            )
        if reached == members:
            return Markup("all {} (above {})").format(
                self.numbers("manifest:members"), self.numbers(f"{chance}/low")
            )
        return Markup("{} ({} of {})").format(
            self.numbers(f"{chance}/median"),
            self.numbers(f"{path}/reached"),
            self.numbers("manifest:members"),
        )

    def cite(self, source: str) -> Markup:
        """Return a source's title as a link to it."""
        if source not in self._cited:
            self._cited.append(source)
        url = self.trace.room.sources[source].url
        title = self.numbers(f"source:{source}/title")
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, title) if url else title

    def cite_whole(self, source: str) -> Markup:
        """Return a source with publisher, date and address."""
        known = self.trace.room.sources[source]
        named = [field for field in ("publisher", "title", "published") if getattr(known, field)]
        parts = [self.numbers(f"source:{source}/{field}") for field in named]
        url = known.url
        address = Markup(' <a href="{}" rel="noreferrer" class="url">{}</a>').format(
            url, self.numbers(f"source:{source}/url")
        )
        return Markup(". ").join(parts) + Markup(".") + (address if url else "")

    def cited(self) -> list[str]:
        """Return the sources cited so far, in the order of the page."""
        return list(self._cited)


def date(value: Any) -> Markup:
    """Return a date as a time element."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day(value))
