"""An agency's own rows over the published ones: marked, checked alike, another run, and gone when it ends."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

import docketflow as dk
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.cli.main import main
from docketflow.conductor import ensemble
from docketflow.conductor.provenance import made_by, made_of, settings_of
from docketflow.core import cache, places
from docketflow.core.errors import EvidenceError, UsageError
from docketflow.core.given import PRIVATE_EVIDENCE
from docketflow.evidence import load
from docketflow.evidence.otherwise.overlay import SMALLEST, laid, laid_over, use
from docketflow.evidence.otherwise.rows import MARK
from docketflow.evidence.schema import FIGURE_COLUMNS
from docketflow.policy import load_scenario
from results.made import made

SOURCES = "id,title,publisher,published,url,note\nOWN,Our roster,Our office,2025-01-15,,\n"
PATH, PUBLISHED = next(
    (path, figure)
    for path, parameter in sorted(load().parameters.items())
    if parameter.how == "direct"
    and not parameter.by
    and (parameter.shape is None or parameter.shape.relative)
    for figure in map(load().rows.get, parameter.evidence)
    if figure is not None and figure.unit == parameter.unit and figure.value > SMALLEST
    if figure.subgroup == "all" and figure.value in parameter.value.values
)
"""A parameter with a value that one published figure says."""
OWN = round(PUBLISHED.value * 0.9, 3)
ROW = {
    **{name: getattr(PUBLISHED, name) for name in ("id", "metric", "unit", "period_start", "period_end")},
    **{"geography": "US", "subgroup": "all", "value": OWN, "low": "", "high": ""},
    **{"definition": "counted on our roster", "source": "OWN", "locator": "sheet 1", "confidence": "A"},
}
ENTRY = f"""
- path: {PATH}
  unit: {PUBLISHED.unit}
  value: {OWN}
  how: assumed
  note: As our budget has it.
"""


def given(place: Path, *rows: dict[str, object], entry: str = "", sources: str = SOURCES) -> Path:
    """Write a folder of private rows."""
    (place / "figures").mkdir(parents=True)
    (place / "sources.csv").write_text(sources, encoding="utf-8")
    out = io.StringIO()
    told = csv.DictWriter(out, FIGURE_COLUMNS)
    told.writeheader()
    told.writerows({**ROW, **row} for row in rows)
    (place / "figures" / "own.csv").write_text(out.getvalue(), encoding="utf-8")
    if entry:
        (place / "parameters").mkdir()
        (place / "parameters" / "own.yaml").write_text(entry, encoding="utf-8")
    return place


@pytest.fixture
def used(tmp_path, monkeypatch):
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    return use(given(tmp_path / "own", {}))


def test_that_a_private_figure_stands_in_place_of_the_published_and_its_parameter_follows(tmp_path):
    published = load()
    room = laid_over(published, given(tmp_path / "own", {}))
    assert room.rows[PUBLISHED.id].value == OWN and published.rows[PUBLISHED.id] == PUBLISHED
    moved, before = room.parameters[PATH], published.parameters[PATH]
    changed = [
        (one, other)
        for one, other in zip(before.value.values, moved.value.values, strict=True)
        if one != other
    ]
    assert changed == [(PUBLISHED.value, OWN)]
    assert moved.drawn_as == before.drawn_as  # the same luck: answers with and without pair run by run
    others = {path for path in room.parameters if room.parameters[path] != published.parameters[path]}
    assert PATH in others and all(PUBLISHED.id in room.parameters[path].evidence for path in others)


def test_that_whatever_is_private_says_so_wherever_it_shows(tmp_path):
    room = laid_over(load(), given(tmp_path / "own", {}))
    assert MARK in room.source("OWN").title and MARK in room.parameters[PATH].note.casefold()
    assert (
        room.private is not None and f"as published ({PUBLISHED.id}) becomes" in room.private.replaced[PATH]
    )
    assert load().private is None


def test_that_a_private_parameter_takes_the_place_of_the_published_and_keeps_its_luck(tmp_path):
    room = laid_over(load(), given(tmp_path / "own", entry=ENTRY))
    assert room.parameters[PATH].value.values == (OWN,)
    assert room.parameters[PATH].drawn_as == load().parameters[PATH].drawn_as
    assert room.parameters[PATH].input_for == load().parameters[PATH].input_for


def test_that_a_figure_that_moves_nothing_is_named(tmp_path):
    own = {"id": "OWN1", "metric": "our_count", "unit": "cases"}
    room = laid_over(load(), given(tmp_path / "own", own))
    assert room.private is not None and room.private.idle == ("OWN1",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"source": "EOIR_SP12"}, "names its own source"),
        ({"value": "many"}, "own.csv line 2"),
        ({"locator": ""}, "no locator"),
        ({"metric": "other"}, f"published as {PUBLISHED.metric} in {PUBLISHED.unit}"),
        ({"id": "X", "unit": "jugdes"}, "unknown unit"),
        ({"id": "X", "low": OWN + 1, "high": OWN + 2}, "outside"),
        (
            {"id": "X", "unit": "persons", "value": 7, "low": "", "high": "", "geography": "state Ohio"},
            "small",
        ),
        (
            {"id": "X", "metric": "arrests", "geography": "state Ohio", "subgroup": "citizenship=Cuba"},
            "never",
        ),
    ],
)
def test_that_a_row_that_cannot_be_is_one_line_that_names_it(tmp_path, row, said):
    with pytest.raises(EvidenceError) as refused:
        laid_over(load(), given(tmp_path / "own", row))
    line = str(refused.value)
    assert said in line and "--evidence own" in line and len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (ENTRY.replace(PATH, f"{PATH}s"), PATH),
        (ENTRY.replace(f"unit: {PUBLISHED.unit}", "unit: weeks"), f"is in {PUBLISHED.unit}"),
        (ENTRY.replace(f"value: {OWN}", "value: -3"), PATH),
        (ENTRY.replace("  how: assumed\n", "  how: direct\n"), "rests on nothing"),
        (ENTRY.replace(f"value: {OWN}", "by: [nationality]\n  value: {Mexico: 1}"), PATH),
        (ENTRY.replace("note", "nota"), "note"),
    ],
)
def test_that_a_private_parameter_is_held_to_what_the_published_one_is(tmp_path, entry, said):
    with pytest.raises(EvidenceError) as refused:
        laid_over(load(), given(tmp_path / "own", entry=entry))
    assert said in str(refused.value) and len(str(refused.value).splitlines()) == 1


def test_that_a_folder_with_anything_else_or_nothing_in_it_is_refused(tmp_path):
    place = given(tmp_path / "own", {})
    (place / "checks.yaml").write_text("[]", encoding="utf-8")
    for folder, said in ((place, "checks.yaml"), (tmp_path / "none", "no such folder")):
        with pytest.raises(EvidenceError, match=said):
            laid_over(load(), folder)
    with pytest.raises(EvidenceError, match="neither a figure nor a parameter"):
        laid_over(load(), given(tmp_path / "empty"))


def test_that_a_run_on_private_rows_is_another_run_and_says_on_what_it_rests(used, monkeypatch):
    scenario = load_scenario("fiscal-year-2024")
    with_own, made = settings_of(scenario), made_of(scenario, "p", members=1, scale="1/1", seed=1)
    evidence = made_by()["evidence"]
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    assert settings_of(scenario) == scenario.hash != with_own
    assert made_by()["evidence"] != evidence
    plain = made_of(scenario, "p", members=1, scale="1/1", seed=1)
    assert "private" not in plain and made["private"]["hash"] == used.hash and made["hash"] != plain["hash"]


def test_that_what_a_run_on_private_rows_was_run_with_is_known_while_they_are_laid_over(used, monkeypatch):
    scenario = load_scenario("fiscal-year-2024")
    result = made(scenario.name, 1, levers=[], manifest={"settings": settings_of(scenario)})
    assert scenario_of(result) == scenario
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    with pytest.raises(UsageError, match="does not come to its hash"):
        scenario_of(result)


def test_that_python_lays_private_rows_over_one_run_and_no_further(tmp_path, monkeypatch):
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    monkeypatch.setattr(ensemble, "simulate", lambda *_, **__: laid())
    place = given(tmp_path / "own", {})
    under = dk.run("fiscal-year-2024", evidence=place)
    assert under.hash == laid_over(load(), place).private.hash and laid() is None
    assert dk.run("fiscal-year-2024") is None
    with pytest.raises(EvidenceError, match="no such folder"):
        dk.run("fiscal-year-2024", evidence=tmp_path / "none")
    assert laid() is None


def test_that_other_bytes_are_other_private_rows(tmp_path):
    one = laid_over(load(), given(tmp_path / "a", {})).private
    two = laid_over(load(), given(tmp_path / "b", {"value": OWN + 1})).private
    assert one is not None and two is not None and one.hash != two.hash


def test_that_private_rows_are_gone_when_the_command_ends(tmp_path, capsys, monkeypatch):
    place = given(tmp_path / "own", {})
    monkeypatch.setenv(PRIVATE_EVIDENCE, str(place))  # whoever sets it by hand lays nothing over
    assert main(["evidence", PATH]) == 0
    assert MARK not in capsys.readouterr().out.casefold()
    assert main(["evidence", PATH, "--evidence", str(place)]) == 0
    told = capsys.readouterr()
    assert MARK in told.out.casefold() and "1 private figure" in told.err
    assert PRIVATE_EVIDENCE not in os.environ


def test_that_private_rows_never_go_to_other_machines(tmp_path, capsys):
    place = given(tmp_path / "own", {})
    assert main(["app", "--evidence", str(place), "--cluster", "tcp://elsewhere:1"]) == 2
    assert "stay on this machine" in capsys.readouterr().err


def test_that_nothing_made_from_private_rows_is_kept_where_others_read(tmp_path, monkeypatch):
    monkeypatch.setenv(places.NAMED, str(tmp_path))
    cache.write("stock", "a", ".json", b"1")
    monkeypatch.setenv(PRIVATE_EVIDENCE, str(tmp_path / "own"))
    cache.write("stock", "b", ".json", b"1")
    assert [one.name for one in tmp_path.iterdir()] == ["stock-a.json"]
