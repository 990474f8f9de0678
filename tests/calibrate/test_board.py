"""Laws of the scoreboard: wins and losses alike, over the same origins, and what a report tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from docketflow.calibrate.board import beside, compared, page, read, told
from docketflow.calibrate.method import method
from docketflow.calibrate.record import BOARD, record


def test_that_the_record_tells_the_lines_of_the_outcome_in_question_as_they_stand():
    told_of = record("historical", "removals.ice", "", of_this=False)
    found = compared(read(BOARD))
    assert {row["origin"] for row in found} == {
        day.isoformat() for day in {*method("origins")} - {*method("bands_only")}
    }
    rows = [row for row in beside(found) if row["outcome"].startswith("removals.")]
    lines = [line for board in told_of["boards"] for line in board["lines"]]
    assert sorted(line["ours"]["value"] for line in lines) == sorted(row["model"] for row in rows)
    assert [line["better"] for line in lines] == [
        line["ours"]["value"] < line["rival"]["value"] for line in lines
    ]
    alone = [board["better_than_the_level_alone"]["value"] for board in told_of["boards"]]
    assert alone == [line["better_than_the_level_alone"] for line in told(found).values()]
    assert told_of["fit"]["of"] == "an earlier state of the evidence"
    other = record("x", "cost.total", "", of_this=True)
    assert all(not board["lines"] for board in other["boards"])
    assert other["fit"]["of"] == "this very evidence"


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        ("removals.ice", {"removals.ice_arrest", "removals.cbp_arrest"}),
        ("book_ins", {"book_ins.ice_arrest", "book_ins.cbp_arrest"}),
        ("removals.cbp_arrest", {"removals.cbp_arrest"}),
        ("detained.average", {"detained.average"}),
        ("detained.over_180_days", set()),
        ("removals.ohss", set()),
    ],
)
def test_that_a_line_of_the_record_is_of_the_outcome_or_its_parts_and_of_no_neighbour(outcome, lines):
    told_of = record("historical", outcome, "", of_this=True)
    assert {line["of"] for board in told_of["boards"] for line in board["lines"]} == lines


def test_that_losses_stand_on_the_board_as_plain_as_wins():
    rows = [
        {
            "board": "b",
            "origin": "o",
            "outcome": "x",
            "horizon": 3,
            "forecast": name,
            "wis": wis,
            "value": 2.0,
        }
        | {"inside_50": 0.0, "inside_90": 1.0, "width_90": 1.0}
        for name, wis in (("model", 2.0), ("last-value", 1.0), ("seasonal", 3.0))
    ]
    [line] = beside(rows)
    assert line["best"] == "last-value" and not line["better"]
    elder = {"forecast": "last-value-longer", "wis": 4.0}
    for more, better in (([], None), ([rows[1] | elder], 1.0)):
        assert told([*rows, *more])["b"]["better_than_the_best_of_longer_memory"] == better
        assert beside([*rows, *more])[0]["best"] == "last-value"
    early = rows[0] | {"origin": "early", "wis": 99.0}  # no rival yet: nothing to be held against
    assert beside([early, *rows]) == beside(rows) and not beside([early])
    said = told(rows)["b"]
    assert said["better_than_last_value"] == 0 and said["better_than_seasonal"] == 1
    assert said["better_than_the_best"] == 0 and said["coverage_90"] == 1


def test_that_the_page_of_the_docs_is_the_scoreboard_that_is_kept():
    docs = Path(__file__).parents[2] / "docs"
    assert (docs / "scoreboard.md").read_text() == page(read(BOARD))
