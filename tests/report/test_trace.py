"""Every number of the page carries a path, and every path leads to a source or to the word assumed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from docketflow.core.errors import UsageError
from docketflow.core.grounds import Element, Grounds
from docketflow.report import Trace, render
from docketflow.report.format import show
from docketflow.report.view import Reading

STYLES = ("", "short", "signed", "exact", "points")
FREE = {"time", "style", "title", "desc", "code"}  # dates, scales and names of pictures are not results
VOID = {"meta", "link", "br", "hr", "img", "input", "wbr", "line", "path", "circle", "rect"}


class Page(HTMLParser):
    """Collects the text of each element with a path, and the numbers that stand outside of any."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.traced: list[tuple[str, str]] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        path = next((attrs["data-path"] for _, attrs in reversed(self.open) if "data-path" in attrs), None)
        if path is not None:
            self.traced.append((path, data))
        elif re.search(r"\d", data) and not any(tag in FREE or a.get("aria-hidden") for tag, a in self.open):
            self.bare.append(data.strip())


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


@pytest.fixture(scope="module", params=["result", "without_target"])
def seen(request, room):
    result = request.getfixturevalue(request.param)
    return read(render(result, room)), Trace(Reading(result), room)


def test_that_no_number_stands_on_the_page_without_a_path(seen):
    page, _ = seen
    assert page.bare == []


def test_that_every_path_resolves_to_what_is_printed(seen):
    page, trace = seen
    assert len(page.traced) > 500
    for path, text in page.traced:
        assert text in {show(trace.resolve(path), style) for style in STYLES}, path


def test_that_every_path_ends_at_a_source_or_at_the_word_assumed(seen):
    page, trace = seen
    ways = {path: trace.resolve(path) for path, _ in page.traced}
    waiting = list(ways.values())
    while waiting:
        step = waiting.pop()
        assert step.rests_on or step.ground in ("source", "assumed", "manifest", "definition"), step
        for path in step.rests_on:
            if path not in ways:
                ways[path] = trace.resolve(path)
                waiting.append(ways[path])


GROUNDS = Grounds(
    {
        "wait:hearing": Element("wait", "hearing", ("court.minutes.master",), ("effort:minutes",)),
        "effort:minutes": Element("effort", "minutes", ("court.judges",)),
    },
    {"outcome:removals.ice": ("wait:hearing",), "resource:merits_minutes/supply": ("effort:minutes",)},
)


def test_that_a_simulated_number_leads_to_what_is_declared_its_settings_and_nothing_else(result, room):
    trace = Trace(Reading(result), room, GROUNDS)
    ways = {
        path: [step.path for step in trace.follow(path)]
        for path in ("outcome:removals.ice/median", "resource:merits_minutes@2025-03/supply")
    }
    named = {path: [one for one in way if one.startswith("parameter:")] for path, way in ways.items()}
    assert list(named.values()) == [
        ["parameter:court.minutes.master", "parameter:court.judges"],
        ["parameter:court.judges"],
    ]
    for way in ways.values():  # the third setting of the result acts on the judges
        assert [one for one in way if one.startswith("lever:")] == ["lever:3/value"]
    assert trace.resolve("target:removals/value").path in {
        step.path for step in trace.follow("outcome:target.probability/median")
    }


def test_that_a_past_total_leads_to_the_pages_of_its_sources(seen):
    _, trace = seen
    id = next(iter(trace.claims))
    grounds = {step.ground for step in trace.follow(f"claim:{id}/sentence") if not step.rests_on}
    assert grounds == {"source"}


@pytest.mark.parametrize(
    "path", ["outcome:removals.ice", "outcome:removals.ice@2025-03", "cost:courts", "stock:detained"]
)
def test_that_a_path_may_say_value_as_the_tables_do_or_nothing(path, result, room):
    trace = Trace(Reading(result), room)
    assert (
        trace.resolve(path).value
        == trace.resolve(f"{path}/value").value
        == trace.resolve(f"{path}/median").value
    )


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("removals.ice", "is not a path"),
        ("outcom:removals.ice/median", "did you mean 'outcome'?"),
        ("outcome:removals.icy/median", "did you mean 'removals.ice'?"),
        ("outcome:removals.ice/mean", "did you mean 'median'?"),
        ("outcome:removals.ice@2031-01/median", "unknown month"),
        ("lever:99/value", "unknown lever"),
        ("figure:none/value", "unknown figure"),
        ("resource:detention_beds/need", "unknown field"),
        ("outcome:removals.ice@2025-03/weekly_median", "unknown field"),
    ],
)
def test_that_a_path_that_leads_nowhere_is_one_line_with_the_nearest_name(path, hint, result, room):
    with pytest.raises(UsageError) as error:
        Trace(Reading(result), room).resolve(path)
    assert hint in str(error.value)
    assert "\n" not in str(error.value)


def test_that_the_way_of_a_number_is_plain_data(result, room):
    import json

    from docketflow.report import explain

    steps = explain("outcome:removals.ice@2025-03/running_high", result, room, GROUNDS)
    assert steps[0]["value"] > 0
    assert json.loads(json.dumps(steps)) == steps
    assert "assumed" in {step["ground"] for step in steps} or "source" in {step["ground"] for step in steps}
