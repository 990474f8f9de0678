"""Laws of following a parameter to its page, and of looking a word up."""

import datetime as dt
import json

import pytest

from docketflow.core.errors import EvidenceError
from docketflow.evidence import explain, load, show

from .conftest import figure


def test_that_every_parameter_leads_to_a_source_or_to_the_word_assumed():
    for path, parameter in load().parameters.items():
        said = explain(path)
        assert said.how == "assumed" or said.evidence, path
        assert len(said.evidence) == len(parameter.evidence)
        for row in said.evidence:
            assert row["source"]["title"] and row["locator"], (path, row["id"])


def test_that_an_explanation_is_plain_json():
    for path in load().parameters:
        assert json.loads(json.dumps(explain(path).as_dict()))["path"] == path


def test_that_an_explanation_gives_the_value_shape_and_page(draft):
    said = explain("court.judges", room=draft.room())
    assert (said.value, said.unit, said.how, said.where) == (735, "judges", "direct", "parameters/all.yaml")
    assert said.shape == {"kind": "lognormal", "low": 700, "high": 760, "relative": False}
    (row,) = said.evidence
    assert (row["id"], row["period"], row["locator"], row["source"]["title"]) == (
        "J1",
        "FY2023",
        "table 1",
        "A report",
    )


def test_that_a_table_is_nested_by_label_and_a_dated_value_by_day(draft):
    value = {dt.date(2023, 10, 1): {"no": 0.1, "yes": 0.2}, dt.date(2024, 10, 1): {"no": 0.3, "yes": 0.4}}
    entry = {
        "path": "court.grant",
        "unit": "share",
        "by": ["counsel"],
        "dated": value,
        "how": "assumed",
        "note": "n",
    }
    draft.parameters.append(entry)
    assert explain("court.grant", room=draft.room()).value == {str(day): held for day, held in value.items()}


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("judges", ["court.judges", "J1"]), ("court.*", ["court.judges"]), ("GRANT", ["S1"]), ("s?", ["S1"])],
)
def test_that_a_pattern_finds_parameters_and_figures(draft, pattern, names):
    assert [row["name"] for row in show(pattern, room=draft.room())] == names


def test_that_a_figure_shows_its_period_value_and_place(draft):
    draft.figures.append(figure("X1", "stays", "days", 1234.5, subgroup="agency=ice"))
    (row,) = show("X1", room=draft.room())
    assert row == {
        "kind": "figure",
        "name": "X1",
        "what": "stays, agency=ice",
        "period": "FY2023",
        "value": "1,234.5",
        "unit": "days",
        "grade": "A",
        "source": "SRC, table 1",
    }


def test_that_a_word_nobody_knows_gives_the_nearest(draft):
    with pytest.raises(EvidenceError, match=r"did you mean 'court.judges'"):
        show("court.jugdes", room=draft.room())
