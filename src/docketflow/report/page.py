"""Write the page: one HTML file with its style, pictures and tables inside, that needs no network."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from docketflow.core import files
from docketflow.core.grounds import Grounds
from docketflow.core.labels import label
from docketflow.core.scale import read_scale
from docketflow.evidence.comparison import comparisons
from docketflow.evidence.past_claims import past_totals
from docketflow.evidence.records import records
from docketflow.evidence.room import Room
from docketflow.policy.described import described, too_small
from docketflow.report import sections
from docketflow.report.baseline import Beside
from docketflow.report.compiled import Compiled
from docketflow.report.format import Numbers
from docketflow.report.past import claims
from docketflow.report.past import records as past_records
from docketflow.report.pictures import as_file, rails, stairs, waterfall
from docketflow.report.provenance import Trace
from docketflow.report.template_helpers import Table, Told
from docketflow.report.view import Reading
from docketflow.results import Result
from docketflow.results.result import about

TEMPLATES = "templates"
SECTIONS = (
    "private.html",
    "without.html",
    "answer.html",
    "beside_section.html",
    "mechanisms_section.html",
    "people_levels_section.html",
    "described.html",
    "binding_section.html",
    "feasible_section.html",
    "claims.html",
    "removals.html",
    "stocks.html",
    "flow.html",
    "resources.html",
    "costs.html",
    "people_section.html",
    "why_section.html",
    "sensitivity_section.html",
    "levers.html",
    "method.html",
    "record_section.html",
    "limits.html",
    "origins.html",
)
"""The page from top to bottom, a template a section; one whose answer was not asked for shows nothing."""
HALVES = SECTIONS[: SECTIONS.index("resources.html")], SECTIONS[SECTIONS.index("resources.html") : -1]
"""About as long to make, each; the last section says where all numbers above come from."""
Half = tuple[str, Told]
Aside = Callable[[Callable[[], Half]], AbstractContextManager[Callable[[], Half]]]


def write_report(result: Result, room: Room, path: Path, grounds: Grounds | None = None) -> Path:
    """Write the report of one result as a single HTML file, dated today.

    Parameters
    ----------
    result : Result
    room : evidence Room
        Gives the figures and sources that the page cites.
    path : Path
        Where the file goes; it is there whole or not at all.
    grounds
        What the numbers of a run rest on, for the section on where each comes from.

    Returns
    -------
    Path
    """
    return files.write(path, render(result, room, grounds, made=dt.date.today()))


def render(
    result: Result,
    room: Room,
    grounds: Grounds | None = None,
    *,
    made: dt.date | None = None,
    aside: Aside = contextlib.nullcontext,
) -> str:
    """Return the report of one result as HTML.

    ``made`` is the day it is dated, if any; ``aside`` begins some work elsewhere, if it can, and gives what
    waits for it: half of the page.
    """
    reading = Reading(result)
    trace = Trace(reading, room, grounds)
    numbers = Numbers(trace)
    moved = [str(row["lever"]) for row in result.levers]
    known = {
        "reading": reading,
        "result": result,
        "room": room,
        "trace": trace,
        "s": sections,
        "described": described,
        "untouched": [row.row for row in described() if not row.moved_by(moved)],
        "small": [
            n for n, row in enumerate(result.levers, start=1) if too_small(row, read_scale(result.scale))
        ],
        "beside": Beside(result.asked.get("beside")),
        "made": made,
        "answers": stairs,
        "depends": rails,
        "past": claims,
        "records": past_records,
        "saved": functools.partial(_saved, about(result), made),
        **waterfall.helpers(result.asked.get("why"), alone=False),
    }
    made_of, kept = kitchen().get_template, Table(trace, numbers)

    def some(sections: Sequence[str], table: Table) -> Half:
        said = made_of("sections.html").render(table.globals() | known, sections=sections)
        return said, table.told

    with aside(lambda: some(HALVES[1], Table(trace, numbers))) as later:
        body, _ = some(HALVES[0], kept)
        more, told = later()
    kept.takes(told)
    origins, _ = some(SECTIONS[-1:], kept)
    body = Markup(body + more + origins)  # noqa: S704 (our own templates)
    return made_of("page.html").render(kept.globals() | known, body=body)


def make_ready(room: Room, start: dt.date) -> None:
    """Load now what every page of a period needs: templates, words, what the evidence says of other years."""
    for section in SECTIONS:
        kitchen().get_template(section)
    for rule in room.counting_rules:
        records(room, rule, start)
    past_totals(room=room)
    comparisons(None, start, start, room=room)
    described()
    label("")


def _saved(
    told: Mapping[str, Any], made: dt.date | None, drawn: str, title: str, note: str, within: str = ""
) -> str:
    """Return the address of a picture of the page as a file of its own."""
    foot = as_file.foot(as_file.cited(told), told, made)
    style = as_file.Style(_css(), "svg text {", "/* lists")
    return as_file.as_link(
        as_file.standalone(str(drawn), title=title, note=note, foot=foot, style=style, within=within)
    )


@functools.cache
def _css() -> str:
    """Return the page's style."""
    return resources.files("docketflow.report").joinpath(TEMPLATES, "style.css").read_text(encoding="utf-8")


@functools.cache
def kitchen() -> jinja2.Environment:
    """Return where templates are made, each compiled once."""
    kitchen = jinja2.Environment(
        loader=jinja2.PackageLoader("docketflow.report", TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=Compiled(),
    )
    kitchen.globals["head"] = lambda id, title: Markup("<h2>{}</h2>").format(
        title
    )  # of a page that stands alone
    kitchen.globals["style"] = Markup(_css())  # noqa: S704 (our own file)
    return kitchen
