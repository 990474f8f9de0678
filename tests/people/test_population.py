"""Laws of the synthetic population: totals, margins, overlaps, and what it must never say."""

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest

from docketflow.core.errors import EvidenceError
from docketflow.core.quantity import Dated
from docketflow.core.vocabulary import labels
from docketflow.evidence import Room
from docketflow.people import Population, build, reads
from docketflow.people.custody import custody_table
from docketflow.people.facts import Facts

START_2024, START_2025 = dt.date(2023, 10, 1), dt.date(2024, 10, 1)
PUBLISHED_PENDING = {START_2024: "CRT0067", START_2025: "CRT0071"}
LARGE, SMALL = 0.005, 0.03  # stated gaps: for labels of at least, and below, this many people
MANY = 10_000


def people_in(cells: pd.DataFrame, **where: str) -> int:
    chosen = pd.Series(True, cells.index)
    for trait, label in where.items():
        chosen &= cells[trait] == label
    return int(cells.loc[chosen, "count"].sum())


def margin(people: Population, name: str) -> pd.DataFrame:
    return people.margins[people.margins["margin"] == name].set_index("label")


def test_that_the_population_at_the_start_of_fiscal_2025_is_about_fourteen_and_a_half_million(built):
    assert built[START_2025].cells["count"].sum() == pytest.approx(14_500_000, rel=0.01)


def test_that_posture_totals_are_exact(people: Population):
    asked = margin(people, "posture")["asked"]
    by = people.by("posture")
    for posture in ("awaiting_filing", "proceedings", "final_order", "detained"):
        assert by[posture] == round(asked[f"{posture} / yes"])
    assert by.sum() == round(asked.sum())


def test_that_pending_cases_add_up_to_the_chosen_series(people: Population, room: Room):
    in_court = people_in(people.cells, posture="proceedings") + people_in(
        people.cells, posture="detained", order="none"
    )
    published = room.figure(PUBLISHED_PENDING[people.date]).value
    assert in_court == pytest.approx(published, abs=100)


def test_that_detained_people_by_agency_and_class_are_as_published(people: Population):
    table = margin(people, "detained by agency and class")
    assert set(table["status"]) == {"published"}
    assert (table["met"] == table["asked"]).all()


def test_that_every_margin_is_met_within_its_stated_gap(people: Population):
    table = people.margins
    allowed = table["asked"].map(lambda asked: LARGE if asked >= MANY else SMALL)
    off = table[(table["gap"].abs() > allowed) & ((table["met"] - table["asked"]).abs() > 1.5)]
    assert off.empty, off[["margin", "label", "asked", "met", "gap"]].to_string()


def test_that_every_margin_says_what_it_rests_on(people: Population, room: Room):
    assert set(people.margins["status"]) <= {"published", "derived", "assumed"}
    metrics = {row.metric for row in room.rows.values()}
    for rests in people.margins["rests_on"].unique():
        for name in rests.split(", "):
            assert name in room.rows or name in room.parameters or name in metrics, name


def test_that_the_bridge_adds_up(people: Population):
    line = people.bridge["people"].tolist()
    pending, detained_cases, at_large, ordered, filing, other, docket, off, detained, whole = line
    assert at_large == pytest.approx(pending + detained_cases, abs=2)
    assert docket == pytest.approx(at_large + ordered + filing + other, abs=2)
    assert whole == pytest.approx(docket + off + detained, abs=2)
    assert whole == people.cells["count"].sum()


def test_that_the_docket_can_be_read_off_the_cells(people: Population):
    cells = people.cells
    known = cells["posture"].isin(["awaiting_filing", "proceedings", "final_order"])
    other = (cells["posture"] == "never_encountered") & (cells["agency"] != "none")
    docket = people.bridge.loc[people.bridge["line"] == "= ICE non-detained docket", "people"].item()
    assert int(cells.loc[known | other, "count"].sum()) == pytest.approx(docket, abs=100)


def test_that_nobody_is_counted_in_two_programmes(people: Population):
    by_status = people.by("status")
    assert by_status.sum() == people.cells["count"].sum()
    for status in labels("status")[1:]:
        assert by_status[status] == pytest.approx(
            margin(people, f"nationality, {status}")["asked"].sum(), abs=30
        )


def test_that_overlaps_make_programmes_smaller_than_their_headcounts(people: Population, room: Room):
    if people.date == START_2025:
        headcount = room.figure("GBX04378").value
        assert people.by("status")["parole_cbp_one"] < headcount


def test_that_an_affirmative_claim_never_stands_beside_a_case(people: Population):
    claims = people.cells[people.cells["status"] == "asylum_affirmative"]
    assert set(claims["posture"]) == {"never_encountered"}
    assert set(claims["order"]) == {"none"}


def test_that_labels_are_those_of_the_vocabulary_and_no_place_is_finer_than_an_area(people: Population):
    traits = set(people.cells.columns) - {"count"}
    assert traits == {
        *("posture", "nationality", "area", "years", "entry", "criminal"),
        *("family", "status", "counsel", "agency", "order"),
    }
    for trait in traits:
        assert set(people.cells[trait].astype(str)) <= set(labels(trait))
    places = people.margins[people.margins["margin"].str.startswith(("area", "state"))]
    assert places["label"].str.fullmatch(r"[A-Z]{2,3}").all()


def test_that_no_margin_crosses_nationality_with_place(people: Population):
    nations, areas = set(labels("nationality")), set(labels("area"))
    for label in people.margins["label"]:
        parts = set(label.split(" / "))
        assert not (parts & nations and parts & (areas - {"none"}))


def test_that_cells_are_counts_of_people_and_moderately_many(people: Population):
    assert people.cells["count"].dtype == "int64"
    assert people.cells["count"].min() > 0
    assert len(people.cells) < 300_000
    assert not people.cells.drop(columns="count").duplicated().any()


def test_that_building_twice_gives_the_same_cells(people: Population, room: Room):
    again = build(room, people.date)
    pd.testing.assert_frame_equal(again.cells, people.cells)
    pd.testing.assert_frame_equal(again.margins, people.margins)


def test_that_what_could_not_be_met_together_is_said(people: Population):
    assert any("nationality honduras" in note for note in people.notes)
    assert any("raking ended" in note for note in people.notes)


def test_that_a_parameter_moves_the_population(room: Room, built):
    more = {"population.level": Dated.always(1.05)}
    moved = build(room, START_2025, values=more)
    base = built[START_2025]
    assert moved.cells["count"].sum() > base.cells["count"].sum()
    assert moved.by("posture")["proceedings"] == base.by("posture")["proceedings"]


def test_that_every_parameter_of_the_population_is_read(room: Room):
    named = {path for path in room.parameters if path.startswith("population.")}
    assert reads(room, START_2024) | reads(room, START_2025) == named


def test_that_building_writes_nothing(tmp_path: Path, room: Room, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    build(room, START_2024)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("day", [dt.date(2018, 9, 30), dt.date(2025, 2, 1)])
def test_that_a_date_that_no_figures_reach_is_one_clear_line(room: Room, day: dt.date):
    with pytest.raises(EvidenceError, match=rf"from 2018-10-01 to 2025-01-31, not for {day}"):
        build(room, day)


@pytest.mark.parametrize("day", [dt.date(2018, 10, 1), dt.date(2020, 6, 15), dt.date(2023, 3, 31)])
def test_that_people_can_be_built_for_any_day_and_meet_what_is_asked(room: Room, day: dt.date):
    people = build(room, day)
    assert (people.margins["gap"].abs() * people.margins["asked"]).max() < 5000
    assert people.cells["count"].min() > 0


def test_that_nobody_holds_a_status_before_its_programme_began(room: Room):
    statuses = build(room, dt.date(2022, 10, 1)).by("status")
    assert statuses["parole_cbp_one"] == 0  # from 12 January 2023
    assert statuses["parole_other"] > 0  # Ukraine and Afghanistan, not yet the four countries


def test_that_custody_between_two_counts_lies_between_them_and_is_called_derived(room: Room):
    table = custody_table(Facts(room, dt.date(2021, 4, 1)))
    assert table.status == "derived"
    counted = (
        custody_table(Facts(room, dt.date(2020, 9, 30))),
        custody_table(Facts(room, dt.date(2021, 9, 30))),
    )
    assert [one.status for one in counted] == ["published", "published"]
    convicted = [
        one.people["ice", "convicted"] / one.people["ice"].sum() for one in (counted[0], table, counted[1])
    ]
    assert convicted == sorted(convicted) or convicted == sorted(convicted, reverse=True)


def test_that_a_start_before_the_first_count_by_agency_moves_with_the_midnight_count(room: Room):
    first, earlier = (
        custody_table(Facts(room, day)).total.value for day in (dt.date(2019, 6, 1), dt.date(2018, 11, 1))
    )
    midnight = {row.period_end: row.value for row in room.rows.values()
                if row.metric == "detained_midnight_population_point"}  # fmt: skip
    assert earlier / first == pytest.approx(
        midnight[dt.date(2018, 11, 1)] / midnight[dt.date(2019, 6, 1)], rel=0.01
    )


def test_that_the_docs_page_says_what_is_built(built):
    page = (Path(__file__).parents[2] / "docs" / "population.md").read_text(encoding="utf-8")
    said = set(re.findall(r"\d{1,3}(?:,\d{3})+", page))
    for people in built.values():
        for line, count in zip(people.bridge["line"], people.bridge["people"], strict=True):
            assert f"{abs(count):,}" in said, f"{people.date}: {line} {count:,}"
