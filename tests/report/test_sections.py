"""Sections on cost, people and dependence: every number carries a path that resolves to what is printed."""

from __future__ import annotations

import pytest
from test_trace import STYLES, read

from docketflow.answers.people.due_process import due_process
from docketflow.conductor.ensemble import run
from docketflow.evidence import load
from docketflow.report import Trace, explain, render
from docketflow.report.format import show
from docketflow.report.pictures.rails import bands, leaders, tornado
from docketflow.report.view import Reading

SWING = {"input": "a", "assumed": True, "at_5th_percentile": 10.0, "at_95th_percentile": 4.0}


class Said:
    def __init__(self, said):
        self.said = said

    def to_json(self):
        return self.said


def share(value):
    return {"value": value, "low": value / 2, "high": min(1.0, 2 * value), "unit": "share"}


def worth(value):
    return {"value": value, "low": value - 1, "high": value + 1}


STUDY = {
    "scenario": "one-million-first-year",
    "runs": {"lucks": 4},
    "outcomes": [
        {
            "outcome": "removals.ice",
            "outcomes": ["removals.ice"],
            "unit": "persons",
            "emulator": {"foretells_of_the_variance": 0.81, "error": 11_900.0},
            "spread": {"parameters": share(0.25), "chance": share(0.02)},
            "rests_on_assumed_numbers": share(0.4),
            "indices": [{"group": "court.judges", "first": share(0.2), "total": share(0.3)}],
            "shapley_effects": {"unit": "share", "court.judges": 1.0},
            "swings": [{**SWING, "input": "court.judges", "sources": [], "parameters": ["court.judges"],
                        "change": worth(-6.0)}],
            "sources": [{"source": "MEMORY", "title": "From memory", "relative": share(0.05)}],
        }
    ],
    "structure": [{"switch": "one bench", "weight": 0.1, "why": "so", "applies": True,
                   "changes": {"removals.ice": {**worth(900.0), "unit": "persons"}}}],
}  # fmt: skip


def test_that_what_moves_an_outcome_most_is_named_with_all_that_cannot_be_told_from_it():
    def index(group, value, low, high):
        return {"group": group, "total": {"value": value, "low": low, "high": high}}

    seats, beds = index("removal.seats.charter_per_day", 0.3, 0.25, 0.35), index("a.b", 0.2, 0.1, 0.3)
    alone = leaders({"indices": [seats, index("a.b", 0.2, 0.1, 0.24)]})
    assert alone.startswith("Seats on charter") and ";" not in alone and "told apart" not in alone
    tie = leaders({"indices": [seats, beds, beds, beds]})
    assert tie.count(";") == 2 and "and 1 more (their shares" in tie


@pytest.fixture(scope="module")
def kept():
    result = run("one-million-first-year", members=2, scale="1/5000")
    return result.keeping(money=result.cost(), hearings=due_process(result), sensitivity=Said(STUDY))


@pytest.fixture(scope="module")
def page(kept):
    return render(kept, load())


def test_that_sections_show_where_they_were_kept(page):
    for section in ('id="costs"', 'id="people"', 'id="sensitivity"', "Beside published estimates"):
        assert section in page


def test_that_every_number_of_a_section_carries_a_path_that_resolves_to_what_is_printed(page, kept):
    seen, trace = read(page), Trace(Reading(kept), load())
    assert seen.bare == []
    mine = [(p, text) for p, text in seen.traced if p.startswith(("money:", "hearings:", "sensitivity:"))]
    assert len(mine) > 150
    for path, text in mine:
        assert text in {show(trace.resolve(path), style) for style in STYLES}, path


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("money:accounts>0>steps>0>price>value", "parameter:money."),
        ("money:estimates>0>published>value", "source:"),
        ("hearings:groups>0>rows>0>value", "outcome:"),
        ("sensitivity:outcomes>0>swings>0>change>value", "parameter:court.judges/value"),
    ],
)
def test_that_a_number_leads_back_to_its_price_its_source_or_its_outcome(kept, path, leads_to):
    steps = [step["path"] for step in explain(path, kept, load())]
    assert any(step.startswith(leads_to) for step in steps[1:]), steps


def test_that_bars_of_a_tornado_lie_between_their_ends_on_one_scale():
    told = {
        "unit": "persons",
        "swings": [SWING, SWING | {"at_5th_percentile": 0.0, "at_95th_percentile": 20.0}],
    }
    narrow, wide = tornado(told)["rows"]
    assert narrow["falls"] and not wide["falls"]
    assert wide["from"] < narrow["to"] < narrow["from"] < wide["to"]
    assert narrow["left"] == narrow["to"]
    assert wide["wide"] == pytest.approx(20 / 6 * narrow["wide"], rel=0.01)


def test_that_bands_share_one_scale_from_zero():
    one, two = bands([{"value": 5.0, "low": 4.0, "high": 6.0}, {"value": 10.0, "low": 8.0, "high": 12.0}])
    assert two["wide"] == pytest.approx(2 * one["wide"], abs=0.02)
    assert two["low"] + two["reach"] < 100
